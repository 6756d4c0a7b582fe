import { type Issue, type IssueFactory, type TrackSet, defineIssues } from '@micrarium/model';
import { type Loss, type LossKind, differences } from './differences.ts';
import type { Surviving } from './surviving.ts';

/** Losses that a format has no code of its own for. */
export const lossIssue = defineIssues({
  'loss-of-sets': {
    severity: 'warning',
    meaning: 'The target holds fewer sets than there are. The others are left out.',
    hint: 'Convert them one by one, or choose GEFF or Parquet.',
  },
  'loss-of-objects': {
    severity: 'warning',
    meaning: 'Some objects cannot be written in the target and are left out.',
    hint: 'Choose GEFF or Parquet to keep them.',
  },
  'loss-of-edges': {
    severity: 'warning',
    meaning: 'Some edges cannot be written in the target and are left out; merges, splits or gaps go with them.',
    hint: 'Choose GEFF or Parquet to keep them.',
  },
  'loss-of-positions': {
    severity: 'warning',
    meaning: 'Positions, depth, frames or times of objects are left out or written in another form.',
    hint: 'Choose GEFF or Parquet to keep them exactly.',
  },
  'loss-of-outlines': {
    severity: 'warning',
    meaning: 'Outlines and meshes of objects have no place in the target, or come back changed.',
    hint: 'Choose GEFF or Parquet to keep them.',
  },
  'loss-of-features': {
    severity: 'warning',
    meaning: 'Features of objects, edges or tracks have no place in the target, or their values change.',
    hint: 'Choose GEFF or Parquet to keep them.',
  },
  'loss-of-meanings': {
    severity: 'info',
    meaning: 'Names, types, units or descriptions of features have no place in the target, or change.',
    hint: 'Choose GEFF or Parquet to keep them.',
  },
  'loss-of-names': {
    severity: 'info',
    meaning: 'Names and ids of sets and objects have no place in the target, or are made anew.',
  },
  'loss-of-units': {
    severity: 'warning',
    meaning: 'The unit of positions or times, or how it was spelled, has no place in the target.',
    hint: 'Note the units beside the file.',
  },
  'loss-of-provenance': {
    severity: 'info',
    meaning: 'What is known of the tracking program, its settings and the film has no place in the target.',
  },
});

/** Codes that a format has of its own for kinds of loss. */
export interface LossNames {
  codes: Partial<Record<LossKind, string>>;
  make(code: string, message: string, field: string): Issue;
}

/** Names kinds of loss by the codes of a catalogue; a misspelt code does not compile. */
export function lossNames<Code extends string>(
  issue: IssueFactory<Code>,
  codes: Partial<Record<LossKind, Code>>,
): LossNames {
  return { codes, make: (code, message, field) => issue(code as Code, message, { where: { field } }) };
}

const usualCode: Record<LossKind, keyof typeof lossIssue.catalogue> = {
  sets: 'loss-of-sets',
  'set-name': 'loss-of-names',
  objects: 'loss-of-objects',
  ids: 'loss-of-names',
  frames: 'loss-of-positions',
  times: 'loss-of-positions',
  positions: 'loss-of-positions',
  depth: 'loss-of-positions',
  entity: 'loss-of-outlines',
  outlines: 'loss-of-outlines',
  edges: 'loss-of-edges',
  'object-features': 'loss-of-features',
  'edge-features': 'loss-of-features',
  'track-features': 'loss-of-features',
  'feature-names': 'loss-of-meanings',
  'feature-types': 'loss-of-meanings',
  'feature-units': 'loss-of-meanings',
  'feature-descriptions': 'loss-of-meanings',
  'feature-values': 'loss-of-features',
  'space-unit': 'loss-of-units',
  'time-unit': 'loss-of-units',
  provenance: 'loss-of-provenance',
};

/**
 * The loss report of sets: one issue for each code and set, with everything of it in numbers. Empty means that the sets
 * come back whole.
 * @param survivors what of each set comes back, in the order of the sets; nothing for sets that are left out
 * @param own codes of the format; the first that names a kind counts
 */
export function lossReport(
  sets: readonly TrackSet[],
  survivors: readonly (Surviving | undefined)[],
  ...own: readonly LossNames[]
): Issue[] {
  const issues: Issue[] = [];
  const left = sets.filter((_, i) => survivors[i] === undefined);
  if (left.length > 0) {
    const { code, make } = nameOf('sets', own);
    const names = left.map(({ name }) => name);
    issues.push(make(code, lossInWords({ kind: 'sets', count: left.length, names }), names[0]!));
  }
  for (const [i, set] of sets.entries()) {
    if (!survivors[i]) continue;
    const byCode = new Map<string, { words: string[]; make: LossNames['make'] }>();
    for (const loss of differences(set, survivors[i])) {
      // One set in a file is called as the file.
      if (loss.kind === 'set-name' && sets.length - left.length === 1) continue;
      const { code, make } = nameOf(loss.kind, own);
      const said = byCode.get(code) ?? { words: [], make };
      byCode.set(code, said);
      said.words.push(lossInWords(loss));
    }
    for (const [code, { words, make }] of byCode) issues.push(make(code, words.join('; '), set.name));
  }
  return issues;
}

const usualNames = lossNames(lossIssue, usualCode);

function nameOf(kind: LossKind, own: readonly LossNames[]): { code: string; make: LossNames['make'] } {
  const found = own.find(({ codes }) => codes[kind] !== undefined) ?? usualNames;
  return { code: found.codes[kind]!, make: found.make };
}

const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

const ofObjects = (count: number) => `of ${counted(count, 'object')}`;

const featureWords: Partial<Record<LossKind, (count: number) => string>> = {
  'object-features': (count) => counted(count, 'object feature'),
  'edge-features': (count) => counted(count, 'edge feature'),
  'track-features': (count) => counted(count, 'track feature'),
  'feature-names': (count) => `the names of ${counted(count, 'feature')} change`,
  'feature-types': (count) => `the types of ${counted(count, 'feature')} change`,
  'feature-units': (count) => `the units of ${counted(count, 'feature')}`,
  'feature-descriptions': (count) => `the descriptions of ${counted(count, 'feature')}`,
  'feature-values': (count) => `${counted(count, 'value')} of features`,
};

const otherWords: Partial<Record<LossKind, (loss: Loss) => string>> = {
  sets: ({ count }) => counted(count, 'set'),
  'set-name': () => 'the name of the set',
  objects: ({ count }) => counted(count, 'object'),
  ids: ({ count }) => `the ids ${ofObjects(count)}`,
  frames: ({ count }) => `the frames ${ofObjects(count)}`,
  times: ({ count }) => `the times ${ofObjects(count)}`,
  positions: ({ count }) => `the exact positions ${ofObjects(count)}`,
  depth: ({ count }) => `z ${ofObjects(count)}`,
  entity: ({ count }) => `the kind ${ofObjects(count)}`,
  outlines: ({ count }) => `the outlines ${ofObjects(count)}`,
  'space-unit': () => 'the unit of positions',
  'time-unit': () => 'the unit of times',
  provenance: () => 'of the provenance',
};

/** A loss as people say it: "12 merges", "3 track features: a, b, c", "the outlines of 469 objects". */
export function lossInWords(loss: Loss): string {
  const { kind, count, names } = loss;
  if (kind === 'edges') {
    const parts = [
      loss.merges ? counted(loss.merges, 'merge') : '',
      loss.splits ? counted(loss.splits, 'split') : '',
      loss.gaps ? counted(loss.gaps, 'gap') : '',
    ].filter((part) => part !== '');
    return parts.length > 0 ? `${parts.join(', ')} (${counted(count, 'edge')})` : counted(count, 'edge');
  }
  const words = featureWords[kind]?.(count) ?? otherWords[kind]!(loss);
  if (!names || names.length === 0) return words;
  const shown = names.slice(0, 8).map((name) => name.slice(0, 60));
  return `${words}: ${shown.join(', ')}${names.length > shown.length ? `, and ${names.length - shown.length} more` : ''}`;
}
