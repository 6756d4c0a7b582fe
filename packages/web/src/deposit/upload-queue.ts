import { parcel } from '@micrarium/api';
import { isSameFile, type TakenFile } from './taken-files.ts';
import { WaitingLine } from './waiting-line.ts';

/** How far a file is: in this browser, on its way, all bytes with the server, digest compared and equal. */
export type FilePhase =
  | 'waiting'
  | 'digesting'
  | 'sending'
  | 'stored'
  | 'verified'
  /** The server's digest is not ours: it must be sent again. */
  | 'mismatch'
  | 'failed';

/** What the server says of a file. */
export interface ServerFile {
  path: string;
  size: number;
  sha256?: string | undefined;
  state: 'expected' | 'sending' | 'sent' | 'verified' | 'mismatch';
  received: number;
}

/** A file with its way. */
export interface Sending {
  path: string;
  size: number;
  /** Left out where only the server has it. */
  file?: TakenFile;
  phase: FilePhase;
  /** Bytes that have left this browser. */
  sent: number;
  /** Bytes the server has confirmed. */
  stored: number;
  sha256?: string;
  /** Why it could not be sent. */
  fault?: unknown;
  /** When it was sent from here, by `performance.now()`. */
  sentAt?: number;
}

/** What the queue needs of the world; made replaceable for tests. */
export interface SendingWorld {
  /** Announces files, at most 1,000, and gives them as they stand, in the order asked. */
  announce(files: { path: string; size: number; sha256?: string; modifiedAt?: number }[]): Promise<ServerFile[]>;
  digest(file: TakenFile, signal: AbortSignal): Promise<string>;
  /** Sends what the server lacks; reports bytes sent and bytes confirmed. */
  send(sending: Sending, signal: AbortSignal, progress: (sent: number, stored: number) => void): Promise<void>;
  /**
   * Sends small files in one request.
   * @returns how each of them stands then; none for one that was not taken and is to be sent alone, where it is told what is the matter
   */
  sendTogether(parcel: readonly Sending[], signal: AbortSignal): Promise<(ServerFile | undefined)[]>;
  /** Resolves when it makes sense to try again. */
  pause(attempt: number, signal: AbortSignal): Promise<void>;
}

/** How files stand in all. */
export interface Totals {
  files: number;
  bytes: number;
  sentBytes: number;
  storedBytes: number;
  storedFiles: number;
  verifiedBytes: number;
  verifiedFiles: number;
  failedFiles: number;
  /** Is anything being sent or about to be? */
  isBusy: boolean;
  /** What sending waits out just now, before it tries again: the fault of the last try. */
  waitsFor?: unknown;
}

/** A refusal that trying again does not mend. */
export class SendingRefused extends Error {
  override readonly name = 'SendingRefused';
}

const parallelSends = 3;
const parallelDigests = 2;
const batchSize = 1000;

/**
 * Brings files to the server: announced in batches, digested here, sent three at a time, tried again after network
 * faults for as long as it takes. Files the server already has, by digest, are not sent.
 */
export class UploadQueue {
  readonly files = new Map<string, Sending>();
  private readonly world: SendingWorld;
  private readonly changed: () => void;
  private readonly toDigest = new WaitingLine<Sending>();
  private readonly toSend = new WaitingLine<Sending>();
  /** What was in a parcel and not taken. */
  private readonly toSendAlone = new WaitingLine<Sending>();
  private readonly digested = new WaitingLine<Sending>();
  private digesting = 0;
  private sending = 0;
  private announcing = false;
  private introducing = 0;
  private control = new AbortController();
  private readonly digests = new Map<Sending, AbortController>();
  /** What was asked of the server and failed, with the fault, until it is answered. */
  private readonly held = new Map<object, unknown>();

  constructor(world: SendingWorld, changed: () => void) {
    this.world = world;
    this.changed = changed;
  }

  /** Takes files to bring over. Files that are on their way already are left alone. */
  add(files: Iterable<TakenFile>): void {
    const fresh: Sending[] = [];
    for (const file of files) {
      const { path } = file;
      const known = this.files.get(path);
      if (known?.file && isSameFile(known.file, file) && known.phase !== 'failed' && known.phase !== 'mismatch')
        continue;
      const sending: Sending = { path, size: file.size, file, phase: 'waiting', sent: 0, stored: 0 };
      this.files.set(path, sending);
      // What the server knows with a digest is announced again only with the new digest, lest the old one be lost.
      if (known?.sha256 === undefined) fresh.push(sending);
      else this.toDigest.push(sending);
    }
    void this.introduce(fresh);
  }

  /**
   * Takes what the server says of its files: files of earlier visits appear, states are brought up to date.
   * @param askedAt when it was asked, by `performance.now()`: what was sent since it knows nothing of
   */
  hear(listed: readonly ServerFile[], askedAt = Number.POSITIVE_INFINITY): void {
    for (const one of listed) {
      const known = this.files.get(one.path);
      if (known?.sentAt !== undefined && known.sentAt > askedAt) continue;
      if (!known) this.files.set(one.path, fromServer(one));
      // Of what is not sent from here the server knows best: a request of the page before a reload may still bring it.
      else if (!known.file || !['sending', 'digesting', 'waiting'].includes(known.phase)) settle(known, one);
    }
    this.changed();
  }

  /** Forgets files, stopping nothing that is under way for others; a digest of theirs that is being made is stopped. */
  remove(paths: readonly string[]): void {
    const gone = new Set(paths);
    for (const [sending, stop] of this.digests)
      if (gone.has(sending.path)) stop.abort(new Error('the file was taken out'));
    for (const path of paths) this.files.delete(path);
    this.toDigest.keep(({ path }) => !gone.has(path));
    this.toSend.keep(({ path }) => !gone.has(path));
    this.toSendAlone.keep(({ path }) => !gone.has(path));
    this.changed();
  }

  /** Tries failed files and those with a wrong digest again. */
  retry(): void {
    for (const sending of this.files.values())
      if (sending.file && (sending.phase === 'failed' || sending.phase === 'mismatch')) {
        Object.assign(sending, { phase: 'waiting', sent: 0, stored: 0 });
        delete sending.sha256;
        delete sending.fault;
        this.toDigest.push(sending);
      }
    this.work();
  }

  /** Those that could not be sent, at most so many. */
  failed(most: number): Sending[] {
    const failed: Sending[] = [];
    for (const sending of this.files.values()) {
      if (failed.length >= most) break;
      if (isFailed(sending)) failed.push(sending);
    }
    return failed;
  }

  /** Stops everything; what is stored stays stored. */
  close(): void {
    const reason = new Error('the page was left');
    this.control.abort(reason);
    for (const stop of this.digests.values()) stop.abort(reason);
  }

  totals(): Totals {
    const totals: Totals = {
      files: this.files.size,
      bytes: 0,
      sentBytes: 0,
      storedBytes: 0,
      storedFiles: 0,
      verifiedBytes: 0,
      verifiedFiles: 0,
      failedFiles: 0,
      isBusy: this.isBusy(),
      ...(this.held.size > 0 ? { waitsFor: [...this.held.values()].at(-1) } : {}),
    };
    for (const sending of this.files.values()) {
      const { size, sent, stored, phase } = sending;
      totals.bytes += size;
      totals.sentBytes += sent;
      totals.storedBytes += stored;
      if (phase === 'stored' || phase === 'verified') totals.storedFiles++;
      if (phase === 'verified') {
        totals.verifiedFiles++;
        totals.verifiedBytes += size;
      }
      if (isFailed(sending)) totals.failedFiles++;
    }
    return totals;
  }

  /** Names new files to the server before anything is digested, so that it knows what to expect. */
  private async introduce(fresh: readonly Sending[]): Promise<void> {
    this.introducing++;
    for (let at = 0; at < fresh.length; at += batchSize) {
      const batch = fresh.slice(at, at + batchSize).filter(({ path }) => this.files.has(path));
      try {
        if (batch.length > 0) await this.persist(() => this.world.announce(batch.map(announced)));
        this.toDigest.push(...batch);
      } catch (error) {
        for (const sending of batch) fail(sending, error);
      }
      if (this.control.signal.aborted) return;
      this.work();
    }
    this.introducing--;
    this.work();
  }

  private isBusy(): boolean {
    const waiting = this.toDigest.length + this.digested.length + this.toSend.length + this.toSendAlone.length;
    return this.announcing || this.introducing + this.digesting + this.sending + waiting > 0;
  }

  private work(): void {
    for (const next of this.toDigest.take(parallelDigests - this.digesting)) void this.digestNext(next);
    if (
      !this.announcing &&
      this.digested.length > 0 &&
      (this.digested.length >= batchSize || this.sending < parallelSends)
    )
      void this.announceNext();
    for (const next of this.toSendAlone.take(parallelSends - this.sending)) void this.sendNext(next);
    while (this.sending < parallelSends && this.toSend.length > 0) {
      const together = this.toSend.takeWhile(parcel());
      if (together.length > 1) void this.sendParcel(together);
      else void this.sendNext(together[0] ?? this.toSend.take(1)[0]!);
    }
    this.changed();
  }

  private async digestNext(sending: Sending): Promise<void> {
    this.digesting++;
    sending.phase = 'digesting';
    const stop = new AbortController();
    this.digests.set(sending, stop);
    try {
      sending.sha256 = await this.world.digest(sending.file!, stop.signal);
      this.digested.push(sending);
    } catch (error) {
      fail(sending, error);
    }
    this.digests.delete(sending);
    this.digesting--;
    if (!this.control.signal.aborted) this.work();
  }

  private async announceNext(): Promise<void> {
    this.announcing = true;
    const batch = this.digested.take(batchSize).filter(({ path }) => this.files.has(path));
    try {
      const listed = batch.length === 0 ? [] : await this.persist(() => this.world.announce(batch.map(announced)));
      batch.forEach((sending, index) => {
        const server = listed[index];
        if (server && server.sha256 === sending.sha256 && (server.state === 'sent' || server.state === 'verified'))
          settle(sending, server);
        else {
          sending.phase = 'waiting';
          this.toSend.push(sending);
        }
      });
    } catch (error) {
      for (const sending of batch) fail(sending, error);
    }
    this.announcing = false;
    if (!this.control.signal.aborted) this.work();
  }

  private async sendNext(sending: Sending): Promise<void> {
    this.sending++;
    sending.phase = 'sending';
    try {
      await this.persist((moves) =>
        this.world.send(sending, this.control.signal, (sent, stored) => {
          moves(stored > sending.stored);
          sending.sent = sent;
          sending.stored = Math.max(sending.stored, stored);
          this.changed();
        }),
      );
      Object.assign(sending, { phase: 'stored', sent: sending.size, stored: sending.size, sentAt: performance.now() });
    } catch (error) {
      fail(sending, error);
    }
    this.sending--;
    if (!this.control.signal.aborted) this.work();
  }

  private async sendParcel(together: readonly Sending[]): Promise<void> {
    this.sending++;
    for (const sending of together) sending.phase = 'sending';
    try {
      const stand = await this.persist(() => this.world.sendTogether(together, this.control.signal));
      together.forEach((sending, at) => {
        const server = stand[at];
        // Announced anew meanwhile, by another page: it is still to come.
        if (server && server.state !== 'expected' && server.state !== 'sending') {
          settle(sending, server);
          sending.sentAt = performance.now();
        } else this.toSendAlone.push(sending);
      });
    } catch (error) {
      for (const sending of together) fail(sending, error);
    }
    this.sending--;
    if (!this.control.signal.aborted) this.work();
  }

  /** Network faults are waited out; refusals are not. @param attempt calls what it is given when bytes move again */
  private async persist<Answer>(attempt: (moves: (isStored: boolean) => void) => Promise<Answer>): Promise<Answer> {
    const asked = {};
    // A server that answered, and took nothing, has not changed its mind because bytes are on their way again.
    const moves = (isStored: boolean) => {
      const { status } = (this.held.get(asked) ?? {}) as { status?: number };
      if (isStored || status === undefined) this.held.delete(asked);
    };
    try {
      for (let failures = 0; ; failures++) {
        this.control.signal.throwIfAborted();
        try {
          return await attempt(moves);
        } catch (error) {
          if (error instanceof SendingRefused || this.control.signal.aborted) throw error;
          this.held.set(asked, error);
          this.changed();
          await this.world.pause(failures, this.control.signal);
        }
      }
    } finally {
      this.held.delete(asked);
    }
  }
}

function announced({ path, size, sha256, file }: Sending) {
  return {
    path,
    size,
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(file ? { modifiedAt: file.modifiedAt } : {}),
  };
}

function fail(sending: Sending, error: unknown): void {
  sending.phase = 'failed';
  sending.fault = error;
}

const isFailed = ({ phase }: Sending): boolean => phase === 'failed' || phase === 'mismatch';

const phaseOf: Record<ServerFile['state'], FilePhase> = {
  expected: 'waiting',
  sending: 'waiting',
  sent: 'stored',
  verified: 'verified',
  mismatch: 'mismatch',
};

function settle(sending: Sending, server: ServerFile): void {
  if (sending.phase === 'failed' && server.state !== 'verified') return;
  sending.phase = phaseOf[server.state];
  sending.stored = server.received;
  sending.sent = Math.max(sending.sent, server.received);
}

function fromServer(server: ServerFile): Sending {
  const { path, size, received, sha256, state } = server;
  return { path, size, phase: phaseOf[state], sent: received, stored: received, ...(sha256 ? { sha256 } : {}) };
}
