import { randomBytes } from 'node:crypto';
import { setTimeout as rest } from 'node:timers/promises';
import {
  checkPath,
  everyRow,
  expectFiles,
  fileArrived,
  noteReceived,
  type DepositPorts,
  Refused,
  removeFiles,
  sideBySide,
} from '@micrarium/repository';
import type { Database } from '../database/connect.ts';
import { AddressRefused } from '../outside/public-file.ts';
import {
  askCancel,
  beatEvery,
  beginImport,
  endImport,
  findImport,
  type ImportProgress,
  type ImportRun,
  noteImport,
} from './import-rows.ts';
import { type ImportReason, ImportRefused, type ImportSource } from './import-source.ts';
import { targetOf, twinsOf } from './list-import.ts';
import type { NamedSource } from './open-source.ts';

/** What imports need of the server. */
export interface ImportPorts extends DepositPorts {
  db: Database;
}

/** A file that is ordered: its path as the source spells it, and its size as it was listed. */
export interface OrderedFile {
  path: string;
  size?: number | undefined;
}

/** An import that is ordered. */
export interface ImportOrder {
  draftId: string;
  userId: string;
  kind: NamedSource['kind'];
  place: string;
  source: ImportSource;
  files: readonly OrderedFile[];
  /** Asked before each file: throws once whoever ordered it may not change the files of the draft any more. */
  demand(): Promise<void>;
}

/** Why an import is not begun. The message is for the person who ordered it. */
export class ImportBusy extends Error {
  override readonly name = 'ImportBusy';
}

/** The draft is gone, or another run took the place of this one after it had given no sign of life. */
class RunLost extends Error {
  override readonly name = 'RunLost';
}

/** A file on its way. */
interface Coming {
  path: string;
  /** Its path in the draft. */
  target: string;
  size: number | undefined;
  uploadId: string;
  /** Bytes of it that are counted as come. */
  counted: number;
  /** Mark of the bytes that came, where it can be gone on after them. */
  tag?: string | undefined;
}

interface Run extends ImportOrder {
  id: string;
  ports: ImportPorts;
  control: AbortController;
  progress: ImportProgress;
}

const filesAtOnce = 3;
const mostTries = 3;
const mostFailures = 100;
const mostOfOne = 2;
const mostInAll = 8;
/** Milliseconds between two notes of how much of a file has come. */
const noteEvery = 2_000;

/**
 * Imports that this process runs. Sources, and with them passwords and keys, are held in memory as long as they are needed and written
 * nowhere: what a process did not bring to its end is confirmed anew, and passes over what is there.
 */
export class DraftImports {
  private readonly runs = new Map<string, Run>();
  private readonly mostBytes: number;
  private readonly noteFault: (fault: unknown) => void;
  private readonly pause: number;

  /**
   * @param mostBytes of one file
   * @param pause milliseconds before a file that broke off is asked for again; twice as many before the third try
   */
  constructor(mostBytes: number, noteFault: (fault: unknown) => void, pause = 2_000) {
    this.mostBytes = mostBytes;
    this.noteFault = noteFault;
    this.pause = pause;
  }

  /**
   * Announces the files in the draft and begins to bring them.
   * @returns `ended` settles when it has, however that was; nobody has to wait for it
   * @throws ImportBusy, Refused with an issue for each path that cannot be deposited
   */
  async start(ports: ImportPorts, order: ImportOrder): Promise<{ ended: Promise<void> }> {
    const ofOne = [...this.runs.values()].filter(({ userId }) => userId === order.userId).length;
    if (ofOne >= mostOfOne || this.runs.size >= mostInAll)
      throw new ImportBusy('Other imports are running: wait until one of them has ended.');
    const { draftId, kind, place, userId } = order;
    const files = [...new Map(order.files.map((file) => [targetOf(file.path), file])).values()];
    const issues = [
      ...files.flatMap(({ path }) => checkPath(targetOf(path))),
      ...twinsOf(order.files.map(({ path }) => path)),
    ];
    if (issues.length > 0) throw new Refused(`${issues.length} paths cannot be deposited`, issues);
    const bytes = files.reduce((sum, { size = 0 }) => sum + size, 0);
    const none = { doneFiles: 0, thereFiles: 0, doneBytes: 0, failedFiles: 0, failures: [] };
    const progress = { files: files.length, bytes, ...none };
    const run: Run = {
      ...order,
      files,
      id: randomBytes(12).toString('hex'),
      ports,
      control: new AbortController(),
      progress,
    };
    if (!(await beginImport(ports.db, { draftId, run: run.id, kind, place, startedBy: userId, progress })))
      throw new ImportBusy('An import into this draft is running.');
    try {
      await announce(run);
    } catch (fault) {
      await endImport(ports.db, draftId, run.id, { state: 'failed', progress, ...toldOf(fault) });
      throw fault;
    }
    this.runs.set(draftId, run);
    return { ended: this.bringAll(run) };
  }

  /** The import of a draft that runs, anywhere, or ran last. */
  async stateOf(db: Database, draftId: string): Promise<ImportRun | undefined> {
    const found = await findImport(db, draftId);
    const run = this.runs.get(draftId);
    const isOurs = run !== undefined && (found?.state === 'running' || found?.state === 'interrupted');
    return found && isOurs ? { ...found, ...run.progress, state: 'running' } : found;
  }

  /** Stops the import of a draft, in whatever process it runs. */
  async cancel(db: Database, draftId: string): Promise<void> {
    await askCancel(db, draftId);
    this.runs.get(draftId)?.control.abort();
  }

  private async bringAll(run: Run): Promise<void> {
    const { ports, draftId, id, control, progress } = run;
    const beat = setInterval(() => {
      noteImport(ports.db, draftId, id, progress).then(
        (found) => {
          if (found !== 'on') control.abort(found === 'lost' ? new RunLost() : undefined);
        },
        (fault: unknown) => this.noteFault(fault),
      );
    }, beatEvery);
    try {
      await sideBySide(run.files, (file) => this.bring(run, file), filesAtOnce).then(
        () => endImport(ports.db, draftId, id, { state: progress.failedFiles > 0 ? 'failed' : 'done', progress }),
        (fault: unknown) => this.settle(run, fault),
      );
    } catch (fault) {
      this.noteFault(fault);
    } finally {
      clearInterval(beat);
      // Another may have been begun since this one was noted as ended.
      if (this.runs.get(draftId) === run) this.runs.delete(draftId);
    }
  }

  /** All of it ended early: cancelled, or by a fault that more files would meet too. */
  private async settle(run: Run, fault: unknown): Promise<void> {
    const { ports, draftId, id, progress } = run;
    // Whoever took its place brings these files now.
    if (run.control.signal.reason instanceof RunLost) return;
    if (run.control.signal.aborted) {
      await withdraw(run).catch((left: unknown) => this.noteFault(left));
      return await endImport(ports.db, draftId, id, { state: 'cancelled', progress });
    }
    if (!isForPeople(fault)) this.noteFault(fault);
    await endImport(ports.db, draftId, id, { state: 'failed', progress, ...toldOf(fault) });
  }

  private async bring(run: Run, file: OrderedFile): Promise<void> {
    const { ports, draftId, progress } = run;
    const { signal } = run.control;
    signal.throwIfAborted();
    await run.demand();
    const path = targetOf(file.path);
    try {
      if (await isThere(run, file)) progress.thereFiles++;
      else {
        const { uploadId, size } = await this.store(run, file);
        if (file.size === undefined) await expectFiles(ports, draftId, [{ path, size }]);
        await fileArrived(ports, draftId, path, uploadId);
      }
      progress.doneFiles++;
    } catch (fault) {
      signal.throwIfAborted();
      if (!isOfFile(fault)) throw fault;
      progress.failedFiles++;
      if (progress.failures.length < mostFailures) progress.failures.push({ path, ...toldOf(fault) });
    }
  }

  /** Stores the bytes of a file durably; where they break off it goes on after those that came. Nothing is left of a failure. */
  private async store(run: Run, { path, size }: OrderedFile): Promise<{ uploadId: string; size: number }> {
    const { uploads } = run.ports;
    const { signal } = run.control;
    const uploadId = `imp${randomBytes(16).toString('hex')}`;
    const coming: Coming = { path, target: targetOf(path), size, uploadId, counted: 0 };
    await uploads.create(uploadId);
    try {
      for (let tries = 1; ; tries++) {
        try {
          return { uploadId, size: await this.storeOn(run, coming) };
        } catch (fault) {
          if (signal.aborted || tries === mostTries || !mayPass(fault)) throw fault;
          await rest(this.pause * tries, undefined, { signal });
        }
      }
    } catch (fault) {
      run.progress.doneBytes -= coming.counted;
      await uploads.remove(uploadId);
      throw fault;
    }
  }

  /** One try. @returns bytes of the whole file */
  private async storeOn(run: Run, coming: Coming): Promise<number> {
    const { ports, control, source, progress } = run;
    const { uploadId, path, tag } = coming;
    const before = (await ports.uploads.get(uploadId))?.size ?? 0;
    const opened = await source.open(path, control.signal, tag === undefined ? undefined : { from: before, tag });
    if (opened.from !== before) {
      await ports.uploads.remove(uploadId);
      await ports.uploads.create(uploadId);
    }
    progress.doneBytes += opened.from - coming.counted;
    coming.counted = opened.from;
    coming.tag = opened.tag;
    const size = await ports.uploads.append(uploadId, opened.from, this.counted(run, coming, opened.bytes));
    if (coming.size !== undefined && size !== coming.size)
      throw new ImportRefused(
        `The file has ${size} bytes and was listed with ${coming.size}: list it again.`,
        'size-differs',
      );
    return size;
  }

  /** Passes bytes on, counts them, and refuses more than there may be. */
  private async *counted(run: Run, coming: Coming, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const { ports, draftId, control, progress } = run;
    let noted = Date.now();
    for await (const piece of bytes) {
      control.signal.throwIfAborted();
      coming.counted += piece.length;
      progress.doneBytes += piece.length;
      if (coming.counted > this.mostBytes)
        throw new ImportRefused(
          `The file is larger than the ${this.mostBytes / 1e9} GB that are taken here.`,
          'too-large',
        );
      if (coming.size !== undefined && coming.counted > coming.size)
        throw new ImportRefused(
          `The file has more than the ${coming.size} bytes it was listed with: list it again.`,
          'size-differs',
        );
      yield piece;
      if (coming.size === undefined || Date.now() - noted < noteEvery) continue;
      noted = Date.now();
      await noteReceived(ports, draftId, coming.target, coming.counted);
    }
  }
}

/** Announces what has a size, so that the draft waits for it; nothing is begun where one path cannot be deposited. */
async function announce({ ports, draftId, files }: Run): Promise<void> {
  const sized = files.flatMap(({ path, size }) => (size === undefined ? [] : [{ path: targetOf(path), size }]));
  if (sized.length > 0) await expectFiles(ports, draftId, sized);
}

/**
 * Does the draft have the file, complete? Where reading it costs no more than bringing it, by its digest; else by its size, as for files
 * that are sent. A file with other bytes is expected anew.
 */
async function isThere({ ports, draftId, source, control }: Run, file: OrderedFile): Promise<boolean> {
  const path = targetOf(file.path);
  const row = await ports.studies.getFile(draftId, path);
  if (!row || file.size === undefined || row.size !== file.size) return false;
  if (row.state !== 'verified') return row.state === 'sent';
  if (!source.digestOf) return true;
  const sha256 = await source.digestOf(file.path, control.signal);
  if (sha256 === row.sha256) return true;
  const [now] = await expectFiles(ports, draftId, [{ path, size: file.size, sha256 }]);
  return now?.state === 'verified';
}

/** Takes what had not come out of the draft again, however many files that are. */
async function withdraw({ ports, draftId, files }: Run): Promise<void> {
  const ordered = new Set(files.map(({ path }) => targetOf(path)));
  const waiting: string[] = [];
  for await (const { path, state } of everyRow((page) => ports.studies.listFiles(draftId, page)))
    if ((state === 'expected' || state === 'sending') && ordered.has(path)) waiting.push(path);
  if (waiting.length > 0) await removeFiles(ports, draftId, waiting);
}

/** Broken connections and servers that are busy: another try may do. */
function mayPass(fault: unknown): boolean {
  const { code = '' } = fault as { code?: string };
  return (
    fault instanceof AddressRefused || ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code)
  );
}

/** Is it a fault of this file, after which others may still come? */
const isOfFile = (fault: unknown) => mayPass(fault) || fault instanceof ImportRefused || fault instanceof Refused;

const isForPeople = (fault: unknown) =>
  isOfFile(fault) || ['Problem', 'DraftNotEditable', 'NotThere'].includes((fault as Error).name);

/** Words and, where it is known, the reason by its code. */
function toldOf(fault: unknown): { message: string; reason?: ImportReason } {
  const reason = reasonOf(fault);
  return { message: messageOf(fault), ...(reason ? { reason } : {}) };
}

function reasonOf(fault: unknown): ImportReason | undefined {
  const { code } = fault as { code?: string };
  if (code === 'ENOSPC' || code === 'EDQUOT') return { code: 'no-space' };
  if (fault instanceof AddressRefused || fault instanceof ImportRefused) return fault.reason;
  if (fault instanceof Refused) return undefined;
  if (mayPass(fault)) return { code: 'broken-off' };
  return isForPeople(fault) ? undefined : { code: 'server-fault' };
}

/** Why something failed, in words for people: never what the system said. */
function messageOf(fault: unknown): string {
  const { code, message } = fault as { code?: string; message: string };
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'The server has no space left; what came is kept.';
  if (fault instanceof Refused) return fault.issues[0]?.message ?? message;
  if (fault instanceof AddressRefused || fault instanceof ImportRefused) return message;
  if (mayPass(fault)) return 'The connection broke off.';
  return isForPeople(fault) ? message : 'A fault of the server, noted in its log.';
}
