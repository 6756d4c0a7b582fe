import type { ImagePixels } from '@micrarium/formats';
import type { PlateLayout } from '@micrarium/model';

/** Rows or columns of the largest plate that is laid out: those of 6,144 wells have 64 and 96. */
const mostNames = 1000;

/**
 * The plate that the images of an item make up. `undefined` where they are of none, or of several.
 * @param images in the order in which the item names them
 */
export function plateLayout(images: readonly Pick<ImagePixels, 'place'>[]): PlateLayout | undefined {
  const first = images.find(({ place }) => place)?.place;
  if (!first || first.rows.length > mostNames || first.columns.length > mostNames) return undefined;
  const rows = new Map(first.rows.map((name, index) => [name, index]));
  const columns = new Map(first.columns.map((name, index) => [name, index]));
  const wells = new Map<string, PlateLayout['wells'][number]>();
  for (const [image, { place }] of images.entries()) {
    if (!place) continue;
    const [row, column] = [rows.get(place.row), columns.get(place.column)];
    // A well that the plate does not list stands nowhere on it; its images are still images.
    if (place.plate !== first.plate || row === undefined || column === undefined) continue;
    const key = `${row} ${column}`;
    const well = wells.get(key) ?? { row, column, fields: [] };
    wells.set(key, well);
    const { field, acquisition } = place;
    well.fields.push({ image, name: field, ...(acquisition === undefined ? {} : { acquisition }) });
  }
  if (wells.size === 0) return undefined;
  const { plate: name } = first;
  const order = [...wells.values()].sort((a, b) => a.row - b.row || a.column - b.column);
  return { name, rows: [...first.rows], columns: [...first.columns], wells: order };
}
