import { z } from 'zod';

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
  /** Arguments for a run that only shows that it works. */
  quick: readonly string[];
  read(answer: unknown): { figures: Figure[]; notes?: string[] };
}

const converted = z.object({ seconds: z.number(), cpuSeconds: z.number(), peakMegabytes: z.number() });
const trackmate = z.object({
  spots: z.number(),
  inputBytes: z.number(),
  ours: converted,
  theirs: converted.optional(),
});
const pyramid = z.object({
  planes: z.number(),
  input: z.number(),
  ours: converted.extend({ bytes: z.number() }),
  theirs: converted.optional(),
});
const served = z.object({
  requestsPerSecond: z.number(),
  megabytesPerSecond: z.number(),
  medianMs: z.number(),
  slowestMs: z.number(),
  cpuSecondsPerThousand: z.number(),
});
const chunks = z.object({
  file: z.number(),
  connections: z.number(),
  results: z.array(z.object({ bytes: z.number(), ours: served, theirs: served.optional() })),
  peakMegabytes: z.object({ ours: z.number(), theirs: z.number().optional() }),
});

type Converted = z.infer<typeof converted>;

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
    floor: 'at most half of its time, under 400 MB',
    script: 'trackmate-to-parquet.ts',
    quick: ['20000'],
    read(answer) {
      const { spots, inputBytes, ours, theirs } = trackmate.parse(answer);
      return { figures: times(ours, theirs), notes: [`Input: ${spots} spots, ${megabytes(inputBytes)}.`] };
    },
  },
  {
    name: 'tiff-to-ozx',
    title: 'TIFF to an OME-Zarr pyramid',
    about:
      'A 2048 × 2048 × 100 16-bit uncompressed TIFF of camera-like noise, from the page cache, to one `.ozx` with a pyramid of 4 levels, sharded, flushed to the disk.',
    peer: 'a Python tifffile, zarr and Blosc script that makes the same levels as OME-Zarr 0.4 and flushes them',
    floor: 'at least as fast, under 400 MB',
    script: 'tiff-to-ozx.ts',
    quick: ['--planes', '4'],
    read(answer) {
      const { planes, input, ours, theirs } = pyramid.parse(answer);
      const notes = [`Input: ${planes} planes, ${megabytes(input)}; our output ${megabytes(ours.bytes)}.`];
      return { figures: times(ours, theirs), notes };
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
      const { file, connections, results, peakMegabytes } = chunks.parse(answer);
      const figures = results.flatMap(({ bytes, ours, theirs }, i): Figure[] => {
        const size = `${bytes / 1024} KiB`;
        const figure = (what: string, unit: string, of: (one: z.infer<typeof served>) => number): Figure => ({
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
];
