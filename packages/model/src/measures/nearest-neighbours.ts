import { nearestByColumns } from './nearest-by-columns.ts';

/** Positions of objects; z zeros in the plane. */
export interface Positions {
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
}

/** Objects of one cell by which a frame may be so uneven, on average over its objects, that cells no longer help. */
const mostTogether = 64;

/** A rounded place in the grid may be this share of a cell off. */
const safety = 1 - 1e-6;

/**
 * Distances to the nearest other object, frame after frame, in buffers that are used again: objects are sorted by counting
 * into cells of about one object, and the cells around each are looked at in growing rings. Linear in the objects; frames
 * whose objects lie too unevenly for cells of one size are cut into columns instead.
 */
export class NearestNeighbours {
  private readonly positions: Positions;
  private cellOf = new Uint32Array(0);
  /** Per cell, and one more: first object, in the order of cells. */
  private starts = new Uint32Array(0);
  /** Positions along each axis in the order of the rows. */
  private gathered: Float64Array[] = [new Float64Array(0), new Float64Array(0), new Float64Array(0)];
  /** The same in the order of cells. */
  private x = new Float64Array(0);
  private y = new Float64Array(0);
  private z = new Float64Array(0);
  private readonly low = [0, 0, 0];
  /** Cells along each axis; 1 where the objects lie closer together than a cell is wide. */
  private readonly cells = [1, 1, 1];
  private side = 0;

  constructor(positions: Positions) {
    this.positions = positions;
  }

  /**
   * Writes the distance of each of the rows to the nearest other one into `found`, in no order that means anything.
   * @param rows objects of one frame, at least two, with finite positions
   */
  find(rows: Uint32Array, found: Float64Array): void {
    if (!this.layGrid(rows) || !this.fill(rows.length)) {
      nearestByColumns(this.positions, rows, found);
      return;
    }
    const [across, down, deep] = this.cells as [number, number, number];
    for (let cz = 0, cell = 0; cz < deep; cz++)
      for (let cy = 0; cy < down; cy++)
        for (let cx = 0; cx < across; cx++, cell++)
          for (let n = this.starts[cell]!; n < this.starts[cell + 1]!; n++) found[n] = this.nearestTo(n, cx, cy, cz);
  }

  /** Chooses cells of about one object. @returns whether there are such cells: not where all lie in one place, nor too far apart to reckon with */
  private layGrid(rows: Uint32Array): boolean {
    this.gather(rows);
    const extents = this.gathered.map((axis, k) => {
      let [low, high] = [Infinity, -Infinity];
      for (let i = 0; i < rows.length; i++) {
        const value = axis[i]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      this.low[k] = low;
      return high - low;
    });
    let wide = extents.filter((extent) => extent > 0);
    for (;;) {
      const volume = wide.reduce((product, extent) => product * extent, 1);
      this.side = (volume / rows.length) ** (1 / wide.length);
      const wider = wide.filter((extent) => extent >= this.side);
      if (wider.length === wide.length) break;
      wide = wider;
    }
    if (wide.length === 0 || !(this.side > 0 && Number.isFinite(this.side))) return false;
    for (const [k, extent] of extents.entries())
      this.cells[k] = extent >= this.side ? Math.max(1, Math.floor(extent / this.side)) : 1;
    const cells = this.cells[0]! * this.cells[1]! * this.cells[2]!;
    return cells <= 2 * rows.length + 64;
  }

  /** Copies the positions of the rows: they lie far apart where tracks stand one after the other. */
  private gather(rows: Uint32Array): void {
    const count = rows.length;
    if (this.cellOf.length < count) {
      this.cellOf = new Uint32Array(count * 2);
      this.x = new Float64Array(count * 2);
      this.y = new Float64Array(count * 2);
      this.z = new Float64Array(count * 2);
      this.gathered = [0, 1, 2].map(() => new Float64Array(count * 2));
    }
    for (const [k, axis] of [this.positions.x, this.positions.y, this.positions.z].entries()) {
      const mine = this.gathered[k]!;
      for (let i = 0; i < count; i++) mine[i] = axis[rows[i]!]!;
    }
  }

  /** Sorts what was gathered into the cells by counting. @returns whether few enough share a cell */
  private fill(count: number): boolean {
    const [across, down, deep] = this.cells as [number, number, number];
    const cells = across * down * deep;
    if (this.starts.length < cells + 2) this.starts = new Uint32Array(cells * 2 + 2);
    const [x, y, z] = this.gathered as [Float64Array, Float64Array, Float64Array];
    const { cellOf, starts, side } = this;
    const [lowX, lowY, lowZ] = this.low as [number, number, number];
    starts.fill(0, 0, cells + 2);
    for (let i = 0; i < count; i++) {
      const cx = Math.min(across - 1, Math.floor((x[i]! - lowX) / side));
      const cy = Math.min(down - 1, Math.floor((y[i]! - lowY) / side));
      const cz = Math.min(deep - 1, Math.floor((z[i]! - lowZ) / side));
      const cell = (cz * down + cy) * across + cx;
      cellOf[i] = cell;
      starts[cell + 2]!++;
    }
    let together = 0;
    for (let cell = 2; cell < cells + 2; cell++) {
      together += starts[cell]! ** 2;
      starts[cell]! += starts[cell - 1]!;
    }
    if (together > mostTogether * count) return false;
    // Each start is one place late until the cell before it is filled.
    for (let i = 0; i < count; i++) {
      const n = starts[cellOf[i]! + 1]!++;
      this.x[n] = x[i]!;
      this.y[n] = y[i]!;
      this.z[n] = z[i]!;
    }
    return true;
  }

  private nearestTo(n: number, cx: number, cy: number, cz: number): number {
    const across = this.cells[0]!;
    const down = this.cells[1]!;
    const deep = this.cells[2]!;
    let square = Infinity;
    for (let ring = 1; ; ring++) {
      const top = Math.max(0, cy - ring);
      const bottom = Math.min(down - 1, cy + ring);
      const front = Math.max(0, cz - ring);
      const back = Math.min(deep - 1, cz + ring);
      const left = Math.max(0, cx - ring);
      const right = Math.min(across - 1, cx + ring);
      for (let k = front; k <= back; k++)
        for (let j = top; j <= bottom; j++) {
          const line = (k * down + j) * across;
          // The first ring is looked at with what it surrounds; of a later one only the rim is new.
          if (ring === 1 || Math.abs(k - cz) === ring || Math.abs(j - cy) === ring)
            square = this.nearestIn(n, line + left, line + right, square);
          else {
            if (cx - ring >= 0) square = this.nearestIn(n, line + left, line + left, square);
            if (cx + ring < across) square = this.nearestIn(n, line + right, line + right, square);
          }
        }
      const least = ring * this.side * safety;
      const isAll = ring >= across && ring >= down && ring >= deep;
      if (square <= least * least || isAll) return Math.sqrt(square);
    }
  }

  /** The smaller of `best` and the squared distance to the nearest other object of cells that follow each other. */
  private nearestIn(n: number, firstCell: number, lastCell: number, best: number): number {
    const { x, y, z } = this;
    const px = x[n]!;
    const py = y[n]!;
    const pz = z[n]!;
    let square = best;
    const to = this.starts[lastCell + 1]!;
    for (let m = this.starts[firstCell]!; m < to; m++) {
      const dx = x[m]! - px;
      const dy = y[m]! - py;
      const dz = z[m]! - pz;
      const one = dx * dx + dy * dy + dz * dz;
      if (one < square && m !== n) square = one;
    }
    return square;
  }
}
