import { createHash } from 'node:crypto';
import { zipLength, zipWriter } from '@micrarium/formats';
import type { FileReference, StudyFile, StudyVersion } from '@micrarium/model';
import { type StudyGraph, writeCrate } from '@micrarium/standards';
import { byteStream } from '../byte-stream.ts';
import { type GivenDois, identifiersFile } from '../kept-identifiers.ts';
import { jsonPieces } from '../json-pieces.ts';
import { everyRow } from '../pages-of-rows.ts';
import { everyItem } from '../plain-items.ts';
import type { ArchiveStore } from '../ports/archive-store.ts';
import { type BlobStore, type Loss, lossText } from '../ports/blob-store.ts';
import type { StudyStore } from '../ports/study-store.ts';
import { referencesFile } from '../references.ts';
import { NotThere } from '../refusals.ts';
import { publicMetadata } from '../search-document.ts';
import { encodePath } from './bag-texts.ts';
import { crateInFolder } from './crate-in-folder.ts';
import { Enough, passedThrough } from './passed-through.ts';

/** Bytes of deposited files from which on a bag names them instead of holding them, if nothing else is asked for. */
export const bagHoldsUpTo = 10 * 1000 ** 3;
/** Part of the tag: to be raised when the same version is laid out otherwise. */
const layout = 2;

const windowBytes = 2 ** 20;
const utf8 = (text: string) => new TextEncoder().encode(text);
const digest = (algorithm: 'sha256' | 'sha512', bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');

/** What of a version goes into a bag, and how it is described. */
export interface BagRequest {
  accession: string;
  version: number;
  /** DOIs it was given since it was published. */
  given?: GivenDois;
  /** What the RO-Crate of the payload tells of the version with these files. */
  describe(files: StudyFile[], references: FileReference[]): StudyGraph;
  /**
   * Address at which everybody gets a file of the version: the bag names the files in `fetch.txt` (RFC 8493, section 2.2.3) and holds none.
   * Left out, it holds them.
   */
  addressOf?: ((path: string) => string) | undefined;
  /** Address of a file that is in quarantine: the bag names it, and does not hold it. `undefined` for all others. */
  heldAddressOf?: ((file: StudyFile) => string | undefined) | undefined;
  /** Which files have bytes that are lost or damaged, by SHA-256, and their address, which says so: the bag names them, and does not hold them. */
  lost?: { among(files: readonly StudyFile[]): Promise<ReadonlyMap<string, Loss>>; addressOf(path: string): string };
}

/** A bag in one zip, whose bytes are made when they are asked for. */
export interface PackedBag {
  fileName: string;
  mediaType: 'application/zip';
  /** Length of the zip in bytes. */
  size: number;
  /**
   * Says which bytes these are: the same for the same bytes. Left out of a version that is not published: it may change, and any part of
   * it costs as much as the whole.
   */
  tag?: string;
  /** The bytes from `start` to `end`, both included; all of them where left out. */
  bytes(range?: { start: number; end: number }, signal?: AbortSignal): AsyncGenerator<Uint8Array>;
}

interface PayloadFile {
  path: string;
  size: number;
  sha256: string;
  /** Where it is not known, it is computed while the bytes go by. */
  sha512?: string | undefined;
  /** Made here, each time the same; left out of deposited files. */
  content?: Uint8Array | (() => AsyncIterable<Uint8Array>);
  /** Where it is fetched from, if the bag does not hold it. */
  url?: string;
}

type Ports = { studies: StudyStore; blobs: BlobStore; archive: Pick<ArchiveStore, 'sha512sOf'> };

/**
 * A whole published version as a BagIt 1.0 bag (RFC 8493) in one zip: `data/study.json` without the private fields, `data/files/…` as
 * deposited, `data/ro-crate-metadata.json` (the payload is an RO-Crate), with SHA-256 and SHA-512 of everything, and `data/identifiers.json`
 * where it was given a DOI since. Files in quarantine, those whose bytes are lost (`lost.txt` says so) and those that stay where they are stand in
 * `fetch.txt`, the last in `data/references.json` too. As long as nothing of that changes, the same version gives the same bytes.
 * @throws NotThere
 */
export async function exportBag(ports: Ports, request: BagRequest): Promise<PackedBag> {
  const { accession, version, given = {}, addressOf } = request;
  const found = await ports.studies.getVersion(accession, version);
  if (!found) throw new NotThere(`version ${version} of ${accession}`);
  const { fileCount: _count, byteCount: _bytes, referenced: _referenced, plainItems: _plain, ...document } = found;
  const shown = { ...document, metadata: publicMetadata(document.metadata) };
  const study = () =>
    jsonPieces({ ...shown, items: found.plainItems === undefined ? found.items : everyItem(ports.studies, found) });
  const folder = `${accession}-v${version}`;
  const archived = await ports.archive.sha512sOf?.(accession, version);
  const files = await all(everyRow((page) => ports.studies.listVersionFiles(accession, version, page)));
  const references = await all(everyRow((page) => ports.studies.listVersionReferences(accession, version, page)));
  const lost = await request.lost?.among(files);
  const payload: PayloadFile[] = [
    await madeInPieces('study.json', study),
    made('identifiers.json', identifiersFile({ accession, version, ...given })),
    made('ro-crate-metadata.json', jsonOf(writeCrate(crateInFolder(request.describe(files, references), 'files/')))),
    made('references.json', referencesFile({ accession, version, references })),
    ...files.map((file): PayloadFile => {
      const sha512 = archived?.get(`files/${file.path}`);
      const lostAt = lost?.has(file.sha256) ? request.lost?.addressOf(file.path) : undefined;
      const url = addressOf?.(file.path) ?? request.heldAddressOf?.(file) ?? lostAt;
      return { ...file, path: `data/files/${file.path}`, sha512, ...(url === undefined ? {} : { url }) };
    }),
    ...references.map((one): PayloadFile => ({ ...one, path: `data/files/${one.path}` })),
  ].filter((one) => one !== undefined);
  const isHoley = addressOf !== undefined;
  const plan: Plan = { folder, payload, info: bagInfo(found, given, payload), lost: lostText(files, lost) };
  return {
    fileName: `${folder}-${isHoley ? 'holey-' : ''}bag.zip`,
    mediaType: 'application/zip',
    size: sizeOf(plan),
    ...(archived ? { tag: tagOf(plan) } : {}),
    bytes: (range, signal) => byteStream((out) => lay(ports.blobs, plan, passedThrough(out, range), signal)),
  };
}

interface Plan {
  /** Of the bag within the zip. */
  folder: string;
  payload: readonly PayloadFile[];
  /** Text of `bag-info.txt`. */
  info: string;
  /** Text of `lost.txt`; empty where no bytes are lost. */
  lost: string;
}

/** The files of a bag beside its payload, in their order. */
function tagFiles({ payload, info, lost }: Plan): Map<string, Uint8Array> {
  const manifest = (name: 'sha256' | 'sha512') =>
    utf8(payload.map((one) => `${one[name] ?? '0'.repeat(128)}  ${encodePath(one.path)}\n`).join(''));
  const fetched = payload.flatMap(({ url, size, path }) =>
    url === undefined ? [] : [`${url} ${size} ${encodePath(path)}\n`],
  );
  // A manifest names every file of the payload, fetched ones too: where one has no SHA-512, there is no manifest of it.
  const hasSha512 = payload.every(({ sha512, url }) => sha512 !== undefined || url === undefined);
  const tags = new Map<string, Uint8Array>([
    ['bagit.txt', utf8('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n')],
    ['bag-info.txt', utf8(info)],
    ['manifest-sha256.txt', manifest('sha256')],
    ...(hasSha512 ? ([['manifest-sha512.txt', manifest('sha512')]] as const) : []),
    ...(fetched.length > 0 ? ([['fetch.txt', utf8(fetched.join(''))]] as const) : []),
    ...(lost === '' ? [] : ([['lost.txt', utf8(lost)]] as const)),
  ]);
  const lines = [...tags].map(([path, bytes]) => `${digest('sha512', bytes)}  ${path}\n`);
  return tags.set('tagmanifest-sha512.txt', utf8(lines.join('')));
}

/** What `lost.txt` says: the files that `fetch.txt` names and nobody can fetch now, with what is known of them. */
function lostText(files: readonly StudyFile[], lost: ReadonlyMap<string, Loss> = new Map()): string {
  const lines = files.flatMap(({ path, sha256 }) => {
    const loss = lost.get(sha256);
    return loss ? [`data/files/${encodePath(path)}\n  ${lossText(sha256, loss)}\n`] : [];
  });
  return lines.length === 0
    ? ''
    : `Files that this bag names in fetch.txt and does not hold, for no copy here has their bytes:\n\n${lines.join('')}`;
}

function bagInfo(
  found: Pick<StudyVersion, 'accession' | 'version' | 'publishedAt'>,
  { doi }: GivenDois,
  payload: readonly PayloadFile[],
): string {
  const bytes = payload.reduce((sum, { size }) => sum + size, 0);
  return [
    'Source-Organization: Micrarium',
    `External-Identifier: ${found.accession}.v${found.version}`,
    ...(doi === undefined ? [] : [`External-Identifier: https://doi.org/${doi}`]),
    `Bagging-Date: ${found.publishedAt.slice(0, 10)}`,
    `Payload-Oxum: ${bytes}.${payload.length}`,
    `Bag-Size: ${sizeText(bytes)}`,
    '',
  ].join('\n');
}

/** Digests have a length, whatever they are: how long the zip is is known before they are. */
function sizeOf(plan: Plan): number {
  const { folder, payload } = plan;
  return zipLength([
    ...payload
      .filter(({ url }) => url === undefined)
      .map(({ path, size, content }) => ({
        path: `${folder}/${path}`,
        size,
        isStreamed: !(content instanceof Uint8Array),
      })),
    ...[...tagFiles(plan)].map(([path, { length }]) => ({ path: `${folder}/${path}`, size: length })),
  ]);
}

function tagOf({ folder, payload, info, lost }: Plan): string {
  const hash = createHash('sha256').update(JSON.stringify([layout, folder, info, ...(lost === '' ? [] : [lost])]));
  for (const { path, sha256, sha512, url } of payload) hash.update(JSON.stringify([path, sha256, sha512, url]));
  return hash.digest('hex');
}

/** CRC-32 of files that went by, by SHA-256: a download that is resumed need not read them again to know what stands in the zip. */
const passedBefore = new Map<string, number>();
const mostRemembered = 100_000;

async function lay(
  blobs: BlobStore,
  plan: Plan,
  out: ReturnType<typeof passedThrough>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const zip = zipWriter(out);
  try {
    const payload: PayloadFile[] = [];
    for (const file of plan.payload) {
      const { path, content, url } = file;
      const name = `${plan.folder}/${path}`;
      if (content instanceof Uint8Array) await zip.add(name, [content]);
      else if (content) {
        const entry = await zip.create(name);
        for await (const piece of content()) await entry.write(piece);
        await entry.close();
      }
      const sha512 =
        url === undefined && !content ? await copyFile(blobs, file, name, { zip, out, signal }) : undefined;
      payload.push(file.sha512 === undefined && sha512 !== undefined ? { ...file, sha512 } : file);
    }
    for (const [path, bytes] of tagFiles({ ...plan, payload })) await zip.add(`${plan.folder}/${path}`, [bytes]);
    await zip.finish();
  } catch (fault) {
    if (!(fault instanceof Enough)) throw fault;
  }
}

/** @returns SHA-512 of the bytes, where nobody knows it yet */
async function copyFile(
  blobs: BlobStore,
  { size, sha256, sha512 }: PayloadFile,
  name: string,
  to: { zip: ReturnType<typeof zipWriter>; out: ReturnType<typeof passedThrough>; signal: AbortSignal | undefined },
): Promise<string | undefined> {
  const { zip, out, signal } = to;
  const crc = sha512 === undefined ? undefined : passedBefore.get(sha256);
  const hash = sha512 === undefined ? createHash('sha512') : undefined;
  const again = crc === undefined ? undefined : await zip.createAgain(name, size, crc);
  const target = again ?? (await zip.create(name));
  let at = again ? Math.min(size, out.unwanted()) : 0;
  if (at > 0) await again?.pass(at);
  if (at < size) {
    const source = await blobs.open(sha256);
    try {
      while (at < size) {
        signal?.throwIfAborted();
        const bytes = await source.read(at, Math.min(windowBytes, size - at), signal);
        if (bytes.length === 0) throw new Error(`The stored file ${sha256} is shorter than the catalogue says`);
        hash?.update(bytes);
        await target.write(bytes);
        at += bytes.length;
      }
    } finally {
      await source.close();
    }
  }
  await target.close();
  if (passedBefore.size >= mostRemembered) passedBefore.delete(passedBefore.keys().next().value!);
  passedBefore.set(sha256, zip.entries.at(-1)!.crc32);
  return hash?.digest('hex');
}

function made(name: string, content: Uint8Array | undefined): PayloadFile | undefined {
  if (!content) return undefined;
  const sums = { sha256: digest('sha256', content), sha512: digest('sha512', content) };
  return { path: `data/${name}`, size: content.length, ...sums, content };
}

async function madeInPieces(name: string, content: () => AsyncIterable<Uint8Array>): Promise<PayloadFile> {
  const [sha256, sha512] = [createHash('sha256'), createHash('sha512')];
  let size = 0;
  for await (const piece of content()) {
    sha256.update(piece);
    sha512.update(piece);
    size += piece.length;
  }
  return { path: `data/${name}`, size, sha256: sha256.digest('hex'), sha512: sha512.digest('hex'), content };
}

const jsonOf = (value: unknown): Uint8Array => utf8(`${JSON.stringify(value, null, 1)}\n`);

async function all<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const found: Row[] = [];
  for await (const one of rows) found.push(one);
  return found;
}

/** A size as people read it: RFC 8493 has `Bag-Size` for them, and `Payload-Oxum` for programs. */
function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const step = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${step === 0 ? bytes : (bytes / 1000 ** step).toFixed(1)} ${units[step]!}`;
}
