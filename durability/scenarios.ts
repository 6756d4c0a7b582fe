import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StudyVersion } from '@micrarium/model';
import { openStorage, type Storage } from '../packages/server/src/storage/open-storage.ts';

/** Something the storage does that a power cut, a kill or a failing disk may hit. */
export interface Scenario {
  name: string;
  /** What lies there before, all of it durable. */
  prepare(storage: Storage): Promise<void>;
  /** The deed. It may be done again after a fault, by the same process or a later one, and must then come to its end. */
  act(storage: Storage, promise: (fact: string) => void): Promise<void>;
  /** What is wrong in a folder after a start, given what was promised. */
  check(storage: Storage, folder: string, promised: ReadonlySet<string>): Promise<string[]>;
}

const accession = 'MIC-000042';
const text = (value: string) => new TextEncoder().encode(value);
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const sha512 = (bytes: Uint8Array | string) => createHash('sha512').update(bytes).digest('hex');
/** Bytes that no shift of sectors leaves as they are. */
const film = Uint8Array.from({ length: 5000 }, (_, at) => (at * 31 + (at >> 7)) & 255);
const tracks = text('frame,track,x,y\n0,1,1,1\n1,1,2,2\n'.repeat(40));
const notes = text('What is what.\n');

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function stage(storage: Storage, id: string, bytes: Uint8Array): Promise<void> {
  await storage.uploads.create(id);
  await storage.uploads.append(id, 0, once(bytes));
}

async function store(storage: Storage, id: string, bytes: Uint8Array): Promise<void> {
  await stage(storage, id, bytes);
  await adopt(storage, id, bytes);
}

async function adopt({ blobs, uploads }: Storage, id: string, bytes: Uint8Array): Promise<void> {
  await blobs.adopt(uploads.pathOf(id), { sha256: sha256(bytes), sha512: sha512(bytes), size: bytes.length });
}

async function blobIs(storage: Storage, bytes: Uint8Array): Promise<boolean> {
  if (!(await storage.blobs.has(sha256(bytes)))) return false;
  return sha256(readFileSync(await storage.blobs.pathOf(sha256(bytes)))) === sha256(bytes);
}

function documentOf(version: number): Uint8Array {
  return text(`${JSON.stringify({ schema: 1, accession, version, title: 'Cells' } as unknown as StudyVersion)}\n`);
}

async function publish(storage: Storage, version: number, files: Record<string, Uint8Array>): Promise<void> {
  await storage.archive.writeVersion(
    accession,
    version,
    [
      { logicalPath: 'metadata/study.json', content: documentOf(version) },
      ...Object.entries(files).map(([path, bytes]) => ({ logicalPath: `files/${path}`, sha256: sha256(bytes) })),
    ],
    {
      message: 'Published',
      userName: 'Rosalind',
      userAddress: 'urn:micrarium:account:1',
      createdAt: '2026-11-20T10:00:00Z',
    },
  );
}

/** Everything that must hold of the archive, whichever versions it has. */
async function archiveFaults(storage: Storage, folder: string, needed: readonly Uint8Array[]): Promise<string[]> {
  const faults: string[] = [];
  for await (const one of storage.archive.list((place) => void faults.push(`an unreadable object lies at ${place}`))) {
    // States are written by the program and not by an account.
    for (const { code, path, message } of await storage.archive.verify(one.accession))
      if (code !== 'W008') faults.push(`${one.accession} ${code} ${path}: ${message}`);
    for (const version of one.versions) await storage.archive.readVersion(one.accession, version);
  }
  for (const bytes of needed)
    if (!(await blobIs(storage, bytes))) faults.push(`a blob of ${bytes.length} bytes is gone`);
  if (readdirSync(join(folder, 'work/archive/intents')).some((name) => name.endsWith('.json')))
    faults.push('an intent is left');
  return faults;
}

const two = { 'a.tif': film, 'b/tracks.csv': tracks };
const three = { ...two, 'notes.txt': notes };

/** Files that a first version, and that a second one has. */
const firstVersion: Scenario = {
  name: 'publish the first version',
  async prepare(storage) {
    await store(storage, 'one', film);
    await store(storage, 'two', tracks);
  },
  async act(storage, promise) {
    await publish(storage, 1, two);
    promise('published 1');
  },
  async check(storage, folder, promised) {
    const faults = await archiveFaults(storage, folder, [film, tracks]);
    if (promised.has('published 1') && !(await storage.archive.hasVersion(accession, 1)))
      faults.push('version 1 was promised and is not there');
    return faults;
  },
};

const nextVersion: Scenario = {
  name: 'publish a further version',
  async prepare(storage) {
    await firstVersion.prepare(storage);
    await publish(storage, 1, two);
    await store(storage, 'three', notes);
  },
  async act(storage, promise) {
    await publish(storage, 2, three);
    promise('published 2');
  },
  async check(storage, folder, promised) {
    const faults = await archiveFaults(storage, folder, [film, tracks, notes]);
    if (!(await storage.archive.hasVersion(accession, 1))) faults.push('version 1 is gone');
    if (promised.has('published 2') && !(await storage.archive.hasVersion(accession, 2)))
      faults.push('version 2 was promised and is not there');
    return faults;
  },
};

const upload: Scenario = {
  name: 'upload in two pieces',
  prepare: async () => {},
  async act({ uploads }, promise) {
    await uploads.create('film');
    // A sender asks how much is there and goes on with that.
    for (const end of [2000, film.length]) {
      const at = (await uploads.get('film'))?.size ?? 0;
      const size = at < end ? await uploads.append('film', at, once(film.subarray(at, end))) : at;
      promise(`stored ${size}`);
    }
  },
  async check({ uploads }, _folder, promised) {
    const most = Math.max(0, ...[...promised].map((fact) => Number(fact.split(' ')[1])));
    const found = await uploads.get('film');
    if (!found) return most > 0 ? [`${most} bytes were promised and the upload is gone`] : [];
    const faults: string[] = [];
    if (found.size < most) faults.push(`${most} bytes were promised and ${found.size} are there`);
    const parts: Uint8Array[] = [];
    for await (const part of uploads.read('film')) parts.push(part);
    const bytes = Buffer.concat(parts);
    if (!bytes.subarray(0, most).equals(film.subarray(0, most))) faults.push('promised bytes are other ones');
    return faults;
  },
};

const taking: Scenario = {
  name: 'take two arrived files in, side by side',
  async prepare(storage) {
    await stage(storage, 'one', film);
    await stage(storage, 'two', tracks);
  },
  async act(storage, promise) {
    const take = async (id: string, bytes: Uint8Array) => {
      await adopt(storage, id, bytes);
      promise(`verified ${id}`);
    };
    const ends = await Promise.allSettled([take('one', film), take('two', tracks)]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  },
  async check(storage, _folder, promised) {
    const faults: string[] = [];
    for (const [id, bytes] of [
      ['one', film],
      ['two', tracks],
    ] as const) {
      const isBlob = await blobIs(storage, bytes);
      const staged = await storage.uploads.get(id);
      if (promised.has(`verified ${id}`) && !isBlob) faults.push(`file ${id} was verified and is gone`);
      if (!isBlob && staged?.size !== bytes.length) faults.push(`the arrived file ${id} is gone`);
    }
    return faults;
  },
};

const withdrawal: Scenario = {
  name: 'withdraw and reinstate',
  async prepare(storage) {
    await firstVersion.prepare(storage);
    await publish(storage, 1, two);
  },
  async act({ archive }, promise) {
    const steps = [
      { state: 'withdrawn', reason: 'Consent withdrawn', at: '2026-11-20T11:00:00.000Z' },
      { state: 'published', reason: '', at: '2026-11-20T12:00:00.000Z' },
    ];
    for (const step of steps) {
      await archive.writeNote('state', accession, { accession, ...step }, { message: 'State', at: step.at });
      promise(step.state);
    }
  },
  async check(storage, folder, promised) {
    const faults = await archiveFaults(storage, folder, [film, tracks]);
    const states: string[] = [];
    for await (const { value } of storage.archive.notes('state')) states.push((value as { state: string }).state);
    if (promised.size > 0 && states.length === 0) faults.push('a state was promised and none is there');
    if (promised.has('published') && states[0] !== 'published') faults.push(`reinstated, and found ${states[0]}`);
    if (!(await storage.archive.hasVersion(accession, 1))) faults.push('version 1 is gone');
    return faults;
  },
};

/** A purge destroys what is found here, and nothing that another study holds. */
const secret = text(`PLANTED-MARKER-20931 ${'of a person '.repeat(60)}`);
const other = 'MIC-000043';
const purgeAbout = { message: 'Purged', userName: 'Micrarium', createdAt: '2026-11-20T13:00:00Z' };

const purge: Scenario = {
  name: 'purge a study of two versions',
  async prepare(storage) {
    await firstVersion.prepare(storage);
    await store(storage, 'three', secret);
    await publish(storage, 1, { ...two, 'person.txt': secret });
    await store(storage, 'four', notes);
    await publish(storage, 2, { ...three, 'person.txt': secret });
    const files = [
      { logicalPath: 'metadata/study.json', content: text('{"schema":1,"accession":"MIC-000043","version":1}') },
      { logicalPath: 'files/tracks.csv', sha256: sha256(tracks) },
    ];
    await storage.archive.writeVersion(other, 1, files, { ...purgeAbout, userAddress: 'urn:micrarium:account:1' });
  },
  async act({ archive }, promise) {
    const statement = { accession, purgedAt: purgeAbout.createdAt, ground: 'privacy' };
    const files = [
      { logicalPath: 'metadata/study.json', content: documentOf(1) },
      { logicalPath: 'metadata/purge.json', content: text(JSON.stringify(statement)) },
    ];
    await archive.replaceObject(accession, files, purgeAbout);
    promise('purged');
  },
  async check(storage, folder, promised) {
    const faults = await archiveFaults(storage, folder, [tracks]);
    const hasBoth = await storage.archive.hasVersion(accession, 2);
    if (!(await storage.archive.hasVersion(accession, 1)))
      faults.push('neither the study nor what takes its place is there');
    if (hasBoth && !(await blobIs(storage, secret))) faults.push('the study is there and a file of it is not');
    if (!(await storage.archive.hasVersion(other, 1))) faults.push('another study is gone');
    if (!promised.has('purged')) return faults;
    if (hasBoth) faults.push('purged, and the versions are there');
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes('PLANTED-MARKER'))
        faults.push(`purged, and the bytes are in ${entry.name}`);
    return faults;
  },
};

/** Every scenario. */
export const scenarios: readonly Scenario[] = [upload, taking, firstVersion, nextVersion, withdrawal, purge];

/** Opens a folder as a server does when it starts: storage, then what a kill left is settled. */
export async function startOn(folder: string): Promise<Storage> {
  const storage = await openStorage(folder);
  await storage.archive.recover();
  return storage;
}
