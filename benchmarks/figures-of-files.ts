import type { z } from 'zod';
import { type Benchmark, type Figure, megabytes, times } from './figure.ts';
import * as printed from './printed-answers.ts';
import type { Converted } from './printed-answers.ts';

/** What becomes of files: read, converted, served by ranges. */
export const filesRead: readonly Benchmark[] = [
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
];
