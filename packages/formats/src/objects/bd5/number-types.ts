import { numberAt } from '../writable-set.ts';
import type { WrittenBd5, WrittenKind } from './from-model.ts';
import { type NumberKind, rounded } from '../../containers/hdf5/written-types.ts';
import { KindTables } from './kind-tables.ts';
import { type Bd5Layout, type NumberColumn, isWhole } from './layout.ts';

/** A value that was multiplied by a scale and divided again is off by so much of itself at most. */
const noise = 2 ** -50;

/** Is a value written in a type without a change beyond the noise of scaling? */
function isKept(kind: NumberKind, value: number): boolean {
  if (!kind.startsWith('float') && !Number.isFinite(value)) return false;
  const written = rounded(kind, value);
  return Object.is(written, value) || Math.abs(written - value) <= Math.abs(value) * noise;
}

const known: ReadonlySet<string> = new Set<NumberKind>([
  'float64',
  'float32',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
]);

function eachValue(tables: KindTables, bd5: WrittenBd5, take: (name: NumberColumn, value: number) => void): void {
  const numbers = tables.numbers();
  for (let group = 0; group < bd5.groups; group++)
    tables.eachRecord(tables.rowsOf(group), (row, vertex, part) => {
      for (const { name, of } of numbers) take(name, of(row, vertex, part));
    });
  for (const { fid, column } of tables.kind.features)
    for (let row = 0; row < tables.kind.set.objects.count; row++)
      if (column.missing?.[row] !== 1) {
        take('feature.fID', fid);
        take('feature.value', numberAt(column, row));
      }
}

/**
 * Types in which the numbers of a kind are written: those a set read from BD5 had, as far as every value fits them
 * without loss. What is not named is written as float64, or int32 where it is whole.
 */
function keptTypes(bd5: WrittenBd5, tables: KindTables): Partial<Record<NumberColumn, NumberKind>> {
  const stored = tables.kind.set.provenance.storedTypes;
  if (!stored) return {};
  const kept = new Map<NumberColumn, NumberKind>();
  for (const [name, kind] of Object.entries(stored))
    if (known.has(kind)) kept.set(name as NumberColumn, kind as NumberKind);
  const check = (name: NumberColumn, value: number) => {
    const kind = kept.get(name);
    if (kind !== undefined && !isKept(kind, value)) kept.delete(name);
  };
  eachValue(tables, bd5, check);
  for (const axis of ['x', 'y', 'z', 't'] as const) check(`scaleUnit.${axis}Scale`, bd5.scale[axis]);
  bd5.kinds.forEach((_, oID) => check('objectDef.oID', oID));
  for (const { fid } of bd5.features) check('featureDef.fID', fid);
  return Object.fromEntries(kept);
}

/** The tables of all kinds with the types their numbers are written in; those of the first stand for what kinds share. */
export function plannedKinds(
  bd5: WrittenBd5,
  layout: Bd5Layout,
): { tables: KindTables; types: Partial<Record<NumberColumn, NumberKind>> }[] {
  return bd5.kinds.map((kind) => {
    const tables = new KindTables(bd5, kind);
    return { tables, types: layout === 'full' ? keptTypes(bd5, tables) : {} };
  });
}

/** What is rounded to float32 in the published layout, as one sentence for each kind; nothing where nothing is. */
export function roundingOf(bd5: WrittenBd5, kind: WrittenKind): string | undefined {
  const found = new Map<NumberColumn, { count: number; worst: number }>();
  eachValue(new KindTables(bd5, kind), bd5, (name, value) => {
    if (isWhole(name) || isKept('float32', value)) return;
    const entry = found.get(name) ?? { count: 0, worst: 0 };
    found.set(name, entry);
    entry.count++;
    entry.worst = Math.max(entry.worst, Math.abs(Math.fround(value) - value) / Math.abs(value));
  });
  if (found.size === 0) return undefined;
  const all = [...found].map(([name, { count }]) => `${count} of ${name.slice(name.indexOf('.') + 1)}`);
  const worst = Math.max(...[...found.values()].map((one) => one.worst));
  const most = Number.isFinite(worst)
    ? `by ${worst.toPrecision(1)} of themselves at most`
    : 'some to nothing or infinity';
  return `values of "${kind.set.name}" are rounded to single precision, ${most}: ${all.join(', ')}`;
}
