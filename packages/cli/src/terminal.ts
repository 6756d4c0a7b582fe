import type { Writable } from 'node:stream';

/** Where a command speaks: data to `out`, prose and progress to `err`. */
export interface Terminal {
  out: Writable & { isTTY?: boolean };
  err: Writable & { isTTY?: boolean; columns?: number };
  environment: Readonly<Record<string, string | undefined>>;
}

/** Exit codes: a published contract. */
export const exitCode = {
  good: 0,
  /** A path missing or not recognised, or an issue of severity `error`. */
  faulty: 1,
  /** The command was written wrongly, or would overwrite without `--force`. */
  usage: 2,
  /** Stopped because the target cannot hold everything. */
  loss: 3,
} as const;

/** The command line was written wrongly; the message says how to write it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Writes one line of data or prose and waits until a full pipe has drained. */
export function writeLine(to: Writable, line: string): Promise<void> {
  return writeBytes(to, `${line}\n`);
}

/** Writes and waits until it is taken. */
export function writeBytes(to: Writable, bytes: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => to.write(bytes, (error) => (error ? reject(error) : resolve())));
}
