/**
 * `load`: landing pages, search, chunks, uploads, and a thousand open viewers on one, two and four web processes over one PostgreSQL and one
 * bucket. `corpus`: what a landing page and a search cost with a thousand, a hundred thousand and a million images in the catalogue (a hundred
 * of each study, rows without bytes). `catalogue`: what the home page, searches and landing pages take with 100,000 studies of 200 files each.
 *
 * node benchmarks/load.ts load [seconds] | corpus [seconds] [images …] | catalogue [seconds] [studies [files of each]]
 *
 * Prints what it measures to standard error as it goes, and all of it as one line of JSON at the end.
 */
import { randomBytes } from 'node:crypto';
import { apiBase, type Client, createClient, routes } from '@micrarium/api';
import { openSite, ownerLinkOf, type Site } from '../durability/site.ts';
import { makeOwner, makeToken } from '../tests/journeys/depositor.ts';
import { completeMetadata } from '../tests/server/complete-metadata.ts';
import { ask, asked, type Measured } from './asking.ts';
import { growCatalogue, grownAccession, grownWords as words, imagesOfStudy } from './grown-catalogue.ts';

const [what = 'load', ...numbers] = process.argv.slice(2);
const [seconds = 5, ...sizes] = numbers.map(Number);
const corpora = sizes.length > 0 ? sizes : [1_000, 100_000, 1_000_000];
if (!['load', 'corpus', 'catalogue'].includes(what) || ![seconds, ...corpora].every((one) => one > 0)) {
  console.error(
    'node benchmarks/load.ts load [seconds] | corpus [seconds] [images …] | catalogue [seconds] [studies [files]]',
  );
  process.exit(2);
}
/** People's browsers ask: they are counted. */
const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
/** Open viewers; fewer may be asked for on a machine that others use. */
const counts = (process.env['MICRARIUM_BENCH_PROCESSES'] ?? '1,2,4').split(',').map(Number);
const viewers = Number(process.env['MICRARIUM_BENCH_VIEWERS'] ?? 1000);
const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Asks a site, and reckons what its processes took for each answer. */
function askAt(
  site: Site,
  atOnce: number,
  pause: number,
  request: (asker: number) => Promise<boolean>,
): Promise<Measured> {
  const webs = [...site.processes].filter(([name]) => name.startsWith('web')).map(([, { process }]) => process.pid!);
  const { storage, database } = site.measured!;
  return ask({ atOnce, pause, seconds, processes: { web: webs, database: [database], storage: [storage] } }, request);
}

const results: (Measured & { what: string })[] = [];

function line(about: string, measured: Measured): void {
  results.push({ what: about, ...measured });
  const { perSecond, median, p95, p99, failed, processor } = measured;
  const wrong = failed > 0 ? `, ${failed} failed` : '';
  const each = Object.entries(processor).map(([kind, milliseconds]) => `${kind} ${milliseconds.toFixed(2)}`);
  console.error(
    `${about}: ${perSecond.toFixed(0)}/s, median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms${wrong}; processor ms each: ${each.join(', ')}`,
  );
}

/** A TIFF of one plane of 1024 × 1024 random pixels: its chunks do not shrink. */
function noise(): Uint8Array<ArrayBuffer> {
  const side = 1024;
  const values = [
    [256, side],
    [257, side],
    [258, 8],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, side],
    [279, side * side],
  ] as const;
  const bytes = new Uint8Array(8 + side * side + 2 + values.length * 12 + 4);
  bytes.set(randomBytes(side * side), 8);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, 8 + side * side, true);
  view.setUint16(8 + side * side, values.length, true);
  for (const [at, [tag, value]] of values.entries()) {
    const place = 10 + side * side + at * 12;
    view.setUint16(place, tag, true);
    view.setUint16(place + 2, 4, true);
    view.setUint32(place + 4, 1, true);
    view.setUint32(place + 8, value, true);
  }
  return bytes;
}

/** Publishes one study with an image. @returns its accession, and the address of the image's archive with its size */
async function publishOne(server: string, client: Client, token: string) {
  const { id: draft, accession } = await client.call(routes.createDraft, {});
  const headers = { authorization: `Bearer ${token}` };
  const put = await fetch(`${server}${apiBase}/drafts/${draft}/files/film.tif`, {
    method: 'PUT',
    body: noise(),
    headers,
  });
  if (!put.ok) throw new Error(`put: ${put.status} ${await put.text()}`);
  for (;;) {
    const { items, revision } = await client.call(routes.getDraft, { params: { draft } });
    if (items.length > 0 && items.every(({ ingest }) => ingest?.state === 'done')) {
      const body = { metadata: completeMetadata('A study under load') };
      const headers = { 'if-match': `"${revision}"` };
      await client.call(routes.saveDraft, { params: { draft }, body, headers } as never);
      break;
    }
    await wait(200);
  }
  await client.call(routes.publishDraft, { params: { draft } });
  const study = `${apiBase}/studies/${accession}/versions/1`;
  const { items } = (await (await fetch(`${server}${study}`)).json()) as { items: { id: string }[] };
  const archive = `${study}/items/${items[0]!.id}/content/image-0.ozx`;
  const head = await fetch(`${server}${archive}`, { method: 'HEAD' });
  return { accession, archive, size: Number(head.headers.get('content-length')) };
}

/** Sends files of 4 MiB by tus, one request each after its making. */
async function upload(site: Site, servers: readonly string[], client: Client, token: string): Promise<Measured> {
  const bytes = new Uint8Array(randomBytes(4 * 2 ** 20));
  const { id: draft } = await client.call(routes.createDraft, {});
  const of = (text: string) => Buffer.from(text).toString('base64');
  const tus = { 'tus-resumable': '1.0.0', authorization: `Bearer ${token}` };
  let count = 0;
  const measured = await askAt(site, 4, 0, async (asker) => {
    const server = servers[asker % servers.length]!;
    const path = `file-${count++}.bin`;
    await client.call(routes.expectFiles, { params: { draft }, body: { files: [{ path, size: bytes.length }] } });
    const about = { 'upload-length': String(bytes.length), 'upload-metadata': `draft ${of(draft)},path ${of(path)}` };
    const made = await fetch(`${server}${apiBase}/uploads`, { method: 'POST', headers: { ...tus, ...about } });
    const headers = { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
    return await asked(`${server}${made.headers.get('location')}`, headers, 'PATCH', bytes);
  });
  await client.call(routes.discardDraft, { params: { draft } });
  return measured;
}

async function restartWebs(site: Site, count: number): Promise<string[]> {
  for (const [name, server] of site.processes)
    if (name.startsWith('web')) {
      await server.stop();
      site.processes.delete(name);
    }
  const started = Array.from({ length: count }, (_, at) => site.start(`web ${at}`));
  return (await Promise.all(started)).map(({ url }) => url);
}

type Study = Awaited<ReturnType<typeof publishOne>>;

async function measureLoad(site: Site, study: Study, token: string): Promise<void> {
  for (const count of counts) {
    const servers = await restartWebs(site, count);
    const at = (asker: number) => servers[asker % servers.length]!;
    const client = createClient({ server: servers[0]!, token });
    const range = () => {
      const start = Math.floor(Math.random() * (study.size - 65_536));
      return { range: `bytes=${start}-${start + 65_535}`, 'user-agent': browser };
    };
    const name = (what: string) => `${count} web process${count > 1 ? 'es' : ''}, ${what}`;
    line(
      name('landing pages, 16 at once'),
      await askAt(site, 16, 0, (asker) =>
        asked(`${at(asker)}/studies/${study.accession}/v/1`, { 'user-agent': browser }),
      ),
    );
    line(
      name('search, 16 at once'),
      await askAt(site, 16, 0, (asker) => asked(`${at(asker)}${apiBase}/studies?q=study`)),
    );
    line(
      name('chunks of 64 KiB, 16 at once'),
      await askAt(site, 16, 0, (asker) => asked(at(asker) + study.archive, range())),
    );
    line(name('uploads of 4 MiB, 4 at once'), await upload(site, servers, client, token));
    line(
      name('1,000 viewers, a chunk each second'),
      await askAt(site, viewers, 1000, (asker) => asked(at(asker) + study.archive, range())),
    );
  }
}

async function measureCorpora(site: Site, study: Study): Promise<void> {
  for (const images of corpora) {
    const studies = Math.max(1, Math.round(images / imagesOfStudy));
    await growCatalogue(site.databaseUrl, study.accession, studies);
    const [server] = await restartWebs(site, 1);
    const any = () => grownAccession(1 + Math.floor(Math.random() * studies));
    const word = () => words[Math.floor(Math.random() * words.length)]!;
    // The first answers make what all others use.
    await fetch(`${server}${apiBase}/studies?q=wound`);
    await fetch(`${server}/studies/${any()}/v/1`);
    const name = `${images.toLocaleString('en')} images`;
    // Of as many studies at every size: what is remembered of a page for a minute is remembered of all of them.
    let turn = 0;
    const some = Array.from({ length: 10 }, any);
    const page = (accession: string) => asked(`${server}/studies/${accession}/v/1`);
    line(`${name}, landing page`, await askAt(site, 1, 0, () => page(some[turn++ % some.length]!)));
    if (studies > 500)
      line(`${name}, landing page of any study, seldom asked for before`, await askAt(site, 1, 0, () => page(any())));
    line(`${name}, search`, await askAt(site, 1, 0, () => asked(`${server}${apiBase}/studies?q=${word()}+${word()}`)));
  }
}

/** The largest catalogue that one ordinary server is to manage. */
async function measureCatalogue(site: Site, study: Study): Promise<void> {
  const [studies = 100_000, files = 200] = sizes;
  // It would look for the bytes of files that have none.
  await site.processes.get('worker 0')?.stop();
  site.processes.delete('worker 0');
  const began = performance.now();
  await growCatalogue(site.databaseUrl, study.accession, studies, files);
  console.error(`rows made in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  const [server] = await restartWebs(site, 1);
  const any = () => grownAccession(1 + Math.floor(Math.random() * studies));
  const word = () => words[Math.floor(Math.random() * words.length)]!;
  const name = `${studies.toLocaleString('en')} studies, ${(studies * files).toLocaleString('en')} files`;
  const home = [`${apiBase}/status`, `${apiBase}/totals`, `${apiBase}/studies?limit=12&sort=newest`];
  line(
    `${name}, home page with all it asks for`,
    await askAt(site, 1, 0, async () => (await Promise.all(home.map((path) => asked(server + path)))).every(Boolean)),
  );
  const search = (query: string) => askAt(site, 1, 0, () => asked(`${server}${apiBase}/studies?${query}`));
  line(
    `${name}, search of two words`,
    await askAt(site, 1, 0, () => asked(`${server}${apiBase}/studies?q=${word()}+${word()}`)),
  );
  line(`${name}, search by organism`, await search('organism=Mus+musculus'));
  line(`${name}, search of everything, by title`, await search('sort=title'));
  line(`${name}, landing page`, await askAt(site, 1, 0, () => asked(`${server}/studies/${any()}/v/1`)));
  line(
    `${name}, list of files`,
    await askAt(site, 1, 0, () => asked(`${server}${apiBase}/studies/${any()}/versions/1/files`)),
  );
}

const site = await openSite({ isMeasured: true });
try {
  const first = await site.start('web 0');
  await site.start('worker 0');
  const session = await makeOwner({ ...first, ownerLink: await ownerLinkOf(first) });
  const { secret: token } = await makeToken(session, ['read', 'deposit']);
  const study = await publishOne(first.url, createClient({ server: first.url, token }), token);
  if (what === 'load') await measureLoad(site, study, token);
  else await (what === 'corpus' ? measureCorpora : measureCatalogue)(site, study);
} finally {
  await site.close();
}
process.stdout.write(`${JSON.stringify({ seconds, results })}\n`);
