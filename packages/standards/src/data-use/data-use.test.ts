import { expect, test } from 'vitest';
import { exportDataCiteXml, importDataCiteXml, writeDataCite } from '../datacite/write-datacite.ts';
import { emptyGraph } from '../graph/study-graph.ts';
import { termAddress } from '../identifiers/identifiers.ts';
import { isRecord, recordsOf } from '../json/json.ts';
import { writeCrate } from '../ro-crate/write-crate.ts';
import { dataUseTerms, dataUseWords, ethicsOfAccess, faultOfDataUse, findDataUse, monthsOfUse } from './data-use.ts';

const use = (short: string, more: { of?: string; id?: string } = {}) => ({ code: findDataUse(short)!.code, ...more });

test('the terms are those of the ontology, each once, with an address', () => {
  expect(new Set(dataUseTerms.map(({ code }) => code)).size).toBe(23);
  expect(new Set(dataUseTerms.map(({ short }) => short)).size).toBe(23);
  for (const { code } of dataUseTerms)
    expect(termAddress(code)).toMatch(/^http:\/\/purl\.obolibrary\.org\/obo\/DUO_\d{7}$/);
  expect(findDataUse('duo_0000042')?.short).toBe('GRU');
  expect(findDataUse('XYZ')).toBeUndefined();
});

test('one permission, conditions beside it, and what a term asks for', () => {
  const sound = [use('DS', { of: 'glioma', id: 'MONDO:0021042' }), use('IRB'), use('TS', { of: '12' })];
  expect(faultOfDataUse(sound)).toBeUndefined();
  expect(faultOfDataUse([])).toBeUndefined();
  expect(monthsOfUse(sound)).toBe(12);
  expect(monthsOfUse([use('GRU')])).toBeUndefined();
  expect(sound.map((one) => dataUseWords(one))[0]).toBe('disease specific research (DS): glioma (MONDO:0021042)');
  expect(dataUseWords(use('TS', { of: '12' }), 'ja')).toBe('利用期間の制限 (TS): 12 か月');
  const faulty = {
    'two permissions': [use('GRU'), use('HMB')],
    'conditions alone': [use('IRB')],
    'no restriction with one': [use('NRES'), use('PUB')],
    'no disease': [use('DS')],
    'no number': [use('GRU'), use('TS', { of: 'a year' })],
    'no day': [use('GRU'), use('MOR', { of: '2026-02-30' })],
    'a limit where there is none': [use('GRU', { of: 'us' })],
    twice: [use('GRU'), use('PUB'), use('PUB')],
    'an identifier that is none': [use('DS', { of: 'glioma', id: 'glioma' })],
    'a code that is none': [{ code: 'DUO:9999999' }],
  };
  for (const [what, uses] of Object.entries(faulty)) expect(faultOfDataUse(uses), what).toMatch(/\.$/);
});

test('DataCite has the terms among the rights, and gives them back; RO-Crate names them and who may have the files', () => {
  const graph = emptyGraph();
  graph.study = { title: 'Faces', licence: 'CC-BY-4.0' };
  graph.ethics = ethicsOfAccess({
    access: 'controlled',
    conditions: 'The files are given on request.',
    terms: 'Recognise nobody.',
    dataUse: [use('GRU'), use('IRB')],
  });
  const document = writeDataCite(graph);
  expect(
    isRecord(document) && recordsOf(document.rightsList).map((one) => one.rightsIdentifier ?? one.rightsUri),
  ).toEqual(['CC-BY-4.0', 'info:eu-repo/semantics/restrictedAccess', 'DUO:0000042', 'DUO:0000021']);
  const back = importDataCiteXml(exportDataCiteXml(graph).document).graph;
  expect(back?.ethics?.dataUse).toEqual(graph.ethics.dataUse);
  expect(back?.study.licence).toBe('CC-BY-4.0');
  expect(back?.ethics?.access).toBe('controlled');
  const crate = writeCrate(graph);
  const root = isRecord(crate) ? recordsOf(crate['@graph']).find((one) => one['@id'] === './') : undefined;
  expect(root).toMatchObject({
    conditionsOfAccess:
      'The files are given on request. Data use: general research use (GRU); ethics approval required (IRB). Recognise nobody.',
    usageInfo: [
      { '@id': 'http://purl.obolibrary.org/obo/DUO_0000042' },
      { '@id': 'http://purl.obolibrary.org/obo/DUO_0000021' },
    ],
  });
});
