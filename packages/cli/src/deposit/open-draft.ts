import { ApiError, type Client, type DepositDraft, routes } from '@micrarium/api';
import { UsageError } from '../terminal.ts';
import type { DepositMemory } from './deposit-memory.ts';
import type { DigestedFile } from './local-files.ts';

/** Where a deposit goes: into a draft, or nowhere since it was published already. */
export type Destination =
  | { kind: 'draft'; draft: DepositDraft; how: 'new' | 'continued' | 'asked' }
  | { kind: 'published'; draft: DepositDraft };

const isMissing = (fault: unknown) => fault instanceof ApiError && fault.status === 404;

async function draftById(client: Client, draft: string): Promise<DepositDraft | undefined> {
  return await client.call(routes.getDraft, { params: { draft } }).catch((fault: unknown) => {
    if (isMissing(fault)) return undefined;
    throw fault;
  });
}

/** The draft of a study that is open already; what is not published has no other address. */
async function openDraftOf(client: Client, accession: string): Promise<DepositDraft | undefined> {
  for (let cursor: string | undefined; ; ) {
    const page = await client.call(routes.listDrafts, { query: cursor === undefined ? {} : { cursor } });
    const found = page.drafts.find((draft) => draft.accession === accession && draft.state === 'editing');
    if (found) return await draftById(client, found.id);
    if (page.nextCursor === null) return undefined;
    cursor = page.nextCursor;
  }
}

async function askedDraft(client: Client, study: string): Promise<DepositDraft> {
  const draft = (await draftById(client, study)) ?? (await openDraftOf(client, study));
  if (draft) return draft;
  return await client.call(routes.newDraftVersion, { params: { accession: study } }).catch((fault: unknown) => {
    if (isMissing(fault)) throw new UsageError(`there is no study or draft ${study} that you may deposit into`);
    throw fault;
  });
}

/** Does the published version hold exactly these files? */
async function holds(client: Client, draft: DepositDraft, files: readonly DigestedFile[]): Promise<boolean> {
  const published = new Map<string, string>();
  for (let cursor: string | undefined; ; ) {
    const { accession, version } = draft;
    const query = { limit: 1000, ...(cursor === undefined ? {} : { cursor }) };
    const page = await client.call(routes.listFiles, { params: { accession, version }, query });
    for (const { path, sha256 } of page.files) published.set(path, sha256);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  return files.every(({ path, sha256 }) => published.get(path) === sha256);
}

/**
 * Finds or opens the draft a deposit goes into: the one asked for by draft id or accession, a new one, or by default the
 * one that these paths went to before.
 * @param files those that are deposited; left out where the server brings them, and nobody knows yet whether they are others than before
 * @throws UsageError where there is no such study, or where it is not clear whether a new version or a new study is meant
 */
export async function openDraft(
  client: Client,
  study: string | undefined,
  memory: DepositMemory,
  files?: readonly DigestedFile[],
): Promise<Destination> {
  if (study !== undefined && study !== 'new') {
    const draft = await askedDraft(client, study);
    if (draft.state !== 'editing') throw new UsageError(`draft ${draft.id} takes no more files: it is ${draft.state}`);
    return { kind: 'draft', draft, how: 'asked' };
  }
  const before = study === undefined ? memory.draft() : undefined;
  const draft = before === undefined ? undefined : await draftById(client, before);
  if (draft?.state === 'editing') return { kind: 'draft', draft, how: 'continued' };
  if (draft && (files === undefined || (await holds(client, draft, files)))) return { kind: 'published', draft };
  if (draft)
    throw new UsageError(
      `these paths were published before, as ${draft.accession}, and have changed since: ` +
        `--study ${draft.accession} makes a new version of it, --study new another study`,
    );
  return { kind: 'draft', draft: await client.call(routes.createDraft, {}), how: 'new' };
}
