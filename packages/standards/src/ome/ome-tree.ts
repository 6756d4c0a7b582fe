import { isRecord, type Json, type JsonRecord } from '../json/json.ts';
import { type Remainder, restoreJson } from '../json/remainder.ts';
import type { XmlNode } from '../xml/write-xml.ts';

/** What points to another element by its ID: names that end so, and these. */
const pointers = new Set(['Leader', 'Contact', 'Pump']);
/** Does an element of this name point to another one by its ID? */
export const isPointer = (name: string): boolean => /(Ref|Settings)$/.test(name) || pointers.has(name);

/** A written element as JSON: name, attributes, content. */
type KeptNode = [name: string, attributes: JsonRecord, ...content: Json[]];
/** Is the value a written element? */
export const isNode = (value: Json): value is KeptNode =>
  Array.isArray(value) && typeof value[0] === 'string' && isRecord(value[1]);

/** IDs of the elements that a document defines. */
export function idsOf([name, { ID: id }, ...content]: XmlNode): Set<string> {
  const ids = new Set(id !== undefined && !isPointer(name) ? [id] : []);
  for (const one of content) if (typeof one !== 'string') for (const inner of idsOf(one)) ids.add(inner);
  return ids;
}

/** Parts of an instrument that our writing sums up: kept and given back together. */
const groups: Readonly<Record<string, string>> = {
  Laser: '(light sources)',
  LightEmittingDiode: '(light sources)',
  Arc: '(light sources)',
  Filament: '(light sources)',
  GenericExcitationSource: '(light sources)',
  LightSource: '(light sources)',
  Detector: '(detectors)',
  Filter: '(filters)',
  Dichroic: '(filters)',
};

/** The group that a part of an instrument belongs to. */
export const partGroup = (name: string): string | undefined => (Object.hasOwn(groups, name) ? groups[name] : undefined);

/** The order that the schema (2016-06) wants the children of an element in; what it does not know comes last. */
const orders: Readonly<Record<string, readonly string[]>> = {
  OME: 'Rights Project Dataset Folder Experiment Plate Screen Experimenter ExperimenterGroup Instrument Image StructuredAnnotations ROI'.split(
    ' ',
  ),
  Instrument:
    'Microscope Laser Arc Filament LightEmittingDiode GenericExcitationSource Detector Objective FilterSet Filter Dichroic AnnotationRef'.split(
      ' ',
    ),
  Image:
    'AcquisitionDate ExperimenterRef Description ExperimentRef ExperimenterGroupRef InstrumentRef ObjectiveSettings ImagingEnvironment StageLabel Pixels ROIRef MicrobeamManipulationRef AnnotationRef'.split(
      ' ',
    ),
  Pixels: 'Channel MetadataOnly Plane'.split(' '),
  Channel: 'LightSourceSettings DetectorSettings FilterSetRef AnnotationRef LightPath'.split(' '),
};

/**
 * An element as a JSON tree: attributes by name, child elements by `<Name>`, text by `#text`; those summed up in an
 * instrument by their group, as they are written.
 */
export function treeOfNode([name, attributes, ...content]: XmlNode): JsonRecord {
  const tree: Record<string, Json> = {};
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) tree[key] = value;
  for (const one of content) {
    if (typeof one === 'string') {
      tree['#text'] = one;
      continue;
    }
    const group = name === 'Instrument' ? partGroup(one[0]) : undefined;
    const list = (tree[group ?? `<${one[0]}>`] ??= []) as Json[];
    list.push(group === undefined ? treeOfNode(one) : plain(one));
  }
  return tree;
}

/** Without attributes that are not there: as JSON has it. */
function plain([name, attributes, ...content]: XmlNode): Json {
  const told = Object.entries(attributes).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return [name, Object.fromEntries(told), ...content.map((one) => (typeof one === 'string' ? one : plain(one)))];
}

/** Gives back to our writing of a document what `keptOfOme` kept; `unplaced` parts found no place any more. */
export function restoredOme(written: XmlNode, kept: Remainder): { document: XmlNode; unplaced: number } {
  if (kept.length === 0) return { document: written, unplaced: 0 };
  const tree = treeOfNode(written);
  const { document, unplaced } = restoreJson(tree, aimed(tree, kept));
  const whole = nodeOfTree(written[0], isRecord(document) ? document : {});
  const pruned = withoutLoosePointers(whole, idsOf(whole));
  return { document: pruned, unplaced: unplaced.length };
}

/** What was said of the only image of a document is said of the only one of the study, whatever it is called there. */
function aimed(tree: JsonRecord, kept: Remainder): Remainder {
  const images = tree['<Image>'];
  const named = new Set(
    kept.flatMap(({ path }) => (path[0] === '<Image>' && path.length > 1 ? [JSON.stringify(path[1])] : [])),
  );
  if (!Array.isArray(images) || images.length !== 1 || named.size !== 1) return kept;
  return kept.map((entry) =>
    entry.path[0] === '<Image>' && entry.path.length > 1
      ? { ...entry, path: ['<Image>', 0, ...entry.path.slice(2)] }
      : entry,
  );
}

const nameForm = /^[\p{L}_][\p{L}\p{N}_.\-·]*$/u;
const attributeForm = /^(?:[\p{L}_][\p{L}\p{N}_.\-·]*:)?[\p{L}_][\p{L}\p{N}_.\-·]*$/u;

/** The element of a tree. Kept values come from documents of others: what is no XML is left out. */
function nodeOfTree(name: string, tree: JsonRecord): XmlNode {
  const attributes: Record<string, string> = {};
  const children: XmlNode[] = [];
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string' && isAttribute(key, tree)) attributes[key] = value;
    if (!Array.isArray(value)) continue;
    const called = /^<([^{>]+)>$/.exec(key)?.[1];
    for (const one of value)
      if (isRecord(one) && called !== undefined && nameForm.test(called)) children.push(nodeOfTree(called, one));
      else children.push(...soundNode(one));
  }
  const order = orders[name] ?? [];
  const rank = ([child]: XmlNode) => (order.includes(child) ? order.indexOf(child) : order.length);
  const text = tree['#text'];
  return [
    name,
    attributes,
    ...(typeof text === 'string' && children.length === 0 ? [text] : []),
    ...children.sort((a, b) => rank(a) - rank(b)),
  ];
}

/** A name with a prefix needs its declaration beside it; those of the root are ours. */
function isAttribute(name: string, beside: JsonRecord): boolean {
  if (!attributeForm.test(name)) return false;
  const colon = name.indexOf(':');
  const prefix = colon < 0 ? 'xml' : name.slice(0, colon);
  return ['xml', 'xmlns', 'xsi'].includes(prefix) || typeof beside[`xmlns:${prefix}`] === 'string';
}

function soundNode(value: Json): XmlNode[] {
  if (!isNode(value)) return [];
  const [name, told, ...content] = value;
  if (!nameForm.test(name)) return [];
  const attributes = Object.fromEntries(
    Object.entries(told).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string' && isAttribute(pair[0], told),
    ),
  );
  return [
    [
      name,
      attributes,
      ...content.flatMap((one): (XmlNode | string)[] => (typeof one === 'string' ? [one] : soundNode(one))),
    ],
  ];
}

/** Without what points to elements that are not there: the schema refuses it. */
function withoutLoosePointers([name, attributes, ...content]: XmlNode, ids: ReadonlySet<string>): XmlNode {
  return [
    name,
    attributes,
    ...content.flatMap((one): (XmlNode | string)[] => {
      if (typeof one === 'string') return [one];
      const [child, { ID: id }] = one;
      return isPointer(child) && id !== undefined && !ids.has(id) ? [] : [withoutLoosePointers(one, ids)];
    }),
  ];
}
