import { zipWriter } from '@micrarium/formats';
import { byteStream } from './byte-stream.ts';
import { type ExportStream, writeFiles, writeVersion } from './export.ts';
import { everyRow } from './pages-of-rows.ts';
import { type BlobStore, type Loss, lossText } from './ports/blob-store.ts';
import type { DraftRow, StudyStore } from './ports/study-store.ts';

/** What a person has here beside studies: one JSON document each, by the name of its file without `.json`. */
export type OwnRecords = Readonly<Record<string, unknown>>;

/** A study that somebody owns. */
export interface OwnedStudy {
  accession: string;
  /** Are its files given to nobody, its depositor included? */
  isClosed: boolean;
}

/**
 * Everything one person owns, as one zip made while it is sent: `account/….json`; `studies/ACCESSION/vN/…` for each published version, as
 * `exportVersion` writes it, of those whose files are closed without the files; `drafts/ID/draft.json` and what has arrived of its files, with
 * `manifest-sha256.txt` in the form `sha256sum -c` takes; `left-out.txt` where something is left out, with why.
 * @param ownerId account; drafts that others share with it are theirs
 */
export function exportOwned(
  ports: { studies: StudyStore; blobs: BlobStore },
  { ownerId, owned, records }: { ownerId: string; owned: readonly OwnedStudy[]; records: OwnRecords },
  signal?: AbortSignal,
): ExportStream {
  const stream = byteStream(async (out) => {
    const zip = zipWriter(out);
    const leftOut: string[] = [];
    for (const [name, record] of Object.entries(records)) await zip.add(`account/${name}.json`, [jsonBytes(record)]);
    for (const { accession, isClosed } of owned) {
      if (isClosed) leftOut.push(`studies/${accession}: the files, for the study is withdrawn`);
      for (const { version } of await ports.studies.listVersions(accession)) {
        signal?.throwIfAborted();
        const found = await ports.studies.getVersion(accession, version);
        if (found)
          await writeVersion(ports, found, zip, { folder: `studies/${accession}/v${version}/`, isClosed, signal });
      }
    }
    for (const draft of await draftsOf(ports.studies, ownerId)) {
      const folder = `drafts/${draft.id}/`;
      await zip.add(`${folder}draft.json`, [jsonBytes(draft)]);
      const files = arrived(ports.studies, draft.id, (path) =>
        leftOut.push(`${folder}files/${path}: it has not arrived whole`),
      );
      const onHeld = ({ path }: { path: string }, reason: string) => leftOut.push(`${folder}files/${path}: ${reason}`);
      const onLost = ({ path, sha256 }: { path: string; sha256: string }, loss: Loss) =>
        leftOut.push(`${folder}files/${path}: ${lossText(sha256, loss)}`);
      await writeFiles(ports.blobs, files, zip, { folder, signal, onHeld, onLost });
    }
    if (leftOut.length > 0) await zip.add('left-out.txt', [textBytes(`${leftOut.join('\n')}\n`)]);
    await zip.finish();
  });
  return { fileName: 'micrarium-everything.zip', mediaType: 'application/zip', losses: [], stream };
}

async function* arrived(studies: StudyStore, draftId: string, onMissing: (path: string) => void) {
  for await (const { path, sha256, state } of everyRow((page) => studies.listFiles(draftId, page))) {
    if (sha256 === undefined || state !== 'verified') onMissing(path);
    else yield { path, sha256 };
  }
}

/** Drafts at once in a listing. */
const draftsAtOnce = 100;

async function draftsOf(studies: StudyStore, ownerId: string): Promise<DraftRow[]> {
  const drafts: DraftRow[] = [];
  for (let after: string | undefined; ; ) {
    const page = { limit: draftsAtOnce, ...(after === undefined ? {} : { after }) };
    const rows = await studies.listDrafts(ownerId, page);
    drafts.push(...rows.filter((draft) => draft.ownerId === ownerId));
    if (rows.length < draftsAtOnce) return drafts;
    after = rows.at(-1)!.id;
  }
}

const textBytes = (text: string) => new TextEncoder().encode(text);
const jsonBytes = (value: unknown) => textBytes(`${JSON.stringify(value, undefined, 2)}\n`);
