import { isDeepStrictEqual } from 'node:util';
import { routes } from '@micrarium/api';
import { createDraft, RevisionConflict, saveDraft, viewDraft } from '@micrarium/repository';
import { shownTitle } from '@micrarium/standards';
import { draftStamp } from '../database/draft-stamp.ts';
import { demonstrationEmail } from '../dois/study-dois.ts';
import { discardForNow } from '../states/draft-trash.ts';
import { tellOfEdits } from '../states/review-edits.ts';
import type { Application } from './app.ts';
import { nextCursor, pageOf } from './cursors.ts';
import { demandFilesOpen, demandService, draftFor, seesFindings } from './draft-access.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { matchesTag } from './ranges.ts';
import { mounted } from './route.ts';
import { noteFieldChanges } from '../vocabulary/kept-descriptions.ts';
import { shownDraft } from './shown-draft.ts';
import { draftItemShape } from './shapes.ts';

const tagOf = (revision: number) => `"${revision}"`;
/** Who may edit a draft sees all of it. */
const itsEditor = { seesFindings: true };
const draftHeaders = (revision: number) => ({ etag: tagOf(revision), 'cache-control': 'private, no-store' });

/** Drafts shown per page: each is looked at for what is missing. */
const draftsPerPage = 50;

/** Drafts: open, list, look at, save, discard. */
export function draftRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.createDraft), async (c) => {
    const ownerId = demandService(c, 'draft.create');
    await demandConfirmed(services(), ownerId);
    const draft = await createDraft(services(), ownerId);
    if (c.var.caller?.user.email !== demonstrationEmail) await services().dois?.reserve(draft.accession);
    return c.json(await shownDraft(services(), draft, itsEditor), 201, draftHeaders(draft.revision));
  });

  app.openapi(mounted(routes.listDrafts), async (c) => {
    const ownerId = demandService(c, 'draft.list');
    const page = pageOf(c.req.valid('query'), draftsPerPage);
    const rows = await services().studies.listDrafts(ownerId, page);
    const { subject } = c.var;
    // A token for some studies lists theirs.
    const isWithin = ({ accession }: { accession: string }) =>
      subject.kind !== 'token' || subject.only === undefined || subject.only.includes(accession);
    const drafts = [];
    // One after the other: each is looked at with all its items, which may be very many.
    for (const draft of rows.filter(isWithin)) {
      const { files, missing } = await viewDraft(services(), draft);
      const { title } = draft.metadata.values;
      drafts.push({
        id: draft.id,
        accession: draft.accession,
        version: draft.version,
        ...(draft.minor === undefined ? {} : { minor: draft.minor }),
        title: shownTitle(title),
        updatedAt: draft.updatedAt,
        state: draft.state,
        fileCount: files.count,
        missingCount: missing.length,
      });
    }
    const headers = { 'cache-control': 'private, no-store' };
    return c.json({ drafts, nextCursor: nextCursor(rows, page.limit, (row) => row.id) }, 200, headers);
  });

  app.openapi(mounted(routes.getDraft), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    // Pages ask every few seconds, and a draft of tens of thousands of items is tens of megabytes: whether anything has
    // changed is known before it is read. The stamp is the older one where something changes meanwhile, and so asks again.
    const stamp = await draftStamp(services().db, draft.id);
    const whom = { seesFindings: await seesFindings(c, services(), draft) };
    // Who may edit from now on gets what was left out before.
    const etag = `"${draft.revision}.${stamp}${whom.seesFindings ? '' : '-reading'}"`;
    const headers = { etag, 'cache-control': 'private, no-store' };
    if (matchesTag(c.req.header('if-none-match'), headers.etag)) return c.body(null, 304, headers);
    return c.json(await shownDraft(services(), draft, whom), 200, headers);
  });

  app.openapi(mounted(routes.listDraftItems), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    const page = pageOf(c.req.valid('query'));
    const found = await services().studies.itemsPage(draft.id, page);
    const whom = { seesFindings: await seesFindings(c, services(), draft) };
    const items = found.map(({ row }) => draftItemShape(row, whom));
    const headers = { 'cache-control': 'private, no-store' };
    return c.json({ items, nextCursor: nextCursor(found, page.limit, ({ place }) => place) }, 200, headers);
  });

  app.openapi(mounted(routes.saveDraft), async (c) => {
    const { draft: id } = c.req.valid('param');
    const current = await draftFor(c, services(), id, 'draft.edit', true);
    const condition = c.req.valid('header')['if-match'];
    if (condition === undefined)
      throw new Problem('revision-needed', 'Send If-Match with the ETag of the draft you changed.');
    // What is no revision of ours is an older one: the answer is 412, with the draft as it is now.
    const asked = Number(/^(?:W\/)?"?(\d{1,9})(?:\.[\w-]+)?"?$/.exec(condition.trim())?.[1] ?? -1);
    const { metadata, pairs, datasetTitles, note, changeKinds, earlierResults } = c.req.valid('json');
    const change = {
      ...(metadata === undefined ? {} : { metadata: metadata as typeof current.metadata }),
      ...(pairs === undefined ? {} : { pairs: pairs as typeof current.pairs }),
      ...(datasetTitles === undefined ? {} : { datasetTitles }),
      ...(note === undefined ? {} : { note }),
      ...(changeKinds === undefined ? {} : { changeKinds }),
      ...(earlierResults === undefined ? {} : { earlierResults }),
    };
    // So has a revision the pairs of its version; those that nobody confirmed are never published.
    const isConfirmed = ({ confirmed }: { confirmed: boolean }) => confirmed;
    if (
      asked === current.revision &&
      current.minor !== undefined &&
      change.pairs !== undefined &&
      !isDeepStrictEqual(change.pairs.filter(isConfirmed), current.pairs.filter(isConfirmed))
    )
      await demandFilesOpen(services(), id);
    try {
      const saved = await saveDraft(services(), id, asked, change);
      const { name } = c.var.caller?.user ?? { name: '' };
      await noteFieldChanges(services().db, id, name, current.metadata, saved.metadata);
      await tellOfEdits(services(), saved, name);
      return c.json(await shownDraft(services(), saved, itsEditor), 200, draftHeaders(saved.revision));
    } catch (fault) {
      if (!(fault instanceof RevisionConflict)) throw fault;
      const now = await draftFor(c, services(), id, 'draft.read');
      return c.json(await shownDraft(services(), now, itsEditor), 412, draftHeaders(now.revision));
    }
  });

  app.openapi(mounted(routes.discardDraft), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.discard');
    await discardForNow(services(), draft.id);
    return c.body(null, 204);
  });
}

/** Goes on for whose address is confirmed, where that can be asked for by mail (section 2: create, by a verified account). @throws Problem */
async function demandConfirmed({ accounts, notices }: Services, userId: string): Promise<void> {
  if (notices.sendsMail && !(await accounts.isConfirmed(userId)))
    throw new Problem('not-allowed', 'Confirm your e-mail address first, on the page of your account.');
}
