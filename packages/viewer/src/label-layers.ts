import type { Layer } from '@deck.gl/core';
import { BitmapLayer } from '@deck.gl/layers';
import { paintLabels } from './label-painting.ts';
import type { LabelSource } from './sources.ts';
import type { ViewState } from './view-state.ts';

/** Longest side of a mask that is painted; larger ones are read from a coarser level. */
const longestSide = 2048;

/** The label mask of a view as a layer over the image; the last one stays until the next has come. */
export class LabelLayers {
  private labels: readonly LabelSource[] = [];
  private readonly failed: (error: Error) => void;
  private readonly redraw: () => void;
  private underWay: { key: string; stop: AbortController } | undefined;
  private painted:
    | { key: string; name: string; bounds: [number, number, number, number]; image: ImageData }
    | undefined;

  constructor(failed: (error: Error) => void, redraw: () => void) {
    this.failed = failed;
    this.redraw = redraw;
  }

  /** The label images one can choose from. */
  setLabels(labels: readonly LabelSource[]): void {
    this.labels = labels;
  }

  /** Is nothing on its way? */
  get isSettled(): boolean {
    return this.underWay === undefined;
  }

  /** The layer of a state, where it shows labels. */
  layers(state: ViewState): Layer[] {
    const label = this.labels.find((one) => one.name === state.labels?.name);
    if (!label || !state.labels) {
      this.underWay?.stop.abort();
      this.underWay = undefined;
      return [];
    }
    const key = JSON.stringify([label.name, state.t, state.z, state.labels.opacity]);
    if (this.painted?.key !== key && this.underWay?.key !== key) this.read(label, state, key);
    if (!this.painted || this.painted.name !== label.name) return [];
    return [
      new BitmapLayer({
        id: 'labels',
        image: this.painted.image,
        bounds: this.painted.bounds,
        textureParameters: { minFilter: 'nearest', magFilter: 'nearest' },
        parameters: { depthCompare: 'always' },
      }),
    ];
  }

  private read(label: LabelSource, state: ViewState, key: string): void {
    this.underWay?.stop.abort();
    const stop = new AbortController();
    this.underWay = { key, stop };
    const { image } = label;
    const { sizes } = image.description;
    const found = image.levels.findIndex((one) => Math.max(one.width, one.height) <= longestSide);
    const level = found < 0 ? image.levels.length - 1 : found;
    const depth = image.levels[level]!.depth;
    const plane = {
      t: Math.min(state.t, sizes.t - 1),
      c: 0,
      z: Math.min(depth - 1, Math.floor((Math.min(state.z, sizes.z - 1) * depth) / sizes.z)),
    };
    image.readRegion(plane, undefined, level, stop.signal).then(
      ({ data, width, height }) => {
        if (stop.signal.aborted) return;
        const own = new Map(label.colors.flatMap(({ value, rgba }) => (rgba ? [[value, rgba] as const] : [])));
        const pixels = paintLabels(data, width, height, own, state.labels!.opacity);
        // Masks may be coarser than the image they lie over.
        const bounds: [number, number, number, number] = [-0.5, label.height - 0.5, label.width - 0.5, -0.5];
        this.painted = { key, name: label.name, bounds, image: new ImageData(pixels, width, height) };
        this.underWay = undefined;
        this.redraw();
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        this.underWay = undefined;
        this.failed(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }
}
