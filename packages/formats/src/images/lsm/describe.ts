import type { ChannelDescription, ImageDescription, InstrumentDescription } from '@micrarium/model';
import { hasValues, known, micrometers, positive, timeStepOf, voxelSizeOf } from '../stored/stated-values.ts';
import { stemOf } from '../../bytes/file-tree.ts';
import { rounded } from '../ome-xml/to-model.ts';
import type { TiffPage } from '../tiff/page.ts';
import { describedType } from '../tiff/verify.ts';
import type { LsmInfo } from './info.ts';
import { type ScanBlock, scanBlock, scanBlocks, scanNumber, scanText, scanValue } from './scan-information.ts';

/** Describes an LSM of so many channels, slices and times (as found, not only as stated). */
export function describeLsm(
  info: LsmInfo,
  page: TiffPage,
  sizes: { t: number; c: number; z: number },
  path: string,
): ImageDescription {
  const { voxel, scan } = info;
  const started = scanNumber(scan, scanValue.startTime);
  const instrument = instrumentOf(scan);
  const stamps = info.timeStamps.slice(0, sizes.t);
  const stated = sizes.t > 1 ? positive(info.timeInterval) : undefined;
  const step = timeStepOf(stamps);
  return {
    name: scanText(scan, scanValue.name) ?? stemOf(path),
    sizes: { ...sizes, y: page.height, x: page.width },
    type: describedType(page),
    ...voxelSizeOf(
      micrometers(voxel.x, 1e6),
      micrometers(voxel.y, 1e6),
      sizes.z > 1 ? micrometers(voxel.z, 1e6) : undefined,
    ),
    // What the clock measured is nearer to the truth than what was asked for.
    ...(step.timeStep ? step : known('timeStep', stated === undefined ? undefined : { value: stated, unit: 'second' })),
    ...(stamps.length === sizes.t && sizes.t > 1
      ? { planeTimes: stamps.slice(0, 10_000).map((time) => time - stamps[0]!) }
      : {}),
    channels: channelsOf(info, sizes.c),
    ...known('acquiredAt', dateOf(started)),
    ...known('description', scanText(scan, scanValue.description) ?? scanText(scan, scanValue.notes)),
    ...(hasValues(instrument) ? { instrument } : {}),
  };
}

/** Days since 1899-12-30 by the clock of the computer; no zone is known. */
function dateOf(days: number | undefined): string | undefined {
  // From 1980 to 2100: other numbers are not dates.
  if (days === undefined || days < 29_221 || days > 73_415) return undefined;
  return new Date(Math.round((days - 25_569) * 86_400) * 1000).toISOString().replace('.000Z', '');
}

function channelsOf(info: LsmInfo, count: number): ChannelDescription[] {
  const detectors = scanBlocks(info.scan, scanBlock.detectionChannel).filter(
    (block) => scanNumber(block, scanValue.detectorAcquires) !== 0,
  );
  // Light of the track a detector stands in; several lasers at once do not say which one was meant.
  const tracks = scanBlocks(info.scan, scanBlock.track);
  return Array.from({ length: count }, (_, n): ChannelDescription => {
    const named = info.channels[n];
    const detector = detectors.length === count ? detectors[n] : undefined;
    const track = detector && tracks.find((one) => scanBlocks(one, scanBlock.detectionChannel).includes(detector));
    const lights = scanBlocks(track, scanBlock.illuminationChannel).filter(
      (block) => scanNumber(block, scanValue.lightAcquires) !== 0,
    );
    const wavelength = lights.length === 1 ? positive(scanNumber(lights[0], scanValue.lightWavelength)) : undefined;
    return {
      name: named?.name || scanText(detector, scanValue.channelName) || '',
      ...known('color', named?.color),
      ...known('fluorophore', scanText(detector, scanValue.dye)),
      // 405.00000000000006 in the files themselves.
      ...known('excitationNanometers', wavelength === undefined ? undefined : rounded(wavelength)),
      ...known('emissionNanometers', bandMiddle(detector)),
      ...known('pinholeMicrometers', positive(scanNumber(detector, scanValue.pinholeDiameter))),
    };
  });
}

/** The middle of the band that a spectral detector takes. */
function bandMiddle(detector: ScanBlock | undefined): number | undefined {
  const start = positive(scanNumber(detector, scanValue.bandStart));
  const end = positive(scanNumber(detector, scanValue.bandEnd));
  return start !== undefined && end !== undefined && end > start ? rounded((start + end) / 2) : undefined;
}

function instrumentOf(scan: ScanBlock | undefined): InstrumentDescription {
  const lens = scanText(scan, scanValue.objective);
  const lasers = scanBlocks(scan, scanBlock.laser)
    .map((block) => scanText(block, scanValue.laserName))
    .filter((name) => name !== undefined);
  const detector = scanText(scanBlocks(scan, scanBlock.detectionChannel)[0], scanValue.detectorName);
  const numbers = /(\d+(?:\.\d+)?)x\/(\d+(?:\.\d+)?)/.exec(lens ?? '');
  const immersion = /\b(oil|water|glycerol|air)\b/i.exec(lens ?? '')?.[1];
  return {
    ...known('manufacturer', scan ? 'Zeiss' : undefined),
    ...(lens === undefined
      ? {}
      : {
          objective: {
            model: lens,
            ...known('magnification', positive(numbers?.[1])),
            ...known('numericalAperture', positive(numbers?.[2])),
            ...known('immersion', immersion),
          },
        }),
    ...known('detector', detector),
    ...(lasers.length > 0 ? { lightSources: lasers } : {}),
  };
}
