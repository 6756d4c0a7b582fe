import { expect, test } from 'vitest';
import { importMetadata } from '../exchange/import-metadata.ts';
import { graphOfStudy } from '../graph/graph-of-study.ts';
import { emptyGraph, type StudyGraph } from '../graph/study-graph.ts';
import type { Json } from '../json/json.ts';
import { exportMicroMeta, importMicroMeta, readMicroMeta } from './micro-meta.ts';

const ids = {
  scope: '5b2c1a4e-1f11-4b77-9a55-0f1c2d3e4f50',
  lens: '5b2c1a4e-1f11-4b77-9a55-0f1c2d3e4f51',
  camera: '5b2c1a4e-1f11-4b77-9a55-0f1c2d3e4f52',
};
/** As the app writes a microscope (version 2 of the model), made for this test. */
const microscope: Json = {
  Name: 'Old faithful',
  Tier: 2,
  ValidationTier: 2,
  Schema_ID: 'Instrument.json',
  ID: ids.scope,
  AppVersion: '1.8.8',
  ModelVersion: '2.01.0',
  Description: 'In room 3',
  MicroscopeStand: {
    Name: 'Ti2 stand',
    Schema_ID: 'InvertedMicroscopeStand.json',
    ID: '5b2c1a4e-1f11-4b77-9a55-0f1c2d3e4f53',
    Manufacturer: 'Nikon',
    Model: 'Ti2-E',
    Origin: 'Commercial',
  },
  components: [
    {
      Name: '60x oil',
      Schema_ID: 'Objective.json',
      ID: ids.lens,
      Category: 'Magnification',
      Manufacturer: 'Nikon',
      Model: 'Plan Apo Lambda',
      NominalMagnification: '60',
      LensNA: 1.4,
      ImmersionType: 'Oil',
      WorkingDistance: 0.13,
      WorkingDistanceUnit: 'mm',
      PositionX: 120,
    },
    {
      Name: 'Zyla',
      Schema_ID: 'CMOS.json',
      ID: ids.camera,
      Category: 'Detector.Camera',
      Manufacturer: 'Andor',
      Model: 'Zyla 4.2',
      ReadNoise: 0.9,
    },
    { Name: 'Turret', Schema_ID: 'ObjectiveTurret.json', ID: '5b2c1a4e-1f11-4b77-9a55-0f1c2d3e4f54', Resolution: 2 },
    {
      Name: 'Spectra X',
      Schema_ID: 'Fluorescence_LightSource_LightEmittingDiode.json',
      ID: '5b2c1a4e-1f11-4b77-9a55-0f1c2d3e4f55',
      Manufacturer: 'Lumencor',
    },
    { Name: 'NIS-Elements', Schema_ID: 'AcquisitionSoftware.json', ID: 'x', Version: '5.3', Developer: 'Nikon' },
  ],
  linkedFields: null,
};
const settings: Json = {
  Name: 'film 1',
  Schema_ID: 'Image.json',
  ID: '5b2c1a4e-1f11-4b77-9a55-0f1c2d3e4f60',
  InstrumentName: 'Old faithful',
  InstrumentID: ids.scope,
  AcquisitionDate: '2026-11-21T10:00:00',
  Pixels: {
    SizeX: 512,
    SizeY: '256',
    SizeT: 10,
    Type: 'uint16',
    PhysicalSizeX: 0.108,
    PhysicalSizeXUnit: 'µm',
    TimeIncrement: 5,
    TimeIncrementUnit: 'min',
    BigEndian: true,
  },
  ObjectiveSettings: { Schema_ID: 'ObjectiveSettings.json', ID: 'os', RefractiveIndex: 1.518 },
  Channels: [
    {
      Name: 'nuclei',
      Schema_ID: 'Channel.json',
      ID: 'ch',
      AcquisitionMode: 'WideField',
      ContrastMethod: 'Fluorescence',
      ExcitationWavelength: 561,
      EmissionWavelength: 610,
      Fluorophore: { Name: 'mCherry', Schema_ID: 'Fluorophore.json', ID: 'fl' },
      LightPath: {
        ComponentSettings: [{ Schema_ID: 'DetectorSettings.json', ExposureTime: 100, ExposureTimeUnit: 'ms' }],
      },
    },
  ],
};

test('a microscope of the Micro-Meta App and the settings of an image are read', () => {
  const { graph, issues } = importMicroMeta([{ microscope }, settings]);
  expect(issues).toEqual([]);
  expect(graph.acquisitions).toMatchObject([
    {
      key: ids.scope,
      title: 'Old faithful',
      instrument: 'Nikon Ti2-E',
      acquisitionMode: 'WideField',
      contrastMethod: 'Fluorescence',
      parameters: 'In room 3\nRefractive index 1.518\nnuclei: Exposure time 100 ms',
      microscope: {
        type: 'Inverted',
        manufacturer: 'Nikon',
        model: 'Ti2-E',
        objective: 'Nikon Plan Apo Lambda',
        magnification: 60,
        numericalAperture: 1.4,
        immersion: 'Oil',
        detector: 'Andor Zyla 4.2',
        lightSource: 'Spectra X',
        software: 'Nikon NIS-Elements 5.3',
      },
    },
  ]);
  expect(graph.images).toMatchObject([
    {
      name: 'film 1',
      pixelType: 'uint16',
      sizes: { x: 512, y: 256, t: 10 },
      pixelSize: { x: { value: 0.108, unit: 'micrometer' } },
      timeStep: { value: 5, unit: 'minute' },
      channels: [{ name: 'nuclei', fluorophore: 'mCherry', excitationNanometers: 561, emissionNanometers: 610 }],
    },
  ]);
});

test('what is written is read again, and what was imported comes back whole', () => {
  const { graph } = importMicroMeta([microscope, settings]);
  const { document, losses } = exportMicroMeta(graph);
  expect([...document.keys()]).toEqual(['microscope-1.json', 'settings-1.json']);
  expect([...document.values()].map((text) => JSON.parse(text) as Json)).toEqual([microscope, settings]);
  expect(losses).toEqual([]);
  const bare = { ...graph };
  delete bare.kept;
  const ours = exportMicroMeta(bare).document;
  expect(readMicroMeta(ours)).toEqual(bare);
  expect(exportMicroMeta(bare).document).toEqual(ours);
});

test('what was edited since stays edited, and its further members stay with it', () => {
  const { graph } = importMicroMeta([microscope]);
  graph.acquisitions[0]!.microscope!.detector = 'Hamamatsu Flash 4';
  const written = JSON.parse(exportMicroMeta(graph).document.get('microscope-1.json')!) as typeof microscope;
  const cameras = (written as { components: { ID: string; Model?: string }[] }).components.filter(
    ({ ID }) => ID === ids.camera,
  );
  expect(cameras).toMatchObject([{ Model: 'Hamamatsu Flash 4', ReadNoise: 0.9 }]);
  expect(exportMicroMeta(graph).losses.map(({ code }) => code)).toContain('kept-part-unplaced');
});

test('the form takes it, keeps what it has no field for, and a study gives it back', () => {
  const read = importMetadata(
    new Map([
      ['scope.json', JSON.stringify(microscope)],
      ['film.json', JSON.stringify(settings)],
    ]),
  );
  if (!('name' in read)) throw new Error(read.issues[0]!.message);
  expect(read.name).toBe('4DN-BINA-OME');
  expect(read.values.microscope).toBe(
    'Nikon Ti2-E; type: Inverted; objective: Nikon Plan Apo Lambda; magnification: 60; numerical aperture: 1.4; immersion: Oil; detector: Andor Zyla 4.2; light source: Spectra X; software: Nikon NIS-Elements 5.3',
  );
  expect(read.values).toMatchObject({ acquisitionMode: 'WideField', contrastMethod: 'Fluorescence' });
  const study = graphOfStudy({
    accession: 'MIC-000001',
    metadata: { values: { ...read.values, kept: read.kept! }, origins: {} },
    files: [],
    items: [],
    datasets: [],
  });
  const again = JSON.parse(exportMicroMeta(study).document.get('microscope-1.json')!) as {
    AppVersion: string;
    components: { Name: string; ReadNoise?: number; WorkingDistance?: number }[];
  };
  expect(again.AppVersion).toBe('1.8.8');
  expect(again.components.find(({ Name }) => Name === 'Turret')).toMatchObject({ Resolution: 2 });
  expect(again.components.filter(({ ReadNoise }) => ReadNoise === 0.9)).toHaveLength(1);
  expect(again.components.find(({ WorkingDistance }) => WorkingDistance === 0.13)).toBeDefined();
});

test('early files with lower-case members, several objectives, and documents of something else', () => {
  const early = importMicroMeta([
    {
      name: 'New Microscope',
      schema_id: 'Microscope.json',
      id: 'm',
      manufacturer: 'Zeiss',
      model: 'Axio',
      components: [
        { name: 'a', id: '1', schema_id: 'Objective.json', Magnification: 10 },
        { name: 'b', id: '2', schema_id: 'Objective.json', Magnification: 63, LensNA: 1.4 },
      ],
    },
  ]);
  expect(early.graph.acquisitions[0]).toMatchObject({
    instrument: 'Zeiss Axio',
    microscope: { objective: 'a 10×, b 63×/1.4' },
  });
  for (const other of [{}, [], 3, null, { Schema_ID: 'Plane.json' }])
    expect(importMicroMeta([other]).issues.map(({ code }) => code)).toEqual(['metadata-other-standard']);
  expect(importMicroMeta([{ Schema_ID: 'Instrument.json', components: [null, 3, []] }]).issues).toEqual([]);
  const none = graphOfStudy({ metadata: { values: {}, origins: {} }, files: [], items: [], datasets: [] });
  expect([...exportMicroMeta(none).document.keys()]).toEqual(['microscope-1.json']);
});

test('parts of a microscope have the names and members that the schemas of the app (model 2.01.1) give them', () => {
  const graph: StudyGraph = {
    ...emptyGraph(),
    acquisitions: [
      {
        key: 'a',
        title: 'confocal',
        microscope: {
          model: 'LSM 880',
          objective: 'Plan-Apochromat',
          magnification: 63,
          numericalAperture: 1.4,
          immersion: 'Oil',
          lightSource: 'Argon laser',
          filters: 'BP 495-550',
          software: 'ZEN 2.3',
        },
      },
    ],
    datasets: [{ key: 'd', title: 'films', tuples: [{ acquisition: 'a' }] }],
    images: [
      {
        key: 'i',
        name: 'a.czi',
        dataset: 'd',
        pixelType: 'uint16',
        channels: [{ name: 'GFP', fluorophore: 'EGFP', excitationNanometers: 488, emissionNanometers: 509 }],
      },
    ],
  };
  const { document } = exportMicroMeta(graph);
  const [scope, settings] = [...document.values()].map((text) => JSON.parse(text) as Record<string, unknown>);
  expect(scope!.components).toMatchObject([
    { Schema_ID: 'Objective.json', Magnification: 63, LensNA: 1.4, ImmersionType: 'Mineral Oil' },
    { Schema_ID: 'Fluorescence_LightSource_GenericExcitationSource.json', Model: 'Argon laser' },
    { Schema_ID: 'FilterSet.json', Name: 'BP 495-550' },
    { Schema_ID: 'AcquisitionSoftware.json', Name: 'ZEN 2.3' },
  ]);
  expect(JSON.stringify(scope)).not.toContain('NominalMagnification');
  expect(settings).toMatchObject({
    Pixels: { PixelType: 'uint16' },
    Channels: [{ Fluorophore: { Name: 'EGFP', ExcitationWavelength: 488, EmissionWavelength: 509 } }],
  });
  const back = readMicroMeta(document);
  expect(back.acquisitions[0]!.microscope).toMatchObject({ magnification: 63, immersion: 'Oil', software: 'ZEN 2.3' });
  expect(back.images[0]!.channels).toMatchObject([{ excitationNanometers: 488, emissionNanometers: 509 }]);
});
