import type { BdmlDocument, BdmlMeasurement } from './document.ts';

/** Names of elements in the drafts of BDML (level 1) that later versions call otherwise, within a component. */
const inComponent: Readonly<Record<string, string>> = {
  ID: 'componentID',
  name: 'componentName',
  targetRef: 'objectRef',
  lines: 'line',
  circleRadius: 'radius',
  sphereRadius: 'radius',
};

/** Texts with coordinates, and numbers measured there. */
const places = /^(?:point|lines|face|circle|sphere)Coord$/;
const values = /^(?:(?:point|lines|face|circle|sphere)Val|value)$/;

/** Is a document one of the drafts before 0.18: with a level, or a version below? */
export function isDraft(attributes: Readonly<Record<string, string>>): boolean {
  return attributes['level'] !== undefined || /^0\.(?:\d|1[0-7])$/.test(attributes['version'] ?? '');
}

/**
 * The words of the drafts of BDML level 1, as the bindings made of its tenth draft (July 2013) have them: lists around
 * targets, components, links and measurements, coordinates as one text, a number with its shape and with its target
 * instead of properties. Between that draft and 0.18 the words of both are taken.
 */
export class DraftElements {
  private target = { name: '', scale: Number.NaN, unit: '' };
  private inTarget = false;
  private readonly targets = new Map<string, { scale: number; unit: string }>();

  /** Name of an element in the words of 0.18. */
  nameOf(name: string, isInComponent: boolean): string {
    return isInComponent ? (inComponent[name] ?? name) : name;
  }

  /** An element outside the components begins. */
  open(name: string): void {
    if (name !== 'target') return;
    this.inTarget = true;
    this.target = { name: '', scale: Number.NaN, unit: '' };
  }

  /** An element outside the components ends; `true` where it was one of the drafts. */
  closeDefinition(document: BdmlDocument, name: string, value: string, numberOf: () => number): boolean {
    if (!this.inTarget) return false;
    if (name === 'name') this.target.name = value;
    else if (name === 'scale') this.target.scale = numberOf();
    else if (name === 'unit') this.target.unit = value.trim();
    else if (name === 'target') {
      const { name: target, scale, unit } = this.target;
      this.inTarget = false;
      if (this.targets.size >= 10_000) return true;
      this.targets.set(target, { scale: Number.isNaN(scale) ? 1 : scale, unit });
      document.objects.push(target);
    } else return false;
    return true;
  }

  /** An element in a measurement ends; `true` where it was one of the drafts. */
  closeInMeasurement(
    document: BdmlDocument,
    measurement: BdmlMeasurement,
    name: string,
    value: string,
    numberOf: () => number,
  ): boolean {
    if (places.test(name)) {
      const numbers = coordinates(value, numberOf);
      const isRagged = measurement.entity === 'line';
      for (
        let at = 0, step = isRagged ? numbers.length : partLength(measurement, numbers);
        at < numbers.length;
        at += step
      )
        measurement.parts.push(numbers.slice(at, at + step));
      return true;
    }
    if (!values.test(name)) return false;
    const { objectRef } = measurement;
    const ref = `${objectRef} value`;
    if (!document.features.some((feature) => feature.name === ref) && document.features.length < 1000) {
      const { scale, unit } = this.targets.get(objectRef) ?? { scale: 1, unit: '' };
      document.features.push({ name: ref, scale, unit });
    }
    measurement.properties.push({ ref, value: numberOf() });
    return true;
  }
}

/** A mesh is cut into triangles; of what has one place, each is a part. */
function partLength({ entity }: BdmlMeasurement, numbers: readonly number[]): number {
  return entity === 'face' && numbers.length % 9 === 0 ? 9 : entity === 'face' ? numbers.length : 3;
}

/** Coordinates of a text, x, y and z of each vertex, whatever stands between the numbers. */
function coordinates(text: string, unreadable: () => number): number[] {
  const numbers = Array.from(text.matchAll(/[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g), ([number]) => Number(number));
  // Without three of each the numbers cannot be told apart; the whole is then named as unreadable.
  if (numbers.length > 0 && numbers.length % 3 === 0) return numbers;
  unreadable();
  return [];
}
