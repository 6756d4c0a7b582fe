import { openParquet, type ParquetTable } from '@micrarium/formats';
import { type ClassificationScores, type FeatureColumn, scoreClassification } from '@micrarium/model';
import { formKeys, mappingOf } from './forms.ts';
import { FormNotMade } from './open-forms.ts';
import type { Score } from './score-datasets.ts';
import { NotComparable } from './score-results.ts';
import { type Asked, itemsOf, nameOf, type ScoredDataset, type ScorePorts } from './scored-dataset.ts';

/** The first feature table of a data set, and what closes it. */
async function tableOf(
  ports: ScorePorts,
  place: ScoredDataset,
): Promise<{ table: ParquetTable; columns: readonly FeatureColumn[]; close(): Promise<void> }> {
  const item = [...itemsOf(place, 'quantitativeItems'), ...itemsOf(place, 'imageItems')].find(
    ({ tables }) => tables?.[0],
  );
  const summary = item?.tables?.[0];
  if (!item || !summary) throw new NotComparable(`${nameOf(place)} holds no feature table`);
  const source = await ports.derived.open(formKeys(item.id, mappingOf(item)).tables, `table-${summary.part}.parquet`);
  if (!source) throw new FormNotMade(item.id, `table-${summary.part}.parquet`);
  return { table: await openParquet(source), columns: summary.columns, close: () => source.close() };
}

/** A name that says a column holds classes. */
const classes = /class|label|type|phenotype|categor|moa|mechanism/i;

/** The columns that two tables share by name: what a row is about, and its class. @throws NotComparable */
function sharedColumns(
  truth: readonly FeatureColumn[],
  result: readonly FeatureColumn[],
): { keys: string[]; column: string } {
  const there = new Map(result.map((one) => [one.name, one]));
  const keys = truth.filter(({ name, keyedTo }) => keyedTo !== undefined && there.get(name)?.keyedTo !== undefined);
  const values = truth.filter(
    ({ name, keyedTo }) => keyedTo === undefined && there.has(name) && there.get(name)?.keyedTo === undefined,
  );
  const isClass = ({ name }: FeatureColumn) => classes.test(name);
  const texts = values.filter(({ type }) => type === 'string');
  // Classes may be numbered; measured numbers are no classes.
  const numbered = values.filter((one) => (one.type === 'int' || one.type === 'bool') && isClass(one));
  // A table of images with a column called label has no objects with labels.
  const labels = keys.filter(({ name }) => /^label$/i.test(name));
  const column =
    only(texts.filter(isClass)) ?? only(texts) ?? only(numbered) ?? (keys.length > 1 ? only(labels) : undefined);
  const about = keys.filter((one) => one !== column);
  if (about.length === 0 || column === undefined)
    throw new NotComparable(
      'Both tables need a column that says what a row is about (object, image, well, sample) and one column of classes, under the same names',
    );
  return { keys: about.map(({ name }) => name), column: column.name };
}

const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

/** Values of columns as texts, row by row; empty where there is none. */
async function textsOf(table: ParquetTable, columns: readonly string[]): Promise<string[][]> {
  const rows: string[][] = [];
  for (const { start, end } of table.runs) {
    const read = await Promise.all(columns.map((column) => table.read(column, start, end)));
    for (let at = 0; at < end - start; at++)
      rows.push(read.map(({ values, missing }) => (missing?.[at] === 1 ? '' : String(values[at]).trim())));
  }
  return rows;
}

/** Most rows of a table of classes. */
const mostRows = 2_000_000;

/** Scores a table of classes, row by row of the ground truth. */
export async function scoreClasses(ports: ScorePorts, { truth, result }: Asked): Promise<Score> {
  const reference = await tableOf(ports, truth);
  try {
    const found = await tableOf(ports, result);
    try {
      return await compareClasses(reference, found);
    } finally {
      await found.close();
    }
  } finally {
    await reference.close();
  }
}

type OpenTable = Awaited<ReturnType<typeof tableOf>>;

async function compareClasses(reference: OpenTable, found: OpenTable): Promise<Score> {
  if (Math.max(reference.table.rows, found.table.rows) > mostRows)
    throw new NotComparable(`Tables of classes may have ${mostRows} rows`);
  const { keys, column } = sharedColumns(reference.columns, found.columns);
  const keyed = async ({ table }: OpenTable) =>
    new Map((await textsOf(table, [...keys, column])).map((row) => [row.slice(0, -1).join('\u0000'), row.at(-1)!]));
  // What has no true class (controls of a screen) asks nothing.
  const truth = [...(await keyed(reference))].filter(([, name]) => name !== '');
  const given = await keyed(found);
  // What was not answered is answered wrongly: leaving out hard ones must not pay.
  const answers = truth.map(([key]) => given.get(key) || '(no answer)');
  const scores = scoreClassification(
    truth.map(([, name]) => name),
    answers,
  );
  const missing = answers.filter((answer) => answer === '(no answer)').length;
  return {
    version: scores.version,
    values: { balancedAccuracy: scores.balancedAccuracy, accuracy: scores.accuracy, macroF1: scores.macroF1 },
    counts: { rows: scores.n, unanswered: missing, ...confusionCounts(scores) },
    reasons:
      missing > 0
        ? [
            `${missing} ${missing === 1 ? 'row of the ground truth has no answer, and counts' : 'rows of the ground truth have no answer, and count'} as wrong.`,
          ]
        : [],
  };
}

/** Cells of the confusion matrix that hold something, as `true → given`; only of matrices a person can read. */
function confusionCounts({ classes, confusion }: ClassificationScores): Record<string, number> {
  if (classes.length > 12) return {};
  return Object.fromEntries(
    confusion.flatMap((row, i) => row.flatMap((n, j) => (n > 0 ? [[`${classes[i]} → ${classes[j]}`, n]] : []))),
  );
}
