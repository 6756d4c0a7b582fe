import { imageKey, type KeyValues, type KnownKeys, unknownKeys, wellName } from '@micrarium/formats';
import type { FeatureTableSummary, Issue, StudyItem } from '@micrarium/model';
import { formKeys, type Mapping } from './forms.ts';
import { FormNotMade, openTable } from './open-forms.ts';
import { everyRow } from './pages-of-rows.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import type { DraftItemRow, StudyStore } from './ports/study-store.ts';
import { readDescription } from './stored-form.ts';

/** A well of an OME-Zarr plate, as its folders name it: `plate.zarr/B/3/0/…`. */
const wellFolder = /(?:^|\/)([^/]+)\.zarr\/([A-Za-z]{1,2})\/(\d{1,2})\/\d/;

/**
 * What the tables of a draft may name: its files, the images, plates and wells read from them so far, and those of the objects
 * asked for that its track sets hold. Without a plate, wells and plates are not held to anything; without tracks, objects are not.
 * @param keys what the tables name
 */
export async function knownKeys(
  ports: { studies: StudyStore; derived: DerivedStore },
  draftId: string,
  keys: readonly KeyValues[],
): Promise<KnownKeys> {
  const images = new Set<string>();
  const wells = new Set<string>();
  const plates = new Set<string>();
  for await (const { path } of everyRow((page) => ports.studies.listFiles(draftId, page))) {
    for (const part of path.split('/')) images.add(imageKey(part));
    const [, plate, row, column] = wellFolder.exec(path) ?? [];
    const well = row === undefined ? undefined : wellName(`${row}${column}`);
    if (well === undefined) continue;
    wells.add(well);
    plates.add(imageKey(plate!));
  }
  const rows = await ports.studies.listItems(draftId);
  for (const { item } of rows) {
    for (const { name } of item.images) images.add(imageKey(name));
    if (item.plate) addPlate(item, wells, plates);
  }
  const wanted = new Set(keys.filter(({ keyedTo }) => keyedTo === 'object').flatMap(({ values }) => values));
  const objects = wanted.size > 0 ? await objectsThere(ports.derived, rows, wanted) : undefined;
  return {
    images,
    ...(objects ? { objects } : {}),
    ...(wells.size > 0 ? { wells } : {}),
    ...(plates.size > 0 ? { plates } : {}),
  };
}

function addPlate({ path, plate }: StudyItem, wells: Set<string>, plates: Set<string>): void {
  const { name, rows, columns } = plate!;
  plates.add(imageKey(path));
  if (name !== '') plates.add(imageKey(name));
  for (const one of plate!.wells) {
    const well = wellName(`${rows[one.row]}${columns[one.column]}`);
    if (well !== undefined) wells.add(well);
  }
}

/** Columns of a track set that tables may name its objects or tracks by. */
const namesObjects = /(?:^|[ _.])(?:ids?|label|name|number|object)$|ObjectNumber|_ID$/i;

/**
 * Those of the wanted names that an object of a track set has as its id or in a column of ids and labels. `undefined` where there are no
 * objects, or some cannot be looked through now: then nothing can be said.
 */
async function objectsThere(
  derived: DerivedStore,
  rows: readonly DraftItemRow[],
  wanted: ReadonlySet<string>,
): Promise<Set<string> | undefined> {
  const found = new Set<string>();
  const byNumber = new Map([...wanted].map((value) => [numberText(value), value]));
  let sets = 0;
  for (const { item } of rows)
    for (const { part, counts } of item.trackSets) {
      if (counts.objects === 0) continue;
      sets++;
      try {
        for (const table of ['objects', 'tracks'] as const)
          await lookThrough(derived, item, part, table, byNumber, found);
        if (byNumber.size > 0 && has(item, `tracks-${part}/source_tracks.parquet`))
          await lookThrough(derived, item, part, 'source_tracks', byNumber, found);
      } catch (error) {
        if (error instanceof FormNotMade) return undefined;
        throw error;
      }
      if (byNumber.size === 0) return found;
    }
  return sets > 0 ? found : undefined;
}

const has = ({ conversions }: StudyItem, path: string) =>
  conversions.some(({ outputs }) => outputs.some((output) => output.path === path));

async function lookThrough(
  derived: DerivedStore,
  item: StudyItem,
  part: number,
  name: 'objects' | 'tracks' | 'source_tracks',
  wanted: Map<string, string>,
  found: Set<string>,
): Promise<void> {
  const { table, source } = await openTable({ derived }, item, part, name);
  try {
    const columns = table.columns.filter(
      ({ name, type }) => type !== 'float' && type !== 'bool' && namesObjects.test(name),
    );
    for (const { name } of columns)
      for (const { start, end } of wanted.size > 0 ? table.runs : []) {
        const { values } = await table.read(name, start, end);
        for (let row = 0; row < values.length && wanted.size > 0; row++) {
          const key = String(values[row]);
          const value = wanted.get(key);
          if (value === undefined) continue;
          found.add(value);
          wanted.delete(key);
        }
      }
  } finally {
    await source.close();
  }
}

/** `007` and `7.0` name the object 7. */
const numberText = (value: string) => (/^\d{1,15}(?:\.0+)?$/.test(value) ? String(Number(value)) : value);

/** What the keys of an item's tables name, as its ingest kept it; nothing where the form was dropped. */
async function keysOf(
  derived: DerivedStore,
  { item, mapping }: { item: StudyItem; mapping?: Mapping | undefined },
): Promise<KeyValues[]> {
  const form = await readDescription<{ keys: KeyValues[] }>(derived, formKeys(item.id, mapping).tables);
  return form?.keys ?? [];
}

/**
 * Holds the tables of a draft anew to its images, plates and objects, once everything is read: a table may have been read before the tracks
 * that it names.
 */
export async function checkTableKeys(
  ports: { studies: StudyStore; derived: DerivedStore },
  draftId: string,
): Promise<void> {
  const tables: { row: DraftItemRow; keys: KeyValues[] }[] = [];
  for (const row of await ports.studies.listItems(draftId)) {
    if (!hasKeys(row.item.tables)) continue;
    tables.push({ row, keys: await keysOf(ports.derived, row) });
  }
  if (tables.length === 0) return;
  const known = await knownKeys(
    ports,
    draftId,
    tables.flatMap(({ keys }) => keys),
  );
  for (const { row, keys } of tables) {
    const { item } = row;
    const others = item.issues.filter(({ code }) => code !== 'key-unknown');
    const issues = [...others, ...unknownKeys(keys, known, item.path)];
    if (sameMessages(issues, item.issues)) continue;
    await ports.studies.updateItem(draftId, item.id, { item: { ...item, issues } });
  }
}

const hasKeys = (tables: readonly FeatureTableSummary[] | undefined) =>
  tables?.some(({ columns }) => columns.some(({ keyedTo }) => keyedTo !== undefined)) === true;

function sameMessages(a: readonly Issue[], b: readonly Issue[]): boolean {
  const texts = (issues: readonly Issue[]) => issues.map(({ code, message }) => `${code} ${message}`).toSorted();
  return JSON.stringify(texts(a)) === JSON.stringify(texts(b));
}
