import type { ColumnDescription, ColumnType, TrackSet } from '@micrarium/model';
import type { OwnExtra } from '../geff/own-extra.ts';
import { cmsoTables } from './data-package.ts';

/** A column of a table as it is written. */
export interface WrittenField {
  name: string;
  type: ColumnType;
  unit?: string;
  description?: string;
  sourceKey?: string;
  /** The text that stands for no value, where an empty cell is a text; `null` where every row has a value. */
  missing?: string | null;
  /** The feature the field holds, where it is one. */
  column?: ColumnDescription;
}

/** A file of the package with its size and digest. */
export interface WrittenFile {
  path: string;
  bytes: number;
  sha256: string;
}

const fieldTypes: Readonly<Record<ColumnType, string>> = {
  float: 'number',
  int: 'integer',
  bool: 'boolean',
  string: 'string',
};

/** A package name by the rule of both versions: lower-case letters, digits, `_`, `.`, `-`. */
export function packageName(title: string): string {
  const name = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return name === '' ? 'cmso_tracks' : name.slice(0, 100);
}

const integer = (name: string): WrittenField => ({ name, type: 'int' });
const linkFields = [integer('cmso_link_id'), integer('cmso_object_id')];
const trackFields = [integer('cmso_track_id'), integer('cmso_link_id')];

/** Descriptor by version 2 of the Data Package standard, with units, sizes, digests and the provenance of the set. */
export function dataPackageV2(
  set: TrackSet,
  title: string,
  fields: readonly WrittenField[],
  files: { objects: WrittenFile; links: WrittenFile; tracks: WrittenFile },
  features: readonly { name: string; file: WrittenFile; fields: readonly WrittenField[] }[] = [],
): string {
  const field = (one: WrittenField) => ({
    name: one.name,
    type: fieldTypes[one.type],
    ...(one.description ? { description: one.description } : {}),
    ...(one.unit ? { unit: one.unit } : {}),
    ...(one.sourceKey ? { sourceKey: one.sourceKey } : {}),
    ...(one.missing === undefined ? {} : { missingValues: one.missing === null ? [] : [one.missing] }),
    ...(one.name === 'cmso_object_id' ? { constraints: { required: true, unique: true } } : {}),
  });
  const resource = (name: string, file: WrittenFile, schema: object) => ({
    name,
    path: file.path,
    type: 'table',
    format: 'csv',
    mediatype: 'text/csv',
    encoding: 'utf-8',
    bytes: file.bytes,
    hash: `sha256:${file.sha256}`,
    schema,
  });
  const descriptor = {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: packageName(title),
    title,
    ...(set.spaceUnit ? { cmso_space_unit: set.spaceUnit } : {}),
    ...(set.timeUnit ? { cmso_time_unit: set.timeUnit } : {}),
    ...(set.sourceFrameBase === undefined ? {} : { cmso_frame_base: set.sourceFrameBase }),
    ...(Object.keys(set.provenance).length > 0 ? { provenance: set.provenance } : {}),
    micrarium: ownNotes(set, fields, features),
    resources: [
      resource(cmsoTables.objects, files.objects, {
        fields: fields.map(field),
        primaryKey: ['cmso_object_id'],
        missingValues: [''],
      }),
      resource(cmsoTables.links, files.links, {
        fields: linkFields.map((one) => ({ name: one.name, type: 'integer' })),
        foreignKeys: [
          { fields: ['cmso_object_id'], reference: { resource: cmsoTables.objects, fields: ['cmso_object_id'] } },
        ],
      }),
      resource(cmsoTables.tracks, files.tracks, {
        fields: trackFields.map((one) => ({ name: one.name, type: 'integer' })),
      }),
      ...features.map((table) =>
        resource(table.name, table.file, { fields: table.fields.map(field), missingValues: [''] }),
      ),
    ],
  };
  return `${JSON.stringify(descriptor, undefined, 2)}\n`;
}

/** What the standard has no place for, so that our reader gives the set back as it was: units as spelled, names, types. */
function ownNotes(
  set: TrackSet,
  fields: readonly WrittenField[],
  features: readonly { name: string; fields: readonly WrittenField[] }[],
): OwnExtra {
  const { objects, edges: _, sourceTracks, ...about } = set;
  const notes = (all: readonly WrittenField[] = []) =>
    all.flatMap(({ name, column }) => (column ? [{ key: name, column }] : []));
  const named = (name: string) => features.find((table) => table.name === name)?.fields;
  const tracks = named(cmsoTables.trackFeatures);
  return {
    set: { ...about, entity: objects.entity },
    objects: notes(fields),
    edges: notes(named(cmsoTables.edgeFeatures)),
    ...(tracks && sourceTracks
      ? { tracks: { path: 'track_features.csv', count: sourceTracks.count, columns: notes(tracks) } }
      : {}),
  };
}

/** Descriptor as biotracks writes and validates it (version 1 spellings): for programs that look for `dp.json`. */
export function dataPackageV1(
  set: TrackSet,
  title: string,
  fields: readonly WrittenField[],
  withTracks: boolean,
): string {
  const field = (one: WrittenField) => ({
    ...(one.name === 'cmso_object_id' ? { constraints: { unique: true } } : {}),
    description: '',
    format: 'default',
    name: one.name,
    title: '',
    type: fieldTypes[one.type],
  });
  // biotracks declares a link's object as "integer" and the id with its constraint only in the objects table.
  const plain = (one: WrittenField) => ({
    description: '',
    format: 'default',
    name: one.name,
    title: '',
    type: 'integer',
  });
  const descriptor = {
    ...(set.spaceUnit ? { cmso_space_unit: set.spaceUnit } : {}),
    ...(set.timeUnit ? { cmso_time_unit: set.timeUnit } : {}),
    name: packageName(title),
    resources: [
      {
        name: cmsoTables.objects,
        path: 'objects.csv',
        schema: { fields: fields.map(field), primaryKey: 'cmso_object_id' },
      },
      {
        name: cmsoTables.links,
        path: 'links.csv',
        schema: {
          fields: linkFields.map(plain),
          foreignKeys: [
            {
              fields: 'cmso_object_id',
              reference: { datapackage: '', fields: 'cmso_object_id', resource: cmsoTables.objects },
            },
          ],
        },
      },
      ...(withTracks
        ? [{ name: cmsoTables.tracks, path: 'tracks.csv', schema: { fields: trackFields.map(plain) } }]
        : []),
    ],
    title,
  };
  return `${JSON.stringify(descriptor, undefined, 4)}\n`;
}
