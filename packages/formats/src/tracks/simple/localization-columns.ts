import type { SpaceUnit } from '@micrarium/model';
import type { ColumnMapping } from '../track-reader.ts';

/** Tables of one program of localisation microscopy. Names in lower case. */
export interface LocalizationProgram {
  name: string;
  /** All of these columns must be there. */
  needs: readonly string[];
  x: string;
  y: string;
  z?: string;
  frame?: string;
  id?: string;
  /** Number of the first frame. */
  frameBase: 0 | 1;
  unit: SpaceUnit;
  /** Were its files read when the reader was made? Whoever reads one of another is told. */
  isSeen?: boolean;
}

/** How rapidSTORM's tables begin: a comment with the columns as XML. */
export const rapidStormStart = '# <localizations ';

/** How ZEN's tables begin; a NUL byte and the sizes of the image stand behind the last row. */
export const zenStart = 'Index\tFirst Frame\tNumber Frames\t';

/**
 * Programs known by their columns. Sources: ThunderSTORM's export (also written by Picasso, SMLM challenge tools and
 * others), the Nanoimager's, Picasso's manual ("locs"), ZEN's localisation table, Nikon N-STORM's text export, SMAP's csv, and the SMLM
 * challenge 2016.
 */
export const localizationPrograms: readonly LocalizationProgram[] = [
  // Before ThunderSTORM, whose names for positions it has: channel and frame count from 0.
  program('Nanoimager', ['x [nm]', 'y [nm]', 'z [nm]', 'channel', 'photons', 'background'], {
    z: 'z [nm]',
    frame: 'frame',
    frameBase: 0,
    isSeen: true,
  }),
  program('ThunderSTORM', ['x [nm]', 'y [nm]'], { z: 'z [nm]', frame: 'frame', id: 'id', frameBase: 1, isSeen: true }),
  program('ZEN', ['position x [nm]', 'position y [nm]', 'precision [nm]'], {
    z: 'position z [nm]',
    frame: 'first frame',
    id: 'index',
    frameBase: 1,
    isSeen: true,
  }),
  // Its z is in nanometers beside pixels, so it is a column.
  program('Picasso', ['x', 'y', 'frame', 'photons', 'lpx', 'lpy'], {
    frame: 'frame',
    frameBase: 0,
    unit: 'pixel',
  }),
  program('N-STORM', ['xc', 'yc', 'frame', 'photons', 'lateral localization accuracy'], {
    z: 'zc',
    frame: 'frame',
    frameBase: 1,
  }),
  program('SMAP', ['xnm', 'ynm', 'locprecnm'], { z: 'znm', frame: 'frame', frameBase: 1 }),
  program('SMLM challenge', ['xnano', 'ynano', 'frame', 'intensity'], {
    z: 'znano',
    frame: 'frame',
    frameBase: 1,
    isSeen: true,
  }),
];

function program(
  name: string,
  needs: readonly [string, string, ...string[]],
  rest: Partial<LocalizationProgram> & { frameBase: 0 | 1 },
): LocalizationProgram {
  return { name, needs, x: needs[0], y: needs[1], unit: 'nanometer', ...rest };
}

const measured = /^(sigma|intensity|uncertainty|photons|offset|bkgstd|precision|lpx|locprec|lateral localization)/;

/**
 * The program whose localisations a header (names in lower case) lists: its positions, and beside them something that
 * only a fitted spot has. `undefined` for other tables.
 */
export function localizationProgram(names: readonly string[]): LocalizationProgram | undefined {
  const plain = names.map((name) =>
    name
      .replace(/[([]nm[)\]]$/, '[nm]')
      .replace(/_\[nm\]$/, ' [nm]')
      .replace(/(\S)\[nm\]/, '$1 [nm]'),
  );
  if (!plain.some((name) => measured.test(name))) return undefined;
  const found = localizationPrograms.find(({ needs }) => needs.every((name) => plain.includes(name)));
  if (!found) return undefined;
  // As the table spells them.
  const spelled = (name: string | undefined) => (name === undefined ? undefined : names[plain.indexOf(name)]);
  const { z, frame, id, ...rest } = found;
  return {
    ...rest,
    x: spelled(rest.x)!,
    y: spelled(rest.y)!,
    ...given({ z: spelled(z), frame: spelled(frame), id: spelled(id) }),
  };
}

/** The mapping of the program's columns to the names a header has, in its own case. */
export function localizationMapping(found: LocalizationProgram, header: readonly string[]): ColumnMapping {
  const at = (name: string | undefined) =>
    name === undefined ? undefined : header.find((column) => column.trim().toLowerCase() === name);
  return {
    ...given({ x: at(found.x), y: at(found.y), z: at(found.z), frame: at(found.frame), objectId: at(found.id) }),
    spaceUnit: found.unit,
    frameBase: found.frameBase,
  };
}

function given<Key extends string>(roles: Record<Key, string | undefined>): Partial<Record<Key, string>> {
  return Object.fromEntries(Object.entries(roles).filter(([, name]) => name !== undefined)) as Partial<
    Record<Key, string>
  >;
}

/** What is known of a column of fitted spots beyond its name. */
export function localizationColumn(name: string, unit: SpaceUnit): { description: string; unit?: string } | undefined {
  const plain = name.toLowerCase().replace(/\s*[([].*$/, '');
  const known = knownColumns.find(([pattern]) => pattern.test(plain));
  if (!known) return undefined;
  const [, description, kind] = known;
  return { description, ...(kind === 'length' ? { unit } : kind === 'photon' ? { unit: 'photon' } : {}) };
}

const knownColumns: readonly (readonly [RegExp, string, 'length' | 'photon' | 'none'])[] = [
  [
    /^uncertainty$|^uncertainty_xy$|^precision$|^locprecnm$|^lateral localization accuracy$/,
    'Uncertainty of x and y, one standard deviation',
    'length',
  ],
  [
    /^uncertainty_z$|^locprecznm$|^axial localization accuracy$|^lpz$/,
    'Uncertainty of z, one standard deviation',
    'length',
  ],
  [/^lpx$/, 'Uncertainty of x, one standard deviation', 'length'],
  [/^lpy$/, 'Uncertainty of y, one standard deviation', 'length'],
  [/^sigma[12]?$|^sx$|^sy$|^psf half width$/, 'Width of the fitted spot', 'length'],
  [/^intensity$|^photons$|^number photons$|^phot$/, 'Photons of the spot', 'photon'],
  [/^offset$|^bg$|^background/, 'Photons of the background', 'photon'],
  [/^bkgstd$/, 'Standard deviation of the background', 'photon'],
  [/^chi2$|^chi square$/, 'Goodness of the fit', 'none'],
];
