import { areUnique, type Findings, isWhole } from './check-findings.ts';
import { isObject, type JsonObject, objectsOf } from './group-metadata.ts';

const alphanumeric = /^[A-Za-z0-9]+$/;

/** The objects of a list; whatever else stands in it breaks a rule. */
function entriesOf(value: unknown, field: string, found: Findings): JsonObject[] {
  const objects = objectsOf(value);
  found.must(!Array.isArray(value) || objects.length === value.length, field, 'every entry must be an object');
  return objects;
}

function names(value: unknown, field: string, found: Findings): string[] {
  const list = entriesOf(value, field, found);
  found.must(Array.isArray(value) && list.length > 0, field, 'must list at least one');
  const all = list.map((one) => one['name']);
  const good = all.every((name) => typeof name === 'string' && alphanumeric.test(name));
  found.must(good, field, 'every name must be of letters and digits only');
  found.must(areUnique(all), field, 'names must be unique');
  return all.map(String);
}

function checkAcquisitions(value: unknown, found: Findings): void {
  if (value === undefined) return;
  const list = entriesOf(value, 'plate.acquisitions', found);
  found.must(Array.isArray(value), 'plate.acquisitions', 'must be a list');
  found.must(areUnique(list.map((one) => one['id'])), 'plate.acquisitions', 'ids must be unique');
  for (const [n, one] of list.entries()) {
    const field = `plate.acquisitions[${n}]`;
    found.must(isWhole(one['id'], 0), `${field}.id`, 'must be a whole number, not negative');
    const fields = one['maximumfieldcount'];
    found.must(
      fields === undefined || isWhole(fields, 1),
      `${field}.maximumfieldcount`,
      'must be a positive whole number',
    );
    found.should(fields !== undefined, `${field}.maximumfieldcount`, 'should be given');
    const name = one['name'];
    found.must(name === undefined || typeof name === 'string', `${field}.name`, 'must be a text');
    found.should(name !== undefined, `${field}.name`, 'should be given');
    for (const key of ['starttime', 'endtime'])
      found.must(one[key] === undefined || isWhole(one[key], 0), `${field}.${key}`, 'must be whole seconds since 1970');
  }
}

/** Rules for `plate`, those a schema cannot say included: paths agree with their indices, row before column. */
export function checkPlate(value: unknown, version: '0.4' | '0.5', found: Findings): void {
  found.must(isObject(value), 'plate', 'must be an object');
  const plate = isObject(value) ? value : {};
  const rows = names(plate['rows'], 'plate.rows', found);
  const columns = names(plate['columns'], 'plate.columns', found);
  const wells = entriesOf(plate['wells'], 'plate.wells', found);
  found.must(Array.isArray(plate['wells']) && wells.length > 0, 'plate.wells', 'must list at least one well');
  found.must(areUnique(wells.map((well) => well['path'])), 'plate.wells', 'every well may be listed once');
  for (const [n, well] of wells.entries()) checkWellEntry(well, `plate.wells[${n}]`, rows, columns, version, found);
  checkAcquisitions(plate['acquisitions'], found);
  const count = plate['field_count'];
  found.must(count === undefined || isWhole(count, 1), 'plate.field_count', 'must be a positive whole number');
  const { name } = plate as { name?: unknown };
  found.must(name === undefined || typeof name === 'string', 'plate.name', 'must be a text');
  found.should(name !== undefined, 'plate.name', 'should be given');
  if (version === '0.4') checkBlockVersion(plate, 'plate', found);
}

function checkWellEntry(
  well: JsonObject,
  field: string,
  rows: readonly string[],
  columns: readonly string[],
  version: '0.4' | '0.5',
  found: Findings,
): void {
  const { path, rowIndex, columnIndex } = well;
  const parts = typeof path === 'string' ? path.split('/') : [];
  found.must(parts.length === 2, `${field}.path`, 'must be row name "/" column name');
  found.must(isWhole(rowIndex, 0), `${field}.rowIndex`, 'must be a whole number');
  found.must(isWhole(columnIndex, 0), `${field}.columnIndex`, 'must be a whole number');
  if (parts.length !== 2 || !isWhole(rowIndex, 0) || !isWhole(columnIndex, 0)) return;
  const [first, second] = parts;
  const agrees = rows[rowIndex] === first && columns[columnIndex] === second;
  const swapped = rows[rowIndex] === second && columns[columnIndex] === first;
  const conflict = `"${parts.join('/')}" does not agree with row ${rowIndex} and column ${columnIndex}`;
  // Examples of 0.4 themselves put the column first.
  if (version === '0.4' && swapped) found.note(agrees, `${field}.path`, `${conflict}: the column comes first`);
  else found.must(agrees, `${field}.path`, conflict);
}

/** Before 0.5 each block states its version. */
export function checkBlockVersion(block: JsonObject, field: string, found: Findings): void {
  const stated = block['version'];
  found.must(stated === undefined || stated === '0.4', `${field}.version`, 'must be "0.4"');
  found.should(stated !== undefined, `${field}.version`, 'should be given');
}

/** Rules for `well`. `acquisitions`: ids of the plate, where they are known. */
export function checkWell(
  value: unknown,
  version: '0.4' | '0.5',
  found: Findings,
  acquisitions?: readonly unknown[],
): void {
  found.must(isObject(value), 'well', 'must be an object');
  const well = isObject(value) ? value : {};
  const images = entriesOf(well['images'], 'well.images', found);
  found.must(Array.isArray(well['images']) && images.length > 0, 'well.images', 'must list at least one image');
  found.must(areUnique(images.map((image) => image['path'])), 'well.images', 'paths must be unique');
  for (const [n, image] of images.entries()) {
    const field = `well.images[${n}]`;
    const { path, acquisition } = image;
    found.must(typeof path === 'string' && alphanumeric.test(path), `${field}.path`, 'must be letters and digits');
    found.must(acquisition === undefined || isWhole(acquisition, 0), `${field}.acquisition`, 'must be a whole number');
    if (acquisitions && acquisitions.length > 1)
      found.must(
        acquisitions.includes(acquisition),
        `${field}.acquisition`,
        'must be one of the acquisitions of the plate',
      );
  }
  if (version === '0.4') checkBlockVersion(well, 'well', found);
}

/** Rules for `image-label`. */
export function checkImageLabel(value: unknown, version: '0.4' | '0.5', found: Findings): void {
  found.must(isObject(value), 'image-label', 'must be an object');
  const label = isObject(value) ? value : {};
  for (const key of ['colors', 'properties'] as const) {
    const list = label[key];
    if (list === undefined) continue;
    const field = `image-label.${key}`;
    const objects = entriesOf(list, field, found);
    found.must(Array.isArray(list) && list.length > 0, field, 'must not be empty; leave it out instead');
    const values = objects.map((one) => one['label-value']);
    const numeric = values.every((one) => typeof one === 'number' && (key === 'colors' || Number.isInteger(one)));
    found.must(numeric, field, 'every entry must have a label-value');
    found.must(areUnique(key === 'colors' ? values : objects), field, 'entries must be unique');
    if (key === 'properties') continue;
    for (const { rgba } of objects as { rgba?: unknown }[]) {
      const good = Array.isArray(rgba) && rgba.length === 4 && rgba.every((part) => isWhole(part, 0) && part <= 255);
      found.must(rgba === undefined || good, field, 'rgba must be four whole numbers from 0 to 255');
    }
  }
  found.should(label['colors'] !== undefined, 'image-label.colors', 'should be given');
  const source = label['source'];
  const image = isObject(source) ? source['image'] : undefined;
  found.must(image === undefined || typeof image === 'string', 'image-label.source.image', 'must be a text');
  if (version === '0.4') checkBlockVersion(label, 'image-label', found);
}
