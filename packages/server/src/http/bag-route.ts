import { ReadableStream } from 'node:stream/web';
import { apiBase, routes } from '@micrarium/api';
import { type BagRequest, bagHoldsUpTo, exportBag, type PackedBag } from '@micrarium/repository';
import { graphOfStudy } from '@micrarium/standards';
import { stateAccess } from '../access/stated-access.ts';
import type { StateOfStudy } from '../states/study-states.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { pagePath } from './landing/landing-data.ts';
import { publicGraph } from './landing/metadata-routes.ts';
import { previewLink } from './private-reading.ts';
import { Problem } from './problems.ts';
import { matchesTag } from './ranges.ts';
import { mounted, originOf } from './route.ts';
import { disposition, partAsked } from './send-file.ts';
import { type FoundVersion, versionFor } from './study-access.ts';

/** The bag may be another tomorrow: a DOI is given, an embargo ends, the metadata are revised. */
const cacheControl = 'public, max-age=3600';

/** `export.bag.zip`: a version as a BagIt bag. */
export function bagRoute(app: Application, kernel: Kernel, services: () => Services): void {
  app.openapi(mounted(routes.exportBag), async (c) => {
    const { accession, version } = c.req.valid('param');
    const found = await versionFor(c, services(), accession, version);
    const state = await services().states.of(accession);
    const isOpen = state.state === 'published' && previewLink()?.version !== version;
    const asked = c.req.valid('query').files;
    if (asked === 'named' && !isOpen)
      throw new Problem(
        'state-conflict',
        'A bag can only name files that everybody may fetch, and those of this version are not open. Ask for the bag that holds them: files=held.',
      );
    const isNamed = asked === undefined ? isOpen && found.byteCount > bagHoldsUpTo : asked === 'named';
    const { versions, concept } = (await services().dois?.registered(accession)) ?? {};
    const origin = originOf(c, kernel.config.publicUrl);
    const held = await services().quarantine.all();
    const bag = await exportBag(services(), {
      accession,
      version,
      given: { doi: versions?.get(version) ?? concept, conceptDoi: concept },
      describe: describing(found, state, origin),
      heldAddressOf: (file) =>
        held.has(file.sha256) ? `${origin}${fileAddress(accession, version, file.path)}` : undefined,
      lost: {
        among: async (files) =>
          new Map(
            (await services().lostFiles.marked(accession, files)).flatMap(({ sha256, lost }) =>
              lost ? [[sha256, lost] as const] : [],
            ),
          ),
        addressOf: (path) => `${origin}${fileAddress(accession, version, path)}`,
      },
      addressOf: isNamed ? (path) => `${origin}${fileAddress(accession, version, path)}` : undefined,
    });
    return sendBag(c, bag) as never;
  });
}

const fileAddress = (accession: string, version: number, path: string) =>
  [apiBase, 'studies', accession, 'versions', version, 'files', ...path.split('/').map(encodeURIComponent)].join('/');

/** What the crate in the bag tells: the version by itself, not what came to be said of it elsewhere, so that it stays the same. */
function describing(found: FoundVersion, state: StateOfStudy, origin: string): BagRequest['describe'] {
  return (files, references) => {
    const place = { url: `${origin}${pagePath(found)}`, publisher: 'Micrarium' };
    const graph = publicGraph(graphOfStudy({ ...found, files, references }, place));
    stateAccess(graph, state);
    return graph;
  };
}

/** Answers with a bag or a range of it, made while it is sent. @throws Problem `range-outside` */
function sendBag(c: HttpContext, { fileName, mediaType, size, tag, bytes }: PackedBag): Response {
  const headers: Record<string, string> = {
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'Content-Range, ETag, Content-Length',
    'cache-control': cacheControl,
    'content-type': mediaType,
    'content-disposition': disposition('attachment', fileName),
    'accept-ranges': tag === undefined ? 'none' : 'bytes',
    ...(tag === undefined ? {} : { etag: `"${tag}"` }),
  };
  if (tag !== undefined && matchesTag(c.req.header('if-none-match'), `"${tag}"`))
    return new Response(null, { status: 304, headers });
  const range = tag === undefined ? undefined : partAsked(c, tag, size);
  headers['content-length'] = String(range ? range.end - range.start + 1 : size);
  if (range) headers['content-range'] = `bytes ${range.start}-${range.end}/${size}`;
  const status = range ? 206 : 200;
  if (c.req.method === 'HEAD') return new Response(null, { status, headers });
  const stream = ReadableStream.from(bytes(range, c.req.raw.signal)) as unknown as BodyInit;
  return new Response(stream, { status, headers });
}
