import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';

const instant = z.iso.datetime();
const question = z.object({
  id: z.string(),
  version: z.number().int(),
  text: z.string(),
  askerName: z.string(),
  askedBy: z.string().optional(),
  askedAt: instant,
  answer: z.string(),
  answeredBy: z.string().optional(),
  answeredAt: instant,
});
const reuse = z.object({
  id: z.string(),
  version: z.number().int(),
  kind: z.enum(['paper', 'study', 'analysis']),
  identifier: z.string(),
  title: z.string(),
  remark: z.string(),
  reportedBy: z.string().optional(),
  reportedAt: instant,
  decidedBy: z.string().optional(),
  decidedAt: instant.optional(),
  // Not in notes of before.
  use: z.enum(['primary', 'reuse']).default('reuse'),
  foundIn: z.string().default(''),
  foundOn: z.string().optional(),
});
/** What a file of citations said and the authors or a curator declined; why stays theirs. */
const declined = reuse.pick({ id: true, version: true, kind: true, identifier: true, title: true, use: true }).extend({
  foundIn: z.string(),
  foundOn: z.string().optional(),
  reportedAt: instant,
  decidedAt: instant,
});
const comment = z.object({ addition: z.string(), text: z.string(), by: z.string().optional(), at: instant });
const kept = z.object({
  questions: z.array(question),
  reuses: z.array(reuse),
  // Not in notes of before.
  declined: z.array(declined).default([]),
  comments: z.array(comment),
});

const iso = (at: Date) => at.toISOString();
const known = <Name extends string>(name: Name, value: string | null) =>
  (value === null ? {} : { [name]: value }) as Partial<Record<Name, string>>;

/**
 * What readers and authors say of a study in public: answered questions both let everybody read, confirmed uses, comments on additions;
 * and which found citations were declined, so that no later file brings them back.
 */
export async function readersNote(
  db: Kysely<Tables>,
  accession: string,
): Promise<{ note: object; at: string } | undefined> {
  const questions = await db
    .selectFrom('study_question')
    .selectAll()
    .where('accession', '=', accession)
    .where('answer', 'is not', null)
    .where('asker_agrees', '=', true)
    .where('author_agrees', '=', true)
    .orderBy('asked_at')
    .orderBy('id')
    .execute();
  const reuses = await db
    .selectFrom('study_reuse')
    .selectAll()
    .where('accession', '=', accession)
    .where(sql<boolean>`state = 'confirmed' or (state = 'declined' and found_in <> '')`)
    .orderBy('reported_at')
    .orderBy('id')
    .execute();
  const comments = await db
    .selectFrom('addition_comment')
    .selectAll()
    .where('accession', '=', accession)
    .orderBy('addition')
    .execute();
  if (questions.length + reuses.length + comments.length === 0) return undefined;
  const note: z.input<typeof kept> = {
    questions: questions.map((row) => ({
      id: row.id,
      version: row.version,
      text: row.text,
      askerName: row.asker_name,
      ...known('askedBy', row.asked_by),
      askedAt: iso(row.asked_at),
      answer: row.answer ?? '',
      ...known('answeredBy', row.answered_by),
      answeredAt: iso(row.answered_at ?? row.asked_at),
    })),
    reuses: reuses
      .filter(({ state }) => state === 'confirmed')
      .map((row) => ({
        id: row.id,
        version: row.version,
        kind: row.kind,
        identifier: row.identifier,
        title: row.title,
        remark: row.remark,
        ...known('reportedBy', row.reported_by),
        reportedAt: iso(row.reported_at),
        ...known('decidedBy', row.decided_by),
        ...(row.decided_at === null ? {} : { decidedAt: iso(row.decided_at) }),
        ...(row.found_in === '' ? {} : { use: row.use_kind, foundIn: row.found_in, ...known('foundOn', row.found_on) }),
      })),
    declined: reuses
      .filter(({ state }) => state === 'declined')
      .map((row) => ({
        id: row.id,
        version: row.version,
        kind: row.kind,
        identifier: row.identifier,
        title: row.title,
        use: row.use_kind,
        foundIn: row.found_in,
        ...known('foundOn', row.found_on),
        reportedAt: iso(row.reported_at),
        decidedAt: iso(row.decided_at ?? row.reported_at),
      })),
    comments: comments.map((row) => ({
      addition: row.addition,
      text: row.text,
      ...known('by', row.written_by),
      at: iso(row.at),
    })),
  };
  const moments = [
    ...questions.map((row) => row.answered_at ?? row.asked_at),
    ...reuses.map((row) => row.decided_at ?? row.reported_at),
    ...comments.map((row) => row.at),
  ];
  const at = new Date(Math.max(...moments.map((one) => one.getTime())));
  return { note: { schema: 1, accession, ...note }, at: iso(at) };
}

/** Accounts are not in the archive: who is not there is nobody. */
const account = (id: string | undefined) => sql<string | null>`(select id from auth_user where id = ${id ?? null})`;

/** Enters what the archive keeps of what readers say of a study. */
export async function enterReaders(db: Database, accession: string, value: unknown): Promise<void> {
  const read = kept.safeParse(value).data;
  if (!read) return;
  await db.transaction().execute(async (tx) => {
    for (const one of read.questions)
      await sql`insert into study_question (id, accession, version, text, asked_by, asker_name, state, asker_agrees,
          author_agrees, answer, answered_by, answered_at, asked_at)
        select ${one.id}, ${accession}, ${one.version}, ${one.text}, ${account(one.askedBy)}, ${one.askerName},
          'answered', true, true, ${one.answer}, ${one.answeredBy ?? null}, ${one.answeredAt}::timestamptz,
          ${one.askedAt}::timestamptz
        where exists (select 1 from study where accession = ${accession}) on conflict do nothing`.execute(tx);
    for (const one of read.reuses)
      await sql`insert into study_reuse (id, accession, version, kind, identifier, title, remark, state, reported_by,
          reported_at, decided_by, decided_at, use_kind, found_in, found_on)
        select ${one.id}, ${accession}, ${one.version}, ${one.kind}, ${one.identifier}, ${one.title}, ${one.remark},
          'confirmed', ${account(one.reportedBy)}, ${one.reportedAt}::timestamptz, ${one.decidedBy ?? null},
          ${one.decidedAt ?? null}::timestamptz, ${one.use}, ${one.foundIn}, ${one.foundOn ?? null}
        where exists (select 1 from study where accession = ${accession}) on conflict do nothing`.execute(tx);
    for (const one of read.declined)
      await sql`insert into study_reuse (id, accession, version, kind, identifier, title, remark, state, reported_at,
          decided_at, use_kind, found_in, found_on)
        select ${one.id}, ${accession}, ${one.version}, ${one.kind}, ${one.identifier}, ${one.title}, '', 'declined',
          ${one.reportedAt}::timestamptz, ${one.decidedAt}::timestamptz, ${one.use}, ${one.foundIn}, ${one.foundOn ?? null}
        where exists (select 1 from study where accession = ${accession}) on conflict do nothing`.execute(tx);
    for (const one of read.comments)
      await sql`insert into addition_comment (accession, addition, text, written_by, at)
        select ${accession}, ${one.addition}, ${one.text}, ${account(one.by)}, ${one.at}::timestamptz
        where exists (select 1 from study where accession = ${accession})
          and exists (select 1 from study where accession = ${one.addition}) on conflict do nothing`.execute(tx);
  });
}
