import { IdIndex, NumberList } from '../../tables/delimited/id-index.ts';

/**
 * Finds the row of an object by what the links table calls it: its id, or its id and frame where ids repeat. Whole
 * numbers take 12 bytes an object; texts and pairs need a map.
 */
export class ObjectKeys {
  /** `pair`: ids repeat, and the links table carries the frame that tells them apart. */
  readonly kind: 'number' | 'text' | 'pair';
  private readonly numbers = new NumberList();
  private readonly texts = new Map<string, number>();
  private readonly dropped = new Set<string>();
  private rows = 0;
  private index: IdIndex | undefined;

  constructor(kind: 'number' | 'text' | 'pair') {
    this.kind = kind;
  }

  /** Adds the object of the next row. */
  add(id: string, frame: number): void {
    if (this.kind === 'number') this.numbers.push(Number(id));
    else {
      const key = this.key(id, frame);
      if (!this.texts.has(key)) this.texts.set(key, this.rows);
    }
    this.rows++;
  }

  /** Notes an object whose row was left out, so that links to it are no surprise. */
  drop(id: string): void {
    this.dropped.add(id.trim());
  }

  /** Row of the object; -1 where there is none, -2 where its row was left out on purpose. */
  rowOf(id: string, frame: number): number {
    let row: number;
    if (this.kind === 'number') {
      this.index ??= new IdIndex(this.numbers.toArray());
      row = id.trim() === '' ? -1 : this.index.rowOf(Number(id));
    } else row = this.texts.get(this.key(id, frame)) ?? -1;
    return row === -1 && this.dropped.has(id.trim()) ? -2 : row;
  }

  private key(id: string, frame: number): string {
    return this.kind === 'pair' ? `${id.trim()}\u001f${frame}` : id.trim();
  }
}
