import { channelColors, type ImagePixels } from '@micrarium/formats';
import type { Quantity } from '@micrarium/model';
import type { Application } from '../app.ts';
import type { HttpContext } from '../context.ts';
import type { Services } from '../kernel.ts';
import { Problem } from '../problems.ts';
import { originOf } from '../route.ts';
import { openVersions } from '../ssbd/ssbd-sets.ts';
import type { FoundVersion } from '../study-access.ts';
import { datasetId, datasetOf, imagesOf, project, studyOf } from './omero-lists.ts';
import type { WithImage } from './omero-pictures.ts';
import {
  type Address,
  plateOf,
  plateRow,
  platesOf,
  schema,
  screenOf,
  screenRow,
  wellOf,
  wellRow,
} from './omero-plates.ts';

const shared = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=60' };

/** Where the JSON interface of OMERO lies. */
const base = '/api/v0';

/** Rows of one answer unless asked otherwise, and at most, as OMERO has it. */
const usualLimit = 200;
const mostLimit = 500;

/**
 * The JSON interface of OMERO (`api/v0/m/…`), as far as notebooks walk it without signing in: projects (studies), their data sets, the
 * images of these, one image with its pixels and channels, and screens (studies with plates), plates and wells. Read only; what else lies there is said not to be here.
 */
export function omeroJson(
  app: Application,
  services: () => Services,
  withImage: WithImage,
  publicUrl: string | undefined,
): void {
  const get = (path: string, answer: (c: HttpContext) => Promise<object | Response>) => {
    for (const end of ['', '/'])
      app.get(`${path}${end}`, async (c) => {
        const found = await answer(c);
        return found instanceof Response ? found : c.json(found, 200, shared);
      });
  };
  const here = (c: HttpContext, path: string) => `${originOf(c, publicUrl)}${path}`;
  const at =
    (c: HttpContext): Address =>
    (path) =>
      here(c, `${base}/m/${path}`);
  const id = (c: HttpContext) => c.req.param('id' as never) ?? '';
  get('/api', async (c) => ({ data: [{ version: '0', 'url:base': here(c, `${base}/`) }] }));
  get(base, async (c) =>
    Object.fromEntries(
      ['projects', 'datasets', 'images', 'screens', 'plates', 'wells'].map((of) => [`url:${of}`, at(c)(`${of}/`)]),
    ),
  );
  get(`${base}/m/projects`, async (c) => listed(c, await openVersions(services()), (one) => projectOf(at(c), one)));
  get(`${base}/m/projects/:id`, async (c) => ({ data: projectOf(at(c), await studyOf(services(), id(c))) }));
  const datasets = (c: HttpContext, version: FoundVersion) =>
    listed(c, version.datasets, (one) => dataset(at(c), version, one));
  get(`${base}/m/projects/:id/datasets`, async (c) => datasets(c, await studyOf(services(), id(c))));
  get(`${base}/m/datasets`, async (c) => {
    const of = c.req.query('project');
    if (of !== undefined) return datasets(c, await studyOf(services(), of));
    const all = (await openVersions(services())).flatMap((version) =>
      version.datasets.map((one) => ({ version, one })),
    );
    return listed(c, all, ({ version, one }) => dataset(at(c), version, one));
  });
  get(`${base}/m/datasets/:id`, async (c) => {
    const [version, of] = await datasetOf(services(), id(c));
    return { data: dataset(at(c), version, version.datasets.find((one) => one.id === of)!) };
  });
  const images = async (c: HttpContext, of: string) => {
    const [version, name] = await datasetOf(services(), of);
    return listed(c, imagesOf(version, name), (one) => imageRow(at(c), one));
  };
  get(`${base}/m/datasets/:id/images`, async (c) => await images(c, id(c)));
  get(`${base}/m/images`, async (c) => {
    const of = c.req.query('dataset');
    if (of !== undefined) return await images(c, of);
    const all = (await openVersions(services())).flatMap((version) =>
      version.datasets.flatMap((one) => imagesOf(version, one.id)),
    );
    return listed(c, all, (one) => imageRow(at(c), one));
  });
  // The way up again, from an image to its data set and study.
  get(`${base}/m/images/:id/datasets`, async (c) => {
    const [, accession = '', item] = /^([A-Z]+-\d{1,12})_([a-z0-9]+)(?:_\d{1,6})?$/.exec(id(c)) ?? [];
    const version = await studyOf(services(), accession);
    const homes = version.datasets.filter((one) => imagesOf(version, one.id).some((image) => image.id === id(c)));
    if (homes.length === 0 && !version.items.some((one) => one.id === item))
      throw new Problem('not-found', 'There is no such image; ids are STUDY_ITEM.');
    return listed(c, homes, (one) => dataset(at(c), version, one));
  });
  get(`${base}/m/datasets/:id/projects`, async (c) => {
    const [version] = await datasetOf(services(), id(c));
    return listed(c, [version], (one) => projectOf(at(c), one));
  });
  get(`${base}/m/images/:id`, async (c) =>
    withImage(c, id(c), async (image) =>
      c.json(
        { data: { ...imageRow(at(c), { id: id(c), name: image.description.name }), Pixels: pixels(image) } },
        200,
        shared,
      ),
    ),
  );
  screens(get, at, id, services);
  get(`${base}/m/rois`, async (c) => listed(c, [], (one: never) => one));
}

type Get = (path: string, answer: (c: HttpContext) => Promise<object | Response>) => void;

/** Studies with plates as screens, their plates, and the wells of these. */
function screens(get: Get, at: (c: HttpContext) => Address, id: (c: HttpContext) => string, services: () => Services) {
  const screen = (c: HttpContext, version: FoundVersion) => screenRow(at(c), version, project(version));
  const open = async () => (await openVersions(services())).filter((version) => platesOf(version).length > 0);
  get(`${base}/m/screens`, async (c) => listed(c, await open(), (one) => screen(c, one)));
  get(`${base}/m/screens/:id`, async (c) => ({ data: screen(c, await screenOf(services(), id(c))) }));
  const plates = async (c: HttpContext, of: string | undefined) => {
    const versions = of === undefined ? await open() : [await screenOf(services(), of)];
    return listed(c, versions.flatMap(platesOf), (one) => plateRow(at(c), one));
  };
  get(`${base}/m/screens/:id/plates`, async (c) => await plates(c, id(c)));
  get(`${base}/m/plates`, async (c) => await plates(c, c.req.query('screen')));
  get(`${base}/m/plates/:id`, async (c) => ({ data: plateRow(at(c), await plateOf(services(), id(c))) }));
  const wells = async (c: HttpContext, of: string, field?: number) => {
    const plate = await plateOf(services(), of);
    const found = field === undefined ? plate.layout.wells : plate.layout.wells.filter(({ fields }) => fields[field]);
    return listed(c, found, (one) => wellRow(at(c), plate, one, field));
  };
  get(`${base}/m/plates/:id/wells`, async (c) => await wells(c, id(c)));
  get(`${base}/m/plates/:id/wellsampleindex/:field/wells`, async (c) => {
    const field = c.req.param('field' as never) as string;
    if (!/^\d{1,6}$/.test(field)) throw new Problem('request-invalid', 'The index of a field counts from 0.');
    return await wells(c, id(c), Number(field));
  });
  get(`${base}/m/wells`, async (c) => {
    const of = c.req.query('plate');
    if (of !== undefined) return await wells(c, of);
    const all = (await open())
      .flatMap(platesOf)
      .flatMap((plate) => plate.layout.wells.map((well) => ({ plate, well })));
    return listed(c, all, ({ plate, well }) => wellRow(at(c), plate, well));
  });
  get(`${base}/m/wells/:id`, async (c) => ({ data: wellRow(at(c), ...(await wellOf(services(), id(c)))) }));
}

/** Rows as OMERO lists them. @throws Problem `request-invalid` */
function listed<Row>(c: HttpContext, rows: readonly Row[], of: (row: Row) => object): object {
  const count = (name: string, usual: number) => {
    const given = c.req.query(name) ?? String(usual);
    if (!/^\d{1,9}$/.test(given)) throw new Problem('request-invalid', `${name} is a count.`);
    return Number(given);
  };
  const [offset, limit] = [count('offset', 0), Math.min(mostLimit, count('limit', usualLimit))];
  const data = rows.slice(offset, offset + limit).map(of);
  return { data, meta: { offset, limit, maxLimit: mostLimit, totalCount: rows.length } };
}

function projectOf(address: Address, version: FoundVersion): object {
  const { id, name, description, child_count: childCount } = project(version);
  return {
    '@id': id,
    '@type': `${schema}#Project`,
    Name: name,
    Description: description,
    'omero:childCount': childCount,
    'url:project': address(`projects/${id}/`),
    'url:datasets': address(`projects/${id}/datasets/`),
  };
}

function dataset(address: Address, version: FoundVersion, { id, title }: FoundVersion['datasets'][number]): object {
  const whole = datasetId(version.accession, id);
  return {
    '@id': whole,
    '@type': `${schema}#Dataset`,
    Name: title,
    Description: '',
    'omero:childCount': imagesOf(version, id).length,
    'url:dataset': address(`datasets/${whole}/`),
    'url:images': address(`datasets/${whole}/images/`),
    'url:projects': address(`datasets/${whole}/projects/`),
  };
}

const imageRow = (address: Address, { id, name }: { id: string; name: string }) => ({
  '@id': id,
  '@type': `${schema}#Image`,
  Name: name,
  'url:image': address(`images/${id}/`),
});

const length = (size: Quantity | undefined) =>
  size && {
    '@type': 'TBD#LengthI',
    Value: size.value,
    Unit: size.unit.toUpperCase(),
    Symbol: symbols[size.unit] ?? size.unit,
  };

const symbols: Readonly<Record<string, string>> = { nanometer: 'nm', micrometer: 'µm', millimeter: 'mm', meter: 'm' };

/** Sizes, physical sizes and channels; colours as OMERO writes them, red first in a signed 32-bit number. */
function pixels({ description: { sizes, type, voxelSize, channels, significantBits } }: ImagePixels): object {
  const all = Array.from({ length: sizes.c }, (_, at) => channels[at] ?? { name: '' });
  const colors = channelColors(all);
  return {
    '@type': `${schema}#Pixels`,
    SizeX: sizes.x,
    SizeY: sizes.y,
    SizeZ: sizes.z,
    SizeC: sizes.c,
    SizeT: sizes.t,
    Type: { '@type': 'TBD#PixelsType', value: type },
    ...(significantBits === undefined ? {} : { SignificantBits: significantBits }),
    PhysicalSizeX: length(voxelSize?.x),
    PhysicalSizeY: length(voxelSize?.y),
    PhysicalSizeZ: length(voxelSize?.z),
    Channels: all.map(({ name, emissionNanometers }, at) => ({
      '@type': `${schema}#Channel`,
      Name: name === '' ? String(at) : name,
      Color: Number.parseInt(`${colors[at]}FF`, 16) | 0,
      ...(emissionNanometers === undefined
        ? {}
        : { EmissionWavelength: length({ value: emissionNanometers, unit: 'nanometer' }) }),
    })),
  };
}
