import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFiles } from '../item-for-tests.test-data.ts';

const detections = (...all: readonly (readonly number[])[]) =>
  all.map(([t, x, y, z]) => `<detection t="${t}" x="${x}" y="${y}" z="${z}" />`).join('\n');

const simple = `<?xml version="1.0" encoding="UTF-8"?>
<Tracks nTracks="2" spaceUnits="µm" frameInterval="2.5" timeUnits="min" generationDateTime="x" from="TrackMate v7.11">
<particle nSpots="3">${detections([2, 3, 3, 0], [0, 1, 1, 0], [4, 5, 5, 0])}</particle>
<particle nSpots="3">${detections([0, 9, 9, 0], [1, 8, 8, 0], [1, 7, 7, 0])}</particle>
</Tracks>`;

test('TrackMate simple: units, times, edges in time order; a flattened branch is not linked', async () => {
  const { format, sets, counts, codes } = await readFiles({ 'a.xml': simple });
  expect([format, counts]).toEqual(['trackmate-simple', [[6, 2, 1, 1, 4, 0, 0, 2]]]);
  const { objects, spaceUnit, timeUnit, provenance } = sets[0]!;
  expect([spaceUnit, timeUnit, provenance]).toEqual([
    'micrometer',
    'minute',
    { software: 'TrackMate v7.11', frameInterval: 2.5 },
  ]);
  expect([...objects.time!]).toEqual([5, 0, 10, 0, 2.5, 2.5]);
  expect([...codes].sort()).toEqual(['branching-lost', 'z-all-zero']);
  const cut = await readFiles({ 'a.xml': simple.replace('nTracks="2"', 'nTracks="12"') });
  expect(cut.issues.find(({ code }) => code === 'track-count-differs')?.message).toBe(
    'there are 2 particles (nTracks is 12)',
  );
});

test('ISBI 2012: slices, gaps, settings', async () => {
  const { format, sets, counts } = await readFiles({
    'a.xml': `<?xml version="1.0"?><root><TrackContestISBI2012 SNR="7" density="low" scenario="VESICLE">
      <particle>${detections([0, 1, 2, 3], [2, 1, 2, 4])}</particle></TrackContestISBI2012></root>`,
  });
  expect([format, counts]).toEqual(['isbi', [[2, 1, 1, 1, 2, 0, 0, 1]]]);
  expect([...sets[0]!.objects.z!]).toEqual([3, 4]);
  expect(sets[0]!.provenance.settings).toContain('VESICLE');
});

test('Icy: links join tracks, groups inside the track file or beside it', async () => {
  const group = `<trackgroup description="cells"><track id="-1203">${detections([0, 1, 1, 0], [1, 2, 2, 0])}</track>
    <track id="77"><detection t="2" x="3" y="3" z="0" classname="c" type="2" color="-16776961"/></track>
    <track id="78">${detections([2, 5, 5, 0])}</track></trackgroup>`;
  const links =
    '<linklist><link from="-1203" to="77"/><link from="-1203" to="78"/><link from="78" to="-1203"/></linklist>';
  for (const text of [
    `<root><trackfile version="1"/>${group}${links}</root>`,
    `<root><trackfile version="1">${group}${links}</trackfile></root>`,
  ]) {
    const { format, sets, counts, codes, version } = await readFiles({ 'a.xml': text });
    expect([format, version, counts]).toEqual(['icy-xml', '1', [[4, 3, 3, 1, 3, 1, 0, 0]]]);
    expect(sets[0]!.objects.columns.find(({ name }) => name === 'group')!.values[0]).toBe('cells');
    expect(codes).toEqual(expect.arrayContaining(['virtual-detections', 'track-parent-unknown']));
  }
});

test('TGMM: a file a frame is one item; parents are in the frame before', async () => {
  const frame = (...objects: string[]) => `<?xml version="1.0"?><document>${objects.join('\n')}</document>`;
  const object = (id: number, parent: number, m: string) =>
    `<GaussianMixtureModel id="${id}" lineage="3" parent="${parent}" splitScore="1.5" m="${m}" nu="2" W="0.5 0 0 0 0.25 0 0 0 1" scale="1 1 5"></GaussianMixtureModel>`;
  const files = {
    'r/GMEMfinalResult_frame0003.xml': frame(object(0, -1, '1 2 3 '), object(1, -1, '9 9 9')),
    'r/GMEMfinalResult_frame0004.xml': frame(object(0, 0, '1 2 3'), object(1, 0, '-1.#IND 2 3'), object(2, 7, '1 1 1')),
    'r/GMEMfinalResult_frame0006.xml': frame(object(0, 0, '1 2 3')),
  };
  for (const asked of Object.keys(files)) {
    const { format, sets, counts, codes } = await readFiles(files, asked);
    expect([format, counts]).toEqual(['tgmm', [[6, 2, 2, 1, 3, 1, 0, 0]]]);
    const covariance = sets[0]!.objects.columns.filter(({ name }) => name.startsWith('covariance'));
    expect(covariance.map(({ values }) => values[0])).toEqual([1, 0, 0, 2, 0, 0.5].map((one) => expect.closeTo(one)));
    expect(codes).toEqual(expect.arrayContaining(['track-parent-unknown', 'nan-coordinate']));
  }
});

/** A matrix as MATLAB version 4 keeps it: five numbers, the name, the values column by column. */
function matFour(columns: readonly (readonly number[])[], rows = columns[0]?.length ?? 0): Uint8Array {
  const bytes = new Uint8Array(20 + 6 + columns.length * rows * 8);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of [0, rows, columns.length, 0, 6].entries()) view.setInt32(at * 4, value, true);
  bytes.set(new TextEncoder().encode('cells\0'), 20);
  for (const [at, value] of columns.flat().entries()) view.setFloat64(26 + at * 8, value, true);
  return bytes;
}

const snapshot = (
  time: number,
  matrix: string,
) => `<?xml version="1.0"?><MultiCellDS version="0.5" type="snapshot/simulation">
<metadata><software><name>PhysiCell</name><version>1.14.0</version></software><current_time units="min">${time}</current_time></metadata>
<cellular_information><cell_populations><cell_population type="individual"><custom>
<simplified_data type="matlab" source="PhysiCell" data_version="2"><labels>
<label index="0" size="1" units="none">ID</label><label index="1" size="3" units="microns">position</label>
<label index="4" size="1" units="cubic microns">total_volume</label><label index="5" size="2" units="micron/min">velocity</label>
</labels><filename>${matrix}</filename></simplified_data>
<neighbor_graph type="text"><filename>graph.txt</filename></neighbor_graph></custom></cell_population></cell_populations></cellular_information></MultiCellDS>`;

test('MultiCellDS: a snapshot is a frame, an agent that keeps its ID is linked, rows of the matrix are columns', async () => {
  const files = {
    'run/output00000000.xml': snapshot(0, 'output00000000_cells.mat'),
    'run/output00000000_cells.mat': matFour([
      [7, 1, 2, 3, 2494, 0.5, -0.5],
      [8, 4, 5, 6, 2000, 0, 0],
    ]),
    'run/output00000001.xml': snapshot(60, 'output00000001_cells.mat'),
    'run/output00000001_cells.mat': matFour([
      [9, 9, 9, 9, 1000, 0, 0],
      [7, 1.5, 2, 3, 2500, 0.25, 0],
    ]),
    'run/output00000003.xml': snapshot(180, 'output00000003_cells.mat'),
    'run/other.txt': 'nothing',
  };
  for (const asked of ['run/output00000000.xml', 'run/output00000001.xml']) {
    const { format, version, sets, counts, issues } = await readFiles(files, asked);
    expect([format, version, counts]).toEqual(['multicellds', undefined, [[4, 1, 1, 1, 2, 0, 0, 0]]]);
    const { objects, spaceUnit, timeUnit, provenance, edges } = sets[0]!;
    expect([spaceUnit, timeUnit, provenance.software]).toEqual(['micrometer', 'minute', 'PhysiCell 1.14.0']);
    expect([[...objects.frame], [...objects.time!], [...objects.z!]]).toEqual([
      [0, 0, 1, 1],
      [0, 0, 60, 60],
      [3, 6, 9, 3],
    ]);
    expect([edges.source[0], edges.target[0]]).toEqual([0, 3]);
    const columns = objects.columns.map(({ name, unit, values }) => [name, unit, values[3]]);
    expect(columns).toEqual([
      ['source_id', undefined, 7],
      ['total_volume', 'cubic microns', 2500],
      ['velocity_0', 'micron/min', 0.25],
      ['velocity_1', 'micron/min', 0],
    ]);
    // The matrix of the last snapshot is missing.
    expect(issues.find(({ code }) => code === 'track-file-damaged')!.message).toContain(
      'output00000003_cells.mat is not beside',
    );
  }
});

test('MultiCellDS: matrices that contradict their files are findings', async () => {
  const whole = matFour([[7, 1, 2, 3, 2494, 0.5, -0.5]]);
  const cases: Record<string, Uint8Array> = {
    cut: whole.subarray(0, 40),
    'too few rows': matFour([[7, 1]]),
    empty: new Uint8Array(0),
  };
  const huge = whole.slice();
  new DataView(huge.buffer).setInt32(8, 2_000_000_000, true);
  cases['huge'] = huge;
  for (const matrix of Object.values(cases)) {
    const { codes, counts } = await readFiles(
      { 'final.xml': snapshot(1, 'final_cells.mat'), 'final_cells.mat': matrix },
      'final.xml',
    );
    expect(codes).toContain('track-file-damaged');
    expect(counts.flat()[0] ?? 0).toBe(0);
  }
});

test('document types are refused, cut and changed files give findings', async () => {
  const refused = await readFiles({ 'a.xml': simple.replace('<Tracks', '<!DOCTYPE x [<!ENTITY a "b">]><Tracks') });
  expect(refused.codes).toContain('xml-doctype-refused');
  expect(refused.sets).toEqual([]);
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: simple.length - 2 }), fc.boolean(), fc.nat({ max: 127 }), async (at, cut, byte) => {
      const text = cut ? simple.slice(0, at) : simple.slice(0, at) + String.fromCharCode(byte) + simple.slice(at + 1);
      const { format, codes } = await readFiles({ 'a.xml': text });
      if (cut && format === 'trackmate-simple') expect(codes).toContain('xml-malformed');
    }),
    { numRuns: 200 },
  );
});

test('particles keep their detections where a batch becomes full amid one', async () => {
  const particle = (n: number) =>
    `<particle nSpots="100">${Array.from({ length: 100 }, (_, t) => `<detection t="${t}" x="${n}" y="${t}" z="0"/>`).join('')}</particle>`;
  const all = Array.from({ length: 200 }, (_, n) => particle(n)).join('');
  const { sets, counts } = await readFiles({
    'a.xml': `<Tracks nTracks="200" spaceUnits="pixel" frameInterval="1" timeUnits="frame">${all}</Tracks>`,
  });
  expect(counts).toEqual([[20_000, 19_800, 200, 200, 100, 0, 0, 0]]);
  const [{ objects, edges }] = sets as [(typeof sets)[0]];
  expect(objects.x.every((x, row) => x === Math.floor(row / 100) && objects.frame[row] === row % 100)).toBe(true);
  expect(edges.source.every((from, i) => objects.x[from] === objects.x[edges.target[i]!])).toBe(true);
});
