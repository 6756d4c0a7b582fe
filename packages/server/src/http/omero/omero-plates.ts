import type { PlateLayout, StudyItem } from '@micrarium/model';
import type { Application } from '../app.ts';
import type { HttpContext } from '../context.ts';
import type { Services } from '../kernel.ts';
import { Problem } from '../problems.ts';
import type { FoundVersion } from '../study-access.ts';
import { openVersions } from '../ssbd/ssbd-sets.ts';
import { imageEntry, imageId, project, studyOf } from './omero-lists.ts';

/** A plate of a published study: an item whose images stand in wells. */
export interface Plate {
  version: FoundVersion;
  item: StudyItem;
  layout: PlateLayout;
}

/** A well of a plate, with its fields. */
export type Well = PlateLayout['wells'][number];

/** A plate is `STUDY_ITEM`, as its first image is. */
export const plateId = ({ version, item }: Plate): string => `${version.accession}_${item.id}`;

/** A well is `STUDY_ITEM-ROW-COLUMN`, both counted from 0. */
export const wellId = (plate: Plate, { row, column }: Well): string => `${plateId(plate)}-${row}-${column}`;

/** Name of a plate; that of its file where it has none. */
export const plateName = ({ item, layout }: Plate): string => layout.name || (item.path.split('/').at(-1) ?? '');

/** The plates of a study. */
export const platesOf = (version: FoundVersion): Plate[] =>
  version.items.flatMap((item) => (item.plate ? [{ version, item, layout: item.plate }] : []));

/** A study with plates, as OMERO has screens. @throws Problem `not-found` */
export async function screenOf(services: Services, id: string): Promise<FoundVersion> {
  const version = await studyOf(services, id);
  if (platesOf(version).length === 0) throw new Problem('not-found', 'This study holds no plates.');
  return version;
}

/** The plate of an id. @throws Problem `not-found` */
export async function plateOf(services: Services, id: string): Promise<Plate> {
  const [, accession = '', item = ''] = /^([A-Z]+-\d{1,12})_([a-z0-9]{1,60})$/.exec(id) ?? [];
  const plate = platesOf(await studyOf(services, accession)).find((one) => one.item.id === item);
  if (!plate) throw new Problem('not-found', 'There is no such plate; ids are STUDY_ITEM.');
  return plate;
}

/** The well of an id, and its plate. @throws Problem `not-found` */
export async function wellOf(services: Services, id: string): Promise<[plate: Plate, well: Well]> {
  const [, of = '', row, column] = /^([\w-]+?)-(\d{1,4})-(\d{1,4})$/.exec(id) ?? [];
  const plate = await plateOf(services, of);
  const well = plate.layout.wells.find((one) => one.row === Number(row) && one.column === Number(column));
  if (!well) throw new Problem('not-found', 'There is no such well with images; ids are STUDY_ITEM-ROW-COLUMN.');
  return [plate, well];
}

/** The images of a well, as OMERO.web lists them. */
export const imagesOfWell = ({ version, item }: Plate, { fields }: Well): object[] =>
  fields.map(({ image }) => imageEntry(version, item, image));

/** Most fields of a well of the plate. */
const mostFields = ({ wells }: PlateLayout): number =>
  wells.reduce((most, { fields }) => Math.max(most, fields.length), 0);

/** What `webgateway/plate/PLATE/FIELD/` tells: one field of each well in the grid of the plate, `null` where there is no image. @throws Problem `request-invalid` */
export function plateGrid(plate: Plate, field: string): object {
  const { version, item, layout } = plate;
  const [at, most] = [/^\d{1,6}$/.test(field) ? Number(field) : Number.NaN, mostFields(layout)];
  if (!(at < most))
    throw new Problem(
      'request-invalid',
      `There is no field ${field.slice(0, 20)}; wells have ${most}, counted from 0.`,
    );
  const grid = layout.rows.map(() => layout.columns.map((): object | null => null));
  for (const well of layout.wells) {
    const image = well.fields[at]?.image;
    if (image === undefined) continue;
    grid[well.row]![well.column] = { ...imageEntry(version, item, image), wellId: wellId(plate, well), field: at };
  }
  const sizes = item.images[layout.wells[0]?.fields[0]?.image ?? 0]?.sizes;
  return {
    grid,
    collabels: layout.columns,
    rowlabels: layout.rows,
    image_sizes: sizes ? [{ x: sizes.x, y: sizes.y }] : [],
  };
}

/** What names the kinds of OMERO's JSON. */
export const schema = 'http://www.openmicroscopy.org/Schemas/OME/2016-06';

/** Makes an address of the JSON interface whole, of its path below `m/`. */
export type Address = (path: string) => string;

/** A study with plates, in OMERO's JSON. @param named its id, name and description as of a project */
export const screenRow = (address: Address, version: FoundVersion, named: { name: string; description: string }) => ({
  '@id': version.accession,
  '@type': `${schema}#Screen`,
  Name: named.name,
  Description: named.description,
  'omero:childCount': platesOf(version).length,
  'url:screen': address(`screens/${version.accession}/`),
  'url:plates': address(`screens/${version.accession}/plates/`),
});

/** A plate in OMERO's JSON. */
export function plateRow(address: Address, plate: Plate): object {
  const { layout, version } = plate;
  const [id, fields] = [plateId(plate), mostFields(layout)];
  const convention = (names: readonly string[]) => (names.every((name) => /^\d+$/.test(name)) ? 'number' : 'letter');
  return {
    '@id': id,
    '@type': `${schema}#Plate`,
    Name: plateName(plate),
    Rows: layout.rows.length,
    Columns: layout.columns.length,
    RowNamingConvention: convention(layout.rows),
    ColumnNamingConvention: convention(layout.columns),
    'omero:wellsampleIndex': [0, Math.max(0, fields - 1)],
    'url:plate': address(`plates/${id}/`),
    'url:wells': address(`plates/${id}/wells/`),
    'url:screens': address(`screens/${version.accession}/`),
    'url:wellsampleindex_wells': Array.from({ length: fields }, (_, at) =>
      address(`plates/${id}/wellsampleindex/${at}/wells/`),
    ),
  };
}

/** A well in OMERO's JSON, with its fields, or with one of them. */
export function wellRow(address: Address, plate: Plate, well: Well, field?: number): object {
  const { version, item } = plate;
  const id = wellId(plate, well);
  const samples = well.fields.map(({ image }, at) => ({
    '@id': `${id}-${at}`,
    '@type': `${schema}#WellSample`,
    Image: {
      '@id': imageId(version, item, image),
      '@type': `${schema}#Image`,
      Name: item.images[image]?.name ?? '',
      'url:image': address(`images/${imageId(version, item, image)}/`),
    },
  }));
  return {
    '@id': id,
    '@type': `${schema}#Well`,
    Row: well.row,
    Column: well.column,
    WellSamples: field === undefined ? samples : samples.slice(field, field + 1),
    'url:well': address(`wells/${id}/`),
    'url:plates': address(`plates/${plateId(plate)}/`),
  };
}

const shared = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=60' };

/** Plates by the names OMERO.web gives them: the tree of its client (`webclient/api/screens`, `plates`), the grid of a plate, and the images of a well. */
export function omeroPlates(app: Application, services: () => Services): void {
  const get = (path: string, answer: (c: HttpContext) => Promise<object>) => {
    for (const end of ['', '/']) app.get(`${path}${end}`, async (c) => c.json(await answer(c), 200, shared));
  };
  const param = (c: HttpContext, name: 'id' | 'field') => (c.req.param() as Partial<Record<string, string>>)[name];
  get('/webclient/api/screens', async () => ({
    screens: (await openVersions(services())).flatMap((version) => {
      const count = platesOf(version).length;
      return count === 0 ? [] : [{ ...project(version), child_count: count, childCount: count }];
    }),
  }));
  get('/webclient/api/plates', async (c) => ({
    plates: platesOf(await screenOf(services(), c.req.query('id') ?? '')).map((plate) => ({
      id: plateId(plate),
      name: plateName(plate),
      // Children of a plate are its acquisitions, which have no place of their own here.
      child_count: 0,
      childCount: 0,
    })),
  }));
  for (const path of ['/webgateway/plate/:id', '/webgateway/plate/:id/:field'])
    get(path, async (c) => plateGrid(await plateOf(services(), param(c, 'id') ?? ''), param(c, 'field') ?? '0'));
  get('/webgateway/well/:id/children', async (c) => imagesOfWell(...(await wellOf(services(), param(c, 'id') ?? ''))));
}
