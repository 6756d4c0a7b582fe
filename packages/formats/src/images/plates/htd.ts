/** What an `.HTD` file of MetaXpress says of a plate. */
export interface HtdPlate {
  description: string;
  size: { rows: number; columns: number } | undefined;
  /** Wells that were to be recorded: `B02`. */
  wells: string[];
  sites: number;
  times: number;
  slices: number;
  /** Names of the wavelengths, in the order of their numbers; `''` where one has none. */
  waves: string[];
}

/** More of anything than this is damage. */
const most = 100_000;

/** Reads the lines `"Key", value, value…`; `undefined` where the text is none of an `.HTD` file. */
export function parseHtd(text: string): HtdPlate | undefined {
  if (!/^\s*"HTSInfoFile"/.test(text)) return undefined;
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^\s*"([^"]+)"\s*(?:,\s*(.*?)\s*)?$/.exec(line) ?? [];
    if (key !== undefined && !values.has(key)) values.set(key, value ?? '');
  }
  const text1 = (key: string): string => (values.get(key) ?? '').replace(/^"(.*)"$/, '$1').trim();
  const count = (key: string): number => {
    const number = Number(text1(key) || 1);
    return Number.isInteger(number) && number > 0 && number <= most ? number : 1;
  };
  const isFalse = (key: string): boolean => /^false$/i.test(text1(key));
  const chosen = (key: string): boolean[] => (values.get(key) ?? '').split(',').map((one) => /^\s*true/i.test(one));
  const [rows, columns] = [count('YWells'), count('XWells')];
  const wells: string[] = [];
  for (let row = 0; row < Math.min(rows, 64); row++)
    for (const [column, isChosen] of chosen(`WellsSelection${row + 1}`)
      .slice(0, 96)
      .entries())
      if (isChosen) wells.push(rowName(row) + String(column + 1).padStart(2, '0'));
  let sites = 0;
  for (let row = 0; row < Math.min(count('YSites'), 1000); row++)
    sites += chosen(`SiteSelection${row + 1}`).filter(Boolean).length;
  return {
    // Ends of lines are written as two characters of their own.
    description: text1('Description').replace(/[\u0082\u201a]\u0081/g, '\n'),
    size: values.has('XWells') && values.has('YWells') ? { rows, columns } : undefined,
    wells,
    sites: isFalse('Sites') ? 1 : Math.max(1, sites),
    times: count('TimePoints'),
    slices: isFalse('ZSeries') ? 1 : count('ZSteps'),
    waves: Array.from({ length: Math.min(count('NWavelengths'), 64) }, (_, n) => text1(`WaveName${n + 1}`)),
  };
}

function rowName(row: number): string {
  const letter = (n: number): string => String.fromCharCode(65 + n);
  return row < 26 ? letter(row) : letter(Math.floor(row / 26) - 1) + letter(row % 26);
}
