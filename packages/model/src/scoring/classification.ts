/** How labels given by a method compare with true ones. */
export interface ClassificationScores {
  version: number;
  /** All classes that occur, sorted. */
  classes: string[];
  /** Rows true, columns given, in the order of `classes`. */
  confusion: number[][];
  n: number;
  accuracy: number | null;
  /** Mean recall over the classes that truly occur: what guessing the commonest class cannot raise. */
  balancedAccuracy: number | null;
  perClass: { name: string; n: number; precision: number | null; recall: number | null; F1: number | null }[];
  /** Mean F1 over the classes that truly occur. */
  macroF1: number | null;
}

/** Confusion, accuracy, balanced accuracy and F1 of paired labels. @throws RangeError where the lists differ in length */
export function scoreClassification(truth: readonly string[], given: readonly string[]): ClassificationScores {
  if (truth.length !== given.length) throw new RangeError('Every item needs a true and a given class.');
  const classes = [...new Set([...truth, ...given])].sort();
  const index = new Map(classes.map((name, i) => [name, i]));
  const confusion = classes.map(() => classes.map(() => 0));
  truth.forEach((name, i) => confusion[index.get(name)!]![index.get(given[i]!)!]!++);
  const share = (part: number, all: number) => (all === 0 ? null : part / all);
  const perClass = classes.map((name, i) => {
    const TP = confusion[i]![i]!;
    const n = confusion[i]!.reduce((sum, one) => sum + one, 0);
    const called = confusion.reduce((sum, row) => sum + row[i]!, 0);
    return { name, n, precision: share(TP, called), recall: share(TP, n), F1: share(2 * TP, n + called) };
  });
  const occurring = perClass.filter(({ n }) => n > 0);
  const mean = (of: (one: (typeof perClass)[0]) => number | null) =>
    share(
      occurring.reduce((sum, one) => sum + (of(one) ?? 0), 0),
      occurring.length,
    );
  return {
    version: 1,
    classes,
    confusion,
    n: truth.length,
    accuracy: share(
      classes.reduce((sum, _, i) => sum + confusion[i]![i]!, 0),
      truth.length,
    ),
    balancedAccuracy: mean(({ recall }) => recall),
    perClass,
    macroF1: mean(({ F1 }) => F1),
  };
}
