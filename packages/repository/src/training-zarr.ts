import { type FileSink, type ImagePixels, type LabelImage, omeZarrWriter, zipWriter } from '@micrarium/formats';
import { hasErrors, type Issue, type Pair, type StudyItem, type StudyVersion } from '@micrarium/model';
import { licenceById, type SplitPart, splitParts } from '@micrarium/standards';
import { byteStream } from './byte-stream.ts';
import type { ExportStream } from './export.ts';
import { conversionOf, formKeys, imageKeyOf, mappingOf } from './forms.ts';
import { type FormPorts, openStoredImage } from './open-forms.ts';
import type { StudyStore } from './ports/study-store.ts';
import type { StoredFile } from './recognise.ts';
import { NotThere } from './refusals.ts';
import { trainingDatasets, type TrainingDataset } from './training-exports.ts';
import { type TrainingLabels, trainingLabels } from './training-labels.ts';
import { labelImageOf, openMask } from './training-masks.ts';

/** What making a training set reads. */
export type TrainingPorts = FormPorts & { studies: StudyStore };

/** A version whose training material leaves. */
export type TrainingVersion = Omit<StudyVersion, 'files'>;

/** Which training material leaves, and what is told of it. */
export interface TrainingZarrRequest {
  /** One data set only. */
  dataset?: string | undefined;
  /** Address of the version's page. */
  page: string;
  citation: string;
  signal?: AbortSignal | undefined;
}

/** Stored forms of some items were dropped: have them made and ask again. */
export class TrainingFormsMissing extends Error {
  override readonly name = 'TrainingFormsMissing';
  readonly items: readonly string[];

  constructor(items: readonly string[]) {
    super(`stored forms of ${items.length} items are not there now`);
    this.items = items;
  }
}

/** An image that leaves, with what its labels are made of. */
interface PlannedImage {
  /** Folder in the archive: `train/d-abc-0`. */
  path: string;
  dataset: string;
  item: StudyItem;
  image: number;
  pairs: Pair[];
  /** Label image deposited beside it. */
  mask: StudyItem | undefined;
}

type Folder = SplitPart | 'unassigned';

/** Folder of a part of the split. */
export const trainingFolder = (part: SplitPart | undefined): Folder => part ?? 'unassigned';

/** Folders of a training set that hold images, in the order of the split. */
export function trainingFolders(all: readonly TrainingDataset[]): Folder[] {
  const there = new Set(all.filter(({ images }) => images > 0).map(({ part }) => trainingFolder(part)));
  return [...splitParts, 'unassigned' as const].filter((folder) => there.has(folder));
}

/**
 * The training material of a version as one zip, made while it is sent: a Zarr 2 hierarchy with a group for each part of the split, in
 * it each image as OME-Zarr 0.4 with its labels (those it has, those deposited beside it, else its objects as they are drawn), and
 * `training.json` at its end, which tells of each image where it is from, and what its labels mean.
 * @throws NotThere where no data set with images is declared training material, TrainingFormsMissing
 */
export async function exportTrainingZarr(
  ports: TrainingPorts,
  version: TrainingVersion,
  request: TrainingZarrRequest,
): Promise<ExportStream> {
  const all = trainingDatasets(version).filter(({ dataset: { id } }) => (request.dataset ?? id) === id);
  const images = all.flatMap((one) => plannedImages(version, one));
  // A label image leaves as the labels of its image, not as an image.
  const masks = new Set(images.flatMap(({ mask }) => (mask ? [mask.id] : [])));
  const planned = images.filter(({ item }) => !masks.has(item.id));
  if (planned.length === 0) throw new NotThere('images that are declared training material');
  await refuseMissing(ports, version, planned);
  const stream = byteStream(async (out) => {
    const zip = zipWriter(out);
    const group = (path: string) => zip.add(`${path}.zgroup`, [textBytes('{"zarr_format":2}\n')]);
    await group('');
    for (const folder of trainingFolders(all)) await group(`${folder}/`);
    const written: object[] = [];
    for (const one of planned) {
      request.signal?.throwIfAborted();
      written.push(await writeImage(ports, version, one, zip, request.signal));
    }
    const index = { ...aboutSet(version, all, request), images: written };
    await zip.add('training.json', [textBytes(`${JSON.stringify(index, null, 1)}\n`)]);
    await zip.finish();
  });
  const name = [`${version.accession}-v${version.version}`, ...(request.dataset ? [request.dataset] : []), 'training'];
  return { fileName: `${name.join('-')}.zarr.zip`, mediaType: 'application/zip', losses: [], stream };
}

function plannedImages(version: TrainingVersion, { dataset, part }: TrainingDataset): PlannedImage[] {
  const images = version.items
    .filter(({ id }) => dataset.imageItems.includes(id))
    .flatMap((item) => item.images.map((_, image) => ({ item, image })))
    .filter(({ item, image }) => conversionOf(item, image) !== undefined);
  return images.map(({ item, image }, at) => ({
    path: `${trainingFolder(part)}/${dataset.id}-${at}`,
    dataset: dataset.id,
    item,
    image,
    mask: labelImageOf(version, item, image),
    pairs: version.pairs.filter(
      (pair) =>
        pair.imageItem === item.id && pair.image === image && dataset.quantitativeItems.includes(pair.trackItem),
    ),
  }));
}

/** What is missing is told before a byte is sent. */
async function refuseMissing(
  { derived }: FormPorts,
  version: TrainingVersion,
  planned: readonly PlannedImage[],
): Promise<void> {
  const missing = new Set<string>();
  const need = async (item: StudyItem, key: string) => {
    if (!missing.has(item.id) && (await derived.list(key)) === undefined) missing.add(item.id);
  };
  const needImage = async (item: StudyItem, image: number) => {
    if (conversionOf(item, image)?.recipe !== 'zarr-as-deposited') await need(item, imageKeyOf(item, image));
  };
  for (const { item, image, pairs, mask } of planned) {
    await needImage(item, image);
    if (mask) await needImage(mask, 0);
    for (const { trackItem } of pairs) {
      const tracks = version.items.find(({ id }) => id === trackItem);
      if (tracks) await need(tracks, formKeys(tracks.id, mappingOf(tracks)).tracks);
    }
  }
  if (missing.size > 0) throw new TrainingFormsMissing([...missing]);
}

function aboutSet(version: TrainingVersion, all: readonly TrainingDataset[], { page, citation }: TrainingZarrRequest) {
  const { values } = version.metadata;
  const licence = String(values['licence'] ?? '');
  return {
    study: version.accession,
    version: version.version,
    page,
    citation,
    licence: licenceById(licence)?.url ?? licence,
    axes: ['t', 'c', 'z', 'y', 'x'],
    datasets: all.map(({ dataset, task, annotationType, part }) => ({
      id: dataset.id,
      title: dataset.title,
      task,
      annotationType,
      split: part ?? null,
    })),
  };
}

/** Writes an image with its labels. @returns what the index says of it */
async function writeImage(
  ports: TrainingPorts,
  version: TrainingVersion,
  planned: PlannedImage,
  zip: FileSink,
  signal?: AbortSignal,
): Promise<object> {
  const { path, dataset, item, image: index } = planned;
  const about = { path, dataset, file: item.path, item: item.id, image: index };
  const writer = omeZarrWriter({ version: '0.4' });
  const { image, close } = await openStoredImage(ports, item, await filesOf(ports, version, item), index);
  const made: TrainingLabels[] = [];
  const mask = planned.mask && (await openMask(ports, planned.mask, await filesOf(ports, version, planned.mask)));
  try {
    const refused = writer.losses([image]).filter((issue: Issue) => hasErrors([issue]));
    if (refused.length > 0) return { ...about, leftOut: refused.map(({ message }) => message).join(' ') };
    const own = await ownLabels(image, signal);
    if (mask) own.kept.push({ name: freeName('mask', own.kept), image: mask.image, colors: [], properties: [] });
    const deposited = mask && own.kept.at(-1)!.name;
    for (const [at, pair] of planned.pairs.entries()) {
      const tracks = version.items.find(({ id }) => id === pair.trackItem);
      if (!tracks) continue;
      const name = freeName(at === 0 ? 'objects' : `objects-${at + 1}`, own.kept);
      const files = await filesOf(ports, version, tracks);
      made.push(await trainingLabels(ports, { pair, tracks, files, image: image.description, name }, signal));
    }
    const labels = [...own.kept, ...made.map(({ label }) => label)];
    await writer.write([withLabels(image, labels)], below(zip, `${path}/`), signal ? { signal } : {});
    return {
      ...about,
      labels: [
        ...own.kept.map(({ name }) => ({
          path: `${path}/labels/${name}`,
          ...(name === deposited
            ? { source: 'label image as deposited', item: planned.mask!.id, file: planned.mask!.path }
            : { source: 'of the image' }),
        })),
        ...made.map(({ label, values, source, item: of, part, objects, unreadable }) => ({
          path: `${path}/labels/${label.name}`,
          source,
          item: of,
          set: part,
          objects,
          values,
          ...(unreadable.length > 0 ? { unreadableFrames: unreadable } : {}),
        })),
      ],
      ...(own.dropped.length > 0 ? { labelsOfAnotherSize: own.dropped } : {}),
    };
  } finally {
    for (const one of made) await one.close();
    await mask?.close();
    await close();
  }
}

/** Labels the image has itself; those of another size than the image cannot be written beside it. */
async function ownLabels(image: ImagePixels, signal?: AbortSignal): Promise<{ kept: LabelImage[]; dropped: string[] }> {
  const all = (await image.labels?.(signal))?.labels ?? [];
  const size = ({ description: { sizes } }: Pick<ImagePixels, 'description'>) => [sizes.z, sizes.y, sizes.x].join();
  const fits = (label: LabelImage) => size(label.image) === size(image);
  return { kept: all.filter(fits), dropped: all.filter((label) => !fits(label)).map(({ name }) => name) };
}

const freeName = (name: string, taken: readonly LabelImage[]): string =>
  taken.some((label) => label.name === name) ? freeName(`${name}-drawn`, taken) : name;

/** The image with other labels than its own. */
function withLabels(image: ImagePixels, labels: LabelImage[]): ImagePixels {
  return {
    description: image.description,
    levels: image.levels,
    ...(image.givesBlocksAway ? { givesBlocksAway: true as const } : {}),
    readRegion: (plane, region, level, signal) => image.readRegion(plane, region, level, signal),
    ...(labels.length > 0 ? { labels: () => Promise.resolve({ labels, issues: [] }) } : {}),
  };
}

const below = (sink: FileSink, folder: string): FileSink => ({ create: (path) => sink.create(folder + path) });

async function filesOf(
  { studies }: TrainingPorts,
  { accession, version }: TrainingVersion,
  item: StudyItem,
): Promise<StoredFile[]> {
  const files = await Promise.all(item.files.map((path) => studies.getVersionFile(accession, version, path)));
  return files.filter((file) => file !== undefined);
}

const textBytes = (text: string) => new TextEncoder().encode(text);
