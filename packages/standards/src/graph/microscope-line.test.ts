import { expect, test } from 'vitest';
import { microscopeLine, microscopeOfLine } from './microscope-line.ts';

test('a microscope is written in one line and read again', () => {
  const scope = {
    instrument: 'Zeiss LSM 880',
    microscope: {
      type: 'Inverted',
      objective: 'Plan-Apochromat',
      magnification: 63,
      numericalAperture: 1.4,
      immersion: 'Oil',
      detector: 'GaAsP',
      lightSource: 'argon laser, 488 nm',
      filters: 'BP 500-550',
      software: 'ZEN 2.3',
    },
  };
  const line = microscopeLine(scope)!;
  expect(line).toContain('Zeiss LSM 880; type: Inverted; objective: Plan-Apochromat; magnification: 63;');
  expect(microscopeOfLine(line)).toEqual(scope);
  expect(microscopeLine({ microscope: { manufacturer: 'Zeiss', model: 'LSM 880' } })).toBe('Zeiss LSM 880');
  expect(microscopeLine({})).toBeUndefined();
});

test('what somebody typed is taken apart only where it names a part', () => {
  expect(microscopeOfLine('ConfocalMicroscope; Olympus FluoView FV10i')).toEqual({
    instrument: 'ConfocalMicroscope; Olympus FluoView FV10i',
  });
  expect(microscopeOfLine('Nikon Ti2; Objective: 60x/1.4; magnification: 60x; magnification: high')).toEqual({
    instrument: 'Nikon Ti2; magnification: high',
    microscope: { objective: '60x/1.4', magnification: 60 },
  });
  expect(microscopeOfLine('One\nobjective: two')).toEqual({ instrument: 'One\nobjective: two' });
});
