import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkDataCite,
  dataCite,
  dataCiteJsonOfXml,
  dataCiteXmlOfJson,
  emptyGraph,
  exportDataCiteXml,
  exportJson,
  importDataCiteXml,
  importJson,
  type Json,
  type JsonRecord,
} from '@micrarium/standards';
import { afterAll, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../shared/data/metadata/datacite');
const there = existsSync(folder);
if (!there) console.warn('shared/data/metadata/datacite is not there: official records are not read');
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;
if (!hasXmllint) console.warn('xmllint is not installed: DataCite XML is not checked against the XSDs');

const place = mkdtempSync(join(tmpdir(), 'datacite-'));
afterAll(() => rmSync(place, { recursive: true }));

function xsdFaults(xml: string, version: string): string {
  const path = join(place, 'record.xml');
  writeFileSync(path, xml);
  try {
    execFileSync('xmllint', ['--nonet', '--noout', '--schema', join(folder, `kernel-${version}/metadata.xsd`), path], {
      stdio: 'pipe',
    });
    return '';
  } catch (error) {
    return String((error as { stderr: Buffer }).stderr);
  }
}

const examples = there
  ? ['4.6', '4.7'].flatMap((version) =>
      readdirSync(join(folder, `kernel-${version}/example`)).map((name) => [version, name] as const),
    )
  : [];

test.runIf(there)('there are 25 official examples in XML', () => {
  expect(examples).toHaveLength(25);
});

test.each(examples)('kernel %s: %s is in order, comes back whole, and the XSD takes what we write', (version, name) => {
  const text = readFileSync(join(folder, `kernel-${version}/example`, name), 'utf8');
  const read = dataCiteJsonOfXml(text);
  if (!('document' in read)) throw new Error(JSON.stringify(read.issues));
  expect(checkDataCite(read.document)).toEqual([]);
  const { graph } = importDataCiteXml(text);
  const { document } = exportJson(dataCite, graph!);
  expect(document).toEqual(read.document);
  const again = dataCiteJsonOfXml(dataCiteXmlOfJson(document as JsonRecord));
  expect(again).toEqual(read);
  // Written is 4.6, whatever came in; the kernel of the example takes it too.
  const written = exportDataCiteXml(graph!);
  if (hasXmllint)
    for (const one of new Set(['4.6', version])) expect([one, xsdFaults(written.document, one)]).toEqual([one, '']);
  const isLater = /"(RAiD|SWHID|Poster|Presentation)"|relationTypeInformation/.test(text);
  expect(written.losses.some(({ message }) => message.startsWith('DataCite 4.6 has no'))).toBe(isLater);
});

test.runIf(there)('official examples in JSON come back whole', () => {
  const names = readdirSync(join(folder, 'json/examples'));
  expect(names).toHaveLength(7);
  for (const name of names) {
    const document = JSON.parse(readFileSync(join(folder, 'json/examples', name), 'utf8')) as Json;
    expect([name, exportJson(dataCite, importJson(dataCite, document).graph).document]).toEqual([name, document]);
  }
});

test.runIf(there && hasXmllint)('a study of ours is taken by the XSDs of all three kernels', () => {
  const graph = {
    ...emptyGraph(),
    study: {
      doi: '10.5072/abc',
      title: 'Cells & <things>',
      description: 'Two\nlines',
      keywords: ['cell'],
      licence: 'CC-BY-4.0',
      releaseDate: '2026-11-21',
      publisher: 'Micrarium',
      identifier: 'mic-1',
      methodSummary: 'm',
    },
    contributors: [
      {
        key: 'c',
        firstName: 'Hanako',
        lastName: 'Yamada',
        orcid: '0000-0002-1825-0097',
        email: 'h@example.org',
        organisations: ['o'],
        isContact: true,
      },
    ],
    organisations: [{ key: 'o', name: 'Example University', ror: '01sjwvz98' }],
    biosamples: [{ key: 'b', title: 'B', organisms: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }] }],
    publications: [{ key: 'p', doi: '10.1234/paper' }],
    grants: [{ key: 'g', funder: 'JSPS', identifier: 'JP1', funderId: 'https://doi.org/10.13039/501100001691' }],
    files: [{ path: 'a.tif', size: 12, mediaType: 'image/tiff' }],
  };
  const { document, losses } = exportDataCiteXml(graph);
  for (const version of ['4.5', '4.6', '4.7']) expect([version, xsdFaults(document, version)]).toEqual([version, '']);
  expect(document).not.toContain('h@example.org');
  expect(losses.map(({ where }) => where.field)).toContain('contributors.email');
});

test.runIf(there && hasXmllint)(
  'a study without a DOI is a valid record under its address, its number, or the word for none yet',
  () => {
    const study = { title: 'T', publisher: 'Micrarium', releaseDate: '2026-01-01' };
    const cases = [
      [{ ...study, identifier: 'MIC-1', url: 'https://example.org/studies/MIC-1/v/1' }, 'URL'],
      [{ ...study, identifier: 'MIC-1' }, 'Accession number'],
      [study, 'DOI'],
    ] as const;
    for (const [told, type] of cases) {
      const graph = { ...emptyGraph(), study: told, contributors: [{ key: 'c', firstName: 'H', lastName: 'Y' }] };
      const { document, losses } = exportDataCiteXml(graph);
      expect([type, xsdFaults(document, '4.6')]).toEqual([type, '']);
      expect(document).toContain(`<identifier identifierType="${type}">`);
      expect(losses).toEqual([]);
      const read = importDataCiteXml(document);
      expect(read.graph!.study.url).toBe('url' in told ? told.url : undefined);
      expect(exportDataCiteXml(read.graph!).document).toBe(document);
    }
  },
);
