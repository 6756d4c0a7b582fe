import type { MethodStep, TrackingMethod } from '@micrarium/model';

/** What the form holds of one step: a name, and parameters as lines of text. */
export interface StepText {
  name: string;
  parameters: string;
}

/** Parameters as lines `NAME = value`. */
export function parametersAsText(parameters: MethodStep['parameters'] = {}): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join('\n');
}

/** Lines `NAME = value` or `NAME: value` as parameters; a line without either is a remark, kept under its number. */
function parametersOfText(text: string): MethodStep['parameters'] | undefined {
  const entries = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, 500)
    .map((line, i): [string, string | number | boolean] => {
      const found = /^([^=:]{1,200}?)\s*[=:]\s*(.*)$/.exec(line);
      return found ? [found[1]!, valueOf(found[2]!)] : [`note ${i + 1}`, line];
    });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function valueOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : text;
}

/** What was typed, as the method; `undefined` where nothing was. */
export function methodOfText(detector: StepText, linker: StepText): TrackingMethod | undefined {
  const step = ({ name, parameters }: StepText): MethodStep | undefined => {
    const known = parametersOfText(parameters);
    return name.trim() === ''
      ? undefined
      : { name: name.trim().slice(0, 500), ...(known ? { parameters: known } : {}) };
  };
  const [found, linked] = [step(detector), step(linker)];
  if (!found && !linked) return undefined;
  return { ...(found ? { detector: found } : {}), ...(linked ? { linker: linked } : {}) };
}
