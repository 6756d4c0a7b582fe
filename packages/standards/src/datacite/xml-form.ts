import { type Imported, exchangeIssue } from '../exchange/exchange.ts';
import { isRecord, type Json, type JsonRecord, recordsOf, textOf, textsOf } from '../json/json.ts';
import { childrenOf, readXml, textWithin, type XmlElement } from '../xml/read-xml.ts';
import { type XmlNode, writeXml } from '../xml/write-xml.ts';

/**
 * How an element of the kernel's XML form stands in its JSON form. `own` is the member for its text; attributes keep
 * their names with `URI` written `Uri` and `xml:lang` written `lang`; `parts` are child elements.
 */
interface Shape {
  /** Element name. */
  element: string;
  /** Member of the parent object. */
  member: string;
  own?: string;
  attributes?: readonly string[];
  parts?: readonly Shape[];
  /** Name of the elements within a wrapper (`creators` around `creator`); the member is then a list. */
  within?: string;
  /** Stands any number of times without a wrapper; the member is then a list. */
  isRepeated?: boolean;
}

const nameParts: readonly Shape[] = [
  { element: 'givenName', member: 'givenName' },
  { element: 'familyName', member: 'familyName' },
  {
    element: 'nameIdentifier',
    member: 'nameIdentifiers',
    isRepeated: true,
    own: 'nameIdentifier',
    attributes: ['nameIdentifierScheme', 'schemeURI'],
  },
  {
    element: 'affiliation',
    member: 'affiliation',
    isRepeated: true,
    own: 'name',
    attributes: ['affiliationIdentifier', 'affiliationIdentifierScheme', 'schemeURI'],
  },
];
const creators: Shape = {
  element: 'creators',
  member: 'creators',
  within: 'creator',
  parts: [{ element: 'creatorName', member: 'name', own: 'name', attributes: ['nameType', 'xml:lang'] }, ...nameParts],
};
const contributors: Shape = {
  element: 'contributors',
  member: 'contributors',
  within: 'contributor',
  attributes: ['contributorType'],
  parts: [
    { element: 'contributorName', member: 'name', own: 'name', attributes: ['nameType', 'xml:lang'] },
    ...nameParts,
  ],
};
const titles: Shape = {
  element: 'titles',
  member: 'titles',
  within: 'title',
  own: 'title',
  attributes: ['titleType', 'xml:lang'],
};
const point = (element: string): Shape => ({
  element,
  member: element,
  parts: [
    { element: 'pointLongitude', member: 'pointLongitude' },
    { element: 'pointLatitude', member: 'pointLatitude' },
  ],
});

/** The kernel, element by element, in the order its examples use. */
const kernel: readonly Shape[] = [
  creators,
  titles,
  {
    element: 'publisher',
    member: 'publisher',
    own: 'name',
    attributes: ['publisherIdentifier', 'publisherIdentifierScheme', 'schemeURI', 'xml:lang'],
  },
  { element: 'publicationYear', member: 'publicationYear' },
  { element: 'resourceType', member: 'types', own: 'resourceType', attributes: ['resourceTypeGeneral'] },
  {
    element: 'subjects',
    member: 'subjects',
    within: 'subject',
    own: 'subject',
    attributes: ['subjectScheme', 'schemeURI', 'valueURI', 'classificationCode', 'xml:lang'],
  },
  contributors,
  { element: 'dates', member: 'dates', within: 'date', own: 'date', attributes: ['dateType', 'dateInformation'] },
  { element: 'language', member: 'language' },
  {
    element: 'alternateIdentifiers',
    member: 'alternateIdentifiers',
    within: 'alternateIdentifier',
    own: 'alternateIdentifier',
    attributes: ['alternateIdentifierType'],
  },
  {
    element: 'relatedIdentifiers',
    member: 'relatedIdentifiers',
    within: 'relatedIdentifier',
    own: 'relatedIdentifier',
    attributes: [
      'relatedIdentifierType',
      'relationType',
      'relationTypeInformation',
      'resourceTypeGeneral',
      'relatedMetadataScheme',
      'schemeURI',
      'schemeType',
    ],
  },
  { element: 'sizes', member: 'sizes', within: 'size' },
  { element: 'formats', member: 'formats', within: 'format' },
  { element: 'version', member: 'version' },
  {
    element: 'rightsList',
    member: 'rightsList',
    within: 'rights',
    own: 'rights',
    attributes: ['rightsURI', 'rightsIdentifier', 'rightsIdentifierScheme', 'schemeURI', 'xml:lang'],
  },
  {
    element: 'descriptions',
    member: 'descriptions',
    within: 'description',
    own: 'description',
    attributes: ['descriptionType', 'xml:lang'],
  },
  {
    element: 'geoLocations',
    member: 'geoLocations',
    within: 'geoLocation',
    parts: [
      { element: 'geoLocationPlace', member: 'geoLocationPlace' },
      point('geoLocationPoint'),
      {
        element: 'geoLocationBox',
        member: 'geoLocationBox',
        parts: ['westBoundLongitude', 'eastBoundLongitude', 'southBoundLatitude', 'northBoundLatitude'].map((name) => ({
          element: name,
          member: name,
        })),
      },
      {
        element: 'geoLocationPolygon',
        member: 'geoLocationPolygons',
        isRepeated: true,
        parts: [{ ...point('polygonPoint'), isRepeated: true }, point('inPolygonPoint')],
      },
    ],
  },
  {
    element: 'fundingReferences',
    member: 'fundingReferences',
    within: 'fundingReference',
    parts: [
      { element: 'funderName', member: 'funderName' },
      {
        element: 'funderIdentifier',
        member: 'funderIdentifier',
        own: 'funderIdentifier',
        attributes: ['funderIdentifierType', 'schemeURI'],
      },
      { element: 'awardNumber', member: 'awardNumber', own: 'awardNumber', attributes: ['awardURI'] },
      { element: 'awardTitle', member: 'awardTitle', own: 'awardTitle', attributes: ['xml:lang'] },
    ],
  },
  {
    element: 'relatedItems',
    member: 'relatedItems',
    within: 'relatedItem',
    attributes: ['relatedItemType', 'relationType', 'relationTypeInformation'],
    parts: [
      {
        element: 'relatedItemIdentifier',
        member: 'relatedItemIdentifier',
        parts: [],
        own: 'relatedItemIdentifier',
        attributes: ['relatedItemIdentifierType', 'relatedMetadataScheme', 'schemeURI', 'schemeType'],
      },
      creators,
      titles,
      ...['publicationYear', 'volume', 'issue'].map((name) => ({ element: name, member: name })),
      { element: 'number', member: 'number', own: 'number', attributes: ['numberType'] },
      ...['firstPage', 'lastPage', 'publisher', 'edition'].map((name) => ({ element: name, member: name })),
      contributors,
    ],
  },
];

/** Elements whose text and attributes stand as members of the parent object, not as an object of their own. */
const flattened = new Set([
  'creatorName',
  'contributorName',
  'funderIdentifier',
  'awardNumber',
  'awardTitle',
  'number',
]);
const memberOf = (attribute: string) => (attribute === 'xml:lang' ? 'lang' : attribute.replace('URI', 'Uri'));

/** The DataCite JSON of a document in the kernel's XML form, version 4.0 and later; older ones and other XML are refused. */
export function dataCiteJsonOfXml(text: string): { document: JsonRecord } | Pick<Imported, 'issues'> {
  const read = readXml(text);
  if ('fault' in read)
    return {
      issues: [
        exchangeIssue('metadata-unreadable', `This is no XML: ${read.fault.reason}`, {
          where: { line: read.fault.line },
        }),
      ],
    };
  const { root } = read;
  if (root.name !== 'resource' || !/^https?:\/\/datacite\.org\/schema\/kernel-4/.test(root.namespace))
    return {
      issues: [
        exchangeIssue(
          'metadata-other-standard',
          `The root element is ${root.name} of “${root.namespace.slice(0, 80)}”, not a resource of the DataCite kernel 4`,
        ),
      ],
    };
  const document: JsonRecord = {};
  for (const element of childrenOf(root, 'identifier')) {
    const isDoi = (element.attributes.identifierType ?? '').toUpperCase() === 'DOI';
    // `:tba` and the like stand for a DOI that is not there.
    if (isDoi && !/^\(?:[a-z]{3,4}\)?$/.test(textWithin(element))) document.doi = textWithin(element);
    else
      document.identifiers = [
        { identifier: textWithin(element), identifierType: element.attributes.identifierType ?? '' },
      ];
  }
  partsInto(document, root, kernel);
  document.schemaVersion = root.namespace;
  return { document };
}

function partsInto(target: JsonRecord, element: XmlElement, shapes: readonly Shape[]): void {
  for (const shape of shapes)
    for (const child of childrenOf(element, shape.element)) {
      if (shape.within !== undefined)
        target[shape.member] = childrenOf(child, shape.within).map((one) => valueOf(one, shape));
      else if (shape.isRepeated)
        target[shape.member] = [...((target[shape.member] as Json[] | undefined) ?? []), valueOf(child, shape)];
      else if (flattened.has(shape.element)) Object.assign(target, valueOf(child, shape));
      else target[shape.member] = valueOf(child, shape);
    }
}

function valueOf(element: XmlElement, shape: Shape): Json {
  if (shape.own === undefined && shape.parts === undefined && shape.attributes === undefined)
    return textWithin(element);
  const value: JsonRecord = {};
  if (shape.own !== undefined) value[shape.own] = textWithin(element);
  for (const name of shape.attributes ?? [])
    if (element.attributes[name] !== undefined) value[memberOf(name)] = element.attributes[name];
  partsInto(value, element, shape.parts ?? []);
  return value;
}

/**
 * The identifier that the kernel requires: the DOI, else another that the document has, else the address of its page or its
 * number. `:tba` is the kernel's own word for one that is still to be given.
 */
function identifierOf(document: JsonRecord): { identifier: string; identifierType: string } {
  const doi = textOf(document.doi);
  if (doi !== undefined) return { identifier: doi, identifierType: 'DOI' };
  const [other] = recordsOf(document.identifiers);
  const [number] = recordsOf(document.alternateIdentifiers);
  const found: (readonly [identifier: string | undefined, identifierType: string | undefined])[] = [
    [textOf(other?.identifier), textOf(other?.identifierType)],
    [textOf(document.url), 'URL'],
    [textOf(number?.alternateIdentifier), textOf(number?.alternateIdentifierType)],
  ];
  const [identifier, identifierType] = found.find(([text]) => text !== undefined) ?? [];
  return {
    identifier: identifier ?? ':tba',
    identifierType: identifier === undefined ? 'DOI' : (identifierType ?? 'Other'),
  };
}

/** The kernel's XML form of a DataCite JSON document, as registrars take it. */
export function dataCiteXmlOfJson(document: JsonRecord): string {
  const { identifier: said, identifierType } = identifierOf(document);
  const identifier: XmlNode[] = [['identifier', { identifierType }, said]];
  const attributes = {
    xmlns: 'http://datacite.org/schema/kernel-4',
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xsi:schemaLocation': 'http://datacite.org/schema/kernel-4 https://schema.datacite.org/meta/kernel-4/metadata.xsd',
  };
  return writeXml(['resource', attributes, ...identifier, ...nodesOf(document, kernel)]);
}

function nodesOf(source: JsonRecord, shapes: readonly Shape[]): XmlNode[] {
  return shapes.flatMap((shape): XmlNode[] => {
    if (flattened.has(shape.element))
      return textOf(source[shape.own!]) === undefined ? [] : [nodeOf(source, { ...shape, parts: [] })];
    const value = source[shape.member];
    if (value === undefined || value === null) return [];
    if (shape.within !== undefined) {
      const inner = { ...shape, element: shape.within };
      const nodes = listed(value).map((one) => nodeOf(one, inner));
      return nodes.length === 0 ? [] : [[shape.element, {}, ...nodes]];
    }
    return (shape.isRepeated ? listed(value) : [value]).map((one) => nodeOf(one, shape));
  });
}

const listed = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);

function nodeOf(value: Json, shape: Shape): XmlNode {
  if (!isRecord(value)) return [shape.element, {}, ...textsOf(value).slice(0, 1)];
  const attributes = Object.fromEntries((shape.attributes ?? []).map((name) => [name, textOf(value[memberOf(name)])]));
  const own = shape.own === undefined ? undefined : textOf(value[shape.own]);
  return [shape.element, attributes, ...(own === undefined ? [] : [own]), ...nodesOf(value, shape.parts ?? [])];
}
