import { randomUUID } from 'node:crypto';
import type { FieldOrigin, FieldValue, StudyMetadata } from '@micrarium/model';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/** Values that somebody keeps for further studies. */
export interface KeptDescription {
  id: string;
  kind: 'microscope' | 'protocol' | 'sample' | 'study';
  name: string;
  values: Record<string, FieldValue>;
  updatedAt: string;
  isMine: boolean;
  /** Name of who keeps it. */
  by: string;
  /** The group whose members may use it. */
  group?: { id: string; name: string };
}

interface Row {
  id: string;
  kind: KeptDescription['kind'];
  name: string;
  content: Record<string, FieldValue>;
  updated_at: Date;
  owner_id: string;
  owner: string | null;
  team_id: string | null;
  team: string | null;
}

const shape = (row: Row, readerId: string): KeptDescription => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  values: row.content,
  updatedAt: row.updated_at.toISOString(),
  isMine: row.owner_id === readerId,
  by: row.owner ?? '',
  ...(row.team_id === null ? {} : { group: { id: row.team_id, name: row.team ?? '' } }),
});

const ofReader = (readerId: string) => sql`select d.id, d.kind, d.name, d.content, d.updated_at, d.owner_id,
    u.name as owner, d.team_id, t.name as team
  from kept_description d left join auth_user u on u.id = d.owner_id left join team t on t.id = d.team_id
  where (d.owner_id = ${readerId} or d.team_id in (select team_id from team_member where user_id = ${readerId}))`;

/** Descriptions that an account keeps, and those kept for the groups it is in, at most 1,000. */
export async function listDescriptions(db: Database, readerId: string): Promise<KeptDescription[]> {
  const { rows } = await sql<Row>`${ofReader(readerId)} order by d.kind, d.name, d.id limit 1000`.execute(db);
  return rows.map((row) => shape(row, readerId));
}

/**
 * Keeps a description, in place of one of the same kind and name.
 * @returns nothing where the owner is not in the group
 */
export async function keepDescription(
  db: Database,
  ownerId: string,
  { kind, name, values }: Pick<KeptDescription, 'kind' | 'name' | 'values'>,
  group?: string,
): Promise<KeptDescription | undefined> {
  return await db.transaction().execute(async (tx) => {
    if (group !== undefined) {
      const member = await sql`select 1 from team_member where team_id = ${group} and user_id = ${ownerId}`.execute(tx);
      if (member.rows.length === 0) return undefined;
    }
    await sql`delete from kept_description where owner_id = ${ownerId} and kind = ${kind} and name = ${name}`.execute(
      tx,
    );
    const id = randomUUID();
    await sql`insert into kept_description (id, owner_id, kind, name, content, team_id)
      values (${id}, ${ownerId}, ${kind}, ${name}, ${JSON.stringify(values)}::jsonb, ${group ?? null})`.execute(tx);
    const { rows } = await sql<Row>`${ofReader(ownerId)} and d.id = ${id}`.execute(tx);
    return shape(rows[0]!, ownerId);
  });
}

/** Removes a description of an account. @returns whether there was one */
export async function dropDescription(db: Database, ownerId: string, id: string): Promise<boolean> {
  const { rows } =
    await sql`delete from kept_description where owner_id = ${ownerId} and id = ${id} returning id`.execute(db);
  return rows.length > 0;
}

/** One change of a field. */
export interface FieldChange {
  id: number;
  key: string;
  value?: FieldValue;
  origin?: FieldOrigin;
  by: string;
  at: string;
}

/** Changes of one draft that are listed. */
const mostChanges = 500;

/** Notes which fields two states of a draft's metadata differ in. */
export async function noteFieldChanges(
  db: Database,
  draft: string,
  by: string,
  before: StudyMetadata,
  after: StudyMetadata,
): Promise<void> {
  const keys = new Set([...Object.keys(before.values), ...Object.keys(after.values)]);
  const changed = [...keys].filter((key) => JSON.stringify(before.values[key]) !== JSON.stringify(after.values[key]));
  if (changed.length === 0) return;
  const rows = changed.map((key) => ({ key, value: after.values[key] ?? null, origin: after.origins[key] ?? null }));
  await sql`insert into field_change (draft_id, key, value, origin, changed_by)
    select ${draft}, c.key, nullif(c.value, 'null'::jsonb), nullif(c.origin, 'null'::jsonb), ${by}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c(key text, value jsonb, origin jsonb)`.execute(db);
}

/** Changes of a draft's fields, newest first. */
export async function listFieldChanges(db: Database, draft: string, key?: string): Promise<FieldChange[]> {
  const { rows } = await sql<{
    id: number;
    key: string;
    value: FieldValue | null;
    origin: FieldOrigin | null;
    changed_by: string;
    changed_at: Date;
  }>`select id, key, value, origin, changed_by, changed_at from field_change
    where draft_id = ${draft} and ${key === undefined ? sql`true` : sql`key = ${key}`}
    order by id desc limit ${mostChanges}`.execute(db);
  return rows.map(({ id, key: of, value, origin, changed_by, changed_at }) => ({
    id,
    key: of,
    ...(value === null ? {} : { value }),
    ...(origin === null ? {} : { origin }),
    by: changed_by,
    at: changed_at.toISOString(),
  }));
}
