import type { ChannelDescription, FurtherAxis, ImageDescription, ImageSizes } from '@micrarium/model';
import { furtherAxesOf, placeName, placeValue, unitNamed, unitSymbol } from '../further-axes.ts';
import type { ImagePixels } from '../image-reader.ts';

/**
 * A further axis that runs within an axis of OME-XML, faster than what it had before (annotations of the name space
 * `openmicroscopy.org/omero/dimension/modulo`, https://docs.openmicroscopy.org/ome-model/6.3.1/developers/6d-7d-and-8d-storage.html):
 * place m of `count` at index i of the axis is stored at i x count + m.
 */
export interface Modulo {
  along: 'c' | 'z' | 't';
  axis: string;
  count: number;
  places?: FurtherAxis;
}

/** A description whose further axes are told as modulos; its sizes are those that are stored. */
export type OmeDescription = ImageDescription & { modulos?: readonly Modulo[] };

/** The axis that Bio-Formats puts each further axis on; others take the first one that is left. */
const usual: Readonly<Record<string, Modulo['along']>> = {
  emission: 'c',
  excitation: 'c',
  lambda: 'c',
  illumination: 'c',
  rotation: 'z',
  view: 'z',
  phase: 't',
};

/** Kinds of the schema; others are `other`, told by their name. */
const kinds: Readonly<Record<string, string>> = {
  emission: 'lambda',
  excitation: 'lambda',
  lambda: 'lambda',
  rotation: 'angle',
  angle: 'angle',
  phase: 'phase',
  lifetime: 'lifetime',
  tile: 'tile',
  mosaic: 'tile',
};

/** The modulos of the further axes of an image; each axis of OME-XML takes one, so more than three do not fit. */
export function modulosOf(description: ImageDescription): { modulos: Modulo[]; left: string[] } {
  const free = new Set<Modulo['along']>(['c', 'z', 't']);
  const axes = furtherAxesOf(description);
  const modulos: Modulo[] = [];
  const left: string[] = [];
  // Those with a usual place first, so that no other one takes it.
  for (const [axis, count] of axes.toSorted(([a], [b]) => Number(b in usual) - Number(a in usual))) {
    const wanted = usual[axis];
    const along = wanted && free.has(wanted) ? wanted : [...free][0];
    if (along === undefined) {
      left.push(axis);
      continue;
    }
    free.delete(along);
    const places = description.furtherAxes?.[axis];
    modulos.push({ along, axis, count, ...(places ? { places } : {}) });
  }
  return { modulos, left };
}

/** An image with t, c and z only, as it is stored in OME-TIFF; the image itself where it has no further axes. */
export function foldedForOme(image: ImagePixels): {
  description: OmeDescription;
  readRegion: ImagePixels['readRegion'];
} {
  const { modulos } = modulosOf(image.description);
  if (modulos.length === 0) return image;
  const { sizes, channels, furtherAxes: _, planeTimes: __, ...rest } = image.description;
  const countOf = (along: Modulo['along']): number => modulos.find((one) => one.along === along)?.count ?? 1;
  const [inC, inZ, inT] = [countOf('c'), countOf('z'), countOf('t')];
  const spectral = modulos.find(({ along }) => along === 'c');
  const description: OmeDescription = {
    ...rest,
    sizes: { t: sizes.t * inT, c: sizes.c * inC, z: sizes.z * inZ, y: sizes.y, x: sizes.x },
    channels: Array.from({ length: Math.min(sizes.c * inC, 100_000) }, (_place, c) =>
      channelAt(channels[Math.floor(c / inC)], spectral, c % inC),
    ),
    ...(inT === 1 && image.description.planeTimes ? { planeTimes: image.description.planeTimes } : {}),
    modulos,
  };
  return {
    description,
    readRegion: ({ t, c, z }, region, level, signal) => {
      const other: Record<string, number> = {};
      for (const { along, axis, count } of modulos) other[axis] = { t, c, z }[along] % count;
      const plane = { t: Math.floor(t / inT), c: Math.floor(c / inC), z: Math.floor(z / inZ), other };
      return image.readRegion(plane, region, level, signal);
    },
  };
}

/** A channel at one place of a further axis: its name says which, and a wavelength of the axis is its own. */
function channelAt(
  channel: ChannelDescription | undefined,
  modulo: Modulo | undefined,
  place: number,
): ChannelDescription {
  if (!modulo) return channel ?? { name: '' };
  const { axis, places } = modulo;
  const value = places?.unit === 'nanometer' ? placeValue(places, place) : undefined;
  return {
    ...channel,
    name: [channel?.name, placeName(places, place)].filter(Boolean).join(' '),
    ...(value !== undefined && axis === 'emission' ? { emissionNanometers: value } : {}),
    ...(value !== undefined && axis === 'excitation' ? { excitationNanometers: value } : {}),
  };
}

/** Elements and attributes of the annotation of an image; the text is escaped by the caller's function. */
export function moduloXml(modulos: readonly Modulo[], escape: (text: string) => string): string {
  const order = ['z', 't', 'c'];
  const elements = modulos
    .toSorted((a, b) => order.indexOf(a.along) - order.indexOf(b.along))
    .map(({ along, axis, count, places }) => {
      const name = `ModuloAlong${along.toUpperCase()}`;
      const { start = 0, step = 1, labels, unit } = places ?? {};
      const end = Number((start + (count - 1) * step).toPrecision(12));
      const attributes = [
        `Type="${kinds[axis] ?? 'other'}"`,
        `TypeDescription="${escape(axis)}"`,
        ...(unit ? [`Unit="${escape(unitSymbol(unit))}"`] : []),
        ...(labels ? [] : [`Start="${start}" End="${end}" Step="${step}"`]),
      ].join(' ');
      const inside = labels?.map((label) => `<Label>${escape(label)}</Label>`).join('') ?? '';
      return inside ? `<${name} ${attributes}>${inside}</${name}>` : `<${name} ${attributes}/>`;
    });
  return `<Modulo xmlns="" namespace="http://www.openmicroscopy.org/Schemas/Additions/2011-09">${elements.join('')}</Modulo>`;
}

/** Comments of this name space name the program that took an image; `Creator` names the one that wrote the file. */
export const softwareNamespace = 'micrarium/acquisition-software';

/** A `ModuloAlong…` element as it stands. */
export interface StatedModulo {
  along: Modulo['along'];
  attributes: Readonly<Record<string, string>>;
  labels: string[];
}

/**
 * The modulos that fit the sizes of an image; sizes that are no multiple are left as they are. Our own name of an axis is
 * its description, where another program wrote it its type.
 */
export function understoodModulos(stated: readonly StatedModulo[], sizes: ImageSizes): Modulo[] {
  const found: Modulo[] = [];
  for (const { along, attributes: a, labels } of stated) {
    const [start, end, step] = [a['Start'], a['End'], a['Step'] ?? '1'].map((text) => Number(text ?? Number.NaN));
    const byStep = step! !== 0 && start !== end ? Math.round((end! - start!) / step!) + 1 : 1;
    const count = labels.length > 0 ? labels.length : byStep;
    const said = /^[a-z][a-z0-9_-]{0,29}$/.test(a['TypeDescription'] ?? '') ? a['TypeDescription']! : undefined;
    const axis = said ?? (/^[a-z]{2,30}$/.test(a['Type'] ?? '') ? a['Type']! : 'other');
    const isTaken = axis in sizes || found.some((one) => one.along === along || one.axis === axis);
    if (!Number.isSafeInteger(count) || count < 2 || sizes[along]! % count !== 0 || isTaken) continue;
    const unit = a['Unit'] === undefined ? {} : { unit: unitNamed(a['Unit']) };
    // Steps of 1 from 0 without a unit are what stands where nothing is known.
    const isKnown = 'unit' in unit || start !== 0 || step !== 1;
    const numbers = isKnown ? { start: start!, step: step!, ...unit } : undefined;
    const places = labels.length > 0 ? { labels, ...unit } : numbers;
    found.push({ along, axis, count, ...(places ? { places } : {}) });
  }
  return found;
}

/** The name of a channel without that of its place, which we write behind it. */
export function withoutPlace(name: string, modulo: Modulo): string {
  const place = placeName(modulo.places, 0);
  return name === place ? '' : name.endsWith(` ${place}`) ? name.slice(0, -place.length - 1) : name;
}
