import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { tarOf } from '@micrarium/formats';
import { type GoodRequests, soon, type Things } from './fuzz-requests.ts';
import { trackTable as table } from './publish-study.ts';

/** Good requests of the routes of drafts: files, imports, sharing and review. */
export function goodOfDrafts(things: Things): GoodRequests {
  const { ask, people, newDraft, fresh, harness } = things;
  const { owner, curator, dora } = people;
  const as = dora.cookie;
  const drop = harness.kernel.config.dropFolder;
  const dropped = () => {
    const folder = join(drop!, 'dora@example.org');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'dropped.csv'), table);
  };
  // What people can be recognised in is reviewed on every server.
  const ofPeople = async () => {
    const { draft } = await newDraft();
    await ask(as, 'PUT', `/drafts/${draft}/access`, {
      access: 'controlled',
      human: true,
      identifiable: true,
      consent: 'research',
      ethics: 'Ethics board of the lab, 12/2026',
      terms: 'To be cited, and to be given to nobody else.',
    });
    return draft;
  };
  const submitted = async () => {
    const draft = await ofPeople();
    await ask(as, 'POST', `/drafts/${draft}/review`, { step: 'submit' });
    return draft;
  };
  const emptyDraft = async () => (await harness.client(dora.token).call(routes.createDraft, {})).id;
  const shared = async () => {
    const draft = await emptyDraft();
    await ask(as, 'POST', `/drafts/${draft}/shares`, { email: 'max@example.org', access: 'view' });
    const { shares } = (await ask(as, 'GET', `/drafts/${draft}/shares`)) as { shares: { id: string }[] };
    return { draft, id: shares[0]!.id };
  };
  const zeros = '0'.repeat(64);
  const reference = (path: string) => ({ path, url: 'https://example.org/a.nd2', size: 5, sha256: zeros });
  return {
    listDrafts: () => ({ query: { limit: '5' }, as }),
    saveDraft: () => ({
      body: {
        metadata: { values: { title: fresh('Cells'), description: 'They move' }, origins: {} },
        pairs: [],
        note: 'Said anew',
        datasetTitles: {},
      },
      as,
    }),
    expectFiles: () => ({ body: { files: [{ path: `${fresh('film')}.tif`, size: 10 }] }, as }),
    listDraftFiles: () => ({ query: { limit: '5' }, as }),
    getDraftFile: () => ({ ids: { path: 'tracks.csv' }, as }),
    putDraftFile: () => ({
      ids: { path: `${fresh('more')}.csv` },
      bytes: { type: 'application/octet-stream', data: new TextEncoder().encode(table) },
      as,
    }),
    putDraftFiles: () => ({
      bytes: {
        type: 'application/x-tar',
        data: tarOf([{ path: `${fresh('notes')}.csv`, bytes: new TextEncoder().encode(table) }]),
      },
      as,
    }),
    getDraftItemContent: () => ({ ids: { path: 'tracks-0/objects.parquet' }, as }),
    setItemMapping: () => ({ body: { x: 'x', y: 'y' }, as }),
    decidePrivacy: () => ({ body: { rawText: 'accepted' }, as }),
    publishDraft: async () => ({ ids: await newDraft(fresh('Published')), as }),
    listImport: () => {
      dropped();
      return { body: { kind: 'drop-folder' }, as };
    },
    startImport: async () => {
      dropped();
      const draft = await emptyDraft();
      return { ids: { draft }, body: { source: { kind: 'drop-folder' }, files: [{ path: 'dropped.csv' }] }, as };
    },
    addReferences: () => ({ body: { references: [reference(`raw/${fresh('a')}.nd2`)] }, as }),
    shareDraft: () => ({ body: { email: 'max@example.org', access: 'edit' }, as }),
    unshareDraft: async () => ({ ids: await shared(), as }),
    takeReviewStep: async () => ({ ids: { draft: await ofPeople() }, body: { step: 'submit' }, as }),
    assignReview: async () => ({
      ids: { draft: await submitted() },
      body: { curator: ((await ask(curator, 'GET', '/me'))['user'] as { id: string }).id },
      as: curator,
    }),
    addReviewComment: () => ({ body: { text: fresh('Which dye?'), field: 'title' }, as }),
    settleReviewComment: async () => {
      const draft = await submitted();
      await ask(curator, 'POST', `/drafts/${draft}/review`, { step: 'claim' });
      await ask(curator, 'POST', `/drafts/${draft}/review/comments`, { text: 'Which dye?', mustFix: true });
      const { comments } = (await ask(curator, 'GET', `/drafts/${draft}/review`)) as { comments: { id: number }[] };
      return { ids: { draft, id: String(comments[0]!.id) }, as: curator };
    },
    takeDraftBack: async () => {
      const draft = await emptyDraft();
      await ask(as, 'DELETE', `/drafts/${draft}`);
      return { ids: { draft }, as };
    },
    getUploadParts: async () => {
      const draft = await emptyDraft();
      const path = `${fresh('part')}.bin`;
      await ask(as, 'POST', `/drafts/${draft}/files`, { files: [{ path, size: 8 }] });
      const of = (text: string) => Buffer.from(text).toString('base64');
      const headers = {
        'tus-resumable': '1.0.0',
        'upload-length': '8',
        'upload-metadata': `draft ${of(draft)},path ${of(path)}`,
      };
      const made = await harness.request(`${apiBase}/uploads`, { method: 'POST', headers, as });
      const upload = made.headers.get('location')!.split('/').at(-1)!;
      return { ids: { upload, id: upload }, as };
    },
    getDraftChanges: async () => {
      const { accession } = things;
      const { id } = await harness.client(dora.token).call(routes.newDraftVersion, { params: { accession } });
      return { ids: { draft: id }, as };
    },
    setDeclaration: () => ({
      body: { access: 'open', human: false, identifiable: false, consent: 'none', ethics: '', terms: '' },
      as,
    }),
    setRelease: () => ({ body: { embargoUntil: soon }, as }),
    beginAddition: () => ({ body: { kind: 'annotates', title: fresh('Labels') }, as: owner }),
  };
}
