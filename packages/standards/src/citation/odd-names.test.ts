import type { Contributor, StudyVersion } from '@micrarium/model';
import { expect, test } from 'vitest';
import { exportDataCiteJson, exportDataCiteXml } from '../datacite/write-datacite.ts';
import { graphOfStudy } from '../graph/graph-of-study.ts';
import { toSchemaOrg } from '../schema-org/dataset.ts';
import { schemaOrgOfGraph } from '../schema-org/dataset-of-graph.ts';
import { citationBibtex, citationRis, citationText, citedVersion } from './citation.ts';
import { citationCff, citationCsl } from './citation-of-graph.ts';
import { citationStyles } from './citation-styles.ts';

const page = 'https://example.org/studies/MIC-000001/v/2';

function named(firstName: string, lastName: string, organisation = 'Example University'): Contributor {
  return { firstName, lastName, organisation, role: 'image' };
}

/** A published version by these people, in every form it is cited in. */
function cited(contributors: Contributor[], title = 'Cells that move') {
  const version = {
    accession: 'MIC-000001',
    version: 2,
    publishedAt: '2026-11-22T10:00:00.000Z',
    metadata: { values: { title, contributors, licence: 'CC-BY-4.0', releaseDate: '2026-11-20' }, origins: {} },
    files: [],
    items: [],
    datasets: [],
    pairs: [],
  } as unknown as StudyVersion;
  const graph = graphOfStudy(version, { url: page, publisher: 'Micrarium' });
  const told = citedVersion(version, page);
  const record = exportDataCiteJson(graph).document as Record<string, Record<string, unknown>[]>;
  const landing = toSchemaOrg(version, { page, home: 'https://example.org', file: (path) => path });
  return {
    text: citationText(told),
    styles: Object.fromEntries(citationStyles.map(({ id, write }) => [id, write(told)])),
    bibtex: citationBibtex(told),
    ris: citationRis(told),
    csl: citationCsl(graph) as { author: unknown[]; title: string; issued: object; version: string },
    dataCite: record['creators']!,
    dataCiteTitle: record['titles']![0]!['title'],
    xml: exportDataCiteXml(graph).document,
    schemaOrg: (schemaOrgOfGraph(graph) as Record<string, unknown[]>)['creator']!,
    landing: landing['creator'] as unknown[],
    names: [(schemaOrgOfGraph(graph) as { name: string }).name, landing['name']],
    cff: citationCff(graph),
  };
}

const many = (count: number) => Array.from({ length: count }, (_, at) => named(`Ann${at}`, `Name${at}`));

test('one creator', () => {
  const one = cited([named('Anna Maria', 'Weber')]);
  expect(one.styles).toEqual({
    apa: `Weber, A. M. (2026). Cells that move (Version 2) [Data set]. Micrarium. ${page}`,
    vancouver: `Weber AM. Cells that move [dataset]. Version 2. Micrarium; 2026. Available from: ${page}`,
    harvard: `Weber, A.M. (2026) ‘Cells that move’ [Dataset], version 2. Micrarium. Available at: ${page}.`,
    chicago: `Weber, Anna Maria. 2026. “Cells that move.” Version 2. Data set. Micrarium. ${page}.`,
    nature: `Weber, A. M. Cells that move. Micrarium ${page} (2026).`,
  });
  expect(one.bibtex).toBe(
    `@misc{weber_2026_MIC000001,\n  author = {{Weber}, Anna Maria},\n  title = {{Cells that move}},\n  year = {2026},\n  publisher = {Micrarium},\n  version = {2},\n  url = {${page}},\n  copyright = {CC-BY-4.0}\n}\n`,
  );
  expect(one.ris).toBe(
    [
      'TY  - DATA',
      'AU  - Weber, Anna Maria',
      'TI  - Cells that move',
      'PY  - 2026',
      'PB  - Micrarium',
      'ET  - 2',
      `UR  - ${page}`,
      'AN  - MIC-000001',
      'ER  - ',
      '',
    ].join('\r\n'),
  );
  expect(one.csl).toMatchObject({
    type: 'dataset',
    version: '2',
    author: [{ family: 'Weber', given: 'Anna Maria' }],
    // The day of publication, as in the texts; not the one that is planned.
    issued: { 'date-parts': [[2026, 11, 22]] },
  });
  expect(one.cff).toContain('date-released: "2026-11-22"');
  const person = { '@type': 'Person', name: 'Anna Maria Weber', givenName: 'Anna Maria', familyName: 'Weber' };
  for (const creators of [one.schemaOrg, one.landing]) expect(creators).toMatchObject([person]);
  expect(one.dataCite).toMatchObject([
    { name: 'Weber, Anna Maria', nameType: 'Personal', givenName: 'Anna Maria', familyName: 'Weber' },
  ]);
});

test('two creators', () => {
  const two = cited([named('Jean-Luc', 'Petit'), named('B. C.', 'Ng')]);
  expect(two.styles).toEqual({
    apa: `Petit, J.-L., & Ng, B. C. (2026). Cells that move (Version 2) [Data set]. Micrarium. ${page}`,
    vancouver: `Petit JL, Ng BC. Cells that move [dataset]. Version 2. Micrarium; 2026. Available from: ${page}`,
    harvard: `Petit, J.-L. and Ng, B.C. (2026) ‘Cells that move’ [Dataset], version 2. Micrarium. Available at: ${page}.`,
    chicago: `Petit, Jean-Luc, and B. C. Ng. 2026. “Cells that move.” Version 2. Data set. Micrarium. ${page}.`,
    nature: `Petit, J.-L. & Ng, B. C. Cells that move. Micrarium ${page} (2026).`,
  });
  expect(two.bibtex).toContain('author = {{Petit}, Jean-Luc and {Ng}, B. C.}');
});

test('eight creators: six are named in Vancouver, three in Harvard, five in Nature', () => {
  const eight = cited(many(8));
  expect(eight.text).toContain(
    'Name0, A., Name1, A., Name2, A., Name3, A., Name4, A., Name5, A., Name6, A., & Name7, A. (',
  );
  expect(eight.styles['vancouver']).toMatch(/^Name0 A, .*Name5 A, et al\. /);
  expect(eight.styles['harvard']).toMatch(/^Name0, A\. et al\. \(2026\)/);
  expect(eight.styles['chicago']).toMatch(/^Name0, Ann0, Ann1 Name1, .* and Ann7 Name7\. 2026\./);
  expect(eight.styles['nature']).toMatch(/^Name0, A\. et al\. Cells/);
  for (const list of [eight.csl.author, eight.dataCite, eight.schemaOrg, eight.landing]) expect(list).toHaveLength(8);
});

test('sixty creators: nineteen and the last in APA, all of them for programs', () => {
  const sixty = cited(many(60));
  expect(sixty.text).toContain('Name18, A., … Name59, A. (2026)');
  expect(sixty.styles['chicago']).toMatch(/^Name0, Ann0, .*Ann6 Name6, et al\. 2026\./);
  expect(sixty.ris.match(/^AU {2}- /gm)).toHaveLength(60);
  expect(sixty.bibtex.match(/ and /g)).toHaveLength(59);
  expect(sixty.cff.match(/family-names:/g)).toHaveLength(60);
  expect(sixty.xml.match(/<creatorName /g)).toHaveLength(60);
  for (const list of [sixty.csl.author, sixty.dataCite, sixty.schemaOrg, sixty.landing]) expect(list).toHaveLength(60);
});

test('an organisation is one name everywhere, and no person', () => {
  const name = 'RIKEN Center for Biosystems Dynamics Research';
  for (const people of [[named('', name)], [named('', 'Allen', 'Allen')]]) {
    const of = people[0]!.lastName;
    const group = cited(people);
    expect(group.text).toMatch(new RegExp(`^${of} \\(2026\\)\\. `));
    expect(group.styles['vancouver']).toMatch(new RegExp(`^${of}\\. `));
    expect(group.bibtex).toContain(`author = {{${of}}},`);
    expect(group.ris).toContain(`AU  - ${of}\r\n`);
    expect(group.csl.author).toEqual([{ literal: of }]);
    expect(group.dataCite).toMatchObject([{ name: of, nameType: 'Organizational' }]);
    expect(group.dataCite[0]).not.toHaveProperty('familyName');
    expect(group.xml).toContain(`<creatorName nameType="Organizational">${of}</creatorName>`);
    expect(group.schemaOrg).toMatchObject([{ '@type': 'Organization', name: of }]);
    expect(group.landing).toEqual([{ '@type': 'Organization', name: of }]);
    expect(group.cff).toContain(`  - name: "${of}"`);
  }
});

test('a person who has one name is a person', () => {
  const one = cited([named('', 'Sukarno'), named('Ada', 'Example')]);
  expect(one.text).toMatch(/^Sukarno, & Example, A\. \(2026\)/);
  expect(one.bibtex).toContain('author = {{Sukarno} and {Example}, Ada}');
  expect(one.ris).toContain('AU  - Sukarno\r\n');
  expect(one.csl.author[0]).toEqual({ family: 'Sukarno' });
  expect(one.dataCite[0]).toMatchObject({ name: 'Sukarno', nameType: 'Personal', familyName: 'Sukarno' });
  expect(one.dataCite[0]).not.toHaveProperty('givenName');
  expect(one.landing[0]).toEqual({ '@type': 'Person', name: 'Sukarno', familyName: 'Sukarno' });
  expect(one.cff).toContain('  - family-names: "Sukarno"\n    affiliation');
  expect(JSON.stringify([one.csl, one.dataCite, one.schemaOrg, one.landing])).not.toMatch(/""|null|undefined/);
});

test('particles stay with the family name, and no comma of a name parts it', () => {
  const people = cited([named('Jan', 'van der Berg'), named('María', 'de la Cruz'), named('Charles, Jr.', "O'Neil")]);
  expect(people.text).toMatch(/^van der Berg, J\., de la Cruz, M\., & O'Neil, C\. J\. \(2026\)/);
  expect(people.bibtex).toContain(
    "author = {{van der Berg}, Jan and {de la Cruz}, María and {O'Neil}, {Charles, Jr.}}",
  );
  expect(people.bibtex).toMatch(/^@misc\{vanderberg_2026_/);
  expect(people.csl.author).toContainEqual({ family: 'de la Cruz', given: 'María' });
  expect(people.dataCite[0]).toMatchObject({ name: 'van der Berg, Jan', familyName: 'van der Berg' });
});

test('names of other scripts: those of signs stay whole and in their order, letters are abbreviated', () => {
  const people = cited([named('花子', '山田'), named('철수', '김'), named('Иван', 'Петров'), named('Ömer', 'Çelik')]);
  expect(people.styles['apa']).toMatch(/^山田 花子, 김 철수, Петров, И\., & Çelik, Ö\. \(2026\)/);
  expect(people.styles['vancouver']).toMatch(/^山田 花子, 김 철수, Петров И, Çelik Ö\. /);
  expect(people.styles['harvard']).toMatch(/^山田 花子 et al\. /);
  expect(people.styles['chicago']).toMatch(/^山田 花子, 김 철수, Иван Петров, and Ömer Çelik\. /);
  expect(people.styles['nature']).toMatch(/^山田 花子, 김 철수, Петров, И\. & Çelik, Ö\. /);
  expect(people.bibtex).toMatch(/^@misc\{study_2026_MIC000001,\n {2}author = \{\{山田\}, 花子 and /);
  expect(people.ris).toContain('AU  - 山田, 花子\r\n');
  expect(people.csl.author[0]).toEqual({ family: '山田', given: '花子' });
  expect(people.dataCite[0]).toMatchObject({ name: '山田, 花子', givenName: '花子', familyName: '山田' });
  expect(people.cff).toContain('family-names: "山田"\n    given-names: "花子"');
});

test('what means something to LaTeX, to markup and to YAML is said as it is', () => {
  const title = String.raw`α-actinin & "β": 50 % of $x_1^2 {a} ~b \c #7 <3`;
  const odd = cited([named('Ann', 'Weber')], title);
  expect(odd.bibtex).toContain(
    String.raw`title = {{α-actinin \& "β": 50 \% of \$x\_1\textasciicircum{}2 \{a\} \textasciitilde{}b \textbackslash{}c \#7 <3}}`,
  );
  for (const text of [...Object.values(odd.styles), odd.ris]) expect(text).toContain(title);
  expect([odd.csl.title, odd.dataCiteTitle, ...odd.names]).toEqual([title, title, title, title]);
  expect(odd.xml).toContain(String.raw`α-actinin &amp; "β": 50 % of $x_1^2 {a} ~b \c #7 &lt;3</title>`);
  expect(odd.cff).toContain(`title: ${JSON.stringify(title)}`);
});

test('italics of a title are those of LaTeX in BibTeX, stay in CSL, and are left out of texts', () => {
  const title = 'Gut of <i>C. elegans <sub>N2</sub></i> & <em>E. coli</em>: a < b > c';
  const odd = cited([named('Ann', 'Weber')], title);
  const plain = 'Gut of C. elegans N2 & E. coli: a < b > c';
  expect(odd.bibtex).toContain(
    String.raw`title = {{Gut of \textit{C. elegans \textsubscript{N2}} \& \textit{E. coli}: a < b > c}}`,
  );
  expect(odd.csl.title).toBe(title);
  for (const text of [...Object.values(odd.styles), odd.ris]) expect(text).toContain(plain);
  expect([odd.dataCiteTitle, ...odd.names]).toEqual([plain, plain, plain]);
  expect(odd.cff).toContain(`title: ${JSON.stringify(plain)}`);
});
