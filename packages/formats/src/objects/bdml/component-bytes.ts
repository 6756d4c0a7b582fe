import type { EntityKind } from '@micrarium/model';
import { KnownBytes } from '../../bytes/known-bytes.ts';
import { decimalScan, parseDecimal } from '../../tracks/trackmate/decimal.ts';
import type { BdmlComponent, BdmlMeasurement } from './document.ts';

/** The component goes on past the window: call again with more bytes. */
export const needsMore = -1;
/** Written in a way that is rare (entities, comments, attributes, other elements): to be read with all the rules of XML. */
export const unusual = -2;

/** Elements met before, such as `<objectRef>nucleus</objectRef>`, with their text. */
class KnownElements {
  private readonly all: { element: KnownBytes; text: string }[] = [];
  private next = 0;

  /** The one that stands at a position; those that follow each other are tried in turn. */
  at(view: DataView, at: number): { element: KnownBytes; text: string } | undefined {
    const { all } = this;
    for (let tried = 0; tried < all.length; tried++) {
      if (this.next >= all.length) this.next = 0;
      const known = all[this.next++]!;
      if (known.element.isAt(view, at)) return known;
    }
    return undefined;
  }

  learn(bytes: Uint8Array, text: string): void {
    if (this.all.length < 16) this.all.push({ element: new KnownBytes(bytes.slice()), text });
  }
}

const tag = (text: string) => new KnownBytes(new TextEncoder().encode(text));
const leaf = (name: string) => ({ open: tag(`<${name}>`), close: tag(`</${name}>`) });

const component = leaf('component');
const componentId = leaf('componentID');
const componentName = leaf('componentName');
const time = leaf('time');
const previous = leaf('prevID');
const measurement = leaf('measurement');
const objectRef = leaf('objectRef');
const property = leaf('property');
const featureRef = leaf('featureRef');
const featureValue = leaf('featureVal');
const xyz = leaf('xyz');
const [x, y, z, radius] = [leaf('x'), leaf('y'), leaf('z'), leaf('radius')];
type Leaf = ReturnType<typeof leaf>;

interface Shape {
  entity: EntityKind;
  tag: Leaf;
  /** Element around the vertices of a part; left out where each vertex is a part. */
  part?: Leaf;
  isRound: boolean;
}
/** Shapes by the second letter of their names, which no two share. */
const shapes: Readonly<Record<number, Shape>> = {
  112: { entity: 'sphere', tag: leaf('sphere'), isRound: true },
  111: { entity: 'point', tag: leaf('point'), isRound: false },
  105: { entity: 'circle', tag: leaf('circle'), isRound: true },
  97: { entity: 'face', tag: leaf('face'), part: leaf('xyzTriplet'), isRound: false },
};
const line: Shape = { entity: 'line', tag: leaf('line'), part: leaf('xyzSequence'), isRound: false };

/** No tag of a component is longer. */
const longestTag = 32;

/** Does a component begin here? */
export function isComponent(view: DataView, at: number): boolean {
  return component.open.isAt(view, at);
}

/**
 * Reads components straight from bytes, as every program writes them: elements without attributes and comments, in any
 * order, with or without white space between. For all else it answers `unusual` and nothing is read.
 */
export class ComponentBytes {
  /** The component read last: the same object each time, filled anew. */
  readonly component: BdmlComponent = { id: '', name: undefined, time: Number.NaN, previous: [], measurements: [] };
  /** Line ends passed in it. */
  lines = 0;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  private bytes: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private limit = 0;
  private at = 0;
  private text = '';
  private number = 0;
  private readonly measurements: BdmlMeasurement[] = [];
  /** How many links and measurements the component has. */
  private links = 0;
  private used = 0;
  /** How many parts and properties the measurement has. */
  private parts = 0;
  private properties = 0;
  private readonly kinds = new KnownElements();
  private readonly features = new KnownElements();

  /**
   * Reads the component that begins at `start`.
   * @returns the position after it, `needsMore` or `unusual`
   */
  read(bytes: Uint8Array, view: DataView, start: number): number {
    const limit = bytes.length;
    this.bytes = bytes;
    this.view = view;
    this.limit = limit;
    this.lines = 0;
    this.at = start + component.open.length;
    const made = this.component;
    made.id = '';
    made.name = undefined;
    made.time = Number.NaN;
    this.links = 0;
    this.used = 0;
    while (this.space()) {
      const next = bytes[this.at + 1];
      let isRead = false;
      if (next === 99 && this.leaf(componentId)) {
        made.id = this.text;
        isRead = true;
      } else if (next === 116 && this.decimal(time)) {
        made.time = this.number;
        isRead = true;
      } else if (next === 112 && this.leaf(previous)) {
        made.previous[this.links++] = this.text;
        isRead = true;
      } else if (next === 109) isRead = this.measurement(made);
      else if (next === 99 && this.leaf(componentName)) {
        made.name = this.text;
        isRead = true;
      } else if (next === 47 && component.close.isAt(this.view, this.at)) {
        cut(made.previous, this.links);
        cut(made.measurements, this.used);
        return this.at + component.close.length;
      }
      if (!isRead) break;
    }
    return limit - this.at < longestTag ? needsMore : unusual;
  }

  /** Passes white space up to a `<`; `false` where something else stands there. */
  private space(): boolean {
    const { bytes } = this;
    for (let { at } = this; ; at++) {
      const byte = bytes[at];
      if (byte === 60) {
        this.at = at;
        return true;
      }
      if (byte === 10) this.lines++;
      else if (byte !== 32 && byte !== 9 && !(byte === 13 && bytes[at + 1] === 10)) {
        this.at = at;
        return false;
      }
    }
  }

  /** Passes a tag; `false` where it does not stand here. */
  private pass(tag: KnownBytes): boolean {
    if (!tag.isAt(this.view, this.at)) return false;
    this.at += tag.length;
    return true;
  }

  /** Reads an element of text. Nothing is passed where it is not plain text. */
  private leaf({ open, close }: Leaf): boolean {
    const { bytes } = this;
    if (!open.isAt(this.view, this.at)) return false;
    const start = this.at + open.length;
    let end = start;
    let isAscii = true;
    for (; ; end++) {
      const byte = bytes[end];
      if (byte === 60) break;
      // Ends of lines, references, `]]>` and what XML does not allow are left to those who know.
      if (byte === undefined || byte < 32 || byte === 38 || byte === 62 || byte === 127) return this.stopAt(end);
      if (byte > 127) isAscii = false;
    }
    if (!close.isAt(this.view, end)) return this.stopAt(end);
    if (isAscii) this.text = asciiText(bytes, start, end);
    else if (!this.decode(start, end)) return false;
    this.at = end + close.length;
    return true;
  }

  /** Reads an element that names one of a few things. */
  private name(tag: Leaf, known: KnownElements): boolean {
    const start = this.at;
    const found = known.at(this.view, start);
    if (found) {
      this.text = found.text;
      this.at = start + found.element.length;
      return true;
    }
    if (!this.leaf(tag)) return false;
    known.learn(this.bytes.subarray(start, this.at), this.text);
    return true;
  }

  private decode(start: number, end: number): boolean {
    try {
      this.text = this.decoder.decode(this.bytes.subarray(start, end));
    } catch {
      return false;
    }
    return !/[\u0080-\u009f\ufffe\uffff]/.test(this.text);
  }

  /** Remembers how far the reading came, which tells a cut from something unusual. */
  private stopAt(at: number): false {
    if (at >= this.limit - longestTag) this.at = Math.min(at, this.limit);
    return false;
  }

  private decimal({ open, close }: Leaf): boolean {
    if (!open.isAt(this.view, this.at)) return false;
    const value = parseDecimal(this.view, this.at + open.length, this.limit);
    const { end } = decimalScan;
    if (end < 0) return false;
    if (!close.isAt(this.view, end)) return this.stopAt(end);
    this.number = value;
    this.at = end + close.length;
    return true;
  }

  private measurement(made: BdmlComponent): boolean {
    if (!this.pass(measurement.open)) return false;
    const at = this.used;
    const read = this.emptyMeasurement();
    while (this.space()) {
      const next = this.bytes[this.at + 1];
      if (next === 47) {
        if (!this.pass(measurement.close)) return false;
        cut(read.parts, this.parts);
        cut(read.properties, this.properties);
        made.measurements[at] = read;
        return true;
      }
      const isRead =
        next === 111
          ? this.name(objectRef, this.kinds) && ((read.objectRef = this.text), true)
          : property.open.isAt(this.view, this.at)
            ? this.property(read)
            : read.entity === undefined && this.shape(read);
      if (!isRead) return false;
    }
    return false;
  }

  /** A measurement to be filled: of those of an earlier component, as far as there are any. */
  private emptyMeasurement(): BdmlMeasurement {
    this.parts = 0;
    this.properties = 0;
    const known = this.measurements[this.used++];
    if (known) {
      known.objectRef = '';
      known.entity = undefined;
      known.radius = undefined;
      return known;
    }
    const made: BdmlMeasurement = { objectRef: '', entity: undefined, parts: [], radius: undefined, properties: [] };
    if (this.measurements.length < 64) this.measurements.push(made);
    return made;
  }

  private property(read: BdmlMeasurement): boolean {
    this.at += property.open.length;
    if (!this.space() || !this.name(featureRef, this.features)) return false;
    const ref = this.text;
    if (!this.space() || !this.decimal(featureValue)) return false;
    const value = this.number;
    if (!this.space() || !this.pass(property.close)) return false;
    const known = read.properties[this.properties];
    if (known) {
      known.ref = ref;
      known.value = value;
    } else read.properties[this.properties] = { ref, value };
    this.properties++;
    return true;
  }

  private shape(read: BdmlMeasurement): boolean {
    const shape = this.bytes[this.at + 1] === 108 ? line : shapes[this.bytes[this.at + 2]!];
    if (!shape?.tag.open.isAt(this.view, this.at)) return false;
    this.at += shape.tag.open.length;
    read.entity = shape.entity;
    while (this.space()) {
      if (this.bytes[this.at + 1] === 47) return this.pass(shape.tag.close);
      if (shape.isRound && radius.open.isAt(this.view, this.at)) {
        if (!this.decimal(radius)) return false;
        read.radius = this.number;
      } else if (shape.part ? !this.part(shape.part, read.parts) : !this.vertex(read.parts)) return false;
    }
    return false;
  }

  private part(tag: Leaf, parts: number[][]): boolean {
    if (!this.pass(tag.open)) return false;
    const part = (parts[this.parts++] ??= []);
    let numbers = 0;
    while (this.space()) {
      if (this.bytes[this.at + 1] === 47) {
        cut(part, numbers);
        return this.pass(tag.close);
      }
      if (!this.coordinates(part, numbers)) return false;
      numbers += 3;
    }
    return false;
  }

  private vertex(parts: number[][]): boolean {
    const part = (parts[this.parts++] ??= []);
    cut(part, 3);
    return this.coordinates(part, 0);
  }

  private coordinates(into: number[], at: number): boolean {
    if (!this.pass(xyz.open) || !this.space() || !this.decimal(x)) return false;
    const first = this.number;
    if (!this.space() || !this.decimal(y)) return false;
    const second = this.number;
    if (!this.space() || !this.decimal(z)) return false;
    into[at] = first;
    into[at + 1] = second;
    into[at + 2] = this.number;
    return this.space() && this.pass(xyz.close);
  }
}

/** Shortens an array that is filled anew; one that keeps its length keeps its memory too. */
export function cut(array: unknown[], length: number): void {
  if (array.length > length) array.length = length;
}

/** ASCII bytes as text, eight at a time. */
export function asciiText(b: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  for (; at + 8 <= end; at += 8)
    text += String.fromCharCode(
      b[at]!,
      b[at + 1]!,
      b[at + 2]!,
      b[at + 3]!,
      b[at + 4]!,
      b[at + 5]!,
      b[at + 6]!,
      b[at + 7]!,
    );
  if (at + 4 <= end) {
    text += String.fromCharCode(b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!);
    at += 4;
  }
  for (; at < end; at++) text += String.fromCharCode(b[at]!);
  return text;
}
