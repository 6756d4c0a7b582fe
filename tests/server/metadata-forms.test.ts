import { checkCrate, checkDataCite, dataCiteJsonOfXml, metadataForms } from '@micrarium/standards';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, openHarness, origin } from './harness.ts';
import { documentOf, versionOf } from './study-store-suite.ts';

describe('metadata of a study in the forms of its communities', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness(false);
    const accession = 'MIC-000001';
    const version = versionOf(accession);
    version.metadata.values.contactEmail = 'hidden@example.org';
    version.metadata.values.contributors = [
      { firstName: 'Hanako', lastName: 'Yamada', organisation: 'U', role: 'image', email: 'hidden@example.org' },
    ];
    await harness.services.studies.recordVersion(version, documentOf(accession, { title: 'Cells' }));
  });
  afterAll(() => harness.close());
  const at = (form: string) => harness.request(`/studies/MIC-000001/v/1/metadata/${form}`);

  test('every form is given out with its media type and without an e-mail address', async () => {
    for (const { id, mediaType } of metadataForms) {
      const answer = await at(id);
      expect([id, answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([id, 200, mediaType]);
      expect([id, (await answer.text()).includes('hidden@example.org')]).toEqual([id, false]);
      expect(answer.headers.get('link')).toContain(
        `<${origin}/studies/MIC-000001/v/1>; rel="describes"; type="text/html", `,
      );
    }
    expect((await at('nothing')).status).toBe(404);
    expect((await harness.request('/studies/MIC-000009/v/1/metadata/ro-crate')).status).toBe(404);
  });

  test('a page leads to every form and says what each holds, with methods text and citations', async () => {
    const answer = await harness.request('/studies/MIC-000001/v/1/metadata');
    const page = await answer.text();
    expect(answer.status).toBe(200);
    for (const { id, kind } of metadataForms)
      if (kind === 'standard') expect(page).toContain(`/studies/MIC-000001/v/1/metadata/${id}"`);
    expect(page).toMatch(/\d+ of \d+ statements/);
    for (const tier of ['archive', 'database']) {
      const sheet = await at(`${tier}.xlsx`);
      expect([sheet.status, new Uint8Array(await sheet.arrayBuffer())[0]]).toEqual([200, 0x50]);
    }
    expect(page).toContain('<dt>Vancouver</dt>');
    expect(page).not.toContain('hidden@example.org');
    const japanese = await harness.request('/studies/MIC-000001/v/1/metadata?lang=ja');
    expect(await japanese.text()).toContain('他の形式のメタデータ');
  });

  test('what is given out says what the study is', async () => {
    const xml = dataCiteJsonOfXml(await (await at('datacite-xml')).text());
    expect('document' in xml && xml.document.publisher).toEqual({ name: 'Micrarium' });
    const missing = checkDataCite('document' in xml ? xml.document : null).map(({ where }) => where.field);
    // A study without a DOI of its own is no record for the registrar yet.
    expect(
      missing.every(
        (field) => field === 'doi' || field === 'titles' || field === 'creators' || field === 'publicationYear',
      ),
    ).toBe(true);
    const crate = await (await at('ro-crate')).json();
    expect(checkCrate(crate).filter(({ code }) => code === 'crate-malformed' || code === 'crate-identifier')).toEqual(
      [],
    );
  });
});
