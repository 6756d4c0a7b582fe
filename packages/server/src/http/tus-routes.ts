import { createHash, randomBytes } from 'node:crypto';
import { apiBase } from '@micrarium/api';
import { reviewState } from '../states/reviews.ts';
import {
  can,
  fileArrived,
  isFrozen,
  noteReceived,
  QuotaExceeded,
  UploadOffsetWrong,
  type DraftFileRow,
} from '@micrarium/repository';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { type HttpContext, type HttpEnvironment, requestBody } from './context.ts';
import { draftResource, isRevision } from './draft-access.ts';
import type { Kernel, Services } from './kernel.ts';

/** Days an upload that nobody goes on with is kept. */
export const uploadDays = 7;
const checksums = { sha1: 'sha1', sha256: 'sha256' } as const;
/** A piece with a checksum is held back until it is compared, so it may not be large. */
const checkedPieceLimit = 64 * 2 ** 20;
const base = `${apiBase}/uploads`;

const protocol = {
  'tus-resumable': '1.0.0',
  'cache-control': 'no-store',
};

/** An answer of the protocol. Texts say what to do, never what the system said. */
class TusRefusal extends Error {
  override readonly name = 'TusRefusal';
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** `Upload-Metadata`: keys unique, values base64 or missing. */
export function readUploadMetadata(header: string | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (const pair of (header ?? '').split(',').map((one) => one.trim())) {
    if (pair === '') continue;
    const [key = '', value = '', ...rest] = pair.split(' ');
    if (key === '' || rest.length > 0 || found.has(key) || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
      throw new TusRefusal(400, 'Upload-Metadata: keys once, each with a value in base64.');
    }
    found.set(key, Buffer.from(value, 'base64').toString('utf8'));
  }
  return found;
}

/** Length from a header; whole numbers only. */
function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}

/** The draft, path and random part that an upload's id says; the id is made by us and checked again on every request. */
function newUploadId(draftId: string, path: string): string {
  const place = createHash('sha256').update(`${draftId}\0${path}`).digest('base64url').slice(0, 22);
  return `${place}${randomBytes(16).toString('hex')}`;
}

/** What an upload is for, kept beside the bytes' area in the database. */
interface UploadRow {
  id: string;
  draftId: string;
  path: string;
  size: number;
  metadata: string;
}

async function findUpload(services: Services, id: string): Promise<UploadRow | undefined> {
  const row = await services.db.selectFrom('upload').selectAll().where('id', '=', id).executeTakeFirst();
  return row && { id: row.id, draftId: row.draft_id, path: row.path, size: row.size, metadata: row.metadata };
}

/** May this request write to the draft? A refusal looks like nothing is there. */
async function demandDraft(c: HttpContext, services: Services, draftId: string): Promise<void> {
  const draft = await services.studies.getDraft(draftId);
  if (!draft || !can(c.var.subject, 'draft.edit', await draftResource(services, c.var.subject, draft))) {
    throw new TusRefusal(c.var.subject.kind === 'anonymous' ? 401 : 404, 'There is no such draft, or none for you.');
  }
  const isClosed = isFrozen(await reviewState(services.db, draftId)) || (await isRevision(services.db, draftId));
  if (draft.state !== 'editing' || isClosed) throw new TusRefusal(409, 'This draft takes no more files.');
}

/** Announced files were within the quota; it may have become smaller since. */
async function demandWithinQuota(services: Services, draftId: string): Promise<void> {
  try {
    await services.room.demandWithin(draftId);
  } catch (fault) {
    if (fault instanceof QuotaExceeded) throw new TusRefusal(413, fault.message);
    throw fault;
  }
}

/** Passes pieces on and refuses more than `limit` bytes in all. */
async function* atMost(pieces: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > limit) throw new TusRefusal(413, 'More bytes came than Upload-Length says.');
    yield piece;
  }
}

/** The piece, once its checksum is found right; it is held in memory till then. */
async function checkedPiece(c: HttpContext, header: string, room: number): Promise<AsyncIterable<Uint8Array>> {
  const [algorithm = '', expected = ''] = header.split(' ');
  if (!Object.hasOwn(checksums, algorithm))
    throw new TusRefusal(400, 'Upload-Checksum: sha1 or sha256, and the digest in base64.');
  const parts: Uint8Array[] = [];
  const hash = createHash(algorithm);
  for await (const piece of atMost(requestBody(c), Math.min(room, checkedPieceLimit))) {
    parts.push(piece);
    hash.update(piece);
  }
  if (!hash.digest().equals(Buffer.from(expected, 'base64')))
    throw new TusRefusal(460, 'The piece does not have the digest stated; send it again.');
  return (async function* () {
    yield* parts;
  })();
}

const expiry = (changedAt: string | number) =>
  new Date(new Date(changedAt).getTime() + uploadDays * 86_400_000).toUTCString();

async function create(c: HttpContext, services: Services, maxBytes: number): Promise<Response> {
  if (c.req.header('upload-defer-length') !== undefined)
    throw new TusRefusal(400, 'Upload-Length is needed; it cannot come later here.');
  if (c.req.header('upload-concat') !== undefined)
    throw new TusRefusal(400, 'Parts that are joined later are not taken here.');
  const size = wholeNumber(c.req.header('upload-length'));
  if (size === undefined) throw new TusRefusal(400, 'Upload-Length: a whole number of bytes.');
  if (size > maxBytes) throw new TusRefusal(413, `At most ${maxBytes} bytes are taken.`);
  const text = c.req.header('upload-metadata') ?? '';
  const metadata = readUploadMetadata(text);
  const draftId = metadata.get('draft') ?? '';
  const path = metadata.get('path') ?? '';
  await demandDraft(c, services, draftId);
  const file: DraftFileRow | undefined = await services.studies.getFile(draftId, path);
  if (!file) throw new TusRefusal(400, 'Announce the file first: POST /api/v1/drafts/{draft}/files.');
  if (file.size !== size) throw new TusRefusal(400, `The file was announced with ${file.size} bytes.`);
  await demandWithinQuota(services, draftId);
  const id = newUploadId(draftId, path);
  await services.uploads.create(id);
  await services.db.insertInto('upload').values({ id, draft_id: draftId, path, size, metadata: text }).execute();
  await noteReceived(services, draftId, path, 0);
  if (size === 0) await finish(services, { id, draftId, path, size, metadata: text });
  const headers = {
    ...protocol,
    location: `${base}/${id}`,
    'upload-offset': '0',
    'upload-expires': expiry(Date.now()),
  };
  return new Response(null, { status: 201, headers });
}

/** All bytes are stored: the digest is computed by a job. */
async function finish(services: Services, upload: UploadRow): Promise<void> {
  await fileArrived(services, upload.draftId, upload.path, upload.id);
}

async function find(
  c: HttpContext,
  services: Services,
): Promise<{ upload: UploadRow; offset: number; changedAt: string }> {
  const id = c.req.param('upload') ?? '';
  const upload = await findUpload(services, id);
  if (!upload) throw new TusRefusal(404, 'There is no such upload: begin again.');
  await demandDraft(c, services, upload.draftId);
  const staged = await services.uploads.get(id);
  if (staged) return { upload, offset: staged.size, changedAt: staged.changedAt };
  // Finished uploads leave the area when their digest has been computed.
  const file = await services.studies.getFile(upload.draftId, upload.path);
  if (file?.state !== 'verified' && file?.state !== 'sent')
    throw new TusRefusal(410, 'This upload is gone: begin again.');
  return { upload, offset: upload.size, changedAt: new Date().toISOString() };
}

async function head(c: HttpContext, services: Services): Promise<Response> {
  const { upload, offset } = await find(c, services);
  // Stored whole by a process that was killed before it said so: who hears that all is there sends nothing more.
  if ((await services.uploads.get(upload.id))?.size === upload.size) await finish(services, upload);
  const headers = {
    ...protocol,
    'upload-offset': String(offset),
    'upload-length': String(upload.size),
    ...(upload.metadata === '' ? {} : { 'upload-metadata': upload.metadata }),
  };
  return new Response(null, { status: 200, headers });
}

async function patch(c: HttpContext, services: Services): Promise<Response> {
  if ((c.req.header('content-type') ?? '').split(';')[0]!.trim() !== 'application/offset+octet-stream') {
    throw new TusRefusal(415, 'Content-Type: application/offset+octet-stream.');
  }
  const asked = wholeNumber(c.req.header('upload-offset'));
  if (asked === undefined) throw new TusRefusal(400, 'Upload-Offset: a whole number.');
  const { upload, offset } = await find(c, services);
  const refusal = (size: number) =>
    new TusRefusal(409, `This upload holds ${size} bytes.`, { 'upload-offset': String(size) });
  if (asked !== offset) throw refusal(offset);
  const checksum = c.req.header('upload-checksum');
  const room = upload.size - offset;
  const pieces = checksum === undefined ? atMost(requestBody(c), room) : await checkedPiece(c, checksum, room);
  let size = offset;
  try {
    if (room > 0) size = await services.uploads.append(upload.id, offset, pieces);
  } catch (fault) {
    if (fault instanceof UploadOffsetWrong) throw refusal(fault.size);
    const stored = await services.uploads.get(upload.id);
    if (stored) await noteReceived(services, upload.draftId, upload.path, stored.size);
    throw fault;
  }
  if (size === upload.size) await finish(services, upload);
  else await noteReceived(services, upload.draftId, upload.path, size);
  const headers = { ...protocol, 'upload-offset': String(size), 'upload-expires': expiry(Date.now()) };
  return new Response(null, { status: 204, headers });
}

async function remove(c: HttpContext, services: Services): Promise<Response> {
  const { upload } = await find(c, services);
  const file = await services.studies.getFile(upload.draftId, upload.path);
  await services.uploads.remove(upload.id);
  await services.db.deleteFrom('upload').where('id', '=', upload.id).execute();
  if (file && file.state === 'sending') {
    await services.studies.updateFile(upload.draftId, upload.path, { state: 'expected', received: 0 });
  }
  return new Response(null, { status: 204, headers: protocol });
}

/** Resumable uploads: tus 1.0.0 with creation, checksum, expiration and termination. Permission is asked on every request. */
export function tusRoutes(app: OpenAPIHono<HttpEnvironment>, kernel: Kernel, services: () => Services): void {
  const { maxUploadBytes } = kernel.config;
  const options = () =>
    new Response(null, {
      status: 204,
      headers: {
        ...protocol,
        'tus-version': '1.0.0',
        'tus-extension': 'creation,checksum,expiration,termination',
        'tus-checksum-algorithm': Object.keys(checksums).join(','),
        'tus-max-size': String(maxUploadBytes),
      },
    });
  const answer = async (c: HttpContext): Promise<Response> => {
    const replaced = c.req.header('x-http-method-override');
    const method = (c.req.method === 'POST' && replaced ? replaced : c.req.method).toUpperCase();
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
      throw new TusRefusal(405, 'This address does not take this method.');
    } catch (fault) {
      if (fault instanceof TusRefusal) {
        return new Response(c.req.method === 'HEAD' ? null : `${fault.message}\n`, {
          status: fault.status,
          headers: { ...protocol, ...fault.headers, 'content-type': 'text/plain; charset=utf-8' },
        });
      }
      const { code } = fault as { code?: string };
      if (code === 'ENOSPC' || code === 'EDQUOT') {
        return new Response('The server has no space left; what it acknowledged is kept.\n', {
          status: 507,
          headers: protocol,
        });
      }
      throw fault;
    }
  };
  app.all(base, answer);
  app.all(`${base}/:upload`, answer);
}
