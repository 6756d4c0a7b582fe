import { isDeepStrictEqual } from 'node:util';
import { type FileReference, type StudyFile, type StudyItem, type StudyVersion, versionNoteOf } from '@micrarium/model';
import { publicItem } from '../item-privacy.ts';
import { foldedPath } from '../paths.ts';
import { isPlainItem, keptItems } from '../plain-items.ts';
import {
  type DraftFileRow,
  type DraftItemRow,
  type DraftRow,
  type FileFinding,
  type ItemCounts,
  type ItemReading,
  type ListedVersion,
  type PlacedItem,
  type RecordedBeside,
  RevisionConflict,
  type SearchDocument,
  type StudyStore,
  type VersionWithoutFiles,
} from '../ports/study-store.ts';

interface Draft {
  row: DraftRow;
  files: Map<string, DraftFileRow>;
  items: Map<string, DraftItemRow>;
  references: Map<string, FileReference>;
}

/** Drafts and published versions in memory, for tests of use cases. Rows are copied in and out, as a database would. */
export class MemoryStudies implements StudyStore {
  private readonly drafts = new Map<string, Draft>();
  private versions = new Map<string, Map<number, StudyVersion>>();
  private readonly owners = new Map<string, string>();
  /** What `recordVersion` was given, newest version of each study. */
  readonly documents = new Map<string, SearchDocument>();
  private readonly revisions = new Map<string, StudyVersion[]>();
  private lastAccession = 0;
  private lastTime = 0;

  async createDraft(draft: Parameters<StudyStore['createDraft']>[0]): Promise<{ draft: DraftRow; created: boolean }> {
    const open = [...this.drafts.values()].find(
      ({ row }) => row.accession === draft.accession && (row.state === 'editing' || row.state === 'publishing'),
    );
    if (open) return { draft: structuredClone(open.row), created: false };
    const accession = draft.accession ?? `MIC-${String(++this.lastAccession).padStart(6, '0')}`;
    const at = this.now();
    const row: DraftRow = {
      ...structuredClone(draft),
      id: `draft-${this.drafts.size + 1}`,
      accession,
      revision: 1,
      state: 'editing',
      createdAt: at,
      updatedAt: at,
    };
    this.drafts.set(row.id, { row, files: new Map(), items: new Map(), references: new Map() });
    if (!this.owners.has(accession)) this.owners.set(accession, draft.ownerId);
    return { draft: structuredClone(row), created: true };
  }

  async getDraft(id: string): Promise<DraftRow | undefined> {
    return structuredClone(this.drafts.get(id)?.row);
  }

  async listDrafts(ownerId: string, page: { after?: string; limit: number }): Promise<DraftRow[]> {
    const rows = [...this.drafts.values()]
      .map(({ row }) => row)
      .filter((row) => row.ownerId === ownerId && (row.state === 'editing' || row.state === 'publishing'))
      .sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
    const from = page.after === undefined ? 0 : rows.findIndex((row) => row.id === page.after) + 1;
    return structuredClone(rows.slice(from, from + page.limit));
  }

  async saveDraft(id: string, revision: number, change: Parameters<StudyStore['saveDraft']>[2]): Promise<DraftRow> {
    const draft = this.drafts.get(id);
    if (draft?.row.revision !== revision || draft.row.state !== 'editing') throw new RevisionConflict(id);
    const { earlierResults, ...told } = structuredClone(change);
    draft.row = { ...draft.row, ...told, revision: revision + 1, updatedAt: this.now() };
    if (earlierResults === null) delete draft.row.earlierResults;
    else if (earlierResults !== undefined) draft.row.earlierResults = earlierResults;
    if (draft.row.changeKinds?.length === 0) delete draft.row.changeKinds;
    return structuredClone(draft.row);
  }

  async moveDraft(id: string, from: DraftRow['state'], to: DraftRow['state']): Promise<boolean> {
    const draft = this.drafts.get(id);
    if (draft?.row.state !== from) return false;
    draft.row = { ...draft.row, state: to, updatedAt: this.now() };
    return true;
  }

  async draftsBeingPublished(): Promise<DraftRow[]> {
    return structuredClone([...this.drafts.values()].map(({ row }) => row).filter((row) => row.state === 'publishing'));
  }

  async putFiles(draftId: string, files: readonly Omit<DraftFileRow, 'draftId'>[]): Promise<void> {
    for (const file of files) this.draft(draftId).files.set(file.path, { ...structuredClone(file), draftId });
  }

  async updateFile(
    draftId: string,
    path: string,
    change: Partial<Omit<DraftFileRow, 'draftId' | 'path'>>,
  ): Promise<void> {
    const { files } = this.draft(draftId);
    const before = files.get(path);
    if (before) files.set(path, { ...before, ...change });
  }

  async getFile(draftId: string, path: string): Promise<DraftFileRow | undefined> {
    return structuredClone(this.draft(draftId).files.get(path));
  }

  async getFiles(draftId: string, paths: readonly string[]): Promise<DraftFileRow[]> {
    const { files } = this.draft(draftId);
    return structuredClone(paths.flatMap((path) => files.get(path) ?? []));
  }

  async pathsAround(draftId: string, places: readonly string[]): Promise<string[]> {
    const folded = [...this.draft(draftId).files.keys()].map((path) => ({ path, place: foldedPath(path) }));
    const around = places.flatMap((place) => [
      ...folded.filter((one) => one.place === place),
      ...folded.filter((one) => one.place.startsWith(`${place}/`)).slice(0, 1),
    ]);
    return [...new Set(around.map(({ path }) => path))];
  }

  async noteFindings(draftId: string, findings: readonly FileFinding[]): Promise<string[]> {
    const noted: string[] = [];
    for (const { file, change } of this.draft(draftId).row.state === 'editing' ? findings : []) {
      const now = await this.getFile(draftId, file.path);
      if (now?.state === 'verified' || now?.size !== file.size || now.statedSha256 !== file.statedSha256) continue;
      if (!isDeepStrictEqual(now.others, file.others)) continue;
      await this.updateFile(draftId, file.path, change);
      noted.push(file.path);
    }
    return noted;
  }

  async listFiles(draftId: string, page: { after?: string; limit: number }): Promise<DraftFileRow[]> {
    return structuredClone(pageOf([...this.draft(draftId).files.values()], page));
  }

  async hasFilesOnTheirWay(draftId: string): Promise<boolean> {
    return [...this.draft(draftId).files.values()].some(({ state }) => state !== 'verified' && state !== 'mismatch');
  }

  async countFiles(
    draftId: string,
  ): Promise<{ count: number; bytes: number; verified: number; receivedBytes: number }> {
    const total = { count: 0, bytes: 0, verified: 0, receivedBytes: 0 };
    for (const file of this.draft(draftId).files.values()) {
      total.count++;
      total.bytes += file.size;
      total.verified += file.state === 'verified' ? 1 : 0;
      total.receivedBytes += file.received;
    }
    return total;
  }

  async countStoredFiles(draftId: string, without: readonly string[] = []): Promise<{ count: number; bytes: number }> {
    const files = [...this.draft(draftId).files.values()];
    return summed(files.filter(({ path, sha256 }) => sha256 !== undefined && !without.includes(path)));
  }

  async removeFiles(draftId: string, paths: readonly string[]): Promise<void> {
    for (const path of paths) this.draft(draftId).files.delete(path);
  }

  async putReferences(draftId: string, references: readonly FileReference[]): Promise<void> {
    for (const one of references) this.draft(draftId).references.set(one.path, structuredClone(one));
  }

  async listReferences(draftId: string, page: { after?: string; limit: number }): Promise<FileReference[]> {
    return structuredClone(pageOf([...this.draft(draftId).references.values()], page));
  }

  async countReferences(draftId: string): Promise<{ count: number; bytes: number; alsoFile?: string }> {
    const { references, files } = this.draft(draftId);
    const alsoFile = [...references.keys()].sort().find((path) => files.has(path));
    return { ...summed([...references.values()]), ...(alsoFile === undefined ? {} : { alsoFile }) };
  }

  async removeReferences(draftId: string, paths: readonly string[]): Promise<void> {
    for (const path of paths) this.draft(draftId).references.delete(path);
  }

  async isBlobUsed(sha256: string): Promise<boolean> {
    return this.filesWith(sha256, () => true) || this.isPublished(sha256);
  }

  async blobsReadableBy(ownerId: string, digests: readonly string[]): Promise<string[]> {
    const isReadable = (sha256: string) =>
      this.filesWith(sha256, (row) => row.ownerId === ownerId) || this.isPublished(sha256);
    return digests.filter(isReadable);
  }

  async replaceItems(
    draftId: string,
    items: readonly StudyItem[],
    stateOf: (item: StudyItem) => DraftItemRow['state'] = () => 'waiting',
  ): Promise<void> {
    const draft = this.draft(draftId);
    const before = draft.items;
    draft.items = new Map(
      structuredClone([...items]).map((item) => {
        const state = stateOf(item);
        return [item.id, before.get(item.id) ?? { draftId, item, state, progress: state === 'waiting' ? 0 : 1 }];
      }),
    );
  }

  async copyItems(draftId: string, accession: string, version: number): Promise<void> {
    const items = this.versions.get(accession)?.get(version)?.items ?? [];
    await this.replaceItems(draftId, items, ({ conversions }) => (conversions.length > 0 ? 'done' : 'kept'));
  }

  async listItems(draftId: string): Promise<DraftItemRow[]> {
    return structuredClone([...this.draft(draftId).items.values()]);
  }

  async listTellingItems(draftId: string): Promise<DraftItemRow[]> {
    return (await this.listItems(draftId)).filter(({ item }) => !isPlainItem(item));
  }

  async countItems(draftId: string): Promise<ItemCounts> {
    const counts = { count: 0, files: 0, unread: 0, read: 0, failed: 0, known: 0 };
    for (const { item, state, progress } of this.draft(draftId).items.values()) {
      const isUnread = state === 'waiting' || state === 'running';
      counts.count++;
      counts.files += item.files.length;
      counts.unread += isUnread ? 1 : 0;
      counts.read += isUnread ? progress : 1;
      counts.failed += state === 'failed' ? 1 : 0;
      counts.known += item.kind === 'unknown' || item.kind === 'metadata' ? 0 : 1;
    }
    return counts;
  }

  async itemsPage(
    draftId: string,
    { after, from: passed = 0, limit }: { after?: string; from?: number; limit: number },
  ): Promise<PlacedItem[]> {
    const from = passed + (after === undefined ? 0 : Number(after) + 1);
    const rows = [...this.draft(draftId).items.values()].slice(from, from + limit);
    return structuredClone(rows).map((row, at) => ({ row, place: String(from + at) }));
  }

  async hasUnreadItems(draftId: string): Promise<boolean> {
    return [...this.draft(draftId).items.values()].some(({ state }) => state === 'waiting' || state === 'running');
  }

  async getItem(draftId: string, itemId: string): Promise<DraftItemRow | undefined> {
    return structuredClone(this.draft(draftId).items.get(itemId));
  }

  async getItems(draftId: string, itemIds: readonly string[]): Promise<DraftItemRow[]> {
    const { items } = this.draft(draftId);
    return structuredClone(itemIds.flatMap((id) => items.get(id) ?? []));
  }

  async noteReadings(draftId: string, readings: readonly ItemReading[]): Promise<void> {
    for (const { item, state, mapping } of readings) {
      const now = await this.getItem(draftId, item.id);
      if (now && isDeepStrictEqual(now.mapping, mapping))
        await this.updateItem(draftId, item.id, { item, state, progress: 1, message: '' });
    }
  }

  async updateItem(draftId: string, itemId: string, change: Partial<Omit<DraftItemRow, 'draftId'>>): Promise<void> {
    const { items } = this.draft(draftId);
    const before = items.get(itemId);
    if (before) items.set(itemId, { ...before, ...structuredClone(change) });
  }

  async recordVersion(
    told: StudyVersion,
    search: SearchDocument,
    draftId?: string,
    { plainItems = 0 }: RecordedBeside = {},
  ): Promise<void> {
    const rows = plainItems > 0 && draftId !== undefined ? await this.listItems(draftId) : undefined;
    const version = rows ? { ...told, items: rows.map(({ item }) => publicItem(item)) } : told;
    const versions = this.versions.get(version.accession) ?? new Map<number, StudyVersion>();
    this.versions.set(version.accession, versions);
    if (!versions.has(version.version)) versions.set(version.version, structuredClone(version));
    this.lastAccession = Math.max(this.lastAccession, Number(version.accession.replace(/\D/g, '')));
    if (Math.max(...versions.keys()) === version.version) this.documents.set(version.accession, search);
    const draft = draftId === undefined ? undefined : this.drafts.get(draftId);
    if (draft) draft.row = { ...draft.row, state: 'published' };
  }

  async recordRevision(version: StudyVersion, search: SearchDocument, draftId?: string): Promise<void> {
    const { accession, version: number, minor = 0 } = version;
    const versions = this.versions.get(accession);
    const now = versions?.get(number);
    if (versions && now && (now.minor ?? 0) < minor) {
      const key = `${accession}/${number}`;
      this.revisions.set(key, [...(this.revisions.get(key) ?? [{ ...now, minor: 0 }]), structuredClone(version)]);
      versions.set(number, structuredClone(version));
      this.documents.set(accession, search);
    }
    const draft = draftId === undefined ? undefined : this.drafts.get(draftId);
    if (draft) draft.row = { ...draft.row, state: 'published' };
  }

  async getVersion(
    accession: string,
    version: number | 'newest',
    minor?: number,
  ): Promise<VersionWithoutFiles | undefined> {
    const versions = this.versions.get(accession);
    const number = version === 'newest' ? Math.max(...(versions?.keys() ?? [])) : version;
    const newest = versions?.get(number);
    const found =
      minor === undefined || minor === (newest?.minor ?? 0)
        ? newest
        : this.revisions.get(`${accession}/${number}`)?.find((one) => one.minor === minor);
    if (!found) return undefined;
    const { files, references = [], items: all, ...rest } = structuredClone(found);
    const { count: fileCount, bytes: byteCount } = summed(files);
    const { items, plainItems } = keptItems(all);
    return {
      ...rest,
      items,
      ...(plainItems > 0 ? { plainItems } : {}),
      fileCount,
      byteCount,
      ...(references.length > 0 ? { referenced: summed(references) } : {}),
    };
  }

  async listVersions(accession: string): Promise<ListedVersion[]> {
    return [...(this.versions.get(accession)?.values() ?? [])]
      .sort((a, b) => b.version - a.version)
      .map((one) => {
        const all = this.revisions.get(`${accession}/${one.version}`);
        const { version, publishedAt, ...told } = all?.[0] ?? one;
        const revisions = all?.map((row) => ({
          minor: row.minor ?? 0,
          publishedAt: row.revisedAt ?? row.publishedAt,
          ...versionNoteOf(row),
        }));
        return {
          version,
          publishedAt,
          ...versionNoteOf(told),
          ...(revisions ? { revisions: revisions.reverse() } : {}),
        };
      });
  }

  async listVersionFiles(
    accession: string,
    version: number,
    page: { after?: string; limit: number },
  ): Promise<StudyFile[]> {
    return structuredClone(pageOf(this.versions.get(accession)?.get(version)?.files ?? [], page));
  }

  async getVersionFile(accession: string, version: number, path: string): Promise<StudyFile | undefined> {
    return structuredClone(
      this.versions
        .get(accession)
        ?.get(version)
        ?.files.find((file) => file.path === path),
    );
  }

  async listVersionItems(
    accession: string,
    version: number,
    { from, limit }: { from: number; limit: number },
  ): Promise<StudyItem[]> {
    return structuredClone((this.versions.get(accession)?.get(version)?.items ?? []).slice(from, from + limit));
  }

  async getVersionItem(accession: string, version: number, itemId: string): Promise<StudyItem | undefined> {
    const items = this.versions.get(accession)?.get(version)?.items ?? [];
    return structuredClone(items.find(({ id }) => id === itemId));
  }

  async listVersionReferences(
    accession: string,
    version: number,
    page: { after?: string; limit: number },
  ): Promise<FileReference[]> {
    return structuredClone(pageOf(this.versions.get(accession)?.get(version)?.references ?? [], page));
  }

  async totals(): Promise<{ studies: number; images: number; objects: number; files: number; bytes: number }> {
    const total = { studies: 0, images: 0, objects: 0, files: 0, bytes: 0 };
    for (const accession of this.versions.keys()) {
      const document = this.documents.get(accession);
      total.studies++;
      total.images += document?.imageCount ?? 0;
      total.objects += document?.objectCount ?? 0;
      total.files += document?.fileCount ?? 0;
      total.bytes += document?.byteCount ?? 0;
    }
    return total;
  }

  async ownerOf(accession: string): Promise<string | undefined> {
    return this.owners.get(accession);
  }

  async clearVersions(): Promise<void> {
    this.versions = new Map();
    this.documents.clear();
  }

  private draft(id: string): Draft {
    const draft = this.drafts.get(id);
    return draft ?? { row: {} as DraftRow, files: new Map(), items: new Map(), references: new Map() };
  }

  private filesWith(sha256: string, counts: (row: DraftRow) => boolean): boolean {
    return [...this.drafts.values()].some(
      ({ row, files }) =>
        row.state !== 'discarded' && counts(row) && [...files.values()].some((file) => file.sha256 === sha256),
    );
  }

  private isPublished(sha256: string): boolean {
    return [...this.versions.values()].some((versions) =>
      [...versions.values()].some((version) => version.files.some((file) => file.sha256 === sha256)),
    );
  }

  /** Strictly growing, so that "newest first" has one answer. */
  private now(): string {
    this.lastTime = Math.max(this.lastTime + 1, Date.now());
    return new Date(this.lastTime).toISOString();
  }
}

const summed = (files: readonly { size: number }[]) => ({
  count: files.length,
  bytes: files.reduce((sum, { size }) => sum + size, 0),
});

function pageOf<Row extends { path: string }>(rows: Row[], page: { after?: string; limit: number }): Row[] {
  return rows
    .filter((row) => page.after === undefined || row.path > page.after)
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .slice(0, page.limit);
}
