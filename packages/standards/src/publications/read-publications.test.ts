import fc from 'fast-check';
import { expect, test } from 'vitest';
import { citationBibtex, citationRis } from '../citation/citation.ts';
import { readPublications } from './read-publications.ts';

const paper = {
  title: 'Cells move & divide',
  authors: ['Müller, Jörg', 'Yamada, Hanako'],
  doi: '10.1234/abc',
  year: '2024',
  venue: 'J Cell Sci',
  volume: '12',
  issue: '3',
  pages: '1-9',
};

test('RIS', () => {
  const text =
    'TY  - JOUR\r\nAU  - Müller, Jörg\r\nAU  - Yamada, Hanako\r\nTI  - Cells move & divide\r\nJO  - J Cell Sci\r\nVL  - 12\r\nIS  - 3\r\nSP  - 1\r\nEP  - 9\r\nPY  - 2024/05/01\r\nDO  - 10.1234/ABC\r\nER  - \r\n';
  expect(readPublications(text)).toEqual({ form: 'ris', publications: [paper], issues: [] });
  expect(readPublications(text.replace('ER  - \r\n', '')).issues.map(({ code }) => code)).toEqual(['publication-cut']);
});

test('BibTeX with accents, strings and joined values', () => {
  const text =
    '@string{jcs = "J Cell"}\n% a comment\n@article{m24,\n author = {M{\\"u}ller, J{\\"o}rg and Yamada, Hanako},\n title = "{Cells} move \\& divide",\n journal = jcs # " Sci", year = 2024, volume={12}, number = 3, pages = {1--9},\n doi = {https://doi.org/10.1234/abc},\n}';
  expect(readPublications(text)).toEqual({ form: 'bibtex', publications: [paper], issues: [] });
});

test('NBIB brings the MeSH headings along', () => {
  const text =
    'PMID- 123\nTI  - Cells move & \n      divide.\nFAU - Müller, Jörg\nFAU - Yamada, Hanako\nJT  - J Cell Sci\nVI  - 12\nIP  - 3\nPG  - 1-9\nDP  - 2024 May\nLID - 10.1234/abc [doi]\nPMC - PMC99\nMH  - *Cell Movement\nMH  - Animals\n';
  expect(readPublications(text).publications).toEqual([
    { ...paper, pubmedId: '123', pmcId: 'PMC99', meshHeadings: [{ label: 'Cell Movement' }, { label: 'Animals' }] },
  ]);
});

test('CSL-JSON', () => {
  const csl = {
    type: 'article-journal',
    title: 'Cells move & divide',
    author: [
      { family: 'Müller', given: 'Jörg' },
      { family: 'Yamada', given: 'Hanako' },
    ],
    DOI: '10.1234/abc',
    issued: { 'date-parts': [[2024, 5]] },
    'container-title': 'J Cell Sci',
    volume: '12',
    issue: 3,
    page: '1-9',
  };
  expect(readPublications(JSON.stringify([csl])).publications).toEqual([paper]);
});

test('PubMed XML', () => {
  const text = `<?xml version="1.0"?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN" "https://dtd.nlm.nih.gov/x.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">123</PMID><Article><Journal><JournalIssue><Volume>12</Volume><Issue>3</Issue><PubDate><Year>2024</Year></PubDate></JournalIssue><Title>J Cell Sci</Title></Journal><ArticleTitle>Cells <i>move</i> &amp; divide.</ArticleTitle><Pagination><MedlinePgn>1-9</MedlinePgn></Pagination><ELocationID EIdType="doi">10.1234/abc</ELocationID><AuthorList><Author><LastName>Müller</LastName><ForeName>Jörg</ForeName></Author><Author><LastName>Yamada</LastName><ForeName>Hanako</ForeName></Author></AuthorList></Article><MeshHeadingList><MeshHeading><DescriptorName UI="D002465">Cell Movement</DescriptorName></MeshHeading></MeshHeadingList></MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pmc">PMC99</ArticleId></ArticleIdList></PubmedData></PubmedArticle></PubmedArticleSet>`;
  expect(readPublications(text)).toEqual({
    form: 'pubmed-xml',
    issues: [],
    publications: [
      { ...paper, pubmedId: '123', pmcId: 'PMC99', meshHeadings: [{ label: 'Cell Movement', id: 'MeSH:D002465' }] },
    ],
  });
});

test('our own citations are read again', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-zé&%_{}#$ ]{1,20}[a-z]$/), (raw) => {
      const title = raw.replace(/\s+/g, ' ').trim();
      const cited = {
        accession: 'mic-1',
        version: 1,
        title,
        authors: [{ firstName: 'Hanako', lastName: 'Yamada' }],
        year: '2026',
        publisher: 'Micrarium',
        url: 'https://example.org/1',
        licence: 'CC-BY-4.0',
        doi: '10.5072/a',
      };
      for (const text of [citationBibtex(cited), citationRis(cited)])
        expect(readPublications(text).publications[0]).toMatchObject({
          title,
          authors: ['Yamada, Hanako'],
          year: '2026',
          doi: '10.5072/a',
        });
    }),
  );
});

test('anything else is refused, nothing hangs', () => {
  expect(readPublications('hello').issues.map(({ code }) => code)).toEqual(['publication-unreadable']);
  fc.assert(
    fc.property(
      fc.constantFrom('@a{', 'TY  - ', 'PMID- ', '<a>', '['),
      fc.string(),
      (start, rest) => void readPublications(start + rest),
    ),
  );
  readPublications(`@a{b, title = {${'{'.repeat(100_000)}`);
});

test('keywords come along, as MeSH where a RIS record is of PubMed', () => {
  const ris = (more: string) =>
    readPublications(`TY  - JOUR\nTI  - A\n${more}KW  - Cell Movement\nER  - \n`).publications[0];
  expect(ris('')).toMatchObject({ keywords: ['Cell Movement'] });
  expect(ris('DB  - PubMed\n')).toMatchObject({ meshHeadings: [{ label: 'Cell Movement' }] });
  const bibtex = '@article{a, title={A}, keywords={wound healing, actin}}';
  expect(readPublications(bibtex).publications[0]).toMatchObject({ keywords: ['wound healing', 'actin'] });
  const csl = { type: 'article-journal', title: 'A', keyword: 'wound healing; actin' };
  expect(readPublications(JSON.stringify(csl)).publications[0]).toMatchObject({ keywords: ['wound healing', 'actin'] });
});

test('a document that only has a title beside fields of ours is no reference', () => {
  expect(readPublications('{"title":"A","organism":["mouse"]}').publications).toEqual([]);
});

test('RIS with one blank before the dash is read', () => {
  const { publications } = readPublications('TY -  BOOK\nT1  - A made book\nDO  - 10.1234/b\nER  -\n');
  expect(publications).toEqual([expect.objectContaining({ title: 'A made book', doi: '10.1234/b' })]);
});

test('titles wrapped by publishers, marks of HTML and the answer of Crossref are read', () => {
  const ris = readPublications(
    'TY  - JOUR\r\nTI  - WDDD: Worm <i>Developmental</i>\r\nDynamics &amp; more\r\nKW  - one; two\r\nKW  - three, four\r\nER  - \r\n',
  );
  expect(ris.publications).toEqual([
    { title: 'WDDD: Worm Developmental Dynamics & more', keywords: ['one', 'two', 'three, four'] },
  ]);
  const work = {
    title: ['In <jats:italic>vivo</jats:italic> H<sub>2</sub>O, p < 0.05'],
    DOI: '10.1000/ABC',
    author: [{ given: 'A', family: 'B' }],
    type: 'journal-article',
  };
  const read = { title: 'In vivo H2O, p < 0.05', doi: '10.1000/abc', authors: ['B, A'] };
  for (const answer of [{ status: 'ok', message: work }, { message: { items: [work] } }, { items: [work] }, [work]])
    expect(readPublications(JSON.stringify(answer)).publications).toEqual([read]);
});
