import type { MethodStep, TrackingMethod } from '@micrarium/model';
import { type JsonObject, isObject } from '../images/ome-zarr/group-metadata.ts';
import { readTag } from './trackmate/tags.ts';

/** Settings of more parameters than any program has are cut. */
const mostParameters = 500;

/**
 * What the settings of a TrackMate file say of the method: the detector and the tracker with all their parameters.
 * Parameters of a nested element are called `Element.PARAMETER`.
 */
export function methodOfTrackmate(settings: string): TrackingMethod | undefined {
  const detector = stepOf(settings, 'DetectorSettings', 'DETECTOR_NAME');
  const linker = stepOf(settings, 'TrackerSettings', 'TRACKER_NAME');
  if (!detector && !linker) return undefined;
  return { ...(detector ? { detector } : {}), ...(linker ? { linker } : {}) };
}

/** One element of the settings with everything in it; `undefined` where it names no method. */
function stepOf(settings: string, element: string, nameKey: string): MethodStep | undefined {
  const open = settings.search(new RegExp(`<${element}[\\s/>]`));
  if (open < 0) return undefined;
  const close = settings.indexOf(`</${element}>`, open);
  const text = settings.slice(open, close < 0 ? endOfTag(settings, open) : close);
  let name: string | undefined;
  const parameters: [string, string | number | boolean][] = [];
  for (const [tagText] of text.matchAll(/<[A-Za-z](?:[^>"']|"[^"]*"|'[^']*')*>/g)) {
    const tag = readTag(tagText);
    if (typeof tag === 'string') continue;
    const isOwn = tag.name === element;
    for (const [key, value] of tag.attributes)
      if (isOwn && key === nameKey) name = value;
      else if (parameters.length < mostParameters)
        parameters.push([isOwn ? key : `${tag.name}.${key}`, plainValue(value)]);
  }
  if (name === undefined) return undefined;
  return { name, ...(parameters.length > 0 ? { parameters: Object.fromEntries(parameters) } : {}) };
}

function endOfTag(text: string, open: number): number {
  const end = text.indexOf('>', open);
  return end < 0 ? text.length : end + 1;
}

/** A value as what it looks like: a truth value, a number, or text. */
function plainValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) && String(number) === text.replace(/\.0$/, '') ? number : text;
}

/**
 * The method as our own notes have it, or another program's object of that shape: names and plain parameters, nothing
 * else.
 */
export function methodOfJson(value: unknown): TrackingMethod | undefined {
  if (!isObject(value)) return undefined;
  const detector = jsonStep(value['detector']);
  const linker = jsonStep(value['linker']);
  const { positionUncertainty: uncertainty } = value as { positionUncertainty?: unknown };
  const isQuantity =
    isObject(uncertainty) && Number.isFinite(uncertainty['value']) && typeof uncertainty['unit'] === 'string';
  if (!detector && !linker && !isQuantity) return undefined;
  return {
    ...(detector ? { detector } : {}),
    ...(linker ? { linker } : {}),
    ...(isQuantity
      ? { positionUncertainty: { value: Number(uncertainty['value']), unit: String(uncertainty['unit']) } }
      : {}),
  };
}

function jsonStep(value: unknown): MethodStep | undefined {
  if (typeof value === 'string' && value !== '') return { name: value };
  if (!isObject(value) || typeof value['name'] !== 'string' || value['name'] === '') return undefined;
  const { name, software, version } = value as { name: string; software?: unknown; version?: unknown };
  const parameters = isObject(value['parameters']) ? plainParameters(value['parameters']) : [];
  return {
    name,
    ...(typeof software === 'string' ? { software } : {}),
    ...(typeof version === 'string' ? { version } : {}),
    ...(parameters.length > 0 ? { parameters: Object.fromEntries(parameters) } : {}),
  };
}

function plainParameters(parameters: JsonObject): [string, string | number | boolean][] {
  return Object.entries(parameters)
    .flatMap(([key, value]): [string, string | number | boolean][] =>
      typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
        ? [[key, value]]
        : [],
    )
    .slice(0, mostParameters);
}
