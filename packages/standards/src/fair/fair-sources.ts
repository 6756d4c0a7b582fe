import { dataCiteJsonOfXml } from '../datacite/xml-form.ts';
import { isRecord, type Json, listOf } from '../json/json.ts';
import { readTurtle, TurtleFault } from '../vocabulary/read-turtle.ts';
import { readXml, type XmlElement } from '../xml/read-xml.ts';
import type { FairHarvest } from './fair-harvest.ts';
import {
  addressesIn,
  type FairStatements,
  isDataCite,
  isSchemaOrg,
  mergedStatements,
  noStatements,
  statementsOfDataCite,
  statementsOfDublinCore,
  statementsOfLinks,
  statementsOfSchemaOrg,
} from './fair-statements.ts';
import { readPage } from './read-page.ts';
import { parsedJson } from './typed-links.ts';

/** A place where metadata were found. */
export interface FairSource {
  way: 'embedded' | 'meta tags' | 'signposting' | 'typed link' | 'content negotiation';
  /** Where, for people. */
  address: string;
  statements: FairStatements;
  /** Is it RDF that can be read: JSON-LD, Turtle, RDF/XML? */
  isFormal: boolean;
  /** Is it of schema.org or Dublin Core, which search engines read? */
  isForSearch: boolean;
  /** Addresses that stand by themselves in it: terms, namespaces, schemas. */
  addresses: ReadonlySet<string>;
}

/** Statements of a Turtle document that are looked at. */
const mostStatements = 200_000;
const noAddresses: ReadonlySet<string> = new Set();

function sourceOfJson(document: Json, way: FairSource['way'], address: string): FairSource {
  const statements = isDataCite(document) ? statementsOfDataCite(document) : statementsOfSchemaOrg(document);
  const isLinked = listOf(document).some((one) => isRecord(one) && one['@context'] !== undefined);
  const isForSearch = isSchemaOrg(document) && statements.titles.length > 0;
  return { way, address, statements, isFormal: isLinked, isForSearch, addresses: addressesIn(document) };
}

function addressesOfXml(element: XmlElement, into: Set<string>): void {
  for (const value of [...Object.values(element.attributes), ...element.children]) {
    if (typeof value !== 'string') addressesOfXml(value, into);
    else for (const part of value.split(/\s+/)) if (/^https?:\/\/\S+$/.test(part)) into.add(part);
  }
}

function sourceOfXml(text: string, way: FairSource['way'], address: string): FairSource | undefined {
  const read = readXml(text);
  if ('fault' in read) return undefined;
  const addresses = new Set<string>();
  addressesOfXml(read.root, addresses);
  const dataCite = dataCiteJsonOfXml(text);
  const statements = 'document' in dataCite ? statementsOfDataCite(dataCite.document) : noStatements();
  const isFormal = read.root.namespace === 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
  return { way, address, statements, isFormal, isForSearch: false, addresses };
}

function sourceOfTurtle(text: string, way: FairSource['way'], address: string): FairSource | undefined {
  const addresses = new Set<string>();
  let count = 0;
  try {
    for (const { subject, predicate, object } of readTurtle(text)) {
      if (++count > mostStatements) break;
      for (const one of [subject, predicate, 'iri' in object ? object.iri : ''])
        if (/^https?:/.test(one)) addresses.add(one);
    }
  } catch (fault) {
    if (!(fault instanceof TurtleFault)) throw fault;
    return undefined;
  }
  return { way, address, statements: noStatements(), isFormal: count > 0, isForSearch: false, addresses };
}

function sourceOf(text: string, mediaType: string, way: FairSource['way'], address: string): FairSource | undefined {
  if (/[/+]json$/.test(mediaType)) {
    const document = parsedJson(text);
    return document === undefined ? undefined : sourceOfJson(document, way, address);
  }
  if (/[/+]xml$/.test(mediaType)) return sourceOfXml(text, way, address);
  if (/^(text|application)\/(turtle|n3|n-triples)$/.test(mediaType)) return sourceOfTurtle(text, way, address);
  return undefined;
}

/** Every place in which a harvest holds metadata: the page itself, its links, and the documents they lead to. */
export function sourcesOf({ page, links, documents }: FairHarvest): FairSource[] {
  if (page.status !== 200) return [];
  const { address } = page;
  const { embedded, meta } = readPage(page.text, address);
  const dublinCore = statementsOfDublinCore(meta);
  const plain = { address, isFormal: false, isForSearch: false, addresses: noAddresses };
  return [
    ...embedded.map((document) => sourceOfJson(document, 'embedded', address)),
    { ...plain, way: 'meta tags', statements: dublinCore, isForSearch: dublinCore.titles.length > 0 },
    { ...plain, way: 'signposting', statements: statementsOfLinks(links) },
    ...documents.flatMap((one) => sourceOf(one.text, one.mediaType, one.way, one.address) ?? []),
  ];
}

/** What all sources say together. */
export const statementsOfSources = (sources: readonly FairSource[]): FairStatements =>
  mergedStatements(sources.map(({ statements }) => statements));
