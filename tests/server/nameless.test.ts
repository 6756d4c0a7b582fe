import { apiBase, routes } from '@micrarium/api';
import { memorySource, openZip } from '@micrarium/formats';
import type { FieldValue, StudyMetadata } from '@micrarium/model';
import { exportForms } from '@micrarium/repository';
import { figuresKey, keptKey, metadataFields, metadataForms, relationsKey } from '@micrarium/standards';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTiff } from '../../packages/formats/src/images/tiff/tiff-for-tests.ts';
import { makeTeam } from '../../packages/server/src/auth/sharing.ts';
import { keepCommunity } from '../../packages/server/src/communities/communities.ts';
import { eventually, type Harness, openHarness } from './harness.ts';

/**
 * Everything that a link which hides names opens, asked and followed: page, viewer's files, exports, interface, headers. Every value of the
 * metadata, and every text that a microscope or a program writes of its user, has a mark; fields that do not tell who made the study are
 * listed here one by one, so that a field which is added later is found out if it is shown.
 */
const shownFields: ReadonlySet<string> = new Set(
  `title description keywords version releaseDate updateDate licence methodSummary paperStatus
    dataFormats dataSize organism strain cellLine molecularFunction studyType biologicalProcess cellularComponent
    imagingMethods kind basedOn datatype localId file datasetTitle datasetDescription genesProteinsReagents
    spaceScale timeScale biologicalEntity cellType tissue sampleDescription phenotype geneticChange treatment
    experimentalVariable samplePreparation growthProtocol acquisitionParameters imageAnalysis microscope experimentType acquisitionMode contrastMethod
    trainingTask annotationType annotationMethod sampleId split challengeMetric challengeGate challengeCoverage`.split(
    /\s+/,
  ),
);
/** Marks of what must not be told: `marquee` and the id of the field, and names that nothing else has. */
const telling =
  /marquee[\w-]*|quillfeather|zebulonia|umbrellabird|narwhalics|0000-0001-5109-3700|tapirman|axolotl|S-BIAD77123/gi;

let harness: Harness;
let accession: string;
let secret: string;
let made: { namesLeft: string[]; leftOut: string[] };
let items: { id: string; path: string; conversions: { outputs: { path: string }[] }[]; images: unknown[] }[];
let paths: string[];

function marked(id: string, type: (typeof metadataFields)[number]['type']): FieldValue | undefined {
  const mark = `Marquee-${id}`;
  if (type === 'contributors')
    return [
      {
        firstName: 'Zebulonia',
        lastName: 'Quillfeather',
        organisation: 'Umbrellabird Institute',
        laboratory: 'Laboratory of Quillfeather',
        department: 'Narwhalics',
        orcid: '0000-0001-5109-3700',
        email: 'zq@umbrellabird.example',
        role: 'image and quantitative',
      },
    ];
  if (type === 'text-list') return [mark];
  if (type === 'term-list') return [{ label: mark }];
  if (type === 'doi') return `10.5555/${mark}`;
  if (type === 'url') return `https://marquee.example/${mark}`;
  if (type === 'orcid') return '0000-0001-5109-3700';
  if (type === 'email-list') return 'zq@umbrellabird.example';
  if (type === 'licence' || type === 'date') return undefined;
  return mark;
}

/** Every field has a value; those that may be shown have one without a mark. */
function metadata(dataset: string): StudyMetadata {
  const values: Record<string, FieldValue> = { releaseDate: '2026-11-20', licence: 'CC-BY-4.0' };
  for (const { id, type, level } of metadataFields) {
    const value = marked(id, type);
    if (value === undefined) continue;
    const isShown = shownFields.has(id);
    const plain = JSON.parse(JSON.stringify(value).replaceAll(/Marquee-/g, 'Plain-')) as FieldValue;
    values[level === 'dataset' ? `${id}@${dataset}` : id] = isShown ? plain : value;
    if (level === 'dataset' && !isShown) values[id] = value;
  }
  values['notADefinedField'] = 'Marquee-unknown';
  values[figuresKey] = JSON.stringify([
    { label: 'Figure 1', doi: '10.5555/marquee.figure', caption: 'Quillfeather 2024', image: 'film.ome.tif' },
  ]);
  values[relationsKey] = JSON.stringify([
    { kind: 'derived', target: '10.5555/marquee.relation', note: 'Quillfeather' },
  ]);
  values[keptKey] = JSON.stringify({ pagetab: { author: 'Quillfeather' } });
  return { values, origins: {} };
}

/** What a microscope writes: who used it, with address and ORCID, and where it put the file. */
const omeXml = `<?xml version="1.0" encoding="UTF-8"?>
<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
<Experimenter ID="Experimenter:0" FirstName="Zebulonia" LastName="Quillfeather" Email="zq@umbrellabird.example" Institution="Umbrellabird Institute"/>
<ExperimenterGroup ID="ExperimenterGroup:0" Name="Narwhalics"/>
<Image ID="Image:0" Name="C:\\Users\\quillfeather\\film.tif"><AcquisitionDate>2024-01-01T00:00:00</AcquisitionDate>
<Description>Recorded for Quillfeather at D:\\Users\\quillfeather\\2024</Description><ExperimenterRef ID="Experimenter:0"/>
<Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="uint8" SizeX="4" SizeY="4" SizeC="1" SizeZ="1" SizeT="1"><Channel ID="Channel:0:0" SamplesPerPixel="1"/><TiffData IFD="0" PlaneCount="1"/></Pixels></Image>
<StructuredAnnotations><CommentAnnotation ID="Annotation:0"><Value>https://orcid.org/0000-0001-5109-3700</Value></CommentAnnotation></StructuredAnnotations>
</OME>`;
const film = buildTiff({
  pages: [{ width: 4, height: 4, bits: 8, values: Array.from({ length: 16 }, (_one, at) => at), description: omeXml }],
});
const trackMate = `<?xml version="1.0" encoding="UTF-8"?>
<TrackMate version="7.11.1"><Log>Saved by quillfeather in C:\\Users\\quillfeather\\Desktop</Log>
<Model spatialunits="pixel" timeunits="frame"><FeatureDeclarations><SpotFeatures/><EdgeFeatures/><TrackFeatures/></FeatureDeclarations>
<AllSpots nspots="2"><SpotsInFrame frame="0"><Spot ID="1" name="ID1" POSITION_X="1" POSITION_Y="1" POSITION_Z="0" POSITION_T="0" FRAME="0" RADIUS="1" QUALITY="1" VISIBILITY="1"/></SpotsInFrame>
<SpotsInFrame frame="1"><Spot ID="2" name="ID2" POSITION_X="2" POSITION_Y="2" POSITION_Z="0" POSITION_T="1" FRAME="1" RADIUS="1" QUALITY="1" VISIBILITY="1"/></SpotsInFrame></AllSpots>
<AllTracks><Track name="Track_0" TRACK_ID="0"><Edge SPOT_SOURCE_ID="1" SPOT_TARGET_ID="2"/></Track></AllTracks><FilteredTracks><TrackID TRACK_ID="0"/></FilteredTracks></Model>
<Settings><ImageData filename="film.tif" folder="C:\\Users\\quillfeather\\Desktop\\" width="4" height="4" nslices="1" nframes="2" pixelwidth="1.0" pixelheight="1.0" voxeldepth="1.0" timeinterval="1.0"/></Settings></TrackMate>`;

beforeAll(async () => {
  harness = await openHarness();
  const { db } = harness.services;
  const author = await harness.member('quillfeather');
  const client = harness.client(author.token);
  const draft = await client.call(routes.createDraft, {});
  accession = draft.accession;
  const params = { draft: draft.id };
  const files: Record<string, string | Uint8Array> = {
    'film.ome.tif': film,
    'tracks.xml': trackMate,
    'plain/tracks.csv': 'frame,track,x,y\n0,1,1,1\n1,1,2,2\n',
    'README.md': 'Cells that move about.',
  };
  for (const [path, body] of Object.entries(files))
    await harness.request(`${apiBase}/drafts/${draft.id}/files/${path}`, {
      method: 'PUT',
      body: body as BodyInit,
      as: author.token,
    });
  const read = await eventually(async () => {
    const now = await client.call(routes.getDraft, { params });
    const isRead =
      now.items.length === 4 && now.items.every(({ ingest }) => ['done', 'kept'].includes(ingest?.state ?? ''));
    return isRead && now;
  });
  const send = (path: string, method: string, body: object) =>
    harness.request(apiBase + path, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      as: author.cookie,
    });
  const image = read.items.find(({ path }) => path === 'film.ome.tif')!;
  await client.call(routes.saveDraft, {
    params,
    body: { metadata: metadata(`d-${image.id}`), note: 'Marquee-note by Quillfeather' },
    headers: { 'if-match': `"${read.revision}"` },
  } as never);
  for (const { id, privacy } of read.items)
    if (privacy)
      await client.call(routes.decidePrivacy, {
        params: { ...params, item: id },
        body: { originals: 'accepted', ...(privacy.hasRawText ? { rawText: 'accepted' } : {}) },
      });
  const reference = { path: 'far.tif', url: 'https://umbrellabird.example/quillfeather/far.tif', size: 4 };
  const references = [{ ...reference, sha256: 'a'.repeat(64) }];
  await client.call(routes.addReferences, { params, body: { references } });
  const team = await makeTeam(db, author.user.id, 'Marquee laboratory');
  await keepCommunity(db, 'marquee', { title: 'Marquee community', text: '', website: '', colour: 'blue' }, team);
  await sql`insert into community_study (slug, accession, state) values ('marquee', ${accession}, 'accepted')`.execute(
    db,
  );
  const collection = await send('/collections', 'POST', { title: 'Marquee collection', studies: [] });
  const { id } = (await collection.json()) as { id: string };
  await sql`insert into collection_entry (collection_id, accession, position, remark)
    values (${id}, ${accession}, 1, '')`.execute(db);
  await sql`insert into sent_on (accession, archive, their_accession, recorded_by)
    values (${accession}, 'bioimage-archive', 'S-BIAD77123', ${author.user.id})`.execute(db);
  const link = await send(`/studies/${accession}/private-links`, 'POST', { version: 1, hidesNames: true });
  expect(link.status).toBe(201);
  made = (await link.json()) as typeof made & { secret: string };
  secret = (made as unknown as { secret: string }).secret;
  const version = await asked(`${apiBase}/studies/${accession}/versions/1`);
  ({ items } = JSON.parse(version.body));
  paths = (await harness.services.studies.listFiles(draft.id, { limit: 100 })).map(({ path }) => path);
});
afterAll(() => harness.close());

/** What is said by an answer: its headers and its bytes, unpacked where they are packed. */
async function asked(path: string, init: RequestInit = {}): Promise<{ status: number; body: string; all: string }> {
  const answer = await harness.request(path, { redirect: 'manual', ...init, as: secret });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const body = Buffer.from(bytes).toString('utf8');
  const headers = [...answer.headers].flat().join(' ');
  return { status: answer.status, body, all: `${headers}\n${body}\n${await unpacked(path, bytes)}` };
}

async function unpacked(name: string, bytes: Uint8Array): Promise<string> {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return '';
  const { tree } = await openZip(memorySource(name, bytes));
  const texts: string[] = [];
  for (const entry of tree.entries) {
    const source = await entry.open();
    const inside = await source.read(0, source.size);
    texts.push(entry.path, Buffer.from(inside).toString('utf8'), await unpacked(entry.path, inside));
  }
  return texts.join('\n');
}

/** Marks in an answer; wide letters of Windows are read too. */
const told = (text: string): string[] => [
  ...new Set([text, text.replaceAll('\0', '')].join('\n').match(telling) ?? []),
];

/** Every address below the study that the application has, with all values that stand in their places. */
function addresses(): string[] {
  const forms = [...metadataForms.map(({ id }) => id), 'dublin-core', 'archive.xlsx', 'database.xlsx'];
  const contents = items.flatMap(({ conversions }) =>
    conversions.flatMap(({ outputs }) => outputs.map(({ path }) => path)),
  );
  const choices: Record<string, readonly string[]> = {
    accession: [accession],
    version: ['1'],
    minor: ['0'],
    item: items.map(({ id }) => id),
    dataset: items.map(({ id }) => `d-${id}`),
    image: ['0'],
    path: [...paths, ...contents, 'raw-metadata.txt', 'image-0.zarr/zarr.json', 'image-0.zarr/OME/METADATA.ome.xml'],
    form: [...exportForms, ...forms],
    format: [...forms, 'bibtex', 'ris', 'csl', 'datacite'],
    sheet: ['archive.xlsx', 'database.xlsx'],
    table: ['edges', 'tracks', 'table-0'],
    archive: ['empiar', 'idr', 'bioimage-archive', 'ssbd'],
    user: ['quillfeather'],
    id: ['1'],
  };
  const found = new Set<string>();
  const below = harness.app.routes.filter(
    ({ method, path }) => (method === 'GET' || method === 'ALL') && /^(?:\/api\/v1)?\/studies\/:accession/.test(path),
  );
  for (const { path } of below) {
    let made = [path.replaceAll(/\{(?:[^{}]|\{[^{}]*\})*\}/g, '').replace(/\/\*$/, '/:path')];
    for (;;) {
      const name = made.map((one) => /:(\w+)\??/.exec(one)?.[1]).find((one) => one !== undefined);
      if (name === undefined) break;
      const values = choices[name] ?? ['x'];
      made = made.flatMap((one) => values.map((value) => one.replace(new RegExp(`:${name}\\??`), value)));
    }
    for (const one of made) found.add(one);
  }
  return [...found];
}

test('who makes the link is told which files it leaves out, and where a name still stands', () => {
  expect(made.leftOut.sort()).toEqual(['film.ome.tif', 'tracks.xml']);
  expect(made.namesLeft).toEqual([]);
  expect(items.map(({ path }) => path).sort()).toEqual(['README.md', 'film.ome.tif', 'plain/tracks.csv', 'tracks.xml']);
});

test('no address of the study tells who made it, nor any that an answer leads to', async () => {
  const waiting = [
    ...addresses(),
    `/studies/${accession}/v/1?lang=ja`,
    ...['bibtex', 'ris', 'text'].map(
      (format) => `${apiBase}/studies/${accession}/versions/1/citation?format=${format}`,
    ),
    ...metadataForms.map(({ id }) => `/studies/${accession}/v/1?format=${id}`),
  ];
  const seen = new Set<string>();
  const wrong: string[] = [];
  let good = 0;
  while (waiting.length > 0) {
    const path = waiting.pop()!;
    if (seen.has(path) || seen.size > 3000) continue;
    seen.add(path);
    const { status, all } = await asked(path, { headers: { accept: '*/*' } });
    if (status >= 500 && status !== 503) wrong.push(`${path}: ${status}`);
    if (status === 200) good++;
    for (const mark of told(all)) wrong.push(`${path}: ${mark}`);
    const inside = all.slice(0, 2_000_000).replaceAll('&amp;', '&');
    for (const [, next] of inside.matchAll(
      /(?:http:\/\/localhost)?((?:\/api\/v1)?\/studies\/MIC-\d+[^\s"'<>\\,)\]}]*)/g,
    ))
      if (next!.includes(accession)) waiting.push(next!.split('#')[0]!);
  }
  expect(wrong).toEqual([]);
  expect(good).toBeGreaterThan(60);
}, 600_000);

test('negotiated forms and problems tell it neither', async () => {
  const wrong: string[] = [];
  const types = [
    'application/ld+json',
    'application/vnd.datacite.datacite+json',
    'application/vnd.datacite.datacite+xml',
    'application/x-bibtex',
    'application/x-research-info-systems',
    'application/vnd.citationstyles.csl+json',
    'text/x-bibliography',
    'application/json',
    'text/html',
    'application/linkset+json',
    'text/turtle',
  ];
  for (const accept of types)
    for (const path of [`/studies/${accession}`, `/studies/${accession}/v/1`]) {
      let { status, all } = await asked(path, { headers: { accept } });
      const to = status === 303 ? /location ((?:http:\/\/localhost)?\/\S+)/.exec(all)?.[1] : undefined;
      if (to !== undefined)
        ({ status, all } = await asked(to.replace('http://localhost', ''), { headers: { accept } }));
      expect([200, 303, 406], `${accept} ${path}`).toContain(status);
      for (const mark of told(all)) wrong.push(`${accept} ${path}: ${mark}`);
    }
  for (const path of ['film.ome.tif', 'tracks.xml']) {
    const { status, all } = await asked(`${apiBase}/studies/${accession}/versions/1/files/${path}`);
    expect([status, told(all)]).toEqual([404, []]);
  }
  expect(wrong).toEqual([]);
});

test('the page says how many files it leaves out; forms made of them stay', async () => {
  const page = await asked(`/studies/${accession}/v/1`, { headers: { accept: 'text/html' } });
  expect(page.body).toContain('persons are named are left out of it: 2.');
  const image = items.find(({ path }) => path === 'film.ome.tif')!;
  const base = `${apiBase}/studies/${accession}/versions/1/items/${image.id}`;
  expect((await asked(`${base}/content/image-0.ozx`)).status).toBe(200);
  expect((await asked(`${base}/content/raw-metadata.txt`)).status).toBe(404);
  const tracks = items.find(({ path }) => path === 'tracks.xml')!;
  expect((await asked(`${apiBase}/studies/${accession}/versions/1/items/${tracks.id}/export/objects.csv`)).status).toBe(
    200,
  );
});

test('the same link with names shows all of it, so that its absence says something', async () => {
  const { db } = harness.services;
  await sql`update private_link set hides_names = false`.execute(db);
  for (const path of [`/studies/${accession}/v/1`, `${apiBase}/studies/${accession}/versions/1/files/film.ome.tif`]) {
    const { status, all } = await asked(path);
    expect(status).toBe(200);
    expect(told(all).length, path).toBeGreaterThan(2);
  }
  expect(harness.faults).toEqual([]);
});
