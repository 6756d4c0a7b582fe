import { DisjointRows } from '@micrarium/model';

/** Compares the groups a property names with the connected parts of the graph. 16 bytes a node, 8 an edge. */
export class TrackCheck {
  private readonly lineage: Float64Array | undefined;
  private readonly tracklet: Float64Array | undefined;
  private readonly source: number[] = [];
  private readonly target: number[] = [];
  private readonly count: number;

  constructor(count: number, wanted: { lineage: boolean; tracklet: boolean }) {
    this.count = count;
    this.lineage = wanted.lineage ? new Float64Array(count).fill(Number.NaN) : undefined;
    this.tracklet = wanted.tracklet ? new Float64Array(count).fill(Number.NaN) : undefined;
  }

  /** Takes values of a property for rows from `from` on; absent ones are NaN. */
  values(kind: 'lineage' | 'tracklet', from: number, values: ArrayLike<number>, missing?: Uint8Array): void {
    const all = this[kind];
    for (let i = 0; all && i < values.length; i++) if (missing?.[i] !== 1) all[from + i] = values[i]!;
  }

  /** Takes an edge, by rows. */
  edge(source: number, target: number): void {
    if (source < 0 || target < 0) return;
    this.source.push(source);
    this.target.push(target);
  }

  /** Groupings that are not those of the graph, in words. */
  disagreements(): string[] {
    const words: string[] = [];
    const all = () => true;
    if (this.lineage) words.push(...this.compare('lineage', this.lineage, all));
    if (!this.tracklet) return words;
    const inDegree = new Uint8Array(this.count);
    const outDegree = new Uint8Array(this.count);
    for (let i = 0; i < this.source.length; i++) {
      outDegree[this.source[i]!] = Math.min(2, outDegree[this.source[i]!]! + 1);
      inDegree[this.target[i]!] = Math.min(2, inDegree[this.target[i]!]! + 1);
    }
    const isUnbranched = (source: number, target: number) => outDegree[source] === 1 && inDegree[target] === 1;
    return [...words, ...this.compare('tracklet', this.tracklet, isUnbranched)];
  }

  private compare(name: string, values: Float64Array, joins: (source: number, target: number) => boolean): string[] {
    const parts = new DisjointRows(this.count);
    for (let i = 0; i < this.source.length; i++)
      if (joins(this.source[i]!, this.target[i]!)) parts.join(this.source[i]!, this.target[i]!);
    const valueOf = new Map<number, number>();
    const partOf = new Map<number, number>();
    let wrong = 0;
    for (let row = 0; row < this.count; row++) {
      const value = values[row]!;
      const part = parts.find(row);
      if (Number.isNaN(value)) wrong++;
      else if ((valueOf.get(part) ?? value) !== value || (partOf.get(value) ?? part) !== part) wrong++;
      if (Number.isNaN(value)) continue;
      valueOf.set(part, valueOf.get(part) ?? value);
      partOf.set(value, partOf.get(value) ?? part);
    }
    const groups = new Set(Array.from({ length: this.count }, (_, row) => parts.find(row))).size;
    return wrong === 0
      ? []
      : [`${name}: ${partOf.size} values for ${groups} parts of the graph, ${wrong} nodes disagree`];
  }
}
