import { versionLabel } from '@micrarium/model';
import { type DraftRow, publishDraft, type Published, Refused, viewDraft } from '@micrarium/repository';
import { tellOfAdditions } from '../additions/additions.ts';
import { readPendingAnnotations } from '../annotations/image-documents.ts';
import { holdsPeople } from '../http/access-routes.ts';
import type { Kernel, Services } from '../http/kernel.ts';
import { forgetVersion } from '../http/study-access.ts';
import { promoterOf } from './promotions.ts';
import { StateRefused } from './state-refused.ts';

/** Must a curator approve this draft before it is published? */
export async function needsReview(kernel: Kernel, { db }: Services, draftId: string): Promise<boolean> {
  return (
    kernel.config.review ||
    // What enters the database tier by a curator's hand is reviewed, whether or not other drafts are.
    (await promoterOf(db, draftId)) !== undefined ||
    // So are data of people, by two.
    (await holdsPeople(db, draftId))
  );
}

/**
 * Goes on where the draft may be published: approved as it is, or not in need of it.
 * @param isOwner does its depositor ask? A curator and the clock publish only what is approved
 * @throws StateRefused
 */
export async function demandPublishable(
  kernel: Kernel,
  services: Services,
  draft: Pick<DraftRow, 'id' | 'state' | 'revision'>,
  isOwner: boolean,
): Promise<void> {
  if (draft.state !== 'editing') return;
  const review = await services.db
    .selectFrom('draft_review')
    .select(['state', 'approved_revision'])
    .where('draft_id', '=', draft.id)
    .executeTakeFirst();
  const state = review?.state ?? 'editing';
  if (state === 'approved') {
    if (review?.approved_revision == null || review.approved_revision === draft.revision) return;
    throw new StateRefused('The draft was changed since it was approved. Open it again and submit it anew.', [
      'reopen',
    ]);
  }
  const isFree = isOwner && (state === 'editing' || state === 'changes_requested');
  if (isFree && !(await needsReview(kernel, services, draft.id))) return;
  throw new StateRefused(
    'A curator must approve this draft first. Submit it on its review page.',
    state === 'editing' || state === 'changes_requested' ? ['submit'] : [],
  );
}

/** Publications of this process that are under way: two presses of the button at once are one. */
const running = new WeakMap<Services['studies'], Map<string, Promise<Published>>>();

async function publishOnce(services: Services, draftId: string, demand: () => Promise<void>): Promise<Published> {
  const ours = running.get(services.studies) ?? new Map<string, Promise<Published>>();
  running.set(services.studies, ours);
  const already = ours.get(draftId);
  if (already) return await already;
  // The second waits for the first, in this process or another; what was asked for is looked at again once it is its turn.
  const run = services.locks
    .hold(`publish ${draftId}`, async () => {
      await demand();
      return await publishDraft(services, draftId);
    })
    .finally(() => ours.delete(draftId));
  ours.set(draftId, run);
  return await run;
}

/**
 * Publishes a draft and does what follows from it.
 * @throws StateRefused, Refused with what is missing, DraftNotEditable, NotThere
 */
export async function publishAndTell(
  kernel: Kernel,
  services: Services,
  draft: DraftRow,
  isOwner: boolean,
): Promise<Published & { label: string }> {
  const published = await publishOnce(services, draft.id, async () => {
    const now = await services.studies.getDraft(draft.id);
    if (now) await demandPublishable(kernel, services, now, isOwner);
  });
  const { accession, version, minor } = published;
  const label = versionLabel({ version, minor });
  services.states.forget(accession);
  if (minor !== undefined) {
    forgetVersion(services.studies, accession, version);
    await services.keepNotes();
  }
  await services.states.archivePending();
  // What is said of its images is found at once; the search would do it too.
  await readPendingAnnotations(services, 1).catch((fault: unknown) => kernel.noteFault(fault, 'annotations'));
  // Told again by the schedule where this fails.
  await tellOfAdditions(services).catch((fault: unknown) => kernel.noteFault(fault, 'additions'));
  const { title } = draft.metadata.values;
  await services.notices.tell([draft.ownerId], {
    kind: 'published',
    link: `/studies/${accession}/v/${label}`,
    detail: { accession, version: label, title: typeof title === 'string' ? title : accession },
    once: `${accession} ${label}`,
  });
  return { ...published, label };
}

/**
 * Publishes approved drafts whose day has come; the owner is told where something stands in the way, once for each day.
 * @returns how many were published
 */
export async function publishDue(kernel: Kernel, services: Services, now: Date): Promise<number> {
  const today = now.toISOString().slice(0, 10);
  const due = await services.db
    .selectFrom('draft_review')
    .innerJoin('draft', 'draft.id', 'draft_review.draft_id')
    .select('draft.id')
    .where('draft.state', '=', 'editing')
    .where('draft_review.state', '=', 'approved')
    .where('publish_on', '<=', today)
    .orderBy('draft.id')
    .execute();
  let count = 0;
  for (const { id } of due) {
    const draft = await services.studies.getDraft(id);
    if (!draft) continue;
    try {
      await publishAndTell(kernel, services, draft, false);
      count++;
    } catch (fault) {
      if (!(fault instanceof Refused) && !(fault instanceof StateRefused)) {
        kernel.noteFault(fault, `publication of ${draft.accession}`);
        continue;
      }
      const { missing } = await viewDraft(services, draft);
      const { title } = draft.metadata.values;
      await services.notices.tell([draft.ownerId], {
        kind: 'publication-held',
        link: `/review/${id}`,
        detail: {
          accession: draft.accession,
          title: typeof title === 'string' && title !== '' ? title : draft.accession,
          why: missing[0]?.message ?? fault.message,
        },
        once: `${id} ${today}`,
      });
    }
  }
  return count;
}
