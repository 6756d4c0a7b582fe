import type { EntityKind, Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import type { FileSink } from '../../tracks/track-reader.ts';
import { SlabCells, memberNamed } from './column-reader.ts';
import { Hdf5File, type Hdf5Table } from './hdf5-reader.ts';
import { type Hdf5GroupNode, type Hdf5TableNode, writeHdf5 } from '../../containers/hdf5/write-hdf5.ts';
import { bd5Issue } from './issues.ts';
import { type Dimension, allowedEntities, dimensionLabel, dimensionOf } from './lint-rules.ts';
import { type GroupTime, KnownIds, ObjectRowsLint } from './lint-rows.ts';
import { smallTable } from './records.ts';
import { type TableMending, mendedTable } from './repair-tables.ts';
import { readStructure } from './structure.ts';

/**
 * Writes a BD5 file again with its faults mended as far as the file says how: names of groups and tables, numbering of
 * time groups, dimension, shapes and types, columns that do not belong, links and features that lead nowhere. Values,
 * ids and their order stay. What cannot be known (which of two objects with one ID is meant) stays as it is.
 * @returns one issue `bd5-fixed` for each kind of change
 * @throws Hdf5Fault where the file cannot be read
 */
export async function repairBd5(source: ByteSource, sink: FileSink, signal?: AbortSignal): Promise<Issue[]> {
  const repair = new Repair(await Hdf5File.open(source, signal));
  const root = await repair.plan();
  const writer = await sink.create('');
  await writeHdf5(root, async (bytes) => {
    signal?.throwIfAborted();
    await writer.write(bytes);
  });
  await writer.close();
  return repair.issues();
}

/** A time group with its object and feature groups, whatever they are called. */
interface FoundGroup {
  path: string;
  name: string;
  time: number;
  objects: Hdf5Table[];
  features: Hdf5Table[];
}

class Repair {
  private readonly file: Hdf5File;
  private readonly changes = new Map<string, { count: number; examples: Set<string> }>();
  private readonly ids = new KnownIds();

  constructor(file: Hdf5File) {
    this.file = file;
  }

  /** `what: example` is gathered under what. */
  private readonly say = (change: string): void => {
    const colon = change.indexOf(': ');
    const what = colon < 0 ? change : change.slice(0, colon);
    const entry = this.changes.get(what) ?? { count: 0, examples: new Set() };
    this.changes.set(what, entry);
    entry.count++;
    if (colon >= 0 && entry.examples.size < 5) entry.examples.add(change.slice(colon + 2));
  };

  issues(): Issue[] {
    return [...this.changes].map(([what, { count, examples }]) => {
      if (examples.size === 0) return bd5Issue('bd5-fixed', what);
      const more = count > examples.size ? `, … (${count} times)` : '';
      return bd5Issue('bd5-fixed', `${what}: ${[...examples].join(', ')}${more}`);
    });
  }

  async plan(): Promise<Hdf5GroupNode> {
    for (const name of (await this.file.names('/')) ?? [])
      if (name !== 'data') this.say(`members that BD5 does not know are left out: /${name}`);
    const groups = await this.groups();
    const data = new Map<string, Hdf5GroupNode | Hdf5TableNode>();
    const scale = await this.definition('scaleUnit', ['dimension', 'xScale']);
    const dimension = scale && (await this.dimension(scale, groups));
    if (scale) data.set('scaleUnit', await mendedTable(this.file, scale, this.say, scaleMending(dimension)));
    const kinds = await this.defined(
      'objectDef',
      ['oID', 'name'],
      'object',
      groups.flatMap((one) => one.objects.map(idOf)),
    );
    data.set('objectDef', kinds.node);
    const features = await this.featureNumbers(groups);
    if (features.length > 0 || (await this.definition('featureDef', ['fID', 'name'])))
      data.set('featureDef', (await this.defined('featureDef', ['fID', 'name'], 'feature', features)).node);
    for (const [frame, group] of groups.entries()) data.set(String(frame), await this.group(group, frame, dimension));
    const links = await this.definition('trackInfo', ['from', 'to']);
    if (links) {
      const kept = await this.links(links);
      if (kept.rows > 0) data.set('trackInfo', kept);
    }
    await this.unknownMembers();
    return { members: new Map([['data', { members: data }]]) };
  }

  private readonly used = new Set<string>();

  /** A table by its name, else the one below `/data` that has its columns. */
  private async definition(name: string, columns: readonly string[]): Promise<Hdf5Table | undefined> {
    const named = await this.file.table(`/data/${name}`);
    this.used.add(name);
    if (named) return named;
    for (const other of (await this.file.names('/data')) ?? []) {
      const table = /^\d+$/.test(other) ? undefined : await this.file.table(`/data/${other}`);
      if (!table || !columns.every((column) => memberNamed(table, column))) continue;
      if (['scaleUnit', 'objectDef', 'featureDef', 'trackInfo'].includes(other)) continue;
      this.say(`tables get their names: ${other} becomes ${name}`);
      this.used.add(other);
      return table;
    }
    return undefined;
  }

  private async unknownMembers(): Promise<void> {
    for (const name of (await this.file.names('/data')) ?? [])
      if (!this.used.has(name)) this.say(`members that BD5 does not know are left out: /data/${name}`);
  }

  /** Time groups in the order of their times, or of their numbers where a time is missing. */
  private async groups(): Promise<FoundGroup[]> {
    const { frames } = await readStructure(this.file);
    const found: FoundGroup[] = [];
    for (const { path } of frames) {
      const group: FoundGroup = { path, name: path.slice(6), time: Number.NaN, objects: [], features: [] };
      this.used.add(group.name);
      for (const member of (await this.file.names(path)) ?? []) {
        const tables: Hdf5Table[] = [];
        for (const name of (await this.file.names(`${path}/${member}`)) ?? []) {
          const table = await this.file.table(`${path}/${member}/${name}`);
          if (table && memberNamed(table, 'ID')) tables.push(table);
        }
        const room = member === 'object' || member === 'feature' ? member : roomOf(tables);
        if (room === undefined) this.say(`members that BD5 does not know are left out: ${path}/${member}`);
        else {
          if (room !== member) this.say(`groups get their names: ${path}/${member} becomes ${room}`);
          group[room === 'object' ? 'objects' : 'features'].push(...tables);
        }
      }
      group.time = await this.firstTime(group.objects[0]);
      found.push(group);
    }
    const times = new Set(found.map(({ time }) => time));
    const isTimed = times.size === found.length && found.every(({ time }) => Number.isFinite(time));
    if (isTimed) found.sort((a, b) => a.time - b.time);
    for (const [frame, { name }] of found.entries())
      if (name !== String(frame)) this.say(`time groups are numbered from 0 on: ${name} becomes ${frame}`);
    return found;
  }

  private async firstTime(table: Hdf5Table | undefined): Promise<number> {
    const member = table && memberNamed(table, 't');
    if (!table || !member || table.rows === 0) return Number.NaN;
    for await (const slab of this.file.slabs(table)) return new SlabCells(table, slab).number(member, 0);
    return Number.NaN;
  }

  /** The dimension that the label says, made to fit the scales and the coordinates that there are. */
  private async dimension(scale: Hdf5Table, groups: readonly FoundGroup[]): Promise<Dimension | undefined> {
    let label = '';
    const member = memberNamed(scale, 'dimension');
    if (member) for await (const slab of this.file.slabs(scale)) label ||= new SlabCells(scale, slab).text(member, 0);
    const has = (name: string) => memberNamed(scale, name) !== undefined;
    const tables = groups.flatMap(({ objects }) => objects);
    const axes = (['x', 'y', 'z'] as const).findIndex(
      (axis) => !has(`${axis}Scale`) || tables.some((table) => !memberNamed(table, axis)),
    );
    const timed = has('tScale') && has('tUnit') && tables.every((table) => memberNamed(table, 't'));
    const found: Dimension = { axes: axes < 0 ? 3 : axes, timed };
    const said = dimensionOf(label);
    if (!said || said.timed !== timed || said.axes > found.axes) {
      this.say(`the dimension is ${dimensionLabel(found)}, as scales and columns have it, and not "${label}"`);
      return found;
    }
    return said;
  }

  /** A table of definitions with an entry for every number that is used. */
  private async defined(
    name: string,
    columns: readonly [string, string],
    word: string,
    used: readonly (string | number)[],
  ): Promise<{ node: Hdf5TableNode }> {
    const table = await this.definition(name, columns);
    const known: (readonly (string | number)[])[] = [];
    const hasUnit = name === 'featureDef';
    if (table)
      for await (const slab of this.file.slabs(table)) {
        const cells = new SlabCells(table, slab);
        for (let row = 0; row < slab.rows; row++) {
          const text = (column: string) => {
            const member = memberNamed(table, column);
            return member ? cells.text(member, row) : '';
          };
          known.push([Number(text(columns[0])), text(columns[1]), ...(hasUnit ? [text('fUnit')] : [])]);
        }
      }
    const missing = [...new Set(used.map(Number))].filter((id) => !known.some(([one]) => one === id));
    if (table && missing.length === 0) return { node: await mendedTable(this.file, table, this.say) };
    for (const id of missing) {
      this.say(`${word}s are defined under their numbers, since their names are not known: ${id}`);
      known.push([id, `${word} ${id}`, ...(hasUnit ? [''] : [])]);
    }
    const width = (at: number) => Math.max(1, ...known.map((row) => new TextEncoder().encode(String(row[at])).length));
    const text = (at: number) => ({ kind: 'string', bytes: width(at) }) as const;
    return {
      node: smallTable(
        [
          { name: columns[0], type: { kind: 'int32' } },
          { name: columns[1], type: text(1) },
          ...(hasUnit ? [{ name: 'fUnit', type: text(2) }] : []),
        ],
        known,
      ),
    };
  }

  private async featureNumbers(groups: readonly FoundGroup[]): Promise<number[]> {
    const used = new Set<number>();
    for (const { features } of groups)
      for (const table of features) {
        const member = memberNamed(table, 'fID');
        if (member)
          for await (const slab of this.file.slabs(table))
            for (const id of new SlabCells(table, slab).numbers(member)) if (Number.isInteger(id)) used.add(id);
      }
    return [...used];
  }

  private async group(found: FoundGroup, frame: number, dimension: Dimension | undefined): Promise<Hdf5GroupNode> {
    const [object, feature] = [new Map<string, Hdf5TableNode>(), new Map<string, Hdf5TableNode>()];
    const rows = new ObjectRowsLint(this.file, this.ids, new IssueTally());
    const time: GroupTime = { first: undefined };
    for (const table of found.objects) {
      const entity = await rows.check(table, frame, Number(idOf(table)), time);
      object.set(
        idOf(table),
        await mendedTable(this.file, table, this.say, await this.objectMending(table, entity, dimension)),
      );
    }
    for (const table of found.features) {
      const keep = await this.joined(table, frame);
      const node = await mendedTable(this.file, table, this.say, { keep });
      if (node.rows > 0) feature.set(idOf(table), node);
    }
    const members = new Map<string, Hdf5GroupNode>([['object', { members: object }]]);
    if (found.features.length > 0) members.set('feature', { members: feature });
    return { members };
  }

  private async objectMending(
    table: Hdf5Table,
    entity: EntityKind | undefined,
    dimension: Dimension | undefined,
  ): Promise<TableMending> {
    const without: string[] = [];
    if (dimension) without.push(...['x', 'y', 'z'].slice(dimension.axes));
    const radius = memberNamed(table, 'radius');
    if (radius && entity !== 'circle' && entity !== 'sphere' && (await this.isAllZero(table, 'radius')))
      without.push('radius');
    const isFlat = dimension && entity === 'sphere' && !allowedEntities(dimension).includes(entity);
    if (isFlat) this.say('spheres in planar data become circles');
    return {
      without: without.filter((name) => memberNamed(table, name)),
      ...(isFlat ? { replace: { entity: 'circle' } } : {}),
    };
  }

  private async isAllZero(table: Hdf5Table, name: string): Promise<boolean> {
    const member = memberNamed(table, name)!;
    for await (const slab of this.file.slabs(table))
      if (new SlabCells(table, slab).numbers(member).some((value) => value !== 0)) return false;
    return true;
  }

  /** Rows of a feature table whose object is there. */
  private async joined(table: Hdf5Table, frame: number): Promise<Uint8Array> {
    const keep = new Uint8Array(table.rows);
    const member = memberNamed(table, 'ID')!;
    for await (const slab of this.file.slabs(table))
      for (let row = 0; row < slab.rows; row++) {
        const number = this.ids.find(table, slab, member, row);
        if (number >= 0 && this.ids.frameOf(number) === frame) keep[slab.first + row] = 1;
        else
          this.say(
            `feature values of objects that are not there are left out: ${new SlabCells(table, slab).text(member, row)}`,
          );
      }
    return keep;
  }

  private async links(table: Hdf5Table): Promise<Hdf5TableNode> {
    const [keep, turn] = [new Uint8Array(table.rows), new Uint8Array(table.rows)];
    const [from, to] = [memberNamed(table, 'from')!, memberNamed(table, 'to')!];
    const seen = new Set<number>();
    for await (const slab of this.file.slabs(table)) {
      const cells = new SlabCells(table, slab);
      for (let row = 0; row < slab.rows; row++) {
        const [a, b] = [this.ids.find(table, slab, from, row), this.ids.find(table, slab, to, row)];
        const at = slab.first + row;
        const [early, late] = [this.ids.frameOf(a), this.ids.frameOf(b)];
        const link = () => `${cells.text(from, row)} → ${cells.text(to, row)}`;
        const key = Math.min(a, b) * this.ids.table.size + Math.max(a, b);
        if (a < 0 || b < 0) this.say(`links to objects that are not there are left out: ${link()}`);
        else if (early === late) this.say(`links within one time are left out: ${link()}`);
        else if (seen.has(key)) this.say(`links that repeat another are left out: ${link()}`);
        else {
          seen.add(key);
          keep[at] = 1;
          if (early > late) {
            turn[at] = 1;
            this.say(`links are turned around, to the later object: ${link()}`);
          }
        }
      }
    }
    return mendedTable(this.file, table, this.say, { keep, turn });
  }
}

/** Number of the kind a table is named by. */
function idOf({ path }: Hdf5Table): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What the tables of a group hold, by their columns. */
function roomOf(tables: readonly Hdf5Table[]): 'object' | 'feature' | undefined {
  const [first] = tables;
  if (!first) return undefined;
  if (memberNamed(first, 'fID') && memberNamed(first, 'value')) return 'feature';
  return memberNamed(first, 'entity', 'x') ? 'object' : undefined;
}

function scaleMending(dimension: Dimension | undefined): TableMending {
  if (!dimension) return {};
  const without = [
    ...['xScale', 'yScale', 'zScale'].slice(dimension.axes),
    ...(dimension.axes === 0 ? ['sUnit'] : []),
    ...(dimension.timed ? [] : ['tScale', 'tUnit']),
  ];
  return { without, replace: { dimension: dimensionLabel(dimension) } };
}
