import { type FramePoints, matchPoints, pointDistance, type PointGate } from './point-matching.ts';

/** How localised molecules compare with true ones (Sage et al. 2019, Nat. Methods 16:387), over all frames. */
export interface LocalisationScores {
  version: number;
  /** In the unit of the positions. */
  gate: number;
  axial?: number;
  TP: number;
  FP: number;
  FN: number;
  /** TP / (TP + FP + FN); `null` where there is nothing on either side. */
  jaccard: number | null;
  precision: number | null;
  recall: number | null;
  /** Root mean square of the distances in the plane; `null` without pairs. */
  RMSE: number | null;
  /** Of z; left out for planar points. */
  RMSE_axial?: number | null;
}

/**
 * Scores localisations against true positions, frame by frame: one true point pairs with one found point that lies closer than the gate
 * (in the plane; in z closer than `axial`, where given).
 * @throws RangeError for a gate that is not above 0
 */
export function scoreLocalisations(truth: FramePoints, given: FramePoints, gate: PointGate): LocalisationScores {
  const isDeep = truth.z !== undefined && given.z !== undefined;
  // Lateral and axial errors differ several times over: they are never mixed into one distance.
  const axial = isDeep ? (gate.axial ?? Number.MAX_VALUE) : undefined;
  const planar = isDeep ? [truth, given] : [withoutZ(truth), withoutZ(given)];
  const pairs = [...matchPoints(planar[0]!, planar[1]!, { gate: gate.gate, axial }).entries()].filter(
    ([, at]) => at >= 0,
  );
  const TP = pairs.length;
  const [FN, FP] = [truth.frame.length - TP, given.frame.length - TP];
  const share = (part: number, all: number) => (all === 0 ? null : part / all);
  const rootMean = (of: (row: number, other: number) => number) =>
    TP === 0 ? null : Math.sqrt(pairs.reduce((sum, [row, other]) => sum + of(row, other) ** 2, 0) / TP);
  return {
    version: 1,
    gate: gate.gate,
    ...(gate.axial === undefined ? {} : { axial: gate.axial }),
    TP,
    FP,
    FN,
    jaccard: share(TP, TP + FP + FN),
    precision: share(TP, TP + FP),
    recall: share(TP, TP + FN),
    RMSE: rootMean((row, other) => pointDistance(truth, row, given, other, 1)),
    ...(isDeep ? { RMSE_axial: rootMean((row, other) => truth.z![row]! - given.z![other]!) } : {}),
  };
}

const withoutZ = ({ frame, x, y }: FramePoints): FramePoints => ({ frame, x, y });
