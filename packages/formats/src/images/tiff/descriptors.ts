import type { FileTree } from '../../bytes/file-tree.ts';
import type { FormatDescriptor, Probe, Recognition } from '../../recognition/descriptor.ts';
import { type OmeDocument, parseOmeXml } from '../ome-xml/parse.ts';
import { type TiffKind, classifyTiff, isOmeXml } from './classify.ts';
import { SetMembers, readXmlText, resolveCompanion } from './ome-set.ts';

const kinds = new WeakMap<Probe, Promise<TiffKind | 'broken' | undefined>>();

/** The kind of TIFF of a probe; looked at once for all descriptors. */
function kindOf(probe: Probe): Promise<TiffKind | 'broken' | undefined> {
  let kind = kinds.get(probe);
  if (!kind)
    kinds.set(probe, (kind = beginsLikeTiff(probe.head) ? classifyTiff(probe.source) : Promise.resolve(undefined)));
  return kind;
}

function beginsLikeTiff(head: Uint8Array): boolean {
  const mark = String.fromCharCode(...head.subarray(0, 4));
  return mark === 'II*\0' || mark === 'MM\0*' || mark === 'II+\0' || mark === 'MM\0+';
}

/** ImageJ writes its line into anything it saves; a series of such files outranks the single ones, as do other makers. */
const scores = { 'imagej-tiff': 0.95, tiff: 0.8 };

function recogniser(id: keyof typeof scores): (probe: Probe) => Promise<Recognition | undefined> {
  return async (probe) => {
    const kind = await kindOf(probe);
    if (kind === 'broken')
      return id === 'tiff'
        ? { score: 0.5, reason: 'begins like a TIFF, but its first directory cannot be read' }
        : undefined;
    // A kind that nobody else recognises is still a TIFF.
    if (kind && kind.id !== id && id === 'tiff') return { score: 0.5, reason: kind.reason };
    if (kind?.id !== id) return undefined;
    return { score: scores[id], reason: kind.reason, ...(kind.version ? { version: kind.version } : {}) };
  };
}

/** Recognises OME-TIFF, alone or as a set; a companion file is the set it describes. */
async function recogniseOmeTiff(probe: Probe): Promise<Recognition | undefined> {
  const kind = await kindOf(probe);
  if (kind !== undefined) {
    if (kind === 'broken' || kind.id !== 'ome-tiff') return undefined;
    // Only here: it looks at every file of the tree, which for each file of a large folder would take minutes.
    const members = new SetMembers(probe.tree.entries, probe.entry.path);
    const own = parseOmeXml(kind.description, probe.entry.path);
    const { document } = await resolveCompanion(own, kind.description, members);
    return recognition(probe, kind.reason, document, members, own.companion);
  }
  if (!probe.text || !isOmeXml(probe.text)) return undefined;
  const text = await readXmlText(probe.source);
  const document = text === undefined ? undefined : parseOmeXml(text, probe.entry.path);
  const speaksOfFiles = document?.images.some((image) => image.tiffData.some(({ fileName }) => fileName));
  if (!document || !speaksOfFiles) return undefined;
  const members = new SetMembers(probe.tree.entries, probe.entry.path);
  return recognition(probe, 'OME-XML that describes a set of TIFF files', document, members);
}

function recognition(
  probe: Probe,
  reason: string,
  document: OmeDocument,
  members: SetMembers,
  companion?: string,
): Recognition {
  const paths = new Set([probe.entry.path]);
  for (const image of document.images)
    for (const { fileName } of image.tiffData) addFound(paths, members, probe.tree, fileName);
  addFound(paths, members, probe.tree, companion);
  return {
    score: 1,
    reason,
    ...(document.version ? { version: document.version } : {}),
    ...(paths.size > 1 ? { members: [...paths].sort() } : {}),
  };
}

function addFound(paths: Set<string>, members: SetMembers, tree: FileTree, name: string | undefined): void {
  const entry = name === undefined ? undefined : members.find(name);
  if (entry && tree.entries.some(({ path }) => path === entry.path)) paths.add(entry.path);
}

const reader = async (): Promise<typeof import('./reader.ts')['tiffReader']> =>
  (await import('./reader.ts')).tiffReader;
const tiffMedia = ['image/tiff'];

/** TIFF and its relatives that we read; LSM, STK and Micro-Manager are recognised elsewhere. */
export const tiffFormats: readonly FormatDescriptor[] = [
  {
    id: 'tiff',
    name: 'TIFF',
    kind: 'image',
    extensions: ['.tif', '.tiff', '.btf', '.tf8'],
    mediaTypes: tiffMedia,
    recognise: recogniser('tiff'),
    images: { reader },
  },
  {
    id: 'ome-tiff',
    name: 'OME-TIFF',
    kind: 'image',
    extensions: ['.ome.tif', '.ome.tiff', '.ome.btf', '.ome.tf2', '.ome.tf8', '.companion.ome'],
    mediaTypes: tiffMedia,
    recognise: recogniseOmeTiff,
    images: { reader, writer: async () => (await import('./write.ts')).omeTiffWriter },
  },
  {
    id: 'imagej-tiff',
    name: 'ImageJ TIFF',
    kind: 'image',
    extensions: ['.tif', '.tiff'],
    mediaTypes: tiffMedia,
    recognise: recogniser('imagej-tiff'),
    images: { reader, writer: async () => (await import('./write.ts')).imagejTiffWriter },
  },
];
