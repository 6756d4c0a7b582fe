import { ReadableStream } from 'node:stream/web';
import type { StudyFile } from '@micrarium/model';
import { membershipsOf } from '../../collections/memberships.ts';
import type { Application } from '../app.ts';
import type { HttpContext } from '../context.ts';
import type { Kernel, Services } from '../kernel.ts';
import { previewLink } from '../private-reading.ts';
import { originOf } from '../route.ts';
import { labelled, versionFor, versionOfLabel } from '../study-access.ts';
import { linkSetPieces, linkSetTextPieces, linksToFiles, type Signpost, signposts } from './signposts.ts';

/** Files asked for at once. */
const filesAtOnce = 1000;

async function* encoded(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield Buffer.from(piece);
}

/** `/studies/ACCESSION/v/N/linkset` and `linkset.txt`: all links of a version, every file among them, made while they are sent. */
export function linkSetRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  /** Links of the version itself, and a walk over those to its files, which is made anew each time it is asked for. */
  const linksOf = async (c: HttpContext) => {
    const { version, minor } = versionOfLabel(c.req.param('version'));
    const { studies, dois, db } = services();
    const found = await versionFor(c, services(), c.req.param('accession') ?? '', version, minor);
    const [versions, registered, { collections }] = await Promise.all([
      studies.listVersions(found.accession),
      dois?.registered(found.accession),
      membershipsOf(db, found.accession),
    ]);
    const origin = originOf(c, kernel.config.publicUrl);
    const links = signposts(found, {
      files: [],
      origin,
      dois: registered,
      newest: Math.max(found.version, ...versions.map((one) => one.version)),
      collections: previewLink() ? [] : collections.map(({ id }) => id),
    });
    async function* items(): AsyncGenerator<Signpost[]> {
      let files: StudyFile[];
      let after: string | undefined;
      do {
        const page = after === undefined ? { limit: filesAtOnce } : { after, limit: filesAtOnce };
        files = await studies.listVersionFiles(found.accession, found.version, page);
        yield linksToFiles(found, files, origin);
        after = files.at(-1)?.path;
      } while (files.length === filesAtOnce);
    }
    return { links, items };
  };
  const answered = (c: HttpContext, pieces: AsyncGenerator<string>, mediaType: string) => {
    const headers = { 'content-type': mediaType, 'access-control-allow-origin': '*' };
    if (c.req.method === 'HEAD') return c.body(null, 200, headers);
    return new Response(ReadableStream.from(encoded(pieces)) as unknown as BodyInit, { headers });
  };
  app.get(`/studies/:accession/v/${labelled}/linkset`, async (c) => {
    const { links, items } = await linksOf(c);
    return answered(c, linkSetPieces(links, items), 'application/linkset+json');
  });
  app.get(`/studies/:accession/v/${labelled}/linkset.txt`, async (c) => {
    const { links, items } = await linksOf(c);
    return answered(c, linkSetTextPieces(links, items), 'application/linkset');
  });
}
