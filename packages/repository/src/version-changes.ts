import type { FieldValue, StudyMetadata } from '@micrarium/model';

/** A value of the metadata that is another than before; without `before` it is new, without `after` it is gone. */
export interface ChangedField {
  /** Key of the value: a field, or `FIELD@DATASET`. */
  field: string;
  before?: FieldValue;
  after?: FieldValue;
}

/** A file as its digest and path tell of it. */
export interface ComparedFile {
  path: string;
  size: number;
  /** Hexadecimal; unknown while a draft's file is not verified. */
  sha256?: string | undefined;
}

/** What became of a file. `moved`: the same bytes stand under another path. */
export type ChangedFile =
  | { kind: 'added'; path: string; size: number; sha256?: string }
  | { kind: 'removed'; path: string; wasSize: number; wasSha256?: string }
  | { kind: 'moved'; path: string; from: string; size: number; sha256?: string }
  | { kind: 'changed'; path: string; size: number; sha256?: string; wasSize: number; wasSha256?: string };

/** What differs between two states of a study. */
export interface VersionChanges {
  fields: ChangedField[];
  /** Files of each kind, all of them; `same` have path and bytes in common. */
  counts: { added: number; removed: number; changed: number; moved: number; same: number };
  /** The first thousand, by path. */
  files: ChangedFile[];
  /** Do `files` hold all that changed? */
  isWhole: boolean;
}

/** Files told one by one. */
const mostFiles = 1_000;
/** Files of which it is looked whether they moved: of more only that they came and went is told. */
const mostMoved = 100_000;

/** Values that differ, by key; the same value written with its keys in another order is the same. */
export function changedFields(before: StudyMetadata, after: StudyMetadata): ChangedField[] {
  const keys = [...new Set([...Object.keys(before.values), ...Object.keys(after.values)])].sort();
  return keys.flatMap((field): ChangedField[] => {
    const [was, is] = [before.values[field], after.values[field]];
    if (sorted(was) === sorted(is)) return [];
    return [{ field, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
}

function sorted(value: unknown): string {
  return (
    JSON.stringify(value, (_key, one: unknown) =>
      typeof one === 'object' && one !== null && !Array.isArray(one)
        ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
        : one,
    ) ?? ''
  );
}

/** Order of paths as the database lists them: by code points, which UTF-16 does not follow beyond the basic plane. */
function byCodePoints(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const [a, b] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (a === b) continue;
    const isPair = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;
    if (isPair(a) !== isPair(b)) return isPair(a) ? 1 : -1;
    return a - b;
  }
  return one.length - other.length;
}

/**
 * Compares two listings, each in the order of the database, one row of each at a time.
 * @param before files of the older state
 * @param after files of the newer one
 */
export async function compareFiles(
  before: AsyncIterable<ComparedFile>,
  after: AsyncIterable<ComparedFile>,
): Promise<Omit<VersionChanges, 'fields'>> {
  const added: ComparedFile[] = [];
  const removed: ComparedFile[] = [];
  const changed: ChangedFile[] = [];
  const counts = { added: 0, removed: 0, changed: 0, moved: 0, same: 0 };
  const keep = <Row>(list: Row[], row: Row) => {
    if (list.length < mostMoved) list.push(row);
  };
  const left = before[Symbol.asyncIterator]();
  const right = after[Symbol.asyncIterator]();
  let [was, is] = [await left.next(), await right.next()];
  while (!was.done || !is.done) {
    const order = was.done ? 1 : is.done ? -1 : byCodePoints(was.value.path, is.value.path);
    if (order < 0) {
      counts.removed++;
      keep(removed, was.value as ComparedFile);
    } else if (order > 0) {
      counts.added++;
      keep(added, is.value as ComparedFile);
    } else {
      const [old, now] = [was.value as ComparedFile, is.value as ComparedFile];
      if (old.sha256 !== undefined && old.sha256 === now.sha256) counts.same++;
      else {
        counts.changed++;
        keep(changed, { kind: 'changed', ...told(now), ...formerly(old) });
      }
    }
    if (order <= 0) was = await left.next();
    if (order >= 0) is = await right.next();
  }
  const isMovable = counts.added <= mostMoved && counts.removed <= mostMoved;
  const files = [
    ...pairMoved(isMovable ? removed : [], added, counts),
    ...(isMovable ? [] : removed.map(gone)),
    ...changed,
  ];
  files.sort((one, other) => byCodePoints(one.path, other.path));
  const isWhole = files.length <= mostFiles && isMovable;
  return { counts, files: files.slice(0, mostFiles), isWhole };
}

const told = ({ path, size, sha256 }: ComparedFile) => ({ path, size, ...(sha256 === undefined ? {} : { sha256 }) });
const formerly = ({ size, sha256 }: ComparedFile) => ({
  wasSize: size,
  ...(sha256 === undefined ? {} : { wasSha256: sha256 }),
});
const gone = (file: ComparedFile): ChangedFile => ({ kind: 'removed', path: file.path, ...formerly(file) });

/** Pairs what went with what came by digest, each once; counts them anew. */
function pairMoved(
  removed: readonly ComparedFile[],
  added: readonly ComparedFile[],
  counts: VersionChanges['counts'],
): ChangedFile[] {
  const places = new Map<string, ComparedFile[]>();
  for (const file of removed)
    if (file.sha256 !== undefined) places.set(file.sha256, [...(places.get(file.sha256) ?? []), file]);
  const taken = new Set<ComparedFile>();
  const came = added.map((file): ChangedFile => {
    const from = file.sha256 === undefined ? undefined : places.get(file.sha256)?.shift();
    if (!from) return { kind: 'added', ...told(file) };
    taken.add(from);
    counts.added--;
    counts.removed--;
    counts.moved++;
    return { kind: 'moved', from: from.path, ...told(file) };
  });
  return [...came, ...removed.filter((file) => !taken.has(file)).map(gone)];
}
