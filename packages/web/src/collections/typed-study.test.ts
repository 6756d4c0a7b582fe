import { describe, expect, it } from 'vitest';
import { typedAccession, withStudy } from './typed-study.ts';

describe('a study that is typed', () => {
  it.each([
    [' MIC-000001 ', 'MIC-000001'],
    ['mic-000001', 'MIC-000001'],
    ['ＭＩＣ－０００００１', 'MIC-000001'],
    ['https://archive.example/studies/MIC-000001/v/2?x=1#cite', 'MIC-000001'],
    ['/studies/MIC-000001#files', 'MIC-000001'],
    [' ', ''],
  ])('as “%s” is %s', (typed, accession) => expect(typedAccession(typed)).toBe(accession));

  it('stands at the end of the collection, once', () => {
    const studies = [{ accession: 'MIC-000001', remark: 'The first' }];
    expect(withStudy(studies, 'mic-000002')).toEqual([...studies, { accession: 'MIC-000002', remark: '' }]);
    for (const typed of ['', 'MIC-000001']) expect(withStudy(studies, typed)).toBe(studies);
  });
});
