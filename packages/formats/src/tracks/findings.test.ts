import type { TrackSet } from '@micrarium/model';
import { describe, expect, it } from 'vitest';
import { inspectItem } from '../inspect.ts';
import { findItems } from '../recognition/find-items.ts';
import { trackFinding } from './findings-issues.ts';
import { findingsOfSet } from './findings.ts';
import { treeOf } from './item-for-tests.test-data.ts';

/** What the command line finds in a file. */
async function found(files: Record<string, string>, asked?: string) {
  const [item] = await findItems(treeOf(files), asked === undefined ? {} : { asked });
  const { issues } = await inspectItem(item!);
  return new Map(issues.map((issue) => [issue.code, issue]));
}

const header = 'object_id,frame,x,y,z,link_id,track_id,parent_object_ids';

const plainSet = (): TrackSet => ({
  name: 'a',
  spaceUnit: 'micrometer',
  timeUnit: 'second',
  provenance: { frameInterval: 2, software: 'x' },
  sourceFrameBase: 0,
  objects: {
    count: 3,
    id: Float64Array.of(0, 1, 2),
    frame: Int32Array.of(0, 1, 2),
    x: Float64Array.of(1, 2, 3),
    y: Float64Array.of(1, 2, 3),
    columns: [],
    entity: 'point',
  },
  edges: { count: 2, source: Uint32Array.of(0, 1), target: Uint32Array.of(1, 2), columns: [] },
});

describe('findings that do not depend on the format', () => {
  it('finds nothing in a set that says everything', () => {
    expect(findingsOfSet(plainSet(), 'a')).toEqual([]);
  });

  it('says units and intervals that are missing, frames without objects, and objects alone', () => {
    const { spaceUnit: _s, timeUnit: _t, ...set } = plainSet();
    set.provenance = {};
    set.objects.frame = Int32Array.of(3, 4, 9);
    set.edges = { count: 1, source: Uint32Array.of(0), target: Uint32Array.of(1), columns: [] };
    const { sourceFrameBase: _b, ...bare } = set;
    const codes = findingsOfSet(bare, 'a').map(({ code, message }) => [code, message]);
    expect(codes).toEqual([
      ['no-units', expect.any(String)],
      ['no-frame-interval', expect.any(String)],
      ['tracking-method-missing', expect.any(String)],
      ['frame-base-unknown', 'the first frame is 3'],
      ['frame-gap', '4 of the frames from 3 to 9 hold no object'],
      ['untracked-objects', '1 of 3 objects are in no track'],
    ]);
  });

  it('counts what filters hide, tracks of one object, and columns nobody can read', () => {
    const set = plainSet();
    set.objects.columns = [
      { name: 'visible', type: 'bool', values: Uint8Array.of(1, 0, 1) },
      { name: 'm2', type: 'float', values: Float64Array.of(1, 2, 3) },
      { name: 'area', type: 'float', unit: 'micrometer^2', values: Float64Array.of(1, 2, 3) },
      { name: 'track', type: 'int', role: 'track', values: Int32Array.of(7, 7, 8) },
    ];
    set.sourceTracks = { count: 2, columns: [{ name: 'visible', type: 'bool', values: Uint8Array.of(0, 1) }] };
    const messages = Object.fromEntries(findingsOfSet(set, 'a').map(({ code, message }) => [code, message]));
    expect(messages).toEqual({
      'column-without-meaning': '1 columns without unit and description: m2',
      'invisible-objects': '1 of 3 objects are hidden by a filter',
      'filtered-tracks': '1 of 2 tracks are hidden by a filter',
      'single-object-track': '1 of 2 tracks have one object (first: 8)',
    });
  });

  it('tells ids that are given again from rows that contradict each other, and from rows that are plainly doubled', async () => {
    const rows = ['1,0,0,0,1,,,', '1,1,5,5,1,,,', '2,0,1,1,1,,,', '2,0,9,9,1,,,', '3,0,4,4,1,,,', '3,0,4,4,1,,,'];
    const codes = await found({ 'a.csv': `${[header, ...rows].join('\n')}\n` });
    expect(codes.get('duplicate-object-id')?.severity).toBe('error');
    expect(codes.get('id-reused')?.message).toMatch(/^1 objects/);
    expect(codes.get('disagreeing-duplicate')?.message).toBe(
      '1 objects occur again in the same frame with other values (first: rows 3 and 4)',
    );
  });

  it('suspects z and time to be swapped where z counts up along tracks and frames do not', async () => {
    const swapped = Array.from({ length: 60 }, (_, i) => `${i % 3},0,${i},${i},${Math.floor(i / 3)}`);
    const table = (rows: string[]) => ({ 'a.csv': `track_id,t,x,y,z\n${rows.join('\n')}\n` });
    expect((await found(table(swapped))).get('axis-order-suspect')?.severity).toBe('warning');
    const straight = Array.from({ length: 60 }, (_, i) => `${i % 3},${Math.floor(i / 3)},${i},${i},${i % 2}`);
    expect((await found(table(straight))).has('axis-order-suspect')).toBe(false);
    const deep = { ...plainSet(), spaceUnit: 'pixel' as const };
    deep.objects = {
      ...deep.objects,
      count: 40,
      id: Float64Array.from({ length: 40 }, (_, i) => i),
      frame: Int32Array.from({ length: 40 }, (_, i) => i % 5),
      x: new Float64Array(40),
      y: new Float64Array(40),
      z: Float64Array.from({ length: 40 }, (_, i) => i),
    };
    deep.edges = { count: 0, source: new Uint32Array(0), target: new Uint32Array(0), columns: [] };
    deep.provenance = { ...deep.provenance, imageSizes: { z: 5, t: 60 } };
    expect(findingsOfSet(deep, 'a').map(({ code }) => code)).toContain('axis-order-suspect');
  });

  it('gives every finding an example and something to do', () => {
    for (const [code, entry] of Object.entries(trackFinding.catalogue)) {
      expect([code, entry.example !== undefined && entry.hint !== undefined]).toEqual([code, true]);
    }
  });
});

describe('findings about files', () => {
  it('names a file of a commercial program that lies alone, and a name that promises something else', async () => {
    const table = `${header}\n0,0,1,1,2,,,\n`;
    expect((await found({ 'a.json': table })).get('extension-not-as-content')?.message).toMatch(/promises JSON/);
    expect((await found({ 'a.csv': table })).has('extension-not-as-content')).toBe(false);
    const lsm = 'II*\0';
    const alone = await findItems(treeOf({ 'f/cells.dv': lsm, 'f/other.csv': table }));
    expect(alone.flatMap(({ issues = [] }) => issues.map(({ code }) => code))).not.toContain('format-possible');
  });
});
