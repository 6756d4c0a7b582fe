import { isRecord, isSameJson, type Json, type JsonRecord } from '../json/json.ts';
import type { Remainder, RemainderEntry, Step } from '../json/remainder.ts';
import { isContact } from '../json/unknown-parts.ts';
import { childrenOf, type XmlElement } from '../xml/read-xml.ts';
import type { XmlNode } from '../xml/write-xml.ts';
import { idsOf, isNode, isPointer, partGroup, treeOfNode } from './ome-tree.ts';

/** Of pixels that lie elsewhere, and of the file itself: no metadata of the study. */
const ofPixels = new Set(['TiffData', 'BinData', 'MetadataOnly', 'BinaryOnly']);
const ofFile = new Set(['UUID', 'Creator']);
/** Prefixes of namespaces where an element stands, by prefix. */
type Scope = Readonly<Record<string, string>>;

/**
 * What an OME-XML document says that our own writing of it does not say at all: elements and attributes we have no place
 * for (annotations, regions, plates, settings, further parts of microscopes, elements of other namespaces). Parts that we
 * write summed up in one (light sources, detectors, filters) come whole, in place of ours. Contact addresses are left out.
 * References lead to the IDs that we write.
 * @param written our own writing of the same
 */
export function keptOfOme(root: XmlElement, written: XmlNode): Remainder {
  const found = new Comparison(root.namespace);
  found.walk(root, treeOfNode(written), [], {});
  return found.entries(idsOf(written));
}

class Comparison {
  private readonly found: RemainderEntry[] = [];
  /** Theirs to ours, of elements that are both. */
  private readonly ids = new Map<string, string>();
  private readonly namespace: string;

  constructor(namespace: string) {
    this.namespace = namespace;
  }

  /** The small ones first: where there is no room for all, most are kept. @param ours IDs that our writing has */
  entries(ours: ReadonlySet<string>): Remainder {
    const definitions = new Set(this.found.flatMap(({ now }) => definedIn(now)));
    let fresh = 0;
    for (const id of definitions)
      if (ours.has(id) && !this.ids.has(id)) {
        const kind = id.slice(0, id.lastIndexOf(':') + 1);
        do fresh++;
        while (ours.has(`${kind}kept-${fresh}`) || definitions.has(`${kind}kept-${fresh}`));
        this.ids.set(id, `${kind}kept-${fresh}`);
      }
    return this.found
      .map((entry) => ({ ...entry, ...(entry.now === undefined ? {} : { now: this.renamed(entry.now) }) }))
      .map((entry) => ({ entry, length: JSON.stringify(entry).length }))
      .sort((a, b) => a.length - b.length)
      .map(({ entry }) => entry);
  }

  private renamed(value: Json): Json {
    if (!isNode(value)) return Array.isArray(value) ? value.map((one) => this.renamed(one)) : value;
    const [name, attributes, ...content] = value;
    const id = attributes['ID'];
    const told = typeof id === 'string' && this.ids.has(id) ? { ...attributes, ID: this.ids.get(id)! } : attributes;
    return [name, told, ...content.map((one) => (typeof one === 'string' ? one : this.renamed(one)))];
  }

  walk(theirs: XmlElement, ours: JsonRecord, path: Step[], outer: Scope): void {
    const scope = { ...outer, ...prefixesOf(theirs) };
    for (const [name, now] of Object.entries(attributesOf(theirs, outer))) {
      if (name === 'ID' && typeof ours['ID'] === 'string') this.ids.set(now, ours['ID']);
      if (name === 'ID' || name.includes(':') || name === 'xmlns' || Object.hasOwn(ours, name)) continue;
      if (now !== '' && !(path.length === 0 && ofFile.has(name))) this.found.push({ path: [...path, name], now });
    }
    for (const [key, elements] of this.groups(theirs)) {
      const own = ours[key];
      const nodes = () => elements.flatMap((one) => this.nodeOf(one, this.namespace, scope));
      if (key.startsWith('(')) {
        const now = nodes();
        if (!isSameJson(now, own)) this.found.push({ path: [...path, key], ...(own ? { was: own } : {}), now });
      } else if (Array.isArray(own)) this.pair(key, elements, own.filter(isRecord), path, scope);
      // Which microscope took an image is told by the study itself, and there may be none to point to here.
      else if (key !== '<InstrumentRef>' && key !== '<ObjectiveSettings>')
        this.found.push({ path: [...path, key], now: nodes() });
      else if (key === '<ObjectiveSettings>') this.walk(elements[0]!, {}, [...path, key, 0], scope);
    }
  }

  /** Children by the key they have in a tree. */
  private groups(element: XmlElement): Map<string, XmlElement[]> {
    const groups = new Map<string, XmlElement[]>();
    for (const child of childrenOf(element)) {
      const isOurs = this.isOme(child.namespace);
      if (isOurs && ofPixels.has(child.name)) continue;
      const summed = isOurs && element.name === 'Instrument' ? partGroup(child.name) : undefined;
      const key = summed ?? (isOurs ? `<${child.name}>` : `<{${child.namespace}}${child.name}>`);
      const group = groups.get(key);
      if (group) group.push(child);
      else groups.set(key, [child]);
    }
    return groups;
  }

  /** Elements of one name that both have, those beyond ours kept whole. People are paired by name: their order is edited. */
  private pair(key: string, theirs: XmlElement[], ours: JsonRecord[], path: Step[], scope: Scope): void {
    const member = key === '<Experimenter>' ? 'LastName' : key === '<Image>' ? 'Name' : undefined;
    const names = ours.map((one) => (member === undefined ? undefined : one[member]));
    const areDistinct = names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
    const isByName = key === '<Experimenter>';
    if (isByName && !areDistinct) return;
    const further: Json[] = [];
    let next = 0;
    for (const element of theirs) {
      const following = isRead(element) && next < ours.length ? next++ : -1;
      const at = isByName ? names.indexOf(element.attributes['LastName'] ?? '') : following;
      const own = ours[at];
      if (!own) further.push(...this.nodeOf(element, this.namespace, scope));
      else {
        const step = member !== undefined && areDistinct ? { member, is: names[at] as string } : at;
        this.walk(element, own, [...path, key, step], scope);
      }
    }
    if (further.length > 0) this.found.push({ path: [...path, key.replace('>', '>+')], now: further });
  }

  private isOme(namespace: string): boolean {
    return namespace === this.namespace || /openmicroscopy\.org\/(xml)?schemas/i.test(namespace);
  }

  /** An element as it is written again, with the namespaces it needs; nothing where it is but a contact address. */
  private nodeOf(element: XmlElement, within: string, outer: Scope): Json[] {
    const scope = { ...outer, ...prefixesOf(element) };
    const home = this.isOme(element.namespace) ? this.namespace : element.namespace;
    const attributes: JsonRecord = home === within ? {} : { xmlns: home === this.namespace ? omeNamespace : home };
    Object.assign(attributes, attributesOf(element, outer));
    const inner = element.children.flatMap((child): Json[] =>
      typeof child === 'string' ? (isContact('', child) ? [] : [child]) : this.nodeOf(child, home, scope),
    );
    const isMixed = inner.some((one) => typeof one === 'string' && one.trim() !== '');
    const hasElements = inner.some((one) => typeof one !== 'string');
    // White space between elements is layout; alone it may be a value.
    const content = !isMixed && hasElements ? inner.filter((one) => typeof one !== 'string') : inner;
    return isContact(element.name, '') ? [] : [[element.name, attributes, ...content]];
  }
}

/** Images without pixels and instruments without parts are not read, so none of ours is of them. */
function isRead(element: XmlElement): boolean {
  if (element.name === 'Image') return childrenOf(element, 'Pixels').length > 0;
  if (element.name !== 'Instrument') return true;
  return childrenOf(element).some(
    ({ name, attributes }) =>
      (name === 'Microscope' || name === 'Objective' || partGroup(name) !== undefined) &&
      Object.keys(attributes).some((one) => one !== 'ID'),
  );
}

/** Namespace that is written. */
export const omeNamespace = 'http://www.openmicroscopy.org/Schemas/OME/2016-06';

const prefixesOf = ({ attributes }: XmlElement): Scope =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      name.startsWith('xmlns:') ? [[name.slice(6), value] as const] : [],
    ),
  );

/** Attributes with the declarations that their prefixes need; no others, and no contact addresses. */
function attributesOf(element: XmlElement, outer: Scope): Record<string, string> {
  const told: Record<string, string> = {};
  const scope = { ...outer, ...prefixesOf(element) };
  for (const [name, value] of Object.entries(element.attributes)) {
    if (name === 'xmlns' || name.startsWith('xmlns:') || isContact(name, value)) continue;
    const colon = name.indexOf(':');
    const prefix = colon < 0 ? 'xml' : name.slice(0, colon);
    if (prefix !== 'xml' && scope[prefix] === undefined) continue;
    if (prefix !== 'xml') told[`xmlns:${prefix}`] = scope[prefix]!;
    told[name] = value;
  }
  return told;
}

/** IDs of the elements that are defined in kept content. */
function definedIn(value: Json | undefined): string[] {
  if (!Array.isArray(value)) return [];
  if (!isNode(value)) return value.flatMap(definedIn);
  const [name, { ID: id }, ...content] = value;
  return [...(typeof id === 'string' && !isPointer(name) ? [id] : []), ...content.flatMap(definedIn)];
}
