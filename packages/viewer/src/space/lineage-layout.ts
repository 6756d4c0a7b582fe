import type { Life } from '@micrarium/model';

/** A life as a line from its first to its last frame. */
export interface LineageBranch {
  life: number;
  /** Place among the leaves, 0 for the first. */
  x: number;
  /** Frames it begins at (the division, where its mother ends) and ends at. */
  from: number;
  to: number;
  /** Where the line to its daughters runs, from the first to the last of them; `undefined` for leaves. */
  fork?: readonly [number, number];
}

/** A drawn tree. */
export interface LineageLayout {
  branches: LineageBranch[];
  leaves: number;
  /** Frames of the whole tree. */
  from: number;
  to: number;
}

/**
 * Lays out the tree below a life: time runs down, every leaf has a place of its own, a mother stands in the middle of her
 * daughters. What several mothers merged into is drawn once, below the first of them; the lines of the others run to it.
 * Without recursion: lineages may be thousands of generations deep.
 */
export function layoutLineage(lives: readonly Life[], root: number): LineageLayout {
  const { order, below } = orderOf(lives, root);
  const places = new Map<number, number>();
  let leaves = 0;
  for (const life of order) if (below.get(life)!.length === 0) places.set(life, leaves++);
  for (const life of order.toReversed()) {
    const daughters = below.get(life)!;
    if (daughters.length > 0) places.set(life, (places.get(daughters[0]!)! + places.get(daughters.at(-1)!)!) / 2);
  }
  let to = lives[root]!.lastFrame;
  const branches = order.map((life): LineageBranch => {
    const { firstFrame, lastFrame, daughters, mother } = lives[life]!;
    to = Math.max(to, lastFrame);
    const x = places.get(life)!;
    let [left, right] = [x, x];
    for (const daughter of daughters) {
      left = Math.min(left, places.get(daughter)!);
      right = Math.max(right, places.get(daughter)!);
    }
    return {
      life,
      x,
      from: life === root || mother < 0 ? firstFrame : lives[mother]!.lastFrame,
      to: lastFrame,
      ...(daughters.length > 0 ? { fork: [left, right] as const } : {}),
    };
  });
  return { branches, leaves, from: lives[root]!.firstFrame, to };
}

/** The lives of a tree, mothers before daughters and the first daughter first, and which daughters each has below it. */
function orderOf(lives: readonly Life[], root: number): { order: number[]; below: Map<number, number[]> } {
  const order: number[] = [];
  const below = new Map<number, number[]>();
  const stack = [{ life: root, mother: -1 }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { life, mother } = next;
    // Reached before, by another mother.
    if (below.has(life)) continue;
    order.push(life);
    below.set(life, []);
    below.get(mother)?.push(life);
    const { daughters } = lives[life]!;
    // The first daughter is laid out first, so it is put on top.
    for (let at = daughters.length - 1; at >= 0; at--) stack.push({ life: daughters[at]!, mother: life });
  }
  return { order, below };
}

/**
 * The branch nearest to a place of the drawing.
 * @param place in leaves and frames
 * @param reach farthest distance in leaves
 */
export function branchAt(layout: LineageLayout, place: { x: number; frame: number }, reach = 0.6): number | undefined {
  let best: LineageBranch | undefined;
  for (const branch of layout.branches) {
    if (place.frame < branch.from || place.frame > branch.to + 0.5) continue;
    const distance = Math.abs(branch.x - place.x);
    if (distance <= reach && (!best || distance < Math.abs(best.x - place.x))) best = branch;
  }
  return best?.life;
}
