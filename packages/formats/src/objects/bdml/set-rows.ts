import { NumberList } from '../../tables/delimited/id-index.ts';
import type { IssueTally } from '../../tables/delimited/issues.ts';
import type { ObjectRow, RowStream } from '../../tracks/row-stream.ts';
import type { BdmlComponent, BdmlMeasurement } from './document.ts';
import type { BdmlIssueCode } from './issues.ts';
import { type BdmlScale, type BdmlSurvey, type PlannedSet, isUsable } from './survey.ts';

/** What all sets of a document share. */
export interface BdmlPlan {
  survey: BdmlSurvey;
  scale: BdmlScale;
  frameOf: ReadonlyMap<number, number>;
  features: readonly { name: string; scale: number; unit: string }[];
  tally: IssueTally<BdmlIssueCode>;
  /** 1 for each prevID, in document order, that became an edge or was reported. */
  answered: Uint8Array;
  /** Names of objects that are declared. */
  declared: ReadonlySet<string>;
}

/** Turns the components of a document into the rows of one set; the others go by. */
export class SetRows {
  private readonly plan: BdmlPlan;
  private readonly set: PlannedSet;
  private readonly stream: RowStream;
  /** Is this the walk that reports what belongs to no set? */
  private readonly isFirst: boolean;
  private readonly featureAt: ReadonlyMap<string, number>;
  private readonly present: Uint8Array;
  private readonly from = new NumberList();
  private readonly to = new NumberList();
  private readonly linkAt = new NumberList();
  private readonly own: BdmlMeasurement[] = [];
  private ordinal = 0;
  private link = 0;
  /** Edges wait until the end of the walk from the first on whose earlier object is still to come. */
  private isWaiting = false;
  private extra: number;

  constructor(plan: BdmlPlan, set: PlannedSet, stream: RowStream, isFirst: boolean) {
    this.plan = plan;
    this.set = set;
    this.stream = stream;
    this.isFirst = isFirst;
    this.featureAt = new Map(plan.features.map(({ name }, at) => [name, at]));
    this.present = new Uint8Array(plan.survey.components);
    this.extra = plan.survey.components;
  }

  take(component: BdmlComponent): Promise<void> | undefined {
    if (!isUsable(component)) return undefined;
    const ordinal = this.ordinal++;
    const { own } = this;
    own.length = 0;
    for (const measurement of component.measurements) {
      if (this.isFirst && !this.plan.declared.has(measurement.objectRef)) {
        const what = `${component.id}: ${measurement.objectRef}`;
        this.plan.tally.note('bdml-unknown-object', { field: 'measurement/objectRef' }, what);
      }
      if (this.isOwn(measurement)) own.push(measurement);
    }
    if (own.length > 0) this.present[ordinal] = 1;
    const linked = component.previous.length > 0 ? this.links(component, ordinal, own.length > 0) : undefined;
    if (own.length === 0) return linked;
    const full = this.objects(component, ordinal, own);
    return linked && full ? linked.then(() => full) : (linked ?? full);
  }

  /** Hands on the edges whose earlier object is in the set too. */
  async finish(): Promise<void> {
    const { from, to, linkAt, present, plan } = this;
    for (let i = 0; i < from.length; i++) {
      if (present[from.at(i)] !== 1) continue;
      plan.answered[linkAt.at(i)] = 1;
      const full = this.stream.edge(from.at(i), to.at(i));
      if (full) await full;
    }
    await this.stream.end();
  }

  private isOwn({ objectRef, entity }: BdmlMeasurement): boolean {
    const { set } = this;
    return objectRef === set.objectRef && (entity === undefined ? set.takesBare : entity === set.entity);
  }

  private links({ id, previous }: BdmlComponent, ordinal: number, isHere: boolean): Promise<void> | undefined {
    let full: Promise<void> | undefined;
    for (const name of previous) {
      const link = this.link++;
      const from = this.plan.survey.namedBy(link);
      if (from < 0) {
        if (this.isFirst) this.plan.tally.note('bdml-dangling-link', { field: 'prevID' }, `${name} → ${id}`);
        this.plan.answered[link] = 1;
      } else if (!isHere) continue;
      else if (from <= ordinal && !this.isWaiting) {
        if (this.present[from] !== 1) continue;
        this.plan.answered[link] = 1;
        full = this.stream.edge(from, ordinal) ?? full;
      } else {
        this.isWaiting = true;
        this.from.push(from);
        this.to.push(ordinal);
        this.linkAt.push(link);
      }
    }
    return full;
  }

  private objects(component: BdmlComponent, ordinal: number, own: BdmlMeasurement[]): Promise<void> | undefined {
    const { entity } = this.set;
    if (entity !== 'circle' && entity !== 'sphere') return this.object(component, ordinal, own);
    const round = own.filter((one) => one.entity !== undefined);
    if (round.length <= 1) return this.object(component, ordinal, own);
    this.plan.tally.note(
      'bdml-several-measurements',
      { field: 'measurement' },
      `${component.id}: ${round.length} ${entity}s`,
    );
    const bare = own.filter((one) => one.entity === undefined);
    let full: Promise<void> | undefined;
    for (const [at, one] of round.entries())
      full = this.object(component, at === 0 ? ordinal : this.extra++, at === 0 ? [one, ...bare] : [one]) ?? full;
    return full;
  }

  /** One object of measurements that belong together. */
  private object(component: BdmlComponent, id: number, own: readonly BdmlMeasurement[]): Promise<void> | undefined {
    const { plan, set } = this;
    const { scale } = plan;
    const single = own.length === 1 && own[0]!.parts.length === 1 ? own[0]!.parts[0]! : undefined;
    // One vertex is no outline: it is the place.
    if (single?.length === 3 && set.entity !== 'face') {
      if (!scale.hasZ && single[2] !== 0) plan.tally.note('bdml-depth-dropped', { field: 'z' }, component.id);
      return this.stream.object({
        id,
        frame: plan.frameOf.get(component.time)!,
        x: single[0]! * scale.x,
        y: single[1]! * scale.y,
        z: single[2]! * scale.z,
        time: component.time * scale.t,
        values: this.values(component, own),
      });
    }
    const parts = own.flatMap((one) => one.parts).map((part) => this.scaled(part, component.id));
    const [x, y, z] = centreOf(parts, set.entity === 'line');
    const isDrawn = set.entity === 'line' || set.entity === 'face' || (set.entity === 'point' && parts.length > 1);
    if (set.entity === 'face')
      for (const part of parts)
        if (part.length !== 9) plan.tally.note('bdml-face-incomplete', { field: 'xyzTriplet' }, component.id);
    const row: ObjectRow = {
      id,
      frame: plan.frameOf.get(component.time)!,
      x,
      y,
      z,
      time: component.time * scale.t,
      values: this.values(component, own),
      ...(isDrawn ? { parts } : {}),
    };
    return this.stream.object(row);
  }

  private scaled(part: readonly number[], id: string): number[] {
    const { scale, tally } = this.plan;
    const scaled: number[] = [];
    let dropped = false;
    for (let at = 0; at < part.length; at += 3) {
      scaled.push(part[at]! * scale.x, part[at + 1]! * scale.y, scale.hasZ ? part[at + 2]! * scale.z : 0);
      if (!scale.hasZ && part[at + 2] !== 0) dropped = true;
    }
    if (dropped) tally.note('bdml-depth-dropped', { field: 'z' }, id);
    return scaled;
  }

  private values({ id, name }: BdmlComponent, own: readonly BdmlMeasurement[]): (number | string | undefined)[] {
    const { set, plan } = this;
    const values: (number | string | undefined)[] = [id];
    if (set.hasLabel) values.push(name);
    if (set.entity === 'circle' || set.entity === 'sphere')
      values.push(own.find(({ radius }) => radius !== undefined)?.radius);
    const first = values.length;
    for (const { properties } of own)
      for (const { ref, value } of properties) {
        const at = this.featureAt.get(ref);
        if (at === undefined) {
          plan.tally.note('bdml-unknown-feature', { field: 'property/featureRef' }, `${id}: ${ref}`);
          continue;
        }
        if (values[first + at] !== undefined)
          plan.tally.note('bdml-several-measurements', { field: 'property' }, `${id}: ${ref}`);
        values[first + at] = value * plan.features[at]!.scale;
      }
    return values;
  }
}

/** Mean of the vertices; the last vertex of a closed outline repeats the first and counts once. NaN where there are none. */
export function centreOf(parts: readonly (readonly number[])[], isLine: boolean): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  let counted = 0;
  for (const part of parts) {
    let end = part.length;
    if (isLine && end > 6 && part[0] === part[end - 3] && part[1] === part[end - 2]) end -= 3;
    for (let at = 0; at < end; at += 3, counted++) for (let axis = 0; axis < 3; axis++) sum[axis]! += part[at + axis]!;
  }
  return [sum[0] / counted, sum[1] / counted, sum[2] / counted];
}
