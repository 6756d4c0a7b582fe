import type { Column, Issue } from '@micrarium/model';
import type { SetHeader } from '../track-reader.ts';
import type { AttributeSlot } from './attribute-rows.ts';
import { trackmateIssue } from './issues.ts';
import type { TrackmateHead } from './read.ts';

/** Counts what a reader of the file should know, and words it. */
export class TrackmateFindings {
  announced: number | undefined;
  seenObjects = 0;
  incompleteObjects = 0;
  incompleteEdges = 0;
  unreadableOutlines = 0;
  untracked = 0;
  tracks = { all: 0, hidden: 0 };
  private readonly file: string;
  private invisible = 0;
  private frames = { count: 0, first: '' };
  private readonly ofHeader: Issue[] = [];

  constructor(file: string) {
    this.file = file;
  }

  /** What the head of the file tells. */
  header(head: TrackmateHead, header: SetHeader): void {
    const { units } = head;
    const missing = [units.sourceSpace ? '' : 'positions', units.sourceTime ? '' : 'times'].filter(
      (text) => text !== '',
    );
    if (missing.length > 0) this.say('no-units', `the file gives no unit for ${missing.join(' and ')}`);
    if (units.sourceSpace !== undefined && units.space === undefined)
      this.say('unknown-unit', `the unit of positions is spelled "${units.sourceSpace}"`);
    if (units.sourceTime !== undefined && units.time === undefined)
      this.say('unknown-unit', `the unit of times is spelled "${units.sourceTime}"`);
    if (units.space === 'pixel') this.say('pixel-units-only', 'positions are in pixels');
    if (units.time === 'frame' || header.provenance.frameInterval === undefined)
      this.say(
        'no-frame-interval',
        units.time === 'frame' ? 'times are in frames' : 'the file records no interval between frames',
      );
    if (head.namesZ && !head.hasDepth)
      this.say('planar-stored-as-3d', 'every object has z = 0; the set is read as planar, without z');
  }

  noteFrame(id: number, written: number, listed: number): void {
    if (this.frames.count++ === 0) this.frames.first = `object ${id} says frame ${written}, listed under ${listed}`;
  }

  countInvisible(visible: Column, count: number): void {
    for (let row = 0; row < count; row++)
      if (visible.values[row] === 0 && visible.missing?.[row] !== 1) this.invisible++;
  }

  /** Everything, in the order of weight it has for a reader. */
  issues(slots: { objects: readonly AttributeSlot[]; edges: readonly AttributeSlot[] }): Issue[] {
    const issues: Issue[] = [];
    const add = (code: Parameters<typeof trackmateIssue>[0], found: number, message: string) => {
      if (found > 0) issues.push(trackmateIssue(code, message, { where: { file: this.file } }));
    };
    const kept = this.seenObjects - this.incompleteObjects;
    add('object-incomplete', this.incompleteObjects, `${this.incompleteObjects} objects have no usable id or frame`);
    add('edge-incomplete', this.incompleteEdges, `${this.incompleteEdges} edges do not name both their objects`);
    if (this.announced !== undefined)
      add(
        'object-count-disagrees',
        Math.abs(this.announced - this.seenObjects),
        `the file announces ${this.announced} objects and holds ${this.seenObjects}`,
      );
    add('frame-disagrees', this.frames.count, `${this.frames.count} objects differ, first: ${this.frames.first}`);
    add('outline-unreadable', this.unreadableOutlines, `${this.unreadableOutlines} outlines are not as announced`);
    issues.push(...this.ofSlots(slots.objects, 'objects'), ...this.ofSlots(slots.edges, 'edges'), ...this.ofHeader);
    add('untracked-objects', this.untracked, `${this.untracked} of ${kept} objects are in no track`);
    add('invisible-objects', this.invisible, `${this.invisible} of ${kept} objects are hidden by a filter`);
    add(
      'filtered-tracks',
      this.tracks.hidden,
      `${this.tracks.hidden} of ${this.tracks.all} tracks are hidden by a filter`,
    );
    return issues;
  }

  private ofSlots(slots: readonly AttributeSlot[], table: string): Issue[] {
    const issues: Issue[] = [];
    const left = slots.filter((slot) => slot.kind === 'ignored' && slot.filled > 0);
    if (left.length > 0) {
      const named = left.slice(0, 5).map((slot) => `${slot.name} (${slot.filled} values)`);
      const more = left.length > 5 ? ` and ${left.length - 5} more` : '';
      issues.push(
        trackmateIssue('undeclared-feature', `of ${table}: ${named.join(', ')}${more}`, { where: { file: this.file } }),
      );
    }
    for (const slot of slots)
      if (slot.unreadable > 0)
        issues.push(
          trackmateIssue(
            'feature-value-unreadable',
            `${slot.unreadable} values of ${slot.name} (${table}), first: "${slot.firstUnreadable}"`,
            { where: { file: this.file, column: slot.name } },
          ),
        );
    return issues;
  }

  private say(code: Parameters<typeof trackmateIssue>[0], message: string): void {
    this.ofHeader.push(trackmateIssue(code, message, { where: { file: this.file } }));
  }
}
