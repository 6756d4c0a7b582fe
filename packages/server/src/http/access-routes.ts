import { routes } from '@micrarium/api';
import {
  type AccessDeclaration,
  can,
  type DraftRow,
  faultOfDeclaration,
  isWithoutConsent,
  narrowerLevel,
  needsTwoCurators,
  type Resource,
} from '@micrarium/repository';
import { monthsOfUse } from '@micrarium/standards';
import { agreedTerms } from '../access/access-requests.ts';
import { declarationOfDraft } from '../access/draft-declaration.ts';
import { levelOfAccess } from '../access/level-of-access.ts';
import { partLevelsOf } from '../access/open-parts-of.ts';
import { declareSafe } from '../states/curators-marks.ts';
import { permissionDocument } from '../access/permission-document.ts';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { filesGoAt, noteConsent } from '../states/without-consent.ts';
import { authoredStudy, titleOf } from '../questions/authors.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { demandOpen, draftFor } from './draft-access.ts';
import type { Kernel, Services } from './kernel.ts';
import { inPerson, limiter } from './people-routes.ts';
import { Problem } from './problems.ts';
import { mounted, originOf } from './route.ts';
import { versionFor } from './study-access.ts';

const unstored = { 'cache-control': 'private, no-store' };
const day = 86_400_000;
/** Days for which access is granted where no day is named, and at most. */
const grantDays = { usual: 365, most: 731 };

/** Must this draft be reviewed, and by two curators, because data of people are declared? */
export async function holdsPeople(db: Database, draftId: string): Promise<boolean> {
  const declaration = await declarationOfDraft(db, draftId);
  return declaration !== undefined && needsTwoCurators(declaration);
}

/** Notes that a curator, or somebody the draft is shared with, read a file of a draft that is declared to hold data of people. */
export async function noteReview(
  c: HttpContext,
  { db, access }: Services,
  draft: Pick<DraftRow, 'id' | 'accession' | 'ownerId'>,
  path: string,
): Promise<void> {
  const { subject } = c.var;
  if ((subject.kind !== 'user' && subject.kind !== 'token') || subject.userId === draft.ownerId) return;
  if (await holdsPeople(db, draft.id))
    await access.noteReading(draft.accession, subject.userId, path, undefined, 'access.review');
}

/** A study as `can` asks who decides on access to it, and who was granted it. */
async function controlledStudy(c: HttpContext, { db, access }: Services, accession: string): Promise<Resource> {
  const { subject } = c.var;
  const study = await authoredStudy(db, accession, subject);
  if (subject.kind === 'anonymous' || subject.kind === 'system') return study;
  const deciders = await access.deciders(accession);
  return {
    ...study,
    decides: deciders.includes(subject.userId),
    isGranted: await access.isGranted(accession, subject.userId),
  } as Resource;
}

/** Files that are given on request. */
export function accessRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  declarationRoutes(app, services);
  decidingRoutes(app, services);
  permissionRoute(app, kernel, services);
  const limitAsking = limiter(5);
  const limitTalk = limiter(30);

  const shown = async (c: HttpContext, accession: string) => {
    await versionFor(c, services(), accession, 'newest');
    const { access, states, db } = services();
    const { subject } = c.var;
    const [study, found] = await Promise.all([controlledStudy(c, services(), accession), states.of(accession)]);
    const { state, declaration } = found;
    const userId = subject.kind === 'user' || subject.kind === 'token' ? subject.userId : undefined;
    const decides = can(subject, 'study.decide-access', study);
    const isAuthor = can(subject, 'study.answer', study);
    const level = levelOfAccess(found);
    const partLevels = partLevelsOf(found);
    const isControlled = level === 'controlled' || partLevels.includes('controlled');
    const termsVersion = agreedTerms(declaration).version;
    const acceptedAt =
      (level === 'registered' || partLevels.includes('registered')) && userId !== undefined
        ? await services().acceptedTerms.acceptedAt(accession, userId, termsVersion)
        : undefined;
    const reads = (one: 'registered' | 'controlled') =>
      can(subject, one === 'controlled' ? 'study.read-controlled' : 'study.read-registered', {
        ...study,
        hasAccepted: acceptedAt !== undefined,
      } as Resource);
    const mayRead =
      level === undefined
        ? state === 'published' || can(subject, 'study.read-closed', study)
        : level !== 'closed' && reads(level);
    const inside = decides || isAuthor;
    return {
      accession,
      title: await titleOf(db, accession),
      state,
      ...(level === undefined ? {} : { level }),
      ...(declaration ? { declaration } : {}),
      ...(level === undefined ? {} : { termsVersion }),
      ...(acceptedAt === undefined ? {} : { acceptedAt: acceptedAt.toISOString() }),
      mayRead,
      decides,
      isAuthor,
      partLevels,
      readsParts: partLevels.filter((part) => reads(part)),
      safe: [...(found.safe ?? [])],
      mayDeclareSafe: state === 'controlled' && subject.kind === 'user' && can(subject, 'study.curate', study),
      mayOpen: isControlled && !mayRead && can(subject, 'study.curate', study),
      mine: userId === undefined ? [] : await access.list(accession, userId),
      ...(inside
        ? {
            requests: await access.list(accession),
            committee: await access.committee(accession),
            events: await access.events(accession),
          }
        : {}),
    };
  };
  const demandControlled = async (c: HttpContext, accession: string) => {
    await versionFor(c, services(), accession, 'newest');
    const found = await services().states.of(accession);
    if (levelOfAccess(found) !== 'controlled' && !partLevelsOf(found).includes('controlled'))
      throw new Problem('state-conflict', 'The files of this study are not given on request.');
  };

  app.openapi(mounted(routes.getAccess), async (c) =>
    c.json(await shown(c, c.req.valid('param').accession), 200, unstored),
  );

  app.openapi(mounted(routes.askAccess), async (c) => {
    const { accession } = c.req.valid('param');
    const id = inPerson(c);
    await demandControlled(c, accession);
    limitAsking(id);
    const { access, states } = services();
    const study = await controlledStudy(c, services(), accession);
    if (can(c.var.subject, 'study.read-controlled', study))
      throw new Problem('state-conflict', 'You may read the files already.');
    const { termsVersion, agrees: _agreed, ...wanted } = c.req.valid('json');
    const terms = agreedTerms((await states.of(accession)).declaration);
    // Nobody is taken to agree to what they were not shown.
    if (termsVersion !== undefined && termsVersion !== terms.version)
      throw new Problem('state-conflict', 'The terms of this study have changed. Read them again, and ask then.');
    await access.ask(accession, { id, name: signedIn(c).caller.user.name }, { ...wanted, terms });
    return c.json(await shown(c, accession), 201, unstored);
  });

  app.openapi(mounted(routes.acceptTerms), async (c) => {
    const { accession } = c.req.valid('param');
    const id = inPerson(c);
    await versionFor(c, services(), accession, 'newest');
    const { acceptedTerms, states } = services();
    const state = await states.of(accession);
    if (levelOfAccess(state) !== 'registered' && !partLevelsOf(state).includes('registered'))
      throw new Problem('state-conflict', 'The files of this study are not read by accepting terms.');
    const terms = agreedTerms(state.declaration);
    // Nobody is taken to agree to what they were not shown.
    if (c.req.valid('json').termsVersion !== terms.version)
      throw new Problem(
        'state-conflict',
        'The terms of this study have changed. Read them again, and accept them then.',
      );
    await acceptedTerms.accept(accession, id, terms);
    return c.json(await shown(c, accession), 200, unstored);
  });

  app.openapi(mounted(routes.declareSafe), async (c) => {
    const { accession } = c.req.valid('param');
    inPerson(c);
    await versionFor(c, services(), accession, 'newest');
    if (!can(c.var.subject, 'study.curate', await controlledStudy(c, services(), accession)))
      throw new Problem(
        'not-allowed',
        'This is for curators and the owner of the installation, signed in on the page.',
      );
    const { isSafe, reason, ...rendering } = c.req.valid('json');
    await declareSafe(services(), accession, { ...rendering, reason: isSafe ? reason : undefined });
    return c.json(await shown(c, accession), 200, unstored);
  });

  app.openapi(mounted(routes.sayOfAccess), async (c) => {
    const { accession, id } = c.req.valid('param');
    const userId = inPerson(c);
    await versionFor(c, services(), accession, 'newest');
    limitTalk(userId);
    const decides = can(c.var.subject, 'study.decide-access', await controlledStudy(c, services(), accession));
    const { text } = c.req.valid('json');
    if (!(await services().access.say(accession, id, text, { id: userId, decides }))) throw new Problem('not-found');
    return c.body(null, 204);
  });

  app.openapi(mounted(routes.withdrawAccess), async (c) => {
    const { accession, id } = c.req.valid('param');
    const userId = inPerson(c);
    await versionFor(c, services(), accession, 'newest');
    if (!(await services().access.withdraw(accession, id, userId))) throw new Problem('not-found');
    return c.body(null, 204);
  });

  app.openapi(mounted(routes.openInEmergency), async (c) => {
    const { accession } = c.req.valid('param');
    inPerson(c);
    const { caller, subject } = signedIn(c);
    const study = await controlledStudy(c, services(), accession);
    if (!can(subject, 'study.curate', study))
      throw new Problem(
        'not-allowed',
        'This is for curators and the owner of the installation, signed in on the page.',
      );
    await demandControlled(c, accession);
    if (can(subject, 'study.read-controlled', study))
      throw new Problem('state-conflict', 'You may read the files already.');
    const { id, name } = caller.user;
    await services().access.openInEmergency(accession, { id, name }, c.req.valid('json').reason);
    return c.body(null, 204);
  });
}

/** A grant as a document, for who holds it, who decides, and who answers for the study; to others it is not there. */
function permissionRoute(app: Application, kernel: Kernel, services: () => Services): void {
  app.openapi(mounted(routes.getPermission), async (c) => {
    const { accession, id } = c.req.valid('param');
    const { subject } = c.var;
    await versionFor(c, services(), accession, 'newest');
    if (subject.kind === 'anonymous' || subject.kind === 'system') throw new Problem('not-signed-in');
    const permission = await services().access.permission(accession, id);
    const study = await controlledStudy(c, services(), accession);
    const isInside = can(subject, 'study.decide-access', study) || can(subject, 'study.answer', study);
    if (!permission || (permission.userId !== subject.userId && !isInside)) throw new Problem('not-found');
    const title = await titleOf(services().db, accession);
    const origin = originOf(c, kernel.config.publicUrl);
    return c.json(permissionDocument(permission, { accession, title, origin }), 200, {
      ...unstored,
      'content-disposition': `attachment; filename="${accession}-permission.json"`,
    });
  });
}

/** What the depositor declares of a draft. */
function declarationRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.getDeclaration), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    const { db } = services();
    const [declaration = null, goAt] = await Promise.all([declarationOfDraft(db, draft.id), filesGoAt(db, draft.id)]);
    return c.json({ declaration, ...(goAt === undefined ? {} : { filesGoAt: goAt }) }, 200, unstored);
  });

  app.openapi(mounted(routes.setDeclaration), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.submit');
    await demandOpen(services(), draft.id);
    const declaration = c.req.valid('json');
    const fault = faultOfDeclaration(declaration);
    if (fault !== undefined) throw new Problem('state-conflict', fault);
    await demandNoWider(services(), draft.accession, declaration);
    if (declaration.access === 'controlled' && (await isPrivateRelease(services().db, draft.id)))
      throw new Problem(
        'state-conflict',
        'Nobody is to know of this study until a day: take that back first, metadata of such files are public at once.',
      );
    const isMissing = isWithoutConsent(declaration);
    const { clock } = services();
    const goAt = await services()
      .db.transaction()
      .execute(async (tx) => {
        const row = { draft_id: draft.id, declaration: JSON.stringify(declaration) };
        await tx
          .insertInto('draft_access')
          .values(row)
          .onConflict((conflict) => conflict.column('draft_id').doUpdateSet(row))
          .execute();
        const { access, human, identifiable, consent } = declaration;
        await noteConsent(tx, draft.id, isMissing, clock.now());
        await noteEvent(tx, 'draft.declare', draft.accession, { access, human, identifiable, consent });
        return await filesGoAt(tx, draft.id);
      });
    return c.json({ declaration, ...(goAt === undefined ? {} : { filesGoAt: goAt }) }, 200, unstored);
  });
}

/** Is nobody but those inside to know of the study before its day? */
async function isPrivateRelease(db: Database, draftId: string): Promise<boolean> {
  const row = await db
    .selectFrom('draft_release')
    .select('is_private')
    .where('draft_id', '=', draftId)
    .executeTakeFirst();
  return row?.is_private === true;
}

/** What is published of a study is opened to more people by curators, not by the next declaration: versions share files. @throws Problem */
async function demandNoWider({ states }: Services, accession: string, declaration: AccessDeclaration): Promise<void> {
  const now = levelOfAccess(await states.of(accession));
  // What nobody consented to is never published, however wide it is declared.
  if (now === undefined || declaration.access === 'open' || isWithoutConsent(declaration)) return;
  const wanted = declaration.level ?? 'controlled';
  if (narrowerLevel(now, wanted) !== wanted)
    throw new Problem(
      'state-conflict',
      'Published versions of this study are closed to more people: ask a curator to open them first.',
    );
}

/**
 * Until when access may be granted at most.
 * @param months that the terms of data use allow, where they say so
 */
function lastOfGrant(now: Date, months: number | undefined): { at: Date; words: string } {
  const at = new Date(now.getTime() + grantDays.most * day);
  const words = 'at most two years from now';
  if (months === undefined) return { at, words };
  const allowed = new Date(now);
  allowed.setUTCMonth(allowed.getUTCMonth() + months);
  // The whole of the last day counts.
  allowed.setUTCHours(23, 59, 59, 0);
  if (allowed >= at) return { at, words };
  return { at: allowed, words: `and within the ${months} months that the terms of this study allow` };
}

/** Who decides, and what they decide. */
function decidingRoutes(app: Application, services: () => Services): void {
  const limitNaming = limiter(30);

  app.openapi(mounted(routes.decideAccess), async (c) => {
    const { accession, id } = c.req.valid('param');
    const { subject, caller } = signedIn(c);
    await versionFor(c, services(), accession, 'newest');
    if (!can(subject, 'study.decide-access', await controlledStudy(c, services(), accession)))
      throw new Problem('not-allowed', 'This is for those who decide on access to this study, signed in on the page.');
    const { state, reason, until } = c.req.valid('json');
    const now = services().clock.now();
    const { declaration } = await services().states.of(accession);
    const last = lastOfGrant(now, monthsOfUse(declaration?.dataUse ?? []));
    const usual = Math.min(now.getTime() + grantDays.usual * day, last.at.getTime());
    const end = until === undefined ? new Date(usual) : new Date(`${until}T23:59:59Z`);
    if (state === 'granted' && (end <= now || end > last.at))
      throw new Problem('state-conflict', `Name a day from today on, ${last.words}.`);
    if (state !== 'granted' && reason === '') throw new Problem('state-conflict', 'Say why.');
    const by = caller.user.id;
    const decision = { state, reason, by, ...(state === 'granted' ? { until: end } : {}) };
    if (!(await services().access.decide(accession, id, decision))) throw new Problem('not-found');
    return c.body(null, 204);
  });

  const demandDepositor = async (c: HttpContext, accession: string) => {
    inPerson(c);
    await versionFor(c, services(), accession, 'newest');
    const { subject } = c.var;
    if (!can(subject, 'study.name-deciders', await authoredStudy(services().db, accession, subject)))
      throw new Problem('not-allowed', 'Who deposited the study names who decides.');
  };

  app.openapi(mounted(routes.nameDecider), async (c) => {
    const { accession } = c.req.valid('param');
    await demandDepositor(c, accession);
    limitNaming(accession);
    const { accounts, access } = services();
    const other = await accounts.byEmail(c.req.valid('json').email);
    if (!other) throw new Problem('not-found', 'Nobody here has this address. Ask the owner for an invitation.');
    await access.name(accession, other.id, true);
    return c.body(null, 204);
  });

  app.openapi(mounted(routes.removeDecider), async (c) => {
    const { accession, user } = c.req.valid('param');
    await demandDepositor(c, accession);
    await services().access.name(accession, user, false);
    return c.body(null, 204);
  });
}
