import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { ApiError, apiBase, type Client, createClient, routes } from '@micrarium/api';
import { openStorage } from '../packages/server/src/storage/open-storage.ts';
import { makeOwner, makeToken, type Session } from '../tests/journeys/depositor.ts';
import { processesBelow, removeData, type RunningServer, startServer } from '../tests/journeys/server-under-test.ts';
import { completeMetadata } from '../tests/server/complete-metadata.ts';
import { randomFrom } from './disk-trials.ts';

/** What is done when the kill comes. */
const deeds = ['upload', 'ingest', 'publish', 'new version', 'withdraw'] as const;
/** One of them. */
export type Deed = (typeof deeds)[number];

/** What dies: everything, everything but the database (an orphan then), or the database alone. */
const deaths = ['all', 'all but the database', 'the database'] as const;

/** Milliseconds within which a deed is over, mostly; the kill comes at a random point of them. */
const span: Readonly<Record<Deed, number>> = {
  upload: 400,
  ingest: 1500,
  publish: 500,
  'new version': 500,
  withdraw: 200,
};

/** What the rounds did and found. */
export interface RoundsReport {
  rounds: number;
  byDeed: Record<string, number>;
  byDeath: Record<string, number>;
  /** Kills that came before the deed was answered. */
  interrupted: number;
  /** Milliseconds from the start to ready, of all starts. */
  starts: number[];
  findings: string[];
  /** Checked at the end. */
  studies: number;
  versions: number;
}

/** What was acknowledged, by the word of the answers alone. */
export interface Acknowledged {
  /** Newest version and digests of the files of each published study. */
  studies: Map<string, { version: number; digests: Map<string, string> }>;
  states: Map<string, string>;
}

/** What a round works on. */
export interface World {
  server: RunningServer;
  port: number;
  client: Client;
  session: Session;
  token: string;
  known: Acknowledged;
  random: () => number;
  report: RoundsReport;
  note(finding: string): void;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const environment = { MICRARIUM_PAGES: 'off', NODE_OPTIONS: `--import ${new URL('clock-shift.ts', import.meta.url)}` };

/** Tries again while the server is not there, or says so. */
export async function patiently<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (fault) {
      const isTransient =
        !(fault instanceof ApiError) || fault.status >= 500 || fault.status === 409 || fault.status === 412;
      if (!isTransient || tries > 60) throw new Error(`${what}: ${String(fault)}`, { cause: fault });
      await wait(250);
    }
  }
}

function tableOf(random: () => number): string {
  const rows = Array.from({ length: 40 }, (_, at) => `${at % 10},${Math.floor(at / 10)},${random()},${random()}`);
  return `frame,track,x,y\n${rows.join('\n')}\n`;
}

async function putFile({ server, token }: World, draft: string, path: string, body: BodyInit): Promise<void> {
  const answer = await fetch(`${server.url}${apiBase}/drafts/${draft}/files/${path}`, {
    method: 'PUT',
    body,
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new ApiError(answer.status, 'put', await answer.text(), undefined);
}

/** Waits until everything of a draft is read, then describes it. */
async function settleDraft({ client }: World, draft: string, title: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const { items, files, revision } = await client.call(routes.getDraft, { params: { draft } });
    const isRead = items.every(({ ingest }) => ingest?.state === 'done' || ingest?.state === 'kept');
    const counted = items.reduce((sum, item) => sum + item.files.length, 0);
    if (files.verified === files.count && isRead && counted === files.count) {
      await client.call(routes.saveDraft, {
        params: { draft },
        body: { metadata: completeMetadata(title), note: 'A round' },
        headers: { 'if-match': `"${revision}"` },
      } as never);
      return;
    }
    if (tries > 240) throw new Error(`Draft ${draft} is not read after a minute: ${JSON.stringify(items)}`);
    await wait(250);
  }
}

/** A deed made ready: doing it (it may be cut off), and bringing it to its end after the start. */
export interface Ready {
  doIt(): Promise<void>;
  finish(): Promise<void>;
}

async function readyUpload(world: World): Promise<Ready> {
  const { client, token, random } = world;
  const bytes = Uint8Array.from({ length: 600_000 + Math.floor(random() * 1_200_000) }, () => random() * 256);
  const { id: draft } = await client.call(routes.createDraft, {});
  const path = 'raw.bin';
  await client.call(routes.expectFiles, { params: { draft }, body: { files: [{ path, size: bytes.length }] } });
  const tus = { 'tus-resumable': '1.0.0', authorization: `Bearer ${token}` };
  const of = (text: string) => Buffer.from(text).toString('base64');
  const made = await fetch(`${world.server.url}${apiBase}/uploads`, {
    method: 'POST',
    headers: {
      ...tus,
      'upload-length': String(bytes.length),
      'upload-metadata': `draft ${of(draft)},path ${of(path)}`,
    },
  });
  const place = made.headers.get('location');
  if (made.status !== 201 || !place) throw new Error(`upload: ${made.status} ${await made.text()}`);
  let acknowledged = 0;
  const piece = 130_000;
  const patch = async (at: number) => {
    const headers = { ...tus, 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' };
    const body = bytes.slice(at, at + piece);
    return await fetch(`${world.server.url}${place}`, { method: 'PATCH', headers, body });
  };
  const send = async (from: number) => {
    for (let at = from; at < bytes.length; ) {
      // Now and then the same piece comes twice at once: one of them counts.
      const answers = await Promise.all(random() < 0.2 ? [patch(at), patch(at)] : [patch(at)]);
      const done = answers.filter(({ status }) => status === 204);
      if (done.length > 1) world.note(`the same piece was taken ${done.length} times`);
      if (done.length === 0) throw new Error(`PATCH: ${answers.map(({ status }) => status).join()}`);
      at = Number(done[0]!.headers.get('upload-offset'));
      acknowledged = Math.max(acknowledged, at);
    }
  };
  return {
    doIt: () => send(0),
    async finish() {
      const offset = await patiently('HEAD of the upload', async () => {
        const answer = await fetch(`${world.server.url}${place}`, { method: 'HEAD', headers: tus });
        if (!answer.ok) throw new ApiError(answer.status, 'head', '', undefined);
        return Number(answer.headers.get('upload-offset'));
      });
      if (offset < acknowledged) world.note(`${acknowledged} bytes were acknowledged, ${offset} are there`);
      await send(offset);
      await patiently('digest of the upload', async () => {
        const draftNow = await client.call(routes.getDraft, { params: { draft } });
        if (draftNow.files.verified !== 1) throw new Error('not verified yet');
      });
      const stored = await fetch(`${world.server.url}${apiBase}/drafts/${draft}/files/${path}`, { headers: tus });
      if (sha256(new Uint8Array(await stored.arrayBuffer())) !== sha256(bytes))
        world.note('the upload has other bytes');
      await client.call(routes.discardDraft, { params: { draft } });
    },
  };
}

async function readyIngest(world: World): Promise<Ready> {
  const { id: draft } = await world.client.call(routes.createDraft, {});
  const files = new Map(['a/tracks.csv', 'b.csv', 'notes.txt'].map((path) => [path, tableOf(world.random)]));
  const acknowledged = new Set<string>();
  const send = async () => {
    for (const [path, body] of files) {
      if (acknowledged.has(path)) continue;
      await putFile(world, draft, path, body);
      acknowledged.add(path);
    }
  };
  return {
    doIt: async () => {
      await send();
      await settleDraft(world, draft, 'Cut off while read');
    },
    async finish() {
      await patiently('files of the draft', send);
      await patiently('draft after the kill', () => settleDraft(world, draft, 'Cut off while read'));
      const { items } = await world.client.call(routes.getDraft, { params: { draft } });
      if (items.length !== files.size) world.note(`${files.size} files gave ${items.length} items`);
      await world.client.call(routes.discardDraft, { params: { draft } });
    },
  };
}

/** Publishes twice at once in half of the rounds: one version comes of it. */
function publication(
  world: World,
  draft: string,
  accession: string,
  version: number,
  files: Map<string, string>,
): Ready {
  const { client, known, random } = world;
  const note = () => {
    const digests = new Map(known.studies.get(accession)?.digests);
    for (const [path, body] of files) digests.set(path, sha256(new TextEncoder().encode(body)));
    known.studies.set(accession, { version, digests });
  };
  const publish = () => client.call(routes.publishDraft, { params: { draft } });
  return {
    async doIt() {
      const calls = random() < 0.5 ? [publish(), publish()] : [publish()];
      const ends = await Promise.allSettled(calls);
      if (ends.some(({ status }) => status === 'fulfilled')) note();
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
    async finish() {
      await patiently('publishing after the kill', publish);
      note();
    },
  };
}

async function readyPublish(world: World): Promise<Ready> {
  const { id, accession } = await world.client.call(routes.createDraft, {});
  const files = new Map([['tracks.csv', tableOf(world.random)]]);
  for (const [path, body] of files) await putFile(world, id, path, body);
  await settleDraft(world, id, `Study of round ${world.report.rounds}`);
  return publication(world, id, accession, 1, files);
}

function openStudy({ known, random }: World): string | undefined {
  const open = [...known.studies.keys()].filter((accession) => known.states.get(accession) !== 'withdrawn');
  return open[Math.floor(random() * open.length)];
}

async function readyVersion(world: World): Promise<Ready> {
  const accession = openStudy(world);
  if (accession === undefined) return await readyPublish(world);
  const { version } = world.known.studies.get(accession)!;
  const { id } = await world.client.call(routes.newDraftVersion, { params: { accession } });
  const files = new Map([[`more-${version + 1}.csv`, tableOf(world.random)]]);
  for (const [path, body] of files) await putFile(world, id, path, body);
  await settleDraft(world, id, `Version ${version + 1}`);
  return publication(world, id, accession, version + 1, files);
}

async function readyWithdrawal(world: World): Promise<Ready> {
  const { known, random } = world;
  const all = [...known.studies.keys()];
  const accession = all[Math.floor(random() * all.length)];
  if (accession === undefined) return await readyPublish(world);
  const state = known.states.get(accession) === 'withdrawn' ? 'published' : 'withdrawn';
  const path = `${apiBase}/admin/studies/${accession}/state`;
  const headers = { 'content-type': 'application/json' };
  const change = async () => {
    // Neither is known to hold until one of them is answered or seen.
    known.states.delete(accession);
    const body = JSON.stringify({ state, reason: 'A round of kills' });
    const answer = await world.session.send(path, { method: 'PUT', headers, body });
    if (!answer.ok) throw new ApiError(answer.status, 'state', await answer.text(), undefined);
    known.states.set(accession, state);
  };
  return {
    doIt: change,
    async finish() {
      await patiently('state after the kill', async () => {
        const answer = await world.session.send(path);
        if (!answer.ok) throw new ApiError(answer.status, 'state', await answer.text(), undefined);
        const now = ((await answer.json()) as { state: string }).state;
        if (now === state) known.states.set(accession, state);
        else await change();
      });
    },
  };
}

/** How each deed is made ready. */
const ready: Readonly<Record<Deed, (world: World) => Promise<Ready>>> = {
  upload: readyUpload,
  ingest: readyIngest,
  publish: readyPublish,
  'new version': readyVersion,
  withdraw: readyWithdrawal,
};

function isPostgres(pid: number): boolean {
  try {
    return /postgres/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    // It ended in the meantime.
    return false;
  }
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with its parent.
  }
}

async function die(world: World, death: (typeof deaths)[number]): Promise<void> {
  const { server } = world;
  if (death !== 'the database') return await server.kill({ spareDatabase: death === 'all but the database' });
  // A server whose database is gone ends by itself, and whoever keeps it running starts it again.
  const ended = new Promise<void>((resolve) => server.process.once('exit', () => resolve()));
  for (const pid of processesBelow(server.process.pid!)) if (isPostgres(pid)) killHard(pid);
  const isGone = await Promise.race([ended.then(() => true), wait(30_000).then(() => false)]);
  if (isGone) return;
  world.note('the server did not end within 30 s of its database');
  await server.kill();
}

/** Everything acknowledged is there, and nothing is there twice or half. @param wholly reads every byte, otherwise of a few studies */
export async function checkAll(world: World, wholly: boolean): Promise<void> {
  const { client, known, server, random } = world;
  for (const [accession, { version, digests }] of known.studies) {
    if (!wholly && random() > 3 / known.studies.size) continue;
    const state = known.states.get(accession);
    const answer = await fetch(`${server.url}${apiBase}/studies/${accession}`);
    if (state === 'withdrawn') {
      if (answer.status !== 410) world.note(`${accession} is withdrawn and answers ${answer.status}`);
      continue;
    }
    if (answer.status !== 200) {
      world.note(`${accession} v${version} was published and answers ${answer.status}`);
      continue;
    }
    const study = (await answer.json()) as { version: number; versions: unknown[] };
    if (study.version !== version || study.versions.length !== version)
      world.note(`${accession} has version ${study.version} of ${study.versions.length} instead of ${version}`);
    for (const [path, digest] of digests) {
      const file = await fetch(`${server.url}${apiBase}/studies/${accession}/versions/${version}/files/${path}`);
      if (sha256(new Uint8Array(await file.arrayBuffer())) !== digest)
        world.note(`${accession} v${version} ${path} has other bytes`);
    }
  }
  const { total } = await client.call(routes.searchStudies, { query: {} });
  const open = [...known.studies.keys()].filter((one) => known.states.get(one) !== 'withdrawn').length;
  if (total !== open) world.note(`${open} studies are public and the list has ${total}`);
}

/**
 * Begins a deed by chance and lets something happen at a random point of it.
 * @param choose what happens, by the name it is counted under
 * @returns the deed, to be waited for, and what brings it to its end afterwards
 */
export async function interruptDeed<Name extends string>(
  world: World,
  report: RoundsReport,
  choose: () => Name,
  happen: (name: Name) => Promise<void>,
): Promise<{ doing: Promise<void>; finish: () => Promise<void>; began: number }> {
  const { random } = world;
  const deed = deeds[Math.floor(random() * deeds.length)]!;
  const name = choose();
  report.byDeed[deed] = (report.byDeed[deed] ?? 0) + 1;
  report.byDeath[name] = (report.byDeath[name] ?? 0) + 1;
  const { doIt, finish } = await patiently(`getting ready to ${deed}`, () => ready[deed](world));
  let isDone = false;
  const doing = doIt().then(
    () => void (isDone = true),
    () => {},
  );
  await wait(random() * span[deed]);
  if (!isDone) report.interrupted++;
  const began = Date.now();
  await happen(name);
  return { doing, finish, began };
}

async function oneRound(world: World): Promise<void> {
  const { random, report } = world;
  const { doing, finish } = await interruptDeed(
    world,
    report,
    () => deaths[Math.floor(random() * deaths.length)]!,
    (death) => die(world, death),
  );
  await doing;
  const began = Date.now();
  const hours = random() < 0.2 ? (random() < 0.5 ? -1 : 2) : 0;
  const clock = { ...environment, MICRARIUM_TRIAL_CLOCK_HOURS: String(hours) };
  world.server = await startServer({ dataFolder: world.server.dataFolder, port: world.port, environment: clock });
  report.starts.push(Date.now() - began);
  await finish();
  await checkAll(world, false);
}

/** What lies in the archive, read again wholly with the server stopped. */
async function checkArchive(world: World): Promise<void> {
  const { archive } = await openStorage(world.server.dataFolder);
  for await (const { accession, versions } of archive.list((place) => world.note(`unreadable object ${place}`))) {
    world.report.studies++;
    world.report.versions += versions.length;
    for (const { code, path, message } of await archive.verify(accession))
      world.note(`${accession} ${code} ${path}: ${message}`);
    if (!world.known.studies.has(accession)) world.note(`the archive holds ${accession}, which nobody published`);
  }
  for (const folder of ['work/archive/intents', 'quarantine'])
    if (readdirSync(`${world.server.dataFolder}/${folder}`).length > 0) world.note(`${folder} is not empty`);
}

/**
 * Rounds of SIGKILL against a real server with worker and database: a deed begins, something dies at a random point of it, a new start has to
 * find everything acknowledged, and the deed is brought to its end.
 */
export async function killRounds(rounds: number, seed: number, say: (line: string) => void): Promise<RoundsReport> {
  const report: RoundsReport = {
    rounds: 0,
    byDeed: {},
    byDeath: {},
    interrupted: 0,
    starts: [],
    findings: [],
    studies: 0,
    versions: 0,
  };
  const server = await startServer({ environment });
  const session = await makeOwner(server);
  const { secret: token } = await makeToken(session, ['read', 'deposit']);
  const world: World = {
    server,
    port: Number(new URL(server.url).port),
    client: createClient({ server: server.url, token }),
    session,
    token,
    known: { studies: new Map(), states: new Map() },
    random: randomFrom(seed),
    report,
    note(finding) {
      report.findings.push(`round ${report.rounds}: ${finding}`);
      say(`  round ${report.rounds}: ${finding}`);
    },
  };
  try {
    for (report.rounds = 1; report.rounds <= rounds; report.rounds++) {
      await oneRound(world).catch(async (fault: unknown) => {
        world.note(String(fault));
        // The rounds after a finding are still worth something.
        await world.server.kill();
        world.server = await startServer({ dataFolder: server.dataFolder, port: world.port, environment });
      });
      if (report.rounds % 25 === 0) say(`${report.rounds} rounds, ${report.findings.length} findings`);
    }
    report.rounds = rounds;
    await checkAll(world, true);
    await world.server.stop();
    await checkArchive(world);
  } finally {
    await world.server.stop().catch(() => {});
    removeData(world.server);
  }
  return report;
}
