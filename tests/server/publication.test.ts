import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { routes } from '@micrarium/api';
import { fileTree, memorySource, openZip } from '@micrarium/formats';
import { checkBag } from '@micrarium/repository';
import { checkIsaTab, dataFilesNamed, unresolvedNames } from '@micrarium/standards';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepQuery } from '../../packages/server/src/http/sql/saved-queries.ts';
import { completeMetadata } from './complete-metadata.ts';
import { eventually, type Harness, openHarness } from './harness.ts';

const csv = 'frame,track,x,y\n0,1,1,1\n1,1,2,2\n2,1,3,3\n0,2,9,9\n1,2,8,8\n';
const film = fileURLToPath(new URL('../../../shared/data/images/tiff/FakeTracks.tif', import.meta.url));

describe('deposit and publish over HTTP', () => {
  let harness: Harness;
  let ada: Awaited<ReturnType<Harness['member']>>;
  let draft: string;
  let accession: string;
  beforeAll(async () => {
    harness = await openHarness();
    ada = await harness.member('ada');
  });
  afterAll(async () => {
    await harness.close();
  });
  const look = () => harness.client(ada.token).call(routes.getDraft, { params: { draft } });
  const put = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
    harness.request(`/api/v1/drafts/${draft}/files/${path}`, { method: 'PUT', body, headers, as: ada.token });

  test('a draft takes files, which are verified, recognised and read in the background', async () => {
    const made = await harness.client(ada.token).call(routes.createDraft, {});
    draft = made.id;
    accession = made.accession;
    expect(made.missing.length).toBeGreaterThan(5);
    const stored = await put('tables/tracks.csv', csv);
    expect(stored.status).toBe(200);
    expect(await stored.json()).toMatchObject({ path: 'tables/tracks.csv', size: csv.length, mediaType: 'text/csv' });
    expect((await put('hello%20%C3%A9.html', '<script>alert(1)</script>')).status).toBe(200);
    const done = await eventually(async () => {
      const now = await look();
      const isDone = now.items.length === 2 && now.items.every((item) => ['done', 'kept'].includes(item.ingest!.state));
      return isDone && now;
    });
    expect(done.files).toMatchObject({ count: 2, verified: 2 });
    expect(done.items.find((item) => item.path === 'tables/tracks.csv')).toMatchObject({
      format: 'delimited',
      counts: { objects: 5, edges: 3, tracks: 2 },
    });
  });

  test('bytes that differ from their digest are refused and leave nothing', async () => {
    const wrong = await put('other.csv', csv, { 'content-digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:` });
    expect([wrong.status, (await wrong.json()).code]).toEqual([409, 'digest-differs']);
    expect(
      (await harness.request(`/api/v1/drafts/${draft}/files`, { as: ada.token }).then((one) => one.json())).files,
    ).toHaveLength(2);
    for await (const upload of harness.services.uploads.list()) throw new Error(`left behind: ${upload.uploadId}`);
  });

  test('paths that leave the study are refused one by one', async () => {
    const files = ['../up', '/etc/passwd', 'C:\\x', 'con', 'a\u202eb', 'ok'].map((path) => ({ path, size: 1 }));
    const answer = await harness.request(`/api/v1/drafts/${draft}/files`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ files }),
      as: ada.token,
    });
    const body = await answer.json();
    expect([answer.status, body.code]).toEqual([400, 'request-invalid']);
    expect(new Set(body.issues.map((issue: { where: { file: string } }) => issue.where.file)).size).toBe(5);
  });

  test('publishing is refused with what is missing', async () => {
    const refused = await harness.request(`/api/v1/drafts/${draft}/publish`, { method: 'POST', as: ada.token });
    const body = await refused.json();
    expect([refused.status, body.code]).toEqual([422, 'incomplete']);
    expect(body.issues.length).toBeGreaterThan(5);
  });

  test('two who save from one revision: the later one gets the draft as it is', async () => {
    const before = await look();
    const path = `/api/v1/drafts/${draft}`;
    const save = (metadata: unknown, headers: Record<string, string>) =>
      harness.request(path, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ metadata }),
        as: ada.token,
      });
    const ask = (headers: Record<string, string>) =>
      harness.request(`/api/v1/drafts/${draft}`, { headers, as: ada.token });
    const tag = (await ask({})).headers.get('etag')!;
    expect(tag).toMatch(new RegExp(`^"${before.revision}\\.`));
    expect((await ask({ 'if-none-match': tag })).status).toBe(304);
    expect((await save(completeMetadata(), {})).status).toBe(428);
    const saves = await Promise.all([
      save(completeMetadata('One'), { 'if-match': `"${before.revision}"` }),
      save(completeMetadata('Two'), { 'if-match': tag }),
    ]);
    expect(saves.map((one) => one.status).sort()).toEqual([200, 412]);
    const lost = await saves.find((one) => one.status === 412)!.json();
    expect(lost.revision).toBe(before.revision + 1);
    expect(['One', 'Two']).toContain(lost.metadata.values.title);
    expect((await save(completeMetadata(), { 'if-match': `"${lost.revision}"` })).headers.get('etag')).toBe(
      `"${lost.revision + 1}"`,
    );
    expect((await look()).missing).toEqual([]);
  });

  test('pressed twice it is published once', async () => {
    const press = () => harness.request(`/api/v1/drafts/${draft}/publish`, { method: 'POST', as: ada.token });
    const answers = await Promise.all([press(), press()]);
    expect(answers.map((one) => one.status)).toEqual([200, 200]);
    expect(await (await press()).json()).toEqual({
      accession,
      version: 1,
      label: '1',
      path: `/studies/${accession}/v/1`,
    });
    const found = await harness.client().call(routes.getStudy, { params: { accession } });
    expect(found).toMatchObject({ version: 1, fileCount: 2, publishedBy: 'ada', versions: [{ version: 1 }] });
    expect(found.citation).toContain('Cells that move');
    expect(JSON.stringify(found)).not.toContain('ada@example.org');
  });

  test('files come with their bytes, as attachments when a browser could run them', async () => {
    const base = `/api/v1/studies/${accession}/versions/1/files`;
    const file = await harness.request(`${base}/tables/tracks.csv`);
    expect(await file.text()).toBe(csv);
    expect(file.headers.get('cache-control')).toContain('immutable');
    const part = await harness.request(`${base}/tables/tracks.csv`, { headers: { range: 'bytes=-4' } });
    expect([part.status, await part.text()]).toEqual([206, csv.slice(-4)]);
    const page = await harness.request(`${base}/hello%20%C3%A9.html`);
    expect(page.headers.get('content-disposition')).toMatch(
      /^attachment; filename="hello _.html"; filename\*=UTF-8''hello%20%C3%A9.html$/,
    );
    expect(page.headers.get('content-security-policy')).toContain('sandbox');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await harness.request(`${base}/nothing`)).status).toBe(404);
  });

  test('the whole version leaves as a BagIt bag that our own reader finds in order', async () => {
    const path = `/api/v1/studies/${accession}/versions/1/export.bag.zip`;
    const answer = await harness.request(path);
    expect(answer.headers.get('content-disposition')).toContain(`${accession}-v1-bag.zip`);
    const { tree } = await openZip(memorySource('bag.zip', new Uint8Array(await answer.arrayBuffer())));
    const inside = tree.entries.map((entry) => ({
      ...entry,
      path: entry.path.slice(`${accession}-v1/`.length),
      open: () => entry.open(),
    }));
    const bag = await checkBag(fileTree('', inside));
    expect(bag).toMatchObject({ state: 'valid', version: '1.0', files: 4, issues: [] });
    expect(inside.map((entry) => entry.path)).toContain('data/files/tables/tracks.csv');
  });

  test('stored forms come by range, are made again when dropped, and are missed when deleted', async () => {
    const { items } = await harness.client().call(routes.getStudy, { params: { accession } });
    const item = items.find((one) => one.format === 'delimited')!;
    const path = `/api/v1/studies/${accession}/versions/1/items/${item.id}/content/tracks-0/objects.parquet`;
    const whole = await harness.request(path);
    expect(whole.status).toBe(200);
    expect(
      Buffer.from(await whole.arrayBuffer())
        .subarray(0, 4)
        .toString(),
    ).toBe('PAR1');
    const { placeOfContent } = await import('@micrarium/repository');
    const place = placeOfContent(item as never, 'tracks-0/objects.parquet');
    if (place?.kind !== 'form') throw new Error('no form');
    await harness.services.derived.drop(place.key);
    const missing = await harness.request(path);
    expect([missing.status, (await missing.json()).code]).toEqual([503, 'form-being-made']);
    await eventually(async () => (await harness.request(path)).status === 200);
    expect((await harness.request(path.replace('objects', 'nonsense'))).status).toBe(404);
    expect((await harness.request(path.replace('tracks-0', 'tracks-7'))).status).toBe(404);
  });

  test('measures of all open sets stand beside each other, with what is needed to compare them', async () => {
    const ask = (query: Record<string, string | string[]>) =>
      harness.client().call(routes.exploreSets, { query: query as never });
    const found = await eventually(async () => {
      const now = await ask({ measure: ['mean_speed', 'straightness'] });
      return now.sets.every(({ state }) => state === 'measured') && now;
    });
    expect(found.total).toBe(1);
    expect(found.sets[0]).toMatchObject({ accession, version: 1, dimensions: 2, state: 'measured', paths: 2 });
    expect(found.sets[0]!.frameInterval).toEqual({ value: 1, unit: 'frame' });
    const [speed, straightness] = found.sets[0]!.measures;
    // No unit stands in the file: its numbers are not taken for micrometers.
    expect(speed).toMatchObject({ id: 'mean_speed', version: 1, unit: 'unknown/frame', gapPolicy: 'drop', n: 2 });
    expect(speed!.mean).toBeCloseTo(Math.SQRT2, 12);
    expect(speed!.interval!.low).toBeLessThanOrEqual(speed!.mean!);
    expect(straightness).toMatchObject({ unit: '', mean: expect.closeTo(1, 12) });
    const { value, count } = found.facets.dimensions[0]!;
    expect([value, count]).toEqual(['2', 1]);
    expect(await ask({ dimensions: '3' })).toMatchObject({
      sets: [],
      total: 0,
      facets: { dimensions: [{ count: 1 }] },
    });
    expect((await harness.request('/api/v1/explore?measure=constructor')).status).toBe(400);
  });

  test('a saved query is asked again of its own versions or of the newest ones', async () => {
    const kept = (versions: { accession: string; version: number }[]) =>
      keepQuery(harness.services.db, {
        title: 'How many',
        statement: 'select accession from studies',
        page: '/explore?measure=mean_speed&resample=60+second',
        versions,
        cited: versions,
        rows: versions.length,
        madeBy: null,
      });
    const [ofThis, ofNone] = [await kept([{ accession, version: 1 }]), await kept([])];
    const explored = (query: string) => harness.client().call(routes.exploreSets, { query: { query } });
    expect(await explored(ofThis.id)).toMatchObject({ total: 1, sets: [{ accession, version: 1 }] });
    expect(await explored(ofNone.id)).toMatchObject({ total: 0, sets: [] });
    expect((await harness.request('/api/v1/explore?query=Q-NONE2222')).status).toBe(404);
    const rows = async (id: string, versions: 'kept' | 'newest') => {
      const result = await harness.client().call(routes.runQuery, { params: { id }, query: { versions } });
      return (result as { rows: unknown[] }).rows;
    };
    expect(await rows(ofNone.id, 'kept')).toEqual([]);
    expect(await rows(ofNone.id, 'newest')).toEqual([[accession]]);
  });

  test('rows, measures and exports are made from the stored tables', async () => {
    const { items } = await harness.client().call(routes.getStudy, { params: { accession } });
    const item = items.find((one) => one.format === 'delimited')!.id;
    const params = { accession, version: 1, item };
    const page = await harness.client().call(routes.listObjects, { params, query: { limit: 2, frame: 0 } });
    expect(page.rows).toHaveLength(2);
    const measures = await harness.client().call(routes.getMeasures, { params, query: {} });
    expect(measures.frames.map((one) => one.objects)).toEqual([2, 2, 1]);
    expect(measures.tracks).toHaveLength(2);
    const short = await harness.client().call(routes.getMeasures, { params, query: { tracks: 'none' } });
    expect(short).toEqual({ ...measures, tracks: [] });
    const base = `/api/v1/studies/${accession}/versions/1/items/${item}/export`;
    // A page of another site may send ranges that count from the end; the answer tells nobody what there is.
    for (const path of ['image-0.zarr/zarr.json', 'no/such/chunk']) {
      const may = await harness.request(base.replace(/export$/, `content/${path}`), { method: 'OPTIONS' });
      expect([may.status, may.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
      expect(may.headers.get('access-control-allow-headers')).toMatch(/\bRange\b/);
    }
    const absent = await harness.request(base.replace(/export$/, 'content/no/such/chunk'));
    expect([absent.status, absent.headers.get('access-control-allow-origin')]).toEqual([404, '*']);
    const table = await harness.request(`${base}/objects.csv`);
    expect((await table.text()).trim().split('\n')).toHaveLength(6);
    expect(table.headers.get('content-disposition')).toContain('attachment');
    const bd5 = await harness.request(`${base}/bd5.h5`);
    expect(
      Buffer.from(await bd5.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('HDF');
    expect((await harness.request(`${base}/nonsense`)).status).toBe(404);
    const bad = await harness.request(`/api/v1/studies/${accession}/versions/1/items/${item}/objects?cursor=zz`);
    expect([bad.status, (await bad.json()).code]).toEqual([400, 'cursor-invalid']);
    const zip = await harness.request(`/api/v1/studies/${accession}/versions/1/export.zip`);
    const bytes = Buffer.from(await zip.arrayBuffer());
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    expect(bytes.includes('files/tables/tracks.csv')).toBe(true);
    expect(bytes.includes('ada@example.org')).toBe(false);
    const packaged = await harness.request(`/api/v1/studies/${accession}/versions/1/export.zip?layout=cmso`);
    const { tree } = await openZip(memorySource('c.zip', new Uint8Array(await packaged.arrayBuffer())));
    const opened = tree.entries;
    const texts = new Map<string, string>();
    for (const entry of opened)
      if (/\.(txt|csv|json|xml)$/.test(entry.path)) {
        const source = await entry.open();
        texts.set(entry.path, new TextDecoder().decode(await source.read(0, source.size)));
      }
    const paths = new Set(opened.map(({ path }) => path));
    expect([...paths]).toEqual(
      expect.arrayContaining(['i_investigation.txt', 'tables/tracks.csv', 'tracks/tables-tracks.csv/dp.json']),
    );
    expect(checkIsaTab(texts).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(dataFilesNamed(texts).has('tracks/tables-tracks.csv/links.csv')).toBe(true);
    expect(unresolvedNames(texts, paths)).toEqual([]);
    expect([...texts.values()].some((text) => text.includes('ada@example.org'))).toBe(false);
  });

  test('the landing page says it all without scripts, in two languages, and escapes what depositors wrote', async () => {
    const page = await harness.request(`/studies/${accession}`, { headers: { 'accept-language': 'ja,en;q=0.5' } });
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const japanese = await page.text();
    expect(japanese).toContain('<html lang="ja">');
    expect(japanese).toContain('データセット');
    const english = await (await harness.request(`/studies/${accession}/v/1?lang=en`)).text();
    for (const part of [
      'Cells that move',
      accession,
      'tables/tracks.csv',
      'SHA-256',
      'pd.read_csv',
      'BibTeX',
      'export.zip',
    ]) {
      expect(english, part).toContain(part);
    }
    expect(english).not.toContain('ada@example.org');
    const data = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(english)![1]!;
    expect(JSON.parse(data)).toMatchObject({ '@type': 'Dataset', identifier: accession });
    expect([...english.matchAll(/<script(?! type="application\/ld\+json"| src=)/g)]).toEqual([]);
    expect((await harness.request('/studies/MIC-999999')).status).toBe(404);
    expect((await harness.request(`/studies/${accession}/v/9`)).status).toBe(404);
    expect((await harness.request('/pages/page.css')).headers.get('content-type')).toContain('text/css');
  });

  test('found by its words, counted, cited', async () => {
    const found = await harness.client().call(routes.searchStudies, { query: { q: 'move' } });
    expect(found.studies.map((study) => study.accession)).toEqual([accession]);
    expect(found.facets.licence).toEqual([{ value: 'CC0-1.0', count: 1 }]);
    expect(await harness.client().call(routes.totals, {})).toMatchObject({ studies: 1, objects: 5, files: 2 });
    const bibtex = await harness.request(`/api/v1/studies/${accession}/versions/1/citation?format=bibtex`);
    expect(await bibtex.text()).toMatch(/^@/);
  });

  test('edits make the next version, one draft however often asked', async () => {
    const client = harness.client(ada.token);
    const next = await client.call(routes.newDraftVersion, { params: { accession } });
    expect(next).toMatchObject({ version: 2, files: { count: 2, verified: 2 } });
    expect((await client.call(routes.newDraftVersion, { params: { accession } })).id).toBe(next.id);
    expect(next.missing.map((issue) => issue.code)).toEqual([
      'note-missing',
      'change-kind-missing',
      'earlier-results-missing',
    ]);
    const headers = { 'if-match': `"${next.revision}"` };
    await client.call(routes.saveDraft, {
      params: { draft: next.id },
      body: { note: 'Nothing but a test', changeKinds: ['correction', 'addition'], earlierResults: 'do-not-hold' },
      headers,
    } as never);
    const unsaid = async (body: object) => {
      const { revision } = await client.call(routes.getDraft, { params: { draft: next.id } });
      const saved = await client.call(routes.saveDraft, {
        params: { draft: next.id },
        body,
        headers: { 'if-match': `"${revision}"` },
      } as never);
      return (saved as typeof next).missing.map(({ code }) => code);
    };
    expect(await unsaid({ changeKinds: [], earlierResults: null })).toEqual([
      'change-kind-missing',
      'earlier-results-missing',
    ]);
    expect(
      await unsaid({ changeKinds: ['addition', 'correction', 'addition'], earlierResults: 'do-not-hold' }),
    ).toEqual([]);
    await client.call(routes.publishDraft, { params: { draft: next.id } });
    const now = await client.call(routes.getStudy, { params: { accession } });
    expect(now.versions.map((one) => one.version)).toEqual([2, 1]);
    const said = {
      note: 'Nothing but a test',
      changeKinds: ['correction', 'addition'],
      earlierResults: 'do-not-hold',
    };
    expect(now).toMatchObject({ ...said, versions: [said, {}] });
    const page = async (at: string) => await (await harness.request(`/studies/${accession}/v/${at}`)).text();
    expect(await page('2')).toContain('<p class="s">Correction, Addition; results of earlier versions do not hold</p>');
    const warning = 'Results computed from this version do not hold: see version 2 (Correction, Addition).';
    expect(await page('1')).toContain(warning);
    expect(await page('2')).not.toContain(warning);
    const changes = await harness.request(`/api/v1/studies/${accession}/versions/2/changes`);
    expect(await changes.json()).toMatchObject({ from: 1, to: 2, ...said });
    expect(await page('2/changes')).toContain('Correction, Addition; results of earlier versions do not hold');
  });

  test('the clients of SSBD find sets, persons, units and positions where SSBD has them', async () => {
    const ask = async (path: string) => {
      const answer = await harness.request(`/SSBD/api/v3/${path}`);
      return {
        status: answer.status,
        ...((await answer.json()) as { meta: Record<string, unknown>; objects: never[] }),
      };
    };
    const data = (await ask('data/?organism__icontains=ELEGANS;format=json;limit=5')) as unknown as {
      meta: object;
      objects: { bdmlID: string; localID: string; datatype: string }[];
    };
    expect(data.meta).toEqual({ limit: 5, offset: 0, next: null, previous: null, total_count: 1 });
    expect(data.objects[0]).toMatchObject({ localID: 'tables/tracks.csv', datatype: 'tracks' });
    const id = data.objects[0]!.bdmlID;
    expect((await ask('data/?organism=Danio%20rerio')).objects).toEqual([]);
    expect((await ask(`bd5scaleunit/?bdmlID=${id}`)).objects).toMatchObject([{ tScale: '1', tUnit: 'frame' }]);
    const persons = (await ask(`contributor/?bdmlID=${id}`)).objects as {
      person: { last_name: string; E_mail: string };
    }[];
    expect(persons.length).toBeGreaterThan(0);
    expect(persons.every(({ person }) => person.E_mail === '')).toBe(true);
    const name = persons[0]!.person.last_name;
    expect((await ask(`contributor/?person__last_name=${encodeURIComponent(name)}`)).objects).toHaveLength(
      persons.length,
    );
    const at = await ask(`bd5coords/?bdmlID=${id}&ts=1`);
    expect(at.objects).toEqual([
      { bdmlID: id, ts: '1', x: '2', y: '2', z: '0', t: '1', radius: 'nan' },
      { bdmlID: id, ts: '1', x: '8', y: '8', z: '0', t: '1', radius: 'nan' },
    ]);
    const second = await ask(`bd5coords/?bdmlID=${id}&limit=2&offset=2`);
    expect(second.objects).toHaveLength(2);
    expect(second.meta).toMatchObject({
      total_count: 5,
      next: `/SSBD/api/v3/bd5coords/?bdmlID=${id}&limit=2&offset=4`,
    });
    for (const wrong of ['bd5coords/', `bd5coords/?bdmlID=${id}&ts=x`, 'data/?limit=-1', 'nothing/'])
      expect((await ask(wrong)).status).toBe(wrong === 'nothing/' ? 404 : 400);
    expect((await ask('bd5coords/?bdmlID=MIC-999999_x')).objects).toEqual([]);
    // As RIKEN's notebook and MATLAB client write them: semicolons throughout, a new line at the end.
    const byNotebook = await ask(`bd5coords/?format=json;offset=0;limit=1;bdmlID=${id};ts=1`);
    expect(byNotebook.objects).toMatchObject([{ ts: '1' }]);
    expect((await ask(`bd5coords/?format=json;limit=1;bdmlID=${id}`)).meta).toMatchObject({
      next: `/SSBD/api/v3/bd5coords/?format=json&limit=1&bdmlID=${id}&offset=1`,
    });
    expect((await ask('data/?format=json&organism__icontains=elegans&offset=0&limit=20%0A')).objects).toHaveLength(1);
    expect((await ask(`contributor/?last_name__iexact=${encodeURIComponent(name)}`)).objects).not.toEqual([]);
    expect((await ask(`data/?contributors__icontains=${encodeURIComponent(name)}`)).objects).toHaveLength(1);
  });

  test.runIf(existsSync(film))('a film becomes one file served by range and as a folder of chunks', async () => {
    const client = harness.client(ada.token);
    draft = (await client.call(routes.createDraft, {})).id;
    expect((await put('FakeTracks.tif', readFileSync(film))).status).toBe(200);
    const item = await eventually(async () => {
      const [first] = (await look()).items;
      if (first?.ingest?.state === 'failed' || first?.ingest?.state === 'kept') throw new Error(JSON.stringify(first));
      return first?.ingest?.state === 'done' && first;
    }, 60_000);
    const base = `/api/v1/drafts/${draft}/items/${item.id}/content`;
    const ozx = await harness.request(`${base}/image-0.ozx`, { as: ada.token, headers: { range: 'bytes=0-3' } });
    expect([ozx.status, Buffer.from(await ozx.arrayBuffer()).toString('latin1')]).toEqual([206, 'PK\u0003\u0004']);
    expect(ozx.headers.get('cache-control')).toBe('private, no-store');
    const root = await harness.request(`${base}/image-0.zarr/zarr.json`, { as: ada.token });
    expect((await root.json()).zarr_format).toBe(3);
    const picture = await harness.request(`${base}/image-0.thumbnail.png`, { as: ada.token });
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect((await harness.request(`${base}/image-0.zarr/no/such/chunk`, { as: ada.token })).status).toBe(404);
    expect((await harness.request(`${base}/image-0.ozx`)).status).toBe(401);
  });

  test('no fault of the program was noted', () => {
    expect(harness.faults).toEqual([]);
  });
});
