import { emptyGraph } from '@micrarium/standards';

/** A study with everything that an imaging assay has. */
export const imagingStudy = {
  ...emptyGraph(),
  study: {
    identifier: 'mic-1',
    title: 'T',
    description: 'D',
    releaseDate: '2026-11-21',
    licence: 'CC-BY-4.0',
    keywords: ['cells'],
  },
  contributors: [{ key: 'c', firstName: 'Hanako', lastName: 'Yamada', organisations: ['o'] }],
  organisations: [{ key: 'o', name: 'Example University' }],
  biosamples: [
    { key: 'b', title: 'HeLa', organisms: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }], strain: ['x'] },
  ],
  specimens: [{ key: 's', title: 'dish', preparation: 'fixed\nand stained' }],
  acquisitions: [
    {
      key: 'a',
      title: 'confocal',
      methods: [{ label: 'confocal microscopy', id: 'FBbi:00000251' }],
      instrument: 'LSM 880',
    },
  ],
  analyses: [{ key: 'n', title: 'tracking', overview: 'TrackMate' }],
  datasets: [
    { key: 'd', title: 'films', tuples: [{ biosample: 'b', specimen: 's', acquisition: 'a', analysis: 'n' }] },
  ],
  files: [
    { path: 'a b.tif', dataset: 'd', mediaType: 'image/tiff' },
    { path: 'tracks.csv', dataset: 'd', mediaType: 'text/csv' },
  ],
};
