import type { Layer } from '@deck.gl/core';
import { LineLayer, ScatterplotLayer } from '@deck.gl/layers';
import type { ImageSource } from './sources.ts';
import type { ViewState } from './view-state.ts';

type Segment = [[number, number], [number, number]];

const casing: [number, number, number, number] = [10, 12, 14, 170];
const lineColour: [number, number, number, number] = [255, 255, 255, 255];
const sectionColour: [number, number, number, number] = [240, 228, 66, 210];

/** What a person marked in the image: the measured line and the place of the sections. */
export function markLayers({ line, sections }: ViewState, source: ImageSource): Layer[] {
  const layers: Layer[] = [];
  if (sections) {
    const { width, height } = source.levels[0]!;
    const cross: Segment[] = [
      [
        [-0.5, sections.y],
        [width - 0.5, sections.y],
      ],
      [
        [sections.x, -0.5],
        [sections.x, height - 0.5],
      ],
    ];
    layers.push(segments('sections', cross, sectionColour, 1));
  }
  if (line) {
    const ends: Segment = [
      [line.x1, line.y1],
      [line.x2, line.y2],
    ];
    layers.push(segments('line-casing', [ends], casing, 5), segments('line', [ends], lineColour, 2), handles(ends));
  }
  return layers;
}

function segments(id: string, data: Segment[], colour: [number, number, number, number], width: number): Layer {
  return new LineLayer<Segment>({
    id,
    data,
    getSourcePosition: (one) => one[0],
    getTargetPosition: (one) => one[1],
    getColor: colour,
    getWidth: width,
    widthUnits: 'pixels',
    parameters: { depthCompare: 'always' },
  });
}

function handles(ends: Segment): Layer {
  return new ScatterplotLayer<[number, number]>({
    id: 'line-ends',
    data: ends,
    getPosition: (one) => one,
    getRadius: 4,
    radiusUnits: 'pixels',
    filled: true,
    stroked: true,
    getFillColor: lineColour,
    getLineColor: casing,
    lineWidthUnits: 'pixels',
    getLineWidth: 1,
    parameters: { depthCompare: 'always' },
  });
}
