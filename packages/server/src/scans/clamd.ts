import { createConnection, type Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { ByteSource } from '@micrarium/formats';

/** Where clamd listens: a socket of this machine, or a host with its port. */
export type ClamdAddress = { path: string } | { host: string; port: number };

/** What clamd says of the bytes of a file; `too-large`: more than it takes, so that it searched none of them. */
export type ScanAnswer = { state: 'clean' } | { state: 'found'; signature: string } | { state: 'too-large' };

/** The scanner is not there, broke off, or says a fault of its own. The message is for the operator. */
export class ScannerFault extends Error {
  override readonly name = 'ScannerFault';

  constructor(address: ClamdAddress, what: string, options?: ErrorOptions) {
    super(
      `The virus scanner at ${nameOfClamd(address)} gives no answer: ${what}. ` +
        'Files are taken meanwhile and wait for it; start clamd, or take MICRARIUM_CLAMD out of the settings.',
      options,
    );
  }
}

/** Bytes of a file that are sent at once, and all that is held of it. */
const pieceSize = 256 * 1024;
/** Milliseconds without a byte in either direction after which the scanner counts as gone; it may think for long about an archive. */
const patience = 300_000;
/** An answer is a line: whatever is longer is no clamd. */
const longestAnswer = 4096;
const longestSignature = 200;
const closedText = 'it closed the connection';

/** Address as it stands in the settings. */
export function nameOfClamd(address: ClamdAddress): string {
  return 'path' in address ? address.path : `${address.host}:${address.port}`;
}

/** Reads a setting: `/path/of/clamd.ctl`, `host:port` or `[::1]:port`; `undefined` where it is neither. */
export function clamdAddress(text: string): ClamdAddress | undefined {
  if (text.startsWith('/')) return { path: text };
  const found = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text);
  const port = Number(found?.[3]);
  if (!found || port < 1 || port > 65_535) return undefined;
  return { host: found[1] ?? found[2]!, port };
}

/** How often bytes are sent once more because the connection ended before any answer was read. */
const mostAgain = 2;
/** Bytes that may be under way between here and the scanner: it may have stopped reading so long before the connection ended. */
const underWay = 16 * 2 ** 20;
/** Milliseconds for which the answer is waited for behind each piece where the connection ended the last time. */
const pause = 100;

/**
 * Has clamd search the bytes of a file, by `INSTREAM` of its protocol (clamd(8)): pieces of at most 256 KiB, each behind its length, and one
 * of none at the end. What is sent is given up as soon as the scanner answers, as it does where a file is larger than its `StreamMaxLength`.
 * It closes the connection then, and what is still being sent can take the answer along: so the bytes are sent once more, and near that place
 * slowly. Without an answer there is none: a scanner that breaks off is the same as one that is away, and nothing counts as clean.
 * @throws ScannerFault; the fault of reading, and the signal's reason, as they are
 */
export async function scanByClamd(
  address: ClamdAddress,
  bytes: Pick<ByteSource, 'size' | 'read'>,
  signal?: AbortSignal,
): Promise<ScanAnswer> {
  let slowFrom = Number.POSITIVE_INFINITY;
  for (let again = 0; ; again++) {
    const progress: Progress = { sent: 0, isOver: false, slowFrom };
    try {
      return await scanOnce(address, bytes, progress, signal);
    } catch (fault) {
      const isBrokenOff = fault instanceof ScannerFault && progress.sent > 0 && wasClosed(fault.cause);
      if (!isBrokenOff || again >= mostAgain) throw fault;
      slowFrom = progress.sent - underWay;
    }
  }
}

/** How far a file is sent. */
interface Progress {
  /** Bytes of it. */
  sent: number;
  /** Is there an answer, or no connection any more? */
  isOver: boolean;
  /** From which byte on an answer is waited for behind each piece. */
  slowFrom: number;
}

/** Did the other side end the connection, rather than refuse it or stay silent? */
function wasClosed(fault: unknown): boolean {
  const { code, message } = (fault ?? {}) as { code?: string; message?: string };
  return code === 'EPIPE' || code === 'ECONNRESET' || message === closedText;
}

async function scanOnce(
  address: ClamdAddress,
  bytes: Pick<ByteSource, 'size' | 'read'>,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<ScanAnswer> {
  signal?.throwIfAborted();
  const socket = createConnection(address);
  const stop = () => socket.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  const answer = answerOn(socket);
  const over = () => {
    progress.isOver = true;
  };
  const answered = answer.then(over, over);
  try {
    await sendPieces(socket, bytes, { progress, answered, signal });
    return readAnswer(address, await answer.catch((fault: unknown) => giveUp(address, fault, signal)));
  } finally {
    signal?.removeEventListener('abort', stop);
    socket.destroy();
  }
}

function giveUp(address: ClamdAddress, fault: unknown, signal: AbortSignal | undefined): never {
  signal?.throwIfAborted();
  const { code, message } = fault as { code?: string; message: string };
  throw new ScannerFault(address, code ?? message, { cause: fault });
}

/**
 * Which signatures clamd goes by: program, number and day of its list (`ClamAV 1.4.1/27450/…`).
 * @throws ScannerFault
 */
export async function clamdSignatures(address: ClamdAddress): Promise<string> {
  const socket = createConnection(address);
  const answer = answerOn(socket);
  // Heard where it is waited for.
  answer.catch(() => {});
  try {
    await sent(socket, Buffer.from('zVERSION\0'));
    const said = await answer.catch((fault: unknown) => giveUp(address, fault, undefined));
    if (!said.startsWith('ClamAV ')) throw new ScannerFault(address, `it says ${JSON.stringify(said.slice(0, 500))}`);
    return said.slice(0, longestSignature);
  } finally {
    socket.destroy();
  }
}

/** What clamd says up to its closing NUL. */
function answerOn(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.setTimeout(patience, () => socket.destroy(new Error(`nothing came for ${patience / 60_000} minutes`)));
    socket.on('data', (part: Buffer | string) => {
      text += part.toString();
      const end = text.indexOf('\0');
      if (end >= 0) resolve(text.slice(0, end).trim());
      else if (text.length > longestAnswer) socket.destroy(new Error('what it says has no end'));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(closedText)));
  });
}

async function sendPieces(
  socket: Socket,
  bytes: Pick<ByteSource, 'size' | 'read'>,
  { progress, answered, signal }: { progress: Progress; answered: Promise<void>; signal: AbortSignal | undefined },
): Promise<void> {
  await sent(socket, Buffer.from('zINSTREAM\0'));
  for (let at = 0; at < bytes.size && !progress.isOver; ) {
    const piece = await bytes.read(at, Math.min(pieceSize, bytes.size - at), signal);
    if (piece.length === 0) throw new Error('The file became shorter while it was searched');
    await sent(socket, Buffer.concat([lengthOf(piece), piece]));
    at += piece.length;
    progress.sent = at;
    // An answer that came meanwhile is heard before more is sent into a connection that may be closed already.
    if (at > progress.slowFrom) await Promise.race([answered, setTimeout(pause)]);
    else await setImmediate();
  }
  if (!progress.isOver) await sent(socket, Buffer.alloc(4));
}

function lengthOf({ length }: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length);
  return head;
}

/** Waits until the system took the bytes. What goes wrong is heard where the answer is waited for. */
function sent(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.write(bytes, () => resolve());
  });
}

function readAnswer(address: ClamdAddress, said: string): ScanAnswer {
  if (/^INSTREAM size limit exceeded\. ERROR$/.test(said)) return { state: 'too-large' };
  if (/^[^:]+: OK$/.test(said)) return { state: 'clean' };
  const signature = /^[^:]+: (.+) FOUND$/.exec(said)?.[1];
  if (signature !== undefined) return { state: 'found', signature: signature.slice(0, longestSignature) };
  throw new ScannerFault(address, `it says ${JSON.stringify(said.slice(0, 500))}`);
}
