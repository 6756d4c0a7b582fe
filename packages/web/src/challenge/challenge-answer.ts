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

type Study = Awaited<ReturnType<typeof askVersion>>;
type Reference = Challenge['references'][number];

/** Ground truth above which it is folded: a set as those of the BBBC has hundreds. */
export const manyReferences = 6;

const marks =
  /(?<![a-z])(cp|masks?|labels?|labell?ed|seg|segm|segmented|segmentations?|annot|annotated|annotations?|truth|gt|pred|predicted|predictions?|res|results?|instances?)(?![a-z])/g;

/** What a file is called without its ending and the words that tell images, truth and results apart: `A1_mask.png` and `a1.tif` are of one name. */
export function plainTitle(title: string): string {
  const stem = title.toLowerCase().replace(/(\.ome)?\.[a-z]{2,5}\d?$/, '');
  const name = stem
    .replace(marks, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return name === '' ? stem : name;
}

/** Does a data set hold what results of a family are? */
function canAnswer(metric: Reference['metric'], dataset: Study['datasets'][number], items: Study['items']): boolean {
  const ids = new Set([...dataset.imageItems, ...dataset.quantitativeItems]);
  const held = items.filter(({ id }) => ids.has(id));
  switch (metric) {
    case 'cell tracking':
      return held.some(({ format }) => format === 'ctc');
    case 'instance segmentation':
      return held.some(
        ({ format, images }) =>
          format === 'ctc' ||
          (images.length > 0 && images.every(({ sizes, type }) => sizes.c === 1 && type.startsWith('uint'))),
      );
    case 'particle tracking':
    case 'localisation':
      return held.some(({ trackSets }) => trackSets.length > 0);
    case 'classification':
      return held.some(({ tables }) => (tables ?? []).length > 0);
  }
}

/**
 * The data set of a result that most likely answers each ground truth: the one of its title, or of its name, that can; the only one that
 * can where there is one ground truth. Images beside their masks are called alike: then what is called a mask or a result is meant.
 */
export function likelyAnswers(references: readonly Reference[], study: Study): Record<string, string> {
  const { datasets, items } = study;
  const paths = new Map(items.map(({ id, path }) => [id, path]));
  const isMarked = ({ imageItems, quantitativeItems }: Study['datasets'][number]) =>
    [...imageItems, ...quantitativeItems].some((id) => /mask|label|seg|pred|result/i.test(paths.get(id) ?? ''));
  const only = (...lists: Study['datasets'][]) => lists.find(({ length }) => length === 1)?.[0]!.id;
  const able = new Map<string, Study['datasets']>();
  return Object.fromEntries(
    references.map(({ dataset, title, metric }) => {
      const those = able.get(metric) ?? datasets.filter((one) => canAnswer(metric, one, items));
      able.set(metric, those);
      const alike = those.filter((one) => plainTitle(one.title) === plainTitle(title));
      const same = alike.filter((one) => one.title === title);
      const rest = references.length === 1 ? [those.filter(isMarked), those] : [];
      const found = only(alike.filter(isMarked), same, alike, ...rest);
      return [dataset, found ?? ''];
    }),
  );
}

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
