import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Notices } from '../notices/notices.ts';
import { titleOf } from '../questions/authors.ts';
import { StateRefused } from './state-refused.ts';

/** A study that is offered to a new owner, who has not answered yet. */
export interface TransferOffer {
  id: string;
  /** Account of the new owner, and their name. */
  toUser: string;
  to: string;
  /** Name of who offers it; empty where that account is closed. */
  by: string;
  text: string;
  /** May the owner of before go on editing drafts, by sharing? */
  keepsEditing: boolean;
  /** ISO 8601. */
  offeredAt: string;
}

interface Ports {
  db: Database;
  notices: Notices;
}

/** The offer of a study that is open; `undefined` where none is. */
export async function openOffer(db: Database, accession: string): Promise<TransferOffer | undefined> {
  const { rows } = await sql<Omit<TransferOffer, 'offeredAt'> & { offeredAt: Date }>`
    select study_transfer.id, to_user as "toUser", recipient.name as "to", coalesce(giver.name, '') as "by", text,
      keeps_editing as "keepsEditing", offered_at as "offeredAt"
    from study_transfer join auth_user as recipient on recipient.id = to_user
    left join auth_user as giver on giver.id = offered_by and giver.disabled_at is null
    where accession = ${accession} and state = 'offered'`.execute(db);
  const [row] = rows;
  return row && { ...row, offeredAt: row.offeredAt.toISOString() };
}

/** Offers a study; the new owner is told. `false` where an offer is open already. */
export async function offerTransfer(
  { db, notices }: Ports,
  accession: string,
  offer: { toUser: string; text: string; keepsEditing: boolean },
  by: { id: string; name: string },
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const id = randomUUID();
    const { rows } = await sql<{ id: string }>`insert into study_transfer
        (id, accession, from_user, to_user, offered_by, text, keeps_editing, state)
      select ${id}, accession, owner_id, ${offer.toUser}, ${by.id}, ${offer.text}, ${offer.keepsEditing}, 'offered'
        from study where accession = ${accession}
      on conflict (accession) where state = 'offered' do nothing returning id`.execute(tx);
    if (rows.length === 0) return false;
    const detail = { accession, name: by.name, title: await titleOf(tx, accession) };
    const notice = { kind: 'transfer-offered' as const, link: `/transfer/${accession}`, detail };
    await notices.tell([offer.toUser], { ...notice, ...(offer.text === '' ? {} : { quote: offer.text }) }, tx);
    await noteEvent(tx, 'transfer.offer', accession, { transfer: id, to: offer.toUser });
    return true;
  });
}

/** Closes an offer without effect; where it is declined, who offered it is told. `false` where it is not open any more. */
export async function closeOffer(
  { db, notices }: Ports,
  accession: string,
  id: string,
  state: 'declined' | 'withdrawn',
  by: { name: string },
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ offered_by: string | null }>`update study_transfer
      set state = ${state}, decided_at = now()
      where id = ${id} and accession = ${accession} and state = 'offered' returning offered_by`.execute(tx);
    const [row] = rows;
    if (!row) return false;
    if (state === 'declined') {
      const detail = { accession, name: by.name, title: await titleOf(tx, accession) };
      const notice = { kind: 'transfer-declined' as const, link: `/transfer/${accession}`, detail };
      await notices.tell([row.offered_by ?? undefined], notice, tx);
    }
    await noteEvent(tx, `transfer.${state}`, accession, { transfer: id });
    return true;
  });
}

/**
 * Makes who was offered a study its owner: of what is published, of the open draft, and of what only its owner may decide. Who owned it,
 * who offered it and who decides on its files are told.
 * @returns `false` where the offer is not open any more
 * @throws StateRefused while a version is being published, and where the study has another owner than when it was offered
 */
export async function acceptTransfer(
  { db, notices }: Ports,
  accession: string,
  id: string,
  by: { id: string; name: string },
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const study = await tx
      .selectFrom('study')
      .select('owner_id')
      .where('accession', '=', accession)
      .forUpdate()
      .executeTakeFirst();
    const { rows } = await sql<{
      from_user: string | null;
      offered_by: string | null;
      keeps_editing: boolean;
    }>`update study_transfer set state = 'accepted', decided_at = now()
      where id = ${id} and accession = ${accession} and to_user = ${by.id} and state = 'offered'
      returning from_user, offered_by, keeps_editing`.execute(tx);
    const [offer] = rows;
    if (!study || !offer) return false;
    if (study.owner_id !== offer.from_user)
      throw new StateRefused('The study has another owner now than when it was offered.');
    const drafts = await tx
      .selectFrom('draft')
      .select(['id', 'state'])
      .where('accession', '=', accession)
      .where('state', 'in', ['editing', 'publishing'])
      .forUpdate()
      .execute();
    if (drafts.some(({ state }) => state === 'publishing'))
      throw new StateRefused('A version of the study is being published. Try again in a moment.');
    await tx.updateTable('study').set({ owner_id: by.id }).where('accession', '=', accession).execute();
    for (const draft of drafts)
      await tx.updateTable('draft').set({ owner_id: by.id }).where('id', '=', draft.id).execute();
    await tx.deleteFrom('study_share').where('accession', '=', accession).where('user_id', '=', by.id).execute();
    const before = offer.from_user;
    if (before !== null && offer.keeps_editing)
      await tx
        .insertInto('study_share')
        .values({ id: randomUUID(), accession, user_id: before, team_id: null, access: 'edit' })
        .onConflict((conflict) => conflict.columns(['accession', 'user_id']).doUpdateSet({ access: 'edit' }))
        .execute();
    const deciders = await tx
      .selectFrom('access_committee')
      .select('user_id')
      .where('accession', '=', accession)
      .execute();
    const to = [before, offer.offered_by, ...deciders.map(({ user_id }) => user_id)].filter((one) => one !== by.id);
    const detail = { accession, name: by.name, title: await titleOf(tx, accession) };
    await notices.tell(
      to.map((one) => one ?? undefined),
      { kind: 'transfer-accepted', link: `/transfer/${accession}`, detail },
      tx,
    );
    await noteEvent(tx, 'transfer.accept', accession, { transfer: id, to: by.id, ...(before ? { from: before } : {}) });
    return true;
  });
}
