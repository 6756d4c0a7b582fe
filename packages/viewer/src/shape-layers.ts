import type { Layer } from '@deck.gl/core';
import { PathLayer, SolidPolygonLayer } from '@deck.gl/layers';
import type { Outline } from './outlines.ts';

type Colour = [number, number, number, number];

/** Outlines as layers: filled where wanted, each in the colour of its object. */
export function shapeLayers(outlines: Outline[], colours: Uint8Array, isFilled: boolean, selected: number): Layer[] {
  const colour =
    (opacity: number) =>
    (one: Outline): Colour =>
      one.row === selected
        ? [20, 216, 168, opacity]
        : [colours[one.row * 3]!, colours[one.row * 3 + 1]!, colours[one.row * 3 + 2]!, opacity];
  const parameters = { depthCompare: 'always' } as const;
  const updateTriggers = { getColor: [colours, selected], getFillColor: [colours, selected], getWidth: selected };
  const layers: Layer[] = [];
  if (isFilled)
    layers.push(
      new SolidPolygonLayer<Outline>({
        id: 'shapes-filled',
        data: outlines.filter((one) => one.isClosed),
        getPolygon: (one) => one.path,
        getFillColor: colour(90),
        updateTriggers,
        parameters,
      }),
    );
  layers.push(
    new PathLayer<Outline>({
      id: 'shapes',
      data: outlines,
      getPath: (one) => (one.isClosed ? [...one.path, one.path[0]!] : one.path),
      getColor: colour(240),
      getWidth: (one) => (one.row === selected ? 3 : 1.5),
      widthUnits: 'pixels',
      updateTriggers,
      parameters,
    }),
  );
  return layers;
}
