import { createServer, type RequestListener, type Server } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPublications } from '@micrarium/standards';
import { afterEach, expect, test } from 'vitest';
import { OlsLookup } from '../../packages/server/src/outside/ols.ts';
import { fetchPublicFile, isPublicAddress } from '../../packages/server/src/outside/public-file.ts';
import { lookUpPublication, readPublicationId } from '../../packages/server/src/outside/publications.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A stand-in on this machine. @returns its address */
async function standIn(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const article = `<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>123</PMID><Article><ArticleTitle>Cells wander.</ArticleTitle></Article>
<MeshHeadingList><MeshHeading><DescriptorName UI="D002465">Cell Movement</DescriptorName></MeshHeading></MeshHeadingList></MedlineCitation></PubmedArticle></PubmedArticleSet>`;

test('what is pasted is told apart', () => {
  expect(readPublicationId(' https://doi.org/10.1234/ABC.5 ')).toEqual({ doi: '10.1234/abc.5' });
  expect(readPublicationId('PMID: 123')).toEqual({ pmid: '123' });
  expect(readPublicationId('Cells wander')).toBeUndefined();
});

test('PubMed tells a paper with its MeSH headings, Crossref one without; failures of every kind do no harm', async () => {
  const pubmed = await standIn((request, response) => {
    if (request.url!.startsWith('/esearch')) response.end('{"esearchresult":{"idlist":["123"]}}');
    else response.end(article);
  });
  const crossref = await standIn(
    (_request, response) => void response.end('{"title":"Cells wander","DOI":"10.1234/a"}'),
  );
  const byDoi = await lookUpPublication({ pubmed, crossref }, { doi: '10.1234/a' });
  expect(byDoi?.source).toBe('pubmed');
  expect(readPublications(byDoi!.text).publications[0]?.meshHeadings?.[0]?.label).toBe('Cell Movement');
  const failing: RequestListener[] = [
    (_request, response) => void response.writeHead(500).end(),
    (_request, response) => void response.end('{"nonsense'),
    (_request, response) => void response.destroy(),
    (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    (_request, response) => void response.end('x'.repeat(6_000_000)),
  ];
  for (const fail of failing) {
    const broken = await standIn(fail);
    expect((await lookUpPublication({ pubmed: broken, crossref }, { doi: '10.1234/a' }))?.source).toBe('crossref');
    expect(await lookUpPublication({ pubmed: broken, crossref: broken }, { doi: '10.1234/a' })).toBeUndefined();
  }
  expect(await lookUpPublication({}, { pmid: '123' })).toBeUndefined();
});

test('a lookup service that fails is left alone for a while, and nobody feels it', async () => {
  let asked = 0;
  const url = await standIn((_request, response) => {
    asked++;
    if (asked === 1)
      response.end(
        '{"response":{"docs":[{"obo_id":"CL:0000540","label":"neuron","ontology_name":"cl"},{"label":"x"}]}}',
      );
    else response.writeHead(503).end();
  });
  let now = 0;
  const lookup = new OlsLookup(url, () => now);
  expect(await lookup.search('neuron', 'CL', 5)).toMatchObject([{ id: 'CL:0000540', vocabulary: 'OLS cl' }]);
  expect(await lookup.search('neuron', undefined, 5)).toEqual([]);
  expect(await lookup.search('neuron', undefined, 5)).toEqual([]);
  expect(asked).toBe(2);
  now = 61_000;
  await lookup.search('neuron', undefined, 5);
  expect(asked).toBe(3);
});

test('only addresses of the public internet are fetched, wherever they lead', async () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.1.1',
    '100.64.0.1',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '0.0.0.0',
    // As version 6 may carry one of version 4, in every way it may be written.
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:127.0.0.1',
    '::127.0.0.1',
    '::7f00:1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    'fec0::1',
    'ff02::1',
    '::',
    '3fff::1',
    '5f00::1',
    '0177.0.0.1',
    '2130706433',
    'nonsense',
  ])
    expect(isPublicAddress(address), address).toBe(false);
  for (const address of ['8.8.8.8', '2606:4700::1111']) expect(isPublicAddress(address), address).toBe(true);
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-outside-'));
  const target = join(folder, 'file');
  const url = await standIn((request, response) => {
    if (request.url === '/on') response.writeHead(302, { location: '/terms' }).end();
    else if (request.url === '/round') response.writeHead(302, { location: '/round' }).end();
    else if (request.url === '/in') response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
    else if (request.url === '/gone') response.writeHead(404).end();
    else response.end('format-version: 1.2\n');
  });
  const onlyHere = (address: string) => address === '127.0.0.1';
  const fetched = (path: string, more = {}) =>
    fetchPublicFile(`${url}${path}`, target, { mostBytes: 1000, isAllowed: onlyHere, ...more });
  await expect(fetchPublicFile(`${url}/terms`, target, { mostBytes: 1000 })).rejects.toThrow('no public address');
  await expect(fetchPublicFile(url.replace('127.0.0.1', 'localhost'), target, { mostBytes: 1000 })).rejects.toThrow(
    'no public address',
  );
  // Numbers that browsers and systems read as addresses are judged as what they are.
  for (const host of [
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '[::ffff:127.0.0.1]',
    '[::1]',
    '127.0.0.1.',
    '0',
  ])
    await expect(fetchPublicFile(`http://${host}/`, target, { mostBytes: 1000 }), host).rejects.toThrow(
      'no public address',
    );
  await expect(fetchPublicFile('file:///etc/passwd', target, { mostBytes: 1000 })).rejects.toThrow('http');
  await expect(fetchPublicFile('https://a:b@example.org/', target, { mostBytes: 1000 })).rejects.toThrow('password');
  expect(await fetched('/on')).toBe(`${url}/terms`);
  expect(readFileSync(target, 'utf8')).toContain('format-version');
  await expect(fetched('/in')).rejects.toThrow('10.0.0.1 is no public address');
  await expect(fetched('/round')).rejects.toThrow('leads on');
  await expect(fetched('/gone')).rejects.toThrow('404');
  await expect(fetched('/terms', { mostBytes: 5 })).rejects.toThrow('larger');
  rmSync(folder, { recursive: true });
});
