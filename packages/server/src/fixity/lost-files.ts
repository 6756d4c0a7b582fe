import {
  BlobMissing,
  type BlobStore,
  BytesLost,
  type JobQueue,
  type Loss,
  type StudyStore,
} from '@micrarium/repository';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/** Milliseconds after which a process has heard what a check of another one found. */
const heardWithin = 2_000;
/** Digests of bytes that a reader found missing before any check did; of more, the first ones are forgotten. */
const mostSeen = 10_000;

/** A store that knows where in the archive its blobs lie. */
export type PlacedBlobs = BlobStore & {
  /** Below the root of the archive; `undefined` where it is only staged. @throws BlobMissing */
  placeInArchive(sha256: string): Promise<string | undefined>;
};

/** What checks found and could not mend. */
interface Damage {
  /** By place in the archive (`UNIT/PATH`), and `sha256:HEX` of staged bytes. */
  byPlace: ReadonlyMap<string, Loss>;
  /** By SHA-256, of bytes that are not there and so have no place. */
  bySha256: ReadonlyMap<string, Loss>;
  /** Studies with such files. */
  accessions: ReadonlySet<string>;
}

const nothing: Damage = { byPlace: new Map(), bySha256: new Map(), accessions: new Set() };

/**
 * Files whose bytes the catalogue knows and no copy has whole: what the checks of the stored bytes found and could not mend, and what a
 * reader finds missing before a check does, for which one is asked for.
 */
export class LostFiles {
  private readonly db: Database;
  private readonly blobs: PlacedBlobs;
  private readonly studies: Pick<StudyStore, 'isBlobUsed'>;
  private readonly jobs: Pick<JobQueue, 'send'>;
  private damage = Promise.resolve(nothing);
  private readAt = Number.NEGATIVE_INFINITY;
  private readonly seen = new Set<string>();

  constructor(db: Database, blobs: PlacedBlobs, studies: Pick<StudyStore, 'isBlobUsed'>, jobs: Pick<JobQueue, 'send'>) {
    this.db = db;
    this.blobs = blobs;
    this.studies = studies;
    this.jobs = jobs;
  }

  /** What became of the bytes of a digest; `undefined` where they are as they should be, or nobody knows of them. */
  async of(sha256: string): Promise<Loss | undefined> {
    const { byPlace, bySha256 } = await this.found();
    let place: string | undefined;
    try {
      if (byPlace.size === 0) return (await this.blobs.has(sha256)) ? undefined : await this.missing(sha256, bySha256);
      place = await this.blobs.placeInArchive(sha256);
    } catch (fault) {
      if (fault instanceof BlobMissing) return await this.missing(sha256, bySha256);
      throw fault;
    }
    return byPlace.get(place ?? `sha256:${sha256}`);
  }

  /** As `of`, for bytes about to be read: those that are there and of which no check found anything cost nothing. @throws BytesLost */
  async reading<Result>(sha256: string, read: () => Promise<Result>): Promise<Result> {
    const { byPlace } = await this.found();
    const loss = byPlace.size === 0 ? undefined : await this.of(sha256);
    if (loss) throw new BytesLost(sha256, loss);
    try {
      return await read();
    } catch (cause) {
      const gone = cause instanceof BlobMissing ? await this.of(sha256) : undefined;
      throw gone ? new BytesLost(sha256, gone, { cause }) : cause;
    }
  }

  /** That a reader found another number of bytes than was stored; has it checked. */
  async wrongSize(sha256: string): Promise<Loss> {
    const since = await this.damagedSince(sha256);
    if (since === undefined) await this.askOnce(sha256);
    return { state: 'damaged', ...(since === undefined ? {} : { since }) };
  }

  /** Files of a version with what became of those whose bytes are lost. */
  async marked<File extends { sha256: string }>(
    accession: string,
    files: readonly File[],
  ): Promise<(File & { lost?: Loss })[]> {
    const { accessions, bySha256 } = await this.found();
    if (!accessions.has(accession) && !files.some(({ sha256 }) => bySha256.has(sha256))) return [...files];
    const marked: (File & { lost?: Loss })[] = [];
    for (const file of files) {
      const lost = await this.of(file.sha256);
      marked.push(lost ? { ...file, lost } : file);
    }
    return marked;
  }

  /** Reads what the checks found anew with the next question. */
  hear(): void {
    this.readAt = Number.NEGATIVE_INFINITY;
  }

  private async missing(sha256: string, known: Damage['bySha256']): Promise<Loss | undefined> {
    const loss = known.get(sha256);
    if (loss) return { ...loss, state: 'missing' };
    // Taken out of its draft meanwhile: nobody misses it.
    if (!(await this.studies.isBlobUsed(sha256))) return undefined;
    const since = await this.damagedSince(sha256);
    if (since !== undefined) return { state: 'missing', since };
    await this.askOnce(sha256);
    return { state: 'missing' };
  }

  /** Since when a study with these bytes is known to be damaged: of an object that is gone as a whole, no file is named. */
  private async damagedSince(sha256: string): Promise<string | undefined> {
    const { rows } = await sql<{ since: Date | null }>`select min(found_at) as since from fixity_finding
      where mended_at is null and accession in (select accession from version_file where sha256 = ${sha256})`.execute(
      this.db,
    );
    return rows[0]?.since?.toISOString();
  }

  /** Has the studies with a blob checked now, the first time it is seen that something is wrong with it. */
  private async askOnce(sha256: string): Promise<void> {
    if (this.seen.has(sha256)) return;
    if (this.seen.size >= mostSeen) this.seen.clear();
    this.seen.add(sha256);
    const { rows } = await sql<{ accession: string }>`select distinct accession from version_file
      where sha256 = ${sha256} order by accession limit 10`.execute(this.db);
    // A process of the version before knows no accession, and finds nothing that is so long due.
    const dueBefore = new Date(0).toISOString();
    for (const { accession } of rows)
      await this.jobs.send('check-fixity', { cause: 'page', dueBefore, accession }, `fixity-${accession}`);
  }

  private found(): Promise<Damage> {
    if (performance.now() - this.readAt < heardWithin) return this.damage;
    this.readAt = performance.now();
    this.damage = this.read();
    // What could not be read is read again by the next one who asks.
    this.damage.catch(() => this.hear());
    return this.damage;
  }

  private async read(): Promise<Damage> {
    const { rows } = await sql<Row>`select finding.unit, finding.accession, finding.path, finding.found_at as since,
        file.sha256
      from fixity_finding as finding left join version_file as file on file.accession = finding.accession
        and file.version = substring(finding.path from '^v([0-9]{1,9})/content/files/')::integer
        and file.path = substring(finding.path from '^v[0-9]{1,9}/content/files/(.*)$') collate "C"
      where finding.mended_at is null and finding.code = 'E092' order by finding.id`.execute(this.db);
    return rows.length === 0 ? nothing : damageOf(rows);
  }
}

interface Row {
  unit: string;
  accession: string | null;
  path: string;
  since: Date;
  sha256: string | null;
}

function damageOf(rows: readonly Row[]): Damage {
  const byPlace = new Map<string, Loss>();
  const bySha256 = new Map<string, Loss>();
  const accessions = new Set<string>();
  for (const { unit, accession, path, since, sha256 } of rows) {
    const loss: Loss = { state: 'damaged', since: since.toISOString() };
    const isStaged = unit.startsWith('sha256:');
    byPlace.set(isStaged ? unit : `${unit}/${path}`, loss);
    const digest = isStaged ? unit.slice('sha256:'.length) : sha256;
    if (digest !== null) bySha256.set(digest, loss);
    if (accession !== null) accessions.add(accession);
  }
  return { byPlace, bySha256, accessions };
}

/** A store that says of bytes that are lost or damaged that they are, and since when, and gives out none of them. */
export function withLostFiles(blobs: BlobStore, lost: LostFiles): BlobStore {
  return {
    ...(blobs.isElsewhere === undefined ? {} : { isElsewhere: blobs.isElsewhere }),
    adopt: (file, blob) => blobs.adopt(file, blob),
    has: (sha256) => blobs.has(sha256),
    remove: (sha256) => blobs.remove(sha256),
    open: (sha256) => lost.reading(sha256, () => blobs.open(sha256)),
    pathOf: (sha256) => lost.reading(sha256, () => blobs.pathOf(sha256)),
    ...(blobs.presigned
      ? {
          presigned: (sha256: string, headers: Record<string, string>) =>
            lost.reading(sha256, () => blobs.presigned!(sha256, headers)),
        }
      : {}),
    lost: (sha256) => lost.of(sha256),
  };
}
