import { stat } from 'node:fs/promises';
import { type FormatDescriptor, type FormatId, formatById, formatIds, formats } from '@micrarium/formats';
import { UsageError } from './terminal.ts';

/** The format to write. */
export type Target = FormatDescriptor;

const byExtension: readonly (readonly [RegExp, FormatId])[] = [
  [/\.(zarr|ozx)$/i, 'ome-zarr'],
  [/\.ome\.tiff?$/i, 'ome-tiff'],
  [/\.tiff?$/i, 'imagej-tiff'],
  [/\.parquet$/i, 'parquet'],
  [/\.(h5|hdf5|bd5)$/i, 'bd5'],
  [/\.bdml$|[._]bdml[\d.]*\.xml$/i, 'bdml'],
  [/\.(csv|tsv)$/i, 'delimited'],
  [/\.cmso(\.zip)?$/i, 'cmso'],
];

function canWrite(format: FormatDescriptor): boolean {
  return format.tracks?.writer !== undefined || format.images?.writer !== undefined;
}

/** Ids that `--to` takes. */
export function writableFormats(): FormatId[] {
  return formats.filter(canWrite).map(({ id }) => id);
}

/**
 * The target format: as said, else by the extension of OUT.
 * @throws UsageError that lists what can be written
 */
export function targetFormat(to: string | undefined, out: string): Target {
  const list = writableFormats().join(', ');
  const id = to ?? byExtension.find(([pattern]) => pattern.test(out.replace(/\/+$/, '')))?.[1];
  if (id === undefined)
    throw new UsageError(`the name ${out} does not say the target format: give --to with one of ${list}`);
  const known = formatIds.find((format) => format === id);
  if (!known) throw new UsageError(`"${id}" is no format; --to takes one of ${list}`);
  const format = formatById(known);
  if (!format || !canWrite(format))
    throw new UsageError(`${format?.name ?? id} cannot be written; --to takes one of ${list}`);
  return format;
}

/** Does anything exist at the path? */
export async function existsAt(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
