import type { EntityKind } from '@micrarium/model';
import {
  type BdmlComponent,
  type BdmlDocument,
  type BdmlMeasurement,
  type TakeComponent,
  xsdDouble,
} from './document.ts';
import { DraftElements, isDraft } from './draft-elements.ts';
import { HeaderText } from './header-text.ts';
import { entityNames } from './vocabulary.ts';

const most = 10_000;

/** Builds a document out of its elements as they begin and end. */
export class BdmlWalk {
  readonly document: BdmlDocument = {
    version: undefined,
    header: undefined,
    scales: new Map(),
    objects: [],
    features: [],
    body: undefined,
    references: [],
    external: undefined,
    unreadable: { count: 0, first: '' },
  };
  private readonly take: TakeComponent;
  private readonly headerText = new HeaderText();
  /** Words of the drafts, where the document is one. */
  private draft: DraftElements | undefined;
  private depth = 0;
  /** Depth inside notes and annotations, which may hold anything. */
  private skipped = 0;
  private value = '';
  private component: BdmlComponent | undefined;
  private measurement: BdmlMeasurement | undefined;
  private part: number[] = [];
  private x = Number.NaN;
  private y = Number.NaN;
  private z = Number.NaN;
  private property = { ref: '', value: Number.NaN };
  private feature = { name: '', scale: Number.NaN, unit: '' };

  constructor(take: TakeComponent) {
    this.take = take;
  }

  /** Is the walk between components, inside the element data? */
  get isAmongComponents(): boolean {
    return this.depth === 2 && this.skipped === 0 && this.component === undefined && this.document.body === 'data';
  }

  open(qualified: string, attributes: Readonly<Record<string, string>>): void {
    if (this.skipped > 0) {
      this.skipped++;
      return;
    }
    const local = localName(qualified);
    const name = this.draft?.nameOf(local, this.component !== undefined) ?? local;
    this.value = '';
    if (name === 'notes' || name === 'annotation') {
      this.skipped = 1;
      return;
    }
    this.depth++;
    if (this.depth === 1) {
      this.document.version = attributes['version'];
      if (isDraft(attributes)) this.draft = new DraftElements();
    } else if (this.depth === 2) this.openSection(name);
    if (this.document.body === undefined) this.headerText.open(name, attributes, this.depth);
    else if (this.depth > 2) this.openData(name);
  }

  text(text: string): void {
    if (this.skipped === 0) this.value += text;
  }

  close(qualified: string): Promise<void> | undefined | void {
    if (this.skipped > 0) {
      this.skipped--;
      return undefined;
    }
    const local = localName(qualified);
    const name = this.draft?.nameOf(local, this.component !== undefined) ?? local;
    this.depth--;
    const { value } = this;
    this.value = '';
    if (this.document.body === undefined) this.headerText.close(name, value, this.depth + 1);
    else if (this.component) return this.closeInComponent(name, value);
    else this.closeDefinition(name, value);
    return undefined;
  }

  private number(name: string, text: string): number {
    const value = xsdDouble(text);
    if (value !== undefined) return value;
    const { unreadable } = this.document;
    if (unreadable.count++ === 0) unreadable.first = `<${name}>${text.slice(0, 40)}</${name}>`;
    return Number.NaN;
  }

  private openSection(name: string): void {
    if (name !== 'data' && name !== 'series' && name !== 'set' && name !== 'extfile') return;
    this.document.header ??= this.headerText.finish(this.document.version);
    this.document.body ??= name;
  }

  private openData(name: string): void {
    if (name === 'component') {
      this.component = { id: '', name: undefined, time: Number.NaN, previous: [], measurements: [] };
      return;
    }
    if (!this.component) {
      this.draft?.open(name);
      return;
    }
    if (name === 'measurement') {
      this.measurement = { objectRef: '', entity: undefined, parts: [], radius: undefined, properties: [] };
      this.component.measurements.push(this.measurement);
    } else if (name === 'property') this.property = { ref: '', value: Number.NaN };
    else if (name === 'xyz') this.x = this.y = this.z = Number.NaN;
    else if (name === 'xyzSequence' || name === 'xyzTriplet') this.part = [];
    else if (this.measurement && entityNames.has(name)) this.openShape(name as EntityKind);
  }

  private openShape(entity: EntityKind): void {
    const { measurement } = this;
    const isAnother = measurement!.entity !== undefined && (measurement!.entity !== entity || isRound(entity));
    // A measurement of the drafts holds any number of shapes.
    if (this.draft && isAnother) {
      const { objectRef } = measurement!;
      this.measurement = { objectRef, entity: undefined, parts: [], radius: undefined, properties: [] };
      this.component!.measurements.push(this.measurement);
    }
    this.measurement!.entity ??= entity;
  }

  private closeDefinition(name: string, value: string): void {
    const { document } = this;
    if (this.draft?.closeDefinition(document, name, value, () => this.number(name, value))) return;
    switch (name) {
      case 'xScale':
      case 'yScale':
      case 'zScale':
      case 'tScale':
      case 'xyzUnit':
      case 'tUnit':
        document.scales.set(name, value.trim());
        break;
      case 'objectName':
        if (document.objects.length < most) document.objects.push(value);
        break;
      case 'featureName':
        this.feature.name = value;
        break;
      case 'featureScale':
        this.feature.scale = this.number(name, value);
        break;
      case 'featureUnit':
        this.feature.unit = value.trim();
        break;
      case 'feature':
        if (document.features.length < most) document.features.push(this.feature);
        this.feature = { name: '', scale: Number.NaN, unit: '' };
        break;
      case 'bdmlIDRef':
        if (document.references.length < most) document.references.push(value.trim());
        break;
      case 'bd5File':
        document.external = value.trim();
        break;
    }
  }

  private closeInComponent(name: string, value: string): Promise<void> | undefined | void {
    const component = this.component!;
    switch (name) {
      case 'x':
        this.x = this.number(name, value);
        break;
      case 'y':
        this.y = this.number(name, value);
        break;
      case 'z':
        this.z = this.number(name, value);
        break;
      case 'componentID':
        component.id = value;
        break;
      case 'componentName':
        component.name = value;
        break;
      case 'time':
        component.time = this.number(name, value);
        break;
      case 'prevID':
        component.previous.push(value);
        break;
      case 'component':
        this.component = this.measurement = undefined;
        return this.take(component);
      default:
        if (this.measurement) this.closeInMeasurement(this.measurement, name, value);
    }
    return undefined;
  }

  private closeInMeasurement(measurement: BdmlMeasurement, name: string, value: string): void {
    if (this.draft?.closeInMeasurement(this.document, measurement, name, value, () => this.number(name, value))) return;
    switch (name) {
      case 'xyz':
        if (measurement.entity === 'line' || measurement.entity === 'face') this.part.push(this.x, this.y, this.z);
        else measurement.parts.push([this.x, this.y, this.z]);
        break;
      case 'xyzSequence':
      case 'xyzTriplet':
        measurement.parts.push(this.part);
        break;
      case 'radius':
        measurement.radius = this.number(name, value);
        break;
      case 'objectRef':
        measurement.objectRef = value;
        break;
      case 'featureRef':
        this.property.ref = value;
        break;
      case 'featureVal':
        this.property.value = this.number(name, value);
        break;
      case 'property':
        measurement.properties.push(this.property);
        break;
    }
  }
}

function isRound(entity: EntityKind): boolean {
  return entity === 'circle' || entity === 'sphere';
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}
