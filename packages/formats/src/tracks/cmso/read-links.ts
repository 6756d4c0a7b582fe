import { DisjointRows } from '@micrarium/model';
import { edgesAlongChains } from '../../tables/delimited/chain-edges.ts';
import { NumberList } from '../../tables/delimited/id-index.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { parseNumber } from '../../tables/delimited/cell-values.ts';
import { tableRows } from '../../tables/delimited/table-scan.ts';
import type { CmsoIssueCode } from './issues.ts';
import type { ObjectRows } from './read-objects.ts';
import type { TableFile } from './package-files.ts';

/** Edges of the links table, by rows of the objects table. */
export interface LinkedEdges {
  count: number;
  source: Uint32Array;
  target: Uint32Array;
  /** An object of each link, by the link's text; for checking the tracks table. */
  objectOfLink: Map<string, number>;
  /** Objects that occur in a link. */
  linkedObjects: number;
}

/**
 * Edges of a links table: along each link in the order of frames, every consecutive pair is one edge; the union over
 * all links, each edge once. Link ids carry no identity of a cell (CMSO Tracks v0.1, gap closing forms A, B and C).
 */
export async function readLinks(
  files: readonly TableFile[],
  objects: ObjectRows,
  tally: IssueTally<CmsoIssueCode>,
  signal?: AbortSignal,
): Promise<LinkedEdges> {
  const links = new Map<string, number>();
  const objectOfLink = new Map<string, number>();
  const chain = new NumberList();
  const row = new NumberList();
  for (const file of files) {
    const at = (name: string) => file.dialect.header.indexOf(name);
    const [linkAt, objectAt, frameAt] = [at('cmso_link_id'), at('cmso_object_id'), at('cmso_frame_id')];
    for await (const rows of tableRows(file.source, file.dialect, new IssueTally(), signal ? { signal } : {}))
      for (const { cells, line } of rows) {
        const link = (cells[linkAt] ?? '').trim();
        const object = cells[objectAt] ?? '';
        const found = objects.keys.rowOf(object, parseNumber(cells[frameAt] ?? '') ?? Number.NaN);
        if (found === -1)
          tally.note('dangling-link', { file: file.path, line }, `line ${line}: link ${link}, object ${object}`);
        if (found < 0) continue;
        if (!links.has(link)) {
          objectOfLink.set(link, found);
          links.set(link, links.size);
        }
        chain.push(links.get(link)!);
        row.push(found);
      }
  }
  const names = [...links.keys()];
  const rows = Uint32Array.from(row.toArray());
  const edges = edgesAlongChains({
    count: rows.length,
    chain: Int32Array.from(chain.toArray()),
    row: rows,
    frame: Int32Array.from(rows, (object) => objects.frames.at(object)),
  });
  for (const { chain: link, frame, objects: several } of edges.ambiguous)
    tally.note('link-same-frame', {}, `link ${names[link]}, frame ${frame}: ${several} objects`);
  return {
    ...uniqueEdges(edges.source.subarray(0, edges.count), edges.target.subarray(0, edges.count), objects.ids.length),
    objectOfLink,
    linkedObjects: new Set(rows).size,
  };
}

/** Each edge once, in the order of source and target rows. */
function uniqueEdges(source: Uint32Array, target: Uint32Array, objects: number) {
  const keys = Float64Array.from(source, (from, i) => from * objects + target[i]!).sort();
  const unique = keys.filter((key, i) => i === 0 || key !== keys[i - 1]);
  return {
    count: unique.length,
    source: Uint32Array.from(unique, (key) => Math.floor(key / objects)),
    target: Uint32Array.from(unique, (key) => key % objects),
  };
}

/** Compares a table of tracks with the components of the graph; each disagreement is noted. */
export async function checkTracks(
  files: readonly TableFile[],
  edges: LinkedEdges,
  objectCount: number,
  tally: IssueTally<CmsoIssueCode>,
): Promise<void> {
  const components = new DisjointRows(objectCount);
  for (let i = 0; i < edges.count; i++) components.join(edges.source[i]!, edges.target[i]!);
  const trackOfComponent = new Map<number, string>();
  const componentOfTrack = new Map<string, number>();
  for (const file of files) {
    const trackAt = file.dialect.header.indexOf('cmso_track_id');
    const linkAt = file.dialect.header.indexOf('cmso_link_id');
    if (trackAt < 0 || linkAt < 0) continue;
    for await (const rows of tableRows(file.source, file.dialect, new IssueTally()))
      for (const { cells, line } of rows) {
        const track = (cells[trackAt] ?? '').trim();
        const object = edges.objectOfLink.get((cells[linkAt] ?? '').trim());
        if (object === undefined) continue;
        const component = components.find(object);
        const known = componentOfTrack.get(track);
        const owner = trackOfComponent.get(component);
        if ((known !== undefined && known !== component) || (owner !== undefined && owner !== track))
          tally.note('track-id-disagrees-with-graph', { file: file.path, line }, `line ${line}: track ${track}`);
        componentOfTrack.set(track, known ?? component);
        trackOfComponent.set(component, owner ?? track);
      }
  }
}
