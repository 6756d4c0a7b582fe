import { channelColors, displayWindows, type ImagePixels, PixelsUnreadable } from '@micrarium/formats';
import type { Quantity } from '@micrarium/model';
import { askToRebuild, FormNotMade, openStoredImage, type StoredFile } from '@micrarium/repository';
import type { Application } from '../app.ts';
import type { HttpContext } from '../context.ts';
import type { Services } from '../kernel.ts';
import { Problem } from '../problems.ts';
import { openVersion } from '../ssbd/ssbd-sets.ts';
import { omeroLists } from './omero-lists.ts';
import { mostSide, renderedPlane, wantedChannels } from './rendering.ts';

const shared = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=3600' };

/** Side of a small picture unless asked otherwise. */
const thumbnailSide = 96;

/** Micrometers in a unit of length. */
const micrometers: Readonly<Record<string, number>> = { nanometer: 1e-3, micrometer: 1, millimeter: 1e3, meter: 1e6 };

/**
 * What notebooks of SSBD and IDR call of OMERO.web, over our published images: `webgateway/render_image`, `webclient/imgData`,
 * `webclient/render_thumbnail`, and the lists by which they find images. What else lies there is said not to be here. An image is `STUDY_ITEM`, with `_1` behind it for the second of a file.
 */
export function omeroRoutes(app: Application, services: () => Services): void {
  const plane = async (c: HttpContext, side: number) => {
    const { image: id = '', z, t } = c.req.param() as { image?: string; z?: string; t?: string };
    return await withImage(c, services(), id, async (image) => {
      const { sizes } = image.description;
      const wanted = c.req.query('c');
      const channels = wanted === undefined ? undefined : wantedChannels(wanted, sizes.c);
      if (wanted !== undefined && !channels)
        throw new Problem('request-invalid', 'c lists channels as 1|0:255$FF0000.');
      const at = { z: indexOf(z, sizes.z, Math.floor(sizes.z / 2)), t: indexOf(t, sizes.t, 0) };
      const png = await renderedPlane(image, at, {
        size: side,
        signal: c.req.raw.signal,
        ...(channels ? { wanted: channels } : {}),
      });
      return c.body(png as Uint8Array<ArrayBuffer>, 200, { ...shared, 'content-type': 'image/png' });
    });
  };
  // Programs write the slash at the end or leave it out; OMERO.web leads from one to the other.
  for (const path of ['/webgateway/render_image/:image', '/webgateway/render_image/:image/:z/:t'])
    for (const end of ['', '/']) app.get(`${path}${end}`, (c) => plane(c, mostSide));
  for (const path of ['webclient', 'webgateway'].flatMap((place) => [
    `/${place}/render_thumbnail/:image/`,
    `/${place}/render_thumbnail/:image/:side/`,
  ]))
    app.get(path, (c) => {
      const side = Number((c.req.param() as { side?: string }).side ?? thumbnailSide);
      if (!Number.isInteger(side) || side < 1) throw new Problem('request-invalid', 'The size is a count of pixels.');
      return plane(c, Math.min(side, mostSide));
    });
  omeroLists(app, services);
  for (const path of ['/webclient/imgData/:image', '/webgateway/imgData/:image'])
    for (const end of ['', '/'])
      app.get(`${path}${end}`, (c) =>
        withImage(c, services(), c.req.param('image')!, async (image) =>
          c.json(await described(c, image), 200, shared),
        ),
      );
  // A program that asks for JSON is not answered by a page.
  for (const place of ['/webclient/*', '/webgateway/*', '/SSBD/api/*'])
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

/** Opens an image by its id for as long as `use` takes. @throws Problem `not-found`, `form-being-made`, `request-invalid` */
async function withImage(
  c: HttpContext,
  services: Services,
  id: string,
  use: (image: ImagePixels) => Promise<Response>,
): Promise<Response> {
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
      return await use(image);
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

/** What `imgData` tells: the fields that notebooks read. Physical sizes in micrometers, `null` where unknown. */
async function described(c: HttpContext, image: ImagePixels) {
  const { name, sizes, channels, voxelSize, samples = 1, type } = image.description;
  const windows = samples >= 3 ? [] : await displayWindows(image, c.req.raw.signal);
  const colors = channelColors(Array.from({ length: sizes.c }, (_, at) => channels[at] ?? { name: '' }));
  const micrometersOf = (size: Quantity | undefined) => {
    const scale = size && micrometers[size.unit];
    return size && scale !== undefined ? size.value * scale : null;
  };
  return {
    id: c.req.param('image'),
    meta: { imageName: name, pixelsType: type },
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
      window: windows[at],
    })),
    rdefs: { model: 'color', defaultZ: Math.floor(sizes.z / 2), defaultT: 0, projection: 'normal' },
    tiles: Math.max(sizes.x, sizes.y) > mostSide,
  };
}
