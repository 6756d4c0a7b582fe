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
}

interface Row {
  id: string;
  kind: KeptDescription['kind'];
  name: string;
  content: Record<string, FieldValue>;
  updated_at: Date;
}

const shape = ({ id, kind, name, content, updated_at }: Row): KeptDescription => ({
  id,
  kind,
  name,
  values: content,
  updatedAt: updated_at.toISOString(),
});

/** Descriptions kept by an account, at most 1,000. */
export async function listDescriptions(db: Database, ownerId: string): Promise<KeptDescription[]> {
  const { rows } = await sql<Row>`select id, kind, name, content, updated_at from kept_description
    where owner_id = ${ownerId} order by kind, name limit 1000`.execute(db);
  return rows.map(shape);
}

/** Keeps a description, in place of one of the same kind and name. */
export async function keepDescription(
  db: Database,
  ownerId: string,
  { kind, name, values }: Pick<KeptDescription, 'kind' | 'name' | 'values'>,
): Promise<KeptDescription> {
  return await db.transaction().execute(async (tx) => {
    await sql`delete from kept_description where owner_id = ${ownerId} and kind = ${kind} and name = ${name}`.execute(
      tx,
    );
    const { rows } = await sql<Row>`insert into kept_description (id, owner_id, kind, name, content)
      values (${randomUUID()}, ${ownerId}, ${kind}, ${name}, ${JSON.stringify(values)}::jsonb)
      returning id, kind, name, content, updated_at`.execute(tx);
    return shape(rows[0]!);
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
