import { describe, expect, it } from 'vitest';
import { citationBibtex, citationRis, citationText, type CitedVersion, shownTitle } from './citation.ts';

const cited: CitedVersion = {
  accession: 'MIC-000001',
  version: 2,
  title: 'Cells & walls: 50% {faster}_',
  authors: [
    { firstName: 'Anna Maria', lastName: 'van der Berg' },
    { firstName: '花子', lastName: '山田' },
  ],
  year: '2026',
  publisher: 'Micrarium',
  url: 'https://example.org/studies/MIC-000001/v/2',
  licence: 'CC-BY-4.0',
};

describe('citation', () => {
  it('is a sentence', () => {
    expect(citationText(cited)).toBe(
      'van der Berg, A. M., & 山田 花子 (2026). Cells & walls: 50% {faster}_ (Version 2) [Data set]. Micrarium. https://example.org/studies/MIC-000001/v/2',
    );
  });

  it('shortens more than twenty authors', () => {
    const many = Array.from({ length: 60 }, (_, i) => ({ firstName: 'A', lastName: `Name${i}` }));
    expect(citationText({ ...cited, authors: many })).toContain('Name18, A., … Name59, A. (2026)');
  });

  it('escapes LaTeX in BibTeX and keeps an ASCII key', () => {
    const entry = citationBibtex({ ...cited, authors: [{ firstName: 'Jörg', lastName: 'Müller' }] });
    expect(entry).toContain('@misc{muller_2026_MIC000001,');
    expect(entry).toContain('title = {{Cells \\& walls: 50\\% \\{faster\\}\\_}}');
  });

  it('writes names of one part and of groups without a comma, and keeps commas within given names', () => {
    const authors = [
      { firstName: '', lastName: 'RIKEN Center for Biosystems Dynamics Research' },
      { firstName: 'Charles, Jr.', lastName: 'de la Vallée Poussin' },
    ];
    expect(citationBibtex({ ...cited, authors })).toContain(
      'author = {{RIKEN Center for Biosystems Dynamics Research} and {de la Vallée Poussin}, {Charles, Jr.}}',
    );
  });

  it('ends every RIS line with CRLF and the record with ER', () => {
    const ris = citationRis(cited);
    expect(ris.split('\r\n')[0]).toBe('TY  - DATA');
    expect(ris.endsWith('ER  - \r\n')).toBe(true);
    expect(ris.match(/^AU {2}- /gm)).toHaveLength(2);
  });
});

describe('a title as pages name it', () => {
  it('has no marks of type, stands on one line, and is the other where there is none', () => {
    expect(shownTitle(' Nuclei of <i>D.\n rerio</i>, H<sub>2</sub>O, a < b ')).toBe('Nuclei of D. rerio, H2O, a < b');
    expect(shownTitle('<script>alert(1)</script>')).toBe('<script>alert(1)</script>');
    expect(shownTitle('Left\u202Etfel\u2066 end')).toBe('Lefttfel end');
    for (const none of [undefined, null, '', ' \n', 7, ['x']])
      expect(shownTitle(none, 'MIC-000001')).toBe('MIC-000001');
  });
});
