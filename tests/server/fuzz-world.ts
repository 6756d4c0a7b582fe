import { routes } from '@micrarium/api';
import { completeMetadata } from './complete-metadata.ts';
import { goodOfDrafts } from './fuzz-drafts.ts';
import { goodOfPeople } from './fuzz-people.ts';
import { type Ask, asking, type GoodRequests, type People, type RouteName, type Things } from './fuzz-requests.ts';
import { goodOfStudies } from './fuzz-studies.ts';
import type { Harness } from './harness.ts';
import { describeDraft, fillDraft, publishNext, publishStudy, trackTable as table } from './publish-study.ts';

/** Routes that need somebody outside, with where they are tried with one that is faithful. */
export const notReached: Partial<Record<RouteName, string>> = {
  reserveDoi: 'a registrar: tests/server/dois.test.ts',
  askStudyDoi: 'a registrar: tests/server/dois.test.ts',
  compareDois: 'a registrar: tests/server/registrar.test.ts',
  tellDoisAgain: 'a registrar: tests/server/registrar.test.ts',
  acceptTerms: 'terms that changed: tests/server/levels-of-access.test.ts',
  askAddressCheck: 'a mail server: tests/server/sessions.test.ts',
  confirmAddress: 'a mail server: tests/server/sessions.test.ts',
  unlinkIdentity: 'a provider of sign-in: tests/server/sessions.test.ts',
  askStudyChange: 'two curators: tests/server/life.test.ts',
  decideStudyAsk: 'two curators: tests/server/life.test.ts',
  decideReviewEdit: 'a review with edits in place: tests/server/life.test.ts',
  reopenReviewComment: 'a review with settled comments: tests/server/life.test.ts',
  setPublicationDay: 'a review that ended: tests/server/life.test.ts',
  tickChecklist: 'a review that somebody took: tests/server/life.test.ts',
  askPasswordReset: 'a mail server: tests/server/notices.test.ts',
  tryMail: 'a mail server: tests/server/notices.test.ts',
  openQuestion: 'a mail server: tests/server/readers.test.ts',
  confirmSecondFactor: 'codes by the clock: tests/server/people.test.ts',
  endSecondFactor: 'codes by the clock: tests/server/people.test.ts',
  welcome: 'an installation without an owner: tests/server/people.test.ts',
  decidePrivacy: 'labels in a file of a microscope: tests/server/access.test.ts',
  stripItem: 'a file with tags of persons: tests/server/stripped-files.test.ts',
  getTerm: 'vocabularies: tests/server/vocabulary.test.ts',
  getCoco: 'objects paired with a film: packages/repository/src/training-exports.test.ts',
  getTrainingZarr: 'a film: packages/repository/src/training-zarr.test.ts',
};

/** What is there to be asked about, and by whom. */
export interface FuzzWorld {
  askers: (string | undefined)[];
  /** Who asks where a good request does not say it. */
  asker(name: RouteName): string;
  good: GoodRequests;
  /** Parameters of paths that no good request says. */
  ids(name: RouteName): Promise<Record<string, string>>;
  /** What `If-Match` says of a draft as it is now. */
  revision(ids: Readonly<Record<string, string>>): Promise<string>;
  /** Puts back what requests may have changed for all that come later. */
  mend(): Promise<void>;
}

/** Settings that more routes answer with. */
export function fuzzEnvironment(folder: string): Record<string, string> {
  return { MICRARIUM_DROP_FOLDER: folder };
}

/** A study whose data set says values of its own, published. */
async function publishWith(
  harness: Harness,
  token: string,
  title: string,
  values: Readonly<Record<string, string>>,
): Promise<{ accession: string; item: string; dataset: string }> {
  const client = harness.client(token);
  const { id, accession } = await client.call(routes.createDraft, {});
  await fillDraft(harness, token, id, { 'tracks.csv': table });
  const { revision, items } = await client.call(routes.getDraft, { params: { draft: id } });
  const item = items[0]!.id;
  const metadata = completeMetadata(title);
  for (const [field, value] of Object.entries(values)) metadata.values[`${field}@d-${item}`] = value;
  await client.call(routes.saveDraft, {
    params: { draft: id },
    body: { metadata },
    headers: { 'if-match': `"${revision}"` },
  } as never);
  await client.call(routes.publishDraft, { params: { draft: id } });
  return { accession, item, dataset: `d-${item}` };
}

/** Makes studies in every kind of state, people, and a good request of each route. */
export async function makeFuzzWorld(harness: Harness): Promise<FuzzWorld> {
  const ask = asking(harness);
  const { db } = harness.services;
  const [olga, dora, cora, max] = [
    await harness.member('olga', 'owner'),
    await harness.member('dora'),
    await harness.member('cora', 'curator'),
    await harness.member('max'),
  ];
  const people: People = {
    owner: olga.cookie,
    curator: cora.cookie,
    dora: { cookie: dora.cookie, token: dora.token, id: dora.user.id },
    max: { cookie: max.cookie, token: max.token, id: max.user.id },
    reader: await harness.token(dora.user.id, ['read']),
  };
  const accession = await publishStudy(harness, dora.token, 'Fuzzed');
  await publishNext(harness, dora.token, accession, 'Fuzzed', { 'more.csv': table.replace('4,3', '5,3') });
  const truth = await publishWith(harness, dora.token, 'Ground truth', {
    challengeMetric: 'particle tracking',
    challengeGate: '4',
    split: 'test',
  });
  const training = await publishWith(harness, dora.token, 'Training', { split: 'train', trainingTask: 'tracking' });
  const result = await publishWith(harness, max.token, 'A method', {});
  const closed = await closedStudy(harness, ask, dora.token);
  const item = (await ask(dora.token, 'GET', `/studies/${accession}/versions/1`))['items'] as { id: string }[];
  let count = 0;
  const fresh = (word: string) => `${word} ${++count}`;
  const newDraft = async (title = 'A draft') => {
    const { id } = await harness.client(dora.token).call(routes.createDraft, {});
    await fillDraft(harness, dora.token, id, { 'tracks.csv': table });
    await describeDraft(harness, dora.token, id, title);
    const found = await harness.client(dora.token).call(routes.getDraft, { params: { draft: id } });
    return { draft: id, item: found.items[0]!.id, revision: String(found.revision) };
  };
  let current = await newDraft();
  const things: Things = {
    harness,
    ask,
    people,
    accession,
    item: item[0]!.id,
    truth,
    training,
    result,
    closed,
    fresh,
    newDraft,
    current: () => current,
  };
  return {
    askers: [
      undefined,
      people.owner,
      people.owner,
      people.dora.cookie,
      people.dora.cookie,
      people.dora.token,
      people.curator,
      people.reader,
    ],
    asker: (name) => (routes[name].path.startsWith('/drafts') ? people.dora.cookie : people.owner),
    async revision({ draft }) {
      const row = draft === undefined ? undefined : await harness.services.studies.getDraft(draft);
      return `"${row?.revision ?? 1}"`;
    },
    good: { ...goodOfStudies(things), ...goodOfDrafts(things), ...goodOfPeople(things) },
    async ids(name) {
      const isOfDraft = routes[name].path.startsWith('/drafts');
      if (isOfDraft) {
        const row = await harness.services.studies.getDraft(current.draft);
        if (!row || row.state !== 'editing') current = await newDraft();
      }
      const ofDraft = { draft: current.draft, item: current.item };
      const ofStudy = { accession, item: things.item, dataset: `d-${things.item}` };
      const rest = { version: '1', form: 'objects.csv', path: 'tracks.csv', id: '1', image: '0', archive: 'empiar' };
      return { ...ofDraft, ...ofStudy, ...(isOfDraft ? ofDraft : {}), ...rest, requirement: 'R01', subject: 'default' };
    },
    async mend() {
      // The owner of the installation may just have withdrawn it: then nothing behind its state would be tried any more.
      await db.deleteFrom('study_state').where('accession', 'in', [accession, truth.accession]).execute();
      harness.services.states['remembered'].forget(accession);
      // A limit of next to nothing; questions and reports of one person, of which there may be so many a day.
      for (const table of ['storage_quota', 'study_question', 'study_reuse'] as const)
        await db.deleteFrom(table).execute();
    },
  };
}

/** A study whose files are given on request. */
async function closedStudy(harness: Harness, ask: Ask, token: string): Promise<string> {
  const { id, accession } = await harness.client(token).call(routes.createDraft, {});
  await fillDraft(harness, token, id, { 'tracks.csv': table });
  await describeDraft(harness, token, id, 'On request');
  await ask(token, 'PUT', `/drafts/${id}/access`, {
    access: 'controlled',
    human: false,
    identifiable: false,
    consent: 'none',
    ethics: '',
    terms: 'To be cited, and to be given to nobody else.',
  });
  await harness.client(token).call(routes.publishDraft, { params: { draft: id } });
  return accession;
}
