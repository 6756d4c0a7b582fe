import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditEvent, eventHash, firstHash } from '../audit/audit-log.ts';
import { eventsOfLines, recentFile } from '../audit/recent-events.ts';
import { type AuditHead, newestHead, writtenHeads } from '../audit/verify-audit.ts';
import { StartRefused } from '../start/start-refused.ts';
import { isNotThere } from '../storage/durable-files.ts';
import { objectFolders } from '../storage/ocfl/layout.ts';
import { versionNumber } from '../storage/ocfl/inventory.ts';
import { readInventory } from '../storage/ocfl/read-object.ts';
import { idPrefix, isNoteId } from '../storage/ocfl/study-archive.ts';

/** What was acknowledged after a backup and is not in it, as far as what is left of the lost machine tells. */
export interface LostSince {
  /** Number of the last event of the audit log in the backup; 0 where it has none. */
  lastEvent: number;
  /** The newest event that was written down outside the lost database; absent where nothing of the kind is left. */
  newest?: { seq: number; at: string };
  /** Events after the backup, oldest first, one by one; without those whose version could be entered. */
  events: { seq: number; at: string; action: string; target: string }[];
  /** Events of which is known that there were, and nothing else. */
  unlisted: number;
  /** Published versions that what is left holds, and the restored archive does not. */
  versions: { accession: string; version: number; folder: string }[];
  /** What was looked at, and why not where it could not be read. */
  looked: { place: string; message?: string }[];
}

/** @throws StartRefused where something that is left of the lost machine is not there */
export async function demandRemains(remains: readonly string[]): Promise<void> {
  for (const place of remains)
    await stat(place).catch((cause: unknown) => {
      throw new StartRefused(`--lost names ${place}, which cannot be read: ${(cause as Error).message}`, { cause });
    });
}

/**
 * Reads what is left of a lost machine and tells what a backup lacks. Nothing is written there, and what cannot be read is named.
 * @param remains its data folder, its second copy, or a file that `micrarium audit export` wrote
 * @param head the last event of the log in the backup: only what continues it counts
 * @param isRestored does the restored catalogue have this version?
 */
export async function lostSince(
  remains: readonly string[],
  head: AuditHead | undefined,
  isRestored: (accession: string, version: number) => Promise<boolean>,
): Promise<LostSince> {
  const lost: LostSince = { lastEvent: head?.seq ?? 0, events: [], unlisted: 0, versions: [], looked: [] };
  const after = new Map<number, AuditEvent>();
  for (const place of remains) {
    const isFolder = (await stat(place)).isDirectory();
    const file = isFolder ? join(place, recentFile) : place;
    await looked(lost, file, async () => {
      for (const event of continued(await eventsOfLines(file, head?.seq), head)) after.set(event.seq, event);
    });
    if (!isFolder) continue;
    await looked(lost, join(place, 'audit-newest.json'), async () => {
      await readFile(join(place, 'audit-newest.json'));
      const newest = await newestHead(place);
      for (const one of [newest, ...(await writtenHeads(place))]) noteNewest(lost, one);
    });
    await looked(lost, join(place, 'archive'), () => compareArchive(join(place, 'archive'), lost, isRestored));
  }
  const events = [...after.values()].sort((a, b) => a.seq - b.seq);
  noteNewest(lost, events.at(-1));
  lost.unlisted = Math.max(0, (lost.newest?.seq ?? lost.lastEvent) - lost.lastEvent - events.length);
  for (const { seq, at, action, target, detail } of events) {
    const version = Number(detail['version']);
    if (action === 'version.publish' && (await isRestored(target, version))) continue;
    lost.events.push({ seq, at, action, target });
  }
  return lost;
}

/** The events that continue the log of the backup, each following the one before: others are of another log. */
function continued(events: readonly AuditEvent[], head: AuditHead | undefined): AuditEvent[] {
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  const found: AuditEvent[] = [];
  const next = (head?.seq ?? 0) + 1;
  const first = events.reduce((least, { seq }) => Math.min(least, seq), Infinity);
  // Where the file begins later than the backup ends, what it has counts from there.
  let hash = first > next ? undefined : (head?.hash ?? firstHash);
  for (let seq = first; bySeq.has(seq); seq++) {
    const event = bySeq.get(seq)!;
    if (event.hash !== eventHash(event)) throw new Error(`Event ${seq} does not match its hash`);
    if (hash !== undefined && event.prevHash !== hash)
      throw new Error(`Event ${seq} does not continue the log of the backup: it is of another installation`);
    found.push(event);
    ({ hash } = event);
  }
  return found;
}

function noteNewest(lost: LostSince, one: { seq: number; at: string } | undefined): void {
  if (one && one.seq > (lost.newest?.seq ?? -1)) lost.newest = { seq: one.seq, at: one.at };
}

async function compareArchive(
  root: string,
  lost: LostSince,
  isRestored: (accession: string, version: number) => Promise<boolean>,
): Promise<void> {
  for await (const object of objectFolders(root)) {
    const folder = join(root, object);
    await looked(lost, folder, async () => {
      const inventory = await readInventory(folder);
      if (!inventory?.id.startsWith(idPrefix) || isNoteId(inventory.id)) return;
      const accession = inventory.id.slice(idPrefix.length);
      for (const version of Object.keys(inventory.versions).map(versionNumber))
        if (!(await isRestored(accession, version))) lost.versions.push({ accession, version, folder });
    });
  }
}

/** Looks at one thing. Objects are named only where they cannot be read. */
async function looked(lost: LostSince, place: string, look: () => Promise<void>): Promise<void> {
  try {
    await look();
    if (!/[0-9a-f]{64}$/.test(place)) lost.looked.push({ place });
  } catch (error) {
    lost.looked.push({ place, message: isNotThere(error) ? 'it is not there' : (error as Error).message });
  }
}
