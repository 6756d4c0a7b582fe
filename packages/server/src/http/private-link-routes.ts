import { routes } from '@micrarium/api';
import type { StudyFile } from '@micrarium/model';
import { can, checkPrivacy, everyRow, namesLeft, previewVersion, storeWithPreview } from '@micrarium/repository';
import { declarationOfDraft, isOnRequest } from '../access/draft-declaration.ts';
import { studyResource } from '../access/study-resource.ts';
import { listPrivateLinks, makePrivateLink, revokePrivateLink } from '../auth/private-links.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted, originOf } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** A version that somebody may be led to before everybody may read it. */
interface LinkableVersion {
  version: number;
  state: 'draft' | 'embargoed';
  /** Nothing of the study is published yet, not even for a day to come, so that its names can be hidden. */
  canHideNames: boolean;
  /** Its files are not open to everybody once it is published: no link opens them before. */
  staysClosed: boolean;
  draftId?: string;
}

/** Private links: made, listed and revoked by who deposits, edits or curates the study, in person. */
export function privateLinkRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  app.openapi(mounted(routes.listPrivateLinks), async (c) => {
    const { accession } = c.req.valid('param');
    await demandLinker(c, services(), accession);
    const versions = await linkableVersions(services(), accession);
    const links = await listPrivateLinks(services().db, accession);
    return c.json(
      {
        links: links.map(({ accession: _accession, ...link }) => link),
        versions: versions.map(({ draftId: _draftId, ...version }) => version),
      },
      200,
      unstored,
    );
  });

  app.openapi(mounted(routes.makePrivateLink), async (c) => {
    const { accession } = c.req.valid('param');
    const madeBy = await demandLinker(c, services(), accession);
    const { version, ...wanted } = c.req.valid('json');
    const linkable = (await linkableVersions(services(), accession)).find((one) => one.version === version);
    if (!linkable) throw new Problem('not-found', 'A link leads to a draft, or to a version under embargo.');
    if (wanted.hidesNames && !linkable.canHideNames)
      throw new Problem(
        'state-conflict',
        'A version of this study is published with the names of who made it: a link hides them only while all of it is a draft.',
      );
    const left = await whatIsLeft(services(), linkable, wanted.hidesNames);
    const made = await makePrivateLink(services().db, { ...wanted, accession, version, madeBy });
    const { accession: _accession, ...link } = made.link;
    const address = `${originOf(c, kernel.config.publicUrl)}/private/${made.secret}`;
    return c.json({ link, address, secret: made.secret, ...left }, 201, unstored);
  });

  app.openapi(mounted(routes.revokePrivateLink), async (c) => {
    const { accession, id } = c.req.valid('param');
    await demandLinker(c, services(), accession);
    if (!(await revokePrivateLink(services().db, accession, id))) throw new Problem('not-found');
    return c.body(null, 204);
  });
}

/** Goes on for who answers for the study and who curates it, with a session. @returns the account @throws Problem */
async function demandLinker(c: HttpContext, services: Services, accession: string): Promise<string> {
  const { caller, subject } = signedIn(c);
  const { studies } = services;
  const study = await studyResource(services, subject, accession);
  if (can(subject, 'study.link', study) && (await isThere(services, accession))) return caller.user.id;
  // That there is a draft is nobody else's business.
  const isPublic = (await studies.getVersion(accession, 'newest')) !== undefined;
  throw isPublic
    ? new Problem('not-allowed', 'Only who deposits, edits or curates this study may do this, signed in on the page.')
    : new Problem('not-found');
}

async function isThere({ db }: Services, accession: string): Promise<boolean> {
  const row = await db.selectFrom('study').select('accession').where('accession', '=', accession).executeTakeFirst();
  return row !== undefined;
}

async function linkableVersions({ db, studies, states }: Services, accession: string): Promise<LinkableVersion[]> {
  const [draft, published, state] = await Promise.all([
    db
      .selectFrom('draft')
      .select(['id', 'version'])
      .where('accession', '=', accession)
      .where('state', 'in', ['editing', 'publishing'])
      .where('minor', 'is', null)
      .executeTakeFirst(),
    studies.listVersions(accession),
    states.of(accession),
  ]);
  const canHideNames = published.length === 0;
  const declared = draft && (await declarationOfDraft(db, draft.id));
  const staysClosed = state.state === 'controlled' || (declared !== undefined && isOnRequest(declared));
  return [
    ...(draft
      ? [{ version: draft.version, state: 'draft' as const, canHideNames, staysClosed, draftId: draft.id }]
      : []),
    ...(state.state === 'embargoed'
      ? published.map(({ version }) => ({ version, state: 'embargoed' as const, canHideNames, staysClosed: false }))
      : []),
  ];
}

/** What the maker of a link that hides names is told of them. */
interface LeftOfNames {
  /** Where a name still stands. */
  namesLeft: string[];
  /** Files that the link leaves out, for persons are named inside them. */
  leftOut: string[];
}

/** Where names still stand in a draft that a link shows without names. @throws Problem while found private details await a decision */
async function whatIsLeft(services: Services, { draftId }: LinkableVersion, hidesNames: boolean): Promise<LeftOfNames> {
  const draft = draftId === undefined ? undefined : await services.studies.getDraft(draftId);
  if (!draft) return { namesLeft: [], leftOut: [] };
  const issues = checkPrivacy((await services.studies.listTellingItems(draft.id)).map(({ item }) => item));
  if (issues.length > 0)
    throw new Problem('state-conflict', 'Private details were found in the files. Decide on the deposit page first.', {
      issues,
    });
  if (!hidesNames) return { namesLeft: [], leftOut: [] };
  const preview = await previewVersion(services, draft, true);
  const { accession, version } = draft;
  const shown = storeWithPreview(services.studies, preview);
  const files = everyRow((page) => shown.listVersionFiles(accession, version, page));
  const left = await namesLeft(preview.version, files, draft.metadata, textsOf(services));
  return { namesLeft: left, leftOut: [...preview.leftOut].slice(0, mostNamed) };
}

/** Files named one by one to who makes a link. */
const mostNamed = 100;

/** Bytes of texts that are looked through for names, each and together. */
const [longestText, longestTexts] = [256 * 1024, 8 * 1024 * 1024];
const textFiles =
  /(?:^|\/)(?:readme|licen[cs]e|authors|contributors|notes?|methods?)[^/]*$|\.(?:md|txt|rst|xml|json|ya?ml|cff)$/i;

/** Tells what README files and the like among the files say, one after the other until enough was read. */
function textsOf({ blobs }: Services): (file: StudyFile) => Promise<string | undefined> {
  let left = longestTexts;
  return async ({ path, size, sha256 }) => {
    if (size === 0 || size > Math.min(longestText, left) || !textFiles.test(path)) return undefined;
    left -= size;
    const source = await blobs.open(sha256).catch(() => undefined);
    if (!source) return undefined;
    try {
      return new TextDecoder().decode(await source.read(0, size));
    } finally {
      await source.close();
    }
  };
}
