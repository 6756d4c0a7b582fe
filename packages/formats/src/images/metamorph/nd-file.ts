import { baseName, folderOf, stemOf } from '../../bytes/file-tree.ts';

/** What an `.nd` file of MetaMorph says of the files beside it. */
export interface NdSeries {
  times: number;
  /** Names of the positions of the stage; one `''` where the stage stood still. */
  stages: string[];
  waves: { name: string; isStack: boolean }[];
  slices: number;
  /** Micrometers between slices; 0 where it is not said. */
  stepMicrometers: number;
  /** By the clock of the computer, ISO 8601 without a zone. */
  startedAt?: string;
  description: string;
}

/** Does a text begin as `.nd` files do? */
export function isNdText(text: string | undefined): text is string {
  return text !== undefined && /^\s*"NDInfoFile"/.test(text);
}

/** More of anything than this is damage. */
const most = 1_000_000;

/** Reads the lines `"Key", value`; `undefined` where the text is none of an `.nd` file. */
export function parseNd(text: string): NdSeries | undefined {
  if (!isNdText(text)) return undefined;
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^\s*"([^"]+)"\s*(?:,\s*(.*?)\s*)?$/.exec(line) ?? [];
    if (key !== undefined && !values.has(key)) values.set(key, (value ?? '').replace(/^"(.*)"$/, '$1').trim());
  }
  const isTrue = (key: string): boolean => /^true$/i.test(values.get(key) ?? '');
  const count = (does: string, key: string): number => {
    const number = Number(values.get(key) ?? 1);
    return isTrue(does) && Number.isInteger(number) && number > 0 && number <= most ? number : 1;
  };
  const listed = (number: number, longest: number, one: (n: number) => string): string[] =>
    Array.from({ length: Math.min(number, longest) }, (_, n) => one(n + 1));
  const slices = count('DoZSeries', 'NZSteps');
  const started = /^(\d{4})(\d\d)(\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)/.exec(values.get('StartTime1') ?? '');
  return {
    times: count('DoTimelapse', 'NTimePoints'),
    stages: listed(count('DoStage', 'NStagePositions'), 10_000, (n) => values.get(`Stage${n}`) ?? ''),
    waves: listed(count('DoWave', 'NWavelengths'), 64, String).map((n) => ({
      name: values.get(`WaveName${n}`) ?? '',
      // Said of each wave only where some are taken without a stack.
      isStack: slices > 1 && (values.get(`WaveDoZ${n}`) === undefined || isTrue(`WaveDoZ${n}`)),
    })),
    slices,
    stepMicrometers: Math.max(0, Number(values.get('ZStepSize')?.replace(',', '.')) || 0),
    ...(started ? { startedAt: `${started[1]}-${started[2]}-${started[3]}T${started[4]}` } : {}),
    description: values.get('Description') ?? '',
  };
}

/** A file of a series: which wave, stage and time it holds, counted from 1 as its name does. */
export interface NdMember {
  path: string;
  wave: number;
  stage: number;
  time: number;
}

/** The member that a name is of, beside an `.nd` file: `NAME_w1GFP_s2_t3.stk`; `undefined` for names of something else. */
export function ndMember(path: string, ndPath: string): NdMember | undefined {
  if (folderOf(path) !== folderOf(ndPath)) return undefined;
  const [name, stem] = [baseName(path), stemOf(ndPath)];
  if (name.slice(0, stem.length).toLowerCase() !== stem.toLowerCase()) return undefined;
  // The name of a wave may hold `_s` or `_t` itself: the last ones count.
  const parts = /^(?:_w(\d{1,4})(.*?))?(?:_s(\d{1,6}))?(?:_t(\d{1,7}))?\.(?:stk|tiff?)$/i.exec(name.slice(stem.length));
  if (!parts) return undefined;
  const number = (text: string | undefined): number => (text === undefined ? 1 : Number(text));
  return { path, wave: number(parts[1]), stage: number(parts[3]), time: number(parts[4]) };
}
