import type { ChannelDescription, Issue } from '@micrarium/model';
import { type FileEntry, baseName } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import type { ImageReader, OpenedImages } from '../image-reader.ts';
import { OpenMembers } from '../series/open-members.ts';
import { seriesIssue } from '../series/series-issues.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { readXmlText } from '../tiff/ome-set.ts';
import { actionStep, cellVoyagerPlates } from './cellvoyager-names.ts';
import { type CellVoyagerSettings, readDetail, readRecords, readSetting } from './cellvoyager-settings.ts';
import { type StatedOfPlane, openPlate } from './plate-images.ts';
import { plateIssue } from './plate-issues.ts';
import { openPlatePlane } from './plate-plane.ts';

/** Settings and records larger than this are not held in memory. */
const largestText = 256 << 20;

/**
 * Opens a plate of a Yokogawa CellVoyager: planes in files of their own, joined by their names, with size of pixels, channels,
 * places and times of the files of settings beside them, where they are there.
 */
export const cellVoyagerReader: ImageReader = {
  async open(item: Item): Promise<OpenedImages> {
    const { entries } = item.tree;
    const paths = entries.map(({ path }) => path);
    const [plate] = cellVoyagerPlates(paths).sort((a, b) => b.planes.length - a.planes.length);
    if (!plate) {
      const message = 'No file of the plate has a name as a CellVoyager gives them.';
      return { images: [], issues: [seriesIssue('series-member-differs', message, { where: { file: item.path } })] };
    }
    const issues: Issue[] = [];
    const { settings, records, detail } = await statedBeside(entries, issues);
    const unnumbered = new Set(plate.planes.map(({ c }) => c));
    const opened = await openPlate(
      plate.planes,
      new OpenMembers(entries, openPlatePlane),
      {
        name: settings.title ?? (/^W?$/i.test(plate.name) ? baseName(plate.root) || item.tree.name : plate.name),
        channels: new Map([...unnumbered].map((c) => [c, channelOf(settings, c)])),
        ...(settings.size ? { size: settings.size } : {}),
        ...(settings.voxelSize ? { voxelSize: settings.voxelSize } : {}),
        ...(settings.instrument ? { instrument: settings.instrument } : {}),
        ...(records.size > 0 ? { planeStated: ({ path }) => records.get(baseName(path)) } : {}),
      },
      item.path,
    );
    const there = new Set(paths.map(baseName));
    const gone = [...records.keys()].filter((name) => !there.has(name));
    if (gone.length > 0) {
      const message = `MeasurementData.mlf names ${records.size} images, ${gone.length} of them are not there, such as ${gone[0]}.`;
      issues.push(plateIssue('plate-images-missing', message, { where: { file: item.path } }));
    }
    return {
      images: opened.images,
      issues: [...issues, ...opened.issues],
      ...(detail === undefined ? {} : { rawMetadata: { mediaType: 'application/xml', text: detail } }),
    };
  },
};

/** A channel of a later action is the same channel, and says so. */
function channelOf({ channels }: CellVoyagerSettings, number: number): Partial<ChannelDescription> {
  const [action, own] = [Math.floor(number / actionStep), number % actionStep];
  const channel = channels.get(own) ?? {};
  return action === 0 ? channel : { ...channel, name: `${channel.name || `channel ${own}`} (action ${action})` };
}

async function statedBeside(
  entries: readonly FileEntry[],
  issues: Issue[],
): Promise<{ settings: CellVoyagerSettings; records: Map<string, StatedOfPlane>; detail?: string }> {
  const textOf = async (name: RegExp): Promise<{ path: string; text: string } | undefined> => {
    const entry = entries.find(({ path, size }) => name.test(baseName(path)) && size <= largestText);
    if (!entry) return undefined;
    const text = await readXmlText(await entry.open());
    await entry.close?.();
    return text === undefined ? undefined : { path: entry.path, text };
  };
  const broken = (file: string, fault: string | undefined): void => {
    if (fault === undefined) return;
    const message = `${baseName(file)} is damaged: ${fault.split('\n')[0]}.`;
    issues.push(microscopeIssue('microscope-metadata-broken', message, { where: { file } }));
  };
  const detail = await textOf(/\.mrf$/i);
  const settings: CellVoyagerSettings = detail ? readDetail(detail.text) : { channels: new Map() };
  if (detail) broken(detail.path, settings.fault);
  const setting = await textOf(/\.mes$/i);
  if (setting) {
    const { channels, lens, fault } = readSetting(setting.text);
    broken(setting.path, fault);
    settings.channels = channels;
    settings.instrument = { manufacturer: 'Yokogawa', ...settings.instrument, ...(lens ? { objective: lens } : {}) };
  }
  const data = await textOf(/^MeasurementData\.mlf$/i);
  const records = data ? readRecords(data.text) : new Map<string, StatedOfPlane>();
  return { settings, records, ...(detail ? { detail: detail.text } : {}) };
}
