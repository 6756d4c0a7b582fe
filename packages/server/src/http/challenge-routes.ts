import { routes } from '@micrarium/api';
import { agreementOf, type MethodStep, type StudyItem, type TrackSet, type TrackSetSummary } from '@micrarium/model';
import {
  askToRebuild,
  can,
  challengeReferences,
  type ChallengeReference,
  FormNotMade,
  NotComparable,
  pointsOf,
  readStoredSet,
  sharedUnit,
  uncomputable,
} from '@micrarium/repository';
import { valueFor, shownTitle } from '@micrarium/standards';
import type { Submission } from '../challenges/challenges.ts';
import { signedIn } from './account-routes.ts';
import { studyResource } from '../access/study-resource.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';
import { openVersion } from './ssbd/ssbd-sets.ts';
import { type FoundVersion, versionFor } from './study-access.ts';

const unstored = { 'cache-control': 'no-store' };
const titleOf = ({ metadata, accession }: FoundVersion) => shownTitle(metadata.values['title'], accession);

/** Challenges: ground truth with the results of others, and results compared with each other. */
export function challengeRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.getChallenge), async (c) => {
    const found = await versionFor(c, services(), c.req.valid('param').accession, 'newest');
    const { scored, training } = challengeReferences(found);
    const submissions = await services().challenges.list(found.accession);
    if (scored.length > 0) await services().challenges.scoreStale(submissions, found.version);
    const rows = await Promise.all(submissions.map((one) => rowOf(c, services(), scored, one)));
    const shown = rows.filter((row) => row !== undefined);
    const rank = ({ total }: (typeof shown)[number]) => total ?? Number.NEGATIVE_INFINITY;
    shown.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
    const { accession, version } = found;
    const truthIsOpen = (await services().states.of(accession)).state === 'published';
    const title = titleOf(found);
    const board = { accession, version, title, references: scored, training, truthIsOpen, submissions: shown };
    return c.json(board, 200, unstored);
  });

  app.openapi(mounted(routes.submitResult), async (c) => {
    const { caller, subject } = signedIn(c);
    const { label, study, version, results } = c.req.valid('json');
    const result = await versionFor(c, services(), study, version ?? 'newest');
    if (!can(subject, 'study.new-version', await studyResource(services(), subject, result.accession)))
      throw new Problem('not-allowed', 'Only who deposited the result may submit it.');
    const truth = await versionFor(c, services(), c.req.valid('param').accession, 'newest');
    const { scored } = challengeReferences(truth);
    if (scored.length === 0) throw new Problem('not-comparable', 'This study holds no ground truth to score against.');
    checkAnswers(scored, result, results);
    if (!(await openVersion(services(), result.accession)))
      throw new Problem('not-comparable', 'The files of the result must be open to everybody.');
    const kept = await services().challenges.submit(
      {
        accession: truth.accession,
        label,
        resultAccession: result.accession,
        resultVersion: result.version,
        results,
      },
      caller.user.id,
    );
    if (!kept) throw new Problem('not-comparable', 'This challenge takes no more results.');
    const row = await rowOf(c, services(), scored, kept);
    if (!row) throw new Problem('not-comparable', 'The files of the result are not open yet.');
    return c.json(row, 202, unstored);
  });

  app.openapi(mounted(routes.withdrawResult), async (c) => {
    signedIn(c);
    const { accession, id } = c.req.valid('param');
    const found = await services().challenges.get(id);
    if (!found || found.accession !== accession || !(await mayWithdraw(c, services(), found)))
      throw new Problem('not-found');
    await services().challenges.withdraw(found);
    return c.body(null, 204);
  });

  app.openapi(mounted(routes.compareResults), async (c) => {
    const { set, gate = 5 } = c.req.valid('query');
    const places = await Promise.all(set.map((one) => placeOf(c, services(), one)));
    return c.json(await compare(services(), places, gate), 200, {
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=3600',
    });
  });
}

function checkAnswers(
  scored: readonly ChallengeReference[],
  result: FoundVersion,
  answers: readonly { reference: string; dataset: string }[],
): void {
  if (new Set(answers.map(({ reference }) => reference)).size < answers.length)
    throw new Problem('not-comparable', 'Name one data set for each ground truth.');
  for (const { reference, dataset } of answers) {
    if (!scored.some((one) => one.dataset === reference))
      throw new Problem('not-comparable', `The challenge has no ground truth “${reference.slice(0, 60)}”.`);
    if (!result.datasets.some((one) => one.id === dataset))
      throw new Problem('not-comparable', `${result.accession} has no data set “${dataset.slice(0, 60)}”.`);
  }
}

/** Who deposited the result, who deposited the challenge, and curators. */
async function mayWithdraw(c: HttpContext, services: Services, submission: Submission): Promise<boolean> {
  const { subject } = c.var;
  if (subject.kind === 'anonymous' || subject.kind === 'system') return false;
  for (const accession of [submission.accession, submission.resultAccession]) {
    const study = await studyResource(services, subject, accession);
    if (can(subject, 'study.new-version', study) || can(subject, 'study.curate', study)) return true;
  }
  return false;
}

/** A result as the board shows it; nothing of studies that are closed or withdrawn. */
async function rowOf(
  c: HttpContext,
  services: Services,
  scored: readonly ChallengeReference[],
  submission: Submission,
) {
  if (!(await openVersion(services, submission.resultAccession))) return undefined;
  const result = await services.studies.getVersion(submission.resultAccession, submission.resultVersion);
  if (!result) return undefined;
  const { id, label, state, results, scores, referenceVersion, createdAt } = submission;
  const mains = scored.map(({ dataset, main }) => {
    const found = scores.find((one) => one.reference === dataset);
    return found && 'score' in found ? (found.score.values[main] ?? null) : null;
  });
  const known = mains.filter((one) => one !== null);
  const ids = new Set(results.map(({ dataset }) => dataset));
  const items = result.datasets
    .filter((one) => ids.has(one.id))
    .flatMap(({ quantitativeItems }) => result.items.filter((item) => quantitativeItems.includes(item.id)));
  return {
    id,
    label,
    study: result.accession,
    version: result.version,
    title: titleOf(result),
    submittedAt: createdAt,
    state,
    referenceVersion,
    total:
      known.length === scored.length && known.length > 0
        ? known.reduce((sum, one) => sum + one, 0) / known.length
        : null,
    results: results.map((answer) => {
      const found = scores.find((one) => one.reference === answer.reference);
      if (!found) return answer;
      return 'score' in found ? { ...answer, score: found.score } : { ...answer, reason: found.reason };
    }),
    software: [...new Set(items.flatMap(softwareOf))],
    parameters: [...settingsOf(items).slice(0, 60), ...analysisOf(result, ids)],
    canWithdraw: await mayWithdraw(c, services, submission),
  };
}

/** What the result's study says of its analysis: label images and tables of classes name neither program nor settings. */
function analysisOf({ metadata }: Pick<FoundVersion, 'metadata'>, datasets: ReadonlySet<string>) {
  const told = new Set([...datasets].map((dataset) => valueFor(metadata.values, 'imageAnalysis', dataset)));
  return [...told].flatMap((value) =>
    typeof value === 'string' && value.trim() !== '' ? [{ name: 'analysis', value: value.trim().slice(0, 1000) }] : [],
  );
}

const softwareOf = ({ trackSets }: StudyItem): string[] =>
  trackSets.flatMap(({ software, softwareVersion }) =>
    software ? [[software, softwareVersion].filter(Boolean).join(' ')] : [],
  );

/** Settings of detector and linker, as the file gives them; those of several sets once. */
function settingsOf(items: readonly StudyItem[]): { name: string; value: string }[] {
  const found = new Map<string, string>();
  for (const { trackSets } of items)
    for (const { tracking } of trackSets)
      for (const step of [tracking?.detector, tracking?.linker])
        for (const { name, value } of stepSettings(step)) found.set(`${name}=${value}`, name);
  return [...found].map(([pair, name]) => ({ name, value: pair.slice(name.length + 1) }));
}

function stepSettings(step: MethodStep | undefined): { name: string; value: string }[] {
  if (!step) return [];
  const given = Object.entries(step.parameters ?? {}).map(([name, value]) => ({ name, value: String(value) }));
  return [{ name: 'method', value: step.name }, ...given];
}

interface Place {
  key: string;
  found: FoundVersion;
  item: StudyItem;
  summary: TrackSetSummary;
}

async function placeOf(c: HttpContext, services: Services, key: string): Promise<Place> {
  const match = /^([A-Z]+-\d{1,12})\/(\d{1,9})\/([a-z0-9]{1,40})\/(\d{1,4})$/.exec(key);
  if (!match) throw new Problem('request-invalid', `“${key}” is not ACCESSION/VERSION/ITEM/PART.`);
  const found = await versionFor(c, services, match[1]!, Number(match[2]));
  const state = await services.states.of(found.accession);
  const item = found.items.find(({ id }) => id === match[3]);
  const summary = item?.trackSets.find(({ part }) => part === Number(match[4]));
  if (!item || !summary || state.state !== 'published') throw new Problem('not-found');
  return { key, found, item, summary };
}

/** Objects of all sets together that are compared while somebody waits. */
const mostObjects = 200_000;

async function compare(services: Services, places: readonly Place[], gate: number) {
  const objects = places.reduce((sum, { summary }) => sum + summary.counts.objects, 0);
  if (objects > mostObjects)
    throw new Problem(
      'not-comparable',
      `${objects} objects are too many to compare on a page (${mostObjects} at most).`,
    );
  const sets: TrackSet[] = [];
  for (const { found, item, summary } of places)
    sets.push(
      await readStoredSet(services, item, summary.part).catch(async (fault: unknown) => {
        if (!(fault instanceof FormNotMade)) throw fault;
        await askToRebuild(services, { accession: found.accession, version: found.version, itemId: item.id });
        throw new Problem('form-being-made', 'It is made from the originals; ask again in a moment.', {
          headers: { 'retry-after': '2' },
          cause: fault,
        });
      }),
    );
  try {
    let unit = 'unknown';
    const pairs = sets.flatMap((a, first) =>
      sets.slice(first + 1).map((b, after) => {
        unit = sharedUnit(a, b);
        const of = ({ objects: table, edges }: TrackSet) => ({ points: pointsOf({ objects: table }), edges });
        const { version: _version, gate: _gate, ...agreement } = uncomputable(() => agreementOf(of(a), of(b), gate));
        return { first, second: first + 1 + after, ...agreement };
      }),
    );
    return { gate, unit, sets: places.map(describe), pairs };
  } catch (fault) {
    if (fault instanceof NotComparable) throw new Problem('not-comparable', fault.message, { cause: fault });
    throw fault;
  }
}

const describe = ({ key, found, item, summary }: Place) => ({
  set: key,
  title: titleOf(found),
  name: summary.name === '' ? item.path : summary.name,
  software: [summary.software, summary.softwareVersion].filter(Boolean).join(' '),
  objects: summary.counts.objects,
  edges: summary.counts.edges,
  tracks: summary.counts.tracks,
  divisions: summary.counts.splits,
});
