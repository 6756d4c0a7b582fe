import type { Language } from './messages.ts';

/**
 * The sentences of a loss report in Japanese, by the grammar of `lossInWords` (formats): "12 merges (14 edges)", "3 track
 * features: a, b", "the outlines of 469 objects". Names stay as they are.
 */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/^(\d+) object features?(: .*)?$/s, 'オブジェクトの特徴量 $1 個$2'],
  [/^(\d+) edge features?(: .*)?$/s, 'エッジの特徴量 $1 個$2'],
  [/^(\d+) track features?(: .*)?$/s, 'トラックの特徴量 $1 個$2'],
  [/^the names of (\d+) features? change(: .*)?$/s, '特徴量 $1 個の名前が変わります$2'],
  [/^the types of (\d+) features? change(: .*)?$/s, '特徴量 $1 個の型が変わります$2'],
  [/^the units of (\d+) features?(: .*)?$/s, '特徴量 $1 個の単位$2'],
  [/^the descriptions of (\d+) features?(: .*)?$/s, '特徴量 $1 個の説明$2'],
  [/^(\d+) values? of features(: .*)?$/s, '特徴量の値 $1 個$2'],
  [/^(\d+) sets?(: .*)?$/s, 'セット $1 個$2'],
  [/^the name of the set(: .*)?$/s, 'セットの名前$1'],
  [/^(\d+) objects?(: .*)?$/s, 'オブジェクト $1 個$2'],
  [/^the ids of (\d+) objects?(: .*)?$/s, 'オブジェクト $1 個の ID$2'],
  [/^the frames of (\d+) objects?(: .*)?$/s, 'オブジェクト $1 個のフレーム$2'],
  [/^the times of (\d+) objects?(: .*)?$/s, 'オブジェクト $1 個の時刻$2'],
  [/^the exact positions of (\d+) objects?(: .*)?$/s, 'オブジェクト $1 個の正確な位置$2'],
  [/^z of (\d+) objects?(: .*)?$/s, 'オブジェクト $1 個の z$2'],
  [/^the kind of (\d+) objects?(: .*)?$/s, 'オブジェクト $1 個の種類$2'],
  [/^the outlines of (\d+) objects?(: .*)?$/s, 'オブジェクト $1 個の輪郭$2'],
  [/^the unit of positions(: .*)?$/s, '位置の単位$1'],
  [/^the unit of times(: .*)?$/s, '時刻の単位$1'],
  [/^of the provenance(: .*)?$/s, '来歴の項目$1'],
  [
    /^(\d+) objects?(?: with (\d+) features)?: the table holds the (\d+) edges only$/,
    'オブジェクト $1 個とその特徴量。表にはエッジ $3 本だけが入ります',
  ],
];

const edges = /^(?:(\d+) merges?)?(?:, )?(?:(\d+) splits?)?(?:, )?(?:(\d+) gaps?)? ?\(?(\d+) edges?\)?$/;

function clauseInJapanese(clause: string): string | undefined {
  const [isEdges, merges, splits, gaps, count] = edges.exec(clause) ?? [];
  if (isEdges !== undefined) {
    const parts = [
      merges ? `合流 ${merges} 件` : '',
      splits ? `分裂 ${splits} 件` : '',
      gaps ? `抜け ${gaps} 件` : '',
    ].filter((part) => part !== '');
    return parts.length > 0 ? `${parts.join('、')}（エッジ ${count} 本）` : `エッジ ${count} 本`;
  }
  // The sentence of the table of edges looks like one of objects: it is asked first.
  const found = patterns.toReversed().find(([pattern]) => pattern.test(clause));
  return found && clause.replace(found[0], found[1]).replace(/, and (\d+) more$/, '、ほか $1 個');
}

/**
 * A sentence of a loss report in the language of the page; `undefined` where it must be shown in English, as it was made.
 */
export function lossWords(message: string, language: Language): string | undefined {
  if (language === 'en') return message;
  return clausesOf(message)
    ?.map((clause) => clauseInJapanese(clause)!)
    .join('；');
}

/**
 * The numbers of a loss report without the names behind them ("10 edge features; 29 track features"), in the language of the page;
 * `undefined` where nothing can be left out.
 */
export function lossNumbers(messages: readonly string[], language: Language): string | undefined {
  const clauses = messages.map((message) => clausesOf(message) ?? [message]).flat();
  if (!clauses.some((clause) => clause.includes(': '))) return undefined;
  const heads = clauses.map((clause) => {
    const head = clause.startsWith('of the provenance') ? 'provenance' : clause.replace(/: .*$/s, '');
    if (language === 'en') return head;
    return clauseInJapanese(clause)?.replace(/(?:: |。).*$/s, '') ?? head;
  });
  return [...new Set(heads)].join(language === 'ja' ? '；' : '; ');
}

function clausesOf(message: string): string[] | undefined {
  const clauses: string[] = [];
  let rest = message;
  while (rest !== '') {
    // Names may hold a semicolon: the shortest beginning that is a clause and leaves another one counts.
    const ends = [...rest.matchAll(/; /g)].map(({ index }) => index).concat(rest.length);
    const end = ends.find(
      (at) => clauseInJapanese(rest.slice(0, at)) !== undefined && startsClause(rest.slice(at + 2)),
    );
    if (end === undefined) return undefined;
    clauses.push(rest.slice(0, end));
    rest = rest.slice(end + 2);
  }
  return clauses;
}

/** Does a clause begin here? Nothing left is an end too. */
function startsClause(rest: string): boolean {
  return rest === '' || /^(?:\d+ [a-z]|the [a-z]|z of \d|of the provenance)/.test(rest);
}
