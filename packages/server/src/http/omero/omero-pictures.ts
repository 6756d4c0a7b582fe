import type { ImagePixels } from '@micrarium/formats';
import type { Application } from '../app.ts';
import type { HttpContext } from '../context.ts';
import { Problem } from '../problems.ts';
import { mostSide, type PictureRegion, renderedPlane } from './rendering.ts';

const shared = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=3600' };

/** Side of a small picture unless asked otherwise. */
const thumbnailSide = 96;

/** Small pictures of one answer, at most, as OMERO.web gives them. */
const mostPictures = 50;

/** Side of a tile unless asked otherwise. */
export const tileSide = 256;

/** Opens an image by its id for as long as `use` takes. */
export type WithImage = <Result>(
  c: HttpContext,
  id: string,
  use: (image: ImagePixels) => Promise<Result>,
) => Promise<Result>;

/** The side of a picture that is asked for. @throws Problem `request-invalid` */
export function sideOf(text: string | undefined): number {
  const side = Number(text ?? thumbnailSide);
  if (!Number.isInteger(side) || side < 1) throw new Problem('request-invalid', 'The size is a count of pixels.');
  return Math.min(side, mostSide);
}

/** `get_thumbnail/IMAGE/` and `get_thumbnails/?id=…&id=…`: small pictures as text, as pages of OMERO.web ask for them. */
export function omeroThumbnails(app: Application, withImage: WithImage): void {
  const picture = (c: HttpContext, id: string, side: number) =>
    withImage(c, id, async (image) => {
      const plane = { z: Math.floor(image.description.sizes.z / 2), t: 0 };
      const png = await renderedPlane(image, plane, { size: side, signal: c.req.raw.signal });
      return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
    });
  const param = (c: HttpContext, name: 'image' | 'side') => (c.req.param() as Partial<Record<string, string>>)[name];
  const one = async (c: HttpContext) =>
    c.json(await picture(c, param(c, 'image') ?? '', sideOf(param(c, 'side'))), 200, shared);
  const many = async (c: HttpContext) => {
    const [ids, side] = [[...new Set(c.req.queries('id') ?? [])], sideOf(param(c, 'side'))];
    if (ids.length === 0 || ids.length > mostPictures)
      throw new Problem('request-invalid', `Name 1 to ${mostPictures} images: id=IMAGE&id=IMAGE.`);
    const pictures: [id: string, picture: string | null][] = [];
    for (const id of ids) {
      const found = await picture(c, id, side).catch((fault: unknown) => {
        // One that is not there takes no picture from the others.
        if (fault instanceof Problem && (fault.code === 'not-found' || fault.code === 'not-convertible')) return null;
        throw fault;
      });
      pictures.push([id, found]);
    }
    return c.json(Object.fromEntries(pictures), 200, shared);
  };
  for (const place of ['webclient', 'webgateway'])
    for (const end of ['', '/']) {
      for (const path of ['get_thumbnail/:image', 'get_thumbnail/:image/:side'])
        app.get(`/${place}/${path}${end}`, one);
      for (const path of ['get_thumbnails', 'get_thumbnails/:side']) app.get(`/${place}/${path}${end}`, many);
    }
}

/**
 * The part of an image that `render_image_region` asks for: `region=X,Y,WIDTH,HEIGHT` in pixels of the full size, or
 * `tile=LEVEL,COLUMN,ROW[,WIDTH,HEIGHT]`, level 0 being the full size. What lies outside of the image is left out.
 * @throws Problem `request-invalid`
 */
export function wantedRegion(
  { levels }: Pick<ImagePixels, 'levels'>,
  { region, tile }: { region: string | undefined; tile: string | undefined },
): PictureRegion {
  const wrong = (words: string) => new Problem('request-invalid', words);
  const numbers = (text: string) => (/^\d{1,9}(,\d{1,9}){2,4}$/.test(text) ? text.split(',').map(Number) : []);
  const [given, isTile] = tile === undefined ? [numbers(region ?? ''), false] : [numbers(tile), true];
  const [level = 0, x = 0, y = 0, width = tileSide, height = tileSide] = isTile ? given : [0, ...given];
  const isWhole = isTile ? given.length === 3 || given.length === 5 : given.length === 4;
  if (!isWhole) throw wrong('Name region=X,Y,WIDTH,HEIGHT in pixels, or tile=LEVEL,COLUMN,ROW,WIDTH,HEIGHT.');
  if (width < 1 || height < 1 || width > mostSide || height > mostSide)
    throw wrong(`A region is 1 to ${mostSide} pixels wide and high; render_image gives whole planes, made smaller.`);
  const size = levels[level];
  if (!size) throw wrong(`There is no level ${level}; the image has ${levels.length}, counted from 0, the full size.`);
  const [left, top] = isTile ? [x * width, y * height] : [x, y];
  if (left >= size.width || top >= size.height)
    throw wrong(`The region lies outside of the image, which is ${size.width} × ${size.height} there.`);
  return {
    level,
    x: left,
    y: top,
    width: Math.min(width, size.width - left),
    height: Math.min(height, size.height - top),
  };
}
