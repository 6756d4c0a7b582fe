import { expect, test } from 'vitest';
import { likelyAnswers, plainTitle } from './challenge-answer.ts';

type Study = Parameters<typeof likelyAnswers>[1];
type Reference = Parameters<typeof likelyAnswers>[0][number];

const mask = { sizes: { t: 1, c: 1, z: 1, y: 8, x: 8 }, type: 'uint16' };

/** A study of label images, or of tracks, each a data set of its own. */
const studyOf = (paths: readonly string[]): Study =>
  ({
    items: paths.map((path) => ({
      id: path,
      path,
      format: 'tiff',
      images: path.endsWith('.csv') ? [] : [mask],
      trackSets: path.endsWith('.csv') ? [{ part: 0 }] : [],
    })),
    datasets: paths.map((path) => ({
      id: `d-${path}`,
      title: path.slice(path.lastIndexOf('/') + 1),
      imageItems: path.endsWith('.csv') ? [] : [path],
      quantitativeItems: path.endsWith('.csv') ? [path] : [],
    })),
  }) as unknown as Study;

const truth = (metric: Reference['metric'], ...titles: string[]) =>
  titles.map((title) => ({ dataset: title, title, metric }) as Reference);

test('file names are of one name but for what tells truth and results apart', () => {
  for (const title of ['A1_mask.png', 'a1.tif', 'a1_cp_masks.ome.tif', 'pred a1.tiff'])
    expect(plainTitle(title)).toBe('a1');
  expect(plainTitle('masks.tif')).toBe('masks');
  expect(plainTitle('strength_07.tif')).toBe('strength 07');
});

test('each mask is answered by the result of its name, not by the image beside it', () => {
  const study = studyOf(['images/a.tif', 'results/a.tif', 'images/b.tif', 'results/b_pred.tif']);
  expect(likelyAnswers(truth('instance segmentation', 'a.tif', 'b_mask.tif', 'c.tif'), study)).toEqual({
    'a.tif': 'd-results/a.tif',
    'b_mask.tif': 'd-results/b_pred.tif',
    'c.tif': '',
  });
});

test('a result that is called so goes before the image of the very name of the truth', () => {
  const study = studyOf(['images/gland.tif', 'pred/gland_pred.tif', 'images/tip.tif']);
  expect(likelyAnswers(truth('instance segmentation', 'gland.tif', 'tip.tif'), study)).toEqual({
    'gland.tif': 'd-pred/gland_pred.tif',
    'tip.tif': 'd-images/tip.tif',
  });
});

test('tracks are answered by tracks, also where the film is called as the truth', () => {
  const study = studyOf(['film.tif', 'mine.csv']);
  expect(likelyAnswers(truth('particle tracking', 'film.tif'), study)).toEqual({ 'film.tif': 'd-mine.csv' });
});
