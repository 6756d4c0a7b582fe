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
export function times(ours: Converted, theirs: Converted | undefined): Figure[] {
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

/** A size in bytes, in words. */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
