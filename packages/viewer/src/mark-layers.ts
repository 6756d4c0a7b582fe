import type { Layer } from '@deck.gl/core';
import { LineLayer, ScatterplotLayer, SolidPolygonLayer, TextLayer } from '@deck.gl/layers';
import { type ImagePoint, type Mark, measureMark } from './marks.ts';
import type { ImageSource } from './sources.ts';
import type { ViewState } from './view-state.ts';

type Place = [number, number];
type Segment = [Place, Place];
type Colour = [number, number, number, number];

const casing: Colour = [10, 12, 14, 170];
const lineColour: Colour = [255, 255, 255, 255];
const insideColour: Colour = [255, 255, 255, 28];
const sectionColour: Colour = [240, 228, 66, 210];

/** What a person marked in the image: the measured line, angles and areas, and the place of the sections. */
export function markLayers({ line, marks = [], sections }: ViewState, source: ImageSource): Layer[] {
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
  const areas = marks.filter(({ kind }) => kind === 'area').map(({ points }) => points.map(placeOf));
  if (areas.length > 0) layers.push(inside('areas', areas));
  const lines: Segment[] = marks.flatMap(linesOf);
  const ends: Place[] = marks.flatMap(({ points }) => points.map(placeOf));
  if (line) {
    lines.push([
      [line.x1, line.y1],
      [line.x2, line.y2],
    ]);
    ends.push([line.x1, line.y1], [line.x2, line.y2]);
  }
  if (lines.length > 0)
    layers.push(
      segments('line-casing', lines, casing, 5),
      segments('line', lines, lineColour, 2),
      handles('line-ends', ends),
    );
  if (marks.length > 0) layers.push(numbers('mark-numbers', marks, source.description));
  return layers;
}

/** The number of each mark, as tables have it. */
function numbers(id: string, marks: readonly Mark[], image: ImageSource['description']): Layer {
  const data = marks.map((mark, at) => ({ text: String(at + 1), place: placeOf(measureMark(mark, image).at), mark }));
  return new TextLayer<(typeof data)[number]>({
    id,
    data,
    getText: ({ text }) => text,
    getPosition: ({ place }) => place,
    // Beside the apex of an angle, in the middle of an area.
    getPixelOffset: ({ mark }) => (mark.kind === 'angle' ? [12, -12] : [0, 0]),
    getSize: 14,
    getColor: lineColour,
    fontFamily: 'Inter, sans-serif',
    fontWeight: 600,
    fontSettings: { sdf: true },
    outlineWidth: 3,
    outlineColor: [10, 12, 14, 255],
    parameters: { depthCompare: 'always' },
  });
}

/** A mark that is being made: its points so far, and on to the hand. */
export function begunLayers({ kind, points }: Mark, hand: ImagePoint | undefined): Layer[] {
  const all = hand ? [...points, hand] : [...points];
  const lines = joined(all, kind === 'area' && all.length > 2);
  return [
    segments('begun-casing', lines, casing, 5),
    segments('begun', lines, sectionColour, 2),
    handles('begun-ends', points.map(placeOf)),
  ];
}

const placeOf = ({ x, y }: ImagePoint): Place => [x, y];

const linesOf = ({ kind, points }: Mark): Segment[] => joined(points, kind === 'area');

function joined(points: readonly ImagePoint[], isClosed: boolean): Segment[] {
  return points.flatMap((point, at): Segment[] => {
    const next = points[at + 1] ?? (isClosed ? points[0] : undefined);
    return next ? [[placeOf(point), placeOf(next)]] : [];
  });
}

function inside(id: string, data: Place[][]): Layer {
  return new SolidPolygonLayer<Place[]>({
    id,
    data,
    getPolygon: (one) => one,
    getFillColor: insideColour,
    parameters: { depthCompare: 'always' },
  });
}

function segments(id: string, data: Segment[], colour: Colour, width: number): Layer {
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

function handles(id: string, data: Place[]): Layer {
  return new ScatterplotLayer<Place>({
    id,
    data,
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
