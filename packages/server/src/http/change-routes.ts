import { routes, translator } from '@micrarium/api';
import { type StudyMetadata, type VersionNote, versionLabel, versionNoteOf } from '@micrarium/model';
import { changedFields, compareFiles, type ComparedFile, everyRow, type VersionChanges } from '@micrarium/repository';
import { labelOfKey } from '@micrarium/standards';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { draftFor } from './draft-access.ts';
import { chosenLanguage, framedPage } from './frame/page-frame.ts';
import { bundleSheets } from './frame/page-sheets.ts';
import type { Kernel, Services } from './kernel.ts';
import { changesContent } from './landing/changes-content.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';
import { type FoundVersion, labelled, versionFor, versionOfLabel } from './study-access.ts';

/** Differences with the words that pages show for fields. */
export interface ToldChanges extends Omit<VersionChanges, 'fields'>, VersionNote {
  from: number;
  to: number;
  /** How they are called: `2`, or `2.1` of a revision of the metadata. */
  fromLabel: string;
  toLabel: string;
  fields: (VersionChanges['fields'][number] & { label: { en: string; ja: string } })[];
}

interface Side {
  said: VersionNote;
  metadata: StudyMetadata;
  version: number;
  minor?: number | undefined;
  files: AsyncIterable<ComparedFile>;
  /** Of a published version: revisions of its metadata share them. */
  fileCount?: number;
}

async function differences(before: Side, after: Side): Promise<ToldChanges> {
  const fields = changedFields(before.metadata, after.metadata).map((one) => ({
    ...one,
    label: labelOfKey(one.field),
  }));
  // Revisions of one version have the same files, however many.
  const isSame = before.version === after.version && after.fileCount !== undefined;
  const counts = { added: 0, removed: 0, changed: 0, moved: 0, same: after.fileCount ?? 0 };
  const files = isSame ? { counts, files: [], isWhole: true } : await compareFiles(before.files, after.files);
  const [fromLabel, toLabel] = [versionLabel(before), versionLabel(after)];
  return { from: before.version, to: after.version, fromLabel, toLabel, ...after.said, fields, ...files };
}

/** A published version, as it is compared. */
function published({ studies }: Services, found: FoundVersion): Side {
  const { accession, version, minor, metadata, fileCount } = found;
  const files = everyRow((page) => studies.listVersionFiles(accession, version, page));
  return { said: versionNoteOf(found), metadata, version, minor, files, fileCount };
}

/** A version, or one revision of its metadata. */
interface Place {
  version: number;
  minor?: number | undefined;
}

/**
 * A version and what differs from an older one: the one that is named, or else the revision before, or else the version before.
 * @throws Problem `not-found`
 */
async function between(c: HttpContext, services: Services, accession: string, to: Place, from?: Place) {
  const after = await versionFor(c, services, accession, to.version, to.minor);
  const { minor = 0 } = after;
  const older = from ?? (minor > 0 ? { version: after.version, minor: minor - 1 } : { version: after.version - 1 });
  const before = older.version < 1 ? undefined : await versionFor(c, services, accession, older.version, older.minor);
  const isOlder =
    before && (before.version < after.version || (before.version === after.version && (before.minor ?? 0) < minor));
  if (!isOlder) throw new Problem('not-found', 'There is no version before this one.');
  return { after, told: await differences(published(services, before), published(services, after)) };
}

/** What differs between versions, for programs. */
export function changeRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.getVersionChanges), async (c) => {
    const { accession, version } = c.req.valid('param');
    const { from, fromMinor, minor } = c.req.valid('query');
    const older = from === undefined ? undefined : { version: from, minor: fromMinor };
    const { told } = await between(c, services(), accession, { version, minor }, older);
    return c.json(told as never, 200, { 'cache-control': 'public, max-age=60' });
  });
  app.openapi(mounted(routes.getDraftChanges), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    const newest = await services().studies.getVersion(draft.accession, 'newest');
    if (!newest) throw new Problem('not-found', 'This study has no published version yet.');
    const { studies } = services();
    const files = everyRow(async (page) =>
      (await studies.listFiles(draft.id, page)).map(({ path, size, sha256 }) => ({
        path,
        size,
        sha256: sha256 ?? undefined,
      })),
    );
    const told = await differences(published(services(), newest), {
      said: versionNoteOf(draft),
      metadata: draft.metadata,
      version: draft.version,
      minor: draft.minor,
      files,
    });
    return c.json(told as never, 200, { 'cache-control': 'private, no-store' });
  });
}

/** The same as a page that needs no script; it shows what is published, to nobody in particular. */
export function changesPage(app: Application, kernel: Kernel, services: () => Services): void {
  app.get(`/studies/:accession/v/${labelled}/changes`, async (c) => {
    const from = c.req.query('from');
    const isNamed = from !== undefined && /^[1-9][0-9]{0,8}(?:\.[0-9]{1,6})?$/.test(from);
    const { after, told } = await between(
      c,
      services(),
      c.req.param('accession'),
      versionOfLabel(c.req.param('version')),
      isNamed ? versionOfLabel(from) : undefined,
    );
    const language = chosenLanguage(c);
    const text = translator(language);
    const title = `${text('care.changes', { from: told.fromLabel, to: told.toLabel })} · ${after.accession} · Micrarium`;
    const inOtherLanguage = `${c.req.path}?from=${told.fromLabel}&lang=${language === 'en' ? 'ja' : 'en'}`;
    const sheets = await bundleSheets(kernel.webBundle());
    const versions = await services().studies.listVersions(after.accession);
    const content = changesContent({ changes: told, version: after, versions, language, text });
    return await c.html(framedPage({ language, text, sheets, title, inOtherLanguage }, content));
  });
}
