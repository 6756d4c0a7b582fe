import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Access } from '@micrarium/repository';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { StateRefused } from '../states/state-refused.ts';

/** With whom a study is shared. */
export interface Share {
  id: string;
  access: Access;
  /** Name of the person or group. */
  name: string;
  kind: 'person' | 'group';
}

/** What somebody may do with the drafts of a study by sharing: directly, or by a group; `undefined` where it is not shared with them. */
export async function accessOf(db: Database, accession: string, userId: string): Promise<Access | undefined> {
  const { rows } = await sql<{ access: Access }>`select access from study_share
    where accession = ${accession} and (user_id = ${userId}
      or team_id in (select team_id from team_member where user_id = ${userId}))
    order by access = 'edit' desc limit 1`.execute(db);
  return rows[0]?.access;
}

/** With whom a study is shared, by name. */
export async function listShares(db: Database, accession: string): Promise<Share[]> {
  const rows = await db
    .selectFrom('study_share')
    .leftJoin('auth_user', 'auth_user.id', 'study_share.user_id')
    .leftJoin('team', 'team.id', 'study_share.team_id')
    .select(['study_share.id', 'access', 'auth_user.name as person', 'team.name as group'])
    .where('accession', '=', accession)
    .execute();
  return rows
    .map((row) => ({
      id: row.id,
      access: row.access,
      name: row.person ?? row.group ?? '',
      kind: row.person === null ? ('group' as const) : ('person' as const),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Shares a study with a person or a group; what was shared before takes the new access. */
export async function share(
  db: Database,
  accession: string,
  whom: { userId: string } | { teamId: string },
  access: Access,
): Promise<void> {
  const [userId, teamId] = 'userId' in whom ? [whom.userId, null] : [null, whom.teamId];
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('study_share')
      .values({ id: randomUUID(), accession, user_id: userId, team_id: teamId, access })
      .onConflict((conflict) =>
        conflict.columns(userId === null ? ['accession', 'team_id'] : ['accession', 'user_id']).doUpdateSet({ access }),
      )
      .execute();
    await noteEvent(tx, 'study.share', accession, { with: userId ?? teamId ?? '', access });
  });
}

/** Ends a share; `false` where there is none of this id. */
export async function unshare(db: Database, accession: string, id: string): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const gone = await tx
      .deleteFrom('study_share')
      .where('id', '=', id)
      .where('accession', '=', accession)
      .returning(['user_id', 'team_id'])
      .executeTakeFirst();
    if (gone) await noteEvent(tx, 'study.unshare', accession, { with: gone.user_id ?? gone.team_id ?? '' });
    return gone !== undefined;
  });
}

/** A group (a laboratory, a collaboration) with its members. */
export interface Team {
  id: string;
  name: string;
  members: { id: string; name: string; leads: boolean }[];
}

/** Groups somebody belongs to. */
export async function teamsOf(db: Database, userId: string): Promise<Team[]> {
  return await teamsWhere(db, sql<boolean>`team.id in (select team_id from team_member where user_id = ${userId})`);
}

/** A group with its members; `undefined` where there is none of this id. */
export async function teamOf(db: Database, id: string): Promise<Team | undefined> {
  return (await teamsWhere(db, sql<boolean>`team.id = ${id}`))[0];
}

async function teamsWhere(db: Database, condition: RawBuilder<boolean>): Promise<Team[]> {
  const rows = await db
    .selectFrom('team')
    .where(condition)
    .innerJoin('team_member', 'team_member.team_id', 'team.id')
    .innerJoin('auth_user', 'auth_user.id', 'team_member.user_id')
    .select(['team.id', 'team.name', 'auth_user.id as member', 'auth_user.name as memberName', 'team_member.leads'])
    .orderBy('team.name')
    .orderBy('auth_user.name')
    .execute();
  const teams = new Map<string, Team>();
  for (const row of rows) {
    const team = teams.get(row.id) ?? { id: row.id, name: row.name, members: [] };
    team.members.push({ id: row.member, name: row.memberName, leads: row.leads });
    teams.set(row.id, team);
  }
  return [...teams.values()];
}

/** Makes a group, led by who makes it. */
export async function makeTeam(db: Database, userId: string, name: string): Promise<string> {
  const id = randomUUID();
  await db.transaction().execute(async (tx) => {
    await tx.insertInto('team').values({ id, name }).execute();
    await tx.insertInto('team_member').values({ team_id: id, user_id: userId, leads: true }).execute();
    await noteEvent(tx, 'group.make', id);
  });
  return id;
}

/** Does somebody lead a group? */
export async function leads(db: Database, teamId: string, userId: string): Promise<boolean> {
  const row = await db
    .selectFrom('team_member')
    .select('leads')
    .where('team_id', '=', teamId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.leads === true;
}

/** Takes somebody into a group. */
export async function addMember(db: Database, teamId: string, userId: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('team_member')
      .values({ team_id: teamId, user_id: userId })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await noteEvent(tx, 'group.add', teamId, { member: userId });
  });
}

/** Is there a page of a community of this group? */
export async function hasCommunity(db: Database, teamId: string): Promise<boolean> {
  const { rows } = await sql`select 1 from community where team_id = ${teamId}`.execute(db);
  return rows.length > 0;
}

/** Waits until nobody else changes the members of a group, and says who leads it besides somebody, and who else is in it. */
async function othersIn(tx: Database, teamId: string, userId: string): Promise<{ leads: boolean }[]> {
  await tx.selectFrom('team').select('id').where('id', '=', teamId).forUpdate().execute();
  return await tx
    .selectFrom('team_member')
    .select('leads')
    .where('team_id', '=', teamId)
    .where('user_id', '<>', userId)
    .execute();
}

/**
 * Says whether a member leads the group. @returns `false` where they are no member @throws StateRefused where nobody would lead it
 */
export async function setLeader(db: Database, teamId: string, userId: string, isLeader: boolean): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const others = await othersIn(tx, teamId, userId);
    if (!isLeader && !others.some((one) => one.leads))
      throw new StateRefused('A group needs somebody who leads it. Name another one first.');
    const changed = await tx
      .updateTable('team_member')
      .set({ leads: isLeader })
      .where('team_id', '=', teamId)
      .where('user_id', '=', userId)
      .returning('user_id')
      .executeTakeFirst();
    if (changed) await noteEvent(tx, isLeader ? 'group.lead' : 'group.follow', teamId, { member: userId });
    return changed !== undefined;
  });
}

/** Takes somebody out of a group; a group without members is gone, but for that of a community. @throws StateRefused where the others would be without who leads them */
export async function removeMember(db: Database, teamId: string, userId: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const others = await othersIn(tx, teamId, userId);
    if (others.length > 0 && !others.some((one) => one.leads))
      throw new StateRefused('A group needs somebody who leads it. Name another one first.');
    await tx.deleteFrom('team_member').where('team_id', '=', teamId).where('user_id', '=', userId).execute();
    // That of a community stays for its page; curators of the installation find somebody who leads it.
    await sql`delete from team where id = ${teamId} and not exists (select 1 from team_member where team_id = ${teamId})
      and not exists (select 1 from community where team_id = ${teamId})`.execute(tx);
    await noteEvent(tx, 'group.remove', teamId, { member: userId });
  });
}
