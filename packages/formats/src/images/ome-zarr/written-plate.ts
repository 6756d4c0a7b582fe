import type { ImagePixels, LabelImage, PlatePlace } from '../image-reader.ts';
import type { Json, WrittenVersion } from './written-metadata.ts';

/** A plate as its metadata describe it. */
export interface PlateToWrite {
  name: string;
  rows: readonly string[];
  columns: readonly string[];
  places: readonly PlatePlace[];
}

const isName = (name: string): boolean => /^[A-Za-z0-9]+$/.test(name);

/** Path of the group of a field. */
export function fieldPath({ row, column, field }: PlatePlace): string {
  return `${row}/${column}/${field}`;
}

/**
 * The plate that images make up: all have a place in one plate, no two the same. `undefined` where they do not; one image
 * alone is written as an image.
 */
export function plateOf(images: readonly ImagePixels[]): PlateToWrite | undefined {
  const places = images.flatMap(({ place }) => place ?? []);
  const [first] = places;
  if (!first || images.length < 2 || places.length < images.length) return undefined;
  const { plate: name, rows, columns } = first;
  const fits = places.every(
    (place) =>
      place.plate === name &&
      rows.includes(place.row) &&
      columns.includes(place.column) &&
      [place.row, place.column, place.field].every(isName),
  );
  if (!fits || new Set(places.map(fieldPath)).size < places.length) return undefined;
  return { name, rows, columns, places };
}

/** Groups of a plate above its images: the plate, its rows and its wells, only those that hold images. */
export function plateGroups(
  { name, rows, columns, places }: PlateToWrite,
  version: WrittenVersion,
): { path: string; ome: { [key: string]: Json } }[] {
  const block = version === '0.4' ? { version } : {};
  const wells = Map.groupBy(places, ({ row, column }) => `${row}/${column}`);
  const acquisitions = [...new Set(places.map(({ acquisition }) => acquisition))].filter((id) => id !== undefined);
  const most = Math.max(...[...wells.values()].map((fields) => fields.length));
  const plate: { [key: string]: Json } = {
    ...block,
    ...(name === '' ? {} : { name }),
    rows: rows.map((row) => ({ name: row })),
    columns: columns.map((column) => ({ name: column })),
    wells: [...wells].map(([path, [first]]) => ({
      path,
      rowIndex: rows.indexOf(first!.row),
      columnIndex: columns.indexOf(first!.column),
    })),
    field_count: most,
    ...(acquisitions.length > 0
      ? { acquisitions: acquisitions.map((id) => ({ id, name: `acquisition ${id}`, maximumfieldcount: most })) }
      : {}),
  };
  const rowGroups = [...new Set(places.map(({ row }) => row))].map((path) => ({ path, ome: {} }));
  const wellGroups = [...wells].map(([path, fields]) => ({
    path,
    ome: {
      well: {
        ...block,
        images: fields.map(({ field, acquisition }) => ({
          path: field,
          ...(acquisition === undefined ? {} : { acquisition }),
        })),
      },
    },
  }));
  return [{ path: '', ome: { plate } }, ...rowGroups, ...wellGroups];
}

/** The `image-label` block; empty lists are not allowed and left out. */
export function labelBlock({ colors, properties }: Omit<LabelImage, 'image'>, version: WrittenVersion): Json {
  return {
    ...(version === '0.4' ? { version } : {}),
    ...(colors.length === 0
      ? {}
      : { colors: colors.map(({ value, rgba }) => ({ 'label-value': value, ...(rgba ? { rgba: [...rgba] } : {}) })) }),
    ...(properties.length === 0
      ? {}
      : {
          properties: properties.map(({ value, ...rest }) => ({
            'label-value': value,
            ...(rest as { [key: string]: Json }),
          })),
        }),
    source: { image: '../../' },
  };
}
