import type { ImageDescription, InstrumentDescription } from '@micrarium/model';
import { hasValues, known, micrometers, positive, voxelSizeOf } from '../stored/stated-values.ts';
import type { TiffDirectory, TiffFile } from './directory.ts';
import { tag } from './tags.ts';

/** What the private tags of electron microscopes say. */
export type StatedByElectronMicroscope = Pick<ImageDescription, 'voxelSize' | 'instrument' | 'acquiredAt'> & {
  text: string;
};

/** Reads the tags of Zeiss (34118) and FEI (34682) scanning electron microscopes; `undefined` where there are none. */
export async function electronMicroscope(
  file: TiffFile,
  directory: TiffDirectory,
): Promise<StatedByElectronMicroscope | undefined> {
  const fei = await file.text(directory, tag.fei, 1 << 20);
  if (fei !== undefined) return feiValues(fei);
  const zeiss = await file.text(directory, tag.zeissSem, 1 << 20);
  return zeiss === undefined ? undefined : zeissValues(zeiss);
}

/** Lines `name=value` below titles in brackets; lengths in meters. */
function feiValues(text: string): StatedByElectronMicroscope {
  const values = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    section = /^\[(.*)\]/.exec(line)?.[1] ?? section;
    const equals = line.indexOf('=');
    if (equals > 0) values.set(`${section}/${line.slice(0, equals).trim()}`, line.slice(equals + 1).trim());
  }
  const day = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(values.get('User/Date') ?? '');
  // Month and day are told apart only where one of them is above 12.
  const isDayFirst = day !== null && Number(day[1]) > 12;
  const isMonthFirst = day !== null && Number(day[2]) > 12;
  const pad = (part: string): string => part.padStart(2, '0');
  const date = isDayFirst
    ? `${day[3]}-${pad(day[2]!)}-${pad(day[1]!)}`
    : isMonthFirst
      ? `${day[3]}-${pad(day[1]!)}-${pad(day[2]!)}`
      : undefined;
  const instrument: InstrumentDescription = {
    manufacturer: 'FEI',
    ...known('model', values.get('System/SystemType') ?? values.get('System/Type')),
    ...known('detector', values.get('Detectors/Name')),
    ...known('software', values.get('System/Software')),
  };
  return {
    ...voxelSizeOf(micrometers(values.get('Scan/PixelWidth'), 1e6), micrometers(values.get('Scan/PixelHeight'), 1e6)),
    instrument,
    ...known('acquiredAt', date),
    text,
  };
}

const perUnit: Readonly<Record<string, number>> = { pm: 1e-6, nm: 1e-3, um: 1, µm: 1, mm: 1e3 };

/** Pairs of lines, a name such as AP_IMAGE_PIXEL_SIZE and its value "Image Pixel Size = 2.5 nm". */
function zeissValues(text: string): StatedByElectronMicroscope {
  const lines = text.split(/\r?\n/);
  const valueOf = (name: string): string | undefined => {
    const at = lines.findIndex((line) => line.trim() === name);
    return at < 0 ? undefined : /=\s*(.*)$/.exec(lines[at + 1] ?? '')?.[1]?.trim();
  };
  const size = /^([\d.]+)\s*(pm|nm|um|µm|mm)$/i.exec(valueOf('AP_IMAGE_PIXEL_SIZE') ?? valueOf('AP_PIXEL_SIZE') ?? '');
  const pixel = size ? micrometers(positive(size[1]), perUnit[size[2]!.toLowerCase()] ?? 1) : undefined;
  const instrument: InstrumentDescription = {
    manufacturer: 'Zeiss',
    ...known('model', valueOf('DP_SEM') ?? valueOf('SV_SERIAL_NUMBER')),
    ...known('detector', valueOf('DP_DETECTOR_TYPE') ?? valueOf('DP_DETECTOR_CHANNEL')),
    ...known('software', valueOf('SV_VERSION')),
  };
  return { ...voxelSizeOf(pixel, pixel), ...(hasValues(instrument) ? { instrument } : {}), text };
}
