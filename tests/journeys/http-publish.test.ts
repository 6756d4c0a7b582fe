import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as zarr from 'zarrita';
import {
  type Deposited,
  type Depositor,
  depositor,
  hasSamples,
  makeOwner,
  makeToken,
  runMicrarium,
  samples,
  type Session,
  studyValues,
  writeJson,
} from './depositor.ts';
import { removeData, type RunningServer, startServer } from './server-under-test.ts';

const film = join(samples, 'images/tiff/FakeTracks.tif');
const tracks = join(samples, 'tracks/trackmate/faketracks-v3.4.2.xml');
/** An answer without what differs from request to request: its id and its path. */
async function withoutRequest(answer: Response) {
  const { requestId: _id, instance: _path, ...said } = (await answer.json()) as Record<string, unknown>;
  return { status: answer.status, said };
}
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

/** What these tests look at of a published version. */
interface Version {
  accession: string;
  version: number;
  metadata: { values: Record<string, unknown> };
  files: { path: string; size: number; sha256: string }[];
  items: { id: string; path: string; format: string; kind: string; counts?: { objects: number; edges: number } }[];
  pairs: {
    imageItem: string;
    image: number;
    trackItem: string;
    confirmed: boolean;
    mapping: {
      axes: { x: 'x' | 'y'; y: 'x' | 'y' };
      scale: { x: number; y: number };
      offset: { x: number; y: number };
      firstFrame: number;
      firstSlice: number;
    };
  }[];
  datasets: { imageItems: string[]; quantitativeItems: string[] }[];
  citation: string;
}

describe.runIf(hasSamples)('from a folder to a published study and back, over command line and HTTP', () => {
  let server: RunningServer;
  let session: Session;
  let ada: Depositor;
  let folder: string;
  let version: Version;
  let first: Deposited;
  const api = (path: string, init?: RequestInit) => fetch(`${server.url}/api/v1${path}`, init);
  const json = async <Answer>(path: string): Promise<Answer> => {
    const answer = await api(path);
    expect(answer.status, path).toBe(200);
    return (await answer.json()) as Answer;
  };
  const bytes = async (path: string, init?: RequestInit) => {
    const answer = await api(path, init);
    return { status: answer.status, headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) };
  };
  const base = () => `/studies/${version.accession}/versions/1`;
  const itemOf = (format: string) => version.items.find((item) => item.format === format)!;

  beforeAll(async () => {
    server = await startServer({ environment: { MICRARIUM_PAGES: 'off' } });
    session = await makeOwner(server);
    ada = depositor(server.url, (await makeToken(session, ['deposit'])).secret);
    folder = join(ada.folder, 'experiment');
    mkdirSync(join(folder, 'results'), { recursive: true });
    copyFileSync(film, join(folder, 'FakeTracks.tif'));
    copyFileSync(tracks, join(folder, 'results/faketracks.xml'));
    writeFileSync(join(folder, '.DS_Store'), 'left by a system');
  });
  afterAll(async () => {
    await server?.stop();
    if (server) removeData(server);
  });

  test('the owner link works once', async () => {
    await expect(makeOwner(server)).rejects.toThrow(/410/);
    expect(await (await session.send('/api/v1/me')).json()).toMatchObject({ user: { role: 'owner' } });
  });

  test('a folder is deposited with its tree; what is missing is listed and publishing is refused', async () => {
    const run = await ada.deposit([folder, '--publish']);
    expect(run.code, run.stderr).toBe(1);
    expect(run.stderr).toContain('Title is required');
    expect(run.stderr).toContain('.DS_Store: left out');
    expect(run.stderr).toContain('may belong to experiment/FakeTracks.tif (image name recorded in the file)');
    first = run.answer!;
    expect(first.state).toBe('editing');
    expect(first.url).toBe(`${server.url}/deposit/${first.draft}`);
    expect(first.sent).toBe(2);
    expect(first.files).toEqual([
      { path: 'experiment/FakeTracks.tif', size: 825571, sha256: sha256(readFileSync(film)), state: 'verified' },
      {
        path: 'experiment/results/faketracks.xml',
        size: 199495,
        sha256: sha256(readFileSync(tracks)),
        state: 'verified',
      },
    ]);
    expect(first.missing.map(({ where }) => where.field)).not.toContain('dataFormats');
  });

  test('nobody else sees the draft', async () => {
    for (const path of ['', '/files', '/files/experiment/FakeTracks.tif']) {
      const [real, madeUp] = await Promise.all([first.draft, 'nothing'].map((id) => api(`/drafts/${id}${path}`)));
      // Whether there is such a draft is nobody's business: a made-up one is answered alike.
      expect([401, 404]).toContain(real!.status);
      const [one, other] = await Promise.all([real!, madeUp!].map(withoutRequest));
      expect(other, path).toEqual(one);
    }
    const stranger = depositor(server.url, (await makeToken(session, ['read'])).secret);
    expect((await stranger.send('/api/v1/drafts/nothing')).status).toBe(404);
    expect((await api(`/studies/${first.study}`)).status).toBe(404);
    expect((await api('/drafts')).status).toBe(401);
    expect((await json<{ total: number }>('/studies')).total).toBe(0);
    expect((await fetch(`${server.url}/studies/${first.study}/v/1`)).status).toBe(404);
  });

  test('the same command sends nothing twice, takes metadata, confirms the pair and publishes', async () => {
    const metadata = writeJson(ada.folder, 'study.json', studyValues('Spots that move <b>& merge</b>'));
    const run = await ada.deposit([folder, '--metadata', metadata, '--accept-pairs', '--publish']);
    expect(run.code, run.stderr).toBe(0);
    expect(run.answer).toMatchObject({
      study: first.study,
      draft: first.draft,
      state: 'published',
      sent: 0,
      missing: [],
    });
    const again = await ada.deposit([folder, '--metadata', metadata, '--publish']);
    expect(again.code, again.stderr).toBe(0);
    expect(again.answer).toMatchObject({ study: first.study, state: 'published', sent: 0 });
    expect((await json<{ total: number }>('/studies')).total).toBe(1);
  });

  test('the version says what was read: 243 objects, 230 edges, one confirmed pair, one data set', async () => {
    version = await json<Version>(`/studies/${first.study}`);
    expect(version.files.map((file) => file.sha256)).toEqual([readFileSync(film), readFileSync(tracks)].map(sha256));
    expect(itemOf('trackmate').counts).toMatchObject({ objects: 243, edges: 230, tracks: 4, frames: 50, links: 12 });
    expect(itemOf('imagej-tiff').kind).toBe('image');
    expect(version.pairs).toHaveLength(1);
    expect(version.pairs[0]!.confirmed).toBe(true);
    expect(version.datasets).toEqual([
      expect.objectContaining({ imageItems: [itemOf('imagej-tiff').id], quantitativeItems: [itemOf('trackmate').id] }),
    ]);
    expect(version.metadata.values.dataFormats).toEqual(['ImageJ TIFF', 'TrackMate']);
    expect(JSON.stringify(version), 'the address of the contact is private').not.toContain('ada@example.org');
  });

  test('notebooks written for OMERO.web and SSBD find image, tracks and measures', async () => {
    const image = `${version.accession}_${itemOf('imagej-tiff').id}`;
    const about = await (await fetch(`${server.url}/webclient/imgData/${image}/`)).json();
    expect(about).toMatchObject({ size: { width: 128, height: 128, z: 1, t: 50, c: 1 } });
    const picture = await fetch(`${server.url}/webgateway/render_image/${image}/0/3/?c=1|0:255$FF0000`);
    expect(picture.headers.get('content-type')).toBe('image/png');
    const png = Buffer.from(await picture.arrayBuffer());
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([128, 128]);
    for (const [path, status] of [
      [`webgateway/render_image/${image}/0/50/`, 400],
      [`webgateway/render_image/${image}/0/0/?c=red`, 400],
      ['webclient/imgData/17/', 404],
    ] as const)
      expect((await fetch(`${server.url}/${path}`)).status, path).toBe(status);
    // The walk of RIKEN's notebook: from all projects down to the images, and the key-value pairs on the way.
    const walk = async (path: string) => await (await fetch(`${server.url}/${path}`)).json();
    const projects = (await walk('webgateway/proj/list/')) as { id: string; name: string }[];
    expect(projects.map(({ id }) => id)).toContain(version.accession);
    const [dataset] = (await walk(`webgateway/proj/${version.accession}/children/`)) as { id: string }[];
    expect(await walk(`webgateway/dataset/${dataset!.id}/children/`)).toMatchObject([{ id: image, type: 'Image' }]);
    const { data } = (await walk(`api/v0/m/datasets/?project=${version.accession}`)) as {
      data: Record<string, string>[];
    };
    expect(await (await fetch(data[0]!['url:images']!)).json()).toMatchObject({ data: [{ '@id': image }] });
    expect(await walk(`api/v0/m/images/${image}/`)).toMatchObject({
      data: { Pixels: { SizeX: 128, Channels: [{ '@type': expect.stringContaining('#Channel') }] } },
    });
    expect(about.meta).toMatchObject({
      projectId: version.accession,
      datasetId: dataset!.id,
      datasetName: 'FakeTracks.tif',
    });
    expect(about.channels[0].window).toMatchObject({ min: 0, max: 255 });
    expect(about.split_channel.c).toMatchObject({ gridx: 2, gridy: 1 });
    expect((await walk(`api/v0/m/images/${image}/datasets/`)).data).toMatchObject([{ '@id': dataset!.id }]);
    expect((await walk(`api/v0/m/datasets/${dataset!.id}/projects/`)).data).toMatchObject([
      { '@id': version.accession },
    ]);
    const below = await fetch(`${server.url}/image/webgateway/render_image/${image}/0/3?m=g`);
    expect([below.status, below.url.includes('/image/')]).toEqual([200, false]);
    expect((await fetch(`${server.url}/webgateway/render_image/${image}/0/0/?p=intmax`)).status).toBe(400);
    const { annotations } = (await walk(`webclient/api/annotations/?type=map&dataset=${dataset!.id}`)) as {
      annotations: { values: string[][] }[];
    };
    expect(annotations[0]!.values).toContainEqual(['licence', expect.any(String)]);
    expect(JSON.stringify(annotations)).not.toContain('ada@example.org');
    expect((await fetch(`${server.url}/webclient/?show=project-1`)).status).toBe(404);
    expect(await walk('SSBD/api/v3')).toHaveProperty('bd5coords');
    const sets = await (await fetch(`${server.url}/SSBD/api/v3/data/?title__icontains=spots`)).json();
    expect(sets.objects[0].bdmlID).toBe(`${version.accession}_${itemOf('trackmate').id}`);
    const measured = await (
      await fetch(`${server.url}/api/v1${base()}/items/${itemOf('trackmate').id}/measures`)
    ).json();
    expect(measured.summary.quality).toMatchObject({ paths: 12, steps: 230 });
  });

  test('the landing page works without JavaScript', async () => {
    const answer = await fetch(`${server.url}/studies/${version.accession}`, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(200);
    const page = await answer.text();
    // Bold as journals mark it; what else a title holds is text.
    expect(page).toContain('Spots that move <b>&amp; merge</b></h1>');
    expect(page).not.toContain('<b>& merge');
    for (const path of [film, tracks]) expect(page).toContain(sha256(readFileSync(path)));
    expect(page).toContain('Example, A. (2026)');
    expect(page).not.toContain('ada@example.org');
    const linked = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page)![1]!) as Record<
      string,
      unknown
    >;
    expect(linked).toMatchObject({
      '@type': 'Dataset',
      identifier: version.accession,
      name: 'Spots that move & merge',
    });
    expect(linked.distribution).toHaveLength(2);
    // Every link of the page leads somewhere.
    const links = [...page.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map((match) => match[1]!.replaceAll('&amp;', '&'));
    const ours = [...new Set(links)].filter((link) => /^\/(api|pages|studies)\//.test(link));
    expect(ours.length).toBeGreaterThan(8);
    for (const link of ours) expect((await fetch(server.url + link, { method: 'HEAD' })).status, link).toBe(200);
  });

  test('it is found by words and facets', async () => {
    const total = async (query: string) => (await json<{ total: number }>(`/studies?${query}`)).total;
    expect(await total('q=spots+tracks')).toBe(1);
    expect(await total('q=elegans')).toBe(1);
    expect(await total('q=zebrafish')).toBe(0);
    expect(await total(`organism=${encodeURIComponent('Caenorhabditis elegans')}&kind=tracks&licence=CC-BY-4.0`)).toBe(
      1,
    );
    expect(await total('kind=tables')).toBe(0);
    expect(await json<object>('/totals')).toMatchObject({ studies: 1, images: 1, objects: 243, files: 2 });
  });

  test('originals and the stored film are served by range', async () => {
    const original = readFileSync(film);
    const path = `${base()}/files/experiment/FakeTracks.tif`;
    expect(sha256((await bytes(path)).bytes)).toBe(sha256(original));
    const part = await bytes(path, { headers: { range: 'bytes=1000-1999' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 1000-1999/${original.length}`);
    expect(Buffer.from(part.bytes).equals(original.subarray(1000, 2000))).toBe(true);
    expect(Buffer.from((await bytes(path, { headers: { range: 'bytes=-10' } })).bytes)).toEqual(original.subarray(-10));
    expect((await bytes(path, { headers: { range: `bytes=${original.length}-` } })).status).toBe(416);
    const ozx = `${base()}/items/${itemOf('imagej-tiff').id}/content/image-0.ozx`;
    const whole = await bytes(ozx);
    const piece = await bytes(ozx, { headers: { range: 'bytes=100-299' } });
    expect(piece.status).toBe(206);
    expect(Buffer.from(piece.bytes)).toEqual(Buffer.from(whole.bytes.subarray(100, 300)));
    const tag = part.headers.get('etag')!;
    expect((await bytes(path, { headers: { 'if-none-match': tag } })).status).toBe(304);
  });

  test('rows of objects come in pages, with units', async () => {
    const path = `${base()}/items/${itemOf('trackmate').id}/objects`;
    const rows: unknown[][] = [];
    let columns: { name: string; unit?: string }[] = [];
    let pages = 0;
    for (let cursor: string | null = ''; cursor !== null; pages++) {
      const query = `?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page: { columns: typeof columns; rows: unknown[][]; nextCursor: string | null } = await json(path + query);
      rows.push(...page.rows);
      ({ columns, nextCursor: cursor } = page);
    }
    expect([rows.length, pages]).toEqual([243, 3]);
    const at = (name: string) => columns.findIndex((column) => column.name === name);
    expect(columns[at('x')]).toMatchObject({ unit: 'pixel' });
    expect(new Set(rows.map((row) => row[at('object_id')])).size).toBe(243);
    const frame = await json<{ rows: unknown[][] }>(`${path}?frame=3`);
    expect(frame.rows).toEqual(rows.filter((row) => row[at('frame')] === 3));
    expect((await api(`${path}?cursor=nonsense`)).status).toBe(400);
  });

  test('the objects lie on the bright pixels of the film, through stored forms and the mapping of the pair', async () => {
    const { mapping, imageItem, trackItem } = version.pairs[0]!;
    const store = new zarr.FetchStore(`${server.url}/api/v1${base()}/items/${imageItem}/content/image-0.zarr/0`);
    const array = await zarr.open(store, { kind: 'array' });
    const page = await json<{ columns: { name: string }[]; rows: number[][] }>(
      `${base()}/items/${trackItem}/objects?limit=1000`,
    );
    const at = (name: string) => page.columns.findIndex((column) => column.name === name);
    const frames = new Map<number, Uint8Array>();
    const width = array.shape[4]!;
    const along: number[] = [];
    const swapped: number[] = [];
    for (const row of page.rows) {
      const t = row[at('frame')]! + mapping.firstFrame;
      if (!frames.has(t))
        frames.set(t, (await zarr.get(array, [t, 0, mapping.firstSlice, null, null])).data as Uint8Array);
      const plane = frames.get(t)!;
      const pixel = (axis: 'x' | 'y') =>
        Math.round((row[at(mapping.axes[axis])]! - mapping.offset[axis]) * mapping.scale[axis]);
      along.push(plane[pixel('y') * width + pixel('x')] ?? 0);
      swapped.push(plane[pixel('x') * width + pixel('y')] ?? 0);
    }
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
    expect(along.filter((value) => value > 37).length).toBeGreaterThanOrEqual(240);
    expect(median(along)).toBeGreaterThan(150);
    expect(median(swapped)).toBeLessThan(40);
  });

  test('measures carry units and agree with the rows', async () => {
    const measures = await json<{
      frames: { frame: number; objects: number }[];
      units: Record<string, string>;
      tracks: { track: number; objects: number }[];
    }>(`${base()}/items/${itemOf('trackmate').id}/measures`);
    expect(measures.frames.reduce((sum, frame) => sum + frame.objects, 0)).toBe(243);
    expect(measures.units).toMatchObject({ length: 'pixel', time: 'second', speed: 'pixel/second' });
    expect(new Set(measures.tracks.map(({ track }) => track)).size).toBe(4);
  });

  test('every export is read back by the command line as the same thing', async () => {
    const take = async (item: string, form: string, name = form) => {
      const taken = await bytes(`${base()}/items/${item}/export/${form}`);
      expect(taken.status, form).toBe(200);
      const path = join(ada.folder, name);
      writeFileSync(path, taken.bytes);
      return path;
    };
    const trackItem = itemOf('trackmate').id;
    const paths = [
      await take(trackItem, 'objects.csv'),
      await take(trackItem, 'cmso.zip'),
      await take(trackItem, 'bd5.h5'),
      await take(itemOf('imagej-tiff').id, 'ome-zarr-0.4.zip'),
    ];
    const run = await runMicrarium(['inspect', '--json', ...paths]);
    expect(run.code, run.stderr + run.stdout).toBe(0);
    const [csv, cmso, bd5, image] = run.stdout
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { format: string; counts: Record<string, number>; images: { sizes: object }[] },
      );
    expect(csv).toMatchObject({ format: 'delimited', counts: { objects: 243 } });
    expect(cmso).toMatchObject({
      format: 'cmso',
      counts: { objects: 243, edges: 230, links: 12, splits: 3, merges: 2 },
    });
    expect(bd5).toMatchObject({ format: 'bd5', counts: { objects: 243 } });
    expect(image).toMatchObject({ format: 'ome-zarr' });
    expect(image!.images[0]!.sizes).toMatchObject({ t: 50, c: 1, z: 1, y: 128, x: 128 });
    const edges = readFileSync(await take(trackItem, 'edges.csv'), 'utf8')
      .trim()
      .split('\n');
    expect(edges).toHaveLength(231);
    expect((await bytes(`${base()}/items/${trackItem}/export/nonsense.csv`)).status).toBe(404);
  });

  test('the whole version is one zip whose list of digests is right', async () => {
    const entries = unzipSync((await bytes(`${base()}/export.zip`)).bytes);
    const list = new TextDecoder().decode(entries['manifest-sha256.txt']).trim().split('\n');
    expect(list).toHaveLength(2);
    for (const line of list) {
      const [digest, path] = line.split('  ');
      expect(sha256(entries[path!]!), path).toBe(digest);
    }
    const study = new TextDecoder().decode(entries['metadata/study.json']);
    expect(JSON.parse(study)).toMatchObject({ accession: version.accession, version: 1 });
    expect(study).not.toContain('ada@example.org');
  });

  test('citations in three forms', async () => {
    const cite = async (format: string) => (await api(`${base()}/citation?format=${format}`)).text();
    expect(await cite('text')).toBe(version.citation);
    expect(await cite('bibtex')).toMatch(/^@misc\{[^,]+,\n.*title = \{\{Spots that move/s);
    expect(await cite('ris')).toMatch(/^TY {2}- DATA\r\n(.*\r\n)*ER {2}- /);
  });
});
