import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../database/connect.ts';
import { isNotThere, replaceFile, syncFile } from '../storage/durable-files.ts';
import { allEvents, type AuditEvent, eventHash, firstHash } from './audit-log.ts';

/** The newest event, by which everything before it is fixed. */
export interface AuditHead {
  seq: number;
  hash: string;
  at: string;
}

/** What a check of the log found. */
export interface AuditChecked {
  events: number;
  head?: AuditHead;
  /** Number of the first event that does not fit, and why. */
  broken?: { seq: number; message: string };
}

/** Where the heads are kept, outside the database. */
const headsFile = (dataFolder: string) => join(dataFolder, 'audit-heads.ndjson');

/** The newest event; `undefined` while there is none. */
export async function auditHead(db: Database): Promise<AuditHead | undefined> {
  const row = await db
    .selectFrom('audit_event')
    .select(['seq', 'hash', 'at'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { seq: row.seq, hash: row.hash, at: row.at.toISOString() };
}

/** Heads written down so far. A line that a power cut left half is none. */
export async function writtenHeads(dataFolder: string): Promise<AuditHead[]> {
  try {
    const lines = (await readFile(headsFile(dataFolder), 'utf8')).split('\n');
    return lines.flatMap((line) => {
      try {
        return [JSON.parse(line) as AuditHead];
      } catch {
        return [];
      }
    });
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}

/** Writes the head of the day down, outside the database: once a day, if something has happened since the last. */
export async function writeDailyHead(
  db: Database,
  dataFolder: string,
  now = new Date(),
): Promise<AuditHead | undefined> {
  const head = await auditHead(db);
  const last = (await writtenHeads(dataFolder)).at(-1);
  const isSameDay = last !== undefined && last.at.slice(0, 10) === now.toISOString().slice(0, 10);
  if (!head || isSameDay || last?.seq === head.seq) return undefined;
  const line: AuditHead = { ...head, at: now.toISOString() };
  await mkdir(dataFolder, { recursive: true });
  await appendFile(headsFile(dataFolder), `${JSON.stringify(line)}\n`, { mode: 0o644 });
  await syncFile(headsFile(dataFolder));
  return line;
}

/** Where the newest head of all is kept, outside the database too. */
const newestFile = (dataFolder: string) => join(dataFolder, 'audit-newest.json');

/** The newest head that was written down; `undefined` while there is none. */
export async function newestHead(dataFolder: string): Promise<AuditHead | undefined> {
  try {
    return JSON.parse(await readFile(newestFile(dataFolder), 'utf8')) as AuditHead;
  } catch (error) {
    if (isNotThere(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Writes the newest event down, outside the database: what is taken off the end of the log after that is missed. It never goes back. */
export async function writeNewestHead(db: Database, dataFolder: string): Promise<void> {
  const [head, before] = [await auditHead(db), await newestHead(dataFolder)];
  if (!head || (before && before.seq >= head.seq)) return;
  await mkdir(dataFolder, { recursive: true });
  await replaceFile(newestFile(dataFolder), `${JSON.stringify(head)}\n`);
}

/** Computes every hash again, looks for gaps, and compares with the heads that were written down: day by day, and the newest of all. */
export async function verifyAudit(db: Database, dataFolder: string): Promise<AuditChecked> {
  const newest = await newestHead(dataFolder);
  const written = [...(await writtenHeads(dataFolder)), ...(newest ? [newest] : [])];
  const heads = new Map(written.map((head) => [head.seq, head.hash]));
  let before: AuditEvent | undefined;
  let events = 0;
  for await (const event of allEvents(db)) {
    const message = whatIsWrong(event, before, heads);
    if (message !== undefined) return { events, broken: { seq: event.seq, message } };
    events++;
    before = event;
  }
  const last = Math.max(0, ...heads.keys());
  if (last > (before?.seq ?? 0))
    return { events, broken: { seq: last, message: 'the log ends before an event whose hash was written down' } };
  return { events, ...(before ? { head: { seq: before.seq, hash: before.hash, at: before.at } } : {}) };
}

function whatIsWrong(
  event: AuditEvent,
  before: AuditEvent | undefined,
  heads: ReadonlyMap<number, string>,
): string | undefined {
  if (event.seq !== (before?.seq ?? 0) + 1) return 'events before this one are missing';
  if (event.prevHash !== (before?.hash ?? firstHash)) return 'it does not follow the event before it';
  if (event.hash !== eventHash(event)) return 'its content does not match its hash';
  const written = heads.get(event.seq);
  return written === undefined || written === event.hash
    ? undefined
    : 'it is not the event whose hash was written down at its time';
}
