import { archivesJa } from './ja-archives.ts';
import { depositJa } from './ja-deposit.ts';
import { imagesJa } from './ja-images.ts';
import { lossesJa } from './ja-losses.ts';
import { metadataJa } from './ja-metadata.ts';
import { objectsJa } from './ja-objects.ts';
import { problemsJa, requestFaultsJa } from './ja-problems.ts';
import { tablesJa } from './ja-tables.ts';
import { tracksJa } from './ja-tracks.ts';
import { trainingJa } from './ja-training.ts';
import type { IssueTexts, ServerTexts } from './issue-texts.ts';

const issues: IssueTexts = {
  ...archivesJa,
  ...depositJa,
  ...imagesJa,
  ...lossesJa,
  ...metadataJa,
  ...objectsJa,
  ...tablesJa,
  ...tracksJa,
  ...trainingJa,
};

/** Japanese texts of every issue code and every problem. */
export const serverTextsJa: ServerTexts = { issues, problems: problemsJa, requests: requestFaultsJa };
