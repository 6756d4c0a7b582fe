import type { AgentKind } from './agents.ts';

/**
 * What of a study was used. `page`: a look at it. `inner`: what a page asks for by itself, such as pictures and tables to draw. `file`: a file
 * taken whole; `part`: ranges of one, as of a download that is gone on with. `read`: pieces of its data, as viewers and programs read them.
 * `metadata`: a look by a program nobody answers for, which counts for nothing but tells those that collect pages.
 */
export type UseKind = 'page' | 'inner' | 'file' | 'part' | 'read' | 'metadata';

/** Kinds of which all of one visitor and hour are one event, with the sum of their bytes. */
export const summedKinds: ReadonlySet<UseKind> = new Set(['inner', 'part', 'read', 'metadata']);

/** One answer that may count. */
export interface Use {
  accession: string;
  /** Version asked for; the newest where the study was asked for. */
  version: number;
  /** What tells one visitor from another: account id, or address and agent. Only its hash is kept. */
  visitor: string;
  /** Address it came from; only its network is kept. */
  address: string;
  /** The program by its own word. */
  program: string;
  agent: Exclude<AgentKind, 'robot'>;
  kind: UseKind;
  /** Path, to tell a double click from two uses, and one file from another. */
  path: string;
  bytes: number;
  /** Bytes of the whole file, of parts and pieces where that is known. */
  size?: number | undefined;
  at: Date;
}

/** An event as it is kept for thirty days. */
export interface UsageEvent {
  version: number;
  at: Date;
  visitor: string;
  country: string;
  access: 'regular' | 'machine';
  kind: UseKind;
  path: string;
  bytes: number;
  size: number | null;
}
