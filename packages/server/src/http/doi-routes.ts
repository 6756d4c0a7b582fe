import { routes } from '@micrarium/api';
import { can, type DraftRow } from '@micrarium/repository';
import { plainTitle } from '@micrarium/standards';
import { versionDoi } from '../dois/doi-parts.ts';
import type { ListedDoi } from '../dois/due-dois.ts';
import type { AllDois, StudyDoi, StudyDois } from '../dois/study-dois.ts';
import { studyResource } from '../access/study-resource.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { draftFor } from './draft-access.ts';
import { operator } from './admin-routes.ts';
import { nextCursor, pageOf } from './cursors.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';
import { type FoundVersion, versionFor } from './study-access.ts';

const unstored = { 'cache-control': 'private, no-store' };
const noneHere = 'This installation registers no DOIs.';

/** DOIs of studies, asked for by who deposits them. */
export function doiRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  adminDoiRoutes(app, kernel, services);
  const ofDraft = async ({ accession, version }: DraftRow, dois: StudyDois | undefined) => {
    const study = await dois?.of(accession);
    return {
      isOffered: dois !== undefined,
      ...study,
      ...(study ? { versionDoi: versionDoi(study.doi, version) } : {}),
    };
  };

  app.openapi(mounted(routes.getDoi), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    return c.json(await ofDraft(draft, services().dois), 200, unstored);
  });

  app.openapi(mounted(routes.reserveDoi), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.submit');
    const { dois } = services();
    if (!dois) throw new Problem('state-conflict', noneHere);
    refuseNamed(draft);
    await dois.reserve(draft.accession);
    return c.json(await ofDraft(draft, dois), 200, unstored);
  });

  app.openapi(mounted(routes.listStudyDois), async (c) => {
    const { accession } = c.req.valid('param');
    const found = await versionFor(c, services(), accession, 'newest');
    return c.json(await doisOf(c, services(), found), 200, unstored);
  });

  app.openapi(mounted(routes.askStudyDoi), async (c) => {
    const { accession } = c.req.valid('param');
    if (c.var.subject.kind === 'anonymous') throw new Problem('not-signed-in');
    const found = await versionFor(c, services(), accession, 'newest');
    if (!(await mayAsk(c, services(), accession)))
      throw new Problem('not-allowed', 'Only who deposited this study, or a curator, may do this.');
    const { dois, studies } = services();
    if (!dois) throw new Problem('state-conflict', noneHere);
    const { dataset } = c.req.valid('json');
    if (dataset !== undefined && !found.datasets.some(({ id }) => id === dataset)) throw new Problem('not-found');
    if (!(await dois.of(accession))) refuseNamed((await studies.getVersion(accession, 'newest')) ?? found);
    await (dataset === undefined ? dois.reserve(accession) : dois.reserveDataset(accession, dataset));
    return c.json(await doisOf(c, services(), found), 200, unstored);
  });
}

/** What the owner of the installation sees of all DOIs, and does about them. */
function adminDoiRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const registrar = () => {
    const { dois } = services();
    if (!dois) throw new Problem('state-conflict', noneHere);
    return dois;
  };
  app.openapi(mounted(routes.listDois), async (c) => {
    operator(c);
    const { show = 'waiting', ...query } = c.req.valid('query');
    const { dois } = services();
    const { datacite } = kernel.config;
    if (!dois || !datacite)
      return c.json(
        { counts: { waiting: 0, refused: 0, different: 0, all: 0 }, dois: [], nextCursor: null },
        200,
        unstored,
      );
    const page = pageOf(query);
    const found = await dois.list(show, page);
    const { url, repository, prefix } = datacite;
    const answer = {
      registrar: { url, repository, prefix },
      counts: found.counts,
      dois: found.dois.map(shownToOperator),
      nextCursor: nextCursor(found.dois, page.limit, ({ doi }) => doi),
    };
    return c.json(answer, 200, unstored);
  });

  app.openapi(mounted(routes.tellDoisAgain), async (c) => {
    operator(c);
    const dois = registrar();
    const { doi } = c.req.valid('json');
    const told = await dois.again(doi?.trim().toLowerCase());
    if (doi !== undefined && told === 0) throw new Problem('not-found', 'This is no DOI of this installation.');
    inBackground(kernel, dois.drain());
    return c.json({ told }, 202, unstored);
  });

  app.openapi(mounted(routes.compareDois), (c) => {
    operator(c);
    inBackground(kernel, registrar().check({ repair: false }));
    return c.json({ started: true as const }, 202, unstored);
  });
}

/** Nobody waits for the registrar. */
function inBackground(kernel: Kernel, deed: Promise<unknown>): void {
  void deed.catch((fault: unknown) => kernel.noteFault(fault, 'registrar of DOIs'));
}

function shownToOperator({ doi, accession, version, dataset, state, isDue, tries, ...rest }: ListedDoi) {
  const { nextAt, fault, checkedAt, differences } = rest;
  return {
    doi,
    accession,
    ...(version > 0 ? { version } : {}),
    ...(dataset === '' ? {} : { dataset }),
    state,
    isDue,
    tries,
    ...(isDue && tries > 0 ? { nextAt: nextAt.toISOString() } : {}),
    ...(fault === null ? {} : { fault }),
    ...(checkedAt === null ? {} : { checkedAt: checkedAt.toISOString() }),
    ...(differences === null ? {} : { differences }),
  };
}

/** @throws Problem where the metadata name a DOI themselves */
function refuseNamed({ metadata }: Pick<FoundVersion, 'metadata'>): void {
  const named = metadata.values['doi'];
  if (typeof named === 'string' && named.trim() !== '')
    throw new Problem('state-conflict', `The metadata name a DOI already: ${named.trim()}. A study has one.`);
}

async function mayAsk(c: HttpContext, services: Services, accession: string): Promise<boolean> {
  const { subject } = c.var;
  const study = await studyResource(services, subject, accession);
  return can(subject, 'study.curate', study) || can(subject, 'study.new-version', study);
}

async function doisOf(c: HttpContext, services: Services, { accession, version, datasets, metadata }: FoundVersion) {
  const { dois } = services;
  const canAsk = await mayAsk(c, services, accession);
  const all: AllDois = (await dois?.all(accession)) ?? { versions: [], datasets: [] };
  // What the registrar says against one is told to those who can do something about it.
  const shown = ({ doi, state, fault }: StudyDoi) => ({
    doi,
    state,
    ...(canAsk && fault !== undefined ? { fault } : {}),
  });
  const { title } = metadata.values;
  const gone = all.datasets.filter(({ dataset }) => !datasets.some(({ id }) => id === dataset));
  return {
    isOffered: dois !== undefined,
    canAsk,
    title: typeof title === 'string' ? plainTitle(title) : accession,
    ...(all.study ? { study: shown(all.study) } : {}),
    // The one of a draft is nobody's business.
    versions: all.versions
      .filter((one) => one.version <= version)
      .map((one) => ({ version: one.version, ...shown(one) })),
    datasets: [
      ...datasets.map(({ id, title: name }) => {
        const doi = all.datasets.find(({ dataset }) => dataset === id);
        return { dataset: id, title: name, ...(doi ? { doi: shown(doi) } : {}) };
      }),
      ...gone.map((one) => ({ dataset: one.dataset, title: one.dataset, doi: shown(one) })),
    ],
  };
}
