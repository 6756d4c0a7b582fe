import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** How many files, bytes, verified files and received bytes rows of `draft_file` are, times `sign`. */
const counted = (sign: 1 | -1, rows: string) => `select draft_id, ${sign} as files, ${sign} * size as bytes,
  ${sign} * (state = 'verified')::integer as verified, ${sign} * received as received from ${rows}`;
const summed = (rows: string) => `insert into draft_file_count (draft_id, files, bytes, verified, received)
  select draft_id, sum(files), sum(bytes), sum(verified), sum(received) from (${rows}) as change group by draft_id
  having sum(files) <> 0 or sum(bytes) <> 0 or sum(verified) <> 0 or sum(received) <> 0`;

const counting = (operation: 'insert' | 'update' | 'delete', tables: string, rows: string) => [
  `create function draft_file_counted_${operation}() returns trigger language plpgsql as $$
    begin ${summed(rows)}; return null; end $$`,
  `create trigger draft_file_counted_${operation} after ${operation} on draft_file referencing ${tables}
    for each statement execute function draft_file_counted_${operation}()`,
];

const statements = [
  // No key and no reference: two who change files of one draft must never wait for each other, and what is left of a draft that is deleted is nothing.
  `create table draft_file_count (
    draft_id text collate "C" not null,
    files bigint not null,
    bytes bigint not null,
    verified bigint not null,
    received bigint not null
  )`,
  `create index draft_file_count_draft on draft_file_count (draft_id)`,
  ...counting('insert', 'new table as came', counted(1, 'came')),
  ...counting('delete', 'old table as went', counted(-1, 'went')),
  ...counting(
    'update',
    'old table as went new table as came',
    `${counted(1, 'came')} union all ${counted(-1, 'went')}`,
  ),
  `create index draft_item_place on draft_item (draft_id, position, item_id)`,
  // Nobody writes files between the triggers above and the end of this transaction.
  summed(counted(1, 'draft_file')),
];

/**
 * Items by their place, for asking for them page by page, and counts of files.
 *
 * How many files and bytes a draft has, without looking at each: every statement that changes files adds a line with the difference, in its own
 * transaction, so that the sum of the lines is right whoever writes at the same time and whenever it is killed. Readers add them up, and put many
 * into one. Written by the database, so that processes of the version before count too.
 */
export const fileCountsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
