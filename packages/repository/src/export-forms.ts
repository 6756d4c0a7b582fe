import { formatById, type ImageWriter, objectTableWriter, omeZarrWriter, type TrackWriter } from '@micrarium/formats';
import { defineIssues, type Issue, type TrackSet } from '@micrarium/model';

/** Issues of exports that are a part of what there is by intention. */
export const exportIssue = defineIssues({
  'export-edges-only': {
    severity: 'info',
    meaning: 'The table holds the edges between objects and their features, and nothing of the objects themselves.',
    hint: 'Take the table of objects as well; the ids in both are the same.',
    example: 'A set of 243 objects and 230 edges is downloaded as `edges.csv`: 230 rows, no positions.',
  },
});

/** Forms a set of tracks can be exported in, and the table its own tables are in. */
export const trackForms = [
  'objects.csv',
  'edges.csv',
  'cmso.zip',
  'geff.zip',
  'trackmate.xml',
  'napari.zip',
  'bd5.h5',
  'bdml.xml',
] as const;

/** Forms an image can be exported in. */
export const imageForms = ['ome-zarr-0.4.zip', 'ome.tif'] as const;

/** Forms an item can be exported in. */
export const exportForms = [...trackForms, ...imageForms] as const;

/** Name of an export form. */
export type ExportForm = (typeof exportForms)[number];

/** Name of an export form of tracks. */
export type TrackForm = (typeof trackForms)[number];

/** Name of an export form of images. */
export type ImageForm = (typeof imageForms)[number];

/** How sets are written in a form; tables of CSV are streams of their own. */
const writers: Record<Exclude<TrackForm, 'objects.csv' | 'edges.csv'>, () => Promise<TrackWriter>> = {
  'cmso.zip': () => writerOf('cmso'),
  'geff.zip': () => writerOf('geff'),
  'trackmate.xml': () => writerOf('trackmate'),
  'napari.zip': () => writerOf('napari'),
  'bd5.h5': () => writerOf('bd5'),
  'bdml.xml': () => writerOf('bdml'),
};

/** Media type of an export. */
export const exportMediaType = (form: ExportForm): string =>
  ({
    csv: 'text/csv',
    zip: 'application/zip',
    xml: 'application/xml',
    h5: 'application/x-hdf5',
    tif: 'image/tiff',
  })[form.slice(form.lastIndexOf('.') + 1) as 'csv' | 'zip' | 'xml' | 'h5' | 'tif'];

async function writerOf(
  id: 'cmso' | 'geff' | 'trackmate' | 'napari' | 'bd5' | 'bdml' | 'parquet',
): Promise<TrackWriter> {
  return await formatById(id)!.tracks!.writer!();
}

/** Writer of a form of images. */
export async function imageWriter(form: ImageForm): Promise<ImageWriter> {
  if (form === 'ome.tif') return await formatById('ome-tiff')!.images!.writer!();
  return omeZarrWriter({ version: '0.4', container: 'zip' });
}

/** Writer of a form that is not a table of CSV. */
export async function exportWriter(form: Exclude<TrackForm, 'objects.csv' | 'edges.csv'>): Promise<TrackWriter> {
  return await writers[form]();
}

/**
 * What a form cannot hold of a set, in numbers; nothing where it comes back whole. An issue of severity `error` means that the
 * form cannot hold the set at all.
 */
export async function lossesIn(form: TrackForm | 'parquet', set: TrackSet): Promise<Issue[]> {
  if (form === 'objects.csv') return objectTableWriter.losses([set]);
  if (form === 'edges.csv') return edgesOnly(set);
  const writer = form === 'parquet' ? await writerOf('parquet') : await exportWriter(form);
  return writer.losses([set]);
}

function edgesOnly({ name, objects, edges }: TrackSet): Issue[] {
  const features = objects.columns.length > 0 ? ` with ${objects.columns.length} features` : '';
  const message = `${objects.count} objects${features}: the table holds the ${edges.count} edges only`;
  return [exportIssue('export-edges-only', message, { where: { field: name } })];
}
