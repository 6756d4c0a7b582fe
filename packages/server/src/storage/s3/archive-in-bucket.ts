import { createHash } from 'node:crypto';
import type { StudyVersion } from '@micrarium/model';
import {
  type ArchivedFile,
  digestInTurns,
  digestsOfStream,
  parseJsonInTurns,
  parseVersion,
  referencesPath,
  sideBySide,
} from '@micrarium/repository';
import type { Held, Locks } from '../locks.ts';
import { ArchiveConflict, alreadyThere } from '../ocfl/archive-conflict.ts';
import type { AreaEntry, FileArea } from '../ocfl/file-area.ts';
import {
  contentPathOf,
  digestsByPath,
  type InventoryDigest,
  inventoryPieces,
  type NextInventory,
  nextInventory,
  type OcflInventory,
  type VersionFile,
  versionNumber,
} from '../ocfl/inventory.ts';
import { digestsOfContent, type GivenContent } from '../ocfl/given-content.ts';
import { objectFolder, rootFiles } from '../ocfl/layout.ts';
import { ArchiveUnreadable, unlessUnreadable } from '../ocfl/read-object.ts';
import {
  accountOf,
  type ArchiveNote,
  archiveNotes,
  type DestroyedFile,
  idPrefix,
  isNoteId,
  ownAddress,
  type StudyArchive,
} from '../ocfl/study-archive.ts';
import { validateObject } from '../ocfl/validate.ts';
import type { BlobsInBucket } from './blobs-in-bucket.ts';
import type { Bucket } from './bucket.ts';

/** What a transaction will do, written down before it begins. */
interface Intent {
  accession: string;
  version: number;
  blobs: { sha256: string; contentPath: string; size: number }[];
}

interface About {
  message: string;
  userName: string;
  userAddress?: string;
  createdAt: string;
}

const root = 'archive/';
const inventoryNames = ['', 'v1/'].flatMap((folder) => [`${folder}inventory.json`, `${folder}inventory.json.sha512`]);
const intents = 'work/archive/intents/';
/** Milliseconds until a transaction that could not be ended is tried again; twice as many each time, to a limit. */
const [firstPause, longestPause] = [1000, 60_000];
/** Keys of objects have at most 1,024 bytes; a logical path that would not fit lies under a short name. */
const longestPath = 600;

const digest = (algorithm: 'sha256' | 'sha512', bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');

/**
 * Published versions as OCFL 1.1 objects below `archive/` of a bucket. Nothing can be renamed there: content is copied into place within the
 * storage, then the version's inventory follows, and the version begins to be with the inventory in the object's root. Any process may
 * write; the lock of the accession sees to it that one at a time does, and an intent lets any other finish or undo what a killed one left.
 */
export class ArchiveInBucket implements StudyArchive {
  private readonly bucket: Bucket;
  private readonly blobs: BlobsInBucket;
  private readonly locks: Locks;

  private constructor(bucket: Bucket, blobs: BlobsInBucket, locks: Locks) {
    this.bucket = bucket;
    this.blobs = blobs;
    this.locks = locks;
  }

  /** Opens the archive; declares the storage root where nothing does. */
  static async open(bucket: Bucket, blobs: BlobsInBucket, locks: Locks): Promise<ArchiveInBucket> {
    const entries = Object.entries(rootFiles);
    if ((await bucket.sizeOf(root + entries.at(-1)![0])) === undefined)
      for (const [path, text] of entries) await bucket.put(root + path, bytesOf(text));
    return new ArchiveInBucket(bucket, blobs, locks);
  }

  async writeVersion(
    accession: string,
    version: number,
    files: readonly ArchivedFile[],
    about: About,
  ): Promise<{ inventorySha512: string; isNew: boolean }> {
    const inline: GivenContent = new Map();
    const named: VersionFile[] = [];
    await sideBySide(files, async (file) => void named.push(await this.nameFile(file, inline)));
    return await this.locks.hold(lockOf(accession), (held) =>
      this.writeAlone(accession, version, { files: named, inline, about }, held),
    );
  }

  async readVersion(accession: string, version: number): Promise<StudyVersion> {
    const inventory = await this.inventoryOf(accession);
    const read = async (logicalPath: string) => {
      const path = inventory && contentPathOf(inventory, `v${version}`, logicalPath);
      if (path === undefined) return undefined;
      const bytes = await this.bucket.get(this.keyOf(accession, path));
      if (!inventory?.manifest[await digestInTurns('sha512', bytes)]?.includes(path))
        throw new ArchiveUnreadable(`${logicalPath} of ${accession} version ${version} does not match its digest`);
      return bytes;
    };
    const document = await read('metadata/study.json');
    if (document === undefined) throw new ArchiveUnreadable(`The archive holds no version ${version} of ${accession}`);
    return await parseVersion(document, await read(referencesPath));
  }

  async hasVersion(accession: string, version: number): Promise<boolean> {
    // The inventory of a version is stored before that of the object: none need be read to know that there is none.
    if ((await this.bucket.sizeOf(this.keyOf(accession, `v${version}/inventory.json`))) === undefined) return false;
    return (await this.inventoryOf(accession))?.versions[`v${version}`] !== undefined;
  }

  async *list(
    onUnreadable?: (place: string, message: string) => void,
  ): AsyncGenerator<{ accession: string; versions: number[] }> {
    for await (const folder of this.objects()) {
      let inventory: OcflInventory | undefined;
      try {
        inventory = await this.inventoryIn(folder);
      } catch (error) {
        if (!(error instanceof ArchiveUnreadable) || !onUnreadable) throw error;
        onUnreadable(folder, 'No inventory of the object matches its digest');
        continue;
      }
      if (!inventory?.id.startsWith(idPrefix) || isNoteId(inventory.id)) continue;
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
    return await this.locks.hold(lockOf(accession), async (held) => {
      await this.settleEarlier(accession, held);
      const before = await this.inventoryOf(accession);
      const prefix = this.keyOf(accession, '');
      const sizes = new Map<string, number>();
      for await (const { key, size } of this.bucket.list(prefix)) sizes.set(key, size);
      const destroyed = Object.entries(before?.fixity?.sha256 ?? {}).map(([sha256, paths]) => ({
        sha256,
        size: sizes.get(prefix + (paths[0] ?? '')) ?? 0,
      }));
      const inline: GivenContent = new Map();
      const named: VersionFile[] = [];
      for (const file of files) named.push(await this.nameFile(file, inline));
      // Who deposited the study stays known, as its owner.
      const address = before?.versions['v1']?.user?.address;
      const user = { name: about.userName, address: address ?? ownAddress };
      const told = { created: about.createdAt, message: about.message, user };
      // Nothing that the inventory of before names is overwritten: until the new one is in place, the object is what it was.
      const placeOfNew = (file: VersionFile) => `${file.sha512.slice(0, 12)}/${placeOf(file)}`;
      const next = await nextInventory(idPrefix + accession, undefined, named, told, placeOfNew);
      await held.assure();
      await this.layDown(accession, next, new Map(), inline);
      // Before anything goes: what another study holds too can be read at every moment.
      const kept = await this.heldByOthers(accession, destroyed);
      await this.blobs.moveToArchive(kept);
      const inventorySha512 = await this.putInventory(accession, '', next.inventory);
      const wanted = new Set(
        [...next.content.map(({ contentPath }) => contentPath), '0=ocfl_object_1.1', ...inventoryNames].map((path) =>
          this.keyOf(accession, path),
        ),
      );
      await sideBySide(
        [...sizes.keys()].filter((key) => !wanted.has(key)),
        (key) => this.bucket.remove(key),
      );
      const isKept = new Set(kept.map(({ sha256 }) => sha256));
      await this.blobs.forgetArchived(destroyed.flatMap(({ sha256 }) => (isKept.has(sha256) ? [] : [sha256])));
      return { destroyed, inventorySha512 };
    });
  }

  /** Where other objects than that of a study hold some of these blobs. */
  private async heldByOthers(
    accession: string,
    blobs: readonly DestroyedFile[],
  ): Promise<{ sha256: string; key: string; size: number }[]> {
    const sizes = new Map(blobs.map(({ sha256, size }) => [sha256, size]));
    const found = new Map<string, string>();
    for await (const folder of this.objects()) {
      if (folder === objectFolder(idPrefix + accession)) continue;
      const inventory = await this.inventoryIn(folder).catch(unlessUnreadable);
      for (const [sha256, paths] of Object.entries(inventory?.fixity?.sha256 ?? {}))
        if (sizes.has(sha256)) found.set(sha256, `${root}${folder}/${paths[0]}`);
    }
    return [...found].map(([sha256, key]) => ({ sha256, key, size: sizes.get(sha256)! }));
  }

  async recover(): Promise<{ finished: string[]; rolledBack: string[] }> {
    const finished: string[] = [];
    const rolledBack: string[] = [];
    const left: Intent[] = [];
    for await (const { key } of this.bucket.list(intents)) {
      const bytes = await this.bucket.getIfThere(key);
      if (bytes) left.push(intentIn(bytes));
    }
    for (const intent of left) {
      // Whoever holds the lock is alive and at work on it.
      const settled = await this.locks.tryHold(lockOf(intent.accession), async (held) => {
        const isOpen = (await this.bucket.sizeOf(intentKey(intent))) !== undefined;
        return isOpen ? await this.settle(intent, held) : undefined;
      });
      if (settled?.value === undefined) continue;
      (settled.value ? finished : rolledBack).push(`${intent.accession} v${intent.version}`);
    }
    return { finished, rolledBack };
  }

  async verify(accession: string): Promise<{ code: string; path: string; message: string }[]> {
    const findings = await validateObject(await this.areaOf(objectFolder(idPrefix + accession)));
    return findings.map(({ code, path, message }) => ({ code, path, message }));
  }

  async noteAllBlobs(): Promise<number> {
    let count = 0;
    for await (const folder of this.objects()) {
      const inventory = await this.inventoryIn(folder);
      const sizes = new Map<string, number>();
      for await (const { key, size } of this.bucket.list(`${root}${folder}/`)) sizes.set(key, size);
      const moved = Object.entries(inventory?.fixity?.sha256 ?? {}).map(([sha256, paths]) => {
        const key = `${root}${folder}/${paths[0]}`;
        return { sha256, key, size: sizes.get(key) ?? 0 };
      });
      await this.blobs.moveToArchive(moved.filter(({ key }) => sizes.has(key)));
      count += moved.length;
    }
    return count;
  }

  async inventoryDigest(accession: string, version: number): Promise<string | undefined> {
    const bytes = await this.bucket.getIfThere(this.keyOf(accession, `v${version}/inventory.json`));
    return bytes && (await digestInTurns('sha512', bytes));
  }

  async writeNote(
    kind: ArchiveNote,
    accession: string,
    note: object,
    about: { message: string; at: string },
  ): Promise<void> {
    const { suffix, file } = archiveNotes[kind];
    const name = accession + suffix;
    const before = await this.inventoryOf(name);
    const content = bytesOf(`${JSON.stringify(note, null, 1)}\n`);
    if (before?.versions[before.head]?.state[digest('sha512', content)]) return;
    const told = { message: about.message, userName: 'Micrarium', userAddress: ownAddress, createdAt: about.at };
    const head = before ? versionNumber(before.head) : 0;
    await this.writeVersion(name, head + 1, [{ logicalPath: file, content }], told);
  }

  async hasNote(kind: ArchiveNote, accession: string): Promise<boolean> {
    return await this.hasVersion(accession + archiveNotes[kind].suffix, 1);
  }

  async *notes(kind: ArchiveNote): AsyncGenerator<{ accession: string; value: unknown }> {
    const { suffix, file } = archiveNotes[kind];
    for await (const folder of this.objects()) {
      const inventory = await this.inventoryIn(folder).catch(() => undefined);
      if (!inventory?.id.startsWith(idPrefix) || !inventory.id.endsWith(suffix)) continue;
      const path = contentPathOf(inventory, inventory.head, file);
      if (path === undefined) continue;
      const value: unknown = JSON.parse(new TextDecoder().decode(await this.bucket.get(`${root}${folder}/${path}`)));
      yield { accession: inventory.id.slice(idPrefix.length, -suffix.length), value };
    }
  }

  async sha512sOf(accession: string, version: number): Promise<ReadonlyMap<string, string> | undefined> {
    const inventory = await this.inventoryOf(accession).catch(unlessUnreadable);
    return inventory && digestsByPath(inventory, `v${version}`);
  }

  async depositorOf(accession: string): Promise<string | undefined> {
    return accountOf((await this.inventoryOf(accession))?.versions['v1']?.user?.address);
  }

  /** Accession of the object in a folder; `undefined` where it tells none. */
  async accessionIn(folder: string): Promise<string | undefined> {
    const inventory = await this.inventoryIn(folder).catch(() => undefined);
    return inventory?.id.startsWith(idPrefix) ? inventory.id.slice(idPrefix.length) : undefined;
  }

  /** Changes whenever somebody writes to the object of a study, and while somebody does. */
  async markOf(accession: string): Promise<string> {
    const writing: string[] = [];
    for await (const { key } of this.bucket.list(`${intents}${accession}-v`)) writing.push(key);
    const sidecar = await this.bucket.getIfThere(this.keyOf(accession, 'inventory.json.sha512'));
    return [new TextDecoder().decode(sidecar ?? new Uint8Array(0)), ...writing].join('\n');
  }

  /** Folders of all objects below the storage root, relative to it. */
  async *objects(): AsyncGenerator<string> {
    const declaration = '/0=ocfl_object_1.1';
    for await (const { key } of this.bucket.list(root))
      if (key.endsWith(declaration)) yield key.slice(root.length, -declaration.length);
  }

  /** The files of an object, for its checks; told of once, as they are now. */
  async areaOf(folder: string): Promise<FileArea> {
    const prefix = `${root}${folder}/`;
    const sizes = new Map<string, number>();
    const folders = new Map<string, Map<string, AreaEntry>>();
    for await (const { key, size } of this.bucket.list(prefix)) {
      const parts = key.slice(prefix.length).split('/');
      sizes.set(parts.join('/'), size);
      for (let depth = 0; depth < parts.length; depth++) {
        const entries = folders.get(parts.slice(0, depth).join('/')) ?? new Map<string, AreaEntry>();
        const name = parts[depth]!;
        entries.set(name, { name, kind: depth === parts.length - 1 ? 'file' : 'folder' });
        folders.set(parts.slice(0, depth).join('/'), entries);
      }
    }
    const stream = (path: string) => this.bucket.stream(prefix + path, 0, sizes.get(path));
    return {
      entries: async (below) => {
        const found = folders.get(below);
        return found && [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      },
      read: async (path) => Buffer.from(await this.bucket.get(prefix + path)),
      stream,
      digests: (path, algorithms, onBytes) => digestsOfStream(stream(path), algorithms, onBytes),
    };
  }

  private async writeAlone(
    accession: string,
    version: number,
    what: { files: readonly VersionFile[]; inline: GivenContent; about: About },
    held: Held,
  ): Promise<{ inventorySha512: string; isNew: boolean }> {
    await this.settleEarlier(accession, held);
    const { files, inline, about } = what;
    const before = await this.inventoryOf(accession);
    const head = before ? versionNumber(before.head) : 0;
    if (before && head >= version) return await alreadyThere(before, `v${version}`, files);
    if (head !== version - 1)
      throw new ArchiveConflict(`${accession} has ${head} versions in the archive; version ${version} cannot follow`);
    const user = { name: about.userName, ...(about.userAddress ? { address: about.userAddress } : {}) };
    const told = { created: about.createdAt, message: about.message, user };
    const next = await nextInventory(idPrefix + accession, before, files, told, placeOf);
    const places = new Map<string, { key: string; size: number }>();
    await sideBySide(next.content, async ({ sha256 }) => {
      if (!inline.has(sha256)) places.set(sha256, await this.blobs.whereIs(sha256));
    });
    const blobs = next.content.flatMap(({ sha256, contentPath }) => {
      const place = places.get(sha256);
      return place ? [{ sha256, contentPath, size: place.size }] : [];
    });
    const intent: Intent = { accession, version, blobs };
    await this.bucket.put(intentKey(intent), bytesOf(JSON.stringify(intent)));
    let inventorySha512: string;
    try {
      await this.layDown(accession, next, places, inline);
      await held.assure();
      inventorySha512 = await this.putInventory(accession, '', next.inventory);
    } catch (error) {
      await this.settle(intent, held).catch(() => this.settleLater(intent));
      throw error;
    }
    await this.finish(intent).catch((error: unknown) => {
      this.settleLater(intent);
      throw error;
    });
    return { inventorySha512, isNew: true };
  }

  /**
   * Ends a transaction that this process could neither finish nor undo (its lock was lost with the database, the bucket was away) when it can:
   * what is asked again finds the version in place and has no reason to look for what is left of it. A start does the same.
   */
  private settleLater(about: Pick<Intent, 'accession' | 'version'>, pause = firstPause): void {
    const again = () => this.settleLater(about, Math.min(2 * pause, longestPause));
    setTimeout(() => {
      this.settleLeft(about).then((isOver) => void (isOver || again()), again);
    }, pause).unref();
  }

  /** @returns whether nothing is left of it; not while somebody holds the lock, who is alive and at work on it */
  private async settleLeft(about: Pick<Intent, 'accession' | 'version'>): Promise<boolean> {
    const done = await this.locks.tryHold(lockOf(about.accession), async (held) => {
      const bytes = await this.bucket.getIfThere(intentKey(about));
      return bytes ? await this.settle(intentIn(bytes), held) : undefined;
    });
    return done !== undefined;
  }

  private async layDown(
    accession: string,
    { inventory, content }: NextInventory,
    places: ReadonlyMap<string, { key: string; size: number }>,
    inline: GivenContent,
  ): Promise<void> {
    await sideBySide(content, async ({ contentPath, sha256 }) => {
      const target = this.keyOf(accession, contentPath);
      const place = places.get(sha256);
      if (!place) await this.putContent(target, inline.get(sha256)!);
      else {
        await this.bucket.copy(place.key, target, place.size);
        const size = await this.bucket.sizeOf(target);
        if (size !== place.size)
          throw new ArchiveUnreadable(`${target} was copied with ${size} of ${place.size} bytes`);
      }
    });
    await this.putInventory(accession, `${inventory.head}/`, inventory);
    if (inventory.head === 'v1')
      await this.bucket.put(this.keyOf(accession, '0=ocfl_object_1.1'), bytesOf('ocfl_object_1.1\n'));
  }

  /** @returns digest of the inventory */
  private async putInventory(accession: string, folder: '' | `${string}/`, inventory: OcflInventory): Promise<string> {
    let told: InventoryDigest | undefined;
    const pieces = inventoryPieces(inventory, (one) => void (told = one));
    await this.bucket.putStream(this.keyOf(accession, `${folder}inventory.json`), pieces);
    await this.bucket.put(this.keyOf(accession, `${folder}inventory.json.sha512`), bytesOf(told!.sidecar));
    return told!.digest;
  }

  private async putContent(key: string, content: NonNullable<ArchivedFile['content']>): Promise<void> {
    if (typeof content === 'function') await this.bucket.putStream(key, content());
    else await this.bucket.put(key, content);
  }

  /** The version is in place: note where its blobs lie now, free the staged names, forget the intent. */
  private async finish(intent: Intent): Promise<void> {
    const moved = intent.blobs.map(({ sha256, contentPath, size }) => {
      return { sha256, size, key: this.keyOf(intent.accession, contentPath) };
    });
    await this.blobs.moveToArchive(moved);
    await this.bucket.remove(intentKey(intent));
  }

  private async settleEarlier(accession: string, held: Held): Promise<void> {
    for await (const { key } of this.bucket.list(`${intents}${accession}-v`)) {
      const bytes = await this.bucket.getIfThere(key);
      if (bytes) await this.settle(intentIn(bytes), held);
    }
  }

  /** Rolls a transaction forward if its version is whole, else back. @returns whether it was rolled forward */
  private async settle(intent: Intent, held: Held): Promise<boolean> {
    const folder = objectFolder(idPrefix + intent.accession);
    const version = `v${intent.version}`;
    // The inventory of a version is stored after everything it names.
    const inventory = await this.matchingIn(`${folder}/${version}`);
    await held.assure();
    if (inventory?.head === version) {
      const now = await this.matchingIn(folder);
      if (intent.version === 1)
        await this.bucket.put(this.keyOf(intent.accession, '0=ocfl_object_1.1'), bytesOf('ocfl_object_1.1\n'));
      if (!now || versionNumber(now.head) < intent.version) {
        // Byte for byte what stands in the version folder, which matched its sidecar.
        for (const name of ['inventory.json', 'inventory.json.sha512'])
          await this.bucket.put(
            `${root}${folder}/${name}`,
            await this.bucket.get(`${root}${folder}/${version}/${name}`),
          );
      }
      await this.finish(intent);
      return true;
    }
    // Everything in it was copied from what is still where it was.
    await this.bucket.removeBelow(intent.version === 1 ? `${root}${folder}/` : `${root}${folder}/${version}/`);
    await this.bucket.remove(intentKey(intent));
    return false;
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

  private inventoryOf(accession: string): Promise<OcflInventory | undefined> {
    return this.inventoryIn(objectFolder(idPrefix + accession));
  }

  /**
   * The inventory of an object as of now; an object begins to be with the inventory in its root. Where that does not match its sidecar (a
   * writer is between the two, or was killed there) the newest version whose own does counts.
   */
  async inventoryIn(folder: string): Promise<OcflInventory | undefined> {
    if ((await this.bucket.sizeOf(`${root}${folder}/inventory.json`)) === undefined) return undefined;
    const now = await this.matchingIn(folder);
    if (now) return now;
    const versions: string[] = [];
    for await (const name of this.bucket.folders(`${root}${folder}/`))
      if (/^v[1-9]\d*$/.test(name)) versions.push(name);
    for (const name of versions.sort((a, b) => versionNumber(b) - versionNumber(a))) {
      const inventory = await this.matchingIn(`${folder}/${name}`);
      if (inventory) return inventory;
    }
    throw new ArchiveUnreadable(`No inventory of the object at ${folder} matches its digest`);
  }

  private async matchingIn(folder: string): Promise<OcflInventory | undefined> {
    const bytes = await this.bucket.getIfThere(`${root}${folder}/inventory.json`);
    const sidecar = bytes && (await this.bucket.getIfThere(`${root}${folder}/inventory.json.sha512`));
    if (!sidecar) return undefined;
    const stated = new TextDecoder().decode(sidecar).trim().split(/\s+/)[0];
    if (stated !== (await digestInTurns('sha512', bytes))) return undefined;
    return (await parseJsonInTurns(bytes)) as OcflInventory;
  }

  private keyOf(accession: string, path: string): string {
    return `${root}${objectFolder(idPrefix + accession)}/${path}`;
  }
}

function placeOf({ logicalPath, sha512 }: VersionFile): string {
  return Buffer.byteLength(logicalPath) <= longestPath ? logicalPath : `long-names/${sha512.slice(0, 64)}`;
}

const lockOf = (accession: string) => `archive ${accession}`;
const intentKey = ({ accession, version }: Pick<Intent, 'accession' | 'version'>) =>
  `${intents}${accession}-v${version}.json`;
const intentIn = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Intent;
const bytesOf = (text: string) => new TextEncoder().encode(text);
