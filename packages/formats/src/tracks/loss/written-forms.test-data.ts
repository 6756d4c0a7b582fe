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
];

/** Writer of a form. */
export async function loadWriter({ format, choices }: WrittenForm): Promise<TrackWriter> {
  return await formatById(format)!.tracks!.writer!(choices);
}
