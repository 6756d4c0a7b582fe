import type { Layer } from '@deck.gl/core';
import { ImageLayer, MultiscaleImageLayer, XRLayer } from '@hms-dbmi/viv';
import type { Texture } from '@luma.gl/core';
import { canFilterFloats, readingSmoothly } from './smooth-reading.ts';

/** Pixels of all drawn channels, of one plane or tile. */
interface ChannelPixels {
  data?: readonly (ArrayBufferView & ArrayLike<number>)[] | null;
  width: number;
  height: number;
}

type Props = Record<string, unknown>;
type Made = new (...props: Props[]) => MadeLayer;

/** What Viv's layers keep for themselves. */
interface PlaneParts {
  props: { isSmooth?: boolean; interpolation?: string };
  state: { textures?: Record<string, Texture | null> | null };
  _setNewTexturesFromLoadThisFrame(textures: Record<string, Texture | null>): void;
  getNumChannels(): number;
}
interface Shaders {
  fs: string;
}
type PlaneBase = new (
  ...props: Props[]
) => PlaneParts & { loadChannelTextures(pixels: ChannelPixels): void; getShaders(): Shaders };
/** A layer as it is made, with its properties. */
type MadeLayer = Layer & { props: Props };

/** How planes are read that are drawn smaller than they are; at full size each pixel is to be seen. */
const smooth = (): Props =>
  canFilterFloats() ? { interpolation: 'linear', isSmooth: false } : { interpolation: 'nearest', isSmooth: true };

/** Pixels as floats on their way to the graphics card, which copies them at once. */
let floats = new Float32Array(0);

function asFloats(pixels: ArrayLike<number>): Float32Array {
  if (floats.length < pixels.length) floats = new Float32Array(pixels.length);
  floats.set(pixels);
  return floats.subarray(0, pixels.length);
}

/**
 * Viv's layer of a plane, whose textures stay as planes follow each other: only their pixels are other ones. Viv makes new
 * textures, and new arrays of floats, for every plane.
 */
export class PlaneLayer extends (XRLayer as unknown as PlaneBase) {
  static layerName = 'PlaneLayer';

  override getShaders(): Shaders {
    const shaders = super.getShaders();
    if (!this.props.isSmooth) return shaders;
    return { ...shaders, fs: readingSmoothly(shaders.fs) };
  }

  override loadChannelTextures(pixels: ChannelPixels): void {
    const { textures } = this.state;
    const planes = pixels?.data ?? [];
    const held = planes.map((_, channel) => textures?.[`channel${channel}`]);
    const fits =
      planes.length > 0 &&
      planes.length === this.getNumChannels() &&
      held.every((texture) => texture?.width === pixels.width && texture.height === pixels.height);
    if (!fits || !textures) return super.loadChannelTextures(pixels);
    const isFloat = this.props.interpolation === 'linear';
    for (const [channel, texture] of held.entries())
      texture!.copyImageData({ data: isFloat ? asFloats(planes[channel]!) : planes[channel]! });
    this._setNewTexturesFromLoadThisFrame(textures);
  }
}

/** Viv's layer of a plane that is drawn as one picture. */
export class PlaneImageLayer extends (ImageLayer as unknown as new (
  ...props: Props[]
) => { renderLayers(): MadeLayer | null }) {
  static layerName = 'PlaneImageLayer';

  override renderLayers(): MadeLayer | null {
    const made = super.renderLayers();
    return made && new (PlaneLayer as unknown as Made)({ ...made.props });
  }
}

/** What deck.gl says of a tile that is to be drawn. */
interface TileProps extends Props {
  id: string;
  tile: { bbox: Record<'left' | 'top' | 'right' | 'bottom', number>; index: { z: number } };
  data: ChannelPixels | null;
  loader: readonly { shape: readonly number[]; tileSize: number }[];
  maxZoom: number;
}

function tileLayer(props: TileProps): Layer | null {
  const { data, id, loader, maxZoom, tile } = props;
  const { left, top, right, bottom } = tile.bbox;
  if (!data?.width || !data.height || [left, top, right, bottom].some((side) => side < 0)) return null;
  const { shape, tileSize } = loader[0]!;
  const [height, width] = shape.slice(-2) as [number, number];
  // Tiles at the edges are smaller.
  const bounds = [left, data.height < tileSize ? height : bottom, data.width < tileSize ? width : right, top];
  return new (PlaneLayer as unknown as Made)(props, {
    id: `tile-sub-layer-${bounds}-${id}`,
    channelData: data,
    bounds,
    ...(tile.index.z === maxZoom ? { interpolation: 'nearest' } : smooth()),
  });
}

/** Viv's layer of an image with levels, its tiles and the ground under them made of `PlaneLayer`s. */
export class PlaneLevelsLayer extends (MultiscaleImageLayer as unknown as new (
  ...props: Props[]
) => { renderLayers(): [ground: MadeLayer | false, tiles: MadeLayer] }) {
  static layerName = 'PlaneLevelsLayer';

  override renderLayers(): [ground: MadeLayer | false, tiles: MadeLayer] {
    const [ground, tiles] = super.renderLayers();
    return [ground && new (PlaneImageLayer as unknown as Made)({ ...ground.props, ...smooth() }), tiles];
  }
}

/** Draws a tile of `PlaneLevelsLayer`: its property `renderSubLayers`. */
export const planeTile: (props: never) => Layer | null = tileLayer as (props: never) => Layer | null;
