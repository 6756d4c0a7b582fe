import type { ChannelDescription, Quantity } from '@micrarium/model';
import { rounded } from '../ome-xml/to-model.ts';
import { positive } from '../stored/stated-values.ts';
import type { TiffDirectory, TiffFile } from './directory.ts';
import { tag } from './tags.ts';

/** How the pages of a ScanImage recording divide, slowest axis first, and what it says of time and channels. */
export interface ScanImagePages {
  sizes: Readonly<Record<string, number>>;
  pages: number;
  timeStep?: Quantity;
  channels: ChannelDescription[];
  software: string;
}

/**
 * Reads the settings that ScanImage (5 and later) writes as `SI.hChannels.channelSave = [1;2]` into the tag of the software
 * or the description of the first page. Channels follow each other fastest; then come the slices of a volume where the
 * objective moves while it scans, else all frames of a slice. `undefined` where it is none, or the pages do not divide so.
 */
export async function scanImagePages(file: TiffFile, directory: TiffDirectory): Promise<ScanImagePages | undefined> {
  const software = (await file.text(directory, tag.software, 1 << 20)) ?? '';
  const isInSoftware = /^SI\.\w+/m.test(software);
  const text = isInSoftware ? software : ((await file.text(directory, tag.imageDescription, 1 << 20)) ?? '');
  const values = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/^(?:scanimage\.)?SI\d*\.([\w.]+) = (.*?)\r?$/gm))
    if (!values.has(name!)) values.set(name!, value!.trim());
  const saved = values.get('hChannels.channelSave')?.match(/\d+/g);
  if (!saved) return undefined;
  const number = (name: string): number | undefined => positive(values.get(name));
  const { count } = await file.countDirectories();
  const frames = count / saved.length;
  if (!Number.isInteger(frames) || frames < 1) return undefined;
  const isVolume = /^(?:1|true)$/.test(values.get('hFastZ.enable') ?? '');
  const discards = /^(?:1|true)$/.test(values.get('hFastZ.discardFlybackFrames') ?? '');
  const perVolume = discards
    ? number('hFastZ.numFramesPerVolume')
    : (number('hFastZ.numFramesPerVolumeWithFlyback') ?? number('hFastZ.numFramesPerVolume'));
  const slices = number('hStackManager.actualNumSlices') ?? number('hStackManager.numSlices') ?? 1;
  const each = number('hStackManager.framesPerSlice') ?? 1;
  const rate = number('hRoiManager.scanFrameRate');
  const seconds = rate === undefined ? undefined : (number('hScan2D.logAverageFactor') ?? 1) / rate;
  let sizes: Record<string, number> = { t: frames, c: saved.length };
  let step = seconds;
  if (isVolume && perVolume && frames % perVolume === 0) {
    sizes = { t: frames / perVolume, z: perVolume, c: saved.length };
    step = seconds === undefined ? undefined : seconds * perVolume;
  } else if (slices > 1 && slices * each === frames) sizes = { z: slices, t: each, c: saved.length };
  const version = [values.get('VERSION_MAJOR'), values.get('VERSION_MINOR')].map((part) => part?.replaceAll("'", ''));
  return {
    sizes: Object.fromEntries(Object.entries(sizes).filter(([, length]) => length > 1)),
    pages: count,
    ...(step !== undefined && (sizes['t'] ?? 1) > 1 ? { timeStep: { value: rounded(step), unit: 'second' } } : {}),
    channels: saved.map((channel) => ({ name: `Channel ${channel}` })),
    software: `ScanImage ${version.filter(Boolean).join('.')}`.trim(),
  };
}
