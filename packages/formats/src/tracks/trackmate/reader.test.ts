import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { readTrackSets } from '../collect.ts';
import { trackmateFormat } from './descriptor.ts';
import { readTrackmate } from './read.ts';
import { trackmateReader } from './reader.ts';
import { TrackmateModel } from './to-model.ts';
import { TrackSetCollector } from '../collect.ts';

const encoder = new TextEncoder();

function itemOf(bytes: Uint8Array): Item {
  const entry = { path: 'a.xml', size: bytes.length, open: async () => memorySource('a.xml', bytes) };
  return {
    path: 'a.xml',
    files: [entry],
    tree: fileTree('', [entry]),
    format: 'trackmate',
    recognition: { score: 1, reason: 'test' },
  };
}

const read = (text: string) => readTrackSets(trackmateReader, itemOf(encoder.encode(text)));

const head = `<TrackMate version="7.11.1"><Model spatialunits="micron" timeunits="sec"><FeatureDeclarations><SpotFeatures>
<Feature feature="QUALITY" name="Quality" shortname="Q" dimension="QUALITY" isint="false"/>
<Feature feature="LENGTH" name="Length" shortname="L" dimension="LENGTH" isint="false"/>
<Feature feature="N" name="Number" shortname="N" dimension="NONE" isint="true"/>
</SpotFeatures></FeatureDeclarations>`;

function document(spots: string, rest = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${head}<AllSpots nspots="2">${spots}</AllSpots>${rest}</Model></TrackMate>`;
}

const twoSpots = `<SpotsInFrame frame="0"><Spot ID="7" name="a" POSITION_X="1.5" POSITION_Y="2" POSITION_Z="3" POSITION_T="0" FRAME="0" QUALITY="0.25" N="4"/></SpotsInFrame>
<SpotsInFrame frame="2"><Spot ID="9" name="b" FRAME="2.0" POSITION_T="4.0" POSITION_Y="3" POSITION_X="1" LENGTH="NaN" EXTRA="x" /></SpotsInFrame>`;

describe('what the file says', () => {
  test('columns, units, absent and NaN values, undeclared attributes', async () => {
    const { sets, issues } = await read(
      document(
        twoSpots,
        '<AllTracks><Track name="T" TRACK_ID="5"><Edge SPOT_SOURCE_ID="7" SPOT_TARGET_ID="9" COST="2.5"/></Track></AllTracks>',
      ),
    );
    expect(issues.filter((issue) => issue.severity === 'error')).toEqual([]);
    const { objects, edges, sourceTracks } = sets[0]!;
    expect([...objects.id]).toEqual([7, 9]);
    expect([...objects.frame]).toEqual([0, 2]);
    expect([...objects.time!]).toEqual([0, 4]);
    expect([...objects.z!]).toEqual([3, Number.NaN]);
    const column = (name: string) => objects.columns.find((one) => one.name === name)!;
    expect(column('quality')).toMatchObject({ type: 'float', missing: Uint8Array.of(0, 1) });
    expect(column('length')).toMatchObject({ unit: 'micrometer', missing: Uint8Array.of(1, 0) });
    expect(column('n').values[0]).toBe(4);
    expect(column('extra')).toMatchObject({ type: 'string', values: ['', 'x'], missing: Uint8Array.of(1, 0) });
    expect(edges.count).toBe(1);
    expect(edges.columns.map((one) => [one.name, one.values[0]])).toEqual([
      ['source_track_id', 5],
      ['cost', 2.5],
    ]);
    expect(sourceTracks!.columns.map((one) => one.name)).toEqual(['source_track_id', 'name']);
  });

  test('single quotes, entities, ">" in values, comments and CDATA change nothing', async () => {
    const odd = document(
      twoSpots
        .replace('name="a"', "name = 'a&lt;&#65;>' ")
        .replace('name="b"', 'name="b > c"')
        .replace('</SpotsInFrame>', '<!-- <Spot ID="99"/> > --><![CDATA[<Spot ID="98"/>]]><?x <Spot ?></SpotsInFrame>'),
    );
    const { sets, issues } = await read(odd);
    expect(issues.filter((issue) => issue.severity === 'error')).toEqual([]);
    const names = sets[0]!.objects.columns.find((one) => one.name === 'name')!;
    expect([...sets[0]!.objects.id]).toEqual([7, 9]);
    expect(names.values).toEqual(['a<A>', 'b > c']);
  });

  test('UTF-16 and Latin-1 files are read', async () => {
    const text = document(twoSpots.replace('name="a"', 'name="é"')).replace('UTF-8', 'ISO-8859-1');
    const latin = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const wide = new Uint8Array(2 + text.length * 2);
    wide.set([0xff, 0xfe]);
    for (let i = 0; i < text.length; i++) wide[2 + i * 2] = text.charCodeAt(i);
    for (const bytes of [latin, wide]) {
      const item = itemOf(bytes);
      const { sets } = await readTrackSets(trackmateReader, item);
      expect(sets[0]!.objects.columns.find((one) => one.name === 'name')!.values).toEqual(['é', 'b']);
      const recognition = await trackmateFormat.recognise!({
        entry: item.files[0]!,
        head: bytes,
        text: bytes === wide ? undefined : text,
        source: memorySource('a', bytes),
        tree: item.tree,
      });
      expect(recognition?.version).toBe('7.11.1');
    }
  });

  test('a template without objects is a set without rows', async () => {
    const { sets, issues } = await read(
      '<TrackMate version="7"><Settings><ImageData filename="f.tif"/></Settings></TrackMate>',
    );
    expect(sets[0]!.objects.count).toBe(0);
    expect(sets[0]!.provenance.imageName).toBe('f.tif');
    expect(issues.map((issue) => issue.code)).toEqual(['no-units', 'no-frame-interval']);
  });

  test('an attribute that appears late is reported, not dropped in silence', async () => {
    const spots = Array.from(
      { length: 12_000 },
      (_, i) => `<Spot ID="${i}" FRAME="0" POSITION_X="0" POSITION_Y="0"${i === 9000 ? ' LATE="1"' : ''}/>`,
    );
    const filler = `<Log>${'x'.repeat(2 << 20)}</Log>`;
    const { issues } = await read(document(`<SpotsInFrame frame="0">${spots.join('')}</SpotsInFrame>`, filler));
    expect(issues.find((issue) => issue.code === 'undeclared-feature')?.message).toBe('of objects: LATE (1 values)');
  });

  test('faults of objects and edges are counted', async () => {
    const { sets, issues } = await read(
      document(
        '<SpotsInFrame frame="1"><Spot name="no id"/><Spot ID="1" FRAME="3" POSITION_X="x" POSITION_Y="1" N="2.5"/></SpotsInFrame>',
        '<AllTracks><Track TRACK_ID="0"><Edge SPOT_SOURCE_ID="1"/></Track></AllTracks>',
      ),
    );
    expect(sets[0]!.objects.frame[0]).toBe(1);
    expect(sets[0]!.objects.x[0]).toBeNaN();
    expect(issues.map((issue) => issue.code)).toEqual(
      expect.arrayContaining([
        'object-incomplete',
        'edge-incomplete',
        'frame-disagrees',
        'feature-value-unreadable',
        'nan-coordinate',
      ]),
    );
  });
});

describe('hostile text', () => {
  test.each([
    ['xml-doctype-refused', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><TrackMate version="&a;"/>'],
    ['xml-doctype-refused', '<TrackMate version="7"><!doctype x></TrackMate>'],
    ['xml-too-deep', `<TrackMate>${'<a>'.repeat(100_000)}`],
    ['not-trackmate', '<html></html>'],
    ['xml-malformed', document(twoSpots.replace('name="a"', 'name="&nothing;"'))],
    ['xml-malformed', document(twoSpots).replace('</AllSpots>', '</Spots>')],
    ['xml-malformed', '<TrackMate></TrackMate'.replace('</', '</x></')],
    ['xml-truncated', ''],
    ['xml-truncated', '<TrackMate'],
  ])('gives %s', async (code, text) => {
    const { issues } = await read(text);
    expect(issues[0]).toMatchObject({ code, severity: 'error' });
  });
});

/** What saxes reads of Spots: attributes in the order of the file. */
function withSaxes(text: string): { id: number; x: number; name: string }[] {
  const found: { id: number; x: number; name: string }[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'Spot')
      found.push({ id: Number(attributes['ID']), x: Number(attributes['POSITION_X']), name: attributes['name']! });
  });
  parser.write(text).close();
  return found;
}

test('agrees with saxes on any layout, quoting and window size', async () => {
  const value = fc.stringMatching(/^[a-z<>&"' \t\né]{0,12}$/);
  const space = fc.constantFrom(' ', '\n', '\t ', '  ');
  const quoted = (text: string, single: boolean) => {
    const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return single ? `'${safe.replaceAll("'", '&apos;')}'` : `"${safe.replaceAll('"', '&quot;')}"`;
  };
  const spot = fc
    .record({
      id: fc.nat({ max: 1e6 }),
      x: fc.double({ noNaN: true, noDefaultInfinity: true }),
      name: value,
      gap: space,
      single: fc.boolean(),
      equals: fc.constantFrom('=', '=', '=', ' = '),
      turned: fc.boolean(),
      end: fc.constantFrom('/>', ' />', '></Spot>', '>1 2 3 4</Spot>', '><!-- > --></Spot>'),
      before: fc.constantFrom('', '', '<!-- <Spot ID="1"> -->', 'text', '<other a="<x>"/>'.replace('<x>', '>')),
    })
    .map(({ id, x, name, gap, single, equals, turned, end, before }) => {
      const parts = [`ID${equals}"${id}"`, `POSITION_X="${x}"`, `name${equals}${quoted(name, single)}`];
      return `${before}<Spot${gap}${(turned ? parts.reverse() : parts).join(gap)}${end}`;
    });
  await fc.assert(
    fc.asyncProperty(
      fc.array(spot, { maxLength: 12 }),
      fc.integer({ min: 1, max: 200 }),
      async (spots, windowBytes) => {
        const text = document(`<SpotsInFrame frame="0">${spots.join('\n')}</SpotsInFrame>`);
        const collector = new TrackSetCollector('a.xml');
        const model = new TrackmateModel(collector, 'a.xml', false);
        const source = memorySource('a.xml', encoder.encode(text));
        const fault = await readTrackmate(source, model, { batchRows: 3, windowBytes, graphOnly: false });
        await model.end();
        expect(fault).toBeUndefined();
        const { objects } = collector.sets[0]!;
        const wanted = withSaxes(text);
        expect(objects.count).toBe(wanted.length);
        expect([...objects.x]).toEqual(wanted.map((one) => one.x));
        if (wanted.length > 0)
          expect(objects.columns.find((one) => one.name === 'name')!.values).toEqual(wanted.map((one) => one.name));
      },
    ),
    { numRuns: 300 },
  );
});
