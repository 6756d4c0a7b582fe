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
    'MDCK cells of Canis lupus familiaris were studied. Cells were seeded on glass. Images were acquired by confocal microscopy on a Zeiss LSM 880. The objective was 63×, NA 1.4, oil. The pixel size was 0.1\u00a0µm. Time-lapse images were taken every 5\u00a0min (10 time points). Channels: GFP (excitation 488\u00a0nm). Tracking was done with TrackMate version 7.11.',
  );
  expect(missing.map(({ place }) => place)).toEqual([
    'acquisitions[a].microscope.detector',
    'acquisitions[a].microscope.lightSource',
    'acquisitions[a].microscope.filters',
  ]);
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
