import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { isLastOwner } from './people.ts';

/**
 * Erases a person: the account stays as an id nobody stands behind, so that studies and the audit log keep what they refer to, and
 * everything personal goes. Names in published studies stay: they are part of what was published and is cited.
 * @returns `false` where the installation would be left without an owner
 */
export async function eraseAccount(db: Database, userId: string): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    if (await isLastOwner(tx, userId)) return false;
    const person = await tx
      .selectFrom('auth_user')
      .select(['name', 'email'])
      .where('id', '=', userId)
      .executeTakeFirst();
    if (!person) return false;
    await tx
      .updateTable('auth_user')
      .set({
        name: '',
        email: `${userId.toLowerCase()}@erased.invalid`,
        emailVerified: false,
        image: null,
        role: 'member',
        disabled_at: new Date(),
        updatedAt: new Date(),
      })
      .where('id', '=', userId)
      .execute();
    for (const table of ['auth_session', 'auth_account', 'auth_passkey'] as const)
      await tx.deleteFrom(table).where('userId', '=', userId).execute();
    for (const table of [
      'api_token',
      'second_factor',
      'recovery_code',
      'team_member',
      'study_share',
      'notice',
      'notice_choice',
      'mail_digest',
      'review_filter',
      'webhook',
      'password_reset',
      'address_check',
    ] as const)
      await sql`delete from ${sql.table(table)} where user_id = ${userId}`.execute(tx);
    // A group that nobody leads any more could take nobody in. That behind a community is curators' to give to somebody: leading it is a right
    // over studies of others.
    await sql`delete from team where not exists (select 1 from team_member where team_id = team.id)
      and not exists (select 1 from community where team_id = team.id)`.execute(tx);
    await sql`update team_member set leads = true where not exists (select 1 from community where team_id = team_member.team_id)
      and not exists (select 1 from team_member as leader where leader.team_id = team_member.team_id and leader.leads)`.execute(
      tx,
    );
    // Curators look no longer at what its depositor takes away, and nothing of it can be taken back.
    await sql`delete from draft_review where draft_id in (select id from draft where owner_id = ${userId})`.execute(tx);
    await sql`update draft_trash set at = '-infinity' where draft_id in (select id from draft where owner_id = ${userId})`.execute(
      tx,
    );
    await sql`delete from answered_key where actor = ${userId}`.execute(tx);
    // What nobody answered goes; what was answered stays for its readers, without a name.
    await sql`delete from study_question where asked_by = ${userId} and state <> 'answered'`.execute(tx);
    await sql`update study_question set asked_by = null, asker_name = '', asker_agrees = asker_agrees and author_agrees
      where asked_by = ${userId}`.execute(tx);
    await sql`delete from study_transfer where state = 'offered' and (to_user = ${userId} or offered_by = ${userId})`.execute(
      tx,
    );
    await sql`update study_transfer set text = '' where offered_by = ${userId}`.execute(tx);
    await sql`insert into kept_note (kind, id) select 'collection', id from collection where owner_id = ${userId}
      on conflict (kind, id) do update set changes = kept_note.changes + 1`.execute(tx);
    await sql`update collection set owner_id = null where owner_id = ${userId}`.execute(tx);
    await sql`delete from kept_description where owner_id = ${userId}`.execute(tx);
    await tx.deleteFrom('plan').where('owner_id', '=', userId).execute();
    await endAccess(tx, userId);
    await tx.deleteFrom('mail_outbox').where('recipient', '=', person.email).execute();
    await tx.deleteFrom('invitation').where('email', '=', person.email).execute();
    await tx
      .updateTable('private_link')
      .set({ revoked_at: new Date() })
      .where('made_by', '=', userId)
      .where('revoked_at', 'is', null)
      .execute();
    // Where the name was written down for others to read: the history of drafts, and what they were told.
    await sql`update field_change set changed_by = '' where changed_by = ${person.name}`.execute(tx);
    await sql`update notice set detail = jsonb_set(detail, '{name}', '""') where detail->>'name' = ${person.name}`.execute(
      tx,
    );
    await noteEvent(tx, 'account.erase', userId);
    return true;
  });
}

/** What waits for a decision goes; what was granted ends, and stays with purpose and institution, for it opened files of others. */
async function endAccess(tx: Database, userId: string): Promise<void> {
  await tx
    .deleteFrom('access_request')
    .where('user_id', '=', userId)
    .where('state', 'in', ['asked', 'refused'])
    .execute();
  const open = await tx
    .selectFrom('access_request')
    .select(['id', 'accession'])
    .where('user_id', '=', userId)
    .where('state', '=', 'granted')
    .execute();
  await tx
    .updateTable('access_request')
    .set({ state: 'ended', until: null, team: '[]' })
    .where('user_id', '=', userId)
    .execute();
  for (const { id, accession } of open) await noteEvent(tx, 'access.ended', accession, { request: id, to: userId });
}
