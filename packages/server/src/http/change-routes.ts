import { routes, translator } from '@micrarium/api';
import type { StudyMetadata } from '@micrarium/model';
import { changedFields, compareFiles, type ComparedFile, everyRow, type VersionChanges } from '@micrarium/repository';
import { metadataFieldById, splitValueKey } from '@micrarium/standards';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { draftFor } from './draft-access.ts';
import { chosenLanguage, framedPage } from './frame/page-frame.ts';
import { bundleSheets } from './frame/page-sheets.ts';
import type { Kernel, Services } from './kernel.ts';
import { changesContent } from './landing/changes-content.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';
import { type FoundVersion, versionFor } from './study-access.ts';

/** Differences with the words that pages show for fields. */
export interface ToldChanges extends Omit<VersionChanges, 'fields'> {
  from: number;
  to: number;
  fields: (VersionChanges['fields'][number] & { label: { en: string; ja: string } })[];
}

interface Side {
  metadata: StudyMetadata;
  version: number;
  files: AsyncIterable<ComparedFile>;
}

async function differences(before: Side, after: Side): Promise<ToldChanges> {
  const fields = changedFields(before.metadata, after.metadata).map((one) => {
    const { field, dataset } = splitValueKey(one.field);
    const known = metadataFieldById(field)?.label;
    const named = (language: 'en' | 'ja') =>
      `${known?.[language] ?? field}${dataset === undefined ? '' : ` (${dataset})`}`;
    return { ...one, label: { en: named('en'), ja: named('ja') } };
  });
  const files = await compareFiles(before.files, after.files);
  return { from: before.version, to: after.version, fields, ...files };
}

/** A published version, as it is compared. */
function published({ studies }: Services, { accession, version, metadata }: FoundVersion): Side {
  return { metadata, version, files: everyRow((page) => studies.listVersionFiles(accession, version, page)) };
}

/** A version and what differs from an older one, or from the one before. @throws Problem `not-found` */
async function between(c: HttpContext, services: Services, accession: string, to: number, from: number | undefined) {
  const after = await versionFor(c, services, accession, to);
  const older = from ?? after.version - 1;
  if (older < 1 || older >= after.version) throw new Problem('not-found', 'There is no version before this one.');
  const before = await versionFor(c, services, accession, older);
  return { after, told: await differences(published(services, before), published(services, after)) };
}

/** What differs between versions, for programs. */
export function changeRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.getVersionChanges), async (c) => {
    const { accession, version } = c.req.valid('param');
    const { told } = await between(c, services(), accession, version, c.req.valid('query').from);
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
      metadata: draft.metadata,
      version: draft.version,
      files,
    });
    return c.json(told as never, 200, { 'cache-control': 'private, no-store' });
  });
}

/** The same as a page that needs no script; it shows what is published, to nobody in particular. */
export function changesPage(app: Application, kernel: Kernel, services: () => Services): void {
  app.get('/studies/:accession/v/:version{[0-9]{1,9}}/changes', async (c) => {
    const from = /^[1-9][0-9]{0,8}$/.exec(c.req.query('from') ?? '')?.[0];
    const { after, told } = await between(
      c,
      services(),
      c.req.param('accession'),
      Number(c.req.param('version')),
      from === undefined ? undefined : Number(from),
    );
    const language = chosenLanguage(c);
    const text = translator(language);
    const title = `${text('care.changes', { from: told.from, to: told.to })} · ${after.accession} · Micrarium`;
    const inOtherLanguage = `${c.req.path}?from=${told.from}&lang=${language === 'en' ? 'ja' : 'en'}`;
    const sheets = await bundleSheets(kernel.webBundle());
    const versions = await services().studies.listVersions(after.accession);
    const content = changesContent({ changes: told, version: after, versions, language, text });
    return await c.html(framedPage({ language, text, sheets, title, inOtherLanguage }, content));
  });
}
