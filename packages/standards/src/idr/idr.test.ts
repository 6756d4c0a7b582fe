import { expect, test } from 'vitest';
import { emptyGraph } from '../graph/study-graph.ts';
import { readIdrAnnotation } from './annotation.ts';
import { checkIdrAnnotation, checkIdrStudy } from './idr-check.ts';
import { exportIdr, importIdr } from './idr.ts';

const study = [
  'Comment[IDR Study Accession]\tidr9999',
  'Study Title\tA made study',
  'Study Description\tMade for a test',
  'Study Type\tcell migration',
  'Study Organism\tMus musculus',
  'Study Organism Term Source REF\tNCBITaxon',
  'Study Organism Term Accession\t10090',
  'Study Publication Title\tA made paper',
  'Study Author List\tMade A',
  'Study Public Release Date\t2026-01-01',
  'Study Data DOI\t# leave blank',
  'Study Experiments Number\t1',
  'Study Screens Number\t1',
  'Experiment Number\t1',
  'Comment[IDR Experiment Name]\tidr9999-made-study/experimentA',
  'Experiment Sample Type\tcell',
  'Experiment Description\tOne',
  'Experiment Imaging Method\tfluorescence microscopy',
  'Raw Image Data Type\traw',
  'Screen Number\t1',
  'Comment[IDR Screen Name]\tidr9999-made-study/screenA',
  'Screen Sample Type\tcell',
  'Screen Description\tTwo',
  'Screen Imaging Method\tfluorescence microscopy',
  'Screen Type\tprimary screen',
];

test('a study with a screen and an experiment, remarks of the template and bare numbers of taxa is in order', () => {
  for (const lineEnd of ['\n', '\r\n', '\r']) {
    const text = study.join(lineEnd);
    expect(checkIdrStudy(text)).toEqual([]);
    const { graph } = importIdr(text);
    expect(graph.datasets.map(({ title }) => title)).toEqual([
      'idr9999-made-study/experimentA',
      'idr9999-made-study/screenA',
    ]);
    expect(graph.study.doi).toBeUndefined();
    expect(graph.biosamples[0]!.organisms).toEqual([
      expect.objectContaining({ label: 'Mus musculus', id: 'NCBITaxon:10090' }),
    ]);
    expect(exportIdr(graph).document).toContain('Study Data DOI\t# leave blank');
  }
});

test('a number without a vocabulary is no accession, nor is a word', () => {
  const codesOf = (lines: string[]) => checkIdrStudy(lines.join('\n')).map(({ code }) => code);
  expect(codesOf(study.filter((line) => !line.includes('Term Source REF')))).toEqual(['idr-malformed']);
  expect(codesOf(study.map((line) => line.replace('10090', 'mouse?')))).toEqual(['idr-malformed']);
});

test('annotation tables: several terms of a phenotype, no blank before the bracket, numbers beside their vocabulary', () => {
  const table = [
    'Dataset Name,Image Name,Characteristics[Organism],Term Source 1 REF,Term Source 1 Accession,Comment[Made],Phenotype 1,Phenotype 1 Term Name a,Phenotype 1 Term Accession a,Phenotype 1 Term Name b,Phenotype 1 Term Accession b',
    'd,i,Mus musculus,NCBITaxon,10090,yes,round and small,round cell,CMPO_0000118,small cell,CMPO_0000127',
  ].join('\r\n');
  expect(checkIdrAnnotation(table)).toEqual([]);
  const [row] = readIdrAnnotation(table);
  expect(row!.characteristics[0]!.term).toMatchObject({ label: 'Mus musculus', id: 'NCBITaxon:10090' });
  // The authors' own words stand beside the terms.
  expect(row!.comments).toEqual([
    { name: 'Made', value: 'yes' },
    { name: 'Phenotype 1', value: 'round and small' },
  ]);
  expect(row!.phenotypes.map(({ id, label }) => [id, label])).toEqual([
    ['CMPO:0000118', 'round cell'],
    ['CMPO:0000127', 'small cell'],
  ]);
});

test('a paper that is known by its DOI alone has no list of authors', () => {
  const told = { ...emptyGraph(), study: { title: 'T' }, contributors: [{ key: 'c', lastName: 'Y' }] };
  const paper = { ...told, publications: [{ key: 'p', doi: '10.1234/a' }] };
  expect(checkIdrStudy(exportIdr(paper).document).map(({ message }) => message)).not.toContain(
    'There are 0 publication titles and 1 author lists',
  );
});

test('a phenotype goes by the name of its term, and the words of the authors are kept', () => {
  const table = [
    'Dataset Name,Image Name,Phenotype 1,Phenotype 1 Term Name,Phenotype 1 Term Accession,Phenotype 2,Phenotype 2 Term Name',
    'd,i,slow cells,decreased cell movement speed,CMPO_0000240,odd shape,',
  ].join('\n');
  const [row] = readIdrAnnotation(table);
  expect(row!.phenotypes).toEqual([
    { label: 'decreased cell movement speed', id: 'CMPO:0000240' },
    { label: 'odd shape' },
  ]);
  expect(row!.comments).toEqual([{ name: 'Phenotype 1', value: 'slow cells' }]);
});

test('values that were pasted with their line ends go on below their key, and come back as they were', () => {
  const text = [
    ...study.slice(0, 15),
    'Protocol Name\tgrowth protocol\ttreatment protocol\t',
    'Protocol Type\tgrowth protocol\ttreatment protocol',
    'Protocol Description\tGrowth Protocol - Cells were grown in a dish.',
    '',
    'Treatment Protocol - A drug was added:',
    '1) one dose',
    'z= (x-µ)/σ where x represents the ratio',
    '\t\t',
    '# Raw data',
    ...study.slice(15),
    'Stduy Titel\tmisspelled',
    'Study Misspelled',
  ].join('\n');
  expect(checkIdrStudy(text).map(({ code, severity, where }) => [code, severity, where.line])).toEqual([
    ['idr-key-unknown', 'warning', 35],
    ['idr-key-unknown', 'warning', 36],
    ['idr-malformed', 'info', 18],
  ]);
  const { graph } = importIdr(text);
  expect(graph.specimens[0]).toMatchObject({
    growth: 'Cells were grown in a dish.',
    preparation: 'A drug was added:\n1) one dose\nz= (x-µ)/σ where x represents the ratio',
  });
  expect(exportIdr(graph).document).toBe(`${text.replace('\t\n', '\n').replace('\t\t', '')}\n`);
});
