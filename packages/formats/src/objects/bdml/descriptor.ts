import { folderOf } from '../../bytes/file-tree.ts';
import type { FormatDescriptor, Probe } from '../../recognition/descriptor.ts';
import { xmlRoot } from '../../recognition/xml-root.ts';

/** BDML, known by its root element; a BD5 file that it points to belongs to it where it lies beside it. */
export const bdmlFormat: FormatDescriptor = {
  id: 'bdml',
  name: 'BDML',
  kind: 'objects',
  extensions: ['.xml'],
  mediaTypes: ['application/xml'],
  readsGzip: true,
  async recognise(probe) {
    const root = probe.text === undefined ? undefined : xmlRoot(probe.text);
    if (root?.localName !== 'bdml') return undefined;
    const external = externalFile(probe);
    const parts = external === undefined ? await partsOf(probe) : [];
    return {
      score: 1,
      reason: 'root element bdml',
      ...(root.attributes['version'] ? { version: root.attributes['version'] } : {}),
      ...(external === undefined ? {} : { members: [external, probe.entry.path].sort() }),
      ...(parts.length > 0 ? { members: [...parts, probe.entry.path].sort() } : {}),
    };
  },
  checker: async () => (await import('./check-bdml.ts')).bdmlChecker,
  tracks: {
    reader: async () => (await import('./read-bdml.ts')).bdmlReader,
    writer: async (choices) => (await import('./write-bdml.ts')).bdmlWriterFor(choices?.bdmlVersion),
  },
};

/** Paths of the documents that a series or set names, where they are in its folder. */
async function partsOf({ text, entry, tree }: Probe): Promise<string[]> {
  const { documentsWithIds, namedParts } = await import('./series.ts');
  const ids = namedParts(text ?? '');
  if (ids.length === 0) return [];
  const folder = folderOf(entry.path);
  const beside = tree.entries.filter(({ path }) => path !== entry.path && folderOf(path) === folder);
  return [...(await documentsWithIds(ids, beside)).values()].map(({ path }) => path);
}

/** Path of the BD5 file that the head of the document points to, where it is there. */
function externalFile({ text, entry, tree }: Probe): string | undefined {
  const name = /<(?:[\w.-]+:)?bd5File(?:\s[^>]*)?>\s*([^<>/\\]+?)\s*</.exec(text ?? '')?.[1];
  if (name === undefined) return undefined;
  const folder = folderOf(entry.path);
  const path = folder === '' ? name : `${folder}/${name}`;
  return path !== entry.path && tree.entries.some((one) => one.path === path) ? path : undefined;
}
