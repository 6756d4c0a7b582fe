import { routes } from '@micrarium/api';
import type { FieldOrigin, FieldValue, StudyMetadata } from '@micrarium/model';
import { can, createDraft, type DraftRow, isEmbargoDay, saveDraft } from '@micrarium/repository';
import {
  comparePlan,
  declarationOfPlan,
  importMetadata,
  isMaDmp,
  isRecord,
  type Json,
  plannedDatasets,
  planHeading,
  recordsOf,
  updatedPlan,
} from '@micrarium/standards';
import { depositedStudies, type PlanStudy } from '../plans/deposited-studies.ts';
import { standingOf, tellOfReservation } from '../plans/plan-reminders.ts';
import { findPlans, joinStudy, keepPlan, type KeptPlan, removePlan, reserve } from '../plans/plan-store.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { demandService } from './draft-access.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted, originOf } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** Data management plans: started from, compared with what was deposited, reserved for, given back. */
export function planRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const origin = (c: HttpContext) => originOf(c, kernel.config.publicUrl);

  app.openapi(mounted(routes.listPlans), async (c) => {
    const userId = demandService(c, 'draft.list');
    const { accession } = c.req.valid('query');
    const by = { accession, ...(isSteward(c) ? {} : { ownerId: userId }) };
    const plans = await findPlans(services().db, by);
    const shown = await Promise.all(
      plans.map(async (plan) => (await planShape(c, services(), plan, origin(c))).summary),
    );
    return c.json({ plans: shown }, 200, unstored);
  });

  app.openapi(mounted(routes.addPlan), async (c) => {
    const ownerId = demandService(c, 'draft.create');
    const { document, dataset } = c.req.valid('json');
    const plan = document as Json;
    if (!isMaDmp(plan))
      throw new Problem('incomplete', 'This is no machine-actionable plan: it has no “dmp” object (RDA maDMP JSON).');
    const { draft, fields } = await draftFromPlan(services(), ownerId, plan, dataset);
    const title = planHeading(plan).title || draft.accession;
    const kept = { ownerId, title, document: plan, accession: draft.accession, dataset };
    const id = await keepPlan(services().db, kept);
    const shape = await shapeOf(c, services(), id, origin(c));
    return c.json({ plan: shape, draft: draft.id, accession: draft.accession, fields }, 201, unstored);
  });

  app.openapi(mounted(routes.getPlan), async (c) => {
    return c.json(await shapeOf(c, services(), c.req.valid('param').plan, origin(c)), 200, unstored);
  });

  app.openapi(mounted(routes.getPlanDocument), async (c) => {
    const plan = await planFor(c, services(), c.req.valid('param').plan);
    const studies = await depositedStudies(services(), plan, origin(c));
    const host = { title: 'Micrarium', url: origin(c) };
    const now = services().clock.now().toISOString();
    const document = updatedPlan(plan.document, studies, { now, host }) as Record<string, unknown>;
    return c.json(document, 200, { ...unstored, 'content-disposition': 'attachment; filename="madmp.json"' });
  });

  app.openapi(mounted(routes.addPlanStudy), async (c) => {
    const userId = demandService(c, 'draft.create');
    const plan = await planFor(c, services(), c.req.valid('param').plan);
    if (plan.ownerId !== userId) throw new Problem('not-allowed', 'Only who added this plan may add studies to it.');
    const { accession, dataset } = c.req.valid('json');
    if (accession !== undefined) {
      const owner = await services().studies.ownerOf(accession);
      if (owner !== userId) throw new Problem('not-found', 'You have no study of this accession.');
      await joinStudy(services().db, plan.id, accession, dataset);
      return c.json({ plan: await shapeOf(c, services(), plan.id, origin(c)) }, 201, unstored);
    }
    const expected = plan.reservation?.releaseOn ?? undefined;
    const { draft } = await draftFromPlan(services(), userId, plan.document, dataset, expected);
    await joinStudy(services().db, plan.id, draft.accession, dataset);
    return c.json({ plan: await shapeOf(c, services(), plan.id, origin(c)), draft: draft.id }, 201, unstored);
  });

  app.openapi(mounted(routes.reservePlan), async (c) => {
    const { caller } = signedIn(c);
    const plan = await planFor(c, services(), c.req.valid('param').plan);
    if (!isSteward(c)) throw new Problem('not-allowed', 'Storage is reserved by curators and the owner.');
    const { bytes, releaseOn, note = '' } = c.req.valid('json');
    if (releaseOn !== null && Number.isNaN(Date.parse(releaseOn)))
      throw new Problem('request-invalid', 'There is no such day.');
    await reserve(services().db, plan.id, caller.user.id, { bytes, releaseOn, note });
    const [reserved] = await findPlans(services().db, { id: plan.id });
    if (reserved) await tellOfReservation(services(), reserved, caller.user);
    return c.json(await shapeOf(c, services(), plan.id, origin(c)), 200, unstored);
  });

  app.openapi(mounted(routes.removePlan), async (c) => {
    const userId = demandService(c, 'draft.create');
    const plan = await planFor(c, services(), c.req.valid('param').plan);
    if (plan.ownerId !== userId) throw new Problem('not-allowed', 'Only who added this plan may remove it.');
    await removePlan(services().db, plan.id);
    return c.body(null, 204);
  });
}

/** Those who look after an installation, in person. */
const isSteward = (c: HttpContext) => can(c.var.subject, 'review.list', { kind: 'service' });

/** The plan of a request, if its sender may see it: its owner and stewards. @throws Problem */
async function planFor(c: HttpContext, { db }: Services, id: string): Promise<KeptPlan> {
  const userId = demandService(c, 'draft.list');
  const [plan] = await findPlans(db, { id });
  if (!plan || (plan.ownerId !== userId && !isSteward(c))) throw new Problem('not-found');
  return plan;
}

async function shapeOf(c: HttpContext, services: Services, id: string, origin: string) {
  return (await planShape(c, services, await planFor(c, services, id), origin)).full;
}

/** A plan as the interface gives it, short and with all rows. */
async function planShape(c: HttpContext, services: Services, plan: KeptPlan, origin: string) {
  const studies = await depositedStudies(services, plan, origin);
  const now = services.clock.now();
  const today = now.toISOString().slice(0, 10);
  const userId = c.var.caller?.user.id;
  const isMine = plan.ownerId === userId;
  const planned = plannedDatasets(plan.document);
  const sizes = planned.flatMap(({ bytes }) => bytes ?? []);
  const { reservation } = plan;
  const rows = comparePlan(plan.document, studies, today);
  const summary = {
    id: plan.id,
    title: plan.title,
    isMine,
    owner: (await services.people.nameOf(plan.ownerId)) ?? '',
    createdAt: plan.createdAt,
    datasetCount: planned.length,
    ...(sizes.length === 0 ? {} : { plannedBytes: sizes.reduce((sum, size) => sum + size, 0) }),
    studies: studies.map((study) => studyShape(study, isMine, plan.document)),
    ...(reservation ? { reservation } : {}),
    ...standingOf(plan, studies, today),
    differing: rows.filter(({ differences }) => differences.length > 0).length,
  };
  const full = { ...summary, rows, canReserve: isSteward(c) };
  if (!isMine)
    for (const row of full.rows)
      if (row.deposited && row.deposited.version === undefined) row.deposited.title = row.deposited.accession;
  return { summary, full };
}

function studyShape({ accession, title, dataset, version, draft, bytes }: PlanStudy, isMine: boolean, document: Json) {
  const declaration = isMine && draft !== undefined ? declarationOfPlan(document, dataset) : [];
  return {
    accession,
    // What others have not published is not told by its plan.
    title: isMine || version !== undefined ? title : accession,
    ...(dataset === undefined ? {} : { dataset }),
    ...(version === undefined ? {} : { version }),
    ...(isMine && draft !== undefined ? { draft } : {}),
    ...(declaration.length > 0 ? { declaration } : {}),
    bytes,
  };
}

/** Fields that a plan must not fill: a DOI it names is of data that lie elsewhere, and the day of release is ours to give. */
const notFromPlans = new Set(['doi', 'version', 'updateDate', 'projectUrl']);

/**
 * Opens a draft with what the plan says, of all its data sets or of one, closed until the day it names.
 * @param expected day of release that was reserved, for a plan that names none
 */
async function draftFromPlan(
  services: Services,
  ownerId: string,
  document: Json,
  dataset: number | undefined,
  expected?: string,
): Promise<{ draft: DraftRow; fields: string[] }> {
  const only = dataset === undefined ? document : ofOneDataset(document, dataset);
  const read = importMetadata(new Map([['madmp.json', JSON.stringify(only)]]));
  if (!('values' in read)) throw new Problem('incomplete', read.issues[0]?.message ?? 'The plan cannot be read.');
  const now = services.clock.now();
  const today = now.toISOString().slice(0, 10);
  const values: Record<string, FieldValue> = {};
  const origins: Record<string, FieldOrigin> = {};
  for (const [key, value] of Object.entries(read.values)) {
    if (notFromPlans.has(key) || (key === 'releaseDate' && typeof value === 'string' && value <= today)) continue;
    values[key] = value;
    origins[key] = { kind: 'file', file: 'madmp.json', place: 'maDMP' };
  }
  if (values['releaseDate'] === undefined && expected !== undefined && expected > today) {
    values['releaseDate'] = expected;
    origins['releaseDate'] = { kind: 'file', file: 'madmp.json', place: 'reservation' };
  }
  const draft = await createDraft(services, ownerId);
  const metadata: StudyMetadata = { values, origins };
  const saved = await saveDraft(services, draft.id, draft.revision, { metadata });
  const until = plannedDatasets(only)
    .flatMap(({ date }) => date ?? [])
    .sort()[0];
  if (until !== undefined && until > today && isEmbargoDay(until, now))
    await services.db.insertInto('draft_release').values({ draft_id: draft.id, embargo_until: until }).execute();
  return { draft: saved, fields: Object.keys(values) };
}

/** The plan as if it had only one of its data sets, called as that is. @throws Problem */
function ofOneDataset(document: Json, dataset: number): Json {
  const root = isRecord(document) && isRecord(document.dmp) ? document.dmp : {};
  const one = recordsOf(root.dataset)[dataset];
  if (!one) throw new Problem('incomplete', `The plan has no data set ${dataset + 1}.`);
  return { dmp: { ...root, ...(one.title ? { title: one.title } : {}), dataset: [one] } };
}
