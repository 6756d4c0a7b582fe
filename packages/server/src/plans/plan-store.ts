import { randomUUID } from 'node:crypto';
import type { Json } from '@micrarium/standards';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';

/** A data management plan as it is kept. */
export interface KeptPlan {
  id: string;
  ownerId: string;
  title: string;
  /** The maDMP as it was handed in. */
  document: Json;
  createdAt: string;
  studies: { accession: string; dataset?: number }[];
  reservation?: { bytes: number | null; releaseOn: string | null; note: string; by: string; at: string };
}

/** Plans shown at a time. */
const mostPlans = 500;

/** Keeps a plan with its first study. @returns its id */
export async function keepPlan(
  db: Database,
  plan: { ownerId: string; title: string; document: Json; accession: string; dataset?: number | undefined },
): Promise<string> {
  const id = randomUUID();
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('plan')
      .values({ id, owner_id: plan.ownerId, title: plan.title, document: JSON.stringify(plan.document) })
      .execute();
    await tx
      .insertInto('plan_study')
      .values({ plan_id: id, accession: plan.accession, dataset: plan.dataset ?? null })
      .execute();
    await noteEvent(tx, 'plan.add', id, { study: plan.accession });
  });
  return id;
}

/** Joins a study to a plan; joined again it is joined as told now. */
export async function joinStudy(db: Database, id: string, accession: string, dataset: number | undefined) {
  await db.transaction().execute(async (tx) => {
    const row = { plan_id: id, accession, dataset: dataset ?? null };
    await tx
      .insertInto('plan_study')
      .values(row)
      .onConflict((conflict) => conflict.columns(['plan_id', 'accession']).doUpdateSet({ dataset: row.dataset }))
      .execute();
    await noteEvent(tx, 'plan.join', id, { study: accession });
  });
}

/** Plans by owner or by study, newest first; all of them where neither is asked for. */
export async function findPlans(
  db: Database,
  by: { id?: string; ownerId?: string | undefined; accession?: string | undefined },
): Promise<KeptPlan[]> {
  let query = db
    .selectFrom('plan')
    .leftJoin('auth_user', 'auth_user.id', 'plan.reserved_by')
    .selectAll('plan')
    .select('auth_user.name as steward')
    .orderBy('plan.created_at', 'desc')
    .limit(mostPlans);
  const { id, ownerId, accession } = by;
  if (id !== undefined) query = query.where('plan.id', '=', id);
  if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId);
  if (accession !== undefined)
    query = query.where('plan.id', 'in', (inner) =>
      inner.selectFrom('plan_study').select('plan_id').where('accession', '=', accession),
    );
  const rows = await query.execute();
  if (rows.length === 0) return [];
  const joined = await db
    .selectFrom('plan_study')
    .selectAll()
    .where(
      'plan_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('accession')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    ownerId: row.owner_id,
    title: row.title,
    document: row.document as Json,
    createdAt: row.created_at.toISOString(),
    studies: joined
      .filter((one) => one.plan_id === row.id)
      .map((one) => ({ accession: one.accession, ...(one.dataset === null ? {} : { dataset: one.dataset }) })),
    ...(row.reserved_at === null
      ? {}
      : {
          reservation: {
            bytes: row.reserved_bytes,
            releaseOn: row.release_on,
            note: row.reservation_note,
            by: row.steward ?? '',
            at: row.reserved_at.toISOString(),
          },
        }),
  }));
}

/** Reserves storage and a day of release for a plan. Nothing reserved takes the reservation away. */
export async function reserve(
  db: Database,
  id: string,
  by: string,
  wanted: { bytes: number | null; releaseOn: string | null; note: string },
): Promise<void> {
  const isNone = wanted.bytes === null && wanted.releaseOn === null;
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('plan')
      .set({
        reserved_bytes: wanted.bytes,
        release_on: wanted.releaseOn,
        reservation_note: wanted.note,
        reserved_by: isNone ? null : by,
        reserved_at: isNone ? null : new Date(),
      })
      .where('id', '=', id)
      .execute();
    await noteEvent(tx, 'plan.reserve', id, { bytes: wanted.bytes ?? 0, until: wanted.releaseOn ?? '' });
  });
}

/** Removes a plan; its studies stay. */
export async function removePlan(db: Database, id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('plan').where('id', '=', id).execute();
    await noteEvent(tx, 'plan.remove', id);
  });
}
