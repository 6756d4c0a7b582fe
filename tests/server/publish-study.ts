import { apiBase, routes } from '@micrarium/api';
import { completeMetadata } from './complete-metadata.ts';
import { eventually, type Harness } from './harness.ts';

/** Files that are read in no time: a table of tracks. */
export const trackTable = 'frame,track,x,y\n0,1,1,1\n1,1,2,2\n2,1,4,3\n';

/** Deposits files into a draft and waits until they are read. */
export async function fillDraft(
  harness: Harness,
  token: string,
  draft: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, body] of Object.entries(files)) {
    const answer = await harness.request(`${apiBase}/drafts/${draft}/files/${path}`, {
      method: 'PUT',
      body,
      as: token,
    });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
  await eventually(async () => {
    const { items, files: counted } = await harness.client(token).call(routes.getDraft, { params: { draft } });
    const states = items.map((item) => item.ingest?.state ?? 'waiting');
    const recognised = items.reduce((sum, item) => sum + item.files.length, 0);
    return recognised === counted.count && states.every((state) => state === 'done' || state === 'kept');
  });
}

/** What a further version must say. */
export const furtherVersion = (note: string) => ({
  note,
  changeKinds: ['addition' as const],
  earlierResults: 'hold' as const,
});

/** Saves metadata (and a note) so that nothing is missing. */
export async function describeDraft(
  harness: Harness,
  token: string,
  draft: string,
  title: string,
  note?: string,
): Promise<void> {
  const client = harness.client(token);
  const { revision } = await client.call(routes.getDraft, { params: { draft } });
  await client.call(routes.saveDraft, {
    params: { draft },
    body: { metadata: completeMetadata(title), ...(note === undefined ? {} : furtherVersion(note)) },
    headers: { 'if-match': `"${revision}"` },
  } as never);
}

/** Publishes a study as a depositor would. @returns its accession */
export async function publishStudy(
  harness: Harness,
  token: string,
  title: string,
  files: Readonly<Record<string, string>> = { 'tracks.csv': trackTable },
): Promise<string> {
  const client = harness.client(token);
  const { id, accession } = await client.call(routes.createDraft, {});
  await fillDraft(harness, token, id, files);
  await describeDraft(harness, token, id, title);
  await client.call(routes.publishDraft, { params: { draft: id } });
  return accession;
}

/** Publishes the next version of a study, with further files. */
export async function publishNext(
  harness: Harness,
  token: string,
  accession: string,
  title: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const client = harness.client(token);
  const { id } = await client.call(routes.newDraftVersion, { params: { accession } });
  await fillDraft(harness, token, id, files);
  await describeDraft(harness, token, id, title, 'More files');
  await client.call(routes.publishDraft, { params: { draft: id } });
}
