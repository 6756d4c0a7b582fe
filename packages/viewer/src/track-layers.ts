import type { Layer } from '@deck.gl/core';
import { DataFilterExtension } from '@deck.gl/extensions';
import { LineLayer, ScatterplotLayer } from '@deck.gl/layers';
import { objectColours, type TrackOverlay } from './track-overlay.ts';
import type { ViewState } from './view-state.ts';

const selectionColour: [number, number, number] = [20, 216, 168];

/** Tracks and objects as layers above the image. */
export class TrackLayers {
  private overlay: TrackOverlay | undefined;
  private colours: { by: string; values: Uint8Array } | undefined;

  /** Lays tracks over the film, or takes them away. */
  setOverlay(overlay: TrackOverlay | undefined): void {
    this.overlay = overlay;
    this.colours = undefined;
  }

  /** The layers of a state, undermost first. */
  layers(state: ViewState): Layer[] {
    return this.overlay && state.overlay.isVisible ? this.overlayLayers(this.overlay, state) : [];
  }

  private overlayLayers(overlay: TrackOverlay, state: ViewState): Layer[] {
    const by = state.overlay.colourBy;
    if (this.colours?.by !== by) this.colours = { by, values: objectColours(overlay, by).colours };
    const slices: [number, number] =
      state.overlay.onlyNearSlice && !overlay.isPlanar ? [state.z - 1, state.z + 1] : [-1e9, 1e9];
    const from = state.overlay.tailFrames < 0 ? -1e9 : state.t - state.overlay.tailFrames;
    const selected = state.selected === undefined ? -1 : overlay.set.objects.id.indexOf(state.selected);
    const layers = [
      this.tails(overlay, [from + 0.5, state.t + 0.25], slices, 4.5, [10, 12, 14, 150]),
      this.tails(overlay, [from + 0.5, state.t + 0.25], slices, 2),
      this.dots(overlay, [state.t - 0.25, state.t + 0.25], slices),
    ];
    if (selected >= 0 && overlay.frame[selected] === state.t) layers.push(this.ring(overlay, selected));
    return layers;
  }

  private tails(
    overlay: TrackOverlay,
    frames: [number, number],
    slices: [number, number],
    width: number,
    casing?: [number, number, number, number],
  ): Layer {
    const { edgeCount, edgeSource, edgeTarget, positions } = overlay;
    const ends = this.edgeAttributes(overlay);
    const colours = this.colours!.values;
    return new LineLayer({
      id: casing ? 'tails-casing' : 'tails',
      data: {
        length: edgeCount,
        attributes: {
          getSourcePosition: { value: ends.source, size: 2 },
          getTargetPosition: { value: ends.target, size: 2 },
          getFilterValue: { value: ends.filter, size: 2 },
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
      extensions: [new DataFilterExtension({ filterSize: 2 })],
      filterRange: [frames, slices],
      parameters: { depthCompare: 'always' },
    } as never);
  }

  private ends: { overlay: TrackOverlay; source: Float32Array; target: Float32Array; filter: Float32Array } | undefined;

  private edgeAttributes(overlay: TrackOverlay): { source: Float32Array; target: Float32Array; filter: Float32Array } {
    if (this.ends?.overlay === overlay) return this.ends;
    const source = new Float32Array(overlay.edgeCount * 2);
    const target = new Float32Array(overlay.edgeCount * 2);
    const filter = new Float32Array(overlay.edgeCount * 2);
    for (let edge = 0; edge < overlay.edgeCount; edge++) {
      const [a, b] = [overlay.edgeSource[edge]!, overlay.edgeTarget[edge]!];
      source.set(overlay.positions.subarray(a * 2, a * 2 + 2), edge * 2);
      target.set(overlay.positions.subarray(b * 2, b * 2 + 2), edge * 2);
      filter[edge * 2] = overlay.frame[b]!;
      filter[edge * 2 + 1] = overlay.slice[b]!;
    }
    this.ends = { overlay, source, target, filter };
    return this.ends;
  }

  private dotFilter: { overlay: TrackOverlay; values: Float32Array } | undefined;

  private dots(overlay: TrackOverlay, frames: [number, number], slices: [number, number]): Layer {
    if (this.dotFilter?.overlay !== overlay) {
      const values = new Float32Array(overlay.count * 2);
      for (let row = 0; row < overlay.count; row++) {
        values[row * 2] = overlay.frame[row]!;
        values[row * 2 + 1] = overlay.slice[row]!;
      }
      this.dotFilter = { overlay, values };
    }
    return new ScatterplotLayer({
      id: 'objects',
      data: {
        length: overlay.count,
        attributes: {
          getPosition: { value: overlay.positions, size: 2 },
          getRadius: { value: overlay.radius, size: 1 },
          getLineColor: { value: this.colours!.values, size: 3, normalized: true },
          getFilterValue: { value: this.dotFilter.values, size: 2 },
        },
      },
      stroked: true,
      filled: false,
      radiusUnits: 'common',
      radiusMinPixels: 4,
      lineWidthUnits: 'pixels',
      getLineWidth: 2,
      extensions: [new DataFilterExtension({ filterSize: 2 })],
      filterRange: [frames, slices],
      parameters: { depthCompare: 'always' },
    } as never);
  }

  private ring(overlay: TrackOverlay, row: number): Layer {
    return new ScatterplotLayer({
      id: 'selected',
      data: [row],
      getPosition: () => [overlay.positions[row * 2]!, overlay.positions[row * 2 + 1]!],
      getRadius: () => overlay.radius[row]! * 1.25,
      stroked: true,
      filled: false,
      radiusUnits: 'common',
      radiusMinPixels: 9,
      lineWidthUnits: 'pixels',
      getLineWidth: 3,
      getLineColor: selectionColour,
      updateTriggers: { getPosition: row, getRadius: row },
      parameters: { depthCompare: 'always' },
    } as never);
  }
}
