import { type FileTree, baseName, folderOf, isInTree } from '../bytes/file-tree.ts';
import type { FormatDescriptor, Probe, Recognition } from '../recognition/descriptor.ts';
import type { FormatId } from '../recognition/format-id.ts';
import { bytesAt } from '../recognition/probe.ts';
import { xmlRoot } from '../recognition/xml-root.ts';
import type { ImageReader } from './image-reader.ts';
import { recogniseTiffKind } from './recognised-tiff.ts';
import { oleNames } from '../containers/ole-names.ts';

/** Image formats that are recognised by content and kept as deposited; but for those with a reader named here. */

function binary(
  id: FormatId,
  name: string,
  extensions: readonly string[],
  mediaType: string,
  recognise: (probe: Probe) => Promise<Recognition | undefined> | Recognition | undefined,
): FormatDescriptor {
  return { id, name, kind: 'image', extensions, mediaTypes: [mediaType], recognise };
}

const sure = (reason: string, version?: string): Recognition => ({
  score: 1,
  reason,
  ...(version === undefined ? {} : { version }),
});

async function oibReader(): Promise<ImageReader> {
  return (await import('./oib/reader.ts')).oibReader;
}

const ole = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

const microscopeFormats: readonly FormatDescriptor[] = [
  {
    ...binary('xlif', 'Leica XLIF', ['.xlif', '.xlef', '.xlcf'], 'application/xml', recogniseXlif),
    images: { reader: async () => (await import('./lif/project.ts')).xlifReader },
  },
  {
    ...binary('oib', 'Olympus OIB', ['.oib'], 'image/x-olympus-oib', async (probe) =>
      bytesAt(probe.head, 0, ole) && (await oleNames(probe)).includes('OibInfo.txt')
        ? sure('OLE container with OibInfo.txt')
        : undefined,
    ),
    images: { reader: oibReader },
  },
  {
    ...binary('oif', 'Olympus OIF', ['.oif'], 'image/x-olympus-oif', recogniseOif),
    recogniseFolder: oifIn,
    images: { reader: oibReader },
  },
  {
    ...binary('micro-manager', 'Micro-Manager', ['_metadata.txt', '.tif'], 'image/tiff', recogniseMicroManager),
    recogniseFolder: microManagerIn,
    images: { reader: async () => (await import('./micro-manager/reader.ts')).microManagerReader },
  },
];

/** An XML of a Leica project; the object files (LOF) it names belong to it. */
async function recogniseXlif({ text, entry, head, source, tree }: Probe): Promise<Recognition | undefined> {
  const xml = text ?? wideText(head);
  if (xml === undefined || xmlRoot(xml)?.name !== 'LMSDataContainerHeader') return undefined;
  const reason = `root element LMSDataContainerHeader of ${baseName(entry.path)}`;
  if (source.size > 64 << 20 || !/\.xlif$/i.test(entry.path)) return sure(reason);
  const { membersOf } = await import('./lif/project.ts');
  const { readXmlText } = await import('./tiff/ome-set.ts');
  const objects = membersOf((await readXmlText(source)) ?? '', tree, entry.path).filter(({ path }) =>
    /\.lof$/i.test(path),
  );
  const members = [entry.path, ...objects.map(({ path }) => path)].sort();
  return { ...sure(reason), ...(objects.length > 0 ? { members } : {}) };
}

function wideText(head: Uint8Array): string | undefined {
  if (head[0] !== 0xff || head[1] !== 0xfe) return undefined;
  return new TextDecoder('utf-16le').decode(head.subarray(0, head.length & ~1));
}

/** An OIF main file is UTF-16 text in sections; its planes lie in the folder `NAME.oif.files`. */
function recogniseOif(probe: Probe): Recognition | undefined {
  const { path } = probe.entry;
  const text = wideText(probe.head) ?? probe.text;
  if (
    text !== undefined &&
    /^\s*\[/.test(text) &&
    /\[(ProfileSaveInfo|FileInformation|Acquisition Parameters Common)\]/.test(text)
  ) {
    const prefix = `${path}.files/`;
    const members = [
      path,
      ...probe.tree.entries.map((entry) => entry.path).filter((other) => other.startsWith(prefix)),
    ];
    return { ...sure('sections of an OIF main file'), members: members.sort() };
  }
  return undefined;
}

/** The folder `NAME.oif.files` without its main file is still that set. */
function oifIn(tree: FileTree, folder: string): Recognition | undefined {
  if (!/\.oif\.files$/i.test(folder)) return undefined;
  const inside = tree.entries.some(({ path }) => folderOf(path) === folder && /\.(tif|pty|lut)$/i.test(path));
  return inside ? { score: 0.9, reason: 'folder of the planes of an OIF image' } : undefined;
}

async function recogniseMicroManager(probe: Probe): Promise<Recognition | undefined> {
  const name = baseName(probe.entry.path);
  if (/metadata\.txt$/i.test(name) && /^\s*\{/.test(probe.text ?? '') && /"Summary"\s*:/.test(probe.text!)) {
    const set = await microManagerIn(probe.tree, folderOf(probe.entry.path));
    return set ?? { score: 0.9, reason: 'JSON with a Micro-Manager summary' };
  }
  if (isPlaneName(name) || name === 'NDTiff.index' || /\.tiff?$/i.test(name)) {
    const folder = folderOf(probe.entry.path);
    const beside = isPlaneName(name) || isInTree(probe.tree, folder === '' ? 'NDTiff.index' : `${folder}/NDTiff.index`);
    const set = beside ? await microManagerIn(probe.tree, folder) : undefined;
    if (set?.members?.includes(probe.entry.path)) return set;
  }
  return recogniseTiffKind('micro-manager')(probe);
}

const isPlaneName = (name: string): boolean => /^img_.*\.tiff?$/i.test(name);

/** An NDTiff data set: `NDTiff.index` and the TIFF files it lists. */
function ndtiffIn(files: FileTree['entries']): Recognition | undefined {
  const isPart = ({ path }: { path: string }): boolean =>
    /^(NDTiff\.index|.*\.tiff?|display_settings\.txt)$/i.test(baseName(path));
  if (!files.some(({ path }) => baseName(path) === 'NDTiff.index') || !files.some(({ path }) => /\.tiff?$/i.test(path)))
    return undefined;
  const members = files.filter(isPart).map(({ path }) => path);
  return { score: 1, reason: 'NDTiff.index of Micro-Manager', members: members.sort() };
}

/** Folders of the levels of an NDTiff pyramid, each with its index, beside `Full resolution`: one data set. */
function ndtiffPyramidIn(tree: FileTree, folder: string): Recognition | undefined {
  const base = folder === '' ? '' : `${folder}/`;
  const full = `${base}Full resolution/`;
  if (!isInTree(tree, `${full}NDTiff.index`)) return undefined;
  const isPart =
    /^(?:(?:(?:full resolution|downsampled_x\d{1,6})\/)?display_settings\.txt|(?:full resolution|downsampled_x\d{1,6})\/(?:NDTiff\.index|[^/]*\.tiff?))$/i;
  const paths = tree.entries.map(({ path }) => path).filter((path) => path.startsWith(base));
  const members = paths.filter((path) => isPart.test(path.slice(base.length)));
  if (!members.some((path) => path.startsWith(full) && /\.tiff?$/i.test(path))) return undefined;
  return { score: 1, reason: 'NDTiff.index of Micro-Manager in the folder of the full resolution', members };
}

/** A folder of planes `img_000000000_Channel_000.tif` with `metadata.txt`, as Micro-Manager saves separate files. */
async function microManagerIn(tree: FileTree, folder: string): Promise<Recognition | undefined> {
  const pyramid = ndtiffPyramidIn(tree, folder);
  if (pyramid) return pyramid;
  const files = tree.entries.filter(({ path }) => folderOf(path) === folder);
  const ndtiff = ndtiffIn(files);
  if (ndtiff) return ndtiff;
  const about = files.find(({ path }) => /^(.*_)?metadata\.txt$/i.test(baseName(path)));
  const planes = files.filter(({ path }) => isPlaneName(baseName(path)));
  if (!about || planes.length === 0) return undefined;
  const text = new TextDecoder().decode(await (await about.open()).read(0, Math.min(about.size, 65_536)));
  if (!/"Summary"\s*:/.test(text)) return undefined;
  const members = [about, ...planes].map(({ path }) => path).sort();
  return { score: 1, reason: `metadata.txt of Micro-Manager with ${planes.length} planes`, members };
}

/** Every recognise-only descriptor of the images room. */
export const recognisedImageFormats: readonly FormatDescriptor[] = microscopeFormats;
