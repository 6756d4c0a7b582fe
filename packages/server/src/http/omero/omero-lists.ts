import type { FieldValue, StudyItem, Term } from '@micrarium/model';
import { shownTitle } from '@micrarium/standards';
import type { Application } from '../app.ts';
import type { HttpContext } from '../context.ts';
import type { Services } from '../kernel.ts';
import { Problem } from '../problems.ts';
import { openVersion, openVersions } from '../ssbd/ssbd-sets.ts';
import type { FoundVersion } from '../study-access.ts';

const shared = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=60' };

/** Projects of one answer at most; `limit` and `page` ask for fewer, as OMERO.web has it. */
const mostListed = 1000;

/** A data set is `STUDY_DATASET` (`MIC-000001_d-2ktewpl6mord`), as an image is `STUDY_ITEM`. */
export const datasetId = (accession: string, id: string) => `${accession}_${id}`;

/**
 * What notebooks of SSBD and IDR walk OMERO.web by: projects (studies), their data sets, the images of these, and the key-value pairs of
 * each (`annotations/?type=map`), by the names OMERO.web gives them. Of studies that are open to everybody only.
 */
export function omeroLists(app: Application, services: () => Services): void {
  const get = (path: string, answer: (c: HttpContext, id: string) => Promise<unknown>) => {
    for (const end of ['', '/'])
      app.get(`${path}${end}`, async (c) =>
        c.json((await answer(c, c.req.param('id' as never) ?? '')) as object, 200, shared),
      );
  };
  get('/webgateway/proj/list', async (c) => page(c, await openVersions(services())).map(project));
  get('/webgateway/proj/:id/detail', async (_c, id) => project(await studyOf(services(), id)));
  get('/webgateway/proj/:id/children', async (_c, id) => {
    const version = await studyOf(services(), id);
    return version.datasets.map((one) => datasetRow(version, one));
  });
  get('/webgateway/dataset/:id/children', async (_c, id) => {
    const [version, dataset] = await datasetOf(services(), id);
    return imagesOf(version, dataset);
  });
  // The tree of OMERO.web's own client: the same lists under names of their kind.
  get('/webclient/api/projects', async (c) => ({ projects: page(c, await openVersions(services())).map(project) }));
  get('/webclient/api/datasets', async (c) => {
    const version = await studyOf(services(), c.req.query('id') ?? '');
    return { datasets: version.datasets.map((one) => datasetRow(version, one)) };
  });
  get('/webclient/api/images', async (c) => {
    const [version, dataset] = await datasetOf(services(), c.req.query('id') ?? '');
    return { images: imagesOf(version, dataset) };
  });
  get('/webclient/api/annotations', async (c) => await annotations(c, services()));
}

const datasetRow = (version: FoundVersion, { id, title }: FoundVersion['datasets'][number]) => {
  const count = imagesOf(version, id).length;
  return { id: datasetId(version.accession, id), name: title, description: '', child_count: count, childCount: count };
};

function page<Item>(c: HttpContext, all: readonly Item[]): readonly Item[] {
  const count = (name: string, usual: number) => {
    const given = c.req.query(name) ?? String(usual);
    if (!/^[1-9]\d{0,8}$/.test(given)) throw new Problem('request-invalid', `${name} is a count.`);
    return Number(given);
  };
  const limit = Math.min(mostListed, count('limit', mostListed));
  const start = (count('page', 1) - 1) * limit;
  return all.slice(start, start + limit);
}

/** A study as OMERO.web lists projects. */
export const project = (version: FoundVersion) => ({
  id: version.accession,
  name: shownTitle(version.metadata.values.title),
  description: wordsOf(version.metadata.values.description).join(' '),
  child_count: version.datasets.length,
  childCount: version.datasets.length,
});

/** The study of an id. @throws Problem `not-found` */
export async function studyOf(services: Services, id: string): Promise<FoundVersion> {
  const version = /^[A-Z]+-\d{1,12}$/.test(id) ? await openVersion(services, id) : undefined;
  if (!version) throw new Problem('not-found', 'There is no such project; ids are accessions of studies.');
  return version;
}

/** The data set of an id. @throws Problem `not-found` */
export async function datasetOf(services: Services, id: string): Promise<[version: FoundVersion, dataset: string]> {
  const [, accession = '', dataset = ''] = /^([A-Z]+-\d{1,12})_(d-[\w-]{1,60})$/.exec(id) ?? [];
  const version = await studyOf(services, accession);
  if (!version.datasets.some((one) => one.id === dataset))
    throw new Problem('not-found', 'There is no such data set; ids are STUDY_DATASET.');
  return [version, dataset];
}

/** Images of a data set, as OMERO.web lists them. */
export function imagesOf(version: FoundVersion, dataset: string) {
  const ids = version.datasets.find(({ id }) => id === dataset)?.imageItems ?? [];
  return version.items
    .filter(({ id }) => ids.includes(id))
    .flatMap((item) => item.images.map((_, at) => imageEntry(version, item, at)));
}

/** Id of an image of an item, by its place in it. */
export const imageId = ({ accession }: FoundVersion, { id }: StudyItem, at: number): string =>
  `${accession}_${id}${at > 0 ? `_${at}` : ''}`;

/** An image as OMERO.web lists it. */
export function imageEntry(version: FoundVersion, item: StudyItem, at: number) {
  const id = imageId(version, item, at);
  return {
    id,
    name: item.images[at]?.name ?? '',
    description: '',
    type: 'Image',
    date: Math.floor(Date.parse(version.publishedAt) / 1000),
    thumb_url: `/webclient/render_thumbnail/${id}/`,
  };
}

const wordsOf = (value: FieldValue | undefined): string[] =>
  value === undefined
    ? []
    : typeof value === 'string'
      ? [value]
      : (value as readonly (string | Term | object)[]).flatMap((one) =>
          typeof one === 'string' ? [one] : 'label' in one ? [one.label] : [],
        );

/** What key-value pairs are asked of, with its class in OMERO. */
const annotated = {
  project: 'ProjectI',
  dataset: 'DatasetI',
  image: 'ImageI',
  screen: 'ScreenI',
  plate: 'PlateI',
  well: 'WellI',
} as const;

/** Key-value pairs of a study or what is in it: what the form says, of a data set also what it says of itself. */
async function annotations(c: HttpContext, services: Services): Promise<object> {
  const type = c.req.query('type') ?? 'map';
  const kinds = Object.keys(annotated) as (keyof typeof annotated)[];
  const kind = kinds.find((one) => c.req.query(one) !== undefined);
  if (!kind) throw new Problem('request-invalid', 'Name a project, dataset, image, screen, plate or well.');
  const id = c.req.query(kind)!;
  const [version, datasets] =
    kind === 'dataset'
      ? await datasetOf(services, id).then(([found, one]) => [found, [one]] as const)
      : await studyOf(services, id.split('_')[0]!).then((found) => [found, datasetsOfImage(found, id)] as const);
  const { values } = version.metadata;
  const told = new Map<string, string[]>();
  for (const [key, value] of Object.entries(values)) {
    const [field = '', of] = key.split('@');
    if (of !== undefined && !datasets.includes(of)) continue;
    // What a data set says of itself stands before what holds for all.
    if (of === undefined && datasets.some((one) => values[`${field}@${one}`] !== undefined)) continue;
    const words = wordsOf(value);
    if (words.length > 0) told.set(field, [...(told.get(field) ?? []), ...words]);
  }
  const pairs = [...told].flatMap(([field, words]) => words.map((word) => [field, word]));
  const map = {
    id: `${id}-metadata`,
    ns: 'openmicroscopy.org/omero/client/mapAnnotation',
    class: 'MapAnnotationI',
    values: pairs,
    link: { parent: { id, class: annotated[kind] } },
  };
  return { annotations: type === 'map' && pairs.length > 0 ? [map] : [], experimenters: [] };
}

function datasetsOfImage({ datasets }: FoundVersion, id: string): string[] {
  // That of a well names its row and column behind the item.
  const item = id.split('_')[1]?.split('-')[0];
  return datasets.filter(({ imageItems }) => item !== undefined && imageItems.includes(item)).map((one) => one.id);
}
