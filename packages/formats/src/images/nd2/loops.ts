import { type Variant, numberAt, variantAt } from './light-variants.ts';

/** One loop of the recording, the outermost first. */
export interface Nd2Loop {
  axis: 't' | 'position' | 'z';
  count: number;
  /** Seconds between frames, or micrometers between slices, where stated. */
  step?: number;
}

const maxLoops = 16;

/** Loops of the experiment, nested as they ran. */
export function experimentLoops(experiment: readonly Variant[] | undefined): Nd2Loop[] {
  const loops: Nd2Loop[] = [];
  let level = experiment;
  for (let depth = 0; level && depth < maxLoops; depth++) {
    const type = numberAt(level, 'eType');
    const loop = loopOf(type, variantAt(level, 'uLoopPars')?.children);
    if (loop && loop.count > 0) loops.push(loop);
    level = variantAt(level, 'ppNextLevelEx')?.children[0]?.children;
  }
  return loops;
}

function loopOf(type: number | undefined, stated: readonly Variant[] | undefined): Nd2Loop | undefined {
  // Some versions put the parameters one level deeper.
  const parameters = numberAt(stated, 'uiCount') === undefined ? (stated?.[0]?.children ?? stated) : stated;
  const count = numberAt(parameters, 'uiCount') ?? 0;
  const positive = (value: number | undefined): number | undefined => (value && value > 0 ? value : undefined);
  if (type === 1) {
    const period = positive(numberAt(parameters, 'dAvgPeriodDiff')) ?? positive(numberAt(parameters, 'dPeriod'));
    return { axis: 't', count, ...(period === undefined ? {} : { step: period / 1000 }) };
  }
  if (type === 8) {
    const periods = variantAt(parameters, 'pPeriod')?.children ?? [];
    return { axis: 't', count: periods.reduce((sum, { children }) => sum + (numberAt(children, 'uiCount') ?? 0), 0) };
  }
  if (type === 2) return { axis: 'position', count };
  if (type !== 4) return undefined;
  const step = positive(Math.abs(numberAt(parameters, 'dZStep') ?? 0));
  return { axis: 'z', count, ...(step === undefined ? {} : { step }) };
}

/**
 * Loops that hold the sequences the file has: a recording that was stopped early has fewer of the outermost. One loop
 * in time where the stated ones do not fit at all.
 */
export function fittingLoops(loops: readonly Nd2Loop[], sequences: number): Nd2Loop[] {
  const product = loops.reduce((so, { count }) => so * count, 1);
  if (product === sequences) return [...loops];
  const [outer, ...inner] = loops;
  const inside = inner.reduce((so, { count }) => so * count, 1);
  if (outer && sequences < product && inside <= sequences)
    return [{ ...outer, count: Math.ceil(sequences / inside) }, ...inner];
  return [{ axis: 't', count: sequences }];
}
