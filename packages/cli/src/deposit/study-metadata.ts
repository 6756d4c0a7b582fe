import { readFile } from 'node:fs/promises';
import { type DepositDraft, type DraftChanges, metadataSchema } from '@micrarium/api';
import { formatById, type FormatId } from '@micrarium/formats';
import { keysBesideFields, metadataFieldById, metadataFields } from '@micrarium/standards';
import { UsageError } from '../terminal.ts';

type Metadata = DepositDraft['metadata'];

/**
 * Reads `--metadata`: a JSON object of values by field id, or `{ "values": …, "origins"?: … }`.
 * @throws UsageError that names the field that does not fit
 */
export async function readMetadata(file: string): Promise<Metadata> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`--metadata names the file ${file}, which cannot be read`, { cause });
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new UsageError(`${file} must hold a JSON object such as {"title":"…","description":"…"}`);
  const isWrapped = 'values' in parsed && typeof parsed.values === 'object';
  const read = metadataSchema.safeParse(isWrapped ? { origins: {}, ...parsed } : { values: parsed, origins: {} });
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new UsageError(`${file}: ${issue?.path.slice(1).join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`);
  }
  const known = metadataFields.map(({ id }) => id);
  const unknown = Object.keys(read.data.values).filter((key) => !keysBesideFields.has(key) && !metadataFieldById(key));
  if (unknown.length > 0)
    throw new UsageError(`${file}: there is no field ${unknown.join(', ')}; fields are ${known.join(', ')}`);
  return read.data;
}

/** Changes that put given values into a draft; others stay. `undefined` where all are there already. */
export function withMetadata(draft: DepositDraft, given: Metadata): DraftChanges | undefined {
  const values = { ...draft.metadata.values, ...given.values };
  const origins = { ...draft.metadata.origins };
  for (const id of Object.keys(given.values)) origins[id] = given.origins[id] ?? { kind: 'person' };
  const isSame = JSON.stringify([values, origins]) === JSON.stringify([draft.metadata.values, draft.metadata.origins]);
  return isSame ? undefined : { metadata: { values, origins } };
}

const notDataFormats: ReadonlySet<string> = new Set<FormatId>(['unknown', 'text', 'pdf']);
const siBytes = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

function sizeText(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(siBytes.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** step).toPrecision(3))} ${siBytes[step]}`;
}

/** What the files themselves say for required fields that are still empty: their formats and their size. */
export function fromFiles(draft: DepositDraft): Metadata | undefined {
  const { values } = draft.metadata;
  const isEmpty = (id: string) => values[id] === undefined || values[id].length === 0;
  const data = draft.items.filter((item) => !notDataFormats.has(item.format));
  const found: Metadata = { values: {}, origins: {} };
  if (isEmpty('dataFormats') && data[0]) {
    found.values.dataFormats = [...new Set(data.map(({ format }) => formatById(format as FormatId)?.name ?? format))];
    found.origins.dataFormats = { kind: 'file', file: data[0].path };
  }
  if (isEmpty('dataSize') && draft.files.count > 0 && draft.items[0]) {
    found.values.dataSize = sizeText(draft.files.bytes);
    found.origins.dataSize = { kind: 'file', file: draft.items[0].path };
  }
  return Object.keys(found.values).length > 0 ? found : undefined;
}

/** Changes that confirm every pair that was proposed. `undefined` where nothing waits. */
export function withPairsAccepted(draft: DepositDraft): DraftChanges | undefined {
  const isOpen = draft.proposals.length > 0 || draft.pairs.some(({ confirmed }) => !confirmed);
  if (!isOpen) return undefined;
  return { pairs: [...draft.pairs, ...draft.proposals].map((pair) => ({ ...pair, confirmed: true })) };
}
