import { routes } from '@micrarium/api';
import { versionLabel } from '@micrarium/model';
import { can, newDraftVersion, publishDraft, type Published } from '@micrarium/repository';
import { studyResource } from '../access/study-resource.ts';
import { tellOfAdditions } from '../additions/additions.ts';
import { readPendingAnnotations } from '../annotations/image-documents.ts';
import type { Application } from './app.ts';
import { holdsPeople } from './access-routes.ts';
import { draftFor, draftResource } from './draft-access.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { promoterOf } from '../states/promotions.ts';
import { reviewState } from '../states/reviews.ts';
import { mounted } from './route.ts';
import { shownDraft } from './shown-draft.ts';
import { forgetVersion, versionFor } from './study-access.ts';

/** Publishing, and drafts of further versions. */
export function publishRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  // Two presses of the button at once are one publication: the second waits for the first, in this process or another.
  const running = new Map<string, Promise<Published>>();
  const publishOnce = (draftId: string): Promise<Published> => {
    const already = running.get(draftId);
    if (already) return already;
    const run = services()
      .locks.hold(`publish ${draftId}`, () => publishDraft(services(), draftId))
      .finally(() => running.delete(draftId));
    running.set(draftId, run);
    return run;
  };

  app.openapi(mounted(routes.publishDraft), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.publish');
    const review = await reviewState(services().db, draft.id);
    // What enters the database tier by a curator's hand is reviewed, whether or not other drafts are.
    const { db } = services();
    const isReviewed =
      kernel.config.review ||
      (await promoterOf(db, draft.id)) !== undefined ||
      // So are data of people, by two.
      (await holdsPeople(db, draft.id));
    // Who is not its owner publishes what was approved, and nothing else (section 2: approved → publishing by a curator).
    const isOwn = c.var.caller?.user.id === draft.ownerId;
    const isWaiting =
      review === 'submitted' || review === 'in_review' || ((isReviewed || !isOwn) && review !== 'approved');
    if (draft.state === 'editing' && isWaiting)
      throw new Problem('state-conflict', 'A curator must approve this draft first. Submit it on its review page.');
    const { accession, version, minor } = await publishOnce(draft.id);
    const label = versionLabel({ version, minor });
    services().states.forget(accession);
    if (minor !== undefined) {
      forgetVersion(services().studies, accession, version);
      await services().keepNotes();
    }
    await services().states.archivePending();
    // What is said of its images is found at once; the search would do it too.
    await readPendingAnnotations(services(), 1).catch((fault: unknown) => kernel.noteFault(fault, 'annotations'));
    // Told again by the schedule where this fails.
    await tellOfAdditions(services()).catch((fault: unknown) => kernel.noteFault(fault, 'additions'));
    const { title } = draft.metadata.values;
    await services().notices.tell([draft.ownerId], {
      kind: 'published',
      link: `/studies/${accession}/v/${label}`,
      detail: { accession, version: label, title: typeof title === 'string' ? title : accession },
      once: `${accession} ${label}`,
    });
    return c.json({ accession, version, label, path: `/studies/${accession}/v/${label}` }, 200, {
      'cache-control': 'no-store',
    });
  });

  app.openapi(mounted(routes.newDraftVersion), async (c) => {
    const { accession } = c.req.valid('param');
    const { subject } = c.var;
    if (subject.kind === 'anonymous' || subject.kind === 'system') throw new Problem('not-signed-in');
    await versionFor(c, services(), accession, 'newest');
    const study = await studyResource(services(), subject, accession);
    if (!can(subject, 'study.new-version', study)) {
      throw new Problem('not-allowed', 'Only who deposited or edits this study, or a curator, may do this.');
    }
    const isControlled = (await services().states.of(accession)).state === 'controlled';
    // A draft holds the files: no role of the installation reads controlled files by opening one.
    if (isControlled && study.ownerId !== subject.userId && study.shared !== 'edit')
      throw new Problem('not-allowed', 'The files of this study are given on request: its depositor opens versions.');
    const { draft, created } = await newDraftVersion(
      services(),
      accession,
      // Who opens the next version by sharing, or as a curator, opens it for its owner.
      study.ownerId ?? subject.userId,
      c.req.valid('query').metadataOnly === '1',
    );
    if (!can(subject, 'draft.read', await draftResource(services(), subject, draft))) {
      throw new Problem('not-allowed', 'Somebody else has a draft of the next version open.');
    }
    const shape = await shownDraft(services(), draft);
    const headers = { etag: `"${draft.revision}"`, 'cache-control': 'private, no-store' };
    return created ? c.json(shape, 201, headers) : c.json(shape, 200, headers);
  });
}
