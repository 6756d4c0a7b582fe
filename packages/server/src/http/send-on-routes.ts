import { routes } from '@micrarium/api';
import { mostFilesOfStudy } from '@micrarium/model';
import { can } from '@micrarium/repository';
import { graphOfStudy, readForeignAccession, sendOnPackage, type StudyGraph } from '@micrarium/standards';
import { stateAccess } from '../access/stated-access.ts';
import { recordSentOn, sentOnOf } from '../plans/sent-on.ts';
import { studyResource } from '../access/study-resource.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { zipOf } from './landing/metadata-routes.ts';
import { previewLink } from './private-reading.ts';
import { Problem } from './problems.ts';
import { mounted, originOf } from './route.ts';
import { type FoundVersion, versionFor } from './study-access.ts';

/** Files that a package lists: all of a version. */
const mostFiles = mostFilesOfStudy;

/** Sending a published study on to another archive: package, checks, and the accession that came back. */
export function sendOnRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const graphOf = async (c: HttpContext, accession: string, version: number): Promise<StudyGraph> => {
    const shown = await versionFor(c, services(), accession, version);
    // Archives ask for an address; whoever sends the study on may give that of its people, others do not see it.
    const whole =
      (await mayRecord(c, services(), accession)) && (await services().studies.getVersion(accession, version));
    const values = whole ? { ...whole.metadata.values, ...doiOf(shown) } : shown.metadata.values;
    const found = { ...shown, metadata: { ...shown.metadata, values } };
    const files = await services().studies.listVersionFiles(accession, version, { limit: mostFiles });
    const url = `${originOf(c, kernel.config.publicUrl)}/studies/${accession}/v/${version}`;
    const graph = graphOfStudy({ ...found, files }, { url, publisher: 'Micrarium' });
    stateAccess(graph, await services().states.of(accession));
    return graph;
  };

  app.openapi(mounted(routes.listSentOn), async (c) => {
    const { accession } = c.req.valid('param');
    await versionFor(c, services(), accession, 'newest');
    // Under the accession of another archive the people are named.
    const sentOn = previewLink()?.hidesNames ? [] : await sentOnOf(services().db, accession);
    return c.json({ sentOn, canRecord: await mayRecord(c, services(), accession) }, 200, {
      'cache-control': 'private, no-store',
    });
  });

  app.openapi(mounted(routes.recordSentOn), async (c) => {
    const { accession, archive } = c.req.valid('param');
    if (c.var.subject.kind === 'anonymous') throw new Problem('not-signed-in');
    await versionFor(c, services(), accession, 'newest');
    if (!(await mayRecord(c, services(), accession)))
      throw new Problem('not-allowed', 'Only who deposited this study, or a curator, may do this.');
    const typed = c.req.valid('json').accession;
    const theirs = readForeignAccession(archive, typed);
    if (theirs === undefined && typed.trim() !== '')
      throw new Problem('incomplete', `“${typed.trim().slice(0, 60)}” is no accession of this archive.`);
    await recordSentOn(services().db, { accession, archive, theirs, by: c.var.caller?.user.id ?? '' });
    return c.json({ sentOn: await sentOnOf(services().db, accession), canRecord: true }, 200, {
      'cache-control': 'private, no-store',
    });
  });

  app.openapi(mounted(routes.checkSendOn), async (c) => {
    const { accession, version, archive } = c.req.valid('param');
    const { files, checks, findings } = sendOnPackage(archive, await graphOf(c, accession, version));
    return c.json(
      {
        files: [...files].map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text).length })),
        checks: checks.map(({ label, labels, obligation, isThere }) => ({ label, labels, obligation, isThere })),
        findings,
      },
      200,
      { 'cache-control': 'private, no-store' },
    );
  });

  app.openapi(mounted(routes.getSendOnPackage), async (c) => {
    const { accession, version, archive } = c.req.valid('param');
    const { files } = sendOnPackage(archive, await graphOf(c, accession, version));
    return c.body(await zipOf(files), 200, {
      'content-type': 'application/zip',
      'cache-control': 'private, no-store',
      'content-disposition': `attachment; filename="${accession}-v${version}-${archive}.zip"`,
    }) as never;
  });
}

/** The DOI of the study, which its metadata may not name themselves. */
function doiOf({ metadata }: FoundVersion): { doi?: string } {
  const { doi } = metadata.values;
  return typeof doi === 'string' ? { doi } : {};
}

async function mayRecord(c: HttpContext, services: Services, accession: string): Promise<boolean> {
  const { subject } = c.var;
  const study = await studyResource(services, subject, accession);
  return can(subject, 'study.curate', study) || can(subject, 'study.new-version', study);
}
