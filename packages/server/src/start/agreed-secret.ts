import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { StartRefused } from './start-refused.ts';

/**
 * Processes that share a catalogue must sign sessions with the same secret, or people would be signed out by every other answer. The first
 * one notes the digest of its secret; whoever comes with another is told.
 * @throws StartRefused
 */
export async function agreeOnSecret(db: Database, secret: string): Promise<void> {
  // A secret of 256 random bits: its digest tells nothing of it.
  const digest = createHash('sha256').update(`micrarium session secret ${secret}`).digest('hex');
  await sql`insert into installation_fact (name, value) values ('session-secret', ${digest})
    on conflict (name) do nothing`.execute(db);
  const { rows } = await sql<{
    value: string;
  }>`select value from installation_fact where name = 'session-secret'`.execute(db);
  if (rows[0]?.value === digest) return;
  throw new StartRefused(
    'The other processes of this installation sign sessions with another secret. Name one file for all of them by MICRARIUM_SECRET_FILE ' +
      "(or copy the first one's session-secret into this data folder). To change it for good: delete from installation_fact.",
  );
}
