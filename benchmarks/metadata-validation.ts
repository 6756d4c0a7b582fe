import { fileURLToPath } from 'node:url';
import type { FieldValue } from '../packages/model/src/index.ts';
import { checkMetadata, datasetFields, givenFields, valueKey } from '../packages/standards/src/index.ts';
import { answerOf, type Costs, costsSince } from './measured-process.ts';

/*
 * The check of a study of many data sets, each with values of its own, every second one malformed, as the form runs it at
 * every change and the server before publication: the first time in a new process, and from then on.
 *   node benchmarks/metadata-validation.ts [data sets]
 */

const runs = 9;
const wrong = 'not\u0001as it must be';

function valueOf(type: string, choices: readonly string[] | undefined, isRight: boolean): FieldValue {
  if (type === 'text-list') return [isRight ? 'N2' : wrong];
  if (type === 'term-list') return [{ label: isRight ? 'Caenorhabditis elegans' : wrong, id: 'NCBITaxon:6239' }];
  return isRight ? (choices?.[0] ?? 'as in the paper') : wrong;
}

/** Values for every field of a data set, one in 33 left out so that something is missing too. */
function study(count: number) {
  const values: Record<string, FieldValue> = { tier: 'database' };
  const datasets = Array.from({ length: count }, (_, index) => ({
    id: `d-0199f3c4-${String(index).padStart(12, '0')}`,
    title: `film ${index}`,
  }));
  const fields = datasetFields().filter(({ id }) => !givenFields.has(id));
  datasets.forEach(({ id }, index) =>
    fields.forEach((field, at) => {
      if ((index + at) % 33 !== 0)
        values[valueKey(field.id, id)] = valueOf(field.type, field.choices, (index + at) % 2 === 0);
    }),
  );
  return { metadata: { values, origins: {} }, about: { datasets, given: {} } };
}

interface Measured extends Costs {
  values: number;
  issues: number;
  firstMs: number;
  medianMs: number;
  /** Processor time of all threads; less than the time on the clock where others use the machine too. */
  medianCpuMs: number;
}

function measure(count: number): void {
  const { metadata, about } = study(count);
  const started = performance.now();
  let issues = 0;
  const times = Array.from({ length: runs }, () => {
    const [before, cpuBefore] = [performance.now(), process.cpuUsage()];
    issues = checkMetadata(metadata, about).length;
    const { user, system } = process.cpuUsage(cpuBefore);
    return { clock: performance.now() - before, cpu: (user + system) / 1000 };
  });
  const median = (kind: 'clock' | 'cpu') =>
    times
      .slice(1)
      .map((one) => one[kind])
      .sort((a, b) => a - b)[Math.floor((runs - 1) / 2)]!;
  const answer: Measured = {
    ...costsSince(started),
    values: Object.keys(metadata.values).length,
    issues,
    firstMs: times[0]!.clock,
    medianMs: median('clock'),
    medianCpuMs: median('cpu'),
  };
  console.log(JSON.stringify(answer));
}

const [first = '1000', given] = process.argv.slice(2);
if (first === '--measure') measure(Number(given));
else {
  const datasets = Number(first);
  const self = fileURLToPath(import.meta.url);
  const ours = answerOf<Measured>(process.execPath, [self, '--measure', first]);
  if (ours.issues < datasets) throw new Error(`found only ${ours.issues} issues`);
  console.log(JSON.stringify({ datasets, ours }));
}
