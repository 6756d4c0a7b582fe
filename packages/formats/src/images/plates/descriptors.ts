import { type FileTree, folderOf } from '../../bytes/file-tree.ts';
import type { FormatDescriptor, Probe, Recognition } from '../../recognition/descriptor.ts';
import { cellVoyagerPlates } from './cellvoyager-names.ts';
import { imageXpressPlates } from './imagexpress-names.ts';
import { operettaPlates } from './operetta-names.ts';
import type { PlateFiles } from './plate-plane.ts';

/** How the names of a maker join files to plates. */
interface Maker {
  name: string;
  platesOf(paths: readonly string[]): PlateFiles[];
  /** Plates of a tree by the path of each file; trees do not change, so each is looked through once. */
  known: WeakMap<FileTree, Map<string, PlateFiles>>;
}

function platesIn(maker: Maker, tree: FileTree): Map<string, PlateFiles> {
  let byPath = maker.known.get(tree);
  if (!byPath) {
    byPath = new Map();
    for (const plate of maker.platesOf(tree.entries.map(({ path }) => path))) {
      for (const { path } of plate.planes) byPath.set(path, plate);
      for (const path of plate.beside) if (!byPath.has(path)) byPath.set(path, plate);
    }
    maker.known.set(tree, byPath);
  }
  return byPath;
}

const looked = new WeakMap<PlateFiles, Promise<boolean>>();

/** Are the first, a middle and the last file single planes of one size? Others are looked at when they are shown. */
function hasPlanes(tree: FileTree, plate: PlateFiles): Promise<boolean> {
  let found = looked.get(plate);
  if (!found) looked.set(plate, (found = lookAtSome(tree, plate)));
  return found;
}

async function lookAtSome(tree: FileTree, { planes }: PlateFiles): Promise<boolean> {
  const { isSamePlane, samplesOfSeries } = await import('../series/member.ts');
  const { openPlatePlane } = await import('./plate-plane.ts');
  let first: Awaited<ReturnType<typeof openPlatePlane>>;
  for (const { path } of samplesOfSeries(planes)) {
    const entry = tree.entries.find((one) => one.path === path);
    const plane = entry && (await openPlatePlane(await entry.open(), path));
    await entry?.close?.();
    if (plane && first && !isSamePlane(first, plane)) return false;
    first ??= plane;
  }
  return first !== undefined;
}

function recognition({ name }: Maker, { planes, beside }: PlateFiles): Recognition {
  return {
    score: 1,
    reason: `names of ${planes.length} planes as ${name} gives them`,
    members: [...planes.map(({ path }) => path), ...beside].sort(),
  };
}

/** Wherever one points at a file of a plate that lies in one folder. */
async function recogniseFile(maker: Maker, { entry, tree }: Probe): Promise<Recognition | undefined> {
  const plate = platesIn(maker, tree).get(entry.path);
  return plate && (await hasPlanes(tree, plate)) ? recognition(maker, plate) : undefined;
}

/** A folder in which one plate lies, with its folders of times and slices. */
async function recogniseFolder(maker: Maker, tree: FileTree, folder: string): Promise<Recognition | undefined> {
  const plates = [...new Set(platesIn(maker, tree).values())].filter(({ root }) => root === folder);
  const [plate] = plates;
  if (!plate || plates.length > 1) return undefined;
  // Loose files are an item of their own, not the whole of what was dropped.
  if (folder === '' && plate.planes.every(({ path }) => folderOf(path) === '')) return undefined;
  return (await hasPlanes(tree, plate)) ? recognition(maker, plate) : undefined;
}

function plateFormat(
  id: FormatDescriptor['id'],
  name: string,
  extensions: readonly string[],
  maker: Omit<Maker, 'known'>,
  reader: NonNullable<FormatDescriptor['images']>['reader'],
): FormatDescriptor {
  const known: Maker = { ...maker, known: new WeakMap() };
  return {
    id,
    name,
    kind: 'image',
    extensions,
    mediaTypes: ['image/tiff'],
    recognise: (probe) => recogniseFile(known, probe),
    recogniseFolder: (tree, folder) => recogniseFolder(known, tree, folder),
    images: { reader },
  };
}

/** Plates whose planes are files of their own, joined by names and folders. */
export const plateFormats: readonly FormatDescriptor[] = [
  plateFormat(
    'imagexpress',
    'ImageXpress plate (MetaXpress)',
    ['.tif', '.tiff', '.htd'],
    { name: 'MetaXpress', platesOf: imageXpressPlates },
    async () => (await import('./imagexpress-reader.ts')).imageXpressReader,
  ),
  plateFormat(
    'cellvoyager',
    'Yokogawa CellVoyager plate',
    ['.tif', '.tiff', '.mlf', '.mrf', '.mes'],
    { name: 'a CellVoyager', platesOf: cellVoyagerPlates },
    async () => (await import('./cellvoyager-reader.ts')).cellVoyagerReader,
  ),
  plateFormat(
    'operetta',
    'Operetta or Opera Phenix plate (Harmony)',
    ['.tif', '.tiff', '.xml'],
    { name: 'Harmony', platesOf: operettaPlates },
    async () => (await import('./operetta-reader.ts')).operettaReader,
  ),
];
