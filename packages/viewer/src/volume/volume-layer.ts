import { Layer, type LayerContext, type LayerProps, type UpdateParameters } from '@deck.gl/core';
import type { Device, Texture } from '@luma.gl/core';
import { Model } from '@luma.gl/engine';
import { channelLook } from '../channel-look.ts';
import { tableSteps } from '../look-up-tables.ts';
import type { ChannelState } from '../view-state.ts';
import type { Volume } from './load-volume.ts';
import { multiplied } from './matrix4.ts';
import { clippedPart, volumeBox, volumeOnScreen } from './volume-projection.ts';
import { hiddenFloor, volumeFragments, volumeModule, volumeVertices } from './volume-shaders.ts';
import type { Box3, Vector3 } from './volume-space.ts';
import type { VolumeMode } from './volume-state.ts';
import { bricksOf, type VolumeChannel } from './voxel-store.ts';

/** Properties of a layer that draws a volume. */
export interface VolumeLayerProps extends LayerProps {
  volume: Volume;
  /** How channels are shown, by their number in the image; those the volume has not are not drawn. */
  channels: readonly ChannelState[];
  mode?: VolumeMode;
  /** Only what lies in this box is drawn, in the unit of the volume; left out = all of it. */
  clip?: Box3 | undefined;
  /** Of `blend`: opacity of full brightness over a hundredth of the longest side of the volume, 0 to 1. */
  density?: number;
  /** Of `blend`: brightness (0 to 1) up to which nothing is seen. */
  threshold?: number;
  /** Voxels from one sample to the next: 1 meets each voxel, more is faster while a hand moves; left out = 1, of `blend` 0.5. */
  stride?: number;
}

interface VolumeLayerState {
  model?: Model | undefined;
  textures?: Texture[];
  bricks?: Texture;
  table?: Texture;
  [key: string]: unknown;
}

/** Colours come multiplied by their opacity, and lie over what was drawn before, whatever its depth. */
const blending = {
  depthWriteEnabled: false,
  depthCompare: 'always',
  cullMode: 'none',
  blend: true,
  blendColorOperation: 'add',
  blendColorSrcFactor: 'one',
  blendColorDstFactor: 'one-minus-src-alpha',
  blendAlphaOperation: 'add',
  blendAlphaSrcFactor: 'one',
  blendAlphaDstFactor: 'one-minus-src-alpha',
} as const;

/**
 * Draws a volume by following a ray through every pixel, in any view of deck.gl that is not a map. Positions are those of
 * `volumeSpace`: the origin is the centre of the first voxel, units are micrometers where they are known. `modelMatrix` is
 * heeded. It takes no part in depth: put it first, what shall be seen in it after it. Colours are those of the 2D viewer:
 * window, gamma and look-up table of each channel, channels added. Views need an opaque background (`clear: true,
 * clearColor: [0, 0, 0, 255]`): a browser dims what is drawn on a transparent one.
 */
export class VolumeLayer extends Layer<VolumeLayerProps> {
  static override layerName = 'VolumeLayer';
  static override defaultProps = {
    mode: 'max',
    density: 0.3,
    threshold: 0.05,
    channels: { type: 'array', value: [], compare: false },
    volume: { type: 'object', value: null, compare: false },
    clip: { type: 'object', value: null, compare: 3 },
    pickable: false,
    // deck.gl gives the parameters of a layer to its models.
    parameters: { type: 'object', value: blending },
  };
  declare state: VolumeLayerState;

  override initializeState(_context: LayerContext): void {
    this.getAttributeManager()?.remove(['instancePickingColors']);
  }

  override getBounds(): [number[], number[]] | null {
    const { low, high } = volumeBox(this.props.volume);
    return [
      [low.x, low.y, low.z],
      [high.x, high.y, high.z],
    ];
  }

  override updateState({ props, oldProps, changeFlags }: UpdateParameters<this>): void {
    const { volume } = props;
    const isNew = !this.state.model || volume !== oldProps.volume;
    if (isNew || changeFlags.extensionsChanged) this.useVolume(volume, oldProps.volume);
    if (isNew || props.channels !== oldProps.channels) this.useTable(props);
    if (changeFlags.propsChanged) this.setNeedsRedraw();
  }

  override finalizeState(context: LayerContext): void {
    this.freeVoxels();
    this.state.table?.destroy();
    super.finalizeState(context);
    this.state.model?.destroy();
  }

  override draw(): void {
    const { model } = this.state;
    const { volume, clip, modelMatrix, mode = 'max' } = this.props;
    if (!model || volume.channels.length === 0) return;
    const { viewProjectionMatrix } = this.context.viewport;
    const toClip = modelMatrix
      ? multiplied(viewProjectionMatrix, modelMatrix as ArrayLike<number>)
      : viewProjectionMatrix;
    const part = clippedPart(volume, clip ?? undefined);
    const screen = volumeOnScreen(volume, toClip, part);
    if (!screen) return;
    const { size, spacing } = volume;
    const sides = (['x', 'y', 'z'] as const).map((axis) => size[axis] * spacing[axis]);
    const stride = this.props.stride ?? (mode === 'max' ? 1 : 0.5);
    model.shaderInputs.setProps({
      volume: {
        fromClip: screen.fromClip,
        bounds: screen.bounds,
        size: [size.x, size.y, size.z, stride],
        low: [...part.low, screen.isParallel ? 1 : 0],
        high: [...part.high, mode === 'max' ? 1 : 0],
        extent: [...sides, Math.max(...sides) / 100],
        transfer: [this.props.density ?? 0.3, this.props.threshold ?? 0.05, 0, 0],
        ...Object.fromEntries(volume.channels.map((one, at) => [`channel${at}`, channelUniform(one, this.props)])),
      },
    });
    model.draw(this.context.renderPass);
  }

  private useVolume(volume: Volume, before: Volume | undefined): void {
    const { device } = this.context;
    const [bytes, count] = [volume.channels[0]?.stored.BYTES_PER_ELEMENT ?? 1, volume.channels.length];
    const isAlike =
      this.state.model !== undefined &&
      before?.channels.length === count &&
      (before.channels[0]?.stored.BYTES_PER_ELEMENT ?? 1) === bytes;
    if (!isAlike) {
      this.state.model?.destroy();
      this.state.model = count > 0 ? modelOf(device, this.props.id, count, bytes as 1 | 2) : undefined;
    }
    // Memory of the graphics card is used again for the next time point.
    const isSameSize = isAlike && this.state.textures && sameSize(before!.size, volume.size);
    if (!isSameSize) this.freeVoxels();
    const textures = volume.channels.map((one, at) =>
      filled(device, this.state.textures?.[at], one.stored, volume.size, 'linear'),
    );
    const bricks = filled(device, this.state.bricks, joinedBricks(volume.channels), stackedBricks(volume), 'nearest');
    this.state.textures = textures;
    this.state.bricks = bricks;
    this.state.model?.setBindings({
      bricks,
      ...Object.fromEntries(textures.map((texture, at) => [`voxels${at}`, texture])),
    });
  }

  private useTable({ channels, volume }: VolumeLayerProps): void {
    this.state.table?.destroy();
    const drawn = volume.channels.map(({ channel }) => channels[channel] ?? unseen);
    if (drawn.length === 0) return;
    // A texture of three dimensions, as all others: samplers of two kinds may not share a unit, and none is bound yet when the
    // program is looked at.
    this.state.table = this.context.device.createTexture({
      dimension: '3d',
      width: tableSteps,
      height: drawn.length,
      depth: 1,
      format: 'rgba8unorm',
      data: channelLook(drawn).table,
      sampler: { minFilter: 'nearest', magFilter: 'nearest' },
    });
    this.state.model?.setBindings({ lookTable: this.state.table });
  }

  private freeVoxels(): void {
    for (const texture of this.state.textures ?? []) texture.destroy();
    this.state.bricks?.destroy();
    delete this.state.textures;
    delete this.state.bricks;
  }
}

const unseen: ChannelState = { isVisible: false, colour: [0, 0, 0], window: [0, 1] };

/** Stored value of no brightness, brightness of a step, gamma, and the stored value up to which voxels are passed over. */
function channelUniform(
  { channel, offset, scale }: VolumeChannel,
  { channels, mode, threshold }: VolumeLayerProps,
): [number, number, number, number] {
  const { isVisible, window, gamma = 1 } = channels[channel] ?? unseen;
  const low = (window[0] - offset) / scale;
  const range = (window[1] - window[0]) / scale;
  const passed = mode === 'blend' ? low + Math.max(0, threshold ?? 0) ** (1 / gamma) * range : low;
  return [low, 1 / Math.max(range, 1e-30), gamma, isVisible ? passed : hiddenFloor];
}

function sameSize(one: Vector3, other: Vector3): boolean {
  return one.x === other.x && one.y === other.y && one.z === other.z;
}

function stackedBricks({ size, channels }: Volume): Vector3 {
  const bricks = bricksOf(size);
  return { ...bricks, z: bricks.z * channels.length };
}

function joinedBricks(channels: readonly VolumeChannel[]): Uint8Array | Uint16Array {
  const [first] = channels;
  if (!first || channels.length === 1) return first?.bricks ?? new Uint8Array(1);
  const { length } = first.bricks;
  const joined =
    first.bricks instanceof Uint8Array
      ? new Uint8Array(length * channels.length)
      : new Uint16Array(length * channels.length);
  for (const [at, { bricks }] of channels.entries()) joined.set(bricks, at * length);
  return joined;
}

function modelOf(device: Device, id: string, count: number, bytes: 1 | 2): Model {
  return new Model(device, {
    id: `${id}-${count}-${bytes}`,
    vs: volumeVertices,
    fs: volumeFragments(count, bytes),
    modules: [volumeModule(count)] as never,
    topology: 'triangle-strip',
    vertexCount: 4,
    // deck.gl tells every model of modules it has not.
    disableWarnings: true,
  });
}

/** A texture with values, the one there is where there is one. */
function filled(
  device: Device,
  before: Texture | undefined,
  values: Uint8Array | Uint16Array,
  { x, y, z }: Vector3,
  filter: 'linear' | 'nearest',
): Texture {
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bytes = values.BYTES_PER_ELEMENT;
  const { gl } = device as unknown as { gl: WebGL2RenderingContext };
  // Rows of odd lengths follow each other without a gap.
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  try {
    if (before) {
      before.copyImageData({ data, bytesPerRow: x * bytes, rowsPerImage: y });
      return before;
    }
    return device.createTexture({
      dimension: '3d',
      width: x,
      height: y,
      depth: z,
      format: bytes === 1 ? 'r8unorm' : 'rg8unorm',
      data,
      sampler: {
        minFilter: filter,
        magFilter: filter,
        addressModeU: 'clamp-to-edge',
        addressModeV: 'clamp-to-edge',
        addressModeW: 'clamp-to-edge',
      },
    });
  } finally {
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
  }
}
