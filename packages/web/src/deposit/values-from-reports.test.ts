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
      origin: { kind: 'file', file: 'b.tif' },
    });
    expect(values.dataSize).toEqual({ value: '38.1 GB', origin: { kind: 'file', file: 'b.tif' } });
    expect(values.imagingMethods).toEqual({
      value: [
        { id: 'FBbi:00000247', label: 'phase contrast microscopy' },
        { id: 'FBbi:00000246', label: 'fluorescence microscopy' },
      ],
      origin: { kind: 'file', file: 'b.tif', place: 'contrast method “Phase”' },
    });
  });

  it('are left out where no file speaks', () => {
    expect(valuesFromReports([])).toEqual({});
    expect(Object.keys(valuesFromReports([item('x', 5, { format: 'unknown' })]))).toEqual(['dataSize']);
  });
});
