import { type EntityKind, type SpaceUnit, type TimeUnit, parseSpaceUnit, parseTimeUnit } from '@micrarium/model';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { IdTable } from '../id-table.ts';
import { larger } from '../texts.ts';
import { type BdmlComponent, type BdmlDocument, type BdmlMeasurement, xsdDouble } from './document.ts';
import type { BdmlIssueCode } from './issues.ts';

/** What stored numbers are multiplied by, and what the products mean. */
export interface BdmlScale {
  /** NaN along a dimension that does not exist. */
  x: number;
  y: number;
  z: number;
  t: number;
  hasZ: boolean;
  spaceUnit?: SpaceUnit;
  timeUnit?: TimeUnit;
  sourceSpaceUnit?: string;
  sourceTimeUnit?: string;
  /** As written, where usable. */
  pixelSize: { x?: number; y?: number; z?: number };
  interval?: number;
}

/** A set to be read: one kind of object with one entity. */
export interface PlannedSet {
  objectRef: string;
  name: string;
  entity: EntityKind;
  /** Takes also the measurements without geometry. */
  takesBare: boolean;
  hasLabel: boolean;
  /** Most objects that can come. */
  measurements: number;
}

/** Most sets and features of a document that are read. */
export const mostSets = 256;
export const mostFeatures = 1000;

/** Reads the scales; `undefined` where the dimensions they name cannot be. */
export function readScale({ scales }: BdmlDocument, tally: IssueTally<BdmlIssueCode>): BdmlScale | undefined {
  const number = (name: string) => {
    const value = xsdDouble(scales.get(name) ?? '');
    if (value === undefined) tally.note('bdml-scale-missing', { field: `data/scaleUnit/${name}` }, name);
    return value ?? 1;
  };
  const stored = { x: number('xScale'), y: number('yScale'), z: number('zScale'), t: number('tScale') };
  const { x, y, z, t } = stored;
  const impossible = (x === 0 && (y !== 0 || z !== 0)) || (y === 0 && z !== 0);
  if (impossible || !Object.values(stored).every(Number.isFinite)) {
    const what = `xScale ${x}, yScale ${y}, zScale ${z}, tScale ${t}`;
    tally.note('bdml-scale-impossible', { field: 'data/scaleUnit' }, what);
    return undefined;
  }
  const [space, time] = [scales.get('xyzUnit') ?? '', scales.get('tUnit') ?? ''];
  const spaceUnit = parseSpaceUnit(space);
  // Without a time scale the unit says nothing.
  const timeUnit = t === 0 ? undefined : parseTimeUnit(time);
  return {
    x: x === 0 ? Number.NaN : x,
    y: y === 0 ? Number.NaN : y,
    z,
    t: t === 0 ? 1 : t,
    hasZ: z !== 0,
    ...(spaceUnit ? { spaceUnit } : {}),
    ...(timeUnit ? { timeUnit } : {}),
    ...(space ? { sourceSpaceUnit: space } : {}),
    ...(time ? { sourceTimeUnit: time } : {}),
    pixelSize: Object.fromEntries(Object.entries({ x, y, z }).filter(([, value]) => value !== 0)),
    ...(t === 0 ? {} : { interval: t }),
  };
}

interface SeenKind {
  entities: EntityKind[];
  bare: boolean;
  hasLabel: boolean;
  measurements: number;
}

/** What a first walk learns: which sets there are, the times, the number of each component. */
export class BdmlSurvey {
  readonly tally: IssueTally<BdmlIssueCode>;
  /** Ids and the names of links to them, numbered as they come. */
  private ids: IdTable | undefined = new IdTable();
  /** Number of the first component with each id, plus one; 0 where there is none. */
  private ordinals = new Uint32Array(1 << 10);
  /** Of each link, in the order of the document, the id it names. */
  private named = new Uint32Array(1 << 10);
  readonly times = new Set<number>();
  components = 0;
  links = 0;
  private readonly kinds = new Map<string, SeenKind>();

  constructor(tally: IssueTally<BdmlIssueCode>) {
    this.tally = tally;
  }

  take(component: BdmlComponent): void {
    const { tally } = this;
    if (!isUsable(component)) {
      const what = component.id === '' ? `a component at time ${component.time} has no id` : `${component.id}: no time`;
      tally.note('bdml-value-unreadable', { field: 'component' }, what);
      return;
    }
    const ordinal = this.components++;
    const number = this.ids!.add(component.id);
    if (number >= this.ordinals.length) this.ordinals = larger(this.ordinals, number + 1);
    if (this.ordinals[number] !== 0) tally.note('bdml-duplicate-id', { field: 'componentID' }, component.id);
    else this.ordinals[number] = ordinal + 1;
    this.times.add(component.time);
    for (const name of component.previous) {
      if (this.links === this.named.length) this.named = larger(this.named, this.links + 1);
      this.named[this.links++] = this.ids!.add(name);
    }
    for (const measurement of component.measurements) this.measurement(measurement, component);
  }

  /** Ends the walk: the names are not needed any more. */
  finish(): void {
    const { size } = this.ids!;
    if (size > this.ordinals.length) this.ordinals = larger(this.ordinals, size);
    this.ids!.release();
    this.ids = undefined;
  }

  /** Number of the component, from 0 in the order of the document, that a link names; -1 where there is none. */
  namedBy(link: number): number {
    return this.ordinals[this.named[link]!]! - 1;
  }

  /** The sets, in the order of their declarations. */
  sets(document: BdmlDocument): PlannedSet[] {
    this.checkDeclarations(document);
    const planned: PlannedSet[] = [];
    for (const [objectRef, { entities, bare, hasLabel, measurements }] of this.declared(document)) {
      const all = entities.length === 0 && bare ? (['point'] as const) : entities;
      if (all.length > 1)
        this.tally.note('bdml-mixed-entity', { field: 'measurement' }, `${objectRef}: ${all.join(', ')}`);
      for (const [at, entity] of all.entries()) {
        const name = at === 0 ? objectRef || `object ${planned.length}` : `${objectRef} (${entity})`;
        planned.push({ objectRef, name, entity, takesBare: at === 0, hasLabel, measurements });
      }
    }
    return planned;
  }

  /** Features that are read, by name. */
  features({ features }: BdmlDocument): { name: string; scale: number; unit: string }[] {
    const known = new Map<string, { name: string; scale: number; unit: string }>();
    for (const feature of features) {
      if (known.has(feature.name)) this.tally.note('bdml-declared-twice', { field: 'data/feature' }, feature.name);
      else if (known.size === mostFeatures)
        this.tally.note('bdml-too-many-definitions', { field: 'data/feature' }, feature.name);
      else {
        const isUsable = Number.isFinite(feature.scale) && feature.scale !== 0;
        if (!isUsable) this.tally.note('bdml-feature-scale', { field: 'data/feature' }, feature.name);
        known.set(feature.name, isUsable ? feature : { ...feature, scale: 1 });
      }
    }
    return [...known.values()];
  }

  private measurement({ objectRef, entity }: BdmlMeasurement, { id, name }: BdmlComponent): void {
    let kind = this.kinds.get(objectRef);
    if (!kind) {
      // An unknown name costs no more than this; which names are declared is known before the first component.
      if (this.kinds.size >= 20_000) return;
      this.kinds.set(objectRef, (kind = { entities: [], bare: false, hasLabel: false, measurements: 0 }));
    }
    kind.measurements++;
    if (name !== undefined) kind.hasLabel = true;
    if (entity === undefined) {
      kind.bare = true;
      this.tally.note('bdml-no-geometry', { field: 'measurement' }, `${id}: ${objectRef}`);
    } else if (!kind.entities.includes(entity)) kind.entities.push(entity);
  }

  private declared(document: BdmlDocument): [string, SeenKind][] {
    const names = [...new Set(document.objects)];
    return names
      .flatMap((name) => {
        const kind = this.kinds.get(name);
        return kind ? [[name, kind] as [string, SeenKind]] : [];
      })
      .slice(0, mostSets);
  }

  private checkDeclarations({ objects }: BdmlDocument): void {
    const seen = new Set<string>();
    for (const name of objects)
      if (seen.has(name)) this.tally.note('bdml-declared-twice', { field: 'data/object' }, name);
      else seen.add(name);
    const used = [...seen].filter((name) => this.kinds.has(name));
    for (const name of used.slice(mostSets))
      this.tally.note('bdml-too-many-definitions', { field: 'data/object' }, name);
  }
}

/** Has the component what it cannot be read without? */
export function isUsable({ id, time }: BdmlComponent): boolean {
  return id !== '' && Number.isFinite(time);
}
