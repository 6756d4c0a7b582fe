import { defineIssues } from '@micrarium/model';

/** What a Parquet table of tracks can have wrong, or cannot hold. */
export const parquetIssue = defineIssues({
  'parquet-unreadable': {
    severity: 'error',
    meaning:
      'A Parquet file cannot be read: it is cut off, damaged, or uses an encoding or compression we do not know.',
    hint: 'Copy the file again, or write it with Snappy, Zstandard or Gzip compression.',
  },
  'parquet-too-many-rows': {
    severity: 'error',
    meaning: 'The file announces more rows than a file of its size can hold. It is not read.',
  },
  'parquet-no-tracks': {
    severity: 'error',
    meaning: 'The table has no columns object_id, frame, x and y, so it is no table of objects.',
    hint: 'Name the columns object_id, frame, x and y, and put edges in a second table edges.parquet.',
  },
  'parquet-column-left-out': {
    severity: 'warning',
    meaning: 'A column holds nested or binary values, which our tables have no place for. It is left out.',
  },
  'shapes-without-object': {
    severity: 'warning',
    meaning:
      'Outlines in vertices.parquet belong to no object, or are not in the order of the objects. They are left out.',
  },
  'no-edges-table': {
    severity: 'info',
    meaning: 'There is no table of edges beside the objects, so the set holds objects without tracks.',
  },
});
