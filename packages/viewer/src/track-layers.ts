import type { Layer } from '@deck.gl/core';
import { DataFilterExtension } from '@deck.gl/extensions';
import { LineLayer, ScatterplotLayer } from '@deck.gl/layers';
import { type FeatureFilter, objectColours, passing } from './object-colours.ts';
import { type Outline, outlinesOf, shapeFor } from './outlines.ts';
import { shapeLayers } from './shape-layers.ts';
import type { TrackOverlay } from './track-overlay.ts';
import type { ViewState } from './view-state.ts';

/** Filter range of the rows that pass. */
const passed: [number, number] = [0.5, 1.5];

interface EdgeEnds {
  source: Float32Array;
  target: Float32Array;
  filter: Float32Array;
}

const selectionColour: [number, number, number] = [20, 216, 168];
/** As what is pointed at in space: told from the selection by its colour, and by its narrower ring. */
const litColour: [number, number, number] = [255, 255, 255];

/** Tracks and objects as layers above the image. */
export class TrackLayers {
  private overlay: TrackOverlay | undefined;
  private colours: { by: string; values: Uint8Array } | undefined;
  private passed: { filters: readonly FeatureFilter[] | undefined; mask: Uint8Array | undefined } | undefined;
  private outlines: { key: string; mask: Uint8Array | undefined; made: Outline[] } | undefined;
  private lit: Uint8Array | undefined;

  /** Lays tracks over the film, or takes them away. */
  setOverlay(overlay: TrackOverlay | undefined): void {
    this.overlay = overlay;
    this.colours = undefined;
    this.passed = undefined;
    this.outlines = undefined;
    this.lit = undefined;
  }

  /** Lights objects: 1 for each row that is lit. */
  setLit(rows: Uint8Array | undefined): void {
    this.lit = rows;
  }

  /** 1 for every object that passes the filters of a state; `undefined` where all do. */
  maskOf(state: ViewState): Uint8Array | undefined {
    const { filters } = state.overlay;
    if (!this.overlay) return undefined;
    if (!this.passed || this.passed.filters !== filters)
      this.passed = { filters, mask: passing(this.overlay, filters) };
    return this.passed.mask;
  }

  /** The layers of a state, undermost first. */
  layers(state: ViewState): Layer[] {
    return this.overlay && state.overlay.isVisible ? this.overlayLayers(this.overlay, state) : [];
  }

  private overlayLayers(overlay: TrackOverlay, state: ViewState): Layer[] {
    const { colourBy, map, tailFrames } = state.overlay;
    const by = `${colourBy} ${map ?? ''}`;
    if (this.colours?.by !== by) this.colours = { by, values: objectColours(overlay, colourBy, map).colours };
    const mask = this.maskOf(state);
    const slices: [number, number] =
      state.overlay.onlyNearSlice && !overlay.isPlanar ? [state.z - 1, state.z + 1] : [-1e9, 1e9];
    const from = tailFrames < 0 ? -1e9 : state.t - tailFrames;
    const selected = state.selected === undefined ? -1 : overlay.set.objects.id.indexOf(state.selected);
    const shape = shapeFor(overlay, state.overlay);
    const layers = [
      this.tails(overlay, [from + 0.5, state.t + 0.25], slices, mask, 4.5, [10, 12, 14, 150]),
      this.tails(overlay, [from + 0.5, state.t + 0.25], slices, mask, 2),
    ];
    if (shape === 'outline' || shape === 'filled')
      layers.push(
        ...shapeLayers(
          this.outlinesNow(overlay, state, slices, mask),
          this.colours.values,
          shape === 'filled',
          selected,
        ),
      );
    else layers.push(this.dots(overlay, [state.t - 0.25, state.t + 0.25], slices, mask, shape));
    const { lit } = this;
    const litNow = lit ? [...(overlay.rowsOfFrame.get(state.t) ?? [])].filter((row) => lit[row] === 1) : [];
    if (litNow.length > 0) layers.push(this.rings('lit', overlay, litNow, litColour, 2));
    if (selected >= 0 && overlay.frame[selected] === state.t)
      layers.push(this.rings('selected', overlay, [selected], selectionColour, 3));
    return layers;
  }

  private outlinesNow(
    overlay: TrackOverlay,
    state: ViewState,
    [low, high]: [number, number],
    mask: Uint8Array | undefined,
  ): Outline[] {
    const key = `${state.t} ${low} ${high}`;
    if (this.outlines?.key !== key || this.outlines.mask !== mask) {
      const rows = [...(overlay.rowsOfFrame.get(state.t) ?? [])].filter(
        (row) => mask?.[row] !== 0 && overlay.slice[row]! >= low && overlay.slice[row]! <= high,
      );
      this.outlines = { key, mask, made: outlinesOf(overlay, rows) };
    }
    return this.outlines.made;
  }

  private tails(
    overlay: TrackOverlay,
    frames: [number, number],
    slices: [number, number],
    mask: Uint8Array | undefined,
    width: number,
    casing?: [number, number, number, number],
  ): Layer {
    const { edgeCount, edgeSource, edgeTarget, positions } = overlay;
    const ends = this.edgeAttributes(overlay, mask);
    const colours = this.colours!.values;
    return new LineLayer({
      id: casing ? 'tails-casing' : 'tails',
      data: {
        length: edgeCount,
        attributes: {
          getSourcePosition: { value: ends.source, size: 2 },
          getTargetPosition: { value: ends.target, size: 2 },
          getFilterValue: { value: ends.filter, size: 3 },
        },
      },
      getColor:
        casing ??
        ((_: unknown, { index }: { index: number }) =>
          [
            colours[edgeTarget[index]! * 3]!,
            colours[edgeTarget[index]! * 3 + 1]!,
            colours[edgeTarget[index]! * 3 + 2]!,
            235,
          ] as [number, number, number, number]),
      getWidth: width,
      widthUnits: 'pixels',
      updateTriggers: { getColor: [this.colours!.by, edgeSource.length, positions.length] },
      extensions: [new DataFilterExtension({ filterSize: 3 })],
      filterRange: [frames, slices, passed],
      parameters: { depthCompare: 'always' },
    } as never);
  }

  private ends: (EdgeEnds & { overlay: TrackOverlay; mask: Uint8Array | undefined }) | undefined;

  private edgeAttributes(overlay: TrackOverlay, mask: Uint8Array | undefined): EdgeEnds {
    if (this.ends?.overlay === overlay && this.ends.mask === mask) return this.ends;
    const source = new Float32Array(overlay.edgeCount * 2);
    const target = new Float32Array(overlay.edgeCount * 2);
    const filter = new Float32Array(overlay.edgeCount * 3);
    for (let edge = 0; edge < overlay.edgeCount; edge++) {
      const [a, b] = [overlay.edgeSource[edge]!, overlay.edgeTarget[edge]!];
      source.set(overlay.positions.subarray(a * 2, a * 2 + 2), edge * 2);
      target.set(overlay.positions.subarray(b * 2, b * 2 + 2), edge * 2);
      filter[edge * 3] = overlay.frame[b]!;
      filter[edge * 3 + 1] = overlay.slice[b]!;
      filter[edge * 3 + 2] = mask?.[a] === 0 || mask?.[b] === 0 ? 0 : 1;
    }
    this.ends = { overlay, mask, source, target, filter };
    return this.ends;
  }

  private dotFilter: { overlay: TrackOverlay; mask: Uint8Array | undefined; values: Float32Array } | undefined;

  private dots(
    overlay: TrackOverlay,
    frames: [number, number],
    slices: [number, number],
    mask: Uint8Array | undefined,
    shape: 'circle' | 'point',
  ): Layer {
    if (this.dotFilter?.overlay !== overlay || this.dotFilter.mask !== mask) {
      const values = new Float32Array(overlay.count * 3);
      for (let row = 0; row < overlay.count; row++) {
        values[row * 3] = overlay.frame[row]!;
        values[row * 3 + 1] = overlay.slice[row]!;
        values[row * 3 + 2] = mask?.[row] === 0 ? 0 : 1;
      }
      this.dotFilter = { overlay, mask, values };
    }
    const isPoint = shape === 'point';
    return new ScatterplotLayer({
      id: `objects-${shape}`,
      data: {
        length: overlay.count,
        attributes: {
          getPosition: { value: overlay.positions, size: 2 },
          ...(isPoint ? {} : { getRadius: { value: overlay.radius, size: 1 } }),
          getLineColor: { value: this.colours!.values, size: 3, normalized: true },
          getFillColor: { value: this.colours!.values, size: 3, normalized: true },
          getFilterValue: { value: this.dotFilter.values, size: 3 },
        },
      },
      ...(isPoint ? { getRadius: 3.5 } : {}),
      stroked: !isPoint,
      filled: isPoint,
      radiusUnits: isPoint ? 'pixels' : 'common',
      radiusMinPixels: isPoint ? 3.5 : 4,
      lineWidthUnits: 'pixels',
      getLineWidth: 2,
      extensions: [new DataFilterExtension({ filterSize: 3 })],
      filterRange: [frames, slices, passed],
      parameters: { depthCompare: 'always' },
    } as never);
  }

  private rings(
    id: string,
    overlay: TrackOverlay,
    rows: readonly number[],
    colour: [number, number, number],
    width: number,
  ): Layer {
    return new ScatterplotLayer({
      id,
      data: rows,
      getPosition: (row: number) => [overlay.positions[row * 2]!, overlay.positions[row * 2 + 1]!],
      getRadius: (row: number) => overlay.radius[row]! * 1.25,
      stroked: true,
      filled: false,
      radiusUnits: 'common',
      radiusMinPixels: 9,
      lineWidthUnits: 'pixels',
      getLineWidth: width,
      getLineColor: colour,
      updateTriggers: { getPosition: rows, getRadius: rows },
      parameters: { depthCompare: 'always' },
    } as never);
  }
}
