import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyGraph, readOmeXml, type StudyGraph, writeOmeXml } from '@micrarium/standards';
import { expect, test } from 'vitest';

const schema = join(import.meta.dirname, '../../../shared/data/schemas/ome/ome-2016-06.xsd');
const canCheck = existsSync(schema) && spawnSync('xmllint', ['--version']).status === 0;
if (!canCheck) console.warn('the schema of OME-XML or xmllint is not there: OME-XML is not checked by it');

const graph: StudyGraph = {
  ...emptyGraph(),
  contributors: [{ key: 'c-1', firstName: 'Hanako', lastName: 'Yamada', organisations: ['o-1'] }],
  organisations: [{ key: 'o-1', name: 'Example University' }],
  acquisitions: [
    {
      key: 'acquisition-1',
      title: 'Zeiss LSM 880',
      instrument: 'Zeiss LSM 880',
      microscope: {
        manufacturer: 'Zeiss',
        model: 'LSM 880',
        objective: 'Plan-Apo',
        magnification: 63,
        numericalAperture: 1.4,
        immersion: 'Oil',
        detector: 'GaAsP',
        lightSource: 'Argon laser',
        filters: 'BP 500-550',
      },
    },
  ],
  datasets: [{ key: 'd', title: 'D', tuples: [{ acquisition: 'acquisition-1' }] }],
  images: [
    {
      key: 'image-1',
      name: 'film & more',
      dataset: 'd',
      pixelType: 'uint16',
      sizes: { x: 512, y: 256, z: 3, c: 1, t: 10 },
      pixelSize: { x: { value: 0.1, unit: 'micrometer' }, y: { value: 0.1, unit: 'micrometer' } },
      timeStep: { value: 5, unit: 'minute' },
      channels: [{ name: 'GFP', fluorophore: 'EGFP', excitationNanometers: 488, emissionNanometers: 509 }],
      acquiredAt: '2026-11-21T10:00:00Z',
    },
  ],
};

test.runIf(canCheck)('OME-XML of a study is taken by the schema', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ome-'));
  const path = join(folder, 'study.ome.xml');
  for (const one of [graph, { ...emptyGraph(), images: [{ key: 'i', name: 'bare' }] }]) {
    writeFileSync(path, writeOmeXml(one));
    expect(() =>
      execFileSync('xmllint', ['--nonet', '--noout', '--schema', schema, path], { stdio: 'pipe' }),
    ).not.toThrow();
  }
  rmSync(folder, { recursive: true });
});

test('it is read again with its microscope and pixels', () => {
  const { graph: back, issues } = readOmeXml(writeOmeXml(graph));
  expect(issues).toEqual([]);
  expect(back.acquisitions).toEqual(graph.acquisitions);
  const { dataset: _, ...image } = graph.images[0]!;
  expect(back.images).toEqual([{ ...image, acquiredAt: '2026-11-21T10:00:00' }]);
  expect(readOmeXml('<x/>').issues.map(({ code }) => code)).toEqual(['metadata-other-standard']);
});
