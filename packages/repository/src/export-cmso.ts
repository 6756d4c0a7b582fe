import { formatById, type FileSink, zipWriter } from '@micrarium/formats';
import type { StudyFile, StudyItem, TrackSetSummary } from '@micrarium/model';
import { cmsoStudyTexts, graphOfStudy } from '@micrarium/standards';
import { byteStream } from './byte-stream.ts';
import { copyBlob, type ExportStream } from './export.ts';
import { lossText } from './ports/blob-store.ts';
import { formKeys, mappingOf } from './forms.ts';
import { FormNotMade, type FormPorts, readStoredSet } from './open-forms.ts';
import { everyRow } from './pages-of-rows.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import type { StudyStore } from './ports/study-store.ts';
import { NotThere } from './refusals.ts';
import { publicMetadata } from './search-document.ts';

/** Are the tables of an item's tracks there? @throws FormNotMade */
export async function requireTracks(derived: DerivedStore, item: StudyItem): Promise<void> {
  const files = (await derived.list(formKeys(item.id, mappingOf(item)).tracks)) ?? [];
  if (files.length === 0) throw new FormNotMade(item.id, 'tracks');
}

/** A set of tracks of a version, and the folder that its Tracks package gets. */
interface PackagedSet {
  item: StudyItem;
  part: number;
  folder: string;
}

/**
 * A published version as a CMSO package in a zip, made while it is sent: ISA-Tab with the configuration of its imaging
 * assays, OME-XML, a Tracks package of each set of tracks, and the data as deposited, in one folder; every file name in
 * the assays is a path in it. Private fields are not in it.
 * @throws NotThere; FormNotMade while it is sent, where tables of tracks were dropped (`requireTracks` says it before)
 */
export async function exportCmsoPackage(
  ports: FormPorts & { studies: StudyStore },
  accession: string,
  version: number,
  signal?: AbortSignal,
): Promise<ExportStream> {
  const found = await ports.studies.getVersion(accession, version);
  if (!found) throw new NotThere(`version ${version} of ${accession}`);
  const files: StudyFile[] = [];
  for await (const file of everyRow((page) => ports.studies.listVersionFiles(accession, version, page)))
    files.push(file);
  const sets = packagedSets(found.items, files);
  const graph = graphOfStudy({ ...found, metadata: publicMetadata(found.metadata), files });
  const datasetOf = new Map(graph.files.map(({ path, dataset }) => [path, dataset]));
  for (const { item, folder } of sets)
    for (const name of ['dp.json', 'objects.csv', 'links.csv']) {
      const dataset = item.files.map((path) => datasetOf.get(path)).find((one) => one !== undefined);
      const mediaType = name === 'dp.json' ? 'application/json' : 'text/csv';
      graph.files.push({ path: `${folder}${name}`, mediaType, ...(dataset === undefined ? {} : { dataset }) });
    }
  const { texts, losses } = cmsoStudyTexts(graph);
  const stream = byteStream(async (out) => {
    const zip = zipWriter(out);
    const deposited = new Set(files.map(({ path }) => path));
    // What was deposited under the same name stays what it is.
    for (const [path, text] of texts) if (!deposited.has(path)) await zip.add(path, [new TextEncoder().encode(text)]);
    const writer = await formatById('cmso')!.tracks!.writer!();
    for (const { item, part, folder } of sets) {
      const set = await readStoredSet(ports, item, part, signal);
      const sink: FileSink = { create: (path) => zip.create(folder + path) };
      await writer.write([set], sink, signal ? { signal } : {});
    }
    const leftOut: string[] = [];
    for (const file of files) {
      signal?.throwIfAborted();
      const loss = await ports.blobs.lost?.(file.sha256);
      const why = (await ports.blobs.heldBack?.(file.sha256)) ?? (loss && lossText(file.sha256, loss));
      if (why === undefined) await copyBlob(ports.blobs, file.sha256, await zip.create(file.path), signal);
      else leftOut.push(`${file.path}: ${why.replaceAll(/\s+/g, ' ')}\n`);
    }
    if (leftOut.length > 0) {
      let name = 'left-out.txt';
      while (deposited.has(name)) name = `_${name}`;
      await zip.add(name, [new TextEncoder().encode(leftOut.join(''))]);
    }
    await zip.finish();
  });
  return { fileName: `${accession}-v${version}.cmso.zip`, mediaType: 'application/zip', losses, stream };
}

function packagedSets(items: readonly StudyItem[], files: readonly StudyFile[]): PackagedSet[] {
  const taken = new Set(files.map(({ path }) => path.split('/')[0]!.toLowerCase()));
  let root = 'tracks';
  for (let count = 2; taken.has(root); count++) root = `tracks-${count}`;
  const folders = new Set<string>();
  return items.flatMap((item) =>
    item.trackSets.map(({ part, name }: TrackSetSummary): PackagedSet => {
      const wanted = `${item.path.replace(/[^\p{L}\p{N}._-]+/gu, '-')}${item.trackSets.length > 1 ? `-${name.replace(/[^\p{L}\p{N}._-]+/gu, '-') || part}` : ''}`;
      let folder = wanted;
      for (let count = 2; folders.has(folder.toLowerCase()); count++) folder = `${wanted}-${count}`;
      folders.add(folder.toLowerCase());
      return { item, part, folder: `${root}/${folder}/` };
    }),
  );
}
