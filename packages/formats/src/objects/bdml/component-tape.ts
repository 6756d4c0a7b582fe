import type { EntityKind } from '@micrarium/model';
import { viewOf } from '../../tracks/trackmate/decimal.ts';
import { release } from '../texts.ts';
import { asciiText, cut } from './component-bytes.ts';
import type { BdmlComponent, BdmlMeasurement, TakeComponent } from './document.ts';

const entities: readonly (EntityKind | undefined)[] = [undefined, 'point', 'line', 'circle', 'sphere', 'face'];
const firstBytes = 1 << 20;
/** Blocks above 32 MiB go back to the system when they are given back; of smaller ones the C library keeps the most. */
const blockBytes = 33 << 20;
/** A component that takes more is left to be read anew. */
const longestRecord = 1 << 18;
/** All that is remembered of a document: 160 MB, some two million spheres. */
const mostBytes = 160 << 20;

/**
 * Components of a document in a short form, so that the walks after the first need not read the text again: some 70 bytes
 * for a sphere, where the text takes 300. A document that is too large, or has something rare in it (ids that are no
 * ASCII, hundreds of links from one component), is not remembered.
 */
export class ComponentTape {
  private blocks: { bytes: Uint8Array; end: number }[] = [];
  private view = viewOf(new Uint8Array(0));
  private block: Uint8Array = new Uint8Array(0);
  private at = 0;
  private isBroken = false;
  private readonly names: string[] = [];
  private readonly numbers = new Map<string, number>();

  /** Is every component remembered that was recorded? */
  get isWhole(): boolean {
    return !this.isBroken;
  }

  /** Remembers a component. */
  record(component: BdmlComponent): void {
    if (this.isBroken) return;
    const room = roomOf(component);
    if (room > longestRecord) return this.forget();
    if (this.at + room > this.block.length) {
      this.closeBlock();
      if ((this.blocks.length - 1) * blockBytes >= mostBytes) return this.forget();
      this.block = new Uint8Array(this.blocks.length === 0 ? firstBytes : blockBytes);
      this.view = viewOf(this.block);
      this.at = 0;
    }
    if (!this.put(component)) this.forget();
  }

  /** Forgets everything and gives the memory back. */
  forget(): void {
    for (const { bytes } of this.blocks) release(bytes);
    release(this.block);
    this.blocks = [];
    this.block = new Uint8Array(0);
    this.at = 0;
    this.isBroken = true;
  }

  /**
   * Gives every component again, in order; the object is the same each time, filled anew.
   * @param isLast gives memory back on the way: nothing is remembered after it
   */
  async replay(take: TakeComponent, isLast: boolean, onShare?: (share: number) => void): Promise<void> {
    this.closeBlock();
    const reading = new TapeReading(this.names);
    for (const [at, { bytes, end }] of this.blocks.entries()) {
      reading.open(bytes, end);
      while (reading.isMore) {
        const full = take(reading.next());
        if (full) await full;
      }
      if (isLast) release(bytes);
      onShare?.((at + 1) / this.blocks.length);
    }
    if (isLast) this.forget();
  }

  private closeBlock(): void {
    if (this.at > 0) this.blocks.push({ bytes: this.block, end: this.at });
    this.block = new Uint8Array(0);
    this.at = 0;
  }

  private put({ id, name, time, previous, measurements }: BdmlComponent): boolean {
    const { view } = this;
    if (previous.length > 255 || measurements.length > 255) return false;
    if (!this.text(id)) return false;
    view.setFloat64(this.at, time, true);
    view.setUint16(this.at + 8, name === undefined ? 0 : 1 + this.numberOf(name), true);
    view.setUint8(this.at + 10, previous.length);
    view.setUint8(this.at + 11, measurements.length);
    this.at += 12;
    for (const one of previous) if (!this.text(one)) return false;
    for (const measurement of measurements) if (!this.measurement(measurement)) return false;
    // Names of things are few; where each component has one of its own, they are not remembered.
    return this.names.length < 60_000;
  }

  private measurement({ objectRef, entity, radius, parts, properties }: BdmlMeasurement): boolean {
    const { view } = this;
    if (properties.length > 255) return false;
    view.setUint16(this.at, this.numberOf(objectRef), true);
    view.setUint8(this.at + 2, entities.indexOf(entity));
    view.setUint8(this.at + 3, (radius === undefined ? 0 : 1) + (parts.length === 1 && parts[0]!.length === 3 ? 2 : 0));
    view.setUint8(this.at + 4, properties.length);
    this.at += 5;
    if (radius !== undefined) this.number(radius);
    // One vertex is what most have.
    if (parts.length === 1 && parts[0]!.length === 3) for (const value of parts[0]!) this.number(value);
    else {
      view.setUint32(this.at, parts.length, true);
      this.at += 4;
      for (const part of parts) {
        view.setUint32(this.at, part.length, true);
        this.at += 4;
        for (const value of part) this.number(value);
      }
    }
    for (const { ref, value } of properties) {
      view.setUint16(this.at, this.numberOf(ref), true);
      this.at += 2;
      this.number(value);
    }
    return true;
  }

  private number(value: number): void {
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  private text(text: string): boolean {
    const { length } = text;
    if (length > 255) return false;
    const { block } = this;
    let { at } = this;
    block[at++] = length;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      block[at++] = code;
    }
    this.at = at;
    return true;
  }

  private numberOf(name: string): number {
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.names.push(name) - 1;
      this.numbers.set(name, number);
    }
    return number;
  }
}

/** Most bytes that a component takes here. */
function roomOf({ id, previous, measurements }: BdmlComponent): number {
  let bytes = 16 + id.length;
  for (const one of previous) bytes += 1 + one.length;
  for (const { parts, properties } of measurements) {
    bytes += 24 + properties.length * 10;
    for (const part of parts) bytes += 4 + part.length * 8;
  }
  return bytes;
}

/** Reads what a tape holds. */
class TapeReading {
  private readonly names: readonly string[];
  private readonly component: BdmlComponent = { id: '', name: undefined, time: 0, previous: [], measurements: [] };
  private readonly kept: BdmlMeasurement[] = [];
  private bytes: Uint8Array = new Uint8Array(0);
  private view = viewOf(new Uint8Array(0));
  private at = 0;
  private end = 0;

  constructor(names: readonly string[]) {
    this.names = names;
  }

  open(bytes: Uint8Array, end: number): void {
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.at = 0;
    this.end = end;
  }

  get isMore(): boolean {
    return this.at < this.end;
  }

  next(): BdmlComponent {
    const { component, view } = this;
    component.id = this.text();
    const { at } = this;
    component.time = view.getFloat64(at, true);
    const name = view.getUint16(at + 8, true);
    component.name = name === 0 ? undefined : this.names[name - 1];
    const links = view.getUint8(at + 10);
    const measurements = view.getUint8(at + 11);
    this.at = at + 12;
    for (let i = 0; i < links; i++) component.previous[i] = this.text();
    cut(component.previous, links);
    for (let i = 0; i < measurements; i++) component.measurements[i] = this.measurement(i);
    cut(component.measurements, measurements);
    return component;
  }

  private measurement(index: number): BdmlMeasurement {
    const { view } = this;
    const made = (this.kept[index] ??= {
      objectRef: '',
      entity: undefined,
      parts: [],
      radius: undefined,
      properties: [],
    });
    const { at } = this;
    made.objectRef = this.names[view.getUint16(at, true)]!;
    made.entity = entities[view.getUint8(at + 2)];
    const flags = view.getUint8(at + 3);
    const properties = view.getUint8(at + 4);
    this.at = at + 5;
    made.radius = flags & 1 ? this.number() : undefined;
    const parts = flags & 2 ? 1 : this.count();
    for (let i = 0; i < parts; i++) this.part((made.parts[i] ??= []), flags & 2 ? 3 : this.count());
    cut(made.parts, parts);
    for (let i = 0; i < properties; i++) {
      const ref = this.names[view.getUint16(this.at, true)]!;
      this.at += 2;
      const known = (made.properties[i] ??= { ref, value: 0 });
      known.ref = ref;
      known.value = this.number();
    }
    cut(made.properties, properties);
    return made;
  }

  private part(part: number[], numbers: number): void {
    for (let i = 0; i < numbers; i++) part[i] = this.number();
    cut(part, numbers);
  }

  private count(): number {
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }

  private number(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }

  private text(): string {
    const { bytes } = this;
    const start = this.at + 1;
    this.at = start + bytes[start - 1]!;
    return asciiText(bytes, start, this.at);
  }
}
