import { filled, isRecord, type Json, type JsonRecord, textOf } from '../json/json.ts';

/** A member by its name, whatever the case: files of early versions of the app write `schema_id`. */
export function memberOf(record: JsonRecord, name: string): Json | undefined {
  if (Object.hasOwn(record, name)) return record[name];
  const lower = name.toLowerCase();
  const found = Object.keys(record).find((key) => key.toLowerCase() === lower);
  return found === undefined ? undefined : record[found];
}

/** A text of the first of these members that says something. */
export function textAt(record: JsonRecord, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textOf(memberOf(record, name));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** A number, also where it is written as text, as early versions do. */
export function numberAt(record: JsonRecord, ...names: readonly string[]): number | undefined {
  const text = textAt(record, ...names);
  const value = Number(text);
  return text === undefined || !Number.isFinite(value) ? undefined : value;
}

/** Name of what an object of the model is: `Objective`, `Fluorescence_LightSource_Laser`. */
export const schemaOf = (record: JsonRecord): string => textAt(record, 'Schema_ID')?.replace(/\.json$/i, '') ?? '';

/** Parts of a microscope that the study graph has a place for. */
export type PartKind = 'objective' | 'detector' | 'lightSource' | 'filters' | 'software';

const kinds: readonly (readonly [PartKind, RegExp])[] = [
  ['objective', /^Objective$/],
  ['software', /Software$/],
  ['lightSource', /LightSource|Laser$|LightEmittingDiode$|Arc$|Lamp$|Filament$|ExcitationSource$/],
  ['filters', /(Filter|FilterSet|Dichroic)$/],
  [
    'detector',
    /CCD$|CMOS$|Camera$|Detector$|PhotoMultiplier$|Photomultiplier$|AnalogVideo$|PhotoDiode$|Photodiode$|PMT$|HyD$/,
  ],
];

/** Which part a component is, by its schema, else by its category; `undefined` for stages, turrets, tables and the like. */
export function kindOf(component: JsonRecord): PartKind | undefined {
  const schema = schemaOf(component);
  const bySchema = kinds.find(([, pattern]) => pattern.test(schema))?.[0];
  if (bySchema !== undefined || schema !== '') return bySchema;
  const category = textAt(component, 'Category') ?? '';
  return category.startsWith('Detector') ? 'detector' : /LightSource/.test(category) ? 'lightSource' : undefined;
}

/** A component in a few words: maker and model, else the name a person gave it. */
export function wordsOf(component: JsonRecord): string | undefined {
  const [maker, model] = [textAt(component, 'Manufacturer'), textAt(component, 'Model', 'CatalogNumber')];
  if (model === undefined) return textAt(component, 'Name') ?? maker;
  return maker === undefined || model.toLowerCase().startsWith(maker.toLowerCase()) ? model : `${maker} ${model}`;
}

/** Version of the model that is written. */
const modelVersion = '2.01.1';

/**
 * An identifier in the form of a UUID (version 8), made of a text: the same study gives the same file. Four rounds of
 * FNV-1a with different starts, 32 bits each; nothing is kept secret by it.
 */
export function uuidOf(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text;
  const hex = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b]
    .map((start) => {
      let hash = start;
      for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
      return hash.toString(16).padStart(8, '0');
    })
    .join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** An object of the model with what every one has. */
export function node(schema: string, name: string | undefined, id: string, more: JsonRecord): JsonRecord {
  return {
    ...filled<JsonRecord>({ Name: name ?? schema }),
    Schema_ID: `${schema}.json`,
    ID: uuidOf(id),
    Tier: 1,
    ModelVersion: modelVersion,
    ...filled<JsonRecord>(more as { [key: string]: Json | undefined } as JsonRecord),
  };
}

/** Members every object has that say nothing of the microscope. */
const generic = new Set(
  [
    'Name',
    'ID',
    'Schema_ID',
    'Tier',
    'ValidationTier',
    'ModelVersion',
    'AppVersion',
    'Extension',
    'Domain',
    'Category',
  ].map((name) => name.toLowerCase()),
);
/** Deepest settings that are written out in words. */
const deepest = 6;

/** Settings of an object in words, units beside their numbers: `Exposure time 100 ms`. */
export function settingsOf(record: JsonRecord, without: readonly string[] = [], depth = 0): string[] {
  return Object.entries(record).flatMap(([key, value]): string[] => {
    if (generic.has(key.toLowerCase()) || without.includes(key) || /(Unit|^ID|_ID|ID)$/.test(key)) return [];
    if (isRecord(value)) return depth < deepest ? settingsOf(value, [], depth + 1) : [];
    if (Array.isArray(value))
      return depth < deepest ? value.flatMap((one) => (isRecord(one) ? settingsOf(one, [], depth + 1) : [])) : [];
    const text = typeof value === 'boolean' ? (value ? 'yes' : 'no') : textOf(value);
    if (text === undefined) return [];
    const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2');
    const unit = textAt(record, `${key}Unit`);
    return [`${words[0]!.toUpperCase()}${words.slice(1).toLowerCase()} ${text}${unit === undefined ? '' : ` ${unit}`}`];
  });
}
