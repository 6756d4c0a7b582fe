import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyGraph } from '../exchange/any-graph.ts';
import { exportJson } from '../exchange/exchange.ts';
import { graphStatements } from '../exchange/leaves.ts';
import { emptyGraph, type StudyGraph } from '../graph/study-graph.ts';
import { writeMiacme } from '../miacme/miacme.ts';
import type { Json } from '../json/json.ts';
import { configurationFault } from './assay-configurations.ts';
import { checkIsaJson } from './isa-json-check.ts';
import { checkIsaTab } from './isa-tab-check.ts';
import { isaConfiguration } from './isa-configuration.ts';
import { exportIsaTab, isaTab } from './isa-tab.ts';
import { isaTabDocument, isaTabFiles } from './isa-tab-document.ts';
import { readIsaJson } from './read-isa-json.ts';
import { isaJson, writeIsaJson } from './write-isa-json.ts';

test('a study comes back from ISA-JSON as it was, and all links hold', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const document = writeIsaJson(graph);
      expect(graphStatements(readIsaJson(document).graph)).toEqual(graphStatements(graph));
      expect(exportJson(isaJson, graph).losses).toEqual([]);
      expect(checkIsaJson(document).filter(({ severity }) => severity === 'error')).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('documents of any shape are read without harm', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const study = { materials: value, protocols: value, assays: value, comments: value, processSequence: value };
      for (const document of [value, { studies: value, people: value }, { studies: [study] }] as Json[]) {
        readIsaJson(document);
        checkIsaJson(document);
      }
    }),
  );
});

test('a study comes back from ISA-Tab as it was', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const files = isaTabFiles(isaTab.write(graph));
      expect(graphStatements(isaTab.read(isaTabDocument(files)).graph)).toEqual(graphStatements(graph));
    }),
    { numRuns: 100 },
  );
});

test('people and papers of every study of an investigation are read, each once', () => {
  const { graph } = isaJson.read({
    people: [],
    studies: [
      { people: [{ lastName: 'A' }], publications: [{ title: 'First', doi: '10.1234/a' }] },
      {
        people: [{ lastName: 'B' }, { lastName: 'a' }],
        publications: [{ title: 'FIRST', doi: '10.1234/A' }, { title: 'Second' }],
      },
    ],
  });
  expect(graph.contributors.map(({ lastName }) => lastName)).toEqual(['A', 'B']);
  expect(graph.publications.map(({ title }) => title)).toEqual(['First', 'Second']);
});

test('an assay is called what the study is about: cell migration only where it is', () => {
  const about = (title: string): StudyGraph => ({
    ...emptyGraph(),
    study: { title },
    datasets: [{ key: 'd', title: 'D' }],
    biosamples: [{ key: 'b', title: 'B' }],
    files: [{ path: 'a.tif', dataset: 'd' }],
  });
  for (const [title, measured] of [
    ['Divisions of the early embryo', 'imaging assay'],
    ['Collective migration of MDCK cells', 'cell migration assay'],
  ] as const) {
    const graph = about(title);
    expect(writeIsaJson(graph)).toMatchObject({
      studies: [{ assays: [{ measurementType: { annotationValue: measured } }] }],
    });
    expect(checkIsaJson(writeIsaJson(graph)).filter(({ code }) => code === 'isa-configuration')).toEqual([]);
    const { document } = exportIsaTab(graph);
    const configuration = isaConfiguration(document).get('configuration/imaging-assay.xml');
    expect(configuration).toContain(`<measurement term-label="${measured}"`);
    expect(writeMiacme(graph)).toMatchObject({ studies: [{ experimental_setup: { assay: { type: measured } } }] });
  }
});

test('hundreds of samples and files of which nobody says what belongs together are not all linked', () => {
  const graph: StudyGraph = {
    ...emptyGraph(),
    datasets: [{ key: 'd', title: 'D' }],
    biosamples: Array.from({ length: 300 }, (_, index) => ({ key: `b-${index}`, title: `B ${index}` })),
    files: Array.from({ length: 300 }, (_, index) => ({ path: `${index}.tif`, dataset: 'd' })),
  };
  const written = isaJson.write(graph);
  expect(JSON.stringify(written).length).toBeLessThan(1_000_000);
  expect(isaJson.read(written).graph.files).toEqual(graph.files);
});

test('assays are held to the configuration of their kind: names of the ISA tools, order of protocols', () => {
  const rulesOf = (measurement: string, technology: string, ...types: string[]) => {
    const fault = configurationFault(measurement, technology, types.length === 0 ? [] : [types]);
    return fault?.rule;
  };
  expect(rulesOf('cell migration assay', 'microscopy imaging', 'image acquisition', 'data analysis')).toBeUndefined();
  expect(rulesOf('cell migration assay', 'microscopy imaging', 'data analysis')).toBeUndefined();
  expect(rulesOf('cell migration assay', 'microscopy imaging', 'imaging', 'data transformation')).toBeUndefined();
  expect(
    rulesOf('Metabolite profiling', 'mass spectrometry', 'extraction', 'x', 'labeling', 'labeling'),
  ).toBeUndefined();
  expect(rulesOf('cell migration assay', 'microscopy imaging', 'data analysis', 'image acquisition')).toBe(4004);
  expect(rulesOf('metabolite profiling', 'mass spectrometry', 'extraction', 'mass spectrometry')).toBe(4004);
  expect(rulesOf('cell migration assay', 'microscopy imaging', 'growth')).toBe(4004);
  expect(rulesOf('cell shape', 'microscopy imaging')).toBe(4002);
  expect(rulesOf('', '')).toBe(4002);
});

test('the tables of an ISA-Tab are held to the configuration as well', () => {
  const files = (measurement: string, types: string) =>
    new Map([
      [
        'i_a.txt',
        `ONTOLOGY SOURCE REFERENCE\nSTUDY\nStudy File Name\ts_a.txt\nSTUDY ASSAYS\nStudy Assay Measurement Type\t${measurement}\nStudy Assay Technology Type\tmicroscopy imaging\nStudy Assay File Name\ta_a.txt\nSTUDY PROTOCOLS\nStudy Protocol Name\tA\tB\nStudy Protocol Type\t${types}\n`,
      ],
      ['s_a.txt', 'Source Name\tProtocol REF\tSample Name\nx\tA\ty\n'],
      ['a_a.txt', 'Sample Name\tProtocol REF\tImage File\tProtocol REF\ny\tA\ti.tif\tB\n'],
    ]);
  const codesOf = (measurement: string, types: string) =>
    checkIsaTab(files(measurement, types)).map(({ code, where }) => [code, where.line]);
  expect(codesOf('cell migration assay', 'image acquisition\tdata analysis')).toEqual([]);
  expect(codesOf('cell migration assay', 'data analysis\timage acquisition')).toEqual([['isa-configuration', 5]]);
  expect(codesOf('cell shape', 'image acquisition\tdata analysis')).toEqual([['isa-configuration', 5]]);
});

test('the platform of imaging assays is the microscope, unless there are several', () => {
  const microscopesOf = (...platforms: string[]) =>
    readIsaJson({
      identifier: 'i',
      studies: [
        {
          protocols: [
            { name: 'imaging', protocolType: { annotationValue: 'image acquisition' }, description: 'Stacks' },
          ],
          assays: platforms.map((technologyPlatform, index) => ({
            filename: `a_${index}.txt`,
            technologyType: { annotationValue: 'microscopy imaging' },
            technologyPlatform,
          })),
        },
      ],
    }).graph.acquisitions.map(({ instrument }) => instrument);
  expect(microscopesOf('Zeiss LSM 880')).toEqual(['Zeiss LSM 880']);
  expect(microscopesOf('Zeiss LSM 880', 'Nikon Ti2')).toEqual([undefined]);
});
