import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { apiBase, createClient } from '@micrarium/api';
import { openBucketStorage, ProcessLocks } from '../packages/server/src/storage/index.ts';
import { makeOwner, makeToken } from '../tests/journeys/depositor.ts';
import { randomFrom } from './disk-trials.ts';
import { interruptDeeds, type RoundsReport, wait, type World } from './deeds.ts';
import { emptyReport } from './kill-rounds.ts';
import { checkAll, verifyAll } from './oracle.ts';
import { type Mishap, openRequestLine, type RequestLine } from './lines.ts';
import { openSite, ownerLinkOf, type Site } from './site.ts';

/** What goes wrong in a round, one after the other. */
const mishaps = [
  'web one is killed',
  'web two is killed',
  'worker one is killed',
  'worker two is killed',
  'the bucket refuses a third of the requests',
  'the bucket is slow, and loses connections and answers',
  'the database is gone for two seconds',
] as const;
type Happening = (typeof mishaps)[number] | 'nothing';

/** While one version takes the place of another: each process in turn is killed, and is the new one from then on; deeds and readers meet both. */
const replacing: readonly Happening[] = ['web one', 'worker one', 'web two', 'worker two'].flatMap((name) => [
  'nothing' as const,
  'nothing' as const,
  'nothing' as const,
  `${name} is killed` as Happening,
]);
/** Milliseconds until a state that changed at one of several processes is seen at all of them: as docs/bucket.md says, and a little for a busy machine. */
const seenWithin = 2500;

/** What happens in a round: with a former version first its replacement, then what goes wrong, one after the other. */
function happeningOf(round: number, isReplacing: boolean): Happening {
  const before = isReplacing ? replacing : [];
  return before[round - 1] ?? mishaps[(round - 1 - before.length) % mishaps.length]!;
}

/** What the rounds on several processes did and found. */
export interface ScaleReport extends RoundsReport {
  /** Requests of readers beside the deeds, answered right; and turned away for a moment (502, 503, no answer). */
  reads: number;
  turnedAway: number;
  /** Milliseconds from a mishap to the end of the deed it hit. */
  recoveries: number[];
  /** Program that the bucket is of. */
  storage: 's3rver' | 'Swift';
}

/** Something goes wrong for a while; resolves when all is well again. */
async function strike(site: Site, report: ScaleReport, what: Happening, random: () => number): Promise<void> {
  if (what === 'nothing') return;
  const name = /^(web|worker) (one|two)/.exec(what)?.[0];
  if (name !== undefined) {
    const killed = site.processes.get(name)!;
    await killed.kill();
    const began = Date.now();
    await site.start(name, Number(new URL(killed.url).port));
    report.starts.push(Date.now() - began);
  } else if (what.startsWith('the database')) {
    site.database.cut();
    await wait(2000);
    site.database.mend();
  } else {
    const kinds: Mishap[] = what.includes('refuses') ? ['refused'] : ['slow', 'cut', 'answer lost'];
    site.bucket.mishap = () => (random() < 1 / 3 ? kinds[Math.floor(random() * kinds.length)]! : 'none');
    await wait(1500);
    site.bucket.mishap = undefined;
  }
}

/** Reads files of published studies, one after the other, until told to stop. */
async function readOn(world: World, report: ScaleReport, url: string, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const all = [...world.known.studies].filter(([accession]) => world.known.states.get(accession) !== 'withdrawn');
    const [accession, study] = all[Math.floor(Math.random() * all.length)] ?? [];
    const [path, digest] = [...(study?.digests ?? [])][0] ?? [];
    if (accession === undefined || path === undefined) {
      await wait(50);
      continue;
    }
    const answer = await fetch(`${url}${apiBase}/studies/${accession}/versions/${study!.version}/files/${path}`)
      .then(async (one) => ({ status: one.status, bytes: new Uint8Array(await one.arrayBuffer()) }))
      .catch(() => ({ status: 0, bytes: new Uint8Array(0) }));
    const isRight =
      // Withdrawn meanwhile; bytes that are lost are answered so too, by another code.
      (answer.status === 410 && new TextDecoder().decode(answer.bytes).includes('"code":"withdrawn"')) ||
      (answer.status === 200 && createHash('sha256').update(answer.bytes).digest('hex') === digest);
    if (isRight) report.reads++;
    else if ([0, 500, 502, 503].includes(answer.status)) report.turnedAway++;
    else world.note(`a reader of ${accession} ${path} was answered ${answer.status}`);
    await wait(5);
  }
}

async function oneRound(world: World, site: Site, report: ScaleReport, isReplacing: boolean): Promise<void> {
  const { random } = world;
  const { doing, finish, began } = await interruptDeeds(
    world,
    report,
    1,
    () => happeningOf(report.rounds, isReplacing),
    (what) => strike(site, report, what, random),
  );
  await doing;
  await finish().finally(() => reviveDead(world, site));
  report.recoveries.push(Date.now() - began);
  await wait(seenWithin);
  await checkAll(world, false);
}

/** How the rounds on several processes are done. */
export interface ScalePlan {
  rounds: number;
  seed: number;
  say(line: string): void;
  /** Checkout of the version before, whose processes are there first and are replaced one after the other. */
  former?: string | undefined;
  /** Is the bucket one of Debian's Swift? Left out, one of s3rver. */
  isOverSwift?: boolean;
}

/**
 * Two web processes and two workers over one PostgreSQL and one bucket, behind a proxy that gives requests to each web process in turn. Under
 * the load of readers each process is killed in turn, the bucket fails and is slow, and the database goes away: deeds come to their end, and
 * what was acknowledged is there.
 */
export async function scaleRounds({ rounds, seed, say, former, isOverSwift = false }: ScalePlan): Promise<ScaleReport> {
  const report: ScaleReport = {
    ...emptyReport(),
    reads: 0,
    turnedAway: 0,
    recoveries: [],
    storage: isOverSwift ? 'Swift' : 's3rver',
  };
  const site = await openSite({ former, isOverSwift });
  let balancer: RequestLine | undefined;
  try {
    const first = await site.start('web one');
    await Promise.all(['web two', 'worker one', 'worker two'].map((name) => site.start(name)));
    const webs = () => ['web one', 'web two'].map((name) => site.processes.get(name)!.url);
    balancer = await openRequestLine(webs);
    const atBalancer = { ...first, url: balancer.url, ownerLink: await ownerLinkOf(first) };
    const session = await makeOwner(atBalancer);
    const { secret: token } = await makeToken(session, ['read', 'deposit']);
    const world: World = {
      server: atBalancer,
      port: 0,
      client: createClient({ server: balancer.url, token }),
      session,
      token,
      known: { studies: new Map(), states: new Map() },
      busy: new Set(),
      random: randomFrom(seed),
      report,
      isBesideFormer: former !== undefined,
      note(finding) {
        report.findings.push(`round ${report.rounds}: ${finding}`);
        say(`  round ${report.rounds}: ${finding}`);
      },
    };
    let isOver = false;
    const at = balancer.url;
    const readers = Array.from({ length: 4 }, () => readOn(world, report, at, () => isOver));
    for (report.rounds = 1; report.rounds <= rounds; report.rounds++) {
      await oneRound(world, site, report, former !== undefined).catch((fault: unknown) => world.note(String(fault)));
      if (report.rounds % 7 === 0) say(`${report.rounds} rounds, ${report.findings.length} findings`);
    }
    report.rounds = rounds;
    isOver = true;
    await Promise.all(readers);
    await checkAll(world, true);
    await Promise.all([...site.processes.values()].map((one) => one.stop()));
    await checkBucket(world, site);
  } finally {
    balancer?.close();
    await site.close();
  }
  return report;
}

/** No process ends by itself, whatever is gone; one that did is a finding, and is started again for the rounds to come. */
async function reviveDead(world: World, site: Site): Promise<void> {
  for (const [name, server] of site.processes) {
    const { exitCode, signalCode } = server.process;
    if (exitCode === null && signalCode === null) continue;
    world.note(`${name} ended (${signalCode ?? exitCode}): ${server.output().slice(-1500)}`);
    await site.start(name, Number(new URL(server.url).port));
  }
}

/** What lies in the bucket, read again wholly with nobody at work. */
async function checkBucket(world: World, { storageUrl: endpoint, keys, folder }: Site): Promise<void> {
  const settings = { endpoint, bucket: 'micrarium', region: 'us-east-1', prefix: '', ...keys };
  const { archive, bucket } = await openBucketStorage(settings, join(folder, 'check'), new ProcessLocks());
  await verifyAll(world, archive);
  for await (const { key } of bucket.list('work/archive/intents/')) world.note(`${key} is left`);
}
