import type { Layer } from '@deck.gl/core';
import { LineLayer, TextLayer } from '@deck.gl/layers';
import type { Box3, Vector3 } from './volume-space.ts';

type Place = [number, number, number];
type Colour = [number, number, number, number];

/** Colours of the axes x, y and z: told apart by colour-blind readers (Okabe and Ito). */
const axisColours: readonly Colour[] = [
  [230, 159, 0, 255],
  [86, 180, 233, 255],
  [0, 158, 115, 255],
];
const edgeColour: Colour = [255, 255, 255, 70];

/**
 * The edges of a box, its three axes from the first voxel on, each with its name and length.
 * @param write words at the end of an axis, such as "x 25.6 µm"
 */
export function volumeBoxLayers(
  box: Box3,
  modelMatrix: Float64Array,
  write: (axis: keyof Vector3, length: number) => string,
): Layer[] {
  const ends = [box.low, box.high];
  const corner = (x: number, y: number, z: number): Place => [ends[x]!.x, ends[y]!.y, ends[z]!.z];
  const edges: { from: Place; to: Place; colour: Colour }[] = [];
  const add = (from: Place, to: Place, isAxis: boolean, axis: number) =>
    edges.push({ from, to, colour: isAxis ? axisColours[axis]! : edgeColour });
  for (const a of [0, 1])
    for (const b of [0, 1]) {
      add(corner(0, a, b), corner(1, a, b), a + b === 0, 0);
      add(corner(a, 0, b), corner(a, 1, b), a + b === 0, 1);
      add(corner(a, b, 0), corner(a, b, 1), a + b === 0, 2);
    }
  const labels = (['x', 'y', 'z'] as const).map((axis, at) => ({
    at: corner(at === 0 ? 1 : 0, at === 1 ? 1 : 0, at === 2 ? 1 : 0),
    words: write(axis, box.high[axis] - box.low[axis]),
    colour: axisColours[at]!,
  }));
  return [
    new LineLayer<(typeof edges)[number]>({
      id: 'volume-box',
      data: edges,
      modelMatrix,
      getSourcePosition: (edge) => edge.from,
      getTargetPosition: (edge) => edge.to,
      getColor: (edge) => edge.colour,
      getWidth: (edge) => (edge.colour === edgeColour ? 1 : 2),
      parameters: { depthCompare: 'always', depthWriteEnabled: false },
    }),
    new TextLayer<(typeof labels)[number]>({
      id: 'volume-box-lengths',
      data: labels,
      modelMatrix,
      getPosition: (label) => label.at,
      getText: (label) => label.words,
      getColor: (label) => label.colour,
      getSize: 13,
      getPixelOffset: [0, -10],
      fontFamily: 'Inter, sans-serif',
      characterSet: 'auto',
      parameters: { depthCompare: 'always', depthWriteEnabled: false },
    }),
  ];
}
