import type { Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { GunzipSource, isGzip } from '../../bytes/gunzip-source.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { IdTable } from '../id-table.ts';
import { larger } from '../texts.ts';
import { type BdmlComponent, type BdmlDocument } from './document.ts';
import { type BdmlIssueCode, bdmlIssue } from './issues.ts';
import { tallyWords } from './tally-words.ts';
import { timeUnitKinds, unitKinds } from './vocabulary.ts';
import { walkBdml } from './walk.ts';

/** What the reader of BDML has no need to ask: vocabulary, required parts, order in time, shapes. */
export async function lintBdml(file: ByteSource, path: string, signal?: AbortSignal): Promise<Issue[]> {
  const packed = (await isGzip(file, signal)) ? new GunzipSource(file) : undefined;
  const lint = new ComponentLint();
  try {
    const { document } = await walkBdml(packed ?? file, (one) => lint.take(one), signal ? { signal } : {});
    lint.finish();
    definitions(document, lint.tally);
  } finally {
    await packed?.close();
  }
  return lint.tally.issues(bdmlIssue, path, tallyWords);
}

function definitions(document: BdmlDocument, tally: IssueTally<BdmlIssueCode>): void {
  const { version, body, scales, objects, features, header } = document;
  const known = unitKinds[version === '3.0' ? '3.0' : '0.18'];
  const unit = (name: string, value: string, vocabulary: ReadonlySet<string>) => {
    if (!vocabulary.has(value)) tally.note('bdml-unit-unknown', { field: name }, `${name} ${value || 'empty'}`);
  };
  if (
    header === undefined ||
    !['info', 'summary', 'contact', 'methods'].every((part) => new RegExp(`<${part}[\\s>]`).test(header))
  )
    tally.note('bdml-header-incomplete', { field: 'info' }, 'info, summary, contact and methods are required');
  else if (!/<bdmlID>\s*[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\s*<\/bdmlID>/.test(header))
    tally.note('bdml-header-incomplete', { field: 'info/bdmlID' }, 'bdmlID is no UUID');
  if (body !== 'data') return;
  unit('xyzUnit', scales.get('xyzUnit') ?? '', known);
  unit('tUnit', scales.get('tUnit') ?? '', timeUnitKinds);
  for (const feature of features) unit(`featureUnit of ${feature.name}`, feature.unit, known);
  if (objects.length === 0) tally.note('bdml-header-incomplete', { field: 'data/object' }, 'no object is declared');
}

/** Looks at the components; what later ones decide is looked at in the end. */
class ComponentLint {
  readonly tally = new IssueTally<BdmlIssueCode>();
  private readonly ids = new IdTable();
  private times = new Float64Array(1 << 10).fill(Number.NaN);
  private links = new Uint32Array(1 << 11);
  private linkCount = 0;

  take({ id, time, previous, measurements }: BdmlComponent): void {
    const number = this.number(id);
    if (Number.isNaN(this.times[number]!)) this.times[number] = time;
    const given = new Set<string>();
    for (const name of previous) {
      if (given.has(name)) this.tally.note('bdml-link-repeated', { field: 'prevID' }, `${name} → ${id}`);
      given.add(name);
      if (this.linkCount + 2 > this.links.length) this.links = larger(this.links, this.linkCount + 2);
      this.links[this.linkCount++] = this.number(name);
      this.links[this.linkCount++] = number;
    }
    if (measurements.length === 0) this.tally.note('bdml-component-empty', { field: 'component' }, id);
    for (const { entity, parts, radius } of measurements) {
      const isRound = entity === 'circle' || entity === 'sphere';
      const isWrong = isRound && (parts.length !== 1 || radius === undefined || !(radius >= 0));
      if (isWrong || (entity !== undefined && parts.length === 0))
        this.tally.note('bdml-shape-incomplete', { field: 'measurement' }, `${id}: ${entity}`);
      if (entity === 'line' && parts.some((part) => part.length < 6))
        this.tally.note('bdml-shape-incomplete', { field: 'measurement' }, `${id}: a line of one vertex`);
    }
  }

  finish(): void {
    for (let at = 0; at < this.linkCount; at += 2) {
      const [from, to] = [this.links[at]!, this.links[at + 1]!];
      // NaN, of what is not there, is neither earlier nor later.
      if (this.times[from]! >= this.times[to]!)
        this.tally.note(
          'bdml-link-direction',
          { field: 'prevID' },
          `${this.ids.textOf(from)} → ${this.ids.textOf(to)}`,
        );
    }
  }

  private number(id: string): number {
    const number = this.ids.add(id);
    if (number >= this.times.length) {
      const { length } = this.times;
      this.times = larger(this.times, number + 1);
      this.times.fill(Number.NaN, length);
    }
    return number;
  }
}
