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
 * daughters. Without recursion: lineages may be thousands of generations deep.
 */
export function layoutLineage(lives: readonly Life[], root: number): LineageLayout {
  const order: number[] = [];
  const stack = [root];
  while (stack.length > 0) {
    const life = stack.pop()!;
    order.push(life);
    // The first daughter is laid out first, so it is put on top.
    stack.push(...[...lives[life]!.daughters].reverse());
  }
  const places = new Map<number, number>();
  let leaves = 0;
  for (const life of order) if (lives[life]!.daughters.length === 0) places.set(life, leaves++);
  for (const life of [...order].reverse()) {
    const { daughters } = lives[life]!;
    if (daughters.length === 0) continue;
    const at = daughters.map((daughter) => places.get(daughter)!);
    places.set(life, (Math.min(...at) + Math.max(...at)) / 2);
  }
  let to = lives[root]!.lastFrame;
  const branches = order.map((life): LineageBranch => {
    const { firstFrame, lastFrame, daughters, mother } = lives[life]!;
    to = Math.max(to, lastFrame);
    const at = daughters.map((daughter) => places.get(daughter)!);
    return {
      life,
      x: places.get(life)!,
      from: life === root || mother < 0 ? firstFrame : lives[mother]!.lastFrame,
      to: lastFrame,
      ...(at.length > 0 ? { fork: [Math.min(...at), Math.max(...at)] as const } : {}),
    };
  });
  return { branches, leaves, from: lives[root]!.firstFrame, to };
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
