import { createHash } from 'node:crypto';
import { zipWriter } from '@micrarium/formats';
import type { FileReference } from '@micrarium/model';
import { byteStream } from '../byte-stream.ts';
import type { ExportStream } from '../export.ts';
import { type GivenDois, identifiersFile } from '../kept-identifiers.ts';
import { everyRow } from '../pages-of-rows.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { StudyStore } from '../ports/study-store.ts';
import { referencesFile } from '../references.ts';
import { NotThere } from '../refusals.ts';
import { publicMetadata } from '../search-document.ts';
import { encodePath } from './bag-texts.ts';

const windowBytes = 2 ** 20;
const utf8 = (text: string) => new TextEncoder().encode(text);
const digest = (algorithm: 'sha256' | 'sha512', bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');

/**
 * A whole published version as a BagIt 1.0 bag (RFC 8493) in one zip, made while it is sent: `data/study.json` without the private
 * fields and `data/files/…` as deposited, with SHA-256 and SHA-512 of everything, and `data/identifiers.json` where it was given a DOI since; files that stay where they are stand in `data/references.json` and `fetch.txt`. Else
 * the same version always gives the same bytes.
 * @throws NotThere
 */
export async function exportBag(
  ports: { studies: StudyStore; blobs: BlobStore },
  accession: string,
  version: number,
  signal?: AbortSignal,
  given: GivenDois = {},
): Promise<ExportStream> {
  const found = await ports.studies.getVersion(accession, version);
  if (!found) throw new NotThere(`version ${version} of ${accession}`);
  const { fileCount: _count, byteCount: _bytes, referenced: _referenced, ...document } = found;
  const folder = `${accession}-v${version}`;
  const stream = byteStream(async (out) => {
    const zip = zipWriter(out);
    const manifests = { sha256: [] as string[], sha512: [] as string[] };
    const payload = { bytes: 0, files: 0 };
    const list = (path: string, sha256: string, sha512: string, size: number) => {
      manifests.sha256.push(`${sha256}  ${encodePath(path)}\n`);
      manifests.sha512.push(`${sha512}  ${encodePath(path)}\n`);
      payload.bytes += size;
      payload.files++;
    };
    const shown = { ...document, metadata: publicMetadata(document.metadata) };
    const study = utf8(`${JSON.stringify(shown, null, 1)}\n`);
    await zip.add(`${folder}/data/study.json`, [study]);
    list('data/study.json', digest('sha256', study), digest('sha512', study), study.length);
    const identifiers = identifiersFile({ accession, version, ...given });
    if (identifiers) {
      await zip.add(`${folder}/data/identifiers.json`, [identifiers]);
      const sums = [digest('sha256', identifiers), digest('sha512', identifiers)] as const;
      list('data/identifiers.json', ...sums, identifiers.length);
    }
    for await (const file of everyRow((page) => ports.studies.listVersionFiles(accession, version, page))) {
      const path = `data/files/${file.path}`;
      const copied = await copyInto(await ports.blobs.open(file.sha256), await zip.create(`${folder}/${path}`), signal);
      list(path, file.sha256, copied.sha512, copied.size);
    }
    const elsewhere = await everyReference(ports.studies, accession, version);
    const named = referencesFile({ accession, version, references: elsewhere });
    if (named) {
      await zip.add(`${folder}/data/references.json`, [named]);
      list('data/references.json', digest('sha256', named), digest('sha512', named), named.length);
    }
    const fetched = elsewhere.map(({ url, size, path }) => `${url} ${size} ${encodePath(`data/files/${path}`)}\n`);
    // A manifest names every file of the payload, fetched ones too: where one has no SHA-512, there is no manifest of it.
    const hasSha512 = elsewhere.every(({ sha512 }) => sha512 !== undefined);
    for (const one of elsewhere) list(`data/files/${one.path}`, one.sha256, one.sha512 ?? '', one.size);
    const tags: Record<string, Uint8Array> = {
      'bagit.txt': utf8('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'),
      'bag-info.txt': utf8(
        [
          'Source-Organization: Micrarium',
          `External-Identifier: ${accession}.v${version}`,
          ...(given.doi === undefined ? [] : [`External-Identifier: https://doi.org/${given.doi}`]),
          `Bagging-Date: ${found.publishedAt.slice(0, 10)}`,
          `Payload-Oxum: ${payload.bytes}.${payload.files}`,
          `Bag-Size: ${sizeText(payload.bytes)}`,
          '',
        ].join('\n'),
      ),
      'manifest-sha256.txt': utf8(manifests.sha256.join('')),
      ...(hasSha512 ? { 'manifest-sha512.txt': utf8(manifests.sha512.join('')) } : {}),
      ...(fetched.length > 0 ? { 'fetch.txt': utf8(fetched.join('')) } : {}),
    };
    const tagLines = Object.entries(tags).map(([path, bytes]) => `${digest('sha512', bytes)}  ${path}\n`);
    tags['tagmanifest-sha512.txt'] = utf8(tagLines.join(''));
    for (const [path, bytes] of Object.entries(tags)) await zip.add(`${folder}/${path}`, [bytes]);
    await zip.finish();
  });
  return { fileName: `${folder}-bag.zip`, mediaType: 'application/zip', losses: [], stream };
}

async function everyReference(studies: StudyStore, accession: string, version: number): Promise<FileReference[]> {
  const all: FileReference[] = [];
  for await (const one of everyRow((page) => studies.listVersionReferences(accession, version, page))) all.push(one);
  return all;
}

async function copyInto(
  source: Awaited<ReturnType<BlobStore['open']>>,
  target: { write(bytes: Uint8Array): Promise<void>; close(): Promise<void> },
  signal?: AbortSignal,
): Promise<{ sha512: string; size: number }> {
  const hash = createHash('sha512');
  try {
    for (let at = 0; at < source.size; at += windowBytes) {
      signal?.throwIfAborted();
      const bytes = await source.read(at, Math.min(windowBytes, source.size - at), signal);
      hash.update(bytes);
      await target.write(bytes);
    }
  } finally {
    await source.close();
  }
  await target.close();
  return { sha512: hash.digest('hex'), size: source.size };
}

/** A size as people read it: RFC 8493 has `Bag-Size` for them, and `Payload-Oxum` for programs. */
function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const step = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${step === 0 ? bytes : (bytes / 1000 ** step).toFixed(1)} ${units[step]!}`;
}
