import { loadServerTexts, translator } from '@micrarium/api';
import { classBalance, trainingDatasets } from '@micrarium/repository';
import {
  citationBibtex,
  citationRis,
  citationText,
  type CitedVersion,
  citedVersion,
  type ClosedFiles,
  dataUseReferences,
  figuresKey,
  filesOfFigures,
  toSchemaOrg,
} from '@micrarium/standards';
import { html } from 'hono/html';
import { levelOfAccess } from '../../access/level-of-access.ts';
import { openPartsOf, partLevelsOf, partsUpTo } from '../../access/open-parts-of.ts';
import { conditionsOf, openedSince } from '../../access/stated-access.ts';
import { membershipsOf } from '../../collections/memberships.ts';
import { shownUsage } from '../../usage/usage-report.ts';
import { datasetTitle } from '../../dois/doi-parts.ts';
import type { RegisteredDois } from '../../dois/study-dois.ts';
import { lastVerified } from '../../fixity/fixity-report.ts';
import type { Application } from '../app.ts';
import type { HttpContext } from '../context.ts';
import { sentOnOf } from '../../plans/sent-on.ts';
import { citedAdditions, madeOf } from '../addition-routes.ts';
import { changesPage } from '../change-routes.ts';
import { nextCursor, pageOf } from '../cursors.ts';
import { chosenLanguage, framedPage } from '../frame/page-frame.ts';
import { bundleSheets } from '../frame/page-sheets.ts';
import type { Kernel, Services } from '../kernel.ts';
import { hasLinkTo, leftOutOfPreview, linkOfReading, previewLink } from '../private-reading.ts';
import { Problem } from '../problems.ts';
import { originOf } from '../route.ts';
import { depositorOf } from '../../questions/authors.ts';
import { withChecks, wrongReferences } from '../../references/reference-report.ts';
import { similarStudies } from '../../similar/similar-studies.ts';
import { isHidden, type StateOfStudy } from '../../states/study-states.ts';
import { type FoundVersion, labelled, versionFor, versionOfLabel } from '../study-access.ts';
import { countedLosses } from './counted-losses.ts';
import { filePath, type LandingData, pagePath } from './landing-data.ts';
import { landingPage } from './landing-page.ts';
import { linkSetRoutes } from './link-set-routes.ts';
import { metadataRoutes } from './metadata-routes.ts';
import { formatNamed, negotiated } from './negotiated.ts';
import { headLinks, linkHeader, signposts } from './signposts.ts';

/** Files on one page. */
const filesPerPage = 100;

/** Who may have files, and for what, for programs; `undefined` where everybody may for everything that the licence allows. */
function closedFiles(state: StateOfStudy): ClosedFiles | undefined {
  const conditions = conditionsOf(state);
  const { dataUse = [] } = state.declaration ?? {};
  if (conditions === undefined && dataUse.length === 0) return undefined;
  return { ...(conditions === undefined ? {} : { conditions }), dataUse: dataUseReferences(dataUse) };
}

/** Place in a list, counted from 0. @throws Problem where it is no number */
function placeOf(asked = '0'): number {
  if (!/^\d{1,6}$/.test(asked)) throw new Problem('cursor-invalid');
  return Number(asked);
}

async function answer(
  c: HttpContext,
  kernel: Kernel,
  services: Services,
  label: string | undefined,
): Promise<Response> {
  const accession = c.req.param('accession') ?? '';
  const { version, minor } = label === undefined ? { version: 'newest' as const } : versionOfLabel(label);
  const found = await versionFor(c, services, accession, version, minor);
  // The page of a version shows the newest revision of its metadata; the address of this one shows it for ever.
  c.header('content-location', pagePath(found));
  c.header('vary', 'Accept', { append: true });
  const format = c.req.query('format');
  const other = format === undefined ? negotiated(c.req.header('accept'), found) : formatNamed(format, found);
  if (other !== undefined) return c.redirect(other, 303);
  const cursor = c.req.query('files');
  const datasetsFrom = placeOf(c.req.query('datasets'));
  const page = pageOf({ cursor, limit: filesPerPage });
  const [files, versions, losses, verified, state, sentOn, usage] = await Promise.all([
    services.studies
      .listVersionFiles(accession, found.version, page)
      .then((all) => services.quarantine.marked(all))
      .then((all) => services.lostFiles.marked(accession, all)),
    services.studies.listVersions(accession),
    countedLosses(services, found),
    lastVerified(services.db, accession),
    services.states.of(accession),
    // Where it stands under an accession of another archive, its people are named there.
    previewLink()?.hidesNames ? [] : sentOnOf(services.db, accession),
    shownUsage(services.db, accession, found.version, services.clock.now()),
  ]);
  const origin = originOf(c, kernel.config.publicUrl);
  const address = `${origin}${pagePath(found)}`;
  const cited = citedVersion(found, address);
  const language = chosenLanguage(c);
  const next = nextCursor(files, filesPerPage, (file) => file.path);
  const link = previewLink();
  const isPreview = link?.version === found.version;
  const similar = isPreview ? [] : await similarStudies(services, accession);
  const openParts = openPartsOf(state, found.items);
  const told = new Set(openParts);
  const parts = partLevelsOf(state).flatMap((level) => {
    const items = partsUpTo(state, found.items, level).filter((item) => !told.has(item));
    for (const item of items) told.add(item);
    return items.length > 0 ? [{ level, items }] : [];
  });
  const isOpen = state.state !== 'embargoed' && state.state !== 'controlled';
  const opened = openedSince(state, found.publishedAt);
  const available = opened ?? (state.state === 'embargoed' ? state.until : undefined);
  const balance =
    isOpen && trainingDatasets(found).length > 0 ? await classBalance(services, found, c.req.raw.signal) : undefined;
  const [questions, reuses, depositor, memberships, made, additions] = isPreview
    ? [[], [], undefined, undefined, [], []]
    : await Promise.all([
        services.questions.list(accession, { isAuthor: false }),
        services.reuses.confirmed(accession),
        depositorOf(services.db, accession),
        membershipsOf(services.db, accession),
        madeOf(services, found),
        citedAdditions(services, accession, origin),
      ]);
  const dois = isPreview ? undefined : await services.dois?.registered(accession);
  const references = found.referenced
    ? await withChecks(
        services.db,
        await services.studies.listVersionReferences(accession, found.version, { limit: filesPerPage }),
      )
    : [];
  const newest = Math.max(found.version, ...versions.map((one) => one.version));
  const collections = memberships?.collections.map(({ id }) => id) ?? [];
  const links = isPreview ? [] : signposts(found, { files, origin, dois, newest, collections });
  if (!isPreview) c.header('link', linkHeader(links));
  return await c.html(
    landingPage({
      language,
      text: translator(language),
      sheets: await bundleSheets(kernel.webBundle()),
      issueTexts: (await loadServerTexts(language))?.issues,
      origin,
      version: found,
      files,
      alsoFiles: await namedByFigures(services, found),
      ...(datasetsFrom > 0 ? { datasetsFrom } : {}),
      ...(next === null ? {} : { moreFiles: `${pagePath(found)}?files=${next}#files` }),
      references,
      isFirstFiles: cursor === undefined,
      versions,
      ...(verified ? { verified } : {}),
      ...(isPreview ? { privateUntil: link.expiresAt, leftOut: leftOutOfPreview().size } : {}),
      ...(linkOfReading()?.letsDownload === false ? { isOnlyLooked: true } : {}),
      ...(state.state === 'embargoed' && state.until ? { closedUntil: state.until } : {}),
      ...(isHidden(state) ? { isUnheardOf: true } : {}),
      ...(isOpen && opened !== found.publishedAt.slice(0, 10) ? { openedOn: opened } : {}),
      ...(found.referenced ? { wrongReferences: await wrongReferences(services.db, accession, found.version) } : {}),
      ...(state.state === 'controlled' ? { onRequest: state.declaration?.ethics ?? '' } : {}),
      ...(state.state === 'controlled' ? { level: levelOfAccess(state)! } : {}),
      ...(levelOfAccess(state) === 'closed' ? { contact: state.declaration?.contact ?? '' } : {}),
      isInside: hasLinkTo(accession) || c.var.knowsOf === accession,
      ...(state.declaration?.dataUse ? { dataUse: state.declaration.dataUse } : {}),
      ...(openParts.length > 0 ? { openParts } : {}),
      ...(parts.length > 0 ? { parts } : {}),
      ...(state.safe
        ? { safePictures: new Set(state.safe.flatMap(({ item, kind }) => (kind === 'pictures' ? [item] : []))) }
        : {}),
      ...(state.hiddenBadge ? { hiddenBadge: state.hiddenBadge } : {}),
      losses,
      similar,
      ...(balance ? { balance } : {}),
      questions,
      reuses,
      collections: memberships?.collections ?? [],
      communities: memberships?.communities ?? [],
      madeOf: made,
      additions,
      ...(depositor === undefined ? {} : { depositor }),
      sentOn,
      ...(isPreview ? {} : { usage }),
      citation: {
        text: citationText(cited),
        bibtex: citationBibtex(cited, reuses),
        ris: citationRis(cited, reuses),
      },
      ...(dois ? { dois: shownDois(dois, found, cited) } : {}),
      links: headLinks(links),
      schemaOrg: toSchemaOrg(
        { ...found, files },
        { page: address, home: origin, file: (path) => `${origin}${filePath(found, path)}` },
        closedFiles(state),
        { available },
      ),
    }),
  );
}

/** Files that figures name and no item does that the version holds. */
async function namedByFigures({ studies }: Services, found: FoundVersion): Promise<string[]> {
  if (found.plainItems === undefined) return [];
  const known = new Set(found.items.flatMap(({ path, files }) => [path, ...files]));
  const asked = filesOfFigures(found.metadata.values[figuresKey]).filter((path) => !known.has(path));
  const files = await Promise.all(asked.map((path) => studies.getVersionFile(found.accession, found.version, path)));
  return files.flatMap((file) => (file ? [file.path] : []));
}

/** What the page says of DOIs besides that of its version. A data set is cited as it is in this version. */
function shownDois(
  { concept, datasets }: RegisteredDois,
  found: FoundVersion,
  cited: CitedVersion,
): NonNullable<LandingData['dois']> {
  return {
    ...(concept === undefined ? {} : { concept }),
    datasets: found.datasets.flatMap((one) => {
      const doi = datasets.get(one.id);
      if (doi === undefined) return [];
      const citation = citationText({ ...cited, title: datasetTitle(cited.title, one), doi });
      return { dataset: one.id, doi, citation };
    }),
  };
}

/** A study that is not there, said to a person; programs get the problem. */
async function answerOrSay(c: HttpContext, kernel: Kernel, services: Services, label?: string): Promise<Response> {
  try {
    return await answer(c, kernel, services, label);
  } catch (fault) {
    const isMissing = fault instanceof Problem && fault.code === 'not-found';
    if (!isMissing || !(c.req.header('accept') ?? '').includes('text/html')) throw fault;
    const language = chosenLanguage(c);
    const text = translator(language);
    const content = html`<main class="wrap plain"><h1>${text('page.nothingHere')}</h1><p class="prose">${text('page.nothingHereText')}</p><p><a class="btn" href="/search">${text('page.search')}</a></p></main>`;
    const sheets = await bundleSheets(kernel.webBundle());
    const inOtherLanguage = `${c.req.path}?lang=${language === 'en' ? 'ja' : 'en'}`;
    const title = `${text('page.nothingHere')} · Micrarium`;
    return await c.html(framedPage({ language, text, sheets, title, inOtherLanguage }, content), 404);
  }
}

/** Pages of studies, written by the server: they work without scripts. */
export function landingRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  app.use('/studies/*', async (c, next) => {
    // The page shows nothing but what is published: nobody's session matters.
    c.set('subject', { kind: 'anonymous' });
    c.set('caller', undefined);
    await next();
  });
  app.get('/studies/:accession', async (c, next) => {
    if (!kernel.services()) return await next();
    return await answerOrSay(c, kernel, services());
  });
  app.get(`/studies/:accession/v/${labelled}`, async (c, next) => {
    if (!kernel.services()) return await next();
    return await answerOrSay(c, kernel, services(), c.req.param('version'));
  });
  for (const place of ['/studies/:accession', `/studies/:accession/v/${labelled}`])
    app.get(`${place}/export/:format`, async (c) => {
      const label = c.req.param('version') as string | undefined;
      const { version, minor } = label === undefined ? { version: 'newest' as const } : versionOfLabel(label);
      const found = await versionFor(c, services(), c.req.param('accession') ?? '', version, minor);
      return c.redirect(formatNamed(c.req.param('format'), found) ?? pagePath(found), 303);
    });
  metadataRoutes(app, kernel, services);
  changesPage(app, kernel, services);
  linkSetRoutes(app, kernel, services);
}
