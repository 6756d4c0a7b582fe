import type { Hdf5Type } from '../containers/hdf5/datatype.ts';
import type { Hdf5Value } from '../containers/hdf5/values.ts';

/** Longest text of a cell and of an attribute. */
export const longestCell = 200;
export const longestAttribute = 4000;

/** A number in the fewest digits that say it: those of single precision where it was stored so. */
export function writtenFloat(value: number, bytes: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞';
  if (bytes >= 8) return String(value);
  for (let digits = bytes === 2 ? 3 : 6; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits));
    if (bytes === 4 ? Math.fround(short) === value : Math.abs(short - value) <= Math.abs(value) * 2 ** -12)
      return String(short);
  }
  return String(value);
}

/** A value of any kind as one line of text. */
export function writtenValue(value: Hdf5Value | unknown, type?: Hdf5Type): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (type?.class === 'float') return writtenFloat(value, type.size);
    if (type?.class === 'reference') return `→ @${value}`;
    return Number.isFinite(value) ? String(value) : writtenFloat(value, 8);
  }
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Uint8Array) return writtenBytes(value);
  if (value === null || value === undefined) return '';
  const base = type?.class === 'array' || type?.class === 'vlen' ? type.base : type;
  if (Array.isArray(value)) return `[${listed(value, (one) => writtenValue(one, base))}]`;
  if (typeof value === 'object') {
    const memberType = (name: string): Hdf5Type | undefined =>
      type?.class === 'compound' ? type.members.find((member) => member.name === name)?.type : undefined;
    return `{${listed(Object.entries(value), ([name, one]) => `${name}: ${writtenValue(one, memberType(name))}`)}}`;
  }
  return '';
}

/** Elements with commas, no more of them than anybody reads. */
function listed<One>(values: readonly One[], write: (one: One) => string): string {
  let text = '';
  for (const [n, value] of values.entries()) {
    if (text.length > longestAttribute) return `${text}, … (${values.length - n} more)`;
    text += `${n === 0 ? '' : ', '}${write(value)}`;
  }
  return text;
}

function writtenBytes(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > 32 ? `${shown} … (${bytes.length} bytes)` : shown;
}

/** A text that is no longer than this. Control characters become spaces, so that a cell stays a line. */
export function cut(text: string, longest: number): string {
  // oxlint-disable-next-line no-control-regex
  const line = text.replace(/[\u0000-\u001f\u007f]/g, ' ');
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
