import type { Issue } from '@micrarium/model';
import { baseName, folderOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import type { ImageReader, OpenedImages } from '../image-reader.ts';
import { OpenMembers } from '../series/open-members.ts';
import { seriesIssue } from '../series/series-issues.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { readXmlText } from '../tiff/ome-set.ts';
import { type OperettaIndex, readOperettaIndex } from './operetta-index.ts';
import { isHarmonyIndex, operettaPlates } from './operetta-names.ts';
import { openPlate } from './plate-images.ts';
import { plateIssue } from './plate-issues.ts';
import { openPlatePlane } from './plate-plane.ts';

/** A larger index is not held in memory. */
const largestIndex = 256 << 20;

/**
 * Opens a plate of an Operetta or Opera Phenix as Harmony exports it: planes in files of their own, joined by their names, with
 * channels, size of pixels, places and times of the index beside them, where it is there.
 */
export const operettaReader: ImageReader = {
  async open(item: Item): Promise<OpenedImages> {
    const { entries } = item.tree;
    const [plate] = operettaPlates(entries.map(({ path }) => path)).sort((a, b) => b.planes.length - a.planes.length);
    if (!plate) {
      const message = 'No file of the plate has a name as Harmony gives them.';
      return { images: [], issues: [seriesIssue('series-member-differs', message, { where: { file: item.path } })] };
    }
    const issues: Issue[] = [];
    const index = await indexOf(item, issues);
    // Harmony puts the planes into a folder `Images` below that of the plate.
    const above = /^images$/i.test(baseName(plate.root)) ? folderOf(plate.root) : plate.root;
    const stated = index?.planes;
    const opened = await openPlate(
      plate.planes,
      new OpenMembers(entries, openPlatePlane),
      {
        name: index?.name ?? (baseName(above) || item.tree.name),
        channels: index?.channels ?? new Map(),
        ...(index?.size ? { size: index.size } : {}),
        ...(index?.voxelSize ? { voxelSize: index.voxelSize } : {}),
        ...(index?.instrument ? { instrument: index.instrument } : {}),
        ...(stated && stated.size > 0 ? { planeStated: ({ path }) => stated.get(baseName(path)) } : {}),
      },
      item.path,
    );
    const there = new Set(plate.planes.map(({ path }) => baseName(path)));
    const gone = [...(stated?.keys() ?? [])].filter((name) => !there.has(name));
    if (gone.length > 0) {
      const message = `The index names ${stated!.size} images, ${gone.length} of them are not there, such as ${gone[0]}.`;
      issues.push(plateIssue('plate-images-missing', message, { where: { file: item.path } }));
    }
    return {
      images: opened.images,
      issues: [...issues, ...opened.issues],
      ...(index ? { rawMetadata: { mediaType: 'application/xml', text: index.head } } : {}),
    };
  },
};

async function indexOf({ tree }: Item, issues: Issue[]): Promise<OperettaIndex | undefined> {
  const entry = tree.entries.find(({ path, size }) => isHarmonyIndex(path) && size <= largestIndex);
  if (!entry) return undefined;
  const text = await readXmlText(await entry.open());
  await entry.close?.();
  const index = text === undefined ? undefined : readOperettaIndex(text);
  if (!index) {
    const message = `${baseName(entry.path)} is no index of Harmony; channels, places and times are not known.`;
    issues.push(microscopeIssue('microscope-metadata-broken', message, { where: { file: entry.path } }));
  }
  return index;
}
