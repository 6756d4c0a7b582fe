import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** What a thread is asked. */
export type DigestRequest =
  | { kind: 'files'; id: number; files: { path: string; algorithms: readonly string[] }[] }
  | { kind: 'piece'; id: number; stream: number; algorithm: string; memory: SharedArrayBuffer; length: number }
  | { kind: 'end'; id: number; stream: number; algorithm: string };

/** What became of a small file: digests in the order of the algorithms asked for, or the system's error. */
export type SmallFile =
  | { size: number; digests: string[]; link?: string; isLarge?: never; code?: never }
  | { isLarge: true; code?: never }
  | { code: string; message: string; isLarge?: never };

/** What a thread answers. */
export interface DigestAnswer {
  id: number;
  digest?: string;
  files?: SmallFile[];
  problem?: string;
}

interface Waiting {
  resolve(answer: DigestAnswer): void;
  reject(error: Error): void;
}

/** A thread, what was asked of it, and how many streams it has begun. */
interface DigestThread {
  worker: Worker;
  waiting: Map<number, Waiting>;
  streams: number;
}

const mostThreads = 8;
/** One a core: the thread that asks only reads and writes. */
const threadCount = Math.min(mostThreads, availableParallelism());
const threads = new Set<DigestThread>();
let lastId = 0;

function startThread(): DigestThread {
  const worker = new Worker(new URL('./digest-thread.ts', import.meta.url));
  const thread: DigestThread = { worker, waiting: new Map(), streams: 0 };
  // Idle threads do not keep the program alive.
  worker.unref();
  worker.on('message', (answer: DigestAnswer) => {
    const waiting = thread.waiting.get(answer.id);
    thread.waiting.delete(answer.id);
    if (thread.waiting.size === 0) worker.unref();
    if (answer.problem === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(`a digest could not be computed: ${answer.problem}`));
  });
  const lost = (cause: unknown): void => {
    for (const { reject } of thread.waiting.values()) reject(new Error('a digest thread ended', { cause }));
    thread.waiting.clear();
    threads.delete(thread);
  };
  worker.on('error', lost);
  worker.on('exit', lost);
  threads.add(thread);
  return thread;
}

/** The thread with the least to do; one more is started while there are fewer than cores and all have something. */
function freeThread(): DigestThread {
  const load = ({ streams, waiting }: DigestThread) => streams + waiting.size;
  const [idlest] = [...threads].sort((a, b) => load(a) - load(b));
  return idlest && (load(idlest) === 0 || threads.size >= threadCount) ? idlest : startThread();
}

type Unnumbered<Request> = Request extends unknown ? Omit<Request, 'id'> : never;

function ask(thread: DigestThread, request: Unnumbered<DigestRequest>): Promise<DigestAnswer> {
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    thread.waiting.set(id, { resolve, reject });
    thread.worker.ref();
    thread.worker.postMessage({ ...request, id });
  });
}

/** A digest that a thread computes of bytes given piece by piece. */
export class ThreadDigest {
  readonly algorithm: string;
  private readonly thread: DigestThread;
  private readonly stream = ++lastId;

  /** @param algorithm as Node names it, or `crc32c` */
  constructor(algorithm: string) {
    this.algorithm = algorithm;
    this.thread = freeThread();
    this.thread.streams++;
  }

  /** Adds the first bytes of a piece of shared memory, which must stay as it is until this is done. Not to be called again before. */
  async update(memory: SharedArrayBuffer, length: number): Promise<void> {
    const { algorithm, stream } = this;
    await ask(this.thread, { kind: 'piece', stream, algorithm, memory, length });
  }

  /** Ends the stream. To be called in any case, once, also where its digest is not wanted any more. */
  async digest(): Promise<string> {
    this.thread.streams--;
    const { algorithm, stream } = this;
    const { digest } = await ask(this.thread, { kind: 'end', stream, algorithm });
    return digest!;
  }
}

interface AskedFile {
  path: string;
  algorithms: readonly string[];
  resolve(file: SmallFile): void;
  reject(error: unknown): void;
}

const filesInRequest = 32;
let asked: AskedFile[] = [];

/** Digests of a small file, computed together with others that are asked for at the same moment. */
export function digestsOfSmallFile(path: string, algorithms: readonly string[]): Promise<SmallFile> {
  if (asked.length === 0) setImmediate(askForFiles);
  return new Promise((resolve, reject) => asked.push({ path, algorithms, resolve, reject }));
}

function askForFiles(): void {
  const all = asked;
  asked = [];
  // Spread over the threads where there are few.
  const size = Math.min(filesInRequest, Math.ceil(all.length / threadCount));
  for (let from = 0; from < all.length; from += size) {
    const some = all.slice(from, from + size);
    const files = some.map(({ path, algorithms }) => ({ path, algorithms }));
    ask(freeThread(), { kind: 'files', files }).then(
      (answer) => {
        for (const [at, { resolve }] of some.entries()) resolve(answer.files![at]!);
      },
      (error: unknown) => {
        for (const { reject } of some) reject(error);
      },
    );
  }
}
