import { type FileEntry, baseName, folderOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { RowStream, pointHeader } from '../row-stream.ts';
import { tgmmName as named } from '../tgmm-members.ts';
import { type TrackFileIssueCode, trackFileIssue } from '../track-file-issues.ts';
import type { TrackReader } from '../track-reader.ts';
import { attributeNumber, walkElements } from './xml-elements.ts';

const covarianceNames = ['xx', 'xy', 'xz', 'yy', 'yz', 'zz'] as const;

/**
 * Reads results of TGMM: one file a frame, one Gaussian an object. `parent` names an object of the file before. Positions are
 * pixels; the size of the Gaussian is its covariance, the inverse of nu times W.
 */
export const tgmmReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const tally = new IssueTally<TrackFileIssueCode>();
    const stream = await RowStream.begin(
      sink,
      pointHeader(
        folderOf(item.path) === '' ? baseName(item.path).replace(named, '$1') : baseName(folderOf(item.path)),
        {
          spaceUnit: 'pixel',
          hasZ: true,
          sourceFrameBase: 0,
          objectColumns: [
            { name: 'source_id', type: 'int', description: 'Id of the object in its file', sourceKey: 'id' },
            { name: 'lineage', type: 'int' },
            { name: 'split_score', type: 'float', sourceKey: 'splitScore' },
            ...covarianceNames.map((name) => ({
              name: `covariance_${name}`,
              type: 'float' as const,
              unit: 'pixel^2',
              description: 'Covariance of the Gaussian',
            })),
          ],
          provenance: { software: 'TGMM' },
        },
      ),
      options.signal,
    );
    let before = new Map<number, number>();
    let lastFrame: number | undefined;
    let id = 0;
    const files = framesOf(item);
    for (const [n, { entry, frame }] of files.entries()) {
      options.onProgress?.(n / files.length);
      const own = new Map<number, number>();
      const parents = lastFrame !== undefined && frame === lastFrame + 1 ? before : new Map<number, number>();
      const fault = await walkElements(
        await entry.open(),
        {
          open(name, attributes) {
            if (name !== 'GaussianMixtureModel') return undefined;
            const object = id++;
            const sourceId = attributeNumber(attributes, 'id');
            own.set(sourceId, object);
            const [x, y, z] = numbers(attributes['m']);
            const parent = attributeNumber(attributes, 'parent');
            const full = stream.object({
              id: object,
              frame,
              x: x ?? Number.NaN,
              y: y ?? Number.NaN,
              z: z ?? Number.NaN,
              values: [
                known(sourceId),
                known(attributeNumber(attributes, 'lineage')),
                known(attributeNumber(attributes, 'splitScore')),
                ...covarianceOf(numbers(attributes['W']), attributeNumber(attributes, 'nu')),
              ],
            });
            if (!(parent >= 0)) return full;
            const from = parents.get(parent);
            if (from === undefined) tally.note('track-parent-unknown', {}, `frame ${frame}, parent ${parent}`);
            const fullEdge = from === undefined ? undefined : stream.edge(from, object);
            return full && fullEdge ? Promise.all([full, fullEdge]).then(() => undefined) : (full ?? fullEdge);
          },
        },
        options.signal ? { signal: options.signal } : {},
      );
      if (fault)
        tally.note(fault.code, { file: entry.path, line: fault.line }, `${baseName(entry.path)}: ${fault.message}`);
      await entry.close?.();
      before = own;
      lastFrame = frame;
    }
    await stream.end();
    tally.note('pixel-units-only', {}, 'TGMM counts pixels');
    const issues = tally.issues(trackFileIssue, item.path, {
      'pixel-units-only': () => 'positions are in pixels',
      'track-parent-unknown': (count) =>
        `${count} ${count === 1 ? 'parent is' : 'parents are'} not in the frame before`,
    });
    return { issues };
  },
};

function framesOf(item: Item): { entry: FileEntry; frame: number }[] {
  return item.tree.entries
    .map((entry) => ({ entry, frame: Number(named.exec(baseName(entry.path))?.[2] ?? 0) }))
    .sort((a, b) => a.frame - b.frame);
}

function numbers(text: string | undefined): number[] {
  return (text ?? '').trim().split(/\s+/).map(Number);
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}

/** Inverse of the symmetric 3 x 3 matrix nu * W, as xx, xy, xz, yy, yz, zz; absent where there is none. */
function covarianceOf(w: readonly number[], nu: number): (number | undefined)[] {
  const [a, b, c, , e, f, , , i] = w.map((value) => value * nu) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const determinant = a * (e * i - f * f) - b * (b * i - f * c) + c * (b * f - e * c);
  if (w.length !== 9 || !Number.isFinite(determinant) || determinant === 0) return covarianceNames.map(() => undefined);
  return [e * i - f * f, c * f - b * i, b * f - c * e, a * i - c * c, b * c - a * f, a * e - b * b].map(
    (cofactor) => cofactor / determinant,
  );
}
