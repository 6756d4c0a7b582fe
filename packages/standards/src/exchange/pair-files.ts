import type { FieldValue } from '@micrarium/model';
import { isPerDataset, metadataFieldById, valueKey } from '../fields/tiers.ts';
import { type ImportedDataset, matchDatasets, type OwnDataset } from './import-metadata.ts';

/** A name of a file in a document, and the files it means. */
export interface PairedFile {
  named: string;
  /** One, or all that lie in it where it names a folder; none where nothing here has that name, or several have. */
  paths: string[];
  /** How many files have the name, where it is not clear which is meant. */
  candidates?: number;
}

/** A part of a document (a data set, a row of an assay) with its files, and the data sets of ours these lie in. */
export interface PairedPart {
  title: string;
  files: PairedFile[];
  datasets: string[];
}

/** The files that a document names, found among those that lie around it. */
export interface FilePairing {
  parts: PairedPart[];
  /** For the form, by key of the value. */
  values: Record<string, FieldValue>;
  /** Keys whose texts several parts of one data set say differently: nothing is offered for them. */
  disputed: string[];
}

const folded = (path: string) =>
  path
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('\\', '/')
    .replace(/^file:\/+/, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** Files and folders by folded path, and folded paths by their last part. */
interface Places {
  below: Map<string, string[]>;
  named: Map<string, string[]>;
}

function placesOf(paths: readonly string[]): Places {
  const below = new Map<string, string[]>();
  for (const path of paths) {
    for (let place = folded(path); place !== ''; place = folderOf(place)) {
      const there = below.get(place);
      if (there) there.push(path);
      else below.set(place, [path]);
    }
  }
  const named = new Map<string, string[]>();
  for (const place of below.keys()) {
    const same = named.get(lastPart(place));
    if (same) same.push(place);
    else named.set(lastPart(place), [place]);
  }
  return { below, named };
}

/**
 * The files a name means: the one at that place seen from the document; else the only one whose path ends so; else the
 * only one called so. Upper and lower case are the same, as on most disks such documents come from.
 */
function filesNamed(named: string, folder: string, { below, named: byName }: Places): PairedFile {
  const wanted = folded(named);
  const from = folder === '' ? wanted : `${folder}/${wanted}`;
  const found = (place: string): PairedFile => ({ named, paths: below.get(place) ?? [] });
  if (wanted === '') return { named, paths: [] };
  if (below.has(from)) return found(from);
  const called = byName.get(lastPart(wanted)) ?? [];
  const ending = called.filter((place) => place === wanted || place.endsWith(`/${wanted}`));
  const nearby = ending.filter((place) => folder === '' || place.startsWith(`${folder}/`));
  for (const some of [ending, nearby, called]) if (some.length === 1) return found(some[0]!);
  return { named, paths: [], ...(called.length > 1 ? { candidates: called.length } : {}) };
}

/**
 * Finds the files that the parts of a document name, and through them the data sets of ours they tell of. A part may
 * tell of several data sets (an assay of many films), and a data set be told of by several parts (tracks of many
 * samples): their lists are joined. Parts that name no file are matched by title.
 * @param document path of the document among the files
 * @param paths of all files
 */
export function pairFiles(
  parts: readonly ImportedDataset[],
  own: readonly OwnDataset[],
  paths: readonly string[],
  document: string,
): FilePairing {
  const places = placesOf(paths);
  const folder = folderOf(folded(document));
  const ownerOf = new Map(own.flatMap(({ id, files }) => files.map((path) => [path, id] as const)));
  const paired = parts.map(({ title, files }): PairedPart => {
    const found = [...new Set(files)].map((named) => filesNamed(named, folder, places));
    const datasets = new Set(found.flatMap((one) => one.paths.flatMap((path) => ownerOf.get(path) ?? [])));
    return { title, files: found, datasets: [...datasets] };
  });
  const taken = new Set(paired.flatMap(({ datasets }) => datasets));
  const open = parts.flatMap((part, index) => (part.files.length === 0 ? [index] : []));
  const byTitle = matchDatasets(
    open.map((index) => parts[index]!),
    own.filter(({ id }) => !taken.has(id)),
  );
  open.forEach((index, at) => {
    const id = byTitle[at];
    if (id !== undefined) paired[index]!.datasets.push(id);
  });
  return { parts: paired, ...joinedValues(parts, paired) };
}

function joinedValues(
  parts: readonly ImportedDataset[],
  paired: readonly PairedPart[],
): Pick<FilePairing, 'values' | 'disputed'> {
  const values: Record<string, FieldValue> = {};
  const disputed = new Set<string>();
  parts.forEach((part, index) => {
    for (const [field, value] of Object.entries(part.values)) {
      const known = metadataFieldById(field);
      if (!known || !isPerDataset(known)) continue;
      for (const id of paired[index]!.datasets) {
        const key = valueKey(field, id);
        const before = values[key];
        if (before === undefined) values[key] = value;
        else if (Array.isArray(before) && Array.isArray(value)) values[key] = union(before, value);
        else if (before !== value) disputed.add(key);
      }
    }
  });
  parts.forEach(({ title, isTitled }, index) => {
    const [id, ...others] = paired[index]!.datasets;
    // A title that several data sets would have says nothing of any of them.
    if (!isTitled || id === undefined || others.length > 0) return;
    const key = valueKey('datasetTitle', id);
    if (values[key] !== undefined && values[key] !== title) disputed.add(key);
    else values[key] = title;
  });
  for (const key of disputed) delete values[key];
  return { values, disputed: [...disputed] };
}

function union(a: Extract<FieldValue, readonly unknown[]>, b: Extract<FieldValue, readonly unknown[]>): FieldValue {
  const all = new Map([...a, ...b].map((one) => [JSON.stringify(one), one]));
  return [...all.values()] as FieldValue;
}
