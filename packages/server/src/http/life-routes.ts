import { routes } from '@micrarium/api';
import { can } from '@micrarium/repository';
import { studyResource } from '../access/study-resource.ts';
import type { Database } from '../database/connect.ts';
import { discardedDrafts, takeDraftBack } from '../states/draft-trash.ts';
import { ownStudies } from '../states/own-studies.ts';
import { purgeStudy } from '../states/purge.ts';
import { askForChange, type Decision, decideAsk, openAsks, reopenAsk, type StudyAsk } from '../states/study-asks.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { nextCursor, pageOf } from './cursors.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** Drafts that were discarded, and changes of published studies that take two people. */
export function lifeRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.listDiscardedDrafts), async (c) => {
    const { subject, caller } = signedIn(c);
    if (!can(subject, 'draft.list', { kind: 'service' })) throw new Problem('not-allowed');
    const all = await discardedDrafts(services().db, caller.user.id);
    const only = subject.kind === 'token' ? subject.only : undefined;
    const drafts = only === undefined ? all : all.filter(({ accession }) => only.includes(accession));
    return c.json({ drafts }, 200, unstored);
  });
  app.openapi(mounted(routes.listOwnStudies), async (c) => {
    const { subject, caller } = signedIn(c);
    if (!can(subject, 'draft.list', { kind: 'service' })) throw new Problem('not-allowed');
    const page = pageOf(c.req.valid('query'));
    const only = subject.kind === 'token' ? subject.only : undefined;
    const studies = await ownStudies(services().db, caller.user.id, { ...page, only });
    return c.json({ studies, nextCursor: nextCursor(studies, page.limit, (one) => one.accession) }, 200, unstored);
  });
  app.openapi(mounted(routes.takeDraftBack), async (c) => {
    const { subject, caller } = signedIn(c);
    if (!can(subject, 'draft.create', { kind: 'service' })) throw new Problem('not-allowed');
    const only = subject.kind === 'token' ? subject.only : undefined;
    if (!(await takeDraftBack(services().db, c.req.valid('param').draft, caller.user.id, only)))
      throw new Problem('not-found');
    return c.body(null, 204);
  });
  app.openapi(mounted(routes.liftEmbargo), async (c) => {
    const { accession } = c.req.valid('param');
    const { isOwner, isCurator } = await standing(c, services(), accession);
    if (!isOwner && !isCurator) throw new Problem('not-allowed', 'Who deposited the study, or a curator, does this.');
    const { states } = services();
    if ((await states.of(accession)).state !== 'embargoed')
      throw new Problem('state-conflict', 'This study is under no embargo.');
    await states.change(accession, { state: 'published' });
    return c.body(null, 204);
  });
  askRoutes(app, services);
}

interface Standing {
  isOwner: boolean;
  /** Of the installation, or of a community that has the study. */
  isCurator: boolean;
  isOperator: boolean;
  userId: string;
  name: string;
}

/** Drafts of a study that are being edited or published. */
async function openDraftsOf(db: Services['db'], accession: string): Promise<string[]> {
  const rows = await db
    .selectFrom('draft')
    .select('id')
    .where('accession', '=', accession)
    .where('state', 'in', ['editing', 'publishing'])
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Who asks, towards a published study. @throws Problem where there is none */
async function standing(c: HttpContext, services: Services, accession: string): Promise<Standing> {
  const { subject, caller } = signedIn(c);
  const study = await studyResource(services, subject, accession);
  const { id: userId, name } = caller.user;
  const found: Standing = {
    // A token of the owner that is limited to other studies is nobody here.
    isOwner: study.ownerId === userId && can(subject, 'study.new-version', study),
    isCurator: can(subject, 'study.set-state', study),
    isOperator: can(subject, 'system.maintain', { kind: 'service' }),
    userId,
    name,
  };
  const isThere = (await services.studies.getVersion(accession, 'newest')) !== undefined;
  if (!isThere) throw new Problem('not-found');
  return found;
}

/** May this change be confirmed by who looks at it? Nobody confirms their own. */
function mayConfirm({ isCurator, isOperator }: Standing, ask: StudyAsk): boolean {
  return !ask.isMine && (ask.change === 'purge' ? isOperator : isCurator);
}

function askRoutes(app: Application, services: () => Services): void {
  const shown = async (accession: string, who: Standing) => {
    const { db, states } = services();
    const asks = await openAsks(db, accession);
    const { state } = await states.of(accession);
    const purge = who.isOperator
      ? await db.selectFrom('study_purge').select('certificate').where('accession', '=', accession).executeTakeFirst()
      : undefined;
    const mayPurge = who.isOperator && state === 'withdrawn' && !purge;
    const mayAsk = [
      ...(who.isOwner && state !== 'withdrawn' ? (['withdraw'] as const) : []),
      ...(mayPurge ? (['purge'] as const) : []),
    ].filter((change) => !asks.some((one) => one.change === change));
    return {
      asks: asks.map((ask) => ({ ...ask, mayConfirm: mayConfirm(who, ask) })),
      mayAsk,
      mayLift: state === 'embargoed' && (who.isOwner || who.isCurator),
      mayChange: who.isCurator,
      ...(purge ? { purged: purge.certificate as Record<string, unknown> } : {}),
      openDrafts: mayPurge ? await openDraftsOf(db, accession) : [],
    };
  };
  const concerned = async (c: HttpContext, accession: string) => {
    const who = await standing(c, services(), accession);
    if (!who.isOwner && !who.isCurator)
      throw new Problem('not-allowed', 'This is for who deposited the study and for curators.');
    return who;
  };

  app.openapi(mounted(routes.listStudyAsks), async (c) => {
    const { accession } = c.req.valid('param');
    return c.json(await shown(accession, await concerned(c, accession)), 200, unstored);
  });
  app.openapi(mounted(routes.listOpenAsks), async (c) => {
    const { subject } = signedIn(c);
    if (!can(subject, 'review.list', { kind: 'service' })) throw new Problem('not-allowed', 'This is for curators.');
    return c.json({ asks: await openAsks(services().db) }, 200, unstored);
  });
  app.openapi(mounted(routes.askStudyChange), async (c) => {
    const { accession } = c.req.valid('param');
    const wanted = c.req.valid('json');
    const who = await concerned(c, accession);
    const isPurge = wanted.change === 'purge';
    if (isPurge ? !who.isOperator : !who.isOwner)
      throw new Problem(
        'not-allowed',
        isPurge ? 'An owner of the installation asks for this.' : 'Who deposited the study asks for this.',
      );
    if (!(await shown(accession, who)).mayAsk.includes(wanted.change))
      throw new Problem('state-conflict', 'This is asked for already, or not in the state the study is in.');
    const { notices } = services();
    const tell = await notices.withRole(isPurge ? ['owner'] : ['owner', 'curator']);
    await askForChange(services(), { ...wanted, accession, name: who.name }, tell);
    return c.json(await shown(accession, who), 201, unstored);
  });
  app.openapi(mounted(routes.decideStudyAsk), async (c) => {
    const { accession, id } = c.req.valid('param');
    const who = await concerned(c, accession);
    const { isConfirmed, answer } = c.req.valid('json');
    const ask = (await openAsks(services().db, accession)).find((one) => one.id === id);
    if (!ask) throw new Problem('not-found');
    // Who asked may take it back; confirming is for another.
    const mayClose = ask.isMine || mayConfirm(who, ask);
    if (!mayClose) throw new Problem('not-allowed', 'This is not for you to decide.');
    await decide(services(), ask, { isConfirmed, answer, name: who.name });
    return c.json(await shown(accession, who), 200, unstored);
  });
}

/** Closes an ask, and does what two people decided: a change of state with the same stroke, a purge after it, again where that cannot be done. */
async function decide(services: Services, ask: StudyAsk, decision: Decision): Promise<void> {
  const { db, notices, states } = services;
  const { accession, change, reason, replacedBy } = ask;
  const close = (tx: Database) => decideAsk(tx, notices, ask, decision);
  if (decision.isConfirmed && change !== 'purge') {
    const state = change === 'restrict' ? 'controlled' : 'withdrawn';
    return await states.change(accession, { state, reason, replacedBy }, close);
  }
  await db.transaction().execute(close);
  if (!decision.isConfirmed) return;
  try {
    await purgeStudy(services, ask);
  } catch (fault) {
    await reopenAsk(db, ask.id);
    throw fault;
  }
}
