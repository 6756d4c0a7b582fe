import { openPathTable } from '../measures/path-table.ts';
import type { ExploredSet } from './explore-answer.ts';

/** Every path of a set with its values of some measures, in common units. NaN stands for undefined. */
export interface PathValues {
  track: ArrayLike<number>;
  /** First object of each path, and the frame it is in. */
  object: ArrayLike<number>;
  frame: ArrayLike<number>;
  /** Objects of each path. */
  detections: ArrayLike<number>;
  /** By measure, in the order asked for. */
  values: ArrayLike<number>[];
}

/** The stored values of a set; of its table only the columns asked for are fetched. @throws FormNotReady while it is being made */
export async function loadPathValues(
  set: ExploredSet,
  measures: readonly string[],
  signal: AbortSignal,
): Promise<PathValues> {
  const { accession, version, item, part } = set;
  const table = await openPathTable({ accession, version, item }, part, signal);
  const names = ['track_id', 'first_object_id', 'first_frame', 'n_detections', ...measures];
  const [track, object, frame, detections, ...values] = await Promise.all(names.map((name) => table.column(name)));
  return {
    track: track!,
    object: object!,
    frame: frame!,
    detections: detections!,
    values: values.map((column, at) => {
      const factor = set.measures.find(({ id }) => id === measures[at])?.factor ?? 1;
      return factor === 1 ? column : column.map((value) => value * factor);
    }),
  };
}
