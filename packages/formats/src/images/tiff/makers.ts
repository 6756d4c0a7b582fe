import {
  type ChannelDescription,
  type ImageDescription,
  type InstrumentDescription,
  type Quantity,
  parseSpaceUnit,
  parseTimeUnit,
  toMicrometers,
  toSeconds,
} from '@micrarium/model';
import { resolveEntities } from '../../containers/xlsx/xml-text.ts';
import { rounded } from '../ome-xml/to-model.ts';
import { hasValues, known, micrometers, positive, voxelSizeOf } from '../stored/stated-values.ts';
import { type TiffDirectory, type TiffFile, decodeText } from './directory.ts';
import { scanImagePages } from './scanimage.ts';
import { tag } from './tags.ts';

/** What the maker of a TIFF says in a text or in tags of his own. */
export interface StatedByMaker
  extends Pick<ImageDescription, 'voxelSize' | 'timeStep' | 'origin' | 'acquiredAt' | 'instrument'> {
  /** Of the channels, where as many are there. */
  channels?: ChannelDescription[];
  /** What the picture shows, where it is one of several of a slide: label, macro. */
  shows?: string;
}

/** Reads what programs of microscopes write beside the standard tags; `{}` where it is none of those we know. */
export async function statedByMaker(file: TiffFile, directory: TiffDirectory): Promise<StatedByMaker> {
  const text = (await file.text(directory, tag.imageDescription, 1 << 20)) ?? '';
  if (/^\s*(?:<\?xml[^>]*>\s*)?<MetaData>/.test(text)) return metaSeries(text);
  if (text.startsWith('Aperio ')) return aperio(text);
  if (text.startsWith('SCIFIO=')) return scifio(text);
  const scanned = await scanImagePages(file, directory);
  if (scanned) {
    const { timeStep, channels, software } = scanned;
    return { ...known('timeStep', timeStep), channels, instrument: { software } };
  }
  if (directory.fields.has(tag.gatanUnitX)) return gatan(file, directory);
  if (directory.fields.has(tag.olympusSis)) return olympusSis(file, directory);
  return {};
}

const length = (value: string | number | undefined, unit: string | undefined): Quantity | undefined => {
  const parsed = parseSpaceUnit(unit ?? '');
  const perUnit = parsed && parsed !== 'pixel' ? toMicrometers({ value: 1, unit: parsed }) : undefined;
  return perUnit === undefined ? undefined : micrometers(value, perUnit);
};

/** `<prop id="spatial-calibration-x" type="float" value="0.645"/>` of MetaXpress and MetaMorph. */
function metaSeries(text: string): StatedByMaker {
  const values = new Map<string, string>();
  for (const [, id, value] of text.matchAll(/<(?:custom-)?prop id="([^"<]{0,200})"[^<>]{0,200}? value="([^"<]*)"/g))
    if (!values.has(id!)) values.set(id!, resolveEntities(value!));
  const isCalibrated = values.get('spatial-calibration-state') !== 'off';
  const size = (axis: 'x' | 'y'): Quantity | undefined =>
    isCalibrated
      ? length(values.get(`spatial-calibration-${axis}`), values.get('spatial-calibration-units'))
      : undefined;
  const place = (id: string): Quantity | undefined => {
    const value = Number(values.get(id) || Number.NaN);
    return Number.isFinite(value) ? { value: rounded(value), unit: 'micrometer' } : undefined;
  };
  const time = /^(\d{4})(\d\d)(\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)$/.exec(values.get('acquisition-time-local') ?? '');
  const origin = {
    ...known('z', place('z-position')),
    ...known('y', place('stage-position-y')),
    ...known('x', place('stage-position-x')),
  };
  const wavelength = positive(values.get('wavelength'));
  const exposure = /^([\d.]+) ?ms$/.exec(values.get('Exposure Time') ?? '')?.[1];
  const milliseconds = positive(exposure ?? /Exposure: ([\d.]+) ms/.exec(values.get('Description') ?? '')?.[1]);
  return {
    ...voxelSizeOf(size('x'), size('y')),
    ...(hasValues(origin) ? { origin } : {}),
    ...known('acquiredAt', time ? `${time[1]}-${time[2]}-${time[3]}T${time[4]}` : undefined),
    instrument: metaSeriesInstrument(values),
    channels: [
      {
        name: values.get('_IllumSetting_') || values.get('image-name') || '',
        ...known('emissionNanometers', wavelength && wavelength >= 100 && wavelength <= 2000 ? wavelength : undefined),
        ...known('exposureSeconds', milliseconds === undefined ? undefined : milliseconds / 1000),
      },
    ],
  };
}

function metaSeriesInstrument(values: ReadonlyMap<string, string>): InstrumentDescription {
  const lens = values.get('_MagSetting_');
  const aperture = positive(values.get('_MagNA_'));
  const objective = {
    ...known('model', lens),
    ...known('magnification', positive(/(\d+(?:\.\d+)?)\s*x/i.exec(lens ?? '')?.[1])),
    ...known('numericalAperture', aperture),
    ...known('refractiveIndex', aperture === undefined ? undefined : positive(values.get('_MagRI_'))),
  };
  const [x, y] = [positive(values.get('camera-binning-x')), positive(values.get('camera-binning-y'))];
  const program = [values.get('ApplicationName'), values.get('ApplicationVersion')].filter(Boolean).join(' ');
  return {
    ...(hasValues(objective) ? { objective } : {}),
    ...known('detector', /Acquired from ([^\r\n]+)/.exec(values.get('Description') ?? '')?.[1]?.trim()),
    ...known('detectorSettings', x && y ? `binning ${x}x${y}` : undefined),
    ...known('software', program),
  };
}

/** `Aperio Image Library …|AppMag = 20|MPP = 0.4990|Date = 12/29/09|Time = 09:59:15` of slide scanners. */
function aperio(text: string): StatedByMaker {
  const [head = '', ...pairs] = text.split('|');
  const values = new Map(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name.trim(), value.join('=').trim()];
    }),
  );
  const second = head.split(/\r?\n/)[1] ?? '';
  const shows = /^(label|macro)\b/.exec(second)?.[1] ?? (second.includes('->') ? 'thumbnail' : undefined);
  const date = /^(\d\d)\/(\d\d)\/(\d\d)(\d\d)?$/.exec(values.get('Date') ?? '');
  const time = /^\d\d:\d\d:\d\d$/.exec(values.get('Time') ?? '')?.[0];
  // Months stand first; two digits of the year are of this century.
  const day = date ? `${date[4] ? date[3]! + date[4] : `20${date[3]}`}-${date[1]}-${date[2]}` : undefined;
  const magnification = positive(values.get('AppMag'));
  const pixel = shows === undefined ? micrometers(values.get('MPP')) : undefined;
  return {
    ...voxelSizeOf(pixel, pixel),
    ...known('acquiredAt', day && time ? `${day}T${time}` : day),
    instrument: {
      manufacturer: 'Aperio',
      ...(magnification ? { objective: { magnification } } : {}),
      ...known('software', /^Aperio Image Library v[\d.]+/.exec(head)?.[0]),
    },
    ...known('shows', shows),
  };
}

/** Scales and units of the axes as SCIFIO (Fiji) writes them: `axes=X,Y,Z`, `scales=0.15,0.15,0.235`. */
function scifio(text: string): StatedByMaker {
  const list = (key: string): string[] => scifioList(text, key);
  const [axes, scales, units] = [list('axes'), list('scales'), list('units')];
  const along = (axis: string): [string | undefined, string | undefined] => {
    const at = axes.indexOf(axis);
    return [scales[at], units[at]];
  };
  const [step, unit] = along('Time');
  const parsed = parseTimeUnit(unit ?? '');
  const seconds = parsed && toSeconds({ value: positive(step) ?? 0, unit: parsed });
  return {
    ...voxelSizeOf(length(...along('X')), length(...along('Y')), length(...along('Z'))),
    ...(seconds ? { timeStep: { value: rounded(seconds), unit: 'second' } } : {}),
    instrument: { software: `SCIFIO ${/^SCIFIO=(\S*)/.exec(text)?.[1] ?? ''}`.trim() },
  };
}

/** The parts of a line such as `axes=X,Y,Z` of SCIFIO. */
export function scifioList(text: string, key: string): string[] {
  const line = text.split(/\r?\n/).find((each) => each.startsWith(`${key}=`));
  return line === undefined ? [] : line.slice(key.length + 1).split(',');
}

/** Gatan DigitalMicrograph: units of x and y as text, sizes as doubles. */
async function gatan(file: TiffFile, directory: TiffDirectory): Promise<StatedByMaker> {
  const size = async (unit: number, scale: number): Promise<Quantity | undefined> =>
    length(await file.number(directory, scale), await file.text(directory, unit, 100));
  return {
    ...voxelSizeOf(await size(tag.gatanUnitX, tag.gatanScaleX), await size(tag.gatanUnitY, tag.gatanScaleY)),
    instrument: { software: 'Gatan DigitalMicrograph' },
  };
}

/**
 * Olympus Soft Imaging Solutions: a record `SIS0` with minute, hour, day, month from 0, year since 1900, and a list of
 * further records, of which the first kind has the size of a pixel in meters and a power of ten.
 */
async function olympusSis(file: TiffFile, directory: TiffDirectory): Promise<StatedByMaker> {
  const at = (await file.number(directory, tag.olympusSis)) ?? 0;
  const view = await viewAt(file, at, 60);
  if (view.byteLength < 60 || view.getUint32(0, true) !== 0x30534953) return {};
  const [minute, hour, day, month, year] = [10, 12, 14, 16, 18].map((place) => view.getInt16(place, true)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(Date.UTC(1900 + year, month, day, hour, minute));
  const records = await viewAt(file, at + 60, 8 * Math.min(Math.max(view.getInt16(58, true), 0), 100));
  const stated: StatedByMaker = year > 80 && year < 300 ? { acquiredAt: date.toISOString().slice(0, 19) } : {};
  for (let record = 0; record + 8 <= records.byteLength; record += 8) {
    if (records.getInt16(record, true) !== 1) continue;
    const general = await viewAt(file, records.getUint32(record + 4, true), 112);
    if (general.byteLength < 112) break;
    const perUnit = 1e6 * 10 ** general.getInt16(10, true);
    const magnification = positive(general.getFloat64(36, true));
    const camera = decodeText(new Uint8Array(general.buffer, general.byteOffset + 46, 34))
      .split('\0')[0]!
      .trim();
    Object.assign(
      stated,
      voxelSizeOf(
        micrometers(general.getFloat64(12, true), perUnit),
        micrometers(general.getFloat64(20, true), perUnit),
      ),
    );
    const instrument = { ...known('detector', camera), ...(magnification ? { objective: { magnification } } : {}) };
    if (hasValues(instrument)) stated.instrument = instrument;
    break;
  }
  return stated;
}

async function viewAt({ source }: TiffFile, offset: number, bytes: number): Promise<DataView> {
  if (!(offset >= 0 && offset < source.size)) return new DataView(new ArrayBuffer(0));
  const read = await source.read(offset, bytes);
  return new DataView(read.buffer, read.byteOffset, read.byteLength);
}
