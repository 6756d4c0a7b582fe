import type { InstrumentDescription } from '@micrarium/model';
import { filled } from '../json/json.ts';
import type { AcquisitionNode, MicroscopeNode } from './study-graph.ts';

/** Parts of a microscope as they are named in one line of text, in the order they are written. */
const parts = [
  ['type', 'type'],
  ['objective', 'objective'],
  ['magnification', 'magnification'],
  ['numerical aperture', 'numericalAperture'],
  ['immersion', 'immersion'],
  ['detector', 'detector'],
  ['light source', 'lightSource'],
  ['filters', 'filters'],
  ['software', 'software'],
] as const satisfies readonly (readonly [string, keyof MicroscopeNode])[];

const numbers: ReadonlySet<string> = new Set(['magnification', 'numericalAperture']);
const inLine = (text: string) => text.replace(/\s+/g, ' ').replace(/;\s/g, ', ').trim();

/** Maker and model of a microscope, where its parts tell them. */
export const standOf = (scope: MicroscopeNode | undefined): string | undefined =>
  // Some files name the maker in the model too.
  scope?.manufacturer !== undefined && scope.model?.toLowerCase().startsWith(scope.manufacturer.toLowerCase())
    ? scope.model
    : [scope?.manufacturer, scope?.model].filter(Boolean).join(' ') || undefined;

/**
 * A microscope in one line, as the form's field holds it: `Zeiss LSM 880; objective: Plan-Apochromat; magnification: 63`.
 * `microscopeOfLine` reads it again. `undefined` where nothing is known.
 */
export function microscopeLine({
  instrument,
  microscope,
}: Pick<AcquisitionNode, 'instrument' | 'microscope'>): string | undefined {
  const said = parts.flatMap(([label, member]) => {
    const value = microscope?.[member];
    return value === undefined || value === '' ? [] : [`${label}: ${inLine(String(value))}`];
  });
  const line = [instrument ?? standOf(microscope), ...said].filter((part) => part !== undefined).join('; ');
  return line === '' ? undefined : line;
}

/** Takes a line apart: labelled parts into the microscope, all else stays its name. Texts of several lines stay as they are. */
export function microscopeOfLine(text: string): Pick<AcquisitionNode, 'instrument' | 'microscope'> {
  if (text.includes('\n')) return { instrument: text };
  const microscope: Record<string, string | number> = {};
  const rest: string[] = [];
  for (const part of text.split(/;\s+/)) {
    const found = /^([a-z ]+?)\s*:\s*(.+)$/i.exec(part.trim());
    const member = parts.find(([label]) => label === found?.[1]!.toLowerCase())?.[1];
    const value = found?.[2] ?? '';
    if (member === undefined || microscope[member] !== undefined) rest.push(part);
    else if (!numbers.has(member)) microscope[member] = value;
    else {
      const number = Number(value.replace(/\s*[x×]$/i, ''));
      if (Number.isFinite(number) && number > 0) microscope[member] = number;
      else rest.push(part);
    }
  }
  return filled<Pick<AcquisitionNode, 'instrument' | 'microscope'>>({
    instrument: rest.join('; '),
    microscope: Object.keys(microscope).length === 0 ? undefined : (microscope as MicroscopeNode),
  });
}

/** A microscope as a file of it describes it. */
export function microscopeOfInstrument(described: InstrumentDescription | undefined): MicroscopeNode {
  const { objective } = described ?? {};
  return filled<MicroscopeNode>({
    manufacturer: described?.manufacturer,
    model: described?.model,
    objective: objective?.model,
    magnification: objective?.magnification,
    numericalAperture: objective?.numericalAperture,
    immersion: objective?.immersion,
    detector: described?.detector,
    lightSource: described?.lightSources?.join(', '),
    software: described?.software,
  });
}
