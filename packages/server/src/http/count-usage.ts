import { Agents } from '../usage/agents.ts';
import type { Use, UseKind } from '../usage/usage-event.ts';
import { accessOf } from '../auth/sharing.ts';
import type { Application } from './app.ts';
import { type HttpContext, remoteAddress } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { Remembered } from './remembered.ts';

/** Below a study: what is taken away, and what is read in pieces. Everything else is a look. */
const taken =
  /^\/(files\/.+|export\.zip|export\.bag\.zip|training\.zarr\.zip|items\/[^/]+\/export\/.+|send-on\/[^/]+\/package\.zip)$/;
const readInPieces = /^\/items\/[^/]+\/(content\/|objects|rows\/|measures)/;
/** Small pictures of an image, as lists and pages show them. */
const shown = /\.(thumbnail|preview)\.png$/;
const place = /^(\/api\/v1)?\/studies\/([A-Z]+-\d{1,12})(?:\/(?:versions|v)\/(\d{1,9})(?:\.\d{1,9})?)?(\/.*)?$/;
const uncounted = new Set(['/usage', '/linkset', '/usage.svg']);

interface Target {
  accession: string;
  version: number | undefined;
  kind: Extract<UseKind, 'page' | 'file' | 'read' | 'inner'>;
}

/** What of a study an address is about; `undefined` where it is none, or nothing that is counted. */
export function targetOf(path: string): Target | undefined {
  const found = place.exec(path);
  if (!found) return undefined;
  const [, api, accession = '', version, rest = ''] = found;
  if (uncounted.has(rest)) return undefined;
  const isPart = api !== undefined;
  const kind = taken.test(rest)
    ? 'file'
    : shown.test(rest)
      ? 'inner'
      : readInPieces.test(rest)
        ? 'read'
        : isPart
          ? 'inner'
          : 'page';
  return { accession, version: version === undefined ? undefined : Number(version), kind };
}

/**
 * What kind of use an answer is. A browser's questions to the interface belong to the page that asks them; a program's are looks, and count
 * where somebody answers for it by a token.
 */
function kindOf(target: Target, agent: Use['agent'], status: number, hasToken: boolean): UseKind {
  if (target.kind === 'file') return status === 206 ? 'part' : 'file';
  if (target.kind === 'read' || agent === 'regular') return target.kind;
  return hasToken ? 'page' : 'metadata';
}

/** Those who look after a study: its owner, and whom it is shared with. Looking after it is no use of it. */
class Teams {
  private readonly known = new Remembered<{ isMember: boolean }>(30_000);

  async has(services: Services, accession: string, userId: string): Promise<boolean> {
    const found = await this.known.get(`${accession} ${userId}`, async () => {
      const isOwner = (await services.studies.ownerOf(accession)) === userId;
      return { isMember: isOwner || (await accessOf(services.db, accession, userId)) !== undefined };
    });
    return found?.isMember === true;
  }
}

interface Asked {
  target: Target;
  status: number;
  /** Bytes of the whole file, where a part was sent. */
  size: number | undefined;
}

/** Counts the bytes of a body whose length nobody knows, as they are taken. */
function countedBody(body: ReadableStream<Uint8Array>, done: (bytes: number) => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const piece = await reader.read();
        if (piece.done) {
          done(bytes);
          return controller.close();
        }
        bytes += piece.value.length;
        controller.enqueue(piece.value);
      } catch (fault) {
        done(bytes);
        controller.error(fault);
      }
    },
    async cancel(reason) {
      done(bytes);
      await reader.cancel(reason);
    },
  });
}

/** Counts the answers about published studies; behind the answer, which never waits for it. @throws RobotsUnreadable */
export function countUsage(app: Application, kernel: Kernel): void {
  const { robots } = kernel.config;
  const agents = robots === undefined ? new Agents() : Agents.read(robots);
  const teams = new Teams();

  /** The use that an answer is, but for its bytes; `undefined` where it does not count. */
  const useOf = async (c: HttpContext, services: Services, { target, status, size }: Asked) => {
    const headers = c.req.raw.headers;
    const hasToken = headers.has('authorization');
    const program = c.req.header('user-agent') ?? '';
    const agent = agents.kindOf(program, hasToken);
    if (agent === 'robot') return undefined;
    const { accession } = target;
    const { path } = c.req;
    const address = remoteAddress(c);
    const caller = hasToken || headers.has('cookie') ? await services.accounts.whoAsks(headers) : undefined;
    if (caller && (await teams.has(services, accession, caller.user.id))) return undefined;
    const kind = kindOf(target, agent, status, hasToken);
    // A page of a version that is not there is an answer too; bytes are of one that is.
    const isSure = target.version !== undefined && (kind === 'file' || kind === 'part' || kind === 'read');
    const version = isSure
      ? target.version
      : (await services.studies.getVersion(accession, target.version ?? 'newest'))?.version;
    const visitor = caller?.user.id ?? `${address} ${program}`;
    return version === undefined
      ? undefined
      : { accession, version, visitor, address, program, agent, kind, path, size };
  };

  const count = async (c: HttpContext, next: () => Promise<void>) => {
    const target = c.req.method === 'GET' ? targetOf(c.req.path) : undefined;
    await next();
    const services = kernel.services();
    const { status, headers } = c.res;
    // What is shown by a private link is not used, but reviewed; it is marked so that nobody indexes it.
    const isCounted = [200, 206, 304].includes(status) && !headers.get('x-robots-tag')?.includes('noindex');
    if (!target || !services || !isCounted) return;
    const whole = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] ?? headers.get('content-length');
    const size = target.kind === 'read' && whole ? Number(whole) : undefined;
    const found = useOf(c, services, { target, status, size });
    const add = (bytes: number) =>
      void found
        .then((use) => use && services.usage.count({ ...use, bytes, at: services.clock.now() }))
        .catch((fault: unknown) => kernel.noteFault(fault, 'usage'));
    // Further ranges that are answered from memory are the same visitor's: who asks is part of what is remembered.
    if (c.env?.direct) c.env.direct.again = add;
    const length = headers.get('content-length');
    if (status === 304 || target.kind === 'page' || target.kind === 'inner') add(0);
    else if (length !== null) add(Number(length));
    else if (c.res.body) c.res = new Response(countedBody(c.res.body, add), c.res);
    else add(0);
  };
  app.use('/studies/*', count);
  app.use('/api/v1/studies/*', count);

  /** Who asks where pages may be collected is collecting them. */
  app.use('/robots.txt', async (c, next) => {
    await next();
    const services = kernel.services();
    const program = c.req.header('user-agent') ?? '';
    if (services && agents.kindOf(program, false) === 'machine')
      services.usage.noteCollector(`${remoteAddress(c)} ${program}`, services.clock.now());
  });
}
