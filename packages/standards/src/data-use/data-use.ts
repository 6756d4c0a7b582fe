import type { EthicsNode, TermReference } from '../graph/study-graph.ts';

/** What a term is limited by, beside its name: a disease, a number of months, a day, or words. */
export type DataUseDetail = 'disease' | 'months' | 'day' | 'words';

/** A term of the Data Use Ontology. */
export interface DataUseTerm {
  /** CURIE: `DUO:0000042`. */
  code: string;
  /** How people who work with data of people call it: `GRU`. */
  short: string;
  /** Its label in the ontology, and ours in Japanese. */
  label: string;
  ja: string;
  /** `permission`: what the data may be used for, one for a study; `modifier`: a condition beside it. */
  kind: 'permission' | 'modifier';
  /** What must be said with it. */
  detail?: DataUseDetail;
}

const term = (
  number: string,
  short: string,
  kind: DataUseTerm['kind'],
  [label, ja]: readonly [label: string, ja: string],
  detail?: DataUseDetail,
): DataUseTerm => ({ code: `DUO:00000${number}`, short, label, ja, kind, ...(detail === undefined ? {} : { detail }) });

/**
 * Terms under which data are given on request: all of the Data Use Ontology (EBISPOT/DUO, `duo.csv`) but its two headings.
 * Permissions from the widest to the narrowest, then conditions.
 */
export const dataUseTerms: readonly DataUseTerm[] = [
  term('04', 'NRES', 'permission', ['no restriction', '制限なし']),
  term('42', 'GRU', 'permission', ['general research use', '研究全般での利用']),
  term('06', 'HMB', 'permission', ['health or medical or biomedical research', '健康・医学・生物医学研究']),
  term('07', 'DS', 'permission', ['disease specific research', '特定の疾患の研究'], 'disease'),
  term('11', 'POA', 'permission', ['population origins or ancestry research only', '集団の起源・祖先の研究のみ']),
  term('21', 'IRB', 'modifier', ['ethics approval required', '倫理審査の承認が必要']),
  term('45', 'NPU', 'modifier', ['not for profit organisation use only', '非営利組織のみ']),
  term('46', 'NCU', 'modifier', ['non-commercial use only', '非商用のみ']),
  term('18', 'NPUNCU', 'modifier', ['not for profit, non commercial use only', '非営利組織かつ非商用のみ']),
  term('19', 'PUB', 'modifier', ['publication required', '結果の公表が必要']),
  term('20', 'COL', 'modifier', ['collaboration required', '共同研究が必要']),
  term('29', 'RTN', 'modifier', ['return to database or resource', '派生データの返却が必要']),
  term('24', 'MOR', 'modifier', ['publication moratorium', '指定日まで公表不可'], 'day'),
  term('25', 'TS', 'modifier', ['time limit on use', '利用期間の制限'], 'months'),
  term('22', 'GS', 'modifier', ['geographical restriction', '地域の制限'], 'words'),
  term('26', 'US', 'modifier', ['user specific restriction', '利用者の制限'], 'words'),
  term('27', 'PS', 'modifier', ['project specific restriction', 'プロジェクトの制限'], 'words'),
  term('28', 'IS', 'modifier', ['institution specific restriction', '機関の制限'], 'words'),
  term('12', 'RS', 'modifier', ['research specific restrictions', '研究の種類の制限'], 'words'),
  term('16', 'GSO', 'modifier', ['genetic studies only', '遺伝学研究のみ']),
  term('43', 'CC', 'modifier', ['clinical care use', '診療での利用']),
  term('15', 'NMDS', 'modifier', ['no general methods research', '手法開発の研究は不可']),
  term('44', 'NPOA', 'modifier', [
    'population origins or ancestry research prohibited',
    '集団の起源・祖先の研究は不可',
  ]),
];

/** A term as it is declared of a study. */
export interface DataUse {
  /** CURIE of the Data Use Ontology. */
  code: string;
  /** Which disease, region, project…; months as a number; a day as YYYY-MM-DD. */
  of?: string | undefined;
  /** CURIE of that disease (`MONDO:0007254`), where it is known. */
  id?: string | undefined;
}

const byCode: ReadonlyMap<string, DataUseTerm> = new Map(dataUseTerms.map((one) => [one.code, one]));

/** The term of a code or of its short name (`GRU`), in any case; `undefined` where there is none. */
export function findDataUse(text: string): DataUseTerm | undefined {
  const wanted = text.trim().toUpperCase().replace('_', ':');
  return byCode.get(wanted) ?? dataUseTerms.find(({ short }) => short === wanted);
}

/** A term in words: `disease specific research (DS): glioma (MONDO:0021042)`. */
export function dataUseWords({ code, of, id }: DataUse, language: 'en' | 'ja' = 'en'): string {
  const known = byCode.get(code);
  const name = known ? `${language === 'ja' ? known.ja : known.label} (${known.short})` : code;
  if (of === undefined || of === '') return name;
  const said = known?.detail === 'months' ? (language === 'ja' ? `${of} か月` : `${of} months`) : of;
  return `${name}: ${said}${id === undefined ? '' : ` (${id})`}`;
}

/** The terms by label and CURIE, as the forms of metadata hold them. */
export const dataUseReferences = (uses: readonly DataUse[]): TermReference[] =>
  uses.map(({ code }) => ({ label: byCode.get(code)?.label ?? code, id: code }));

/** Is a day of the calendar written `YYYY-MM-DD`? */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text;
}

const asked: Readonly<Record<DataUseDetail, string>> = {
  disease: 'which disease',
  months: 'for how many months',
  day: 'until which day',
  words: 'what it is limited to',
};

function faultOfDetail(use: DataUse): string | undefined {
  const known = byCode.get(use.code);
  if (!known) return `“${use.code}” is no term of data use known here.`;
  const of = use.of?.trim() ?? '';
  const { detail, label, short } = known;
  if (detail === undefined) return of === '' ? undefined : `“${label}” (${short}) is said without a limit.`;
  if (of === '') return `Say ${asked[detail]}: “${label}” (${short}).`;
  if (detail === 'months' && !(/^\d{1,4}$/.test(of) && Number(of) >= 1 && Number(of) <= 1200))
    return `Months of “${label}” are a number from 1 to 1200.`;
  if (detail === 'day' && !isDay(of)) return `The day of “${label}” is written as YYYY-MM-DD.`;
  if (use.id !== undefined && !/^[A-Za-z][A-Za-z0-9]{0,19}:[A-Za-z0-9_.-]{1,40}$/.test(use.id))
    return 'The identifier of a disease is one of an ontology, such as MONDO:0005148.';
  return undefined;
}

/** Why terms of data use cannot stand together, in words for who declares them; `undefined` where they can. */
export function faultOfDataUse(uses: readonly DataUse[]): string | undefined {
  const fault = uses.map(faultOfDetail).find((one) => one !== undefined);
  if (fault !== undefined) return fault;
  if (new Set(uses.map(({ code, of }) => `${code} ${of ?? ''}`)).size < uses.length)
    return 'A term of data use is named twice.';
  const permissions = new Set(uses.map(({ code }) => code).filter((code) => byCode.get(code)!.kind === 'permission'));
  if (permissions.size > 1) return 'Name one permission: the others are wider or narrower than it.';
  if (uses.length > 0 && permissions.size === 0)
    return 'Name what the data may be used for (such as GRU, general research use): conditions stand beside that.';
  if (permissions.has('DUO:0000004') && uses.length > 1)
    return '“No restriction” (NRES) goes with no condition: choose general research use (GRU).';
  return undefined;
}

/** Months after which use under these terms ends; `undefined` where they say nothing of it. */
export function monthsOfUse(uses: readonly DataUse[]): number | undefined {
  const months = uses.flatMap(({ code, of }) => (code === 'DUO:0000025' ? [Number(of)] : []));
  return months.length > 0 ? Math.min(...months) : undefined;
}

/** Who may have the files of a study and for what, as the forms of metadata say it. */
export function ethicsOfAccess(told: {
  access: NonNullable<EthicsNode['access']>;
  /** YYYY-MM-DD: day from which files under embargo are open. */
  openFrom?: string | undefined;
  /** In words: until when the files are closed, or whom to ask. */
  conditions?: string | undefined;
  /** What whoever reads the files agrees to. */
  terms?: string | undefined;
  dataUse?: readonly DataUse[] | undefined;
}): EthicsNode {
  const { access, openFrom, conditions = '', terms = '', dataUse = [] } = told;
  const words = dataUse.length > 0 ? `Data use: ${dataUse.map((one) => dataUseWords(one)).join('; ')}.` : '';
  const restrictions = [conditions, words, terms.trim()].filter((one) => one !== '').join(' ');
  return {
    access,
    ...(openFrom === undefined ? {} : { openFrom }),
    ...(dataUse.length > 0 ? { dataUse: dataUseReferences(dataUse) } : {}),
    ...(restrictions === '' ? {} : { restrictions }),
  };
}
