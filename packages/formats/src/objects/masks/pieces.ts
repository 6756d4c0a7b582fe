/** Rows of a plane of values; 0 is background. */
export interface PlaneRows {
  width: number;
  /** Values of row `y`; the answer is read before the next is asked for. */
  row(y: number): ArrayLike<number>;
}

/** Which pixels touch: those that share an edge, or also those that share a corner. */
export type Connectivity = 4 | 8;

/** What is summed up of a connected piece: pixels with one value that touch. */
export interface PieceSums {
  value: number;
  /** Pixels (voxels). */
  size: number;
  /** Sums of the coordinates of their centres; the centre of the first pixel is 0. */
  x: number;
  y: number;
  z: number;
}

interface Run {
  from: number;
  to: number;
  piece: number;
}

/**
 * Finds the connected pieces of a stack, row by row: only two rows of runs and, in a stack, two planes of runs are
 * kept, and the sums of each piece. Pieces of different values never join.
 */
export class PieceFinder {
  private readonly parents: number[] = [];
  private readonly sums: PieceSums[] = [];
  private readonly reach: number;
  private readonly binary: boolean;
  private above: Run[] = [];
  private before = new Map<number, Run[]>();
  private plane = new Map<number, Run[]>();
  private z = 0;

  /** @param binary every value but 0 counts as the same */
  constructor(connectivity: Connectivity, binary: boolean) {
    this.reach = connectivity === 8 ? 1 : 0;
    this.binary = binary;
  }

  /** Begins the next slice of the stack. `stacked`: slices touch each other. */
  startPlane(z: number, stacked: boolean): void {
    this.before = stacked ? this.plane : new Map();
    this.plane = new Map();
    this.above = [];
    this.z = z;
  }

  /**
   * Takes a row. `numbers`, where given, gets the piece of every pixel plus one (0: background), to be looked up by
   * `pieceOf` when all rows are there.
   */
  row(y: number, width: number, values: ArrayLike<number>, numbers?: Int32Array, at = 0): void {
    const runs: Run[] = [];
    let next = 0;
    for (let x = 0; x < width; ) {
      const value = values[x]!;
      const from = x;
      do x++;
      while (x < width && (this.binary ? (values[x]! !== 0) === (value !== 0) : values[x] === value));
      if (value === 0) continue;
      const run = { from, to: x - 1, piece: -1 };
      next = this.join(run, value, this.above, next);
      for (let dy = -this.reach; dy <= this.reach && this.before.size > 0; dy++)
        this.join(run, value, this.before.get(y + dy) ?? [], 0);
      if (run.piece < 0) run.piece = this.newPiece(this.binary ? 1 : value);
      this.add(run, y);
      numbers?.fill(run.piece + 1, at + from, at + x);
      runs.push(run);
    }
    this.above = runs;
    if (runs.length > 0) this.plane.set(y, runs);
  }

  /** Piece that a number given to a pixel stands for, in the order of `pieces`. */
  pieceOf(number: number): number {
    return this.root(number - 1);
  }

  /** Sums of the pieces by the number `pieceOf` gives; numbers of pieces that were joined to others have none. */
  pieces(): Map<number, PieceSums> {
    const found = new Map<number, PieceSums>();
    for (let i = 0; i < this.sums.length; i++) if (this.parents[i] === i) found.set(i, this.sums[i]!);
    return found;
  }

  /** Number of pieces ever begun; bounds the work of a frame. */
  get begun(): number {
    return this.sums.length;
  }

  private join(run: Run, value: number, others: readonly Run[], start: number): number {
    let i = start;
    while (i < others.length && others[i]!.to + this.reach < run.from) i++;
    const first = i;
    for (; i < others.length && others[i]!.from - this.reach <= run.to; i++) {
      const other = this.root(others[i]!.piece);
      if (!this.binary && this.sums[other]!.value !== value) continue;
      if (run.piece < 0) run.piece = other;
      else this.unite(run.piece, other);
    }
    // The last of them may touch the next run too.
    return Math.max(first, i - 1);
  }

  private newPiece(value: number): number {
    const piece = this.sums.length;
    this.parents.push(piece);
    this.sums.push({ value, size: 0, x: 0, y: 0, z: 0 });
    return piece;
  }

  private root(piece: number): number {
    let root = piece;
    while (this.parents[root] !== root) root = this.parents[root]!;
    for (let at = piece; at !== root; ) {
      const up = this.parents[at]!;
      this.parents[at] = root;
      at = up;
    }
    return root;
  }

  /** The earlier piece keeps its number, so that pieces stay in the order in which they are met. */
  private unite(a: number, b: number): void {
    const one = this.root(a);
    const two = this.root(b);
    if (one === two) return;
    const [kept, joined] = one < two ? [one, two] : [two, one];
    this.parents[joined] = kept;
    const into = this.sums[kept]!;
    const { size, x, y, z } = this.sums[joined]!;
    into.size += size;
    into.x += x;
    into.y += y;
    into.z += z;
  }

  private add({ from, to, piece }: Run, y: number): void {
    const sums = this.sums[this.root(piece)]!;
    const count = to - from + 1;
    sums.size += count;
    sums.x += (count * (from + to)) / 2;
    sums.y += count * y;
    sums.z += count * this.z;
  }
}
