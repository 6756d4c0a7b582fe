import { type Benchmark, megabytes, times } from './figure.ts';
import * as printed from './printed-answers.ts';

/** What is computed of objects, and shown. */
export const objectsMeasured: readonly Benchmark[] = [
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
];
