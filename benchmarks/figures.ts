import type { z } from 'zod';
import * as printed from './printed-answers.ts';
import type { Converted } from './printed-answers.ts';

/** One measured number beside that of the peer. */
export interface Figure {
  what: string;
  unit: string;
  ours: number;
  /** Left out where the peer is not installed. */
  theirs?: number;
  /** In units of 10^6 bytes. */
  peakMegabytes?: { ours: number; theirs?: number };
}

/** A benchmark: a script of this folder whose last line is JSON, and how to read that. */
export interface Benchmark {
  name: string;
  title: string;
  about: string;
  peer: string;
  floor: string;
  script: string;
  /** Arguments of a run at full size. */
  args?: readonly string[];
  /** Arguments for a run that only shows that it works. */
  quick: readonly string[];
  read(answer: unknown): { figures: Figure[]; notes?: string[] };
}

/** Time on the clock and of the processor. */
function times(ours: Converted, theirs: Converted | undefined): Figure[] {
  const peakMegabytes = { ours: ours.peakMegabytes, ...(theirs ? { theirs: theirs.peakMegabytes } : {}) };
  return [
    { what: 'time', unit: 's', ours: ours.seconds, ...(theirs ? { theirs: theirs.seconds } : {}), peakMegabytes },
    {
      what: 'processor time',
      unit: 's',
      ours: ours.cpuSeconds,
      ...(theirs ? { theirs: theirs.cpuSeconds } : {}),
    },
  ];
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** All benchmarks, in the order of the page. */
export const benchmarks: readonly Benchmark[] = [
  {
    name: 'trackmate-to-parquet',
    title: 'TrackMate XML to stored Parquet tables',
    about:
      'A synthetic TrackMate file of 1,000,000 spots with 16 numbers each in tracks of 100 frames, from the page cache: all columns, links and tracks computed, four Parquet tables written.',
    peer: 'a Python lxml streaming reader of the same columns into arrays, which writes nothing and computes no links',
    floor: 'at most a third of its time, under 300 MB',
    script: 'trackmate-to-parquet.ts',
    quick: ['20000'],
    read(answer) {
      const { spots, inputBytes, ours, theirs } = printed.trackmate.parse(answer);
      return { figures: times(ours, theirs), notes: [`Input: ${spots} spots, ${megabytes(inputBytes)}.`] };
    },
  },
  {
    name: 'bdml-to-bd5',
    title: 'BDML to BD5, and questions to BD5',
    about:
      'A synthetic BDML 0.18 document of 1,000,000 spheres with a feature and a predecessor each in 100 times, from the page cache, to BD5, flushed to the disk; then, of the BD5 file that was made, the count of objects per frame and the linter; and a document of 200,000 spheres at one time to BD5. Seconds of the questions are without the start of the program, processor time is with it.',
    peer: 'a Python script with lxml streaming and h5py that writes the same rows; the official C++ converter needs 40 to 60 s and 6 GB for this document and crashes, its linter more than 300 s for a fifth of it (measured elsewhere)',
    floor: 'at most 10 s and 300 MB for the conversion, 0.3 s for the counts, 5 s for the linter',
    script: 'bdml-to-bd5.ts',
    quick: ['20000', '10'],
    read(answer) {
      const { spheres, inputBytes, ours, theirs, counted, linted, oneFrame } = printed.bdml.parse(answer);
      const alone = (what: string, one: Converted): Figure => ({
        what,
        unit: 's',
        ours: one.seconds,
        peakMegabytes: { ours: one.peakMegabytes },
      });
      return {
        figures: [
          ...times(ours, theirs),
          alone('objects per frame', counted),
          alone('linter', linted),
          alone('all at one time, to BD5', oneFrame),
        ],
        notes: [`Input: ${spheres} spheres, ${megabytes(inputBytes)}.`],
      };
    },
  },
  {
    name: 'tiff-to-ozx',
    title: 'TIFF to an OME-Zarr pyramid',
    about:
      'A 2048 × 2048 × 100 16-bit uncompressed TIFF of camera-like noise, from the page cache, to one `.ozx` with a pyramid of 4 levels, sharded, flushed to the disk.',
    peer: 'a Python tifffile, zarr and Blosc script that makes the same levels as OME-Zarr 0.4 and flushes them',
    floor:
      'at least 1.2 times its throughput under 300 MB, deflated at least as fast; CZI and ND2 at least 0.7 of the throughput of the uncompressed film',
    script: 'tiff-to-ozx.ts',
    quick: ['--planes', '4'],
    read(answer) {
      const { planes, input, ours, theirs, others } = printed.pyramid.parse(answer);
      const { plainPart, deflate, czi, nd2 } = others;
      const part = (name: string, { ours: one, theirs: other }: z.infer<typeof printed.film>): Figure[] =>
        times(one, other).map((figure) => ({ ...figure, what: `${name}, ${figure.what}` }));
      const notes = [
        `Input: ${planes} planes, ${megabytes(input)}; our output ${megabytes(ours.bytes)}. The other forms hold ${plainPart.planes} planes, ${megabytes(plainPart.input)} of pixels; tifffile reads neither CZI nor ND2, they are to be compared with the uncompressed part.`,
      ];
      const figures = [
        ...times(ours, theirs),
        ...part('uncompressed part', plainPart),
        ...part('deflated TIFF', deflate),
        ...part('CZI packed with zstd', czi),
        ...part('ND2', nd2),
      ];
      return { figures, notes };
    },
  },
  {
    name: 'chunk-service',
    title: 'Chunks by range',
    about:
      'A published film, from the running server with accounts, database and archive: ranges of 64 KiB and 1 MiB all over its `.ozx`, one Node client in a process of its own on the same machine. Memory is that of the server process, without its worker and database.',
    peer: 'nginx with one worker serving plain files of that size to the same client, in turns',
    floor: 'none, recorded',
    script: 'chunk-service.ts',
    quick: ['--planes', '2', '--seconds', '1', '--rounds', '1'],
    read(answer) {
      const { file, connections, results, peakMegabytes } = printed.chunks.parse(answer);
      const figures = results.flatMap(({ bytes, ours, theirs }, i): Figure[] => {
        const size = `${bytes / 1024} KiB`;
        const figure = (what: string, unit: string, of: (one: z.infer<typeof printed.served>) => number): Figure => ({
          what: `${size}, ${what}`,
          unit,
          ours: of(ours),
          ...(theirs ? { theirs: of(theirs) } : {}),
        });
        const memory = { ours: peakMegabytes.ours, ...(peakMegabytes.theirs ? { theirs: peakMegabytes.theirs } : {}) };
        return [
          {
            ...figure('requests', '/s', (one) => one.requestsPerSecond),
            ...(i === 0 ? { peakMegabytes: memory } : {}),
          },
          figure('bytes', 'MB/s', (one) => one.megabytesPerSecond),
          figure('half of the answers within', 'ms', (one) => one.medianMs),
          figure('processor time of the server for 1000', 's', (one) => one.cpuSecondsPerThousand),
        ];
      });
      return { figures, notes: [`File: ${megabytes(file)}; ${connections} connections.`] };
    },
  },
  {
    name: 'workbook-rows',
    title: 'Rows of an Excel workbook',
    about: 'A sheet of 200,000 rows and 8 columns, from the page cache: every cell as a typed value.',
    peer: 'openpyxl in its streaming mode, which also wrote the workbook',
    floor: 'under 3 s and 300 MB',
    script: 'workbook-rows.ts',
    quick: ['2000'],
    read(answer) {
      const left = printed.skipped.safeParse(answer);
      if (left.success) return { figures: [], notes: [`Left out: ${left.data.skipped}.`] };
      const { rows, ours, theirs } = printed.workbook.parse(answer);
      return { figures: times(ours, theirs), notes: [`${rows} rows.`] };
    },
  },
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
  {
    name: 'label-images',
    title: 'Label images to objects and edges',
    about:
      'A result of the Cell Tracking Challenge: 92 deflated label images of 700 × 1100 pixels with 90 moving objects, recognised, read and counted.',
    peer: 'none',
    floor: 'under 3 s',
    script: 'label-images.ts',
    quick: ['4'],
    read(answer) {
      const { frames, ours } = printed.labels.parse(answer);
      return { figures: times(ours, undefined), notes: [`${frames} images.`] };
    },
  },
  {
    name: 'space-first-frame',
    title: 'First frame of the 4D viewer',
    about:
      'A set of 1,000,000 spheres in 200 frames with three features, its tables written as ingest does: one time point with all that is drawn of it, read by ranges from nothing. Seconds are of decoding, without a network; edges are what trails and trees need.',
    peer: 'none',
    floor: 'at most 2 % of the bytes of the table',
    script: 'space-first-frame.ts',
    quick: ['20000', '20'],
    read(answer) {
      const { objects, tableBytes, firstFrame, anyFrame, edges } = printed.space.parse(answer);
      const percent = (share: number) => Math.round(share * 10_000) / 100;
      return {
        figures: [
          { what: 'first frame, bytes', unit: '%', ours: percent(firstFrame.share) },
          { what: 'first frame, requests', unit: '', ours: firstFrame.requests },
          {
            what: 'first frame',
            unit: 's',
            ours: firstFrame.seconds,
            peakMegabytes: { ours: firstFrame.peakMegabytes },
          },
          { what: 'any other frame, bytes', unit: '%', ours: percent(anyFrame.share) },
          { what: 'all edges', unit: 's', ours: edges.seconds, peakMegabytes: { ours: edges.peakMegabytes } },
        ],
        notes: [`${objects} objects in a table of ${megabytes(tableBytes)}; ${edges.count} edges.`],
      };
    },
  },
  {
    name: 'measures',
    title: 'Measures of how objects move',
    about:
      'Every measure and curve of motility-measures sections 1 to 5, 7 and 8 without bootstrap, for 1,000,000 objects in 20,000 tracks that are in memory; then, apart, the velocity correlation within 20 micrometers. Seconds and processor time of both sides are of the computing alone.',
    peer: 'numpy, pandas and scipy code of about half as many measures on the same columns',
    floor: 'under 2 s, and at least 10 times as fast',
    script: 'measures.ts',
    quick: ['20000', '400'],
    read(answer) {
      const { objects, ours, pairs, theirs } = printed.measured.parse(answer);
      return {
        figures: [
          ...times(ours, theirs),
          {
            what: 'velocity correlation',
            unit: 's',
            ours: pairs.seconds,
            peakMegabytes: { ours: pairs.peakMegabytes },
          },
        ],
        notes: [`${objects} objects in ${ours.tracks} tracks.`],
      };
    },
  },
  {
    name: 'measures-first-paint',
    title: 'Proliferation curve of a million objects on the page',
    about:
      'The page of measures of a published set of 1,000,000 objects in 20,000 tracks, opened in Chromium: from the request for the stored numbers, and from the opening of the page, until the curve of objects over time is painted (median of seven openings, and the slowest). The rest of the page follows in steps. Then the same counts made anew over HTTP from the column of frames of the stored Parquet. Server, database and browser on the same machine.',
    peer: 'nothing',
    floor: 'under 300 ms from the stored numbers to the first paint',
    script: 'measures-first-paint.ts',
    quick: ['20000', '50', '2'],
    read(answer) {
      const { objects, frames, first, later, counted, megabytes: held } = printed.firstPaint.parse(answer);
      const sorted = (of: 'fromRequest' | 'fromAnswer' | 'fromOpening') =>
        later.map((one) => one[of]).sort((a, b) => a - b);
      const middle = (of: 'fromRequest' | 'fromAnswer' | 'fromOpening') => sorted(of)[later.length >> 1]!;
      return {
        figures: [
          { what: 'request to painted curve', unit: 'ms', ours: middle('fromRequest') },
          { what: 'the slowest', unit: 'ms', ours: sorted('fromRequest').at(-1)! },
          { what: 'answer to painted curve', unit: 'ms', ours: middle('fromAnswer') },
          { what: 'opening to painted curve', unit: 'ms', ours: middle('fromOpening') },
          { what: 'counting anew from Parquet', unit: 'ms', ours: counted.milliseconds },
        ],
        notes: [
          `${objects} objects in ${frames} frames. The very first opening after the server started took ${Math.round(first.fromOpening)} ms, ${Math.round(first.fromRequest)} ms of them from the request. Counting anew read ${(counted.bytes / 1000).toFixed(0)} kB. The JavaScript of the page held ${held.page.toFixed(0)} MB after the last opening; the server had held at most ${held.server.toFixed(0)} MB, deposit and all.`,
        ],
      };
    },
  },
  {
    name: 'sql-group-by',
    title: 'A group-by over all objects',
    about:
      'One statement of SQL: rows counted and averaged by frame, from the question to the rows, in a sandboxed process of its own; over one large table, and over many small ones.',
    peer: 'plain DuckDB in the process of the benchmark, two threads, on the same files',
    floor: 'under 5 s and at most 1.5 times as long on the large table, under 1 s for 5 million rows',
    script: 'sql-group-by.ts',
    quick: ['--rows', '100000', '--tables', '10', '--runs', '1'],
    read(answer) {
      const {
        rows,
        tables,
        megabytes: size,
        ours,
        theirs,
        manyOurs,
        manyTheirs,
        ...more
      } = printed.grouped.parse(answer);
      return {
        figures: [
          {
            what: `${rows} rows in one table of ${size.toFixed(0)} MB`,
            unit: 's',
            ours,
            theirs,
            peakMegabytes: { ours: more.peakMegabytes },
          },
          {
            what: 'processor time of it',
            unit: 's',
            ours: more.oursProcessor,
            theirs: more.theirsProcessor,
          },
          { what: `${more.firstRows} rows`, unit: 's', ours: more.first, theirs: more.firstTheirs },
          { what: `5,000 rows in each of ${tables} tables`, unit: 's', ours: manyOurs, theirs: manyTheirs },
        ],
      };
    },
  },
  {
    name: 'memory-by-size',
    title: 'Memory by the size of the file',
    about:
      'Conversions of 0.1, 0.5 and 2 GB. An index of tracks may take 48 bytes an object and 16 an edge; what is above that must not grow.',
    peer: 'none',
    floor: 'the same at every size, but for the allowance',
    script: 'memory-by-size.ts',
    quick: ['0.01', '0.02'],
    read(answer) {
      const figures = printed.grown.parse(answer).grown.map(
        ({ what, inputBytes, ours, allowanceMegabytes }): Figure => ({
          what: `${what}, ${megabytes(inputBytes)}: peak without the allowance of ${allowanceMegabytes.toFixed(0)} MB`,
          unit: 'MB',
          ours: ours.peakMegabytes - allowanceMegabytes,
          peakMegabytes: { ours: ours.peakMegabytes },
        }),
      );
      return { figures };
    },
  },
  {
    name: 'viewer-first-pixels',
    title: 'First pixels of a time-lapse of 100 GB',
    about:
      'A published OME-Zarr of 500 time points, 2 channels and 12 slices of 2048 × 2048 pixels of 16 bits, all absent (fill value) but one region, opened in a browser that has nothing cached: all bytes that come over the wire, scripts included, until the stage shows the film; then the film is played as fast as the page offers, each time point drawn before the next. Software WebGL, server, database and browser on the same machine. Memory is that of the page.',
    peer: 'nothing',
    floor: 'at most 3 MB until the first pixels',
    script: 'viewer-first-pixels.ts',
    quick: ['--real', '5', '--points', '5'],
    read(answer) {
      const { first, settled, before, played, points } = printed.firstPixels.parse(answer);
      return {
        figures: [
          { what: 'until the first pixels', unit: 'MB', ours: first.bytes / 1e6 },
          { what: 'until the first pixels', unit: 's', ours: first.seconds, peakMegabytes: { ours: before } },
          {
            what: 'time points drawn',
            unit: '/s',
            ours: played.pointsPerSecond,
            peakMegabytes: { ours: played.megabytes },
          },
        ],
        notes: [
          `${first.requests} requests until then; ${megabytes(settled)} when all was still. Played over ${points} time points.`,
        ],
      };
    },
  },
  {
    name: 'archive',
    title: 'Many files, large files, checks of all bytes, backup and restore',
    about:
      'A study of many files of 10 kB, sent by the command line into an empty installation, then published; a film of 2048 × 2048 pixels of 16 bits as one plain TIFF, sent in one request as a plain client does, then by the command line, read and published; then all stored bytes read again, from the disk, and held to their digests and the rules of OCFL, a backup, a second one with nothing new, and its restore with a database of its own. Server, worker, database and command line on the same machine and disk; only what is checked is not in the page cache. Memory is that of the server with the many files. Processor time is that of the programs that were run for it.',
    peer: 'for the film cp of the file, with sync; for the checks dd of the film past the page cache, then sha512sum of all the files; for backup and restore cp of the archive, with sync',
    floor:
      '10,000 files sent in 60 s and published in 10 s, under 500 MB; one stream at 200 MB/s, at 120 MB/s with its digests; checks at four fifths of reading; 100 GB restored in ten minutes',
    script: 'archive.ts',
    quick: ['60', '2'],
    read(answer) {
      const { files, filmBytes, bytes, peakOfMany, seconds, processor } = printed.archived.parse(answer);
      const of = (what: string) => seconds[what]!;
      const rate = (size: number, what: string) => size / 1e6 / of(what);
      const restored = bytes / of('restore');
      return {
        figures: [
          {
            what: `${files} files sent and read`,
            unit: 's',
            ours: of('many files: sent and read'),
            peakMegabytes: { ours: peakOfMany },
          },
          { what: `${files} files published`, unit: 's', ours: of('many files: published') },
          {
            what: `film of ${megabytes(filmBytes)}: sent, digested and read`,
            unit: 'MB/s',
            ours: rate(filmBytes, 'film: sent and read'),
            theirs: rate(filmBytes, 'film: copied by cp, and synced'),
          },
          {
            what: 'film in one request: all bytes stored and acknowledged',
            unit: 'MB/s',
            ours: rate(filmBytes, 'film at once: stored'),
            theirs: rate(filmBytes, 'film: copied by cp, and synced'),
          },
          {
            what: 'film in one request: with SHA-256 and SHA-512',
            unit: 'MB/s',
            ours: rate(filmBytes, 'film at once: stored and digested'),
            theirs: rate(filmBytes, 'film: copied by cp, and synced'),
          },
          { what: 'film: published', unit: 's', ours: of('film: published') },
          {
            what: `checks of ${megabytes(bytes)}`,
            unit: 'MB/s',
            ours: rate(bytes, 'fixity'),
            theirs: rate(filmBytes, 'bytes read by dd'),
          },
          {
            what: 'checks, beside sha512sum',
            unit: 'MB/s',
            ours: rate(bytes, 'fixity'),
            theirs: rate(bytes, 'bytes read by sha512sum'),
          },
          {
            what: 'checks, processor time',
            unit: 's',
            ours: processor['fixity']!,
            theirs: processor['bytes read by sha512sum']!,
          },
          {
            what: 'backup',
            unit: 'MB/s',
            ours: rate(bytes, 'backup'),
            theirs: rate(bytes, 'bytes copied by cp, and synced'),
          },
          {
            what: 'backup, processor time, beside cp and sha512sum',
            unit: 's',
            ours: processor['backup']!,
            theirs: processor['bytes copied by cp, and synced']! + processor['bytes read by sha512sum']!,
          },
          { what: 'backup again, with nothing new', unit: 's', ours: of('backup again, with nothing new') },
          {
            what: 'restore',
            unit: 'MB/s',
            ours: restored / 1e6,
            theirs: rate(bytes, 'bytes copied by cp, and synced'),
          },
        ],
        notes: [
          `Read by cat from the page cache ${rate(bytes, 'bytes read by cat').toFixed(0)} MB/s, by sha256sum ${rate(bytes, 'bytes read by sha256sum').toFixed(0)} MB/s.`,
          `By these rates, extrapolated and not measured: 20 GB sent and read in ${(20e9 / (filmBytes / of('film: sent and read')) / 60).toFixed(0)} minutes, 100 GB restored in ${(100e9 / restored / 60).toFixed(0)} minutes, 100,000 files sent in ${(((of('many files: sent and read') / files) * 100_000) / 60).toFixed(0)} minutes.`,
        ],
      };
    },
  },
];
