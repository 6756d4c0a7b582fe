import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkIsaJson,
  exportIsaTab,
  exportJson,
  imagingAssay,
  migrationMeasurement,
  importIsaTab,
  importJson,
  isaConfiguration,
  isaJson,
  isaTabDocument,
  type Json,
} from '@micrarium/standards';
import { expect, test } from 'vitest';
import { imagingStudy } from './imaging-study.ts';
import { schemaFaults } from './json-schema.ts';

const folder = join(import.meta.dirname, '../../../shared/data/metadata/isa');
const there = existsSync(folder);
if (!there) console.warn('shared/data/metadata/isa is not there: public investigations are not read');
const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as Json;
const lookup = (reference: string) =>
  read(`schemas/${reference.replace(/#.*$/, '').replace(/^.*\//, '')}`) as { [key: string]: unknown };

test.runIf(there)('public investigations in JSON come back whole and fill a study', () => {
  const names = readdirSync(join(folder, 'json'));
  expect(names).toHaveLength(2);
  for (const name of names) {
    const document = read(`json/${name}`);
    const { graph, issues } = importJson(isaJson, document);
    expect([name, issues]).toEqual([name, []]);
    expect(graph.biosamples.length).toBeGreaterThan(0);
    expect(exportJson(isaJson, graph).document).toEqual(document);
  }
  const codes = checkIsaJson(read('json/BII-S-3.json')).filter(({ severity }) => severity === 'error');
  // The public investigations fail only on e-mails that are the empty text.
  expect(codes.filter(({ message }) => !message.includes('e-mail'))).toEqual([]);
});

test.runIf(there)('links that a public investigation is broken in are found', () => {
  const text = readFileSync(join(folder, 'json/BII-S-3.json'), 'utf8');
  const broken = (from: RegExp) => {
    expect(text).toMatch(from);
    const document = JSON.parse(text.replace(from, '$1no-')) as Json;
    return checkIsaJson(document).map(({ message }) => /\[(\d+)\]/.exec(message)?.[1]);
  };
  expect(broken(/("executesProtocol": \{\s*"@id": "#protocol\/)/)).toContain('1007');
  expect(broken(/("inputs": \[\s*\{\s*"@id": "#sample\/)/)).toContain('1005');
  expect(broken(/("nextProcess": \{\s*"@id": "#process\/)/)).toContain('1006');
});

test.runIf(there)('investigations we write are taken by the schemas, with nothing unused', () => {
  const { document, losses } = exportJson(isaJson, imagingStudy);
  expect(schemaFaults(document, lookup('investigation_schema.json'), lookup)).toEqual([]);
  expect(losses).toEqual([]);
  expect(checkIsaJson(document)).toEqual([]);
});

test.runIf(there)('a public investigation in Tab comes back cell by cell and fills a study', () => {
  const tab = join(folder, 'tab/BII-I-1');
  const files = new Map(readdirSync(tab).map((name) => [name, readFileSync(join(tab, name), 'utf8')]));
  const { graph, issues } = importIsaTab(files);
  expect(issues).toEqual([]);
  expect(graph.study.identifier).toBe('BII-I-1');
  expect(graph.datasets.length).toBeGreaterThan(3);
  expect(graph.biosamples.some(({ organisms }) => organisms?.[0]?.label.startsWith('Saccharomyces'))).toBe(true);
  expect(isaTabDocument(exportIsaTab(graph).document)).toEqual(isaTabDocument(files));
});

test('ISA-Tab of ours has the files that it names', () => {
  const { document } = exportIsaTab(imagingStudy);
  expect([...document.keys()].sort()).toEqual(['a_d.txt', 'i_investigation.txt', 's_study.txt']);
  expect(document.get('a_d.txt')).toContain('"a b.tif"\t"data analysis: tracking"\t"tracks.csv"');
  expect(
    document
      .get('i_investigation.txt')!
      .split('\n')
      .every((line) => !line.includes('fixed\n')),
  ).toBe(true);
});

test('our ISA-Tab comes with the configuration of its assays, which no stock configuration has', () => {
  const { document } = exportIsaTab(imagingStudy);
  const files = isaConfiguration(document);
  expect([...files.keys()]).toEqual(['configuration/study-sample.xml', 'configuration/imaging-assay.xml']);
  const told = (name: string) => {
    const text = files.get(`configuration/${name}.xml`)!;
    return [...text.matchAll(/<(?:field header|protocol-field protocol-type)="([^"]*)"/g)].map(([, one]) => one!);
  };
  const columns = (name: string) =>
    document
      .get(name)!
      .split('\n')[0]!
      .split('\t')
      .map((one) => one.replaceAll('"', ''))
      .filter((one) => !/^(Term |Comment)/.test(one));
  for (const [name, table] of [
    ['study-sample', 's_study.txt'],
    ['imaging-assay', 'a_d.txt'],
  ] as const)
    expect(
      told(name).map((one) =>
        /^(sample preparation|image acquisition|data analysis)$/.test(one) ? 'Protocol REF' : one,
      ),
    ).toEqual(columns(table));
  const investigation = document.get('i_investigation.txt')!;
  for (const label of ['imaging assay', 'microscopy imaging']) {
    expect(investigation).toContain(`"${label}"`);
    expect(files.get('configuration/imaging-assay.xml')).toContain(`term-label="${label}"`);
  }
  // Protocols that the assay runs are of the types that its configuration names, in that order.
  const types = /^"?Study Protocol Type"?\t(.*)$/m.exec(investigation)![1]!;
  expect(types).toContain('"image acquisition"\t"data analysis"');
});

const filmed = {
  ...imagingStudy,
  acquisitions: [{ ...imagingStudy.acquisitions[0]!, microscope: { objective: 'Plan Apo 20x' } }],
  images: ['one', 'two'].map((name) => ({
    key: name,
    name,
    dataset: 'd',
    pixelType: 'uint16',
    sizes: { x: 512, y: name === 'one' ? 256 : 512, z: 1, c: 2, t: 11 },
    pixelSize: { x: { value: 0.5, unit: 'micrometer' } },
    timeStep: { value: 2, unit: 'minute' },
    channels: [{ name: 'nuclei' }, { name: 'actin' }],
  })),
};

test('assays carry the columns of the MIACME configuration that the study has values for', () => {
  const { document, losses } = exportIsaTab(filmed);
  expect(losses).toEqual([]);
  const [header, row] = document
    .get('a_d.txt')!
    .split('\n')
    .map((line) => line.split('\t').map((cell) => cell.replaceAll('"', '')));
  const at = (name: string) => row![header!.indexOf(name === 'Unit' ? name : `Parameter Value[${name}]`)];
  expect(at('imaging modality')).toBe('confocal microscopy');
  expect(at('imaging sequence type')).toBe('time-series');
  expect([at('observation period'), at('Unit'), at('time series interval')]).toEqual(['20', 'minute', '2']);
  expect([at('channel definition'), at('objective lens')]).toEqual(['nuclei; actin', 'Plan Apo 20x']);
  expect([at('pixel type'), at('pixel sizeX'), at('pixel sizeT')]).toEqual(['uint16', '512', '11']);
  expect([at('pixel physicalSizeX'), at('pixel physicalSizeX Unit')]).toEqual(['0.5', 'µm']);
  // The images differ in height and in name: neither is that of the assay.
  expect(header).not.toContain('Parameter Value[pixel sizeY]');
  expect(header).not.toContain('Parameter Value[pixel identifier]');
  const { document: json } = exportJson(isaJson, filmed);
  expect(checkIsaJson(json)).toEqual([]);
  if (there) expect(schemaFaults(json, lookup('investigation_schema.json'), lookup)).toEqual([]);
  expect(importIsaTab(document).issues).toEqual([]);
});

test.runIf(there)('every column of ours that the MIACME configuration names is called as it calls it', () => {
  const text = readFileSync(join(folder, '../miacme/isatab-config/cellmigration-imaging-MIACMEv1.1.xml'), 'utf8');
  const columns = exportIsaTab(filmed)
    .document.get('a_d.txt')!
    .split('\n')[0]!
    .match(/Parameter Value\[[^\]]*\]/g)!;
  expect(columns.filter((one) => !text.includes(`header="${one}"`))).toEqual([
    'Parameter Value[imaging method]',
    'Parameter Value[imaging instrument]',
  ]);
});

test.runIf(there)('measurement and technology are those of the MIACME configuration', () => {
  const text = readFileSync(join(folder, '../miacme/isatab-config/cellmigration-imaging-MIACMEv1.1.xml'), 'utf8');
  expect(text).toContain(`<measurement term-label="${migrationMeasurement}"`);
  expect(text).toContain(`<technology term-label="${imagingAssay.technology}"`);
});
