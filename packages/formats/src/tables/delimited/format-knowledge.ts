import type { ColumnMapping } from '../../tracks/track-reader.ts';
import type { FormatId } from '../../recognition/format-id.ts';
import type { GuessedMapping } from './mapping.ts';

/** What is known of the tables of one program and does not stand in them. */
interface FormatKnowledge {
  /** Sets or replaces guessed entries. */
  mapping: ColumnMapping;
  /** Said to the user beside the guess. */
  reason: string;
  /** Name of the program, where one program alone writes such tables. */
  software?: string;
}

/**
 * Units and frame bases of programs whose tables do not say them. Source: CMSO samples with their descriptions and
 * biotracks' readers (CELLMIA, MOSAIC ParticleTracker, Essen, VIB); PADtrack's `time index` counts from 0.
 */
const known: Partial<Record<FormatId, FormatKnowledge>> = {
  cellmia: {
    mapping: { spaceUnit: 'pixel', frameBase: 0 },
    reason: 'CELLMIA writes pixels and frames from 0',
    software: 'CELLMIA',
  },
  mosaic: {
    mapping: { spaceUnit: 'pixel', frameBase: 0 },
    reason: 'ParticleTracker writes pixels and frames from 0',
    software: 'MOSAIC ParticleTracker',
  },
  essen: { mapping: { spaceUnit: 'pixel', frameBase: 1 }, reason: 'tables of this kind have pixels and frames from 1' },
  vib: { mapping: { spaceUnit: 'pixel', frameBase: 0 }, reason: 'tables of this kind have pixels and frames from 0' },
  padtrack: { mapping: { frameBase: 0 }, reason: 'PADtrack counts frames from 0', software: 'PADtrack' },
};

/** The program that writes tables of a format, where only one does. */
export const softwareOf = (format: FormatId): string | undefined => known[format]?.software;

/** Columns of celltrackR's plain text: row name, track, time, x, y and maybe z, without a header. */
const celltrackrColumns: ColumnMapping = { track: '#2', time: '#3', x: '#4', y: '#5' };

/** Adds to a guess what is known of the program that writes such tables; the guess alone where nothing is. */
export function withFormatKnowledge(
  guess: GuessedMapping,
  format: FormatId,
  header: readonly string[],
): GuessedMapping {
  if (format === 'celltrackr' && header[0] === '#1' && (header.length === 5 || header.length === 6)) {
    const mapping = { ...celltrackrColumns, ...(header.length === 6 ? { z: '#6' } : {}) };
    return { mapping, confidence: 0.9, reasons: ['celltrackR writes row, track, time and position without a header'] };
  }
  const knowledge = known[format];
  if (!knowledge || guess.confidence === 0) return guess;
  return {
    mapping: { ...guess.mapping, ...knowledge.mapping },
    confidence: Math.max(guess.confidence, 0.95),
    reasons: [...guess.reasons, knowledge.reason],
  };
}
