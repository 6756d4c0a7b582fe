import type { Probe, Recognition } from '../recognition/descriptor.ts';
import { type TableHeader, tableHeader } from '../recognition/table-header.ts';

/** The header of a delimited text, `undefined` for anything else. Asked by many descriptors, so split once a probe. */
export function headerOf(probe: Probe): TableHeader | undefined {
  let header = headers.get(probe);
  if (header === undefined) {
    const isTable = probe.text !== undefined && !/^\s*[<{[]/.test(probe.text);
    header = (isTable ? tableHeader(probe.text!) : undefined) ?? false;
    headers.set(probe, header);
  }
  return header || undefined;
}

const headers = new WeakMap<Probe, TableHeader | false>();

/** What a recogniser answers: why, and how sure it is. */
export const headed = (reason: string, score = 1): Recognition => ({ score, reason });

/** Has the header all of these names (in lower case)? */
export const has = (header: TableHeader, ...names: string[]) => names.every((name) => header.names.includes(name));
