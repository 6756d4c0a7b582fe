import { baseName, folderOf } from '../../bytes/file-tree.ts';
import { type PlateFiles, type PlatePlane, rowName } from './plate-plane.ts';

/** `r01c02f03p04-ch1sk1fk1fl1.tiff`: row, column, field, plane (slice), channel, step of the sequence (time). */
const planeName = /^r(\d{2,3})c(\d{2,3})f(\d{2,4})p(\d{2,4})-ch(\d{1,3})sk(\d{1,6})fk\d+fl\d+\.tiff?$/i;

/** The index of the measurement, in the words of each version of Harmony. */
export const isHarmonyIndex = (path: string): boolean => /^Index(\.idx|\.ref)?\.xml$/i.test(baseName(path));

/** Plates of an Operetta or Opera Phenix, as Harmony exports them, among paths: files of one folder, two planes at least. */
export function operettaPlates(paths: readonly string[]): PlateFiles[] {
  const folders = new Map<string, PlatePlane[]>();
  const slices = new Map<string, Set<number>>();
  for (const path of paths) {
    const match = planeName.exec(baseName(path));
    if (!match) continue;
    const [row, column, field, z, c, t] = match.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    if (row < 1 || row > 64 || column < 1 || column > 96) continue;
    const folder = folderOf(path);
    const planes = folders.get(folder) ?? [];
    const well = `${rowName(row - 1)}${String(column).padStart(2, '0')}`;
    planes.push({ path, well, field: String(field), t, c, z });
    folders.set(folder, planes);
    slices.set(folder, (slices.get(folder) ?? new Set()).add(z));
  }
  if (folders.size === 0) return [];
  const indexes = Map.groupBy(paths.filter(isHarmonyIndex), folderOf);
  return [...folders].flatMap(([root, planes]) => {
    if (planes.length < 2) return [];
    const isStack = slices.get(root)!.size > 1;
    return [
      {
        root,
        name: '',
        planes: isStack ? planes : planes.map((plane) => ({ ...plane, z: undefined })),
        beside: indexes.get(root) ?? [],
      },
    ];
  });
}
