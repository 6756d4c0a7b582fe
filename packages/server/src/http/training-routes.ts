import { ReadableStream } from 'node:stream/web';
import { routes } from '@micrarium/api';
import type { Pair } from '@micrarium/model';
import {
  askToRebuild,
  classBalance,
  cocoOfMasks,
  cocoPieces,
  croissantOf,
  exportTrainingZarr,
  FormNotMade,
  maskedImages,
  openMask,
  readStoredSet,
  trainingDatasets,
  TrainingFormsMissing,
} from '@micrarium/repository';
import { citationBibtex, citationText, citedVersion, licenceById, valueFor } from '@micrarium/standards';
import type { Application } from './app.ts';
import type { Kernel, Services } from './kernel.ts';
import { exportResponse } from './item-data-routes.ts';
import { contentPath, exportPath, pagePath } from './landing/landing-data.ts';
import { Problem } from './problems.ts';
import { mounted, originOf } from './route.ts';
import { mostSide } from './omero/rendering.ts';
import { disposition } from './send-file.ts';
import { type FoundVersion, versionFor } from './study-access.ts';

/** Id of the film of a pair in the interface of OMERO, which renders single planes. */
const imageId = ({ accession }: FoundVersion, { imageItem, image }: Pair) =>
  `${accession}_${imageItem}${image > 0 ? `_${image}` : ''}`;

/** Items whose forms are made again for one request; the others are asked for by the next. */
const mostAskedFor = 50;

const cocoWords = (version: FoundVersion, id: string, origin: string) => {
  const { values } = version.metadata;
  const licence = licenceById(String(values['licence'] ?? ''));
  const task = valueFor(values, 'trainingTask', id);
  return {
    page: `${origin}${pagePath(version)}#${id}`,
    licence: { name: licence?.spdx ?? String(values['licence'] ?? ''), url: licence?.url ?? '' },
    task: typeof task === 'string' ? task : '',
  };
};

function cocoResponse(
  { accession, version }: FoundVersion,
  id: string,
  pieces: Iterable<string> | AsyncIterable<string>,
): Response {
  const encoder = new TextEncoder();
  const bytes = async function* () {
    for await (const piece of pieces) yield encoder.encode(piece);
  };
  return new Response(ReadableStream.from(bytes()) as unknown as BodyInit, {
    headers: {
      'access-control-allow-origin': '*',
      'content-type': 'application/json',
      'content-disposition': disposition('attachment', `${accession}-v${version}-${id}.coco.json`),
    },
  });
}

/** COCO of the label images that lie beside the images of a data set; one is open at a time. */
async function cocoOfLabelImages(
  services: Services,
  version: FoundVersion,
  id: string,
  masked: ReturnType<typeof maskedImages>,
  origin: string,
): Promise<Response> {
  const images = masked.map(({ item, mask }) => ({
    path: item.path,
    description: item.images[0]!,
    async labels(frame: number) {
      const paths = mask.files.map((path) => services.studies.getVersionFile(version.accession, version.version, path));
      const files = (await Promise.all(paths)).filter((file) => file !== undefined);
      const { image, close } = await openMask(services, mask, files);
      try {
        return (await image.readRegion({ t: frame, c: 0, z: 0 })).data as ArrayLike<number>;
      } finally {
        await close();
      }
    },
  }));
  // The first is opened before a byte is sent: forms that were dropped are asked for, and said to be on their way.
  try {
    await images[0]!.labels(0);
  } catch (fault) {
    if (!(fault instanceof FormNotMade)) throw fault;
    for (const { mask } of masked.slice(0, mostAskedFor))
      await askToRebuild(services, { accession: version.accession, version: version.version, itemId: mask.id });
    throw beingMade(fault);
  }
  return cocoResponse(version, id, cocoOfMasks(images, cocoWords(version, id, origin)));
}

/** It is not there now, and will be. */
function beingMade(cause: unknown): Problem {
  const headers = { 'retry-after': '2' };
  return new Problem('form-being-made', 'It is made from the originals; ask again in a moment.', { headers, cause });
}

/** Training material for programs: Croissant and label Zarr of a version, COCO of a data set. */
export function trainingRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  app.openapi(mounted(routes.getCroissant), async (c) => {
    const { accession, version } = c.req.valid('param');
    const found = await versionFor(c, services(), accession, version);
    if (trainingDatasets(found).length === 0)
      throw new Problem('not-found', 'No data set of this version is declared training material.');
    const origin = originOf(c, kernel.config.publicUrl);
    const page = `${origin}${pagePath(found)}`;
    const { classes } = await classBalance(services(), found, c.req.raw.signal);
    const urls = {
      page,
      content: (item: string, path: string) => `${origin}${contentPath(found, item, path)}`,
      citation: citationBibtex(citedVersion(found, page)),
    };
    const croissant = croissantOf(found, urls, classes);
    return c.body(`${JSON.stringify(croissant, null, 1)}\n`, 200, {
      'access-control-allow-origin': '*',
      'content-type': 'application/ld+json; profile="http://mlcommons.org/croissant/1.0"',
    }) as never;
  });

  app.openapi(mounted(routes.getCoco), async (c) => {
    const { accession, version, dataset: id } = c.req.valid('param');
    const found = await versionFor(c, services(), accession, version);
    const dataset = found.datasets.find((one) => one.id === id);
    const pair = found.pairs.find(({ trackItem }) => dataset?.quantitativeItems.includes(trackItem));
    const film = found.items.find((item) => item.id === pair?.imageItem);
    const tracks = found.items.find((item) => item.id === pair?.trackItem);
    const image = pair && film?.images[pair.image];
    const masked = dataset && !pair ? maskedImages(found, id) : [];
    if (masked.length > 0)
      return (await cocoOfLabelImages(services(), found, id, masked, originOf(c, kernel.config.publicUrl))) as never;
    if (!dataset || !pair || !film || !tracks || !image)
      throw new Problem('not-found', 'COCO needs objects that are paired with a film, or label images beside images.');
    const set = await readStoredSet(services(), tracks, pair.part, c.req.raw.signal).catch(async (fault: unknown) => {
      if (!(fault instanceof FormNotMade)) throw fault;
      await askToRebuild(services(), { accession, version, itemId: tracks.id });
      throw beingMade(fault);
    });
    const origin = originOf(c, kernel.config.publicUrl);
    const middle = Math.floor(image.sizes.z / 2);
    const pieces = cocoPieces({
      set,
      image,
      mapping: pair.mapping,
      film: `${origin}${exportPath(found, film.id, 'ome-zarr-0.4.zip', { image: pair.image })}`,
      // Larger planes are rendered smaller: boxes would not fit.
      ...(Math.max(image.sizes.x, image.sizes.y) <= mostSide
        ? { frame: (frame: number) => `${origin}/webgateway/render_image/${imageId(found, pair)}/${middle}/${frame}/` }
        : {}),
      ...cocoWords(found, id, origin),
    });
    return cocoResponse(found, id, pieces) as never;
  });

  app.openapi(mounted(routes.getTrainingZarr), async (c) => {
    const { accession, version } = c.req.valid('param');
    const found = await versionFor(c, services(), accession, version);
    const page = `${originOf(c, kernel.config.publicUrl)}${pagePath(found)}`;
    const citation = citationText(citedVersion(found, page));
    const request = { ...c.req.valid('query'), page, citation, signal: c.req.raw.signal };
    const made = await exportTrainingZarr(services(), found, request).catch(async (fault: unknown) => {
      if (!(fault instanceof TrainingFormsMissing)) throw fault;
      for (const itemId of fault.items.slice(0, mostAskedFor))
        await askToRebuild(services(), { accession, version, itemId });
      throw beingMade(fault);
    });
    return exportResponse(made, c.req.method === 'HEAD') as never;
  });
}
