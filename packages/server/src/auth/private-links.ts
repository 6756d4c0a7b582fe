import { randomUUID } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import { actAs } from '../audit/acting.ts';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import type { Notices } from '../notices/notices.ts';
import { newSecret, secretHash } from './secrets.ts';

/** What the secret of a private link begins with: it tells it from a token in `Authorization`. */
export const privateLinkPrefix = 'micl_';

/** A private link, without its secret. */
export interface PrivateLink {
  id: string;
  accession: string;
  version: number;
  /** What its maker calls it. */
  label: string;
  /** Does it hide who made the study? */
  hidesNames: boolean;
  /** May files be taken away by it, or only looked at? */
  letsDownload: boolean;
  /** Is a passphrase asked for? */
  hasPassphrase: boolean;
  /** ISO 8601. */
  createdAt: string;
  expiresAt: string;
  revokedAt?: string;
  /** How often it was opened; by whom is not known. */
  opened: number;
}

function toLink(row: Selectable<Tables['private_link']>): PrivateLink {
  return {
    id: row.id,
    accession: row.accession,
    version: row.version,
    label: row.label,
    hidesNames: row.hides_names,
    letsDownload: row.lets_download,
    hasPassphrase: row.passphrase_hash !== null,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at.toISOString() }),
    opened: row.opened,
  };
}

/** Makes a link; its secret is given back once and stored as a hash. */
export async function makePrivateLink(
  db: Database,
  wanted: Pick<PrivateLink, 'accession' | 'version' | 'label' | 'hidesNames' | 'letsDownload'> & {
    madeBy: string;
    days: number;
    passphrase?: string | undefined;
  },
): Promise<{ link: PrivateLink; secret: string }> {
  const secret = newSecret(privateLinkPrefix);
  const { accession, version, label, hidesNames, letsDownload, passphrase, madeBy, days } = wanted;
  const link = await db.transaction().execute(async (tx) => {
    const row = await tx
      .insertInto('private_link')
      .values({
        id: randomUUID(),
        accession,
        version,
        secret_hash: secretHash(secret),
        label,
        hides_names: hidesNames,
        lets_download: letsDownload,
        passphrase_hash: passphrase === undefined ? null : secretHash(passphraseProof(secret, passphrase)),
        made_by: madeBy,
        // With the clock that the end is reckoned by: that of the database may differ, and one far ahead would make it count for years.
        created_at: new Date(),
        expires_at: new Date(Date.now() + days * 86_400_000),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await noteEvent(tx, 'private-link.make', accession, { link: row.id, version, hidesNames, days });
    return toLink(row);
  });
  return { link, secret };
}

/** Links of a study, newest first, those that count no more too. */
export async function listPrivateLinks(db: Database, accession: string): Promise<PrivateLink[]> {
  const rows = await db
    .selectFrom('private_link')
    .selectAll()
    .where('accession', '=', accession)
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map(toLink);
}

/** Revokes a link; `false` where there is none of this id that still counts. */
export async function revokePrivateLink(db: Database, accession: string, id: string): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const gone = await tx
      .updateTable('private_link')
      .set({ revoked_at: new Date() })
      .where('id', '=', id)
      .where('accession', '=', accession)
      .where('revoked_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (gone) await noteEvent(tx, 'private-link.revoke', accession, { link: id });
    return gone !== undefined;
  });
}

/**
 * What a passphrase is known by beside the secret of its link. Who has the proof has both; the database holds its hash, and not the secret,
 * so that nobody guesses the passphrase from it.
 */
export function passphraseProof(secret: string, passphrase: string): string {
  return secretHash(`${secret}\n${passphrase.normalize('NFC').trim()}`);
}

/** Does a proof open a link? Links without a passphrase need none. */
async function isProved(db: Database, id: string, proof: string | undefined): Promise<boolean> {
  const row = await db
    .selectFrom('private_link')
    .select('passphrase_hash')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return row.passphrase_hash === null || (proof !== undefined && secretHash(proof) === row.passphrase_hash);
}

/**
 * The link of a secret and the proof of its passphrase, while both count. Asked for with every request, so that a revoked link is closed at
 * once. `isLocked`: it counts, but for its passphrase.
 */
export async function privateLinkOf(
  db: Database,
  secret: string,
  proof?: string,
): Promise<{ link: PrivateLink; isLocked: boolean } | undefined> {
  const link = await linkOfSecret(db, secret);
  return link && { link, isLocked: link.hasPassphrase && !(await isProved(db, link.id, proof)) };
}

async function linkOfSecret(db: Database, secret: string): Promise<PrivateLink | undefined> {
  if (!secret.startsWith(privateLinkPrefix)) return undefined;
  const row = await db
    .selectFrom('private_link')
    .selectAll()
    .where('secret_hash', '=', secretHash(secret))
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    // One that was made by a clock years ahead would count for years.
    .where('created_at', '<', sql<Date>`now() + interval '1 day'`)
    .executeTakeFirst();
  return row && toLink(row);
}

/** Counts that a link was opened. Of whom opened it nothing is noted. */
export async function notePrivateLinkOpened(
  db: Database,
  { id, accession, label }: PrivateLink,
  notices: Notices,
): Promise<void> {
  await actAs({ actor: 'visitor', via: 'link' }, () =>
    db.transaction().execute(async (tx) => {
      const row = await tx
        .updateTable('private_link')
        .set({ opened: sql<number>`opened + 1` })
        .where('id', '=', id)
        .returning('made_by')
        .executeTakeFirst();
      const detail = { accession, label, quoted: label === '' ? '' : ` “${label}”` };
      const about = { link: `/private-links/${accession}`, detail, once: id };
      await notices.tell([row?.made_by ?? undefined], { kind: 'link-used', ...about }, tx);
      await noteEvent(tx, 'private-link.open', accession, { link: id });
    }),
  );
}
