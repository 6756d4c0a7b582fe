import { type Dataset, defineIssues, type FieldValue, type Issue } from '@micrarium/model';
import { type SplitPart, splitParts } from '../fields/training-fields.ts';
import { valueFor, valueKey } from '../fields/tiers.ts';

/** Issues of data sets that are declared training material or ground truth. `where.field` is the key of the value. */
export const trainingIssue = defineIssues({
  'training-leak': {
    severity: 'error',
    meaning:
      'Data of one sample (or the very same file) lie in two parts of the split. A model that saw a sample in training is not tested by it.',
    hint: 'Put all data sets of the sample into one part.',
    example: 'Two data sets of “embryo 3”: one in train, one in test.',
  },
  'training-no-split': {
    severity: 'warning',
    meaning:
      'The data set is declared training material and belongs to no part of a fixed split, so that results on it cannot be compared.',
    hint: 'Choose train, validation or test.',
    example: 'Ten data sets for instance segmentation, of which one names no part.',
  },
  'training-no-test': {
    severity: 'warning',
    meaning: 'Training material is split, and nothing is kept for testing (or nothing for training).',
    hint: 'Keep the data sets of some samples for testing.',
    example: 'All ten data sets are in train.',
  },
  'training-no-sample': {
    severity: 'warning',
    meaning: 'The data set does not say which sample it is of: whether the split leaks cannot be checked.',
    hint: 'Name the embryo, animal, well or donor.',
    example: 'A data set in test without a sample.',
  },
  'training-undescribed': {
    severity: 'warning',
    meaning: 'The annotation is not described: its type, who made it, or how.',
    hint: 'Fill type, annotators and method of the annotation (MIFA asks for them).',
    example: 'A segmentation mask without annotators.',
  },
  'training-licence': {
    severity: 'warning',
    meaning: 'The licence forbids changes or commercial use. Many who train models will not be able to use the data.',
    hint: 'CC0 and CC BY leave reuse open.',
    example: 'Training material under CC BY-NC-ND 4.0.',
  },
  'challenge-gate': {
    severity: 'error',
    meaning: 'The gate of a score is no distance above 0.',
    hint: 'Write a number in the unit of the positions, such as 5.',
    example: 'Gate of the score: “five pixels”.',
  },
});

/** What is looked at: data sets with the items that lie in them. */
export type SplitDataset = Pick<Dataset, 'id' | 'title'> & Partial<Pick<Dataset, 'imageItems' | 'quantitativeItems'>>;

const textOf = (value: FieldValue | undefined): string =>
  typeof value === 'string' ? value.trim() : Array.isArray(value) && value.length > 0 ? 'list' : '';

/** The part of the split a data set belongs to; `undefined` where it names none. */
export function splitPartOf(values: Readonly<Record<string, FieldValue>>, dataset: string): SplitPart | undefined {
  const part = valueFor(values, 'split', dataset);
  return splitParts.find((one) => one === part);
}

/** What is wrong with data sets as training material or ground truth; nothing where none is declared to be either. */
export function checkTraining(
  values: Readonly<Record<string, FieldValue>>,
  datasets: readonly SplitDataset[],
): Issue[] {
  const told = (field: string, id: string) => textOf(valueFor(values, field, id));
  const training = datasets.filter(({ id }) => told('trainingTask', id) !== '');
  const gates = datasets.flatMap(({ id, title }) => {
    const gate = told('challengeGate', id);
    if (gate === '' || Number(gate) > 0) return [];
    const where = { field: valueKey('challengeGate', id) };
    return [trainingIssue('challenge-gate', `“${gate.slice(0, 40)}” of “${title}” is no distance above 0`, { where })];
  });
  // Ground truth may be split too; a leak is one whatever the data are for.
  return [...gates, ...leaks(values, datasets), ...(training.length > 0 ? described(values, training) : [])];
}

function described(values: Readonly<Record<string, FieldValue>>, training: readonly SplitDataset[]): Issue[] {
  const told = (field: string, id: string) => textOf(valueFor(values, field, id));
  const issues: Issue[] = [];
  for (const { id, title } of training) {
    const missing = ['annotationType', 'annotators', 'annotationMethod'].filter((field) => told(field, id) === '');
    const where = (field: string) => ({ where: { field: valueKey(field, id) } });
    if (missing.length > 0)
      issues.push(trainingIssue('training-undescribed', `“${title}” lacks ${missing.join(', ')}`, where(missing[0]!)));
    if (!splitPartOf(values, id))
      issues.push(trainingIssue('training-no-split', `“${title}” is in no part of the split`, where('split')));
    else if (told('sampleId', id) === '')
      issues.push(trainingIssue('training-no-sample', `“${title}” names no sample`, where('sampleId')));
  }
  const parts = new Set(training.map(({ id }) => splitPartOf(values, id)));
  const lacking = (['train', 'test'] as const).filter((part) => !parts.has(part));
  if (lacking.length === 1)
    issues.push(
      trainingIssue('training-no-test', `No data set is in ${lacking[0]}`, {
        where: { field: valueKey('split', training[0]!.id) },
      }),
    );
  const licence = textOf(values['licence']);
  if (/-(NC|ND)\b/.test(licence))
    issues.push(trainingIssue('training-licence', `The licence is ${licence}`, { where: { field: 'licence' } }));
  return issues;
}

/** Samples and files that lie in more than one part. */
function leaks(values: Readonly<Record<string, FieldValue>>, datasets: readonly SplitDataset[]): Issue[] {
  const seen = new Map<string, { part: SplitPart; title: string }>();
  const issues: Issue[] = [];
  for (const { id, title, imageItems = [], quantitativeItems = [] } of datasets) {
    const part = splitPartOf(values, id);
    if (!part) continue;
    const sample = textOf(valueFor(values, 'sampleId', id));
    const keys = [
      ...(sample === '' ? [] : [[`sample ${sample.toLowerCase()}`, `the sample “${sample}”`] as const]),
      ...[...imageItems, ...quantitativeItems].map((item) => [`item ${item}`, 'the same file'] as const),
    ];
    for (const [key, what] of keys) {
      const other = seen.get(key);
      if (!other) seen.set(key, { part, title });
      else if (other.part !== part)
        issues.push(
          trainingIssue('training-leak', `“${other.title}” (${other.part}) and “${title}” (${part}) hold ${what}`, {
            where: { field: valueKey('split', id) },
          }),
        );
    }
  }
  return issues;
}
