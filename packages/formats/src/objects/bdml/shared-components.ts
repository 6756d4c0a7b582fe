import { IdTable } from '../id-table.ts';
import type { WrittenKind } from './to-bdml.ts';

/** One row of one kind of object. */
export interface KindRow {
  kind: WrittenKind;
  row: number;
}

/** Finds the objects of several kinds that are one component: they have one id. */
export class SharedComponents {
  private readonly table: IdTable | undefined;
  private readonly rows: KindRow[][] = [];

  constructor(kinds: readonly WrittenKind[]) {
    if (kinds.length < 2) return;
    this.table = new IdTable();
    for (const kind of kinds)
      for (let row = 0; row < kind.ids.length; row++)
        (this.rows[this.table.addText(kind.ids, row)] ??= []).push({ kind, row });
  }

  /** All rows of the component of a row, that one first; `undefined` where an earlier kind has it, which writes it. */
  of(kind: WrittenKind, row: number): readonly KindRow[] | undefined {
    const all = this.table ? this.rows[this.table.addText(kind.ids, row)]! : [{ kind, row }];
    return all[0]!.kind === kind ? all : undefined;
  }
}
