import type { StudyGraph } from '../graph/study-graph.ts';
import { graphStatements, missingStatements } from './leaves.ts';

/** How much of a study a written form holds, in statements: single values at a place of the study graph. */
export interface Held {
  held: number;
  of: number;
  /** What is not in the form: place and values, most frequent places first. */
  missing: { place: string; values: string[] }[];
}

/** Statements that one graph makes and the reading of its export does too. */
export function heldByReading(graph: StudyGraph, back: StudyGraph): Held {
  return heldOf(graph, missingStatements(graph, back));
}

const folded = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
/** Values that any text holds by chance say nothing. */
const shortest = 3;

/**
 * Statements whose value stands in a written text, for forms that are not read back. Spelling, escapes and the prefix of
 * an identifier may differ; a value of one or two characters is taken as held.
 */
export function heldByText(graph: StudyGraph, text: string): Held {
  const all = folded(text.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16))));
  const missing = new Map<string, string[]>();
  const isHeld = (value: string) => {
    const wanted = folded(value);
    if (wanted.length < shortest || all.includes(wanted)) return true;
    const local = /^[A-Za-z-]+:(\w+)$/.exec(value)?.[1];
    return local !== undefined && all.includes(folded(local));
  };
  for (const [place, values] of graphStatements(graph)) {
    const lost = values.filter((value) => !isHeld(value));
    if (lost.length > 0) missing.set(place, lost);
  }
  return heldOf(graph, missing);
}

function heldOf(graph: StudyGraph, missing: ReadonlyMap<string, string[]>): Held {
  const count = (statements: ReadonlyMap<string, string[]>) =>
    [...statements.values()].reduce((sum, values) => sum + values.length, 0);
  const of = count(graphStatements(graph));
  return {
    held: of - count(missing),
    of,
    missing: [...missing]
      .map(([place, values]) => ({ place, values }))
      .sort((a, b) => b.values.length - a.values.length || (a.place < b.place ? -1 : 1)),
  };
}
