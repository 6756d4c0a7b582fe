import { describe, expect, it } from 'vitest';
import { type ReadItem, valuesFromReports } from './values-from-reports.ts';

const sizes = { t: 1, c: 1, z: 1, y: 8, x: 8 };
const image = (channel: { contrastMethod?: string; emissionNanometers?: number }) => ({
  name: '',
  sizes,
  type: 'uint8',
  channels: [{ name: '', ...channel }],
});
const item = (path: string, bytes: number, report: ReadItem['report']): ReadItem => ({ path, bytes, report });

describe('values found in files', () => {
  it('are formats by frequency, the size, and methods by what the channels say, each with its origin', () => {
    const values = valuesFromReports([
      item('b.tif', 38_000_000_000, { format: 'ome-tiff', images: [image({ contrastMethod: 'Phase' })] }),
      item('a.xml', 100_000_000, { format: 'trackmate' }),
      item('c.tif', 1000, { format: 'ome-tiff', images: [image({ emissionNanometers: 520 })] }),
      item('README', 10, { format: 'text' }),
    ]);
    expect(values.dataFormats).toEqual({
      value: ['OME-TIFF', 'TrackMate'].map((name) => expect.stringContaining(name)),
      origin: { kind: 'file' },
    });
    expect(values.dataSize).toEqual({ value: '38.1 GB', origin: { kind: 'file' } });
    expect(values.imagingMethods).toEqual({
      value: [
        { id: 'FBbi:00000247', label: 'phase contrast microscopy' },
        { id: 'FBbi:00000246', label: 'fluorescence microscopy' },
      ],
      origin: { kind: 'file', file: 'b.tif', place: 'contrast method “Phase”' },
    });
  });

  it('are how the images were taken, as the metadata of the microscope say', () => {
    const taken = {
      ...image({ contrastMethod: 'Fluorescence', emissionNanometers: 509 }),
      voxelSize: { x: { value: 0.09057667, unit: 'micrometer' }, y: { value: 0.09057667, unit: 'micrometer' } },
      timeStep: { value: 60.0761, unit: 'second' },
      instrument: {
        manufacturer: 'Zeiss',
        model: 'LSM 880',
        objective: { model: 'Plan-Apochromat 63x/1.4', numericalAperture: 1.4, immersion: 'Oil' },
        software: 'ZEN 3.12',
      },
    };
    const [channel] = taken.channels;
    Object.assign(channel!, {
      name: 'GFP',
      excitationNanometers: 488,
      acquisitionMode: 'LaserScanningConfocalMicroscopy',
    });
    const values = valuesFromReports([
      item('notes.tif', 9, { format: 'tiff', images: [image({})] }),
      item('a.czi', 10, { format: 'czi', images: [taken] }),
    ]);
    expect(values.methodSummary).toEqual({
      value:
        'Microscope: Zeiss LSM 880. Objective: Plan-Apochromat 63x/1.4, NA 1.4, Oil. Channels: GFP (excitation 488 nm, emission 509 nm). Pixel size: 0.09058 x 0.09058 micrometer. Time between frames: 60.08 second. Software: ZEN 3.12.',
      origin: { kind: 'file', file: 'a.czi', place: 'metadata of the microscope' },
    });
    expect(values.imagingMethods?.value).toEqual([
      { id: 'FBbi:00000246', label: 'fluorescence microscopy' },
      { id: 'FBbi:00000251', label: 'confocal microscopy' },
    ]);
  });

  it('are left out where no file speaks', () => {
    expect(valuesFromReports([])).toEqual({});
    expect(Object.keys(valuesFromReports([item('x', 5, { format: 'unknown' })]))).toEqual(['dataSize']);
  });
});
