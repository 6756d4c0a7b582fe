import type { FileTree } from '../bytes/file-tree.ts';
import type { FormatDescriptor, Recognition } from '../recognition/descriptor.ts';
import { jsonOutline, outlineHas } from '../recognition/json-outline.ts';
import { bytesAt, looksLikeText } from '../recognition/probe.ts';
import { xmlRoot } from '../recognition/xml-root.ts';

/** Containers and documents that are recognised as what they are; what they hold is not read. */
export const recognisedContainerFormats: readonly FormatDescriptor[] = [
  {
    id: 'hdf5',
    name: 'HDF5',
    kind: 'unknown',
    extensions: ['.h5', '.hdf5', '.hdf'],
    mediaTypes: ['application/x-hdf5'],
    recognise({ head }) {
      // A user block of 512, 1024, 2048... bytes may come before the signature.
      for (let at = 0; at < head.length; at = at === 0 ? 512 : at * 2)
        if (bytesAt(head, at, '\x89HDF\r\n\x1a\n')) return { score: 0.5, reason: 'HDF5 signature' };
      return undefined;
    },
  },
  {
    id: 'zarr',
    name: 'Zarr',
    kind: 'unknown',
    extensions: ['.zarr'],
    mediaTypes: ['application/vnd+zarr'],
    recogniseFolder: recogniseZarr,
  },
  {
    id: 'pdf',
    name: 'PDF',
    kind: 'unknown',
    extensions: ['.pdf'],
    mediaTypes: ['application/pdf'],
    recognise({ head }) {
      if (!bytesAt(head, 0, '%PDF-')) return undefined;
      const version = /^%PDF-(\d\.\d)/.exec(String.fromCharCode(...head.subarray(0, 8)))?.[1];
      return { score: 1, reason: 'first bytes %PDF-', ...(version ? { version } : {}) };
    },
  },
  {
    id: 'text',
    name: 'Text',
    kind: 'unknown',
    extensions: ['.txt', '.md', '.py', '.r', '.m', '.ijm', '.json', '.xml', '.html', '.yaml', '.yml', '.svg'],
    mediaTypes: ['text/plain'],
    recognise({ text, entry }) {
      if (text === undefined || !looksLikeText(text)) return undefined;
      // A table in Markdown is prose, not data.
      if (/\.(md|markdown)$/i.test(entry.path)) return { score: 0.6, reason: 'Markdown, by its name' };
      if (text.startsWith('#!')) return { score: 0.6, reason: 'script, by its first line' };
      return { score: 0.05, reason: textKind(text) };
    },
  },
];

function textKind(text: string): string {
  const root = xmlRoot(text);
  if (root) return `XML with root element ${root.name}`;
  return jsonOutline(text, 1) ? 'JSON of no format we know' : 'readable text';
}

async function recogniseZarr(tree: FileTree, folder: string): Promise<Recognition | undefined> {
  const prefix = folder === '' ? '' : `${folder}/`;
  for (const name of ['zarr.json', '.zgroup', '.zarray']) {
    const entry = tree.entries.find(({ path }) => path === prefix + name);
    if (!entry) continue;
    const head = await (await entry.open()).read(0, Math.min(entry.size, 65_536));
    const outline = jsonOutline(new TextDecoder().decode(head), 2);
    if (!outline) continue;
    const version = outline.values.get('zarr_format')?.[0];
    const isNode = version !== undefined || outlineHas(outline, 'node_type', /^(group|array)$/);
    if (isNode) return { score: 0.5, reason: `${name} of a Zarr hierarchy`, ...(version ? { version } : {}) };
  }
  return undefined;
}
