import type { Role } from '@micrarium/repository';
import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';

/**
 * How long a session counts, and how long unused. Those of curators and owners end sooner (ASVS 3.3.2); those of others after the week and
 * the half day of section 18.2 of repository-practice. One who curates for a community only is a member here.
 */
const lifetimes: Readonly<Record<'member' | 'privileged', { hours: number; idleMinutes: number }>> = {
  member: { hours: 7 * 24, idleMinutes: 12 * 60 },
  privileged: { hours: 12, idleMinutes: 30 },
};
/** A session begun later than this from now was begun by a clock that was wrong, and would count for as long as it was ahead. */
const mostAhead = 86_400_000;
/** Minutes after which it is noted again that a session is used. */
const notedEvery = 1;

/** What was asked of a session, as the library gives it. */
export interface StoredSession {
  id: string;
  createdAt: Date;
  updatedAt: Date;
}

/** Does the session still count? One that does not is ended; of one that does is noted that it is used. */
export async function goesOn(db: Database, session: StoredSession, role: Role): Promise<boolean> {
  const now = Date.now();
  const [begun, used] = [new Date(session.createdAt).getTime(), new Date(session.updatedAt).getTime()];
  const { hours, idleMinutes } = lifetimes[role === 'member' ? 'member' : 'privileged'];
  const isOver = now - begun > hours * 3_600_000 || now - used > idleMinutes * 60_000;
  if (isOver || Math.max(begun, used) - now > mostAhead) {
    await db.deleteFrom('auth_session').where('id', '=', session.id).execute();
    return false;
  }
  if (now - used > notedEvery * 60_000)
    // By the clock that judges it.
    await sql`update auth_session set "updatedAt" = ${new Date(now)} where id = ${session.id}`.execute(db);
  return true;
}

/** What a session was begun with besides a password: a code, a passkey, or what a provider asked for. */
export type SessionFactor = 'code' | 'passkey' | 'provider';

/** Notes what a session has shown besides a password. */
export async function noteFactor(db: Database, sessionId: string, factor: SessionFactor): Promise<void> {
  await db.updateTable('auth_session').set({ factor }).where('id', '=', sessionId).execute();
}

/** Of a factor that is taken away no session has shown anything. */
export async function forgetFactor(db: Database, userId: string, factor: SessionFactor): Promise<void> {
  await db
    .updateTable('auth_session')
    .set({ factor: null })
    .where('userId', '=', userId)
    .where('factor', '=', factor)
    .execute();
}

/** A device that is signed in. */
export interface DeviceSession {
  id: string;
  /** What the browser calls itself; empty where it said nothing. */
  device: string;
  /** ISO 8601. */
  createdAt: string;
  usedAt: string;
  /** Is it the one that asks? */
  isThis: boolean;
}

/** Sessions of an account that still count, the one used last first. */
export async function sessionsOf(
  db: Database,
  user: { id: string; role: Role },
  current: string | undefined,
): Promise<DeviceSession[]> {
  const { hours, idleMinutes } = lifetimes[user.role === 'member' ? 'member' : 'privileged'];
  const now = Date.now();
  const { rows } = await sql<{
    id: string;
    userAgent: string | null;
    createdAt: Date;
    updatedAt: Date;
  }>`select id, "userAgent", "createdAt", "updatedAt" from auth_session where "userId" = ${user.id}
    and "expiresAt" > ${new Date(now)} and "createdAt" > ${new Date(now - hours * 3_600_000)}
    and "updatedAt" > ${new Date(now - idleMinutes * 60_000)}
    and greatest("createdAt", "updatedAt") < ${new Date(now + mostAhead)} order by "updatedAt" desc limit 1000`.execute(
    db,
  );
  return rows.map(({ id, userAgent, createdAt, updatedAt }) => ({
    id,
    device: userAgent ?? '',
    createdAt: createdAt.toISOString(),
    usedAt: updatedAt.toISOString(),
    isThis: id === current,
  }));
}

/** Ends a session of an account; `false` where it has none of this id. */
export async function endSession(db: Database, userId: string, id: string): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const gone = await tx
      .deleteFrom('auth_session')
      .where('id', '=', id)
      .where('userId', '=', userId)
      .returning('id')
      .executeTakeFirst();
    if (gone) await noteEvent(tx, 'session.end', userId);
    return gone !== undefined;
  });
}

/** Ends all sessions of an account but one. */
export async function endOtherSessions(db: Database, userId: string, kept: string | undefined): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('auth_session')
      .where('userId', '=', userId)
      .where('id', '<>', kept ?? '')
      .execute();
    await noteEvent(tx, 'session.end-others', userId);
  });
}
