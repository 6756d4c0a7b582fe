import { api, routes } from '../app/api.ts';

/** A challenge with its board. */
export type Challenge = Awaited<ReturnType<typeof askChallenge>>;

/** A result on the board. */
export type Submission = Challenge['submissions'][number];

/** Asks for the challenge of a study. */
export const askChallenge = (accession: string, signal?: AbortSignal) =>
  api.call(routes.getChallenge, { params: { accession }, ...(signal ? { signal } : {}) });

/** Asks for a published version; the newest where none is named. */
export const askVersion = (accession: string, version?: number) =>
  version === undefined
    ? api.call(routes.getStudy, { params: { accession } })
    : api.call(routes.getVersion, { params: { accession, version } });

/** `ACCESSION/VERSION/ITEM/PART` of the first set of a data set; `undefined` where it holds none. */
export async function setOfDataset(accession: string, version: number, dataset: string): Promise<string | undefined> {
  const { datasets, items } = await askVersion(accession, version);
  const ids = datasets.find(({ id }) => id === dataset)?.quantitativeItems ?? [];
  const item = items.find(({ id, trackSets }) => ids.includes(id) && trackSets.length > 0);
  return item && `${accession}/${version}/${item.id}/${item.trackSets[0]!.part}`;
}

/** Where a set named `ACCESSION/VERSION/ITEM/PART` lies. */
export function placeOfSet(set: string): { accession: string; version: number; item: string; part: number } {
  const [accession = '', version, item = '', part] = set.split('/');
  return { accession, version: Number(version), item, part: Number(part) };
}
