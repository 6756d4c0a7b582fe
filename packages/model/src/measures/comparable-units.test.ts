import { expect, test } from 'vitest';
import { commonUnit } from './comparable-units.ts';

test('physical lengths and times become micrometers and seconds', () => {
  expect(commonUnit('length/time', 'nanometer', 'minute')).toEqual({
    unit: 'micrometer/second',
    factor: expect.closeTo(0.001 / 60, 15),
  });
  expect(commonUnit('length^2', 'millimeter', 'hour')).toEqual({ unit: 'micrometer^2', factor: 1e6 });
  expect(commonUnit('time', 'pixel', 'hour')).toEqual({ unit: 'second', factor: 3600 });
  expect(commonUnit('1/time', 'pixel', 'minute')).toEqual({ unit: '1/second', factor: expect.closeTo(1 / 60, 15) });
  expect(commonUnit('length^2/time', 'nanometer', 'second').factor).toBeCloseTo(1e-6, 15);
  expect(commonUnit('length^-1/2', 'millimeter', 'second')).toEqual({
    unit: 'micrometer^-1/2',
    factor: expect.closeTo(1 / Math.sqrt(1000), 12),
  });
});

test('what has no fixed size keeps its name, and is never taken for another', () => {
  expect(commonUnit('length/time', 'pixel', 'minute').unit).toBe('pixel/second');
  expect(commonUnit('length/time', 'unknown', 'frame')).toEqual({ unit: 'unknown/frame', factor: 1 });
  expect(commonUnit('time', 'micrometer', 'month')).toEqual({ unit: 'month', factor: 1 });
  expect(commonUnit('length', 'constructor', 'frame')).toEqual({ unit: 'constructor', factor: 1 });
});

test('plain numbers and angles stay', () => {
  expect(commonUnit('none', 'nanometer', 'hour')).toEqual({ unit: '', factor: 1 });
  expect(commonUnit('radian', 'nanometer', 'hour')).toEqual({ unit: 'radian', factor: 1 });
});
