/**
 * An ontology of a million terms, generated as OBO: taken into the catalogue, then searched as somebody types, by beginnings
 * and by words, in labels and synonyms, with and without a vocabulary named.
 *
 * node benchmarks/vocabulary-terms.ts [terms] [searches]
 */
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { streamOntology } from '../packages/standards/src/index.ts';
import { matchTerms, searchVocabulary } from '../packages/server/src/vocabulary/term-search.ts';
import { ensureShipped, putVocabulary } from '../packages/server/src/vocabulary/term-store.ts';
import { seededRandom, withCatalogue, within } from './catalogue-for-benchmarks.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const searches = Number(process.argv[3] ?? 1000);
const random = seededRandom();
const pick = <One>(list: readonly One[]): One => list[Math.floor(random() * list.length)]!;

const syllables = [
  'ba',
  'cel',
  'dro',
  'ep',
  'fi',
  'gas',
  'he',
  'in',
  'ka',
  'lym',
  'mi',
  'ne',
  'os',
  'pla',
  'ri',
  'so',
  'tra',
  'ur',
  'vi',
  'xan',
  'ze',
];
const invented = Array.from({ length: 30_000 }, () =>
  Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(syllables)).join(''),
);
/** A few words stand in very many names, as in every ontology. */
const common = [
  'cell',
  'of',
  'the',
  'regulation',
  'positive',
  'negative',
  'left',
  'right',
  'early',
  'process',
  'sp.',
  'genus',
];
const word = () => (random() < 0.3 ? pick(common) : pick(invented));
const name = () => Array.from({ length: 2 + Math.floor(random() * 4) }, word).join(random() < 0.1 ? '-' : ' ');

async function writeObo(path: string): Promise<string[]> {
  const file = createWriteStream(path);
  const some: string[] = [];
  file.write('format-version: 1.2\ndata-version: 1\nontology: big\n');
  for (let at = 1; at <= count; at++) {
    const label = name();
    const synonyms = Array.from({ length: Math.floor(random() * 3) }, name);
    if (at % Math.ceil(count / searches) === 0) some.push(pick([label, ...synonyms]));
    const lines = [`\n[Term]\nid: BIG:${String(at).padStart(7, '0')}\nname: ${label}\n`];
    for (const synonym of synonyms) lines.push(`synonym: "${synonym}" EXACT []\n`);
    if (at > 1) lines.push(`is_a: BIG:${String(1 + Math.floor(random() * (at - 1))).padStart(7, '0')} ! something\n`);
    if (random() < 0.01) lines.push('is_obsolete: true\n');
    if (!file.write(lines.join(''))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  return some;
}

/** What somebody may have typed of a name: its beginning, or its words in another order with the last unfinished. */
function typedOf(whole: string): string {
  if (random() < 0.5) return whole.slice(0, 2 + Math.floor(random() * 9)).trim();
  const words = whole.split(/[ -]/).sort(() => random() - 0.5);
  const last = words.at(-1)!;
  return [...words.slice(0, -1), last.slice(0, Math.max(3, Math.ceil(last.length * random())))].join(' ');
}

const answer = await withCatalogue(async (db, folder) => {
  const path = join(folder, 'big.obo');
  const names = await writeObo(path);
  await ensureShipped(db);
  const [began, cpuBegan] = [performance.now(), process.cpuUsage()];
  const read = await streamOntology(createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 }));
  const terms = await putVocabulary(db, { name: 'big', source: 'big.obo' }, read.terms);
  const loadSeconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpuBegan);
  const times: number[] = [];
  const slowest: { typed: string; ms: number }[] = [];
  let found = 0;
  for (const whole of names) {
    const typed = typedOf(whole);
    const prefix = pick([undefined, 'BIG', 'CL']);
    const started = performance.now();
    const hits = await searchVocabulary(db, { text: typed, limit: 12, ...(prefix === undefined ? {} : { prefix }) });
    const ms = performance.now() - started;
    times.push(ms);
    slowest.push({ typed: `${typed} (${prefix ?? 'all'})`, ms });
    if (hits.length > 0) found++;
  }
  const pasted = Array.from({ length: 500 }, () => pick(names));
  const started = performance.now();
  const matched = (await matchTerms(db, pasted, undefined)).filter((one) => one !== null).length;
  const matchMs = performance.now() - started;
  slowest.sort((a, b) => b.ms - a.ms);
  if (process.env['SLOWEST']) console.error(slowest.slice(0, 20));
  return {
    terms,
    megabytes: statSync(path).size / 1e6,
    loadSeconds,
    cpuSeconds: (user + system) / 1e6,
    searches: times.length,
    found,
    medianMs: within(times, 0.5),
    within95Ms: within(times, 0.95),
    slowestMs: within(times, 1),
    matched,
    matchMs,
    peakMegabytes: process.resourceUsage().maxRSS / 1000,
  };
});
process.stdout.write(`${JSON.stringify(answer)}\n`);
