import type { Recognition } from './descriptor.ts';
import type { FormatId } from './format-id.ts';

/** How sure a recognition is: the content says so by name, the content fits, or it may be. */
export type RecognitionGrade = 'certain' | 'likely' | 'possible';

/** Grade of a score. */
export function gradeOf(score: number): RecognitionGrade {
  if (score >= 0.9) return 'certain';
  return score >= 0.5 ? 'likely' : 'possible';
}

/** One format a file may be of, with the reason in words. */
export interface Candidate {
  format: FormatId;
  recognition: Recognition;
}

/** Kinds of files that are no guess at a program: a table is a table. */
const general: ReadonlySet<FormatId> = new Set([
  'delimited',
  'text',
  'excel',
  'zip',
  'hdf5',
  'zarr',
  'tiff',
  'image-series',
  'unknown',
]);

/**
 * Which of the candidates, best first, is taken. One that is only possible is never used without asking: the first
 * general kind is taken in its place, and it stands as the guess.
 */
export function takenCandidate<C extends Candidate>(candidates: readonly C[]): { taken: C | undefined; guess?: C } {
  const [first] = candidates;
  if (!first || general.has(first.format) || gradeOf(first.recognition.score) !== 'possible') return { taken: first };
  return { taken: candidates.find(({ format }) => general.has(format)), guess: first };
}
