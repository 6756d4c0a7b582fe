import { randomBytes } from 'node:crypto';
import { routes } from '@micrarium/api';
import { filesOfTar, TarError } from '@micrarium/formats';
import {
  expectFiles,
  type ExpectedFile,
  fileArrived,
  mediaTypeOf,
  otherDigests,
  Refused,
  removeFiles,
  startDigest,
  takeFiles,
  type WholeFile,
} from '@micrarium/repository';
import type { Application } from './app.ts';
import { type HttpContext, requestBody } from './context.ts';
import { nextCursor, pageOf } from './cursors.ts';
import { noteReview } from './access-routes.ts';
import { demandConsent, demandFilesOpen, draftFor } from './draft-access.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';
import { storedBytes } from './item-content.ts';
import { sendFile } from './send-file.ts';
import { dropUploadsOf, findUpload } from '../uploads/tus-uploads.ts';
import { type StatedDigests, statedDigests } from './stated-digests.ts';
import { partBytes } from '../uploads/part-digests.ts';
import { draftFileShape } from './shapes.ts';

/** Largest file sent in one request; larger ones go by tus. */
export const plainPutLimit = 100 * 2 ** 20;
/** Largest tar of small files, which is held in memory, and the most files in it. */
const tarLimit = 16 * 2 ** 20;
const mostOfTar = 1000;
/** Digests of parts in one answer. */
const mostParts = 10_000;
const notKept = { 'cache-control': 'private, no-store' };

/** Announces files, or takes them in; paths that cannot be deposited are told one by one. */
async function orRefusals<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (fault) {
    if (fault instanceof Refused)
      throw new Problem('request-invalid', fault.message, { issues: fault.issues, cause: fault });
    throw fault;
  }
}

const expect = async (services: Services, draftId: string, files: readonly ExpectedFile[]) =>
  await orRefusals(expectFiles(services, draftId, files));

/** The files of a tar that is the body. @throws Problem for one that is too large, or none */
async function filesOfBody(c: HttpContext): Promise<WholeFile[]> {
  const tooLarge = () =>
    new Problem('body-too-large', 'At most 16 MiB and 1,000 files in one tar; send them in several.');
  if (Number(c.req.header('content-length') ?? 0) > tarLimit) throw tooLarge();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of requestBody(c)) {
    size += piece.length;
    if (size > tarLimit) throw tooLarge();
    pieces.push(piece);
  }
  try {
    const files: WholeFile[] = [];
    for (const { path, bytes } of filesOfTar(Buffer.concat(pieces))) {
      if (files.length === mostOfTar) throw tooLarge();
      // As `tar -c .` writes them.
      files.push({ path: path.replace(/^(\.\/)+/, ''), bytes });
    }
    return files;
  } catch (fault) {
    if (fault instanceof TarError) throw new Problem('request-invalid', fault.message, { cause: fault });
    throw fault;
  }
}

/** Stores a body in the upload area under a new id, with its digest. @throws Problem `body-too-large`; nothing is left then */
async function storeBody(
  c: HttpContext,
  services: Services,
  stated: StatedDigests,
): Promise<{ uploadId: string; size: number; sha256: string; differing: string[] }> {
  if (Number(c.req.header('content-length') ?? 0) > plainPutLimit)
    throw new Problem('body-too-large', 'Use tus for files of 100 MiB and more.');
  const uploadId = `put${randomBytes(16).toString('hex')}`;
  const hash = startDigest('sha256');
  const others = [...stated.keys()].map((name) => ({ name, digest: startDigest(name) }));
  let received = 0;
  const pieces = async function* () {
    for await (const piece of requestBody(c)) {
      received += piece.length;
      if (received > plainPutLimit) throw new Problem('body-too-large', 'Use tus for files of 100 MiB and more.');
      hash.update(piece);
      for (const { digest } of others) digest.update(piece);
      yield piece;
    }
  };
  await services.uploads.create(uploadId);
  try {
    const size = await services.uploads.append(uploadId, 0, pieces());
    const differing = others.filter(({ name, digest }) => digest.hex() !== stated.get(name)).map(({ name }) => name);
    return { uploadId, size, sha256: hash.hex(), differing };
  } catch (fault) {
    await services.uploads.remove(uploadId);
    throw fault;
  }
}

/** Files of drafts: announce, list, remove, send in one request, read. */
export function draftFileRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.expectFiles), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.edit');
    await demandFilesOpen(services(), draft.id);
    await demandConsent(services(), draft.id);
    const wanted = c.req.valid('json').files.map(({ path, size, sha256, md5, crc32c }) => ({
      path,
      size,
      ...(sha256 ? { sha256 } : {}),
      others: otherDigests({ md5, crc32c }),
    }));
    const rows = await expect(services(), draft.id, wanted);
    return c.json({ files: rows.map(draftFileShape) }, 200, notKept);
  });

  app.openapi(mounted(routes.listDraftFiles), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    const page = pageOf(c.req.valid('query'));
    const rows = await services().studies.listFiles(draft.id, page);
    return c.json(
      { files: rows.map(draftFileShape), nextCursor: nextCursor(rows, page.limit, (row) => row.path) },
      200,
      notKept,
    );
  });

  app.openapi(mounted(routes.removeDraftFiles), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.edit');
    await demandFilesOpen(services(), draft.id);
    const { paths } = c.req.valid('json');
    await removeFiles(services(), draft.id, paths);
    await dropUploadsOf(services().db, services().uploads, draft.id, paths);
    return c.body(null, 204);
  });

  app.openapi(mounted(routes.putDraftFile), async (c) => {
    const { draft: id, path } = c.req.valid('param');
    const draft = await draftFor(c, services(), id, 'draft.edit');
    await demandFilesOpen(services(), draft.id);
    await demandConsent(services(), draft.id);
    if (draft.state !== 'editing') throw new Problem('state-conflict', `The draft is ${draft.state}.`);
    // Told before bytes are taken; what has no length is told when it has come.
    const before = await services().studies.getFile(draft.id, path);
    const length = Number(c.req.header('content-length') ?? 0) || 0;
    await services().room.demandRoom(draft.id, Math.min(length, plainPutLimit) - (before?.size ?? 0));
    const stated = statedDigests(c);
    const { uploadId, size, sha256, differing } = await storeBody(c, services(), stated);
    let isHandedOn = false;
    try {
      if (differing.length > 0) {
        throw new Problem(
          'digest-differs',
          `The bytes that came have another ${differing.join(', ')} than was stated; send them again.`,
        );
      }
      const others = otherDigests({ md5: stated.get('md5'), crc32c: stated.get('crc32c') });
      const [row] = await expect(services(), draft.id, [{ path, size, sha256, others }]);
      if (row!.state === 'verified') return c.json(draftFileShape(row!), 200, notKept);
      await fileArrived(services(), draft.id, path, uploadId);
      isHandedOn = true;
      const stored = await services().studies.getFile(draft.id, path);
      return c.json(draftFileShape(stored ?? row!), 200, notKept);
    } finally {
      if (!isHandedOn) await services().uploads.remove(uploadId);
    }
  });

  app.openapi(mounted(routes.putDraftFiles), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.edit');
    await demandFilesOpen(services(), draft.id);
    await demandConsent(services(), draft.id);
    if (draft.state !== 'editing') throw new Problem('state-conflict', `The draft is ${draft.state}.`);
    const mediaType = (c.req.header('content-type') ?? '').split(';')[0]!.trim();
    if (mediaType !== 'application/x-tar') throw new Problem('media-type-refused', 'Content-Type: application/x-tar.');
    await services().room.demandRoom(draft.id, 0);
    const files = await filesOfBody(c);
    const rows = await orRefusals(takeFiles(services(), draft.id, files));
    return c.json({ files: rows.map(draftFileShape) }, 200, notKept);
  });

  app.openapi(mounted(routes.getUploadParts), async (c) => {
    const upload = await findUpload(services().db, c.req.valid('param').upload);
    const draft = await draftFor(c, services(), upload?.draftId ?? '', 'draft.edit');
    const staged = upload && (await services().uploads.get(upload.id));
    if (!upload || !staged || draft.state !== 'editing') throw new Problem('not-found');
    const { size: offset } = staged;
    const { from = 0 } = c.req.valid('query');
    const { parts: count, bytes, sha256 } = await services().partDigests.rest(upload.id, offset);
    const parts = await services().partDigests.parts(upload.id, from, mostParts);
    const rest = from + parts.length >= count && bytes > 0 ? { rest: { bytes, sha256 } } : {};
    return c.json({ partBytes, offset, parts, ...rest }, 200, notKept);
  });

  app.openapi(mounted(routes.getDraftFile), async (c) => {
    const { draft: id, path } = c.req.valid('param');
    const draft = await draftFor(c, services(), id, 'draft.read');
    const row = await services().studies.getFile(draft.id, path);
    if (row?.sha256 === undefined || row.state !== 'verified') throw new Problem('not-found');
    await noteReview(c, services(), draft, path);
    return (await sendFile(c, {
      from: await storedBytes(services(), row.sha256),
      tag: row.sha256,
      sha256: row.sha256,
      mediaType: mediaTypeOf(path),
      name: path.slice(path.lastIndexOf('/') + 1),
      cache: 'private',
      isFromDepositor: true,
    })) as never;
  });
}
