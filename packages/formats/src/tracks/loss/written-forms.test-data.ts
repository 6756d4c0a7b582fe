import type { TrackSet } from '@micrarium/model';
import type { FormatId } from '../../recognition/format-id.ts';
import type { TrackWriterChoices } from '../../recognition/descriptor.ts';
import { formatById } from '../../recognition/registry.ts';
import type { TrackWriter } from '../track-reader.ts';

/** A form that sets are written in, and where. */
export interface WrittenForm {
  title: string;
  format: FormatId;
  /** File or folder. */
  path: string;
  choices?: TrackWriterChoices;
  /** Makes sets fit for the form where others are refused. */
  fit?(set: TrackSet): TrackSet;
}

/** Positions within an image of some hundred pixels. */
function small(set: TrackSet): TrackSet {
  const { z, ...objects } = set.objects;
  const within = (values: Float64Array, size: number) => values.map((value) => value % size);
  return {
    ...set,
    objects: {
      ...objects,
      x: within(objects.x, 300),
      y: within(objects.y, 300),
      ...(z ? { z: within(z, 6) } : {}),
    },
  };
}

/** Every form that tracks are written in. */
export const writtenForms: readonly WrittenForm[] = [
  { title: 'CMSO packages', format: 'cmso', path: 'out' },
  { title: 'GEFF', format: 'geff', path: 'out.geff' },
  { title: 'Parquet tables', format: 'parquet', path: 'out' },
  { title: 'a table of objects', format: 'delimited', path: 'out.csv', choices: { container: 'file' } },
  { title: 'a folder of tables', format: 'delimited', path: 'out', choices: { container: 'folder' } },
  { title: 'TrackMate XML', format: 'trackmate', path: 'out.xml' },
  { title: 'napari tables', format: 'napari', path: 'out' },
  { title: 'Cell Tracking Challenge', format: 'ctc', path: 'out', fit: small },
  { title: 'BD5', format: 'bd5', path: 'out.bd5.h5' },
  { title: 'BD5 as published', format: 'bd5', path: 'out.bd5.h5', choices: { bd5Layout: 'published' } },
  { title: 'BDML 0.18', format: 'bdml', path: 'out.bdml.xml', choices: { bdmlVersion: '0.18' } },
  { title: 'MTrackJ', format: 'mtrackj', path: 'out.mdf' },
  { title: 'ISBI challenge XML', format: 'isbi', path: 'out.xml' },
  { title: 'btrack stores', format: 'btrack', path: 'out.h5' },
  { title: 'BDML 3.0', format: 'bdml', path: 'out.bdml.xml', choices: { bdmlVersion: '3.0' } },
];

/** Writer of a form. */
export async function loadWriter({ format, choices }: WrittenForm): Promise<TrackWriter> {
  return await formatById(format)!.tracks!.writer!(choices);
}
