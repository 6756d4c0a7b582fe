import { type FormatId, type InspectReport, formatById } from '@micrarium/formats';
import { imagingMethodTerms } from '@micrarium/standards';
import type { Origin, Value } from './draft.ts';

/** What prefilling looks at: a report, and the sizes of its files. */
export interface ReadItem {
  path: string;
  bytes: number;
  report: Pick<InspectReport, 'format' | 'images'>;
}

/** A value for a field, and where it came from. */
export interface Prefilled {
  value: Value;
  origin: Origin;
}

/** Formats that say nothing about what the data are in. */
const notDataFormats: ReadonlySet<FormatId> = new Set(['unknown', 'text', 'pdf']);

/** Words microscopes use for a contrast method (OME-XML `ContrastMethod`, makers' own), with the FBbi term they mean. */
const contrastTerms: readonly [RegExp, string][] = [
  [/^(phase|phase ?contrast|ph\d?)$/i, 'FBbi:00000247'],
  [/^(dic|differential interference contrast|nomarski)$/i, 'FBbi:00000245'],
  [/^(bright ?-?field|bf)$/i, 'FBbi:00000243'],
  [/^(dark ?-?field|df)$/i, 'FBbi:00000244'],
  [/^(polari[sz]ed ?light|polari[sz]ation)$/i, 'FBbi:00000248'],
  [/^fluorescence$/i, 'FBbi:00000246'],
];

const siBytes = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A size as it is written into the metadata: English, three digits. */
function sizeText(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(siBytes.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** step).toPrecision(3))} ${siBytes[step]}`;
}

function formatNames(items: readonly ReadItem[]): Prefilled | undefined {
  const counts = new Map<FormatId, number>();
  for (const { report } of items)
    if (!notDataFormats.has(report.format)) counts.set(report.format, (counts.get(report.format) ?? 0) + 1);
  if (counts.size === 0) return undefined;
  const ids = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([id]) => id);
  const first = items.find(({ report }) => report.format === ids[0])!;
  return {
    value: [...new Set(ids.map((id) => formatById(id)?.name ?? id))],
    origin: { kind: 'file', file: first.path },
  };
}

function imagingMethods(items: readonly ReadItem[]): Prefilled | undefined {
  const found = new Map<string, Origin>();
  const note = (id: string, file: string, place: string) => {
    if (!found.has(id)) found.set(id, { kind: 'file', file, place });
  };
  for (const { path, report } of items)
    for (const channel of (report.images ?? []).flatMap((image) => image.channels)) {
      const method = channel.contrastMethod?.trim();
      const term = method === undefined ? undefined : contrastTerms.find(([words]) => words.test(method));
      if (term) note(term[1], path, `contrast method “${method}”`);
      else if (channel.emissionNanometers !== undefined)
        note('FBbi:00000246', path, `emission at ${channel.emissionNanometers} nm`);
    }
  const [first] = found.values();
  if (!first) return undefined;
  const terms = [...found.keys()].map((id) => imagingMethodTerms.find((term) => term.id === id)!);
  return { value: terms.map(({ id, label }) => ({ id, label })), origin: first };
}

/**
 * Values the files themselves give for the form, by field id, each with its origin. Pure; nothing is guessed: a field
 * no file speaks about is not there.
 */
export function valuesFromReports(items: readonly ReadItem[]): Record<string, Prefilled> {
  if (items.length === 0) return {};
  const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
  const largest = items.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const formats = formatNames(items);
  const methods = imagingMethods(items);
  return {
    dataSize: { value: sizeText(bytes), origin: { kind: 'file', file: largest.path } },
    ...(formats ? { dataFormats: formats } : {}),
    ...(methods ? { imagingMethods: methods } : {}),
  };
}
