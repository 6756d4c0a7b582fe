import type { Issue, TrackProvenance } from '@micrarium/model';
import { type OwnExtra, parseOwnExtra } from '../geff/own-extra.ts';
import { methodOfJson } from '../tracking-method.ts';
import { cmsoIssue } from './issues.ts';

/** A field of a table as its schema declares it. */
export interface CmsoField {
  name: string;
  type?: string;
  unit?: string;
  description?: string;
  sourceKey?: string;
  /** Texts that stand for no value in this field, in place of those of the table (Data Package v2). */
  missingValues?: ReadonlySet<string>;
}

/** One table of the package. */
export interface CmsoResource {
  /** Files, relative to the descriptor; several hold one table after another. */
  paths: string[];
  fields: CmsoField[];
  /** Texts that stand for no value. */
  missingValues: ReadonlySet<string>;
  delimiter?: string;
  bytes?: number;
  /** JSON pointer of the resource. */
  pointer: string;
}

/** What the descriptor says, checked. */
export interface CmsoPackage {
  /** `1.0` or `2.0` of the Data Package standard. */
  version: string;
  name?: string;
  title?: string;
  spaceUnit?: string;
  timeUnit?: string;
  frameBase?: number;
  provenance: TrackProvenance;
  objects?: CmsoResource;
  links?: CmsoResource;
  tracks?: CmsoResource;
  /** Features of edges and of whole tracks: tables of our own beside those of CMSO. */
  edgeFeatures?: CmsoResource;
  trackFeatures?: CmsoResource;
  /** What our own writer noted so that the set comes back as it was. */
  own?: OwnExtra;
  issues: Issue[];
}

/** Names of the tables, by which a package is recognised whatever its descriptor is called. */
export const cmsoTables = {
  objects: 'cmso_objects_table',
  links: 'cmso_links_table',
  tracks: 'cmso_tracks_table',
  edgeFeatures: 'edge_features',
  trackFeatures: 'track_features',
} as const;

const required = {
  objects: ['cmso_object_id', 'cmso_frame_id', 'cmso_x_coord', 'cmso_y_coord'],
  links: ['cmso_link_id', 'cmso_object_id'],
  tracks: ['cmso_track_id', 'cmso_link_id'],
  edgeFeatures: ['source_object_id', 'target_object_id'],
  trackFeatures: [],
} as const;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Reads a descriptor of either version of the standard and checks it against CMSO Tracks v0.1 (the rules of
 * biotracks' validator) and the Data Package standard. Departures become issues with a JSON pointer; reading goes on.
 * @returns `undefined` where the text is not JSON with the two tables
 */
export function parseDataPackage(json: string, file: string): CmsoPackage | undefined {
  let root: Json;
  try {
    root = JSON.parse(json.replace(/^\uFEFF/, '')) as Json;
  } catch {
    return undefined;
  }
  if (!isObject(root) || !Array.isArray(root['resources'])) return undefined;
  const resources = root['resources'].map((value, i) => ({
    value: isObject(value) ? value : {},
    pointer: `/resources/${i}`,
  }));
  const named = (name: string) => resources.find(({ value }) => value['name'] === name);
  const objects = named(cmsoTables.objects);
  const links = named(cmsoTables.links);
  if (!objects && !links) return undefined;
  const issues: Issue[] = [];
  const complain = (pointer: string, message: string) =>
    issues.push(cmsoIssue('descriptor-nonconforming', `${pointer}: ${message}`, { where: { file, field: pointer } }));
  const version = text(root['$schema']) ? '2.0' : '1.0';
  if (!text(root['name']) || (version === '1.0' && !/^[a-z0-9_.-]+$/.test(String(root['name']))))
    complain('/name', 'a name of lower-case letters, digits, "_", "." and "-" is required');
  const take = (found: typeof objects, which: keyof typeof required) =>
    found && resourceOf(found.value, found.pointer, which, complain);
  const tracks = named(cmsoTables.tracks);
  if (!objects) complain('/resources', `there is no ${cmsoTables.objects}`);
  if (!links) complain('/resources', `there is no ${cmsoTables.links}`);
  if (objects) checkPrimaryKey(objects.value, objects.pointer, complain);
  if (links) checkForeignKey(links.value, links.pointer, complain);
  const frameBase = root['cmso_frame_base'];
  return {
    version,
    ...optional('name', text(root['name'])),
    ...optional('title', text(root['title'])),
    ...optional('spaceUnit', text(root['cmso_space_unit'])),
    ...optional('timeUnit', text(root['cmso_time_unit'])),
    ...(frameBase === 0 || frameBase === 1 ? { frameBase } : {}),
    provenance: provenanceOf(root['provenance']),
    ...optional('objects', take(objects, 'objects')),
    ...optional('links', take(links, 'links')),
    ...optional('tracks', take(tracks, 'tracks')),
    ...optional('edgeFeatures', take(named(cmsoTables.edgeFeatures), 'edgeFeatures')),
    ...optional('trackFeatures', take(named(cmsoTables.trackFeatures), 'trackFeatures')),
    ...optional('own', parseOwnExtra(root)),
    issues,
  };
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}

type Complain = (pointer: string, message: string) => void;

function resourceOf(
  value: JsonObject,
  pointer: string,
  which: keyof typeof required,
  complain: Complain,
): CmsoResource {
  const paths = (Array.isArray(value['path']) ? value['path'] : [value['path']]).filter(
    (path) => typeof path === 'string',
  );
  if (paths.length === 0) complain(`${pointer}/path`, 'the path of the table is missing');
  const schema = isObject(value['schema']) ? value['schema'] : {};
  const fields = (Array.isArray(schema['fields']) ? schema['fields'] : []).filter(isObject).flatMap((field) => {
    const name = text(field['name']);
    if (name === undefined) return [];
    return [
      {
        name,
        ...optional('type', text(field['type'])),
        ...optional('unit', text(field['unit'])),
        ...optional('description', text(field['description'])),
        ...optional('sourceKey', text(field['sourceKey'])),
        ...(Array.isArray(field['missingValues']) ? { missingValues: missingWords(field['missingValues']) } : {}),
      },
    ];
  });
  for (const name of required[which])
    if (!fields.some((field) => field.name === name))
      complain(`${pointer}/schema/fields`, `the field ${name} is not declared`);
  const missing = Array.isArray(schema['missingValues']) ? schema['missingValues'] : [''];
  const dialect = isObject(value['dialect']) ? value['dialect'] : {};
  const { bytes } = value;
  return {
    paths,
    fields,
    missingValues: missingWords(missing),
    ...optional('delimiter', text(dialect['delimiter'])),
    ...(typeof bytes === 'number' ? { bytes } : {}),
    pointer,
  };
}

/** Texts that stand for no value: plain, or with labels. */
function missingWords(words: readonly Json[]): Set<string> {
  return new Set(words.map((word) => String(isObject(word) ? word['value'] : word)));
}

/** A key given as a string (v1) or a list of one (v2). */
function oneKey(value: Json | undefined): string | undefined {
  return text(Array.isArray(value) && value.length === 1 ? value[0] : value);
}

function checkPrimaryKey(resource: JsonObject, pointer: string, complain: Complain): void {
  const schema = isObject(resource['schema']) ? resource['schema'] : {};
  if (oneKey(schema['primaryKey']) !== 'cmso_object_id')
    complain(`${pointer}/schema/primaryKey`, 'the primary key must be cmso_object_id');
}

function checkForeignKey(resource: JsonObject, pointer: string, complain: Complain): void {
  const schema = isObject(resource['schema']) ? resource['schema'] : {};
  const at = `${pointer}/schema/foreignKeys`;
  const keys = schema['foreignKeys'];
  if (!Array.isArray(keys)) {
    complain(
      at,
      isObject(keys) ? 'the foreign keys must be a list; one object was found' : 'the foreign key is missing',
    );
    if (!isObject(keys)) return;
  }
  const list = Array.isArray(keys) ? keys : [keys as JsonObject];
  if (list.length !== 1) complain(at, `one foreign key is required, ${list.length} were found`);
  const [key] = list;
  if (!isObject(key)) return;
  const reference = isObject(key['reference']) ? key['reference'] : {};
  if (oneKey(key['fields']) !== 'cmso_object_id') complain(`${at}/0/fields`, 'the field must be cmso_object_id');
  if (reference['resource'] !== cmsoTables.objects)
    complain(`${at}/0/reference/resource`, `the resource must be ${cmsoTables.objects}`);
  if (oneKey(reference['fields']) !== 'cmso_object_id')
    complain(`${at}/0/reference/fields`, 'the field must be cmso_object_id');
}

/** Provenance as our own packages record it; other programs' values of other types are left out. */
function provenanceOf(value: Json | undefined): TrackProvenance {
  if (!isObject(value)) return {};
  const numbers = (key: string) =>
    isObject(value[key])
      ? { [key]: Object.fromEntries(Object.entries(value[key]).filter(([, n]) => typeof n === 'number')) }
      : {};
  const texts = ['software', 'softwareVersion', 'imageName', 'settings'].flatMap((key) =>
    typeof value[key] === 'string' ? [[key, value[key]]] : [],
  );
  return {
    ...(Object.fromEntries(texts) as TrackProvenance),
    ...numbers('imageSizes'),
    ...numbers('pixelSize'),
    ...(typeof value['frameInterval'] === 'number' ? { frameInterval: value['frameInterval'] } : {}),
    ...optional('tracking', methodOfJson(value['tracking'])),
  };
}
