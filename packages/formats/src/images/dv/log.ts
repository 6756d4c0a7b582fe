import type { ImageDescription, InstrumentDescription } from '@micrarium/model';
import { hasValues, known } from '../stored/known-values.ts';
import { positive } from '../stored/stated-values.ts';

/** What the log that a DeltaVision microscope writes beside an image (`NAME.dv.log`) says. */
export type DvLog = Pick<ImageDescription, 'acquiredAt' | 'instrument'> & {
  /** Names of the emission filters, in the order of the channels. */
  channelNames: string[];
};

/** Names a log may have beside an image of this name. */
export function dvLogNames(image: string): string[] {
  return [`${image}.log`, image.replace(/(?:_D3D)?\.\w+$/i, '.dv.log'), image.replace(/\.\w+$/, '.log')];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Reads the lines `key: value`; what is not among them is left out. */
export function readDvLog(text: string): DvLog {
  const values = new Map<string, string>();
  const channelNames: string[] = [];
  for (const line of text.split(/[\r\n]+/)) {
    const [, key, value] = /^\s*([^:]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (!key || !value) continue;
    const name = key.trim().toLowerCase();
    if (!values.has(name)) values.set(name, value);
    if (name === 'em filter' && !channelNames.includes(value) && channelNames.length < 100) channelNames.push(value);
  }
  const objective = objectiveOf(values.get('objective'));
  const settings = (['binning', 'gain'] as const).flatMap((name) => {
    const value = values.get(name);
    return value === undefined ? [] : [`${name} ${value}`];
  });
  const instrument: InstrumentDescription = {
    ...known('objective', objective),
    ...known('detector', values.get('type')),
    ...known('detectorSettings', settings.join(', ') || undefined),
  };
  return {
    channelNames,
    ...known('acquiredAt', created(text)),
    ...(hasValues(instrument) ? { instrument } : {}),
  };
}

/** `Created Fri Apr  9 12:13:14 2010`, by the clock of the computer: no zone is known. */
function created(text: string): string | undefined {
  const found = /^\s*Created:?\s+(?:\w{3}\w*,?\s+)?(\w{3})\w*\s+(\d{1,2}),?\s+(\d{2}:\d{2}:\d{2})\s+(\d{4})/m.exec(
    text,
  );
  const month = months.indexOf(found?.[1]?.toLowerCase() ?? '') + 1;
  if (!found || month === 0) return undefined;
  return `${found[4]}-${String(month).padStart(2, '0')}-${found[2]!.padStart(2, '0')}T${found[3]}`;
}

/** `Olympus 60X/1.42, Plan Apo, UIS2, 1-U2B933`. */
function objectiveOf(text: string | undefined): InstrumentDescription['objective'] | undefined {
  if (text === undefined || text.toLowerCase() === 'null') return undefined;
  const numbers = /(\d+(?:\.\d+)?)\s*x(?:\/(\d+(?:\.\d+)?))?/i.exec(text);
  return {
    model: text,
    ...known('magnification', positive(numbers?.[1])),
    ...known('numericalAperture', positive(numbers?.[2])),
  };
}
