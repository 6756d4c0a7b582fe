import { createHash } from 'node:crypto';
import { readFile, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StudyVersion } from '@micrarium/model';
import {
  type ArchivedFile,
  digestInTurns,
  jsonPieces,
  parseVersion,
  referencesPath,
  sideBySide,
} from '@micrarium/repository';
import type { BlobsOnDisk } from '../blobs-on-disk.ts';
import { isNotThere, isTaken, makeFolder, removeIfThere, replaceFile, syncFolder } from '../durable-files.ts';
import { destroyFolder } from './destroy-files.ts';
import { ArchiveConflict, alreadyThere } from './archive-conflict.ts';
import { digestsOfContent, type GivenContent } from './given-content.ts';
import {
  contentPathOf,
  digestsByPath,
  nextInventory,
  type OcflInventory,
  type VersionFile,
  versionNumber,
} from './inventory.ts';
import { objectFolder, objectFolders, openStorageRoot } from './layout.ts';
import { ArchiveUnreadable, readInventory, readMatching, unlessUnreadable } from './read-object.ts';
import {
  accountOf,
  type ArchiveNote,
  archiveNotes,
  type DestroyedFile,
  idPrefix,
  isNoteId,
  ownAddress,
  type StudyArchive,
} from './study-archive.ts';
import { validateObject } from './validate.ts';
import {
  type ContentSource,
  folderExists,
  layDownVersion,
  swapRootInventory,
  type WriteStep,
} from './write-version.ts';

/** What a transaction will do, written down before it begins. */
interface Intent {
  accession: string;
  version: number;
  /** Blobs that become content: to be noted as archived when the version is in place. */
  blobs: { sha256: string; contentPath: string }[];
}

/** Where the parts of the archive lie. All on one file system. */
export interface ArchivePlaces {
  /** The OCFL storage root. */
  root: string;
  /** Work area beside the root: transactions and their intents. */
  work: string;
  /** Half versions that were rolled back are kept here, not deleted. */
  quarantine: string;
}

/** Work folders of objects that are being replaced begin so. */
const replacing = 'replace-';

/** What the content files of an object are, by the blobs they were. */
async function sizedContent(object: string, inventory: OcflInventory | undefined): Promise<DestroyedFile[]> {
  const found: DestroyedFile[] = [];
  for (const [sha256, paths] of Object.entries(inventory?.fixity?.sha256 ?? {})) {
    const size = await stat(join(object, paths[0] ?? '')).then(
      (one) => one.size,
      () => 0,
    );
    found.push({ sha256, size });
  }
  return found;
}

/** Published versions as OCFL 1.1 objects on disk. One process owns the folders (the data folder's lock sees to that). */
export class ArchiveOnDisk implements StudyArchive {
  private readonly places: ArchivePlaces;
  private readonly blobs: BlobsOnDisk;
  private readonly onStep: (step: WriteStep) => void | Promise<void>;
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(places: ArchivePlaces, blobs: BlobsOnDisk, onStep: (step: WriteStep) => void | Promise<void>) {
    this.places = places;
    this.blobs = blobs;
    this.onStep = onStep;
  }

  /**
   * Opens the archive, making the storage root where there is none.
   * @param onStep called after each step of a transaction; kill tests stop there
   */
  static async open(
    places: ArchivePlaces,
    blobs: BlobsOnDisk,
    onStep: (step: WriteStep) => void | Promise<void> = () => {},
  ): Promise<ArchiveOnDisk> {
    await openStorageRoot(places.root);
    await makeFolder(join(places.work, 'intents'));
    await makeFolder(places.quarantine);
    return new ArchiveOnDisk(places, blobs, onStep);
  }

  async writeVersion(
    accession: string,
    version: number,
    files: readonly ArchivedFile[],
    about: { message: string; userName: string; userAddress?: string; createdAt: string },
  ): Promise<{ inventorySha512: string; isNew: boolean }> {
    // Digests of large files are computed before the queue is entered, so that one study does not hold up another.
    const inline: GivenContent = new Map();
    const named: VersionFile[] = [];
    await sideBySide(files, async (file) => void named.push(await this.nameFile(file, inline)));
    return await this.oneAtATime(() => this.writeAlone(accession, version, named, inline, about));
  }

  async readVersion(accession: string, version: number): Promise<StudyVersion> {
    const object = this.objectOf(accession);
    const inventory = await readInventory(object);
    const read = async (logicalPath: string) => {
      const path = inventory && contentPathOf(inventory, `v${version}`, logicalPath);
      if (path === undefined) return undefined;
      const bytes = await readFile(join(object, path));
      if (!inventory?.manifest[await digestInTurns('sha512', bytes)]?.includes(path))
        throw new ArchiveUnreadable(`${logicalPath} of ${accession} version ${version} does not match its digest`);
      return bytes;
    };
    const document = await read('metadata/study.json');
    if (document === undefined) throw new ArchiveUnreadable(`The archive holds no version ${version} of ${accession}`);
    return await parseVersion(document, await read(referencesPath));
  }

  async hasVersion(accession: string, version: number): Promise<boolean> {
    const object = this.objectOf(accession);
    // A version is in place before the inventory of the object is: no inventory need be read to know that there is none.
    if (!(await folderExists(join(object, `v${version}`)))) return false;
    return (await readInventory(object))?.versions[`v${version}`] !== undefined;
  }

  async *list(
    onUnreadable?: (place: string, message: string) => void,
  ): AsyncGenerator<{ accession: string; versions: number[] }> {
    for await (const folder of objectFolders(this.places.root)) {
      let inventory: OcflInventory | undefined;
      try {
        inventory = await readInventory(join(this.places.root, folder));
      } catch (error) {
        if (!(error instanceof ArchiveUnreadable) || !onUnreadable) throw error;
        onUnreadable(folder, 'No inventory of the object matches its digest');
        continue;
      }
      // Objects about a study rather than of its versions are read by `notes`.
      const id = inventory?.id ?? '';
      if (!inventory || !id.startsWith(idPrefix) || isNoteId(id)) continue;
      const versions = Object.keys(inventory.versions)
        .map(versionNumber)
        .sort((a, b) => a - b);
      yield { accession: inventory.id.slice(idPrefix.length), versions };
    }
  }

  async replaceObject(
    accession: string,
    files: readonly { logicalPath: string; content: Uint8Array }[],
    about: { message: string; userName: string; createdAt: string },
  ): Promise<{ destroyed: DestroyedFile[]; inventorySha512: string }> {
    return await this.oneAtATime(async () => {
      const object = this.objectOf(accession);
      const before = await readInventory(object);
      const inline: GivenContent = new Map();
      const named: VersionFile[] = [];
      for (const file of files) named.push(await this.nameFile(file, inline));
      // Who deposited the study stays known, as its owner.
      const address = before?.versions['v1']?.user?.address;
      const user = { name: about.userName, address: address ?? ownAddress };
      const told = { created: about.createdAt, message: about.message, user };
      const next = await nextInventory(idPrefix + accession, undefined, named, told);
      const work = join(this.places.work, `${replacing}${accession}`);
      await rm(join(work, 'new'), { recursive: true, force: true });
      await makeFolder(work);
      const sourceOf = (sha256: string) => this.sourceOf(sha256, inline);
      const inventorySha512 = await layDownVersion({
        object: join(work, 'new'),
        work: join(work, 'made'),
        next,
        sourceOf,
        onStep: () => {},
      });
      const [fault] = (await validateObject(join(work, 'new'))).filter(({ code }) => code.startsWith('E'));
      if (fault) throw new ArchiveConflict(`The object that replaces ${accession}: ${fault.message}`);
      const destroyed = await sizedContent(object, before);
      const kept = await this.heldByOthers(object, new Set(destroyed.map(({ sha256 }) => sha256)));
      // Before anything goes: what another study holds too can be read at every moment.
      await this.blobs.pointTo(kept);
      if (await folderExists(object)) await rename(object, join(work, `old-${Date.now()}`));
      await makeFolder(dirname(object));
      await rename(join(work, 'new'), object);
      await syncFolder(dirname(object));
      await destroyFolder(work);
      for (const name of await readdir(this.places.quarantine))
        if (name.startsWith(`${accession}-v`)) await destroyFolder(join(this.places.quarantine, name));
      const isKept = new Set(kept.map(({ sha256 }) => sha256));
      await this.blobs.forgetArchived(destroyed.flatMap(({ sha256 }) => (isKept.has(sha256) ? [] : [sha256])));
      return { destroyed, inventorySha512 };
    });
  }

  /** Where other objects than one hold some of these blobs. */
  private async heldByOthers(
    object: string,
    digests: ReadonlySet<string>,
  ): Promise<{ sha256: string; archivePath: string }[]> {
    const found = new Map<string, string>();
    for await (const folder of objectFolders(this.places.root)) {
      const other = join(this.places.root, folder);
      const inventory = other === object ? undefined : await readInventory(other).catch(unlessUnreadable);
      for (const [sha256, paths] of Object.entries(inventory?.fixity?.sha256 ?? {}))
        if (digests.has(sha256)) found.set(sha256, `${folder}/${paths[0]}`);
    }
    return [...found].map(([sha256, archivePath]) => ({ sha256, archivePath }));
  }

  async recover(): Promise<{ finished: string[]; rolledBack: string[] }> {
    return await this.oneAtATime(() => this.recoverAlone());
  }

  async verify(accession: string): Promise<{ code: string; path: string; message: string }[]> {
    const findings = await validateObject(this.objectOf(accession));
    return findings.map(({ code, path, message }) => ({ code, path, message }));
  }

  /** Makes the pointers from blobs to archived content again, from the inventories alone. */
  async noteAllBlobs(): Promise<number> {
    let count = 0;
    for await (const folder of objectFolders(this.places.root)) {
      const inventory = await readInventory(join(this.places.root, folder));
      const moved = Object.entries(inventory?.fixity?.sha256 ?? {}).map(([sha256, paths]) => ({
        sha256,
        contentPath: paths[0],
      }));
      await this.blobs.moveToArchive(moved, ({ contentPath }) => `${folder}/${contentPath}`);
      count += moved.length;
    }
    return count;
  }

  async inventoryDigest(accession: string, version: number): Promise<string | undefined> {
    try {
      const bytes = await readFile(join(this.objectOf(accession), `v${version}/inventory.json`));
      return await digestInTurns('sha512', bytes);
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw error;
    }
  }

  /** Adds a note about a study to the object of such notes. Called again with the same note it does nothing. */
  async writeNote(
    kind: ArchiveNote,
    accession: string,
    note: object,
    about: { message: string; at: string },
  ): Promise<void> {
    const { suffix, file } = archiveNotes[kind];
    const name = accession + suffix;
    const before = await readInventory(this.objectOf(name));
    const head = before ? versionNumber(before.head) : 0;
    const content = new TextEncoder().encode(`${JSON.stringify(note, null, 1)}\n`);
    const digest = createHash('sha512').update(content).digest('hex');
    if (before?.versions[before.head]?.state[digest]) return;
    const told = { message: about.message, userName: 'Micrarium', userAddress: ownAddress, createdAt: about.at };
    await this.writeVersion(name, head + 1, [{ logicalPath: file, content }], told);
  }

  async hasNote(kind: ArchiveNote, accession: string): Promise<boolean> {
    return await this.hasVersion(accession + archiveNotes[kind].suffix, 1);
  }

  /** The newest note of a kind, of every study that has one. */
  async *notes(kind: ArchiveNote): AsyncGenerator<{ accession: string; value: unknown }> {
    const { suffix, file } = archiveNotes[kind];
    for await (const folder of objectFolders(this.places.root)) {
      const object = join(this.places.root, folder);
      const inventory = await readInventory(object).catch(() => undefined);
      if (!inventory?.id.startsWith(idPrefix) || !inventory.id.endsWith(suffix)) continue;
      const path = contentPathOf(inventory, inventory.head, file);
      if (path === undefined) continue;
      const value: unknown = JSON.parse(await readFile(join(object, path), 'utf8'));
      yield { accession: inventory.id.slice(idPrefix.length, -suffix.length), value };
    }
  }

  async sha512sOf(accession: string, version: number): Promise<ReadonlyMap<string, string> | undefined> {
    const inventory = await readInventory(this.objectOf(accession)).catch(unlessUnreadable);
    return inventory && digestsByPath(inventory, `v${version}`);
  }

  async depositorOf(accession: string): Promise<string | undefined> {
    const inventory = await readInventory(this.objectOf(accession));
    return accountOf(inventory?.versions['v1']?.user?.address);
  }

  /** Folder of a study's object, absolute. */
  objectOf(accession: string): string {
    return join(this.places.root, objectFolder(idPrefix + accession));
  }

  private async writeAlone(
    accession: string,
    version: number,
    files: readonly VersionFile[],
    inline: GivenContent,
    about: { message: string; userName: string; userAddress?: string; createdAt: string },
  ): Promise<{ inventorySha512: string; isNew: boolean }> {
    // What an earlier attempt left half done (its disk failed) is settled before anything follows it.
    for (const name of await readdir(join(this.places.work, 'intents')))
      if (name.startsWith(`${accession}-v`)) await this.settle(await this.readIntent(name));
    const object = this.objectOf(accession);
    const before = await readInventory(object);
    const head = before ? versionNumber(before.head) : 0;
    if (before && head >= version) return await alreadyThere(before, `v${version}`, files);
    if (head !== version - 1)
      throw new ArchiveConflict(`${accession} has ${head} versions in the archive; version ${version} cannot follow`);
    const next = await nextInventory(idPrefix + accession, before, files, {
      created: about.createdAt,
      message: about.message,
      user: { name: about.userName, ...(about.userAddress ? { address: about.userAddress } : {}) },
    });
    const blobs = next.content.filter((content) => !inline.has(content.sha256));
    const intent: Intent = { accession, version, blobs };
    const work = this.workOf(intent);
    await replaceFile(this.intentOf(intent), jsonPieces({ ...intent }));
    await this.onStep('intent');
    let inventorySha512: string;
    try {
      const sourceOf = (sha256: string) => this.sourceOf(sha256, inline);
      inventorySha512 = await layDownVersion({ object, work, next, sourceOf, onStep: this.onStep });
    } catch (error) {
      // Undo at once what did not get into place (disk full, a missing blob); what did is rolled forward as after a kill.
      await this.settle(intent).catch(() => undefined);
      throw error;
    }
    await this.finish(intent);
    return { inventorySha512, isNew: true };
  }

  /** The version is in place: note where its blobs lie now, free the staged names, forget the intent. */
  private async finish(intent: Intent): Promise<void> {
    const folder = objectFolder(idPrefix + intent.accession);
    await this.blobs.moveToArchive(intent.blobs, ({ contentPath }) => `${folder}/${contentPath}`);
    await this.onStep('blobs noted');
    await rm(this.workOf(intent), { recursive: true, force: true });
    await removeIfThere(this.intentOf(intent));
    await syncFolder(join(this.places.work, 'intents'));
    await this.onStep('intent gone');
  }

  private async recoverAlone(): Promise<{ finished: string[]; rolledBack: string[] }> {
    const finished: string[] = [];
    const rolledBack: string[] = [];
    const folder = join(this.places.work, 'intents');
    for (const name of (await readdir(folder)).sort()) {
      // A half-written intent was never acted on: it is renamed into place before anything else happens.
      if (!name.endsWith('.json')) {
        await removeIfThere(join(folder, name));
        continue;
      }
      const intent = await this.readIntent(name);
      const label = `${intent.accession} v${intent.version}`;
      ((await this.settle(intent)) ? finished : rolledBack).push(label);
    }
    for (const name of await readdir(this.places.work)) {
      if (!name.startsWith(replacing)) continue;
      // Killed between taking the old object away and putting the new one in its place.
      const object = this.objectOf(name.slice(replacing.length));
      const made = join(this.places.work, name, 'new');
      if (!(await folderExists(object)) && (await folderExists(made))) {
        await makeFolder(dirname(object));
        await rename(made, object);
        await syncFolder(dirname(object));
      }
      if (await folderExists(object)) await destroyFolder(join(this.places.work, name));
    }
    for (const name of await readdir(this.places.work))
      if (name !== 'intents') await rm(join(this.places.work, name), { recursive: true, force: true });
    return { finished, rolledBack };
  }

  /** Rolls a transaction forward if its version is whole and in place, else back. @returns whether it was rolled forward */
  private async settle(intent: Intent): Promise<boolean> {
    const object = this.objectOf(intent.accession);
    const version = join(object, `v${intent.version}`);
    const inventory = (await folderExists(version)) ? await readMatching(version) : undefined;
    if (inventory && inventory.head === `v${intent.version}`) {
      // In place for readers is not yet in place for good: the process may have died, or the sync failed, right after the rename.
      await makeFolder(dirname(object));
      await syncFolder(dirname(object));
      await syncFolder(object);
      const root = await readMatching(object);
      // A root that is as new or newer stays: swapping an old inventory in would hide later versions.
      if (!root || versionNumber(root.head) < intent.version) await this.repeatSwap(intent, inventory, object);
      await this.finish(intent);
      return true;
    }
    if (await folderExists(version)) {
      const aside = join(this.places.quarantine, `${intent.accession}-v${intent.version}-${Date.now()}`);
      await rename(intent.version === 1 ? object : version, aside);
      await syncFolder(dirname(intent.version === 1 ? object : version));
    }
    await rm(this.workOf(intent), { recursive: true, force: true });
    if (intent.version === 1) await this.removeEmptyTuples(object);
    await removeIfThere(this.intentOf(intent));
    return false;
  }

  private async repeatSwap(intent: Intent, inventory: OcflInventory, object: string): Promise<void> {
    const from = join(this.workOf(intent), 'again');
    await rm(from, { recursive: true, force: true });
    await makeFolder(from);
    // Byte for byte what stands in the version folder, which matched its sidecar.
    for (const name of ['inventory.json', 'inventory.json.sha512'])
      await replaceFile(join(from, name), await readFile(join(object, inventory.head, name)));
    await swapRootInventory(from, object);
  }

  /** The tuple folders are made just before the object is renamed into them; OCFL forbids empty ones. */
  private async removeEmptyTuples(object: string): Promise<void> {
    for (let folder = dirname(object); folder.length > this.places.root.length; folder = dirname(folder)) {
      try {
        await rmdir(folder);
      } catch (error) {
        if (isTaken(error)) return;
        if (!isNotThere(error)) throw error;
      }
    }
  }

  private async nameFile(
    { logicalPath, content, sha256 = '', others }: ArchivedFile,
    inline: GivenContent,
  ): Promise<VersionFile> {
    if (!content) return { logicalPath, sha256, sha512: await this.blobs.sha512Of(sha256), others };
    const digests = await digestsOfContent(content);
    inline.set(digests.sha256, content);
    return { logicalPath, ...digests };
  }

  private async sourceOf(sha256: string, inline: GivenContent): Promise<ContentSource> {
    const given = inline.get(sha256);
    if (given) return { kind: 'bytes', bytes: typeof given === 'function' ? given() : given };
    const { path, place } = await this.blobs.whereIs(sha256);
    return { kind: place, path };
  }

  private async readIntent(name: string): Promise<Intent> {
    return JSON.parse(await readFile(join(this.places.work, 'intents', name), 'utf8')) as Intent;
  }

  private workOf(intent: Intent): string {
    return join(this.places.work, `${intent.accession}-v${intent.version}`);
  }

  private intentOf(intent: Intent): string {
    return join(this.places.work, 'intents', `${intent.accession}-v${intent.version}.json`);
  }

  private oneAtATime<T>(task: () => Promise<T>): Promise<T> {
    const run = this.queue.then(task);
    this.queue = run.catch(() => undefined);
    return run;
  }
}
