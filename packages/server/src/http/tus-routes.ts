import { apiBase } from '@micrarium/api';
import {
  can,
  expectFiles,
  fileArrived,
  isFrozen,
  noteReceived,
  type OtherDigests,
  otherDigestNames,
  otherDigests,
  QuotaExceeded,
  readOtherDigest,
  Refused,
  UploadOffsetWrong,
  type DraftFileRow,
} from '@micrarium/repository';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { reviewState } from '../states/reviews.ts';
import {
  checksums,
  mediaTypeOf,
  pieceDigest,
  piecesOf,
  protocol,
  readUploadMetadata,
  TusRefusal,
  uploadBytes,
  wholeNumber,
} from '../uploads/tus-protocol.ts';
import {
  dropOlderUploads,
  dropUpload,
  endDeferral,
  enterUpload,
  findUpload,
  uploadDays,
  type UploadRow,
} from '../uploads/tus-uploads.ts';
import type { HttpContext, HttpEnvironment } from './context.ts';
import { draftResource, isRevision } from './draft-access.ts';
import type { Kernel, Services } from './kernel.ts';

const base = `${apiBase}/uploads`;

/** May this request write to the draft? A refusal looks like nothing is there. @param closed status where the draft takes no files now */
export async function demandDraft(
  c: HttpContext,
  services: Services,
  draftId: string,
  closed: 403 | 409 = 403,
): Promise<void> {
  const draft = await services.studies.getDraft(draftId);
  if (!draft || !can(c.var.subject, 'draft.edit', await draftResource(services, c.var.subject, draft))) {
    throw new TusRefusal(c.var.subject.kind === 'anonymous' ? 401 : 404, 'There is no such draft, or none for you.');
  }
  const isClosed = isFrozen(await reviewState(services.db, draftId)) || (await isRevision(services.db, draftId));
  if (draft.state !== 'editing' || isClosed) throw new TusRefusal(closed, 'This draft takes no more files.');
}

/** Quotas and paths as answers of the protocol. */
async function orRefusal<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (fault) {
    if (fault instanceof QuotaExceeded) throw new TusRefusal(413, fault.message);
    if (fault instanceof Refused) throw new TusRefusal(400, fault.issues[0]?.message ?? fault.message);
    throw fault;
  }
}

const expiry = (changedAt: string | number) =>
  new Date(new Date(changedAt).getTime() + uploadDays * 86_400_000).toUTCString();

/** What a request to begin an upload says. @throws TusRefusal */
function readCreation(c: HttpContext, maxBytes: number) {
  if (c.req.header('upload-concat') !== undefined)
    throw new TusRefusal(400, 'Parts that are joined later are not taken here.');
  const [length, deferred] = [c.req.header('upload-length'), c.req.header('upload-defer-length')];
  const size = wholeNumber(length);
  if (deferred !== undefined && (deferred !== '1' || length !== undefined))
    throw new TusRefusal(400, 'Upload-Defer-Length: 1, and then no Upload-Length.');
  if (deferred === undefined && size === undefined)
    throw new TusRefusal(400, 'Upload-Length: a whole number of bytes.');
  if (size !== undefined && size > maxBytes) throw new TusRefusal(413, `At most ${maxBytes} bytes are taken.`);
  const metadata = c.req.header('upload-metadata') ?? '';
  const told = readUploadMetadata(metadata);
  const sha256 = told.get('sha256');
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256))
    throw new TusRefusal(400, 'Upload-Metadata: sha256 is 64 hexadecimal digits in lower case.');
  const others = otherDigests(Object.fromEntries(otherDigestNames.map((name) => [name, statedOther(told, name)])));
  return { size, sha256, others, metadata, draftId: told.get('draft') ?? '', path: told.get('path') ?? '' };
}

/** @throws TusRefusal for a digest that is none */
function statedOther(told: ReadonlyMap<string, string>, name: keyof OtherDigests): string | undefined {
  const text = told.get(name);
  if (text === undefined) return undefined;
  const digest = readOtherDigest(name, text);
  if (digest === undefined)
    throw new TusRefusal(400, `Upload-Metadata: ${name} in hexadecimal digits, or in base64 as buckets have it.`);
  return digest;
}

/** The file that an upload is for: as it was announced, or announced now. @throws TusRefusal where the two do not fit */
async function fileFor(
  services: Services,
  { draftId, path, size, sha256, others }: ReturnType<typeof readCreation>,
): Promise<DraftFileRow> {
  const file = await services.studies.getFile(draftId, path);
  if (!file && size === undefined)
    throw new TusRefusal(400, 'Announce the file first: POST /api/v1/drafts/{draft}/files, or send Upload-Length.');
  if (!file) {
    const announced = { path, size: size!, ...(sha256 === undefined ? {} : { sha256 }), others };
    return (await orRefusal(expectFiles(services, draftId, [announced])))[0]!;
  }
  if (size !== undefined && file.size !== size)
    throw new TusRefusal(400, `The file was announced with ${file.size} bytes.`);
  const known = file.sha256 ?? file.statedSha256;
  if (sha256 !== undefined && known !== undefined && known !== sha256)
    throw new TusRefusal(400, 'The file was announced with another SHA-256.');
  for (const name of otherDigestNames)
    if (others?.[name] !== undefined && (file.others?.[name] ?? others[name]) !== others[name])
      throw new TusRefusal(400, `The file was announced with another ${name}.`);
  if (otherDigestNames.every((name) => others?.[name] === undefined || file.others?.[name] !== undefined)) return file;
  // Its bytes were never compared with what is stated now.
  const again = { path, size: file.size, ...(known === undefined ? {} : { sha256: known }) };
  return (await orRefusal(expectFiles(services, draftId, [{ ...again, others: { ...file.others, ...others } }])))[0]!;
}

/** Keeps a further digest with a file all of whose bytes came with it. */
async function keepDigest(services: Services, { draftId, path }: UploadRow, more: OtherDigests): Promise<void> {
  const file = await services.studies.getFile(draftId, path);
  if (file && file.state !== 'verified' && otherDigests(more))
    await services.studies.updateFile(draftId, path, { others: { ...file.others, ...more } });
}

async function create(c: HttpContext, services: Services, maxBytes: number): Promise<Response> {
  const asked = readCreation(c, maxBytes);
  const { draftId, path, sha256, metadata } = asked;
  await demandDraft(c, services, draftId, 409);
  const file = await fileFor(services, asked);
  // Announced files were within the quota; it may have become smaller since.
  await orRefusal(services.room.demandWithin(draftId));
  const isDeferred = asked.size === undefined;
  const upload = await enterUpload(services.db, { draftId, path, size: file.size, metadata, isDeferred });
  await dropOlderUploads(services.db, services.uploads, upload);
  let size = 0;
  // The same bytes are there: nothing is to be sent.
  if (file.state === 'verified' && sha256 !== undefined && file.sha256 === sha256) size = file.size;
  else {
    await services.uploads.create(upload.id);
    await noteReceived(services, draftId, path, 0);
    if (mediaTypeOf(c) === uploadBytes) size = await receive(c, services, upload, 0);
    else if (file.size === 0 && !isDeferred) await finish(services, upload);
  }
  const headers = {
    ...protocol,
    location: `${base}/${upload.id}`,
    'upload-offset': String(size),
    'upload-expires': expiry(Date.now()),
  };
  return new Response(null, { status: 201, headers });
}

/** Takes the bytes of a request in. @returns how many the upload has then @throws TusRefusal */
async function receive(c: HttpContext, services: Services, upload: UploadRow, offset: number): Promise<number> {
  const pieces = await piecesOf(c, upload.size - offset);
  const { draftId, path } = upload;
  let size = offset;
  try {
    if (upload.size > offset) size = await services.partDigests.append(upload.id, offset, pieces);
  } catch (fault) {
    if (fault instanceof UploadOffsetWrong) throw wrongOffset(fault.size);
    const stored = await services.uploads.get(upload.id);
    if (stored) await noteReceived(services, draftId, path, stored.size);
    throw fault;
  }
  if (size === upload.size && offset === 0) await keepDigest(services, upload, pieceDigest(c));
  if (size === upload.size && !upload.isDeferred) await finish(services, upload);
  else await noteReceived(services, draftId, path, size);
  return size;
}

const wrongOffset = (size: number) =>
  new TusRefusal(409, `This upload holds ${size} bytes.`, { 'upload-offset': String(size) });

/** All bytes are stored: the digest is computed by a job. */
async function finish(services: Services, upload: UploadRow): Promise<void> {
  await fileArrived(services, upload.draftId, upload.path, upload.id);
}

/** The upload that a request names, for who may go on with it. @throws TusRefusal */
export async function uploadFor(
  c: HttpContext,
  services: Services,
): Promise<{ upload: UploadRow; offset: number; isStaged: boolean }> {
  const id = c.req.param('upload') ?? '';
  const upload = await findUpload(services.db, id);
  if (!upload) throw new TusRefusal(404, 'There is no such upload: begin again.');
  await demandDraft(c, services, upload.draftId);
  const staged = await services.uploads.get(id);
  if (staged) return { upload, offset: staged.size, isStaged: true };
  // Finished uploads leave the area when their digest has been computed.
  const file = await services.studies.getFile(upload.draftId, upload.path);
  if (file?.state !== 'verified' && file?.state !== 'sent')
    throw new TusRefusal(410, 'This upload is gone: begin again.');
  return { upload, offset: upload.size, isStaged: false };
}

async function head(c: HttpContext, services: Services): Promise<Response> {
  const { upload, offset, isStaged } = await uploadFor(c, services);
  const isWhole = offset === upload.size && !upload.isDeferred;
  // Stored whole by a process that was killed before it said so: who hears that all is there sends nothing more.
  if (isStaged && isWhole) await finish(services, upload);
  const headers = {
    ...protocol,
    'upload-offset': String(offset),
    ...(upload.isDeferred ? { 'upload-defer-length': '1' } : { 'upload-length': String(upload.size) }),
    ...(upload.metadata === '' ? {} : { 'upload-metadata': upload.metadata }),
  };
  return new Response(null, { status: 200, headers });
}

/** The length of an upload comes with its bytes; told once, it never changes. @throws TusRefusal */
async function takeLength(c: HttpContext, services: Services, upload: UploadRow): Promise<UploadRow> {
  const told = c.req.header('upload-length');
  if (told === undefined) return upload;
  if (wholeNumber(told) !== upload.size)
    throw new TusRefusal(400, `Upload-Length: the file was announced with ${upload.size} bytes.`);
  if (upload.isDeferred) await endDeferral(services.db, upload.id);
  return { ...upload, isDeferred: false };
}

async function patch(c: HttpContext, services: Services): Promise<Response> {
  if (mediaTypeOf(c) !== uploadBytes) throw new TusRefusal(415, `Content-Type: ${uploadBytes}.`);
  const asked = wholeNumber(c.req.header('upload-offset'));
  if (asked === undefined) throw new TusRefusal(400, 'Upload-Offset: a whole number.');
  const { upload, offset } = await uploadFor(c, services);
  if (asked !== offset) throw wrongOffset(offset);
  const size = await receive(c, services, await takeLength(c, services, upload), offset);
  const headers = { ...protocol, 'upload-offset': String(size), 'upload-expires': expiry(Date.now()) };
  return new Response(null, { status: 204, headers });
}

async function remove(c: HttpContext, services: Services): Promise<Response> {
  const { upload } = await uploadFor(c, services);
  const file = await services.studies.getFile(upload.draftId, upload.path);
  await dropUpload(services.db, services.uploads, upload.id);
  if (file && file.state === 'sending') {
    await services.studies.updateFile(upload.draftId, upload.path, { state: 'expected', received: 0 });
  }
  return new Response(null, { status: 204, headers: protocol });
}

/** A refusal as an answer; anything else that went wrong is thrown on. */
function answerOf(c: HttpContext, fault: unknown): Response {
  if (fault instanceof TusRefusal) {
    return new Response(c.req.method === 'HEAD' ? null : `${fault.message}\n`, {
      status: fault.status,
      headers: { ...protocol, ...fault.headers, 'content-type': 'text/plain; charset=utf-8' },
    });
  }
  const { code } = fault as { code?: string };
  if (code !== 'ENOSPC' && code !== 'EDQUOT') throw fault;
  return new Response('The server has no space left; what it acknowledged is kept.\n', {
    status: 507,
    headers: protocol,
  });
}

/**
 * Resumable uploads: tus 1.0.0 with creation (also with bytes, also with a length that comes later), checksum, expiration and termination.
 * Permission is asked on every request.
 */
export function tusRoutes(app: OpenAPIHono<HttpEnvironment>, kernel: Kernel, services: () => Services): void {
  const { maxUploadBytes } = kernel.config;
  const options = () =>
    new Response(null, {
      status: 204,
      headers: {
        ...protocol,
        'tus-version': '1.0.0',
        'tus-extension': 'creation,creation-with-upload,creation-defer-length,checksum,expiration,termination',
        'tus-checksum-algorithm': Object.keys(checksums).join(','),
        'tus-max-size': String(maxUploadBytes),
      },
    });
  const answer = async (c: HttpContext): Promise<Response> => {
    // Whatever the method of the request is, this one counts.
    const method = (c.req.header('x-http-method-override') ?? c.req.method).toUpperCase();
    const isOne = c.req.param('upload') !== undefined;
    try {
      if (method === 'OPTIONS') return options();
      if (c.req.header('tus-resumable') !== '1.0.0') {
        throw new TusRefusal(412, 'Tus-Resumable: 1.0.0 is spoken here.', { 'tus-version': '1.0.0' });
      }
      if (c.var.subject.kind === 'anonymous') throw new TusRefusal(401, 'Sign in, or send a token.');
      if (method === 'POST' && !isOne) return await create(c, services(), maxUploadBytes);
      if (method === 'HEAD' && isOne) return await head(c, services());
      if (method === 'PATCH' && isOne) return await patch(c, services());
      if (method === 'DELETE' && isOne) return await remove(c, services());
      throw new TusRefusal(405, 'This address does not take this method.', {
        allow: isOne ? 'OPTIONS, HEAD, PATCH, DELETE' : 'OPTIONS, POST',
      });
    } catch (fault) {
      return answerOf(c, fault);
    }
  };
  app.all(base, answer);
  app.all(`${base}/:upload`, answer);
}
