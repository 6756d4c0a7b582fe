import type { FormatId } from './format-id.ts';

/**
 * Formats whose readers were built from descriptions and tested on files that a generator writes, because no real file
 * was at hand. Whoever reads one is told so, and no count of supported formats includes them.
 */
export const unseenFormats: ReadonlySet<FormatId> = new Set<FormatId>([
  'icy-xml',
  'imaris-csv',
  'isbi',
  'localizations',
  'lsm',
  'manual-tracking',
  'metamorph-nd',
  'micro-manager',
  'multicellds',
  'napari',
  'oif',
  'oir',
  'tgmm',
  'trackmate-csv',
  'trackmate-simple',
  'trackpy',
  'ultrack',
  'utrack',
  'vsi',
  'xlif',
  'zvi',
]);
