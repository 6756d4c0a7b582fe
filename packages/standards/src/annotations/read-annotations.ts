import { termOfParts, termOfText } from '../exchange/terms.ts';
import type { TermReference } from '../graph/study-graph.ts';
import { readIdrAnnotation } from '../idr/annotation.ts';
import { splitTable } from '../tables/delimited.ts';
import { childOf, childrenOf, readXml, textWithin, type XmlElement } from '../xml/read-xml.ts';

/** What an annotation is about. */
export type AnnotationTarget = 'study' | 'dataset' | 'plate' | 'well' | 'image' | 'region' | 'object';

/** Something said of a study or of a part of it, by whoever deposited or curated it. */
export interface Annotation {
  on: AnnotationTarget;
  /** Data set or plate it lies in, as the source names it. */
  container?: string;
  /** Image, well, data set or plate, as the source names it; empty for the study. */
  name: string;
  /** Id of the object or region within the image, as the source has it. */
  part?: string;
  /** What is said: "Phenotype", "Gene Symbol". */
  key: string;
  value: TermReference;
}

/** Annotations taken of one file; more than that are measurements. */
const mostAnnotations = 500_000;

/** Names of columns that say what a row is about, in lower case. */
const targetColumns: Readonly<Record<string, AnnotationTarget>> = {
  study: 'study',
  dataset: 'dataset',
  'dataset name': 'dataset',
  plate: 'plate',
  'plate name': 'plate',
  well: 'well',
  'well name': 'well',
  image: 'image',
  'image name': 'image',
  'file name': 'image',
  region: 'region',
  roi: 'region',
  'roi name': 'region',
  object: 'object',
  'object id': 'object',
};
/** From the widest to the narrowest: the narrowest that a row names is what it is about. */
const order: readonly AnnotationTarget[] = ['study', 'dataset', 'plate', 'well', 'image', 'region', 'object'];

/**
 * Annotations of a table: an IDR annotation table (CSV; `Dataset Name` and `Image Name`, or `Plate` and `Well`), or
 * key-value rows (CSV or TSV) with columns that name what they are about (study, dataset, plate, well, image, region,
 * object), `key`, `value` and, where there is one, `term` (an accession). `undefined` for a table that is neither.
 */
export function readAnnotationTable(text: string): Annotation[] | undefined {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const end = text.indexOf('\n');
  const head = text.slice(start, end < 0 ? Math.min(text.length, 10_000) : Math.min(end, 10_000));
  const separator = head.includes('\t') ? '\t' : ',';
  const names = (splitTable(head, separator)[0]?.cells ?? []).map((cell) => cell.trim());
  const has = (name: string) => names.includes(name);
  if (separator === ',' && ((has('Dataset Name') && has('Image Name')) || (has('Plate') && has('Well')))) {
    const isSaid = names.some((name) =>
      /^(Characteristics|Experimental Condition|Comment) \[|^Phenotype \d/.test(name),
    );
    if (isSaid) return ofIdr(text, has('Plate') && !has('Dataset Name'));
  }
  const lower = names.map((name) => name.toLowerCase());
  const [key, value] = [lower.indexOf('key'), lower.indexOf('value')];
  if (key < 0 || value < 0) return undefined;
  const targets = lower.flatMap((name, column) => (targetColumns[name] ? [{ on: targetColumns[name], column }] : []));
  if (targets.length === 0) return undefined;
  targets.sort((a, b) => order.indexOf(b.on) - order.indexOf(a.on));
  const term = lower.findIndex((name) => /^(term|term accession|term id|accession)$/.test(name));
  const annotations: Annotation[] = [];
  for (const { cells } of splitTable(text, separator).slice(1)) {
    const at = (column: number) => (cells[column] ?? '').trim();
    if (at(key) === '' || at(value) === '') continue;
    const named = targets.filter(({ column }) => at(column) !== '');
    const [narrowest] = named;
    if (!narrowest) continue;
    const isPart = narrowest.on === 'region' || narrowest.on === 'object';
    const [own, around] = isPart ? [named[1], named[2]] : [narrowest, named[1]];
    annotations.push({
      on: narrowest.on,
      ...(around ? { container: at(around.column) } : {}),
      name: own ? at(own.column) : '',
      ...(isPart ? { part: at(narrowest.column) } : {}),
      key: at(key),
      value: term >= 0 && at(term) !== '' ? termOfParts(at(value), undefined, at(term)) : termOfText(at(value)),
    });
    if (annotations.length >= mostAnnotations) break;
  }
  return annotations;
}

function ofIdr(text: string, isPlate: boolean): Annotation[] {
  const annotations: Annotation[] = [];
  for (const row of readIdrAnnotation(text)) {
    const place = {
      on: isPlate ? ('well' as const) : ('image' as const),
      ...(row.container === '' ? {} : { container: row.container }),
      name: row.name,
    };
    for (const { name, term } of row.characteristics) annotations.push({ ...place, key: name, value: term });
    for (const { name, value } of [...row.conditions, ...row.comments])
      annotations.push({ ...place, key: name, value: { label: value } });
    for (const value of row.phenotypes) annotations.push({ ...place, key: 'Phenotype', value });
    if (annotations.length >= mostAnnotations) break;
  }
  return annotations;
}

const kinds: Readonly<Record<string, AnnotationTarget>> = {
  Project: 'study',
  Screen: 'study',
  Dataset: 'dataset',
  Plate: 'plate',
  Well: 'well',
  Image: 'image',
};

/**
 * Structured annotations of an OME-XML document (key-value maps, tags, terms, comments, numbers) on what refers to them:
 * project, screen, data set, plate, well, image, region and shape. Empty where the text is no OME-XML.
 */
export function readOmeAnnotations(text: string): Annotation[] {
  const read = readXml(text);
  if ('fault' in read || read.root.name !== 'OME') return [];
  const { root } = read;
  const said = new Map<string, { key: string; value: TermReference }[]>();
  for (const one of childrenOf(childOf(root, 'StructuredAnnotations') ?? { ...root, children: [] }))
    if (one.attributes.ID !== undefined) said.set(one.attributes.ID, pairsOf(one));
  const annotations: Annotation[] = [];
  const take = (element: XmlElement, about: Omit<Annotation, 'key' | 'value'>) => {
    for (const { attributes } of childrenOf(element, 'AnnotationRef'))
      for (const pair of said.get(attributes.ID ?? '') ?? [])
        if (annotations.length < mostAnnotations) annotations.push({ ...about, ...pair });
  };
  const imagesOfRegion = new Map<string, string>();
  for (const element of childrenOf(root)) {
    const on = kinds[element.name];
    if (on === undefined) continue;
    const name = element.attributes.Name ?? element.attributes.ID ?? '';
    take(element, { on, name });
    if (on === 'image')
      for (const { attributes } of childrenOf(element, 'ROIRef')) imagesOfRegion.set(attributes.ID ?? '', name);
    if (on === 'plate')
      for (const well of childrenOf(element, 'Well'))
        take(well, { on: 'well', container: name, name: wellName(well.attributes.Row, well.attributes.Column) });
  }
  for (const element of childrenOf(root, 'ROI')) {
    const id = element.attributes.ID ?? '';
    const name = imagesOfRegion.get(id) ?? '';
    take(element, { on: 'region', name, part: element.attributes.Name ?? id });
    // Each shape of a region may be an object of its own.
    for (const shape of childrenOf(childOf(element, 'Union') ?? element))
      if (shape.attributes.ID !== undefined)
        take(shape, { on: 'object', name, part: shape.attributes.Text || shape.attributes.ID });
  }
  return annotations;
}

function pairsOf(element: XmlElement): { key: string; value: TermReference }[] {
  const value = childOf(element, 'Value');
  const name = (element.attributes.Namespace ?? '').split('/').at(-1) || element.name.replace(/Annotation$/, '');
  if (element.name === 'MapAnnotation')
    return (value ? childrenOf(value, 'M') : []).flatMap((one) => {
      const text = textWithin(one);
      const key = one.attributes.K ?? '';
      return key === '' || text === '' ? [] : [{ key, value: termOfText(text) }];
    });
  const text = value ? textWithin(value) : '';
  if (text === '' || !/^(Tag|Comment|Term|Long|Double|Boolean|Timestamp)Annotation$/.test(element.name)) return [];
  return [
    { key: name, value: element.name === 'TermAnnotation' ? termOfParts('', undefined, text) : termOfText(text) },
  ];
}

/** `B7` of a row and a column that count from 0. */
function wellName(row: string | undefined, column: string | undefined): string {
  const [r, c] = [Number(row), Number(column)];
  if (!Number.isInteger(r) || !Number.isInteger(c) || r < 0 || c < 0) return '';
  const letters = r < 26 ? String.fromCodePoint(65 + r) : `A${String.fromCodePoint(65 + (r % 26))}`;
  return `${letters}${c + 1}`;
}

/** A well's name without leading zeros and in capitals: `b07` is B7. */
export function plainWell(name: string): string {
  const match = /^([A-Za-z]{1,2})0*(\d{1,3})$/.exec(name.trim());
  return match ? `${match[1]!.toUpperCase()}${match[2]}` : name.trim();
}
