import { measureDefinitions, pathMeasureIds } from '@micrarium/model';
import type { ViewName } from './statement.ts';

/** Type of a column, as DuckDB names it. */
export type SqlType = 'VARCHAR' | 'BIGINT' | 'INTEGER' | 'DOUBLE' | 'BOOLEAN';

/** A documented column. */
export interface ViewColumn {
  name: string;
  type: SqlType;
  description: string;
}

/** A documented view. */
export interface ViewDescription {
  name: ViewName;
  description: string;
  columns: readonly ViewColumn[];
  /** Do columns of the deposited files stand beside these, by their own names? */
  hasFeatures: boolean;
}

type Row = readonly [name: string, type: SqlType, description: string];
const columns = (...rows: readonly Row[]): ViewColumn[] =>
  rows.map(([name, type, description]) => ({ name, type, description }));

const ofStudy: readonly Row[] = [
  ['accession', 'VARCHAR', 'Study, as MIC-000001'],
  ['version', 'INTEGER', 'Version of the study'],
];
const ofSet: readonly Row[] = [...ofStudy, ['dataset', 'VARCHAR', 'Set of objects, as in `datasets`']];
const units: readonly Row[] = [
  ['length_unit', 'VARCHAR', 'micrometer wherever lengths are physical; else pixel or unknown'],
  ['time_unit', 'VARCHAR', 'second wherever times are physical; else frame, month or year'],
];
const described: readonly Row[] = [
  ['organism', 'VARCHAR', 'Several joined by "; ", as in all fields of this kind'],
  ['cell_type', 'VARCHAR', 'Cell type or cell line'],
  ['treatment', 'VARCHAR', 'Treatment or condition'],
  ['imaging_method', 'VARCHAR', 'Imaging method'],
  ['licence', 'VARCHAR', 'Licence, as CC-BY-4.0'],
];

/** The views over everything that is public, and their columns. Positions, times and measures are in micrometers and seconds wherever they are physical. */
export const views: readonly ViewDescription[] = [
  {
    name: 'studies',
    description: 'One row for each public study, in its newest version',
    hasFeatures: false,
    columns: columns(
      ...ofStudy,
      ['title', 'VARCHAR', 'Title'],
      ...described,
      ['tier', 'VARCHAR', 'archive or database'],
      ['published_at', 'VARCHAR', 'ISO 8601'],
      ['year', 'INTEGER', 'Year of publication'],
      ['doi', 'VARCHAR', 'DOI, where it has one'],
      ['files', 'BIGINT', 'Number of files'],
      ['bytes', 'BIGINT', 'Their size'],
      ['images', 'INTEGER', 'Number of images'],
      ['datasets', 'INTEGER', 'Sets of objects'],
    ),
  },
  {
    name: 'datasets',
    description: 'One row for each set of objects or tracks: one file, or one part of a file',
    hasFeatures: false,
    columns: columns(
      ...ofSet,
      ['item', 'VARCHAR', 'Item of the study it lies in'],
      ['part', 'INTEGER', 'Number of the set in the item, from 0'],
      ['path', 'VARCHAR', 'File'],
      ['name', 'VARCHAR', 'Name of the set'],
      ['title', 'VARCHAR', 'Title of the study'],
      ...described,
      ['year', 'INTEGER', 'Year of publication'],
      ['dimensions', 'INTEGER', '2, or 3 where z is there and varies'],
      ['software', 'VARCHAR', 'Program that made the objects and tracks'],
      ...units,
      ['original_length_unit', 'VARCHAR', 'As in the file'],
      ['original_time_unit', 'VARCHAR', 'As in the file'],
      ['frame_interval', 'DOUBLE', 'Time between frames, in time_unit'],
      ['objects', 'BIGINT', 'Objects'],
      ['edges', 'BIGINT', 'Edges between objects'],
      ['links', 'BIGINT', 'Unbranched chains'],
      ['tracks', 'BIGINT', 'Tracks'],
      ['frames', 'BIGINT', 'Frames with objects'],
      ['splits', 'BIGINT', 'Objects with several successors'],
      ['merges', 'BIGINT', 'Objects with several predecessors'],
    ),
  },
  {
    name: 'images',
    description: 'One row for each image',
    hasFeatures: false,
    columns: columns(
      ...ofStudy,
      ['item', 'VARCHAR', 'Item of the study'],
      ['image', 'INTEGER', 'Number of the image in the item, from 0'],
      ['name', 'VARCHAR', 'Name of the image'],
      ['path', 'VARCHAR', 'File'],
      ['format', 'VARCHAR', 'Format it was deposited in'],
      ['pixel_type', 'VARCHAR', 'Type of a pixel, as uint16'],
      ['size_x', 'INTEGER', 'Pixels'],
      ['size_y', 'INTEGER', 'Pixels'],
      ['size_z', 'INTEGER', 'Planes'],
      ['size_c', 'INTEGER', 'Channels'],
      ['size_t', 'INTEGER', 'Time points'],
      ['voxel_x', 'DOUBLE', 'micrometers; missing where not physical'],
      ['voxel_y', 'DOUBLE', 'micrometers'],
      ['voxel_z', 'DOUBLE', 'micrometers'],
      ['time_step', 'DOUBLE', 'seconds'],
      ['channels', 'VARCHAR', 'Names of the channels, joined by "; "'],
      ['well', 'VARCHAR', 'Well of a plate, as B7'],
    ),
  },
  {
    name: 'features',
    description:
      'One row for each column that came with the objects of a set: what stands in `objects` beside its own columns',
    hasFeatures: false,
    columns: columns(
      ...ofSet,
      ['name', 'VARCHAR', 'Name of the column'],
      ['type', 'VARCHAR', 'int, float, string or bool'],
      ['unit', 'VARCHAR', 'Unit, as in the file'],
      ['description', 'VARCHAR', 'What the file says of it'],
    ),
  },
  {
    name: 'feature_values',
    description:
      'One row for each value of a feature table (screens, endpoint and non-imaging assays), with what its row of the table is about; group by gene, compound or cell_line',
    hasFeatures: false,
    columns: columns(
      ...ofStudy,
      ['dataset', 'VARCHAR', 'Item that holds the table, as MIC-000001_ieh7twwhan6s'],
      ['table_name', 'VARCHAR', 'Sheet, or stem of the file'],
      ['table_row', 'BIGINT', 'Row of the table, from 1'],
      ['gene', 'VARCHAR', 'As the row of the table says, where it does'],
      ['compound', 'VARCHAR', 'Of a column called compound, drug, treatment or the like'],
      ['cell_line', 'VARCHAR', 'Of a column of that name, else cell line or cell type of the study'],
      ['sample', 'VARCHAR', 'As the row says'],
      ['plate', 'VARCHAR', 'As the row says'],
      ['well', 'VARCHAR', 'As the row says'],
      ['image', 'VARCHAR', 'As the row says'],
      ['object', 'VARCHAR', 'As the row says'],
      ['feature', 'VARCHAR', 'Column of the table'],
      ['value', 'VARCHAR', 'Value as text; a missing one has no row'],
      ['number', 'DOUBLE', 'Value, where the column holds numbers'],
      ['unit', 'VARCHAR', 'Unit of the column, as told; 1 for plain numbers'],
    ),
  },
  {
    name: 'tracks',
    description: 'One row for each track: objects joined by edges, with all branches',
    hasFeatures: true,
    columns: columns(
      ...ofSet,
      ['track_id', 'INTEGER', 'Track, unique in its set'],
      ['first_frame', 'INTEGER', 'First frame with an object, from 0'],
      ['last_frame', 'INTEGER', 'Last frame with an object'],
      ['objects', 'INTEGER', 'Number of objects'],
      ['edges', 'INTEGER', 'Number of edges'],
      ['splits', 'INTEGER', 'Objects with several successors'],
      ['merges', 'INTEGER', 'Objects with several predecessors'],
    ),
  },
  {
    name: 'links',
    description: 'One row for each link: an unbranched chain of objects',
    hasFeatures: false,
    columns: columns(
      ...ofSet,
      ['link_id', 'INTEGER', 'Link, unique in its set'],
      ['track_id', 'INTEGER', 'Track it lies in'],
      ['objects', 'BIGINT', 'Number of objects'],
      ['first_frame', 'INTEGER', 'First frame'],
      ['last_frame', 'INTEGER', 'Last frame'],
    ),
  },
  {
    name: 'edges',
    description: 'One row for each edge: an object and its successor',
    hasFeatures: true,
    columns: columns(
      ...ofSet,
      ['source_object_id', 'BIGINT', 'Earlier object'],
      ['target_object_id', 'BIGINT', 'Later object'],
      ['link_id', 'INTEGER', 'Link it lies in'],
      ['gap', 'BOOLEAN', 'It spans more than one frame'],
      ['split', 'BOOLEAN', 'The earlier object has several successors'],
      ['merge', 'BOOLEAN', 'The later object has several predecessors'],
    ),
  },
  {
    name: 'objects',
    description: 'One row for each object in each frame',
    hasFeatures: true,
    columns: columns(
      ...ofSet,
      ['object_id', 'BIGINT', 'Object, unique in its set'],
      ['frame', 'INTEGER', 'Frame, from 0'],
      ['time', 'DOUBLE', 'Time, where the file says it'],
      ['x', 'DOUBLE', 'Position'],
      ['y', 'DOUBLE', 'Position'],
      ['z', 'DOUBLE', 'Position; missing in planar sets'],
      ['link_id', 'INTEGER', 'Link it lies in'],
      ['track_id', 'INTEGER', 'Track it lies in'],
      ...units,
    ),
  },
  {
    name: 'measures',
    description:
      'One row for each path (a link that is measured) with every measure of its motion; missing where it is undefined, never 0',
    hasFeatures: false,
    columns: columns(
      ...ofSet,
      ['path', 'BIGINT', 'Path, unique in its set'],
      ['track_id', 'BIGINT', 'Track it lies in'],
      ['first_object_id', 'BIGINT', 'First object'],
      ['first_frame', 'BIGINT', 'First frame'],
      ['last_frame', 'BIGINT', 'Last frame'],
      ...units,
      ...pathMeasureIds.map((id): Row => [id, 'DOUBLE', wordsOfMeasure(id)]),
    ),
  },
];

function wordsOfMeasure(id: string): string {
  const { title, unit } = measureDefinitions.get(id)!;
  return unit === 'none' ? title : `${title} (${unit})`;
}

/** The description of a view. */
export function viewOf(name: ViewName): ViewDescription {
  return views.find((one) => one.name === name)!;
}
