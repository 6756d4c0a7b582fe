import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { bdmlReader, bdmlWriterFor, fileTree, findItems, memorySource, readTrackSets } from '@micrarium/formats';
import type { TrackSet } from '@micrarium/model';

const schemas = fileURLToPath(new URL('../../../shared/data/schemas/bdml/', import.meta.url));
const samples = fileURLToPath(new URL('../../../shared/data/bd5/mini-bdml/', import.meta.url));
const hasLint = spawnSync('xmllint', ['--version']).status === 0;
const present = hasLint && existsSync(schemas) && existsSync(samples);
if (!present) console.warn('skipped: xmllint or the schemas of BDML are not here, so nobody checks our BDML');

const folder = mkdtempSync(join(tmpdir(), 'micrarium-bdml-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(path: string, bytes: Uint8Array): Promise<TrackSet[]> {
  const tree = fileTree('', [{ path, size: bytes.length, open: async () => memorySource(path, bytes) }]);
  const [item] = await findItems(tree, { asked: path });
  return (await readTrackSets(bdmlReader, item!)).sets;
}

async function written(sets: readonly TrackSet[], version: '0.18' | '3.0'): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  await bdmlWriterFor(version).write(sets, {
    create: async () => ({ write: async (bytes) => void parts.push(bytes.slice()), close: async () => undefined }),
  });
  return Buffer.concat(parts);
}

/** What the schema says against a document; empty where it is valid. */
function faults(bytes: Uint8Array, version: string): string {
  const path = join(folder, 'out.xml');
  writeFileSync(path, bytes);
  const done = spawnSync('xmllint', ['--noout', '--schema', `${schemas}bdml${version}.xsd`, path], {
    encoding: 'utf8',
  });
  return done.status === 0 ? '' : done.stderr;
}

const unknown: TrackSet = {
  name: 'a <b> & "c"',
  objects: {
    count: 3,
    id: Float64Array.of(0, 1, 2),
    frame: Int32Array.of(0, 4, 4),
    x: Float64Array.of(0.5, Number.NaN, Number.POSITIVE_INFINITY),
    y: Float64Array.of(1e-300, Number.NaN, -2),
    entity: 'point',
    columns: [
      {
        name: 'signal',
        type: 'float',
        unit: 'intensity',
        values: Float64Array.of(1, Number.NaN, Number.NEGATIVE_INFINITY),
      },
      { name: 'area', type: 'int', unit: 'micrometer^2', values: Int32Array.of(1, 2, 3) },
    ],
  },
  edges: { count: 2, source: Uint32Array.of(0, 0), target: Uint32Array.of(1, 2), columns: [] },
  spaceUnit: 'pixel',
  provenance: {},
};

describe.skipIf(!present)('xmllint with the schemas finds our BDML valid', () => {
  it.each(['0.18', '3.0'] as const)('%s, of every sample and of a set without a header', async (version) => {
    for (const name of readdirSync(samples)) {
      const sets = await read(name, readFileSync(`${samples}${name}`));
      if (sets.length > 0) expect([name, faults(await written(sets, version), version)]).toEqual([name, '']);
    }
    expect(faults(await written([unknown], version), version)).toBe('');
  });

  it('keeps people, terms and ids of a 3.0 header, and carries them into 0.18', async () => {
    const header = readFileSync(fileURLToPath(new URL('../Membrane_bdml3.0.xml', `file://${samples}`)), 'utf8');
    const data =
      '<data><scaleUnit><xScale>1</xScale><yScale>1</yScale><zScale>1</zScale><xyzUnit>micrometer</xyzUnit><tScale>1</tScale><tUnit>second</tUnit></scaleUnit><object><objectName>m</objectName></object><component><componentID>a</componentID><time>0</time><measurement><objectRef>m</objectRef><point><xyz><x>1</x><y>2</y><z>3</z></xyz></point></measurement></component></data>';
    const source = header.replace(/<extfile>[\s\S]*<\/extfile>/, data);
    const sets = await read('m.xml', Buffer.from(source));
    const issues = bdmlWriterFor().losses(sets);
    expect(issues).toEqual([]);
    const again = (await written(sets, '3.0')).toString();
    expect(faults(Buffer.from(again), '3.0')).toBe('');
    for (const kept of [
      '78ebc6f7-b007-4285-8213-062e503bbeda',
      '0000-0002-8255-1724',
      '<PMID>28629355</PMID>',
      '2017-10-03',
    ])
      expect(again).toContain(kept);
    const old = await written(sets, '0.18');
    expect(faults(old, '0.18')).toBe('');
    expect(old.toString()).toContain('<contributors>Yusuke Azuma, Shuichi Onami</contributors>');
    expect(
      bdmlWriterFor('0.18')
        .losses(sets)
        .map(({ message }) => message)
        .join(),
    ).toContain('ORCID');
  });
});
