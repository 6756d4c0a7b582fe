/** What is said of each data set in one line of the table of training material and ground truth. */
export const trainingColumns = [
  'split',
  'sampleId',
  'challengeMetric',
  'challengeGate',
  'challengeCoverage',
  'trainingTask',
] as const;

/** Fields that stand in that table, and nowhere else in the form. */
export const inTrainingTable: ReadonlySet<string> = new Set(trainingColumns);
