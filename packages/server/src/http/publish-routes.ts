import { routes } from '@micrarium/api';
import { can, newDraftVersion } from '@micrarium/repository';
import { studyResource } from '../access/study-resource.ts';
import type { Application } from './app.ts';
import { draftFor, draftResource, seesFindings } from './draft-access.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { publishAndTell } from '../states/publication.ts';
import { mounted } from './route.ts';
import { shownDraft } from './shown-draft.ts';
import { versionFor } from './study-access.ts';

/** Publishing, and drafts of further versions. */
export function publishRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  app.openapi(mounted(routes.publishDraft), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.publish');
    const { subject } = c.var;
    const isOwner = 'userId' in subject && subject.userId === draft.ownerId;
    const { accession, version, label } = await publishAndTell(kernel, services(), draft, isOwner);
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
    const whom = { seesFindings: await seesFindings(c, services(), draft) };
    const shape = await shownDraft(services(), draft, whom);
    const headers = { etag: `"${draft.revision}"`, 'cache-control': 'private, no-store' };
    return created ? c.json(shape, 201, headers) : c.json(shape, 200, headers);
  });
}
