import type { Benchmark, Figure } from './figure.ts';
import * as printed from './printed-answers.ts';

/** The catalogue: metadata, vocabularies, searches, many who ask at once. */
export const catalogueAsked: readonly Benchmark[] = [
  {
    name: 'metadata-validation',
    title: 'Metadata of a study of 1,000 data sets, checked',
    about:
      'Every data set with values of its own for all fields of data sets, half of them malformed and some missing: the check the form makes at every change, in the engine of Chromium. First in a new process, then the median of eight more.',
    peer: 'none',
    floor: 'under 100 ms',
    script: 'metadata-validation.ts',
    quick: ['50'],
    read(answer) {
      const { datasets, ours } = printed.validation.parse(answer);
      const { values, issues, firstMs, medianMs, medianCpuMs, peakMegabytes } = ours;
      return {
        figures: [
          { what: 'first check', unit: 'ms', ours: firstMs, peakMegabytes: { ours: peakMegabytes } },
          { what: 'each check after it', unit: 'ms', ours: medianMs },
          { what: 'processor time of each', unit: 'ms', ours: medianCpuMs },
        ],
        notes: [`${datasets} data sets, ${values} values, ${issues} issues.`],
      };
    },
  },
  {
    name: 'vocabulary-terms',
    title: 'An ontology of a million terms',
    about:
      'Generated OBO with two to five words a name, up to two synonyms a term, and words that stand in very many names: read and taken into the catalogue (PostgreSQL of the installation); then beginnings of names and words in any order, the last unfinished, with and without a vocabulary named; then 500 pasted texts matched at once.',
    peer: 'none',
    floor: 'taken in within 60 s, 95 of 100 searches within 50 ms',
    script: 'vocabulary-terms.ts',
    quick: ['20000', '100'],
    read(answer) {
      const told = printed.vocabulary.parse(answer);
      return {
        figures: [
          { what: 'taken in', unit: 's', ours: told.loadSeconds, peakMegabytes: { ours: told.peakMegabytes } },
          { what: 'half of the searches within', unit: 'ms', ours: told.medianMs },
          { what: '95 of 100 searches within', unit: 'ms', ours: told.within95Ms },
          { what: '500 texts matched', unit: 'ms', ours: told.matchMs },
        ],
        notes: [`${told.terms} terms, ${told.megabytes.toFixed(0)} MB; ${told.searches} searches.`],
      };
    },
  },
  {
    name: 'ancestor-search',
    title: 'Wide terms over 100,000 studies',
    about:
      'Seeded studies with five terms each in the catalogue: searches such as "mammal", "fluorescence microscopy" and "organism:mammal", each with the first twenty studies, their number, and the counts of all filters that are always shown.',
    peer: 'none',
    floor: 'under 100 ms',
    script: 'ancestor-search.ts',
    quick: ['2000'],
    read(answer) {
      const told = printed.ancestors.parse(answer);
      return {
        figures: [
          {
            what: 'half of the searches within',
            unit: 'ms',
            ours: told.medianMs,
            peakMegabytes: { ours: told.peakMegabytes },
          },
          { what: '95 of 100 searches within', unit: 'ms', ours: told.within95Ms },
          { what: 'rows read at the start of the server', unit: 's', ours: told.warmSeconds },
        ],
        notes: [`${told.studies} studies, up to ${told.most} found; ${told.searches} searches.`],
      };
    },
  },
  {
    name: 'load',
    title: 'Load on one, two and four web processes',
    about:
      'Web processes and a worker over one PostgreSQL and one bucket, clients and all on the same machine: landing pages, searches and chunks of 64 KiB of a published image, sixteen at once; uploads of 4 MiB by tus, four at once; a thousand open viewers of which each asks for a chunk a second.',
    peer: 'none',
    floor: 'none, recorded',
    script: 'load.ts',
    args: ['load', '5'],
    quick: ['load', '1'],
    read(answer) {
      const { seconds, results } = printed.underLoad.parse(answer);
      const failed = results.reduce((sum, one) => sum + one.failed, 0);
      return {
        figures: results.flatMap(({ what, perSecond, p99, processor }): Figure[] => [
          { what, unit: '/s', ours: perSecond },
          { what: `${what}: 99 of 100 within`, unit: 'ms', ours: p99 },
          { what: `${what}: processor time of the web processes for each`, unit: 'ms', ours: processor['web'] ?? 0 },
        ]),
        notes: [
          `${seconds} s each; ${failed} requests failed. The bucket is s3rver, a small program for tests in one thread, in a process of its own; all processes, the clients too, share the cores named above. A thousand viewers that were answered at once would make 1,000 requests a second.`,
        ],
      };
    },
  },
  {
    name: 'corpus',
    title: 'Cost against the size of the catalogue',
    about:
      'A landing page and a search of two words, one after the other, with seeded studies of a hundred images each in the catalogue (rows without bytes).',
    peer: 'none',
    floor: 'landing pages the same at every size, searches within three times from the smallest to the largest',
    script: 'load.ts',
    args: ['corpus', '5'],
    quick: ['corpus', '1', '1000', '5000'],
    read(answer) {
      const { seconds, results } = printed.underLoad.parse(answer);
      const medians = (kind: string) => results.filter(({ what }) => what.endsWith(kind)).map(({ median }) => median);
      const times = (kind: string) => ((medians(kind).at(-1) ?? 0) / (medians(kind)[0] ?? 1)).toFixed(2);
      return {
        figures: results.flatMap(({ what, median, p99 }): Figure[] => [
          { what: `${what}: half within`, unit: 'ms', ours: median },
          { what: `${what}: 99 of 100 within`, unit: 'ms', ours: p99 },
        ]),
        notes: [
          `${seconds} s each. From the smallest to the largest: landing pages ${times('landing page')} times, searches ${times('search')} times (medians).`,
        ],
      };
    },
  },
  {
    name: 'catalogue',
    title: 'A catalogue of 100,000 studies and 20 million files',
    about:
      'Seeded studies of 200 files each (rows without bytes; 500 TB by their sizes): what the home page asks for, searches, landing pages and lists of files, one after the other.',
    peer: 'none',
    floor: 'home page and searches: 95 of 100 under 300 ms',
    script: 'load.ts',
    args: ['catalogue', '10', '100000', '200'],
    quick: ['catalogue', '1', '500', '10'],
    read(answer) {
      const { seconds, results } = printed.underLoad.parse(answer);
      const failed = results.reduce((sum, one) => sum + one.failed, 0);
      return {
        figures: results.flatMap(({ what, median, p95 }): Figure[] => [
          { what: `${what}: half within`, unit: 'ms', ours: median },
          { what: `${what}: 95 of 100 within`, unit: 'ms', ours: p95 },
        ]),
        notes: [`${seconds} s each; ${failed} requests failed.`],
      };
    },
  },
];
