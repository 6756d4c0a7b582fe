import { stemOf } from '../../bytes/file-tree.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { ChainList, RowStream, pointHeader } from '../row-stream.ts';
import { attributeNumber, walkElements } from '../simple/xml-elements.ts';
import { type TrackFileIssueCode, trackFileIssue } from '../track-file-issues.ts';
import type { TrackReader } from '../track-reader.ts';

interface End {
  id: number;
  frame: number;
}

/**
 * Reads Icy's track files: groups of tracks of detections, and links from the last detection of one track to the first
 * of another. `trackgroup` may lie inside `trackfile` or beside it.
 */
export const icyXmlReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const source = await item.files[0]!.open();
    const where = { file: item.path };
    const walkOptions = options.signal ? { signal: options.signal } : {};
    let hasZ = false;
    let version: string | undefined;
    const fault = await walkElements(
      source,
      {
        open(name, attributes) {
          if (name === 'trackfile') version = attributes['version'];
          if (name === 'detection' && (attributeNumber(attributes, 'z') || 0) !== 0) hasZ = true;
        },
      },
      walkOptions,
    );
    const about = version === undefined ? {} : { formatVersion: version };
    if (fault?.code === 'xml-doctype-refused')
      return { issues: [trackFileIssue(fault.code, fault.message, { where })], ...about };
    const tally = new IssueTally<TrackFileIssueCode>();
    const stream = await RowStream.begin(
      sink,
      pointHeader(stemOf(source.name), {
        spaceUnit: 'pixel',
        sourceFrameBase: 0,
        hasZ,
        objectColumns: [
          { name: 'source_track_id', type: 'int', description: 'Id of the track', sourceKey: 'id' },
          { name: 'group', type: 'string', description: 'Group of tracks', sourceKey: 'description' },
          {
            name: 'detection_type',
            type: 'int',
            description: '1: found in the image, 2: predicted',
            sourceKey: 'type',
          },
          { name: 'class_name', type: 'string', sourceKey: 'classname' },
          { name: 'color', type: 'int', sourceKey: 'color' },
        ],
        provenance: { software: 'Icy' },
      }),
      options.signal,
    );
    const reading = new IcyTracks(stream, tally);
    await walkElements(source, reading, {
      ...walkOptions,
      onBytes: (done) => options.onProgress?.(done / source.size),
    });
    await reading.finish();
    if (!hasZ) tally.note('z-all-zero', {}, 'z');
    tally.note('pixel-units-only', {}, 'Icy counts pixels');
    const issues = tally.issues(trackFileIssue, item.path, {
      'z-all-zero': () => 'every z is 0',
      'pixel-units-only': () => 'positions are in pixels',
      'virtual-detections': (n) => `${n} ${n === 1 ? 'detection was' : 'detections were'} predicted`,
      'track-parent-unknown': (n) => `${n} ${n === 1 ? 'link' : 'links'} without an edge`,
      'duplicate-frame-in-track': (n) =>
        `${n} ${n === 1 ? 'frame' : 'frames'} in which one track has several detections`,
      'detection-without-time': (n) => `${n} ${n === 1 ? 'detection' : 'detections'} without a frame`,
    });
    if (fault) issues.unshift(trackFileIssue(fault.code, fault.message, { where: { ...where, line: fault.line } }));
    return { issues, ...about };
  },
};

class IcyTracks {
  private readonly stream: RowStream;
  private readonly tally: IssueTally<TrackFileIssueCode>;
  private readonly chains = new ChainList();
  private readonly first = new Map<string, End>();
  private readonly last = new Map<string, End>();
  private readonly links: { from: string; to: string }[] = [];
  private group = '';
  private track = '';
  private chain = -1;
  private id = 0;

  constructor(stream: RowStream, tally: IssueTally<TrackFileIssueCode>) {
    this.stream = stream;
    this.tally = tally;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): Promise<void> | undefined {
    if (name === 'trackgroup') this.group = attributes['description'] ?? '';
    else if (name === 'track') {
      this.track = attributes['id'] ?? '';
      this.chain++;
    } else if (name === 'link') this.links.push({ from: attributes['from'] ?? '', to: attributes['to'] ?? '' });
    else if (name === 'detection') return this.detection(attributes);
    return undefined;
  }

  async finish(): Promise<void> {
    const { stream, tally } = this;
    const { ambiguous } = await stream.chains(this.chains);
    for (const { frame } of ambiguous) tally.note('duplicate-frame-in-track', {}, `frame ${frame}`);
    for (const { from, to } of this.links) {
      const before = this.last.get(from);
      const after = this.first.get(to);
      if (before && after && before.frame < after.frame) await stream.edge(before.id, after.id);
      else tally.note('track-parent-unknown', {}, `from ${from} to ${to}`);
    }
    await stream.end();
  }

  private detection(attributes: Readonly<Record<string, string>>): Promise<void> | undefined {
    const frame = Math.round(attributeNumber(attributes, 't'));
    if (!(Math.abs(frame) < 2 ** 31)) {
      this.tally.note('detection-without-time', {}, `track ${this.track}`);
      return undefined;
    }
    const end = { id: this.id++, frame };
    const { track } = this;
    const first = this.first.get(track);
    const last = this.last.get(track);
    if (!first || frame < first.frame) this.first.set(track, end);
    if (!last || frame >= last.frame) this.last.set(track, end);
    this.chains.note(this.chain, end.id, frame);
    const type = whole(attributes['type']);
    if (type === 2) this.tally.note('virtual-detections', {}, `track ${track}, frame ${frame}`);
    return this.stream.object({
      ...end,
      x: attributeNumber(attributes, 'x'),
      y: attributeNumber(attributes, 'y'),
      z: attributeNumber(attributes, 'z'),
      values: [whole(track), this.group, type, attributes['classname'], whole(attributes['color'])],
    });
  }
}

function whole(text: string | undefined): number | undefined {
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
