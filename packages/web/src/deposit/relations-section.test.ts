import { expect, it } from 'vitest';
import { studyIn } from './relations-section.tsx';

it('the page of a study of this site names the study; other addresses name no study here', () => {
  const here = 'https://images.example.org';
  expect(studyIn(`${here}/studies/MIC-000012/v/2#cite`, here)).toBe('MIC-000012');
  expect(studyIn(`${here}/studies/MIC-000012`, here)).toBe('MIC-000012');
  for (const other of [
    'https://other.example.org/studies/MIC-000012',
    `${here}/studies/MIC-12x`,
    `${here}/search`,
    'MIC-000012',
    '',
  ])
    expect(studyIn(other, here)).toBeUndefined();
});
