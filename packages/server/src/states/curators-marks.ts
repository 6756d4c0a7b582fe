import { renderingKinds, type RenderingKind, type SafeRendering } from '@micrarium/repository';
import { whoActs } from '../audit/acting.ts';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { StateRefused } from './state-refused.ts';
import { type HiddenBadge, notedState, type StateOfStudy, type StudyStates } from './study-states.ts';

interface Ports {
  db: Database;
  states: StudyStates;
}

/**
 * Hides the mark of the database tier of a study, or shows it again. The tier stays what it is: nothing is taken back to the archive tier.
 * @param reason why; `undefined` to show it again
 * @throws StateRefused where the study is not of the database tier, or no reason is given
 */
export async function hideBadge(ports: Ports, accession: string, reason: string | undefined): Promise<void> {
  if (reason?.trim() === '') throw new StateRefused('Say why.');
  await noteWithState(ports, accession, async (tx, now) => {
    const newest = await tx
      .selectFrom('study_version')
      .select('document')
      .where('accession', '=', accession)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (reason !== undefined && newest?.document.tier !== 'database')
      throw new StateRefused('This study is not of the database tier: it has no mark that could be hidden.');
    const hidden: HiddenBadge | null =
      reason === undefined ? null : { reason: reason.trim(), at: new Date().toISOString() };
    await noteEvent(
      tx,
      hidden ? 'study.hide-badge' : 'study.show-badge',
      accession,
      hidden ? { reason: hidden.reason } : {},
    );
    return { hiddenBadge: hidden, safe: now?.safe ?? [] };
  });
}

/**
 * Declares a rendering of an item safe for everybody although its source is not open, or takes that back. It holds until the study is closed
 * anew.
 * @param reason why it is safe; `undefined` to take it back
 * @throws StateRefused where the files of the study are not closed, there is no such item, or no reason is given
 */
export async function declareSafe(
  ports: Ports,
  accession: string,
  { item, kind, reason }: { item: string; kind: RenderingKind; reason: string | undefined },
): Promise<void> {
  if (reason?.trim() === '') throw new StateRefused('Say why it is safe.');
  await noteWithState(ports, accession, async (tx, now) => {
    if (now?.state !== 'controlled' && reason !== undefined)
      throw new StateRefused('This is for studies whose files are not open to everybody.');
    const versions = await tx
      .selectFrom('study_version')
      .select('document')
      .where('accession', '=', accession)
      .execute();
    if (reason !== undefined && !versions.some(({ document }) => document.items.some(({ id }) => id === item)))
      throw new StateRefused('There is no such item in this study.');
    const others = (now?.safe ?? []).filter((one) => one.item !== item || one.kind !== kind);
    const one: SafeRendering[] =
      reason === undefined ? [] : [{ item, kind, reason: reason.trim(), at: new Date().toISOString() }];
    await noteEvent(tx, reason === undefined ? 'access.unsafe' : 'access.safe', accession, {
      path: `${item} ${kind}`,
      ...(reason === undefined ? {} : { reason: reason.trim() }),
    });
    const all = [...others, ...one].toSorted((a, b) =>
      a.item < b.item ? -1 : a.item > b.item ? 1 : renderingKinds.indexOf(a.kind) - renderingKinds.indexOf(b.kind),
    );
    return { hiddenBadge: now?.hiddenBadge ?? null, safe: all };
  });
}

/** Writes what curators say of a study beside its state, in the database and then in the archive. */
async function noteWithState(
  { db, states }: Ports,
  accession: string,
  change: (
    tx: Database,
    now: StateOfStudy | undefined,
  ) => Promise<{ hiddenBadge: HiddenBadge | null; safe: readonly SafeRendering[] }>,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // Two at once: the second sees what the first said.
    await tx.selectFrom('study').select('accession').where('accession', '=', accession).forUpdate().execute();
    const { hiddenBadge, safe } = await change(tx, await notedState(tx, accession));
    const said = {
      hidden_badge: hiddenBadge === null ? null : JSON.stringify(hiddenBadge),
      safe: JSON.stringify(safe),
      archived: false,
    };
    const row = { accession, state: 'published' as const, until: null, reason: '', replaced_by: null, summary: null };
    await tx
      .insertInto('study_state')
      .values({ ...row, actor: whoActs().actor, at: new Date(), ...said })
      .onConflict((conflict) => conflict.column('accession').doUpdateSet(said))
      .execute();
  });
  states.forget(accession);
  await states.archivePending();
}
