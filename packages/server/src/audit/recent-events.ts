import { appendFile, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../database/connect.ts';
import { isNotThere, replaceFile, syncFile } from '../storage/durable-files.ts';
import { allEvents, type AuditEvent } from './audit-log.ts';
import { auditHead } from './verify-audit.ts';

/** The newest events of the log outside the database, one a line: what a backup does not have yet. */
export const recentFile = 'audit-recent.ndjson';
/** Bytes after which the older half is dropped: some 50,000 events. */
const mostBytes = 16 * 2 ** 20;
/** Where there is no file yet, it begins with so many events. */
const mostAtFirst = 10_000;

/**
 * Events of a file of lines, in its order. A line that a power cut left half is none.
 * @param after only events with larger numbers: a whole log need not fit in memory
 * @throws the fault of reading it
 */
export async function eventsOfLines(file: string, after = 0): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  const handle = await open(file);
  try {
    for await (const line of handle.readLines()) {
      const event = eventOfLine(line);
      if (event !== undefined && event.seq > after) events.push(event);
    }
  } finally {
    await handle.close();
  }
  return events;
}

function eventOfLine(line: string): AuditEvent | undefined {
  try {
    const value = JSON.parse(line) as AuditEvent | null;
    return Number.isSafeInteger(value?.seq) ? value! : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps the newest events beside the data, or on the disk of the second copy: a database that is lost with its machine takes them along,
 * and a restore would not know what was acknowledged after the backup.
 */
export class RecentEvents {
  private readonly folder: string;
  private readonly file: string;
  /** Number of the last event in the file. */
  private last: number | undefined;

  constructor(folder: string) {
    this.folder = folder;
    this.file = join(folder, recentFile);
  }

  /** Adds what has happened since. A folder that is not there (a disk that is not mounted) is not made. */
  async keep(db: Database): Promise<void> {
    const head = await auditHead(db);
    if (!head || !(await sizeIfThere(this.folder))) return;
    this.last ??= (await this.lastInFile(db)) ?? Math.max(0, head.seq - mostAtFirst);
    if (head.seq <= this.last) return;
    const events: AuditEvent[] = [];
    for await (const event of allEvents(db, this.last)) events.push(event);
    // An empty line first: what a power cut left half is not continued.
    await appendFile(this.file, `\n${events.map((event) => JSON.stringify(event)).join('\n')}\n`, { mode: 0o600 });
    await syncFile(this.file);
    this.last = events.at(-1)?.seq ?? this.last;
    if (((await sizeIfThere(this.file)) ?? 0) > mostBytes) await this.dropOlder();
  }

  /** The log of a restored database is another from the backup on: the events that are lost are put aside, not mixed with it. */
  private async lastInFile(db: Database): Promise<number | undefined> {
    if ((await sizeIfThere(this.file)) === undefined) return undefined;
    const last = (await eventsOfLines(this.file)).at(-1);
    if (!last) return undefined;
    const known = await db.selectFrom('audit_event').select('hash').where('seq', '=', last.seq).executeTakeFirst();
    if (known?.hash === last.hash) return last.seq;
    await rename(this.file, join(this.folder, `audit-lost-${last.seq}.ndjson`));
    return undefined;
  }

  private async dropOlder(): Promise<void> {
    const events = await eventsOfLines(this.file);
    const kept = events.slice(Math.floor(events.length / 2));
    await replaceFile(this.file, `${kept.map((event) => JSON.stringify(event)).join('\n')}\n`);
  }
}

async function sizeIfThere(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size + 1;
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}
