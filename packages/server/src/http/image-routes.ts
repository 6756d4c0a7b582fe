import { apiBase, routes } from '@micrarium/api';
import { type ImageEntry, imageIndex } from '@micrarium/repository';
import { shownTitle } from '@micrarium/standards';
import { annotationsAt, annotationsOfImage, readPendingAnnotations } from '../annotations/image-documents.ts';
import type { Application } from './app.ts';
import { pageSize, readCursor, writeCursor } from './cursors.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';
import { type FoundVersion, versionFor } from './study-access.ts';

/** Images on one page, at most. */
const mostImages = 500;

function shape(version: FoundVersion, { hasThumbnail, previewFrames, ...entry }: ImageEntry) {
  const { accession, version: number } = version;
  const content = (path: string) =>
    `${apiBase}/studies/${accession}/versions/${number}/items/${entry.item}/content/${path}`;
  return {
    ...entry,
    ...(hasThumbnail ? { thumbnail: content(`image-${entry.image}.thumbnail.png`) } : {}),
    ...(previewFrames > 0
      ? { preview: { path: content(`image-${entry.image}.preview.png`), frames: previewFrames } }
      : {}),
  };
}

function datasets({ datasets: all, items }: FoundVersion) {
  const counts = new Map(items.map(({ id, images }) => [id, images.length]));
  return all
    .map(({ id, title, imageItems }) => ({
      id,
      title,
      images: imageItems.reduce((sum, item) => sum + (counts.get(item) ?? 0), 0),
    }))
    .filter(({ images }) => images > 0);
}

const plates = ({ items }: FoundVersion) =>
  items.flatMap(({ id, path, plate }) =>
    plate ? [{ item: id, name: plate.name || path, wells: plate.wells.length }] : [],
  );

/** The list of images of a version. A version never changes, so the number of the first image is all a cursor needs. */
export function imageRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.listImages), async (c) => {
    const { accession, version } = c.req.valid('param');
    const { dataset, q, from = 0, limit = pageSize, cursor } = c.req.valid('query');
    const found = await versionFor(c, services(), accession, version);
    const place = readCursor(cursor);
    if (place !== undefined && !/^\d{1,9}$/.test(place)) throw new Problem('cursor-invalid');
    const first = place === undefined ? from : Number(place);
    const all = imageIndex(found, {
      ...(dataset === undefined ? {} : { dataset }),
      ...(q === undefined ? {} : { words: q }),
    });
    const end = first + Math.min(limit, mostImages);
    const shown = all.slice(first, end);
    const said = await annotationsAt(
      services().db,
      accession,
      version,
      shown.map(({ item }) => item),
    );
    const images = shown.map((entry) => {
      const annotations = (said.get(`${entry.item}/${entry.image}`) ?? []).filter(({ on }) => on !== 'study');
      return { ...shape(found, entry), ...(annotations.length > 0 ? { annotations: annotations.slice(0, 60) } : {}) };
    });
    const headers = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=60' };
    const nextCursor = end < all.length ? writeCursor(String(end)) : null;
    const about = {
      title: shownTitle(found.metadata.values['title'], accession),
      datasets: datasets(found),
      plates: plates(found),
    };
    return c.json({ images, total: all.length, nextCursor, ...about }, 200, headers);
  });

  app.openapi(mounted(routes.getImageAnnotations), async (c) => {
    const { accession, version, item, image } = c.req.valid('param');
    const found = await versionFor(c, services(), accession, version);
    if (!found.items.some(({ id }) => id === item)) throw new Problem('not-found');
    await readPendingAnnotations(services());
    const headers = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=60' };
    return c.json(await annotationsOfImage(services().db, { accession, version, item, image }), 200, headers);
  });
}
