import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyGraph } from '../exchange/any-graph.ts';
import { emptyGraph, type StudyGraph } from '../graph/study-graph.ts';
import { acknowledgementText, dataAvailabilityText, dataDescriptor, methodsText } from './methods-text.ts';

const graph: StudyGraph = {
  ...emptyGraph(),
  study: { title: 'Cells', doi: '10.5072/a', licence: 'CC-BY-4.0', publisher: 'Micrarium', identifier: 'mic-1' },
  contributors: [{ key: 'c', firstName: 'A', lastName: 'B', isNoAuthor: true }],
  grants: [{ key: 'g', funder: 'JSPS', identifier: 'JP1' }],
  biosamples: [
    { key: 'b', title: 'MDCK', organisms: [{ label: 'Canis lupus familiaris' }], cellLine: [{ label: 'MDCK' }] },
  ],
  specimens: [{ key: 's', title: 'dish', preparation: 'Cells were seeded on glass' }],
  acquisitions: [
    {
      key: 'a',
      title: 'confocal',
      methods: [{ label: 'confocal microscopy' }],
      microscope: {
        manufacturer: 'Zeiss',
        model: 'LSM 880',
        magnification: 63,
        numericalAperture: 1.4,
        immersion: 'oil',
      },
    },
  ],
  analyses: [{ key: 'n', title: 'Tracking', software: 'TrackMate', softwareVersion: '7.11' }],
  images: [
    {
      key: 'i',
      name: 'i',
      sizes: { t: 10 },
      pixelSize: { x: { value: 0.1, unit: 'micrometer' }, y: { value: 0.1, unit: 'micrometer' } },
      timeStep: { value: 5, unit: 'minute' },
      channels: [{ name: 'GFP', excitationNanometers: 488 }],
    },
  ],
};

test('the methods paragraph says what is known, and what a reviewer will miss is listed', () => {
  const { text, missing } = methodsText(graph);
  expect(text).toBe(
    'The material imaged was MDCK cells from Canis lupus familiaris. Cells were seeded on glass. Images were acquired by confocal microscopy on a Zeiss LSM 880. The objective was 63×, NA 1.4, oil. The pixel size was 0.1\u00a0µm. Time-lapse images were taken every 5\u00a0min (10 time points). Channel: GFP (excitation 488\u00a0nm). Tracking was done with TrackMate version 7.11.',
  );
  expect(missing.map(({ place }) => place)).toEqual([
    'acquisitions[a].microscope.detector',
    'acquisitions[a].microscope.lightSource',
    'acquisitions[a].microscope.filters',
  ]);
});

test('nothing is said of what does not apply, numbers and articles agree, no part is said twice', () => {
  const { text, missing } = methodsText({
    ...emptyGraph(),
    biosamples: [
      {
        key: 'b',
        title: 'b',
        organisms: [{ label: 'Caenorhabditis elegans' }],
        biologicalEntity: 'embryo',
        strain: ['N2'],
        cellLine: [{ label: 'NA' }],
        genes: ['NA'],
      },
      {
        key: 'c',
        title: 'c',
        organisms: [{ label: 'NA' }],
        cellLine: [{ label: 'HeLa cell' }],
        cellType: [{ label: 'epithelial cell' }],
      },
    ],
    specimens: [{ key: 's', title: 's', preparation: 'Seeded on glass\nFixed' }],
    acquisitions: [
      {
        key: 'a',
        title: 'a',
        methods: [{ label: 'SPIM' }],
        instrument: 'ConfocalMicroscope; Olympus FV10i',
        contrastMethod: 'ObliqueIllumination',
        microscope: {
          objective: 'Plan-Apochromat 63x/1.4 Oil',
          magnification: 63,
          numericalAperture: 1.4,
          immersion: 'Oil',
        },
      },
      { key: 'a2', title: 'a2', methods: [{ label: 'SPIM' }], instrument: 'LSM 880\nUnified scope; detector: EMCCD' },
    ],
    images: [
      {
        key: 'i',
        name: 'i',
        sizes: { z: 1, t: 1 },
        pixelSize: { x: { value: 0.1, unit: 'micrometer' }, z: { value: 1, unit: 'micrometer' } },
        channels: [{ name: 'GFP', excitationNanometers: 488 }],
      },
    ],
    analyses: [{ key: 'n', title: 'Image analysis', overview: 'Nuclei were tracked with TrackMate 7.11.' }],
  });
  expect(text).toBe(
    'The material imaged was embryo from Caenorhabditis elegans (strain N2). The material imaged was HeLa cells (epithelial cells). Seeded on glass. Fixed. Images were acquired by SPIM on an Olympus FV10i (confocal microscope). Settings: contrast oblique illumination. The objective was a Plan-Apochromat 63x/1.4 Oil. Images were acquired by SPIM on an LSM 880 and a Unified scope (detector: EMCCD). The pixel size was 0.1\u00a0µm. Channel: GFP (excitation 488\u00a0nm). Nuclei were tracked with TrackMate 7.11.',
  );
  expect(missing.some(({ what }) => what.includes('software'))).toBe(false);
});

test('samples that differ in strain alone are one sentence, and what several say is said once', () => {
  const sample = (key: string, strain: string) => ({
    key,
    title: key,
    organisms: [{ label: 'Mus musculus' }],
    strain: [strain],
    extrinsicVariables: ['heat', `genotype: ${strain}`],
  });
  expect(methodsText({ ...emptyGraph(), biosamples: [sample('a', 'A'), sample('b', 'B')] }).text).toBe(
    'The material imaged was from Mus musculus (strains A and B). Treatment: heat, genotype: A and genotype: B.',
  );
});

test('funders without a sentence become one; who only answers questions is not thanked', () => {
  const say = (fundingStatement: string) =>
    acknowledgementText({
      ...emptyGraph(),
      study: { fundingStatement },
      contributors: [{ key: 'c', lastName: 'Contact', isContact: true, isNoAuthor: true }],
    }).text;
  expect(say('JSPS KAKENHI JP00H00000')).toBe('This work was supported by JSPS KAKENHI JP00H00000.');
  expect(say('We received no specific funding')).toBe('We received no specific funding.');
});

test('acknowledgement and data availability', () => {
  expect(acknowledgementText(graph).text).toBe('We thank A B. This work was supported by JSPS (JP1).');
  expect(dataAvailabilityText(graph).text).toBe(
    'The images and quantitative data of this study are available in Micrarium under accession mic-1 (https://doi.org/10.5072/a) under the licence CC BY 4.0.',
  );
  expect(dataAvailabilityText(emptyGraph())).toEqual({
    text: '',
    missing: [expect.objectContaining({ place: 'study.doi' }), expect.objectContaining({ place: 'study.licence' })],
  });
});

test('the same study gives the same text, and no text says “undefined”', () => {
  fc.assert(
    fc.property(anyGraph, (one) => {
      for (const write of [methodsText, acknowledgementText, dataAvailabilityText, dataDescriptor]) {
        expect(write(structuredClone(one))).toEqual(write(one));
        expect(write(one).text).not.toMatch(/undefined|\[object|NaN/);
      }
    }),
    { numRuns: 50 },
  );
  expect(methodsText(emptyGraph()).missing.map(({ place }) => place)).toEqual([
    'biosamples',
    'specimens',
    'acquisitions',
  ]);
  expect(dataDescriptor(graph).text).toContain('## Technical validation');
});
