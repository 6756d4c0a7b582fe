import fc from 'fast-check';
import type { StudyGraph } from '../graph/study-graph.ts';

/** A text that says something, as people and files write it. */
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.constantFrom(
      'HeLa (ATCC)',
      'a, b; c',
      'two\nlines',
      '"quoted"',
      'x\ty',
      '0.5 µm',
      '細胞',
      '<b>&amp;',
      '-',
      '10',
      '1e3',
      "it's",
      '(a) b',
    ),
  )
  // Controls have no spelling in XML; runs of white space are one space everywhere; accents are composed.
  .map((raw) =>
    raw
      .replace(/[\p{Cc}\p{Zl}\p{Zp}\ufeff\ufffe\uffff]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .normalize('NFC'),
  )
  .filter((raw) => raw !== '');
const date = fc.constantFrom('2024-02-29', '2026-11-21', '1999-01-01');
const doi = fc.constantFrom('10.5072/abc', '10.1234/x.y(1)', '10.7554/elife.93764');
const number = fc.constantFrom(0.5, 488, 1.4, 63, 1e-9);
const texts = fc.array(text, { minLength: 1, maxLength: 3 });
const lone = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

function record(model: Record<string, fc.Arbitrary<unknown>>, needed: string[] = []) {
  return fc.record(model, { requiredKeys: needed });
}

/** A term of the vocabulary with a prefix, with or without its id. */
function term(prefix: string) {
  return fc.tuple(text, lone(fc.integer({ min: 1, max: 9_999_999 }))).map(([label, id]) => ({
    label,
    ...(id === undefined ? {} : { id: `${prefix}:${String(id).padStart(7, '0')}` }),
  }));
}
const terms = (prefix: string) => fc.array(term(prefix), { minLength: 1, maxLength: 2 });

/** Nodes with keys `kind-1`, `kind-2` …, and titles that differ. */
function nodes(kind: string, model: Record<string, fc.Arbitrary<unknown>>, needed: string[] = [], named?: string) {
  return fc
    .array(record({ ...model, ...(named ? { [named]: text } : {}) }, [...needed, ...(named ? [named] : [])]), {
      maxLength: 3,
    })
    .map((list) =>
      list.map((node, index) => ({
        ...node,
        key: `${kind}-${index + 1}`,
        ...(named ? { [named]: `${String(node[named])} ${index + 1}` } : {}),
      })),
    );
}

const channel = record(
  { name: text, target: text, fluorophore: text, excitationNanometers: number, emissionNanometers: number },
  ['name'],
);
const quantity = fc.record({ value: number, unit: fc.constantFrom('micrometer', 'nanometer') });

/** Study graphs of any content, links and all. */
export const anyGraph: fc.Arbitrary<StudyGraph> = fc
  .record({
    study: record({
      identifier: fc.constantFrom('S-BIAD1', 'idr0001'),
      doi,
      title: text,
      description: text,
      keywords: texts,
      types: terms('MeSH'),
      licence: fc.constantFrom('CC-BY-4.0', 'CC0-1.0', 'CC-BY-NC-4.0'),
      releaseDate: date,
      submissionDate: date,
      updateDate: date,
      version: text,
      acknowledgements: text,
      fundingStatement: text,
      methodSummary: text,
      notes: text,
    }),
    contributors: nodes(
      'c',
      {
        firstName: text,
        lastName: text,
        email: fc.constantFrom('a@b.org', 'c.d@e.ac.jp'),
        orcid: fc.constant('0000-0002-1825-0097'),
        roles: texts,
        credit: fc.constant(['Software', 'Data curation']),
        isContact: fc.constant(true),
      },
      ['lastName'],
    ),
    organisations: nodes(
      'o',
      { ror: fc.constant('01sjwvz98'), address: text, department: text, laboratory: text },
      [],
      'name',
    ),
    publications: nodes('p', {
      title: text,
      authors: texts,
      doi,
      pubmedId: fc.constant('32004455'),
      pmcId: fc.constant('PMC7028899'),
      year: fc.constant('2024'),
      venue: text,
      status: fc.constantFrom('published', 'submitted'),
    }),
    grants: nodes('g', { identifier: text, title: text, funder: text }),
    links: nodes('l', { url: fc.webUrl(), type: text, description: text }, ['url']),
    ethics: lone(
      record(
        { humanMaterial: fc.constant('yes'), identifiable: fc.constant('no'), body: text, dataUse: terms('DUO') },
        ['humanMaterial'],
      ),
    ),
    biosamples: nodes(
      'b',
      {
        organisms: terms('NCBITaxon'),
        biologicalEntity: text,
        description: text,
        strain: texts,
        cellLine: terms('CLO'),
        cellType: terms('CL'),
        genes: texts,
        intrinsicVariables: texts,
        extrinsicVariables: texts,
        experimentalVariables: texts,
        biologicalProcess: terms('GO'),
        phenotypes: terms('CMPO'),
      },
      [],
      'title',
    ),
    specimens: nodes(
      's',
      { preparation: text, growth: text, channels: fc.array(channel, { minLength: 1, maxLength: 2 }) },
      [],
      'title',
    ),
    acquisitions: nodes(
      'a',
      {
        methods: terms('FBbi'),
        instrument: text,
        parameters: text,
        microscope: record({ manufacturer: text, model: text, numericalAperture: number }, ['model']),
        contrastMethod: text,
      },
      [],
      'title',
    ),
    correlations: nodes('r', { alignment: text, fiducials: text, transformation: text }, [], 'title'),
    analyses: nodes(
      'n',
      {
        overview: text,
        annotationType: fc.constantFrom('tracks', 'segmentation_mask'),
        annotationMethod: text,
        software: text,
        features: fc.array(record({ name: text, unit: text }, ['name']), { minLength: 1, maxLength: 2 }),
      },
      [],
      'title',
    ),
    datasets: nodes(
      'd',
      {
        description: text,
        identifier: text,
        kind: fc.constantFrom('image', 'quantitative'),
        datatype: text,
        basedOn: fc.constantFrom('Experiment', 'Simulation'),
        trainingTask: fc.constantFrom('tracking', 'classification'),
        annotators: texts,
        split: fc.constantFrom('train', 'test'),
        formats: texts,
      },
      [],
      'title',
    ),
    images: nodes(
      'i',
      {
        format: text,
        sizes: record({ x: fc.constant(512), y: fc.constant(512), t: fc.constant(10) }, ['x']),
        pixelSize: record({ x: quantity, y: quantity }, ['x']),
        timeStep: fc.constant({ value: 5, unit: 'minute' }),
        channels: fc.array(channel, { minLength: 1, maxLength: 2 }),
      },
      [],
      'name',
    ),
    files: fc.uniqueArray(
      record(
        {
          path: fc.constantFrom('a.tif', 'b c/d.tif', 'ü.csv', 'x#y.ome.tiff'),
          size: fc.constant(12),
          mediaType: fc.constant('image/tiff'),
        },
        ['path'],
      ),
      { selector: (file) => file.path, maxLength: 3 },
    ),
    seed: fc.nat(1000),
  })
  .map(({ seed, ethics, ...parts }) =>
    linked({ ...parts, ...(ethics ? { ethics } : {}) } as unknown as StudyGraph, seed),
  );

/** Gives a graph links that lead somewhere, drawn by the seed. */
function linked(graph: StudyGraph, seed: number): StudyGraph {
  let state = seed;
  const pick = <T extends { key: string }>(list: readonly T[]) => {
    state = (state * 31 + 7) % 1009;
    return list.length === 0 || state % 4 === 0 ? undefined : list[state % list.length]!.key;
  };
  const link = <Name extends string>(name: Name, key: string | undefined) => (key === undefined ? {} : { [name]: key });
  return {
    ...graph,
    contributors: graph.contributors.map((one) => {
      const key = pick(graph.organisations);
      return { ...one, ...(key === undefined ? {} : { organisations: [key] }) };
    }),
    datasets: graph.datasets.map((one) => {
      const tuple = {
        ...link('biosample', pick(graph.biosamples)),
        ...link('specimen', pick(graph.specimens)),
        ...link('acquisition', pick(graph.acquisitions)),
        ...link('analysis', pick(graph.analyses.filter(({ annotationType }) => annotationType === undefined))),
        ...link('correlation', pick(graph.correlations)),
      };
      return { ...one, ...(Object.keys(tuple).length === 0 ? {} : { tuples: [tuple] }) };
    }),
    images: graph.images.map((one) => ({ ...one, ...link('dataset', pick(graph.datasets)) })),
    files: graph.files.map((one) => ({ ...one, ...link('dataset', pick(graph.datasets)) })),
  };
}
