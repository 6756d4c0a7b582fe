import type { Layer } from '@deck.gl/core';
import { PathLayer, ScatterplotLayer, SolidPolygonLayer, TextLayer } from '@deck.gl/layers';
import { type DrawnRegion, type ShownShape, shapesOnPlane } from './regions.ts';
import type { ViewState } from './view-state.ts';

const colour: [number, number, number, number] = [255, 176, 60, 255];
const filling: [number, number, number, number] = [255, 176, 60, 76];
const casing: [number, number, number, number] = [10, 12, 14, 200];

/** Regions as outlines with their names; masks are filled, so that the image stays to be seen. */
export function regionLayers(regions: readonly DrawnRegion[], state: ViewState): Layer[] {
  const shapes = shapesOnPlane(regions, state);
  if (shapes.length === 0 || state.hidesRegions) return [];
  const paths = shapes.filter(({ points }) => points.length > 1);
  const masks = shapes.flatMap(({ points, holes }) => (holes ? [{ points, holes }] : []));
  const edges = [...paths, ...masks.flatMap(({ holes }) => holes.map((points) => ({ name: '', points })))];
  const single = shapes.filter(({ points }) => points.length === 1);
  const parameters = { depthCompare: 'always' } as const;
  const lines = (id: string, width: number, getColor: typeof colour) =>
    new PathLayer<ShownShape>({
      id,
      data: edges,
      getPath: ({ points }) => points,
      getColor,
      getWidth: width,
      widthUnits: 'pixels',
      parameters,
    });
  return [
    new SolidPolygonLayer<(typeof masks)[number]>({
      id: 'region-masks',
      data: masks,
      getPolygon: ({ points, holes }) => [points, ...holes],
      getFillColor: filling,
      parameters,
    }),
    lines('regions-casing', 4, casing),
    lines('regions', 2, colour),
    new ScatterplotLayer<ShownShape>({
      id: 'region-points',
      data: single,
      getPosition: ({ points }) => points[0]!,
      getRadius: 4,
      radiusUnits: 'pixels',
      getFillColor: colour,
      stroked: true,
      getLineColor: casing,
      lineWidthUnits: 'pixels',
      getLineWidth: 1,
      parameters,
    }),
    new TextLayer<ShownShape>({
      id: 'region-names',
      data: shapes.filter(({ name }) => name !== ''),
      getText: ({ name }) => name,
      getPosition: ({ points }) => points[0]!,
      getPixelOffset: [6, -9],
      getTextAnchor: 'start',
      characterSet: 'auto',
      getSize: 14,
      getColor: colour,
      fontFamily: 'Inter, sans-serif',
      fontWeight: 600,
      fontSettings: { sdf: true },
      outlineWidth: 3,
      outlineColor: casing,
      parameters,
    }),
  ];
}
