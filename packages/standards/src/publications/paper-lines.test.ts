import { expect, test } from 'vitest';
import { graphOfStudy } from '../graph/graph-of-study.ts';
import { valuesOfGraph } from '../graph/values-of-graph.ts';
import { emptyGraph } from '../graph/study-graph.ts';
import { paperLine, paperOfLine } from './paper-lines.ts';

const papers = [
  {
    title: 'A made paper | with a bar',
    authors: ['Made A', 'Example, B'],
    venue: 'Journal of Tests',
    year: '2024',
    doi: '10.1234/a',
    pubmedId: '123',
    pmcId: 'PMC9',
  },
  { title: 'In 2020: 10 cells', status: 'submitted' },
  { authors: ['Only C'], doi: '10.1234/c' },
  { url: 'https://paper.example/d' },
];

test('a paper comes back from its line', () => {
  for (const paper of papers)
    expect(paperOfLine(paperLine(paper))).toEqual({
      ...paper,
      ...('title' in paper ? { title: paper.title.replace(' | ', '/') } : {}),
    });
  expect(paperOfLine('Title typed by hand | 10.1234/X | PMID 77')).toEqual({
    title: 'Title typed by hand',
    doi: '10.1234/x',
    pubmedId: '77',
  });
  expect(paperOfLine(' | ')).toBeUndefined();
});

test('a study of several papers keeps all of them, with authors and numbers, through the form', () => {
  const publications = papers.slice(0, 3).map((paper, index) => ({ ...paper, key: `p-${index + 1}` }));
  publications[0]!.title = 'A made paper';
  const values = valuesOfGraph({ ...emptyGraph(), publications });
  const back = graphOfStudy({ metadata: { values, origins: {} }, files: [], items: [], datasets: [] }).publications;
  expect(back).toHaveLength(3);
  expect(back).toMatchObject(publications);
  // A paper that the plain fields hold whole needs no line.
  const simple = valuesOfGraph({ ...emptyGraph(), publications: [{ key: 'p-1', doi: '10.1234/a' }] });
  expect(simple.papers).toBeUndefined();
});

test('the paper of the form and a line of it without DOI are one', () => {
  const { publications } = graphOfStudy({
    metadata: {
      values: {
        paperLong: 'Kyoda, K (2013). Worm Developmental Dynamics Database. NAR, 41:D732',
        papers: ['Worm developmental dynamics database | Kyoda, K | NAR | 2013 | PMID:23172286', 'Another | B, C'],
      },
      origins: {},
    },
    files: [],
    items: [],
    datasets: [],
  });
  expect(publications).toMatchObject([{ authors: ['Kyoda, K'], pubmedId: '23172286' }, { title: 'Another' }]);
});
