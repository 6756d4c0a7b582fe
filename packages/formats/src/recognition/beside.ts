import type { Issue } from '@micrarium/model';
import { type FileEntry, type FileTree, baseName, folderOf, stemOf } from '../bytes/file-tree.ts';
import type { FormatDescriptor } from './descriptor.ts';
import type { FormatId } from './format-id.ts';
import { recognitionIssue } from './recognition-issues.ts';

/** Formats of commercial programs whose layout their makers keep to themselves, or change at will. */
const commercial: ReadonlySet<FormatId> = new Set([
  'ims',
  'czi',
  'lif',
  'xlif',
  'nd2',
  'oib',
  'oif',
  'oir',
  'vsi',
  'zvi',
  'lsm',
  'stk',
  'dv',
]);

/** Endings of files that any program reads. */
const generalEnding = /\.(csv|tsv|txt|xml|json|tiff?|parquet|geff|bdml|h5|ozx|zarr\/.*|geff\/.*|ome\.zarr\/.*)$/i;

/**
 * Says of a file of a commercial program that no general export lies beside it: a file or folder in the same folder
 * whose name begins like it and ends as formats do that any program reads.
 */
export function nativeWithoutExport(
  entry: FileEntry,
  tree: FileTree,
  format: FormatId,
  descriptor: FormatDescriptor | undefined,
): Issue[] {
  if (!commercial.has(format)) return [];
  const folder = folderOf(entry.path);
  const prefix = `${folder === '' ? '' : `${folder}/`}${stemOf(entry.path)}`;
  for (let at = firstFrom(tree.entries, prefix); tree.entries[at]?.path.startsWith(prefix); at++) {
    const { path } = tree.entries[at]!;
    if (path !== entry.path && generalEnding.test(path)) return [];
  }
  const isRead = descriptor?.images ?? descriptor?.tracks;
  return [
    recognitionIssue(
      'native-without-export',
      `${baseName(entry.path)} is a file of a commercial program (${descriptor?.name ?? format}), alone`,
      {
        where: { file: entry.path },
        severity: isRead ? 'info' : 'warning',
      },
    ),
  ];
}

/** First of the sorted entries at or after a path. */
function firstFrom(entries: readonly FileEntry[], path: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.path < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Endings that promise one kind of content, for telling a wrong one. */
const promises: readonly (readonly [ending: RegExp, formats: (format: FormatDescriptor) => boolean, name: string])[] = [
  [/\.xml$/i, ({ mediaTypes }) => mediaTypes.some((type) => type.includes('xml')), 'XML'],
  [/\.json$/i, ({ mediaTypes }) => mediaTypes.some((type) => type.includes('json')), 'JSON'],
  [
    /\.csv$/i,
    ({ mediaTypes, kind }) => kind === 'table' || mediaTypes.some((type) => /csv|tab-sep|text\/plain/.test(type)),
    'a table',
  ],
  [/\.(xlsx?|xlsm)$/i, ({ mediaTypes }) => mediaTypes.some((type) => /excel|spreadsheet/.test(type)), 'a workbook'],
  [
    /\.(tiff?|lsm|stk)$/i,
    ({ mediaTypes, kind }) => kind === 'image' || mediaTypes.some((type) => type.startsWith('image/')),
    'an image',
  ],
  [
    /\.(png|jpe?g|gif)$/i,
    ({ mediaTypes, kind }) => kind === 'image' || mediaTypes.some((type) => type.startsWith('image/')),
    'an image',
  ],
  [
    /\.(h5|hdf5|ims)$/i,
    ({ mediaTypes, extensions }) =>
      mediaTypes.some((type) => type.includes('hdf')) || extensions.some((one) => /h5|hdf|ims/.test(one)),
    'HDF5',
  ],
  [/\.zip$/i, ({ mediaTypes, id }) => id === 'zip' || mediaTypes.some((type) => type.includes('zip')), 'an archive'],
];

/** Says that the ending of a name promises something else than the content is. The content decides. */
export function wrongExtension(entry: FileEntry, format: FormatDescriptor | undefined): Issue[] {
  const name = baseName(entry.path);
  const promise = promises.find(([ending]) => ending.test(name));
  if (!format || !promise || promise[1](format)) return [];
  if (format.extensions.some((extension) => name.toLowerCase().endsWith(extension.toLowerCase()))) return [];
  const ending = name.slice(name.lastIndexOf('.'));
  return [
    recognitionIssue(
      'extension-not-as-content',
      `the name ends in ${ending}, which promises ${promise[2]}; the content is ${format.name}`,
      {
        where: { file: entry.path },
      },
    ),
  ];
}
