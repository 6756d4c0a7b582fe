/** What each benchmark prints as its last line of JSON, by what it measures. */
import { z } from 'zod';

export const converted = z.object({ seconds: z.number(), cpuSeconds: z.number(), peakMegabytes: z.number() });
export const trackmate = z.object({
  spots: z.number(),
  inputBytes: z.number(),
  ours: converted,
  theirs: converted.optional(),
});
export const film = z.object({
  planes: z.number(),
  input: z.number(),
  ours: converted.extend({ bytes: z.number() }),
  theirs: converted.optional(),
});
export const pyramid = film.extend({ others: z.object({ plainPart: film, deflate: film, czi: film, nd2: film }) });
export const served = z.object({
  requestsPerSecond: z.number(),
  megabytesPerSecond: z.number(),
  medianMs: z.number(),
  slowestMs: z.number(),
  cpuSecondsPerThousand: z.number(),
});
export const chunks = z.object({
  file: z.number(),
  connections: z.number(),
  results: z.array(z.object({ bytes: z.number(), ours: served, theirs: served.optional() })),
  peakMegabytes: z.object({ ours: z.number(), theirs: z.number().optional() }),
});

export const firstPixels = z.object({
  first: z.object({ seconds: z.number(), bytes: z.number(), requests: z.number() }),
  settled: z.number(),
  before: z.number(),
  played: z.object({ pointsPerSecond: z.number(), megabytes: z.number() }),
  points: z.number(),
});

export const opening = z.object({ fromRequest: z.number(), fromAnswer: z.number(), fromOpening: z.number() });
export const firstPaint = z.object({
  objects: z.number(),
  frames: z.number(),
  first: opening,
  later: z.array(opening).min(1),
  counted: z.object({ milliseconds: z.number(), bytes: z.number() }),
  /** Of the page's JavaScript after its last opening, and of the server since its start; units of 10^6 bytes. */
  megabytes: z.object({ page: z.number(), server: z.number() }),
});
export const skipped = z.object({ skipped: z.string() });
export const workbook = z.object({ rows: z.number(), ours: converted, theirs: converted.optional() });
export const measured = z.object({
  objects: z.number(),
  ours: converted.extend({ tracks: z.number() }),
  pairs: converted,
  theirs: converted.optional(),
});
export const grown = z.object({
  grown: z.array(
    z.object({ what: z.string(), inputBytes: z.number(), ours: converted, allowanceMegabytes: z.number() }),
  ),
});
export const validation = z.object({
  datasets: z.number(),
  ours: z.object({
    values: z.number(),
    issues: z.number(),
    firstMs: z.number(),
    medianMs: z.number(),
    medianCpuMs: z.number(),
    peakMegabytes: z.number(),
  }),
});
export const labels = z.object({ frames: z.number(), ours: converted });
export const grouped = z.object({
  rows: z.number(),
  tables: z.number(),
  megabytes: z.number(),
  ours: z.number(),
  theirs: z.number(),
  firstRows: z.number(),
  oursProcessor: z.number(),
  theirsProcessor: z.number(),
  first: z.number(),
  firstTheirs: z.number(),
  manyOurs: z.number(),
  manyTheirs: z.number(),
  /** Largest resident size of the process that ran the large query, in units of 10^6 bytes. */
  peakMegabytes: z.number(),
});
export const archived = z.object({
  files: z.number(),
  filmBytes: z.number(),
  bytes: z.number(),
  peakOfMany: z.number(),
  seconds: z.record(z.string(), z.number()),
  processor: z.record(z.string(), z.number()),
});
export const read = z.object({ bytes: z.number(), requests: z.number(), share: z.number() });
export const space = z.object({
  objects: z.number(),
  tableBytes: z.number(),
  firstFrame: read.extend({ seconds: z.number(), peakMegabytes: z.number() }),
  anyFrame: read,
  edges: z.object({ count: z.number(), seconds: z.number(), peakMegabytes: z.number() }),
});

export const bdml = z.object({
  spheres: z.number(),
  inputBytes: z.number(),
  ours: converted,
  theirs: converted.optional(),
  counted: converted,
  linted: converted,
  oneFrame: converted,
});

export const vocabulary = z.object({
  terms: z.number(),
  megabytes: z.number(),
  loadSeconds: z.number(),
  cpuSeconds: z.number(),
  searches: z.number(),
  medianMs: z.number(),
  within95Ms: z.number(),
  matchMs: z.number(),
  peakMegabytes: z.number(),
});
export const underLoad = z.object({
  seconds: z.number(),
  results: z.array(
    z.object({
      what: z.string(),
      perSecond: z.number(),
      median: z.number(),
      p95: z.number(),
      p99: z.number(),
      failed: z.number(),
      processor: z.record(z.string(), z.number()),
    }),
  ),
});
export const ancestors = z.object({
  studies: z.number(),
  most: z.number(),
  searches: z.number(),
  medianMs: z.number(),
  within95Ms: z.number(),
  warmSeconds: z.number(),
  peakMegabytes: z.number(),
});

/** A run of one program: time, processor time, memory in units of 10^6 bytes. */
export type Converted = z.infer<typeof converted>;
