import type { ColumnDescription, Issue } from '@micrarium/model';
import { type FileEntry, baseName, stemOf } from '../../bytes/file-tree.ts';
import { openZip } from '../../containers/zip/open-zip.ts';
import { ZipEntryDamaged } from '../../containers/zip/zip-entry.ts';
import type { Item } from '../../recognition/item.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { RowStream, pointHeader } from '../row-stream.ts';
import { trackFileIssue } from '../track-file-issues.ts';
import type { ReadOptions, SetHeader, TrackReader, TrackSink } from '../track-reader.ts';
import { type AcetreeIssueCode, acetreeIssue } from './issues.ts';
import { type NucleiFile, type Nucleus, nucleiFiles, readNucleus } from './nuclei-files.ts';
import { type AcetreeSettings, acetreeSettings, longestSettings } from './settings.ts';

/**
 * Reads nuclei of StarryNite and AceTree: an object a living nucleus, its name and diameter, an edge from the
 * predecessor that it names by its place in the file before. Micrometers where the settings say how large pixels and
 * slices are, else pixels and slices; slices and time points count from 1 there, from 0 here.
 * Columns after Nucleus.java of AceTree (org.rhwlab.snight).
 */
export const acetreeReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const found = await findNuclei(item, options.signal);
    const { files, settings, issues } = found;
    if (files.length === 0) {
      const named = settings ? `${settings.nuclei} is not here` : 'there is no file of nuclei';
      issues.push(acetreeIssue('acetree-nuclei-missing', named, { where: { file: item.path } }));
      return { issues };
    }
    const reading = new Reading(found, item.path, options);
    await reading.run(sink);
    return { issues: [...issues, ...reading.issues()] };
  },
};

interface FoundNuclei {
  files: NucleiFile[];
  settings?: AcetreeSettings;
  name: string;
  issues: Issue[];
}

/** The nuclei of an item: its files, or those of the archive that the settings name. */
async function findNuclei({ path, tree }: Item, signal: AbortSignal | undefined): Promise<FoundNuclei> {
  const issues: Issue[] = [];
  let settings: AcetreeSettings | undefined;
  let name = stemOf(path) || tree.name || 'nuclei';
  for (const entry of tree.entries
    .filter((one) => /\.xml$/i.test(one.path) && one.size <= longestSettings)
    .slice(0, 20)) {
    const text = new TextDecoder().decode(await (await entry.open()).read(0, entry.size, signal));
    settings = acetreeSettings(text);
    if (!settings) continue;
    name = stemOf(entry.path);
    break;
  }
  let files = nucleiFiles(tree.entries);
  const archives = tree.entries.filter((one) => /\.zip$/i.test(one.path));
  const archive = archives.find((one) => baseName(one.path) === settings?.nuclei) ?? archives[0];
  if (files.length === 0 && archive) {
    const opened = await openZip(await archive.open(), signal ? { signal } : {});
    issues.push(...opened.issues.map((issue) => ({ ...issue, where: { ...issue.where, file: archive.path } })));
    files = nucleiFiles(opened.tree.entries);
  }
  return { files, name, issues, ...(settings ? { settings } : {}) };
}

/** Cells of a line after the name, as AceTree calls them. */
const furtherCells: readonly (ColumnDescription & { at: number })[] = [
  { at: 10, name: 'weight', type: 'float', description: 'Intensity of the marker of nuclei' },
  { at: 11, name: 'rweight', type: 'float', description: 'Intensity of the reporter, corrected' },
  { at: 12, name: 'rsum', type: 'float', description: 'Sum of the reporter over the nucleus' },
  { at: 13, name: 'rcount', type: 'float', description: 'Voxels of that sum' },
  { at: 14, name: 'assigned_name', type: 'string', description: 'Name that a person gave', sourceKey: 'assignedID' },
  { at: 15, name: 'rwraw', type: 'float', description: 'Intensity of the reporter, not corrected' },
  { at: 16, name: 'rwcorr1', type: 'float', description: 'Background of the reporter in the whole image' },
  { at: 17, name: 'rwcorr2', type: 'float', description: 'Background of the reporter around the nucleus' },
  { at: 18, name: 'rwcorr3', type: 'float', description: 'Background around the nucleus without its neighbours' },
  { at: 19, name: 'rwcorr4', type: 'float', description: 'Crosstalk from the marker of nuclei' },
];

const largestFile = 1 << 24;

/** Nuclei of the time point before: the id of each by its place from 1, where it lives, and what it says comes next. */
interface Before {
  time: number;
  ids: (number | undefined)[];
  successors: (readonly number[])[];
}

type Code = AcetreeIssueCode | 'track-parent-unknown' | 'pixel-units-only';

class Reading {
  private readonly found: FoundNuclei;
  private readonly path: string;
  private readonly options: ReadOptions;
  private readonly tally = new IssueTally<Code>();
  private readonly damaged: Issue[] = [];
  private id = 0;

  constructor(found: FoundNuclei, path: string, options: ReadOptions) {
    this.found = found;
    this.path = path;
    this.options = options;
  }

  async run(sink: TrackSink): Promise<void> {
    const { files } = this.found;
    const further = await this.columnsWithValues();
    const header = this.header(further);
    const stream = await RowStream.begin(sink, header, this.options.signal);
    const isFirstAgain = (at: number) => at > 0 && files[at]!.time === files[at - 1]!.time;
    const base = header.sourceFrameBase!;
    let before: Before | undefined;
    for (const [at, { entry, time }] of files.entries()) {
      this.options.onProgress?.((1 + at / files.length) / 2);
      if (isFirstAgain(at)) {
        this.tally.note('acetree-line-left-out', {}, `${baseName(entry.path)} is a second file of its time point`);
        continue;
      }
      const now: Before = { time, ids: [undefined], successors: [[]] };
      const children = new Map<number, number[]>();
      const isNext = before?.time === time - 1;
      for (const nucleus of await this.nuclei(entry, true)) {
        const place = now.ids.length;
        now.ids.push(nucleus?.isAlive ? this.id : undefined);
        now.successors.push(nucleus?.successors ?? []);
        if (!nucleus?.isAlive) continue;
        await stream.object({ id: this.id, frame: time - base, ...this.values(nucleus, place, further) });
        const from = isNext ? before!.ids[nucleus.predecessor] : undefined;
        if (from !== undefined) {
          await stream.edge(from, this.id);
          const known = children.get(nucleus.predecessor);
          if (known) known.push(place);
          else children.set(nucleus.predecessor, [place]);
        } else if (nucleus.predecessor > 0)
          this.tally.note('track-parent-unknown', {}, `${baseName(entry.path)}: ${nucleus.predecessor}`);
        this.id++;
      }
      if (isNext) this.compareSuccessors(before!, children);
      before = now;
    }
    await stream.end();
    if (header.spaceUnit === 'pixel') this.tally.note('pixel-units-only', {}, 'no settings with xyRes and zRes');
  }

  issues(): Issue[] {
    const { tally, path, damaged } = this;
    const words: Partial<Record<Code, (count: number) => string>> = {
      'acetree-removed-nuclei': (n) => `${n} ${n === 1 ? 'nucleus is' : 'nuclei are'} marked as removed`,
      'acetree-links-disagree': (n) => `${n} ${n === 1 ? 'nucleus names' : 'nuclei name'} other successors`,
      'acetree-line-left-out': (n) => `${n} ${n === 1 ? 'line or file is' : 'lines or files are'} left out`,
      'track-parent-unknown': (n) => `${n} ${n === 1 ? 'predecessor is' : 'predecessors are'} not in the file before`,
      'pixel-units-only': () => 'x and y are in pixels, z in slices',
    };
    const make = (code: Code, message: string, details: { where: Issue['where'] }) =>
      code === 'track-parent-unknown' || code === 'pixel-units-only'
        ? trackFileIssue(code, message, details)
        : acetreeIssue(code, message, details);
    return [...damaged, ...tally.issues(make, path, words)];
  }

  private header(further: readonly ColumnDescription[]): SetHeader {
    const { settings, name, files } = this.found;
    const { xyRes, zRes, image, planeStart, planeEnd, text } = settings ?? {};
    const isScaled = xyRes !== undefined && zRes !== undefined;
    const spaceUnit = isScaled ? ('micrometer' as const) : ('pixel' as const);
    const slices = planeEnd === undefined ? undefined : planeEnd - planeStart! + 1;
    return pointHeader(name, {
      spaceUnit,
      // A radius in pixels is no radius across slices.
      entity: isScaled ? 'sphere' : 'point',
      hasZ: true,
      sourceFrameBase: files[0]!.time === 0 ? 0 : 1,
      objectColumns: [
        { name: 'name', type: 'string', description: 'Name of the cell in the lineage', sourceKey: 'identity' },
        { name: 'radius', type: 'float', unit: spaceUnit, description: 'Half of the size', sourceKey: 'size' },
        { name: 'source_id', type: 'int', description: 'Place of the nucleus in its file, from 1', sourceKey: 'index' },
        ...further,
      ],
      provenance: {
        software: 'StarryNite, AceTree',
        ...(image === undefined ? {} : { imageName: image }),
        ...(slices !== undefined && slices > 0 ? { imageSizes: { z: slices } } : {}),
        ...(isScaled ? { pixelSize: { x: xyRes, y: xyRes, z: zRes } } : {}),
        ...(text === undefined ? {} : { settings: text }),
      },
    });
  }

  private values(nucleus: Nucleus, place: number, further: readonly ColumnDescription[]) {
    const { settings } = this.found;
    const { xyRes, zRes, planeStart = 1 } = settings ?? {};
    const [inPlane, across] = xyRes !== undefined && zRes !== undefined ? [xyRes, zRes] : [1, 1];
    const { x, y, z, size, cells } = nucleus;
    const values: (number | string | undefined)[] = [
      cells[9] || undefined,
      size > 0 ? (size / 2) * inPlane : undefined,
      place,
    ];
    for (const column of furtherCells)
      if (further.some(({ name }) => name === column.name)) values.push(cellOf(cells[column.at], column.type));
    return { x: x * inPlane, y: y * inPlane, z: (z - planeStart) * across, values };
  }

  /** Those of the further cells that say something: older files end before them, and most are 0 where there is no reporter. */
  private async columnsWithValues(): Promise<ColumnDescription[]> {
    const { files } = this.found;
    const open = new Set(furtherCells);
    for (const [at, { entry }] of files.entries()) {
      this.options.onProgress?.(at / files.length / 2);
      if (open.size === 0) break;
      for (const nucleus of await this.nuclei(entry, false)) {
        if (!nucleus?.isAlive) continue;
        for (const column of open) if (cellOf(nucleus.cells[column.at], column.type)) open.delete(column);
      }
    }
    return furtherCells.filter((column) => !open.has(column));
  }

  /** The nuclei of a file by their place; `undefined` for a line that is none. What is wrong is noted the second time. */
  private async nuclei(entry: FileEntry, isNoted: boolean): Promise<(Nucleus | undefined)[]> {
    this.options.signal?.throwIfAborted();
    const lines = (await this.text(entry, isNoted)).split(/\r\n|\n|\r/);
    const all: (Nucleus | undefined)[] = [];
    for (const line of lines) {
      if (line.trim() === '') continue;
      const nucleus = readNucleus(line);
      all.push(nucleus);
      if (!isNoted) continue;
      const example = `${baseName(entry.path)}, line ${all.length}`;
      if (!nucleus) this.tally.note('acetree-line-left-out', {}, example);
      else if (!nucleus.isAlive) this.tally.note('acetree-removed-nuclei', {}, example);
    }
    return all;
  }

  private async text(entry: FileEntry, isNoted: boolean): Promise<string> {
    try {
      const source = await entry.open();
      if (source.size > largestFile) {
        if (isNoted) this.tally.note('acetree-line-left-out', {}, `${baseName(entry.path)} has ${source.size} bytes`);
        return '';
      }
      return new TextDecoder().decode(await source.read(0, source.size, this.options.signal));
    } catch (error) {
      if (!(error instanceof ZipEntryDamaged)) throw error;
      if (isNoted) this.damaged.push(error.issue);
      return '';
    } finally {
      await entry.close?.();
    }
  }

  private compareSuccessors({ time, ids, successors }: Before, children: ReadonlyMap<number, readonly number[]>): void {
    for (const [place, id] of ids.entries()) {
      if (id === undefined) continue;
      const said = new Set(successors[place]);
      const real = children.get(place) ?? [];
      if (said.size !== real.length || real.some((one) => !said.has(one)))
        this.tally.note('acetree-links-disagree', {}, `time point ${time}, nucleus ${place}`);
    }
  }
}

/** A cell as its column has it; nothing for an empty one, and for a number that is none. */
function cellOf(cell: string | undefined, type: ColumnDescription['type']): number | string | undefined {
  if (cell === undefined || cell === '') return undefined;
  if (type === 'string') return cell;
  const value = Number(cell);
  return Number.isNaN(value) ? undefined : value;
}
