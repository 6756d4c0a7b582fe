import { type TrackSet, columnValue } from '@micrarium/model';
import type { FileSinkWriter, TrackWriter, WriteOptions } from '../track-reader.ts';
import { lossReport } from '../loss/report.ts';
import type { Surviving } from '../loss/surviving.ts';
import {
  type Declaration,
  type WrittenFeature,
  attribute,
  attributeText,
  declaration,
  modelUnits,
  spotDeclarations,
  writtenFeatures,
} from './features.ts';
import { trackmateLosses } from './issues.ts';
import { settingsOf } from './settings.ts';
import { flatOutline, writtenIds } from './spots.ts';
import { surviving } from './surviving.ts';
import { groupTracks, trackIdColumns } from './track-grouping.ts';
import { isDeclared, spotColumns, trackColumns, versionOf } from './written.ts';

const piece = 1 << 16;

/**
 * Writes TrackMate XML, as versions 7 and later read it: spots with features and outlines, edges, tracks with their
 * names, features and visibility, the film and the settings. A file holds one set.
 */
export const trackmateWriter: TrackWriter = {
  layout: 'file',
  extension: '.xml',
  losses: (sets) => lossReport(sets, survivingSets(sets), trackmateLosses),
  surviving: survivingSets,
  async write(sets, sink, options = {}) {
    const [set] = sets;
    if (!set) throw new TypeError('there is no set to write');
    const out = new TextPieces(await sink.create(''), options);
    await writeSet(set, out, options);
    await out.close();
  },
};

function survivingSets(sets: readonly TrackSet[]): (Surviving | undefined)[] {
  return sets.map((set, i) => (i === 0 ? surviving(set) : undefined));
}

/** Text to a file, some at a time. */
class TextPieces {
  private readonly writer: FileSinkWriter;
  private readonly options: WriteOptions;
  private readonly encoder = new TextEncoder();
  private text = '';

  constructor(writer: FileSinkWriter, options: WriteOptions) {
    this.writer = writer;
    this.options = options;
  }

  /** Adds text; a promise to wait for where a piece is written. */
  add(text: string): Promise<void> | undefined {
    this.text += text;
    return this.text.length < piece ? undefined : this.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.writer.close();
  }

  private async flush(): Promise<void> {
    this.options.signal?.throwIfAborted();
    const bytes = this.encoder.encode(this.text);
    this.text = '';
    await this.writer.write(bytes);
  }
}

async function writeSet(set: TrackSet, out: TextPieces, options: WriteOptions): Promise<void> {
  const { provenance } = set;
  const units = modelUnits(set);
  const spots = writtenFeatures('spot', spotColumns(set), set);
  const named = trackIdColumns(set);
  const edges = writtenFeatures(
    'edge',
    set.edges.columns.filter((column) => column !== named?.edges),
    set,
  );
  const tracks = writtenFeatures('track', named ? trackColumns(set) : [], set);
  await out.add(
    `<?xml version="1.0" encoding="UTF-8"?>\n<TrackMate version="${attributeText(versionOf(set))}">\n  <Model spatialunits="${attributeText(units.space)}" timeunits="${attributeText(units.time)}">\n${declarations(spots, edges, tracks, named?.tracks.description ?? 'Track ID')}`,
  );
  const ids = writtenIds(set);
  await writeSpots(set, ids, spots, out, options);
  await writeTracks(set, ids, edges, tracks, out);
  await out.add(`  </Model>\n${settingsOf(provenance)}</TrackMate>\n`);
}

function declarations(
  spots: readonly WrittenFeature[],
  edges: readonly WrittenFeature[],
  tracks: readonly WrittenFeature[],
  trackId: string,
): string {
  const own = (keys: readonly Declaration[]) =>
    keys.map(
      ([key, name, dimension, isInt = false]) =>
        `<Feature feature="${key}" name="${attributeText(name)}" shortname="${attributeText(name)}" dimension="${dimension}" isint="${isInt}" />`,
    );
  const list = (name: string, first: readonly string[], features: readonly WrittenFeature[]) =>
    `      <${name}>\n${[...first, ...features.filter((one) => isDeclared(one)).map(declaration)].map((line) => `        ${line}\n`).join('')}      </${name}>\n`;
  const spot = own(spotDeclarations(spots));
  const edge = own([
    ['SPOT_SOURCE_ID', 'Source spot ID', 'NONE', true],
    ['SPOT_TARGET_ID', 'Target spot ID', 'NONE', true],
  ]);
  const track = own([['TRACK_ID', trackId, 'NONE', true]]);
  return `    <FeatureDeclarations>\n${list('SpotFeatures', spot, spots)}${list('EdgeFeatures', edge, edges)}${list('TrackFeatures', track, tracks)}    </FeatureDeclarations>\n`;
}

async function writeSpots(
  set: TrackSet,
  ids: Float64Array | Uint32Array,
  features: readonly WrittenFeature[],
  out: TextPieces,
  options: WriteOptions,
): Promise<void> {
  const { objects } = set;
  const order = Uint32Array.from({ length: objects.count }, (_, row) => row).sort(
    (a, b) => objects.frame[a]! - objects.frame[b]! || a - b,
  );
  const has = (key: string) => features.some((one) => one.key === key);
  const added = `${has('QUALITY') ? '' : ' QUALITY="0.0"'}${has('RADIUS') ? '' : ' RADIUS="1.0"'}${has('VISIBILITY') ? '' : ' VISIBILITY="1"'}`;
  await out.add(`    <AllSpots nspots="${objects.count}">\n`);
  let frame: number | undefined;
  for (const [done, row] of order.entries()) {
    if (objects.frame[row] !== frame) {
      const end = frame === undefined ? '' : '      </SpotsInFrame>\n';
      frame = objects.frame[row]!;
      await out.add(`${end}      <SpotsInFrame frame="${frame}">\n`);
    }
    let text = `        <Spot ID="${ids[row]}"`;
    for (const feature of features) text += attribute(feature, row);
    text += `${added} POSITION_X="${objects.x[row]}" POSITION_Y="${objects.y[row]}" POSITION_Z="${objects.z?.[row] ?? '0.0'}" POSITION_T="${objects.time?.[row] ?? frame}" FRAME="${frame}"`;
    const outline = flatOutline(set, row);
    text += outline ? ` ROI_N_POINTS="${outline.length / 2}">${outline.join(' ')}</Spot>\n` : ' />\n';
    const full = out.add(text);
    if (!full) continue;
    await full;
    options.onProgress?.(done / order.length);
  }
  await out.add(`${frame === undefined ? '' : '      </SpotsInFrame>\n'}    </AllSpots>\n`);
}

async function writeTracks(
  set: TrackSet,
  ids: Float64Array | Uint32Array,
  edgeFeatures: readonly WrittenFeature[],
  trackFeatures: readonly WrittenFeature[],
  out: TextPieces,
): Promise<void> {
  const { edges, sourceTracks } = set;
  const tracks = groupTracks(set);
  const isNamed = trackFeatures.some(({ key }) => key === 'name');
  await out.add('    <AllTracks>\n');
  for (const { id, row, edges: own } of tracks) {
    let text = `      <Track${isNamed && row !== undefined ? '' : ` name="Track_${id}"`} TRACK_ID="${id}"`;
    for (const feature of row === undefined ? [] : trackFeatures) text += attribute(feature, row!);
    await out.add(`${text}>\n`);
    for (const edge of own) {
      let line = `        <Edge SPOT_SOURCE_ID="${ids[edges.source[edge]!]}" SPOT_TARGET_ID="${ids[edges.target[edge]!]}"`;
      for (const feature of edgeFeatures) line += attribute(feature, edge);
      const full = out.add(`${line} />\n`);
      if (full) await full;
    }
    await out.add('      </Track>\n');
  }
  const visible = sourceTracks?.columns.find(({ name, type }) => name === 'visible' && type === 'bool');
  const shown = tracks.filter(({ row }) => row === undefined || !visible || columnValue(visible, row) === true);
  const listed = shown.map(({ id }) => `      <TrackID TRACK_ID="${id}" />\n`).join('');
  await out.add(`    </AllTracks>\n    <FilteredTracks>\n${listed}    </FilteredTracks>\n`);
}
