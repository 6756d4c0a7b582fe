import { createHash } from 'node:crypto';
import { ApiError, apiBase, type Client, routes } from '@micrarium/api';
import { tarOf } from '@micrarium/formats';
import { type Session, signInOwner } from '../tests/journeys/depositor.ts';
import type { RunningServer } from '../tests/journeys/server-under-test.ts';
import { completeMetadata } from '../tests/server/complete-metadata.ts';
import { furtherVersion } from '../tests/server/publish-study.ts';
import { randomFrom } from './disk-trials.ts';

/** What is done when the kill comes. */
const deeds = ['upload', 'ingest', 'publish', 'new version', 'withdraw'] as const;
/** One of them. */
export type Deed = (typeof deeds)[number];

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
  /** Deeds that the kill came in the middle of. */
  interrupted: number;
  /** Milliseconds from the start to ready, of all starts. */
  starts: number[];
  /** Milliseconds that each round took. */
  lasted: number[];
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

/** What a round works on; of several deeds at once each has its own `random`. */
export interface World {
  server: RunningServer;
  port: number;
  client: Client;
  session: Session;
  token: string;
  known: Acknowledged;
  /** Studies that a deed of the running round is about: two at once would be a quarrel, not a fault. */
  busy: Set<string>;
  random: () => number;
  report: RoundsReport;
  /** Are processes of the version before among those that answer? They refuse keys that they do not know. */
  isBesideFormer?: boolean;
  note(finding: string): void;
}

/** Milliseconds between two looks at something that takes its time. */
const pause = 100;
/** Milliseconds that something may take before it counts as never: more of them on a machine that does much else at once (`--patience`). */
export const patience = () => Number(process.env['MICRARIUM_TRIAL_PATIENCE_S'] ?? 120) * 1000;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** Waits; a signal ends it early. */
export function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A draft is not read in time: waiting once more would be waiting for ever. */
class NotRead extends Error {
  override readonly name = 'NotRead';
}

/** Tries again while the server is not there, or says so; on a machine that does a lot else at once that takes a while. */
export async function patiently<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  const began = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (fault) {
      const isTransient =
        !(fault instanceof ApiError) || fault.status >= 500 || fault.status === 409 || fault.status === 412;
      if (!isTransient || fault instanceof NotRead || performance.now() - began > patience())
        throw new Error(`${what}: ${String(fault)}`, { cause: fault });
      await wait(pause);
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

async function putTogether({ server, token }: World, draft: string, files: ReadonlyMap<string, string>): Promise<void> {
  const parts = [...files].map(([path, body]) => ({ path, bytes: new TextEncoder().encode(body) }));
  const answer = await fetch(`${server.url}${apiBase}/drafts/${draft}/files.tar`, {
    method: 'POST',
    body: tarOf(parts) as Uint8Array<ArrayBuffer>,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-tar' },
  });
  if (!answer.ok) throw new ApiError(answer.status, 'tar', await answer.text(), undefined);
}

async function save({ client }: World, draft: string, revision: number, body: object): Promise<void> {
  await client.call(routes.saveDraft, { params: { draft }, body, headers: { 'if-match': `"${revision}"` } } as never);
}

/** Is this how a program of the version before and ours differ: it refuses keys it does not know (400), ours misses them (422)? */
const isOfFormer = ({ isBesideFormer = false }: World, fault: unknown, status: 400 | 422): boolean =>
  isBesideFormer && fault instanceof ApiError && fault.status === status;

/** Publishes a draft. What a program of the version before did not take, and ours asks for, is said then. */
async function publish(world: World, draft: string): Promise<void> {
  const { client } = world;
  for (let tries = 0; ; tries++)
    try {
      await client.call(routes.publishDraft, { params: { draft } });
      return;
    } catch (fault) {
      if (tries >= 8 || !isOfFormer(world, fault, 422)) throw fault;
      const { revision } = await client.call(routes.getDraft, { params: { draft } });
      await save(world, draft, revision, furtherVersion('A round')).catch((refused: unknown) => {
        if (!isOfFormer(world, refused, 400)) throw refused;
      });
    }
}

/** Waits until everything of a draft is read, then describes it. */
async function settleDraft(world: World, draft: string, title: string): Promise<void> {
  const { client } = world;
  const began = performance.now();
  for (;;) {
    const { items, files, revision } = await client.call(routes.getDraft, { params: { draft } });
    const isRead = items.every(({ ingest }) => ingest?.state === 'done' || ingest?.state === 'kept');
    const counted = items.reduce((sum, item) => sum + item.files.length, 0);
    if (files.verified === files.count && isRead && counted === files.count) {
      const metadata = completeMetadata(title);
      await save(world, draft, revision, { metadata, ...furtherVersion('A round') }).catch(async (fault: unknown) => {
        if (!isOfFormer(world, fault, 400)) throw fault;
        await save(world, draft, revision, { metadata, note: 'A round' });
      });
      return;
    }
    if (performance.now() - began > patience())
      throw new NotRead(`Draft ${draft} is not read after ${patience() / 1000} s: ${JSON.stringify(items)}`);
    await wait(pause);
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
  const isTogether = world.random() < 0.5;
  if (isTogether) for (let at = 0; at < 20; at++) files.set(`parts/${at}.bin`, `${world.random()}`);
  const acknowledged = new Set<string>();
  const send = async () => {
    if (isTogether) {
      if (acknowledged.size > 0) return;
      await putTogether(world, draft, files);
      for (const path of files.keys()) acknowledged.add(path);
      return;
    }
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
  const { known, random } = world;
  const note = () => {
    const digests = new Map(known.studies.get(accession)?.digests);
    for (const [path, body] of files) digests.set(path, sha256(new TextEncoder().encode(body)));
    known.studies.set(accession, { version, digests });
  };
  const doPublish = () => publish(world, draft);
  return {
    async doIt() {
      const calls = random() < 0.5 ? [doPublish(), doPublish()] : [doPublish()];
      const ends = await Promise.allSettled(calls);
      if (ends.some(({ status }) => status === 'fulfilled')) note();
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
    async finish() {
      await patiently('publishing after the kill', doPublish);
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

/** A study that no other deed is about; it is this one's from now on. */
function takeStudy(
  { known, busy, random }: World,
  isWanted: (state: string | undefined) => boolean,
): string | undefined {
  const free = [...known.studies.keys()].filter((one) => !busy.has(one) && isWanted(known.states.get(one)));
  const accession = free[Math.floor(random() * free.length)];
  if (accession !== undefined) busy.add(accession);
  return accession;
}

async function readyVersion(world: World): Promise<Ready> {
  const accession = takeStudy(world, (state) => state !== 'withdrawn');
  if (accession === undefined) return await readyPublish(world);
  const { version } = world.known.studies.get(accession)!;
  const { id } = await world.client.call(routes.newDraftVersion, { params: { accession } });
  const files = new Map([[`more-${version + 1}.csv`, tableOf(world.random)]]);
  for (const [path, body] of files) await putFile(world, id, path, body);
  await settleDraft(world, id, `Version ${version + 1}`);
  return publication(world, id, accession, version + 1, files);
}

/** Asks as the owner, whose session ends when a clock is hours ahead, for it was not used for so long: they sign in again. */
async function askAsOwner(world: World, path: string, init?: RequestInit): Promise<Response> {
  const answer = await world.session.send(path, init);
  if (answer.status !== 401) return answer;
  const { send } = await signInOwner(world.server.url);
  // In place: of several deeds at once each has a world of its own around this one session.
  world.session.send = send;
  return await send(path, init);
}

async function readyWithdrawal(world: World): Promise<Ready> {
  const { known } = world;
  const accession = takeStudy(world, () => true);
  if (accession === undefined) return await readyPublish(world);
  const state = known.states.get(accession) === 'withdrawn' ? 'published' : 'withdrawn';
  const path = `${apiBase}/admin/studies/${accession}/state`;
  const headers = { 'content-type': 'application/json' };
  const change = async () => {
    // Neither is known to hold until one of them is answered or seen.
    known.states.delete(accession);
    const body = JSON.stringify({ state, reason: 'A round of kills' });
    const answer = await askAsOwner(world, path, { method: 'PUT', headers, body });
    if (!answer.ok) throw new ApiError(answer.status, 'state', await answer.text(), undefined);
    known.states.set(accession, state);
  };
  return {
    doIt: change,
    async finish() {
      await patiently('state after the kill', async () => {
        const answer = await askAsOwner(world, path);
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

/**
 * Begins some deeds by chance, all at once, and lets something happen at a random point of them.
 * @param choose what happens, by the name it is counted under
 * @returns the deeds, to be waited for, and what brings them to their end afterwards
 */
export async function interruptDeeds<Name extends string>(
  world: World,
  report: RoundsReport,
  count: number,
  choose: () => Name,
  happen: (name: Name) => Promise<void>,
): Promise<{ doing: Promise<unknown>; finish: () => Promise<void>; began: number }> {
  const { random } = world;
  world.busy.clear();
  const chosen = Array.from({ length: count }, () => deeds[Math.floor(random() * deeds.length)]!);
  // Numbers of its own for each: what one draws must not hang on how far another one has come.
  const own = chosen.map(() => ({ ...world, random: randomFrom(Math.floor(random() * 2 ** 31)) }));
  const name = choose();
  for (const deed of chosen) report.byDeed[deed] = (report.byDeed[deed] ?? 0) + 1;
  report.byDeath[name] = (report.byDeath[name] ?? 0) + 1;
  const prepared = await together(
    chosen.map((deed, at) => patiently(`getting ready to ${deed}`, () => ready[deed](own[at]!))),
  );
  let open = count;
  const doing = Promise.all(
    prepared.map(({ doIt }) =>
      doIt().then(
        () => void open--,
        () => {},
      ),
    ),
  );
  const longest = Math.max(...chosen.map((deed) => span[deed]));
  await wait(random() * longest);
  report.interrupted += open;
  const began = Date.now();
  await happen(name);
  return { doing, finish: async () => void (await together(prepared.map(({ finish }) => finish()))), began };
}

/** Waits for all, also where one fails. @throws what the first one failed with */
async function together<Value>(works: readonly Promise<Value>[]): Promise<Value[]> {
  const ends = await Promise.allSettled(works);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}
