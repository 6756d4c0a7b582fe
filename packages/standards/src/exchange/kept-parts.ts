import type { FieldValue } from '@micrarium/model';
import { isRecord, type Json } from '../json/json.ts';
import type { Remainder, RemainderEntry, Step } from '../json/remainder.ts';

/**
 * Key in `StudyMetadata.values` that holds, as JSON text, the parts of imported documents that the form has no field for:
 * by standard, given back when that standard is written. Published with the study, as `naming` is.
 */
export const keptKey = 'kept';

/** Longest text a value may have; what goes beyond is not kept. */
const longest = 48_000;

/** Kept parts as the text of the value, and which found no room. Parts of earlier imports of other standards stay. */
export function keptText(
  parts: Readonly<Record<string, Remainder>>,
  before?: FieldValue,
): { text?: string; left: { standard: string; entry: RemainderEntry }[] } {
  const all: Record<string, Remainder> = { ...keptOfValue(before) };
  for (const standard of Object.keys(parts)) delete all[standard];
  const left: { standard: string; entry: RemainderEntry }[] = [];
  let length = JSON.stringify(all).length;
  for (const [standard, entries] of Object.entries(parts))
    for (const entry of entries) {
      const more = JSON.stringify(entry).length + standard.length + 8;
      if (length + more > longest) left.push({ standard, entry });
      else {
        length += more;
        (all[standard] ??= []).push(entry);
      }
    }
  return Object.keys(all).length > 0 ? { text: JSON.stringify(all), left } : { left };
}

/** The kept parts of a value; none where it is not one of ours. */
export function keptOfValue(value: FieldValue | undefined): Record<string, Remainder> {
  if (typeof value !== 'string' || value === '' || value.length > longest * 2) return {};
  try {
    const read = JSON.parse(value) as Json;
    if (!isRecord(read)) return {};
    return Object.fromEntries(
      Object.entries(read).flatMap(([standard, entries]) => {
        const sound = Array.isArray(entries) ? (entries as unknown[]).filter(isEntry) : [];
        return sound.length > 0 ? [[standard, sound]] : [];
      }),
    );
  } catch {
    return {};
  }
}

/** How many parts a value keeps, and of which standards. */
export function keptCount(value: FieldValue | undefined): { parts: number; standards: string[] } {
  const kept = keptOfValue(value);
  return {
    parts: Object.values(kept).reduce((sum, entries) => sum + entries.length, 0),
    standards: Object.keys(kept),
  };
}

const isStep = (step: unknown): step is Step =>
  typeof step === 'string' ||
  (typeof step === 'number' && Number.isInteger(step) && step >= 0 && step < 100_000) ||
  (isRecord(step) && typeof step.member === 'string' && typeof step.is === 'string');

/** The way must be one, and shorter than any document is deep. */
function isEntry(entry: unknown): entry is RemainderEntry {
  return (
    isRecord(entry) && Array.isArray(entry.path) && entry.path.length < 64 && (entry.path as unknown[]).every(isStep)
  );
}
