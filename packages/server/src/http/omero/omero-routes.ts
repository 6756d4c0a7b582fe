import { channelColors, displayWindows, type ImagePixels, PixelsUnreadable } from '@micrarium/formats';
import type { Quantity, StudyItem } from '@micrarium/model';
import { askToRebuild, FormNotMade, openStoredImage, type StoredFile } from '@micrarium/repository';
import type { Application } from '../app.ts';
import type { HttpContext } from '../context.ts';
import type { Services } from '../kernel.ts';
import { Problem } from '../problems.ts';
import { openVersion } from '../ssbd/ssbd-sets.ts';
import type { FoundVersion } from '../study-access.ts';
import { omeroJson } from './omero-json.ts';
import { datasetId, omeroLists, project } from './omero-lists.ts';
import { omeroThumbnails, sideOf, tileSide, wantedRegion } from './omero-pictures.ts';
import { omeroPlates } from './omero-plates.ts';
import { greyOf, mostSide, renderedPlane, wantedChannels } from './rendering.ts';

const shared = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=3600' };

/** Micrometers in a unit of length. */
const micrometers: Readonly<Record<string, number>> = { nanometer: 1e-3, micrometer: 1, millimeter: 1e3, meter: 1e6 };

/**
 * What notebooks of SSBD and IDR call of OMERO.web, over our published images: `webgateway/render_image`, `webclient/imgData`,
 * `webclient/render_thumbnail`, parts of planes, and the lists and plates by which they find images. What else lies there is said not to be here. An image is `STUDY_ITEM`, with `_1` behind it for the second of a file.
 */
export function omeroRoutes(app: Application, services: () => Services, publicUrl?: string): void {
  const plane = async (c: HttpContext, side: number, isPart = false) => {
    const { image: id = '', z, t } = c.req.param() as { image?: string; z?: string; t?: string };
    return await withImage(c, services(), id, async (image) => {
      const { sizes } = image.description;
      const wanted = c.req.query('c');
      const listed = wanted === undefined ? undefined : wantedChannels(wanted, sizes.c);
      if (wanted !== undefined && !listed) throw new Problem('request-invalid', 'c lists channels as 1|0:255$FF0000.');
      const channels = c.req.query('m') === 'g' ? greyOf(listed) : listed;
      // A plane where a projection was asked for would be a wrong picture without a word.
      if (!/^(normal.*)?$/.test(c.req.query('p') ?? ''))
        throw new Problem('request-invalid', 'Projections (p) are not made here; leave p out for one plane.');
      const at = { z: indexOf(z, sizes.z, Math.floor(sizes.z / 2)), t: indexOf(t, sizes.t, 0) };
      const png = await renderedPlane(image, at, {
        size: side,
        signal: c.req.raw.signal,
        ...(isPart
          ? { region: wantedRegion(image, { region: c.req.query('region'), tile: c.req.query('tile') }) }
          : {}),
        ...(channels ? { wanted: channels } : {}),
      });
      return c.body(png as Uint8Array<ArrayBuffer>, 200, { ...shared, 'content-type': 'image/png' });
    });
  };
  // Programs write the slash at the end or leave it out; OMERO.web leads from one to the other.
  const both = (...paths: string[]) =>
    ['webclient', 'webgateway'].flatMap((place) =>
      paths.flatMap((path) => [`/${place}/${path}`, `/${place}/${path}/`]),
    );
  for (const path of both('render_image/:image', 'render_image/:image/:z/:t')) app.get(path, (c) => plane(c, mostSide));
  for (const path of both('render_image_region/:image/:z/:t')) app.get(path, (c) => plane(c, mostSide, true));
  for (const path of both(
    'render_thumbnail/:image',
    'render_thumbnail/size/:side/:image',
    'render_thumbnail/:image/:side',
    'render_thumbnail/:image/:side/:height',
    'render_birds_eye_view/:image',
    'render_birds_eye_view/:image/:side',
  ))
    app.get(path, (c) => plane(c, sideOf((c.req.param() as { side?: string }).side)));
  omeroThumbnails(app, (c, id, use) => withImage(c, services(), id, use));
  omeroLists(app, services);
  omeroPlates(app, services);
  omeroJson(app, services, (c, id, use) => withImage(c, services(), id, use), publicUrl);
  pagesOfOmero(app, services);
  for (const path of ['/webclient/imgData/:image', '/webgateway/imgData/:image'])
    for (const end of ['', '/'])
      app.get(`${path}${end}`, (c) =>
        withImage(c, services(), c.req.param('image')!, async (image, home) =>
          c.json(await described(c, image, home), 200, shared),
        ),
      );
  // A program that asks for JSON is not answered by a page.
  for (const place of ['/webclient/*', '/webgateway/*', '/SSBD/api/*', '/api/v0/*'])
    app.get(place, () => {
      throw new Problem('not-found', 'This part of the interface is not here; docs/ssbd-interface.md lists what is.');
    });
}

function indexOf(text: string | undefined, count: number, usual: number): number {
  if (text === undefined) return usual;
  const index = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (index < 0 || index >= count)
    throw new Problem('request-invalid', `There is no plane ${text.slice(0, 20)} of ${count}.`);
  return index;
}

/** Where an image lies. */
interface ImageHome {
  version: FoundVersion;
  item: StudyItem;
}

/** Opens an image by its id for as long as `use` takes. @throws Problem `not-found`, `form-being-made`, `request-invalid` */
async function withImage<Result>(
  c: HttpContext,
  services: Services,
  id: string,
  use: (image: ImagePixels, home: ImageHome) => Promise<Result>,
): Promise<Result> {
  const match = /^([A-Z]+-\d{1,12})_([a-z0-9]+)(?:_(\d{1,6}))?$/.exec(id);
  const version = match ? await openVersion(services, match[1]!) : undefined;
  const item = version?.items.find((one) => one.id === match![2]);
  const index = Number(match?.[3] ?? 0);
  if (!version || !item?.images[index]) throw new Problem('not-found', 'There is no such image; ids are STUDY_ITEM.');
  const { accession, version: number } = version;
  const rows = await Promise.all(item.files.map((path) => services.studies.getVersionFile(accession, number, path)));
  const files = rows.filter((row): row is StoredFile & NonNullable<typeof row> => row !== undefined);
  try {
    const { image, close } = await openStoredImage(services, item, files, index);
    try {
      return await use(image, { version, item });
    } finally {
      await close();
    }
  } catch (fault) {
    if (fault instanceof PixelsUnreadable) throw new Problem('not-convertible', fault.message, { cause: fault });
    if (!(fault instanceof FormNotMade)) throw fault;
    await askToRebuild(services, { accession, version: number, itemId: item.id });
    throw new Problem('form-being-made', 'It is made from the originals; ask again in a moment.', {
      headers: { 'retry-after': '2' },
      cause: fault,
    });
  }
}

/** Smallest and largest value of a kind of pixels, as OMERO tells them. */
function rangeOf(type: string): [number, number] {
  const [, sign, bits] = /^(u?)int(8|16|32)$/.exec(type) ?? [];
  if (bits === undefined) return [0, 1];
  const count = 2 ** Number(bits);
  return sign === 'u' ? [0, count - 1] : [-count / 2, count / 2 - 1];
}

/**
 * Pages of OMERO.web that notebooks open a session with or link to, led to ours: `webclient/?show=image-ID`, `webclient/img_detail/ID/`.
 * SSBD has all of it below `/image/`.
 */
function pagesOfOmero(app: Application, services: () => Services): void {
  const viewerOf = async (id: string): Promise<string> => {
    const [, accession = '', item = '', index] = /^([A-Z]+-\d{1,12})_([a-z0-9]+)(?:_(\d{1,6}))?$/.exec(id) ?? [];
    const version = accession === '' ? undefined : await openVersion(services(), accession);
    if (!version?.items.some((one) => one.id === item))
      throw new Problem('not-found', 'There is no such image; ids are STUDY_ITEM.');
    return `/viewer/${accession}/${version.version}/${item}${index === undefined ? '' : `?image=${index}`}`;
  };
  for (const end of ['', '/']) {
    app.get(`/webclient${end}`, async (c) => {
      const [, kind, id] = /^(project|dataset|image)-([\w-]{1,100})$/.exec(c.req.query('show') ?? '') ?? [];
      if (kind === undefined || id === undefined) return c.redirect('/', 302);
      if (kind === 'image') return c.redirect(await viewerOf(id), 302);
      const [accession = '', dataset] = id.split('_');
      if (!/^[A-Z]+-\d{1,12}$/.test(accession)) throw new Problem('not-found', 'ids are accessions of studies.');
      return c.redirect(`/studies/${accession}${dataset ? `#${dataset}` : ''}`, 302);
    });
    app.get(`/webclient/img_detail/:image${end}`, async (c) => c.redirect(await viewerOf(c.req.param('image')), 302));
  }
  app.get('/image/:place{webgateway|webclient}/*', (c) => {
    const { pathname, search } = new URL(c.req.url);
    return c.redirect(`${pathname.slice('/image'.length)}${search}`, 307);
  });
}

/** What `imgData` tells: the fields that notebooks read. Physical sizes in micrometers, `null` where unknown. */
async function described(c: HttpContext, image: ImagePixels, { version, item }: ImageHome) {
  const { name, sizes, channels, voxelSize, samples = 1, type } = image.description;
  const [least, most] = rangeOf(type);
  // Colours of a photograph are shown as they are.
  const windows = samples >= 3 ? [] : await displayWindows(image, c.req.raw.signal);
  const colors = channelColors(Array.from({ length: sizes.c }, (_, at) => channels[at] ?? { name: '' }));
  const micrometersOf = (size: Quantity | undefined) => {
    const scale = size && micrometers[size.unit];
    return size && scale !== undefined ? size.value * scale : null;
  };
  return {
    id: c.req.param('image'),
    meta: {
      imageId: c.req.param('image'),
      imageName: name,
      imageDescription: '',
      imageAuthor: '',
      imageTimestamp: Date.parse(version.publishedAt) / 1000,
      pixelsType: type,
      ...placeOf(version, item),
    },
    size: { width: sizes.x, height: sizes.y, z: sizes.z, t: sizes.t, c: sizes.c },
    pixel_size: {
      x: micrometersOf(voxelSize?.x),
      y: micrometersOf(voxelSize?.y),
      z: micrometersOf(voxelSize?.z),
    },
    channels: Array.from({ length: sizes.c }, (_, at) => ({
      label: channels[at]?.name ?? String(at),
      color: colors[at],
      emissionWave: channels[at]?.emissionNanometers ?? null,
      active: true,
      inverted: false,
      reverseIntensity: false,
      family: 'linear',
      coefficient: 1,
      window: windows[at] ?? { min: least, max: most, start: least, end: most },
    })),
    split_channel: splitOf(sizes),
    rdefs: { model: 'color', invertAxis: false, defaultZ: Math.floor(sizes.z / 2), defaultT: 0, projection: 'normal' },
    pixel_range: [least, most],
    init_zoom: 0,
    nominalMagnification: null,
    interpolate: true,
    perms: { canAnnotate: false, canEdit: false, canDelete: false, canLink: false },
    tiles: Math.max(sizes.x, sizes.y) > mostSide,
    tile_size: { width: tileSide, height: tileSide },
    levels: image.levels.length,
  };
}

/** Study and data set of an image, as OMERO names them. */
function placeOf(version: FoundVersion, { id }: StudyItem) {
  const of = project(version);
  const home = version.datasets.find(
    ({ imageItems, quantitativeItems }) => imageItems.includes(id) || quantitativeItems.includes(id),
  );
  return {
    projectId: of.id,
    projectName: of.name,
    projectDescription: of.description,
    datasetId: home ? datasetId(version.accession, home.id) : null,
    datasetName: home?.title ?? '',
    datasetDescription: '',
  };
}

/** How a picture of all channels beside each other would be laid out: a square of them, with the merged one where it is in colour. */
function splitOf({ x, y, c }: ImagePixels['description']['sizes']) {
  const border = 2;
  const grid = (pictures: number) => {
    const gridx = Math.ceil(Math.sqrt(pictures));
    const gridy = Math.ceil(pictures / gridx);
    const side = (length: number, count: number) => count * (length + border) + border;
    return { width: side(x, gridx), height: side(y, gridy), border, gridx, gridy };
  };
  return { g: grid(c), c: grid(c + 1) };
}
