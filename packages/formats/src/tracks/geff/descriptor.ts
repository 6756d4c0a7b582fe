import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { jsonOutline } from '../../recognition/json-outline.ts';

/** GEFF: a graph in a Zarr group, known by the attribute `geff`. */
export const geffFormat: FormatDescriptor = {
  id: 'geff',
  name: 'GEFF',
  kind: 'tracks',
  extensions: ['.geff', '.zarr'],
  mediaTypes: ['application/vnd+zarr'],
  async recogniseFolder(tree, folder) {
    const prefix = folder === '' ? '' : `${folder}/`;
    for (const name of ['.zattrs', 'zarr.json']) {
      const entry = tree.entries.find(({ path }) => path === prefix + name);
      if (!entry) continue;
      const text = new TextDecoder().decode(await (await entry.open()).read(0, Math.min(entry.size, 65_536)));
      const outline = jsonOutline(text);
      const at = outline?.paths.has('geff') ? 'geff' : outline?.paths.has('attributes.geff') ? 'attributes.geff' : '';
      if (!outline || !at) continue;
      const version = outline.values.get(`${at}.geff_version`)?.[0];
      return { score: 1, reason: 'attribute geff', ...(version ? { version } : {}) };
    }
    return undefined;
  },
  tracks: {
    reader: async () => (await import('./reader.ts')).geffReader,
    writer: async () => (await import('./writer.ts')).geffWriter,
  },
};
