import type { FormatId } from './format-id.ts';

/**
 * Formats whose readers were built from descriptions and tested on files that a generator writes, because no real file
 * was at hand. Whoever reads one is told so, and no count of supported formats includes them.
 */
export const unseenFormats: ReadonlySet<FormatId> = new Set<FormatId>([
  'metamorph-nd',
  'oif',
  'oir',
  'operetta',
  'trackpy',
  'ultrack',
  'utrack',
  'vsi',
  'xlif',
  'zvi',
]);

/**
 * Formats whose readers were built from descriptions and then tried on real files of these public repositories, whose
 * counts were compared with counts made another way.
 */
export const seenInRepositories: Readonly<Partial<Record<FormatId, string>>> = {
  cellvoyager: 'https://github.com/fmi-faim/faim-ipa',
  acetree: 'https://github.com/zwang84/drl4cellmovement',
  'icy-xml': 'https://github.com/sylvainprigent/stracking',
  imagexpress: 'https://github.com/fmi-faim/faim-ipa',
  'imaris-csv': 'https://github.com/AlievaRios/BEHAV3D',
  isbi: 'https://github.com/sylvainprigent/stracking',
  lsm: 'https://github.com/Nytra/Biological-Cell-Image-Analysis-using-OpenCV',
  localizations: 'https://github.com/super-resolution/Locan',
  'manual-tracking': 'https://github.com/yhulaila/churymoon',
  'micro-manager': 'https://github.com/micro-manager/NDStorage',
  multicellds: 'https://github.com/PhysiCell-Tools/python-loader',
  napari: 'https://github.com/lowe-lab-ucl/btrack-examples',
  tgmm: 'https://github.com/Nikoula86/tgmm_quality',
  'trackmate-csv': 'https://github.com/stjude-biohackathon/KIDS24-team20',
  'trackmate-simple': 'https://github.com/vanTeeffelenLab/ExTrack',
};
