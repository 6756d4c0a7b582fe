import type { Json, JsonRecord } from '../json/json.ts';

const schema = (name: string) => `http://schema.org/${name}`;
const bia = (name: string) => `http://bia/${name}`;
const csvw = (name: string) => `http://www.w3.org/ns/csvw#${name}`;
const darwinCore = (name: string) => `http://rs.tdwg.org/dwc/terms/${name}`;

/** Terms that stand for themselves in one vocabulary. */
const same = (address: (name: string) => string, names: string) =>
  Object.fromEntries(names.split(' ').map((name) => [name, address(name)]));

/** What each term of a crate for the BioImage Archive means, by the context of its submission profile 1.0. */
export const biaTerms: Readonly<Record<string, string>> = {
  ...same(
    schema,
    'additionalType address author datePublished description email funder funding hasPart identifier keywords license memberOf name',
  ),
  ...same(
    bia,
    'accessionId acknowledgement annotationCoverage annotationCriteria annotationMethod annotationSourceIndicator associatedAnnotationMethod associatedBiologicalEntity associatedCreationProcess associatedImageAcquisitionProtocol associatedProtocol associatedSourceImage authorNames channelBiologicalEntity channelContentDescription doi experimentalVariableDescription extrinsicVariableDescription fbbiId featuresAnalysed fiducialsUsed fundingStatement growthProtocol imageAcquisitionProtocol imagingInstrumentDescription imagingMethodName imagingPreparationProtocol inputImage intrinsicVariableDescription protocol pubmedId relatedPublication resultOf role signalChannelInformation signalContrastMechanismDescription spatialInformation subject transformationDescription transformationMatrix website yearPublished',
  ),
  ...same(csvw, 'column propertyUrl tableSchema'),
  ...same(darwinCore, 'scientificName'),
  commonName: darwinCore('vernacularName'),
  columnName: csvw('name'),
  biologicalEntity: bia('sampleOf'),
  methodType: bia('annotationMethodType'),
  associatedSpecimen: bia('associatedSubject'),
  associatedSpecimenImagingPreparationProtocol: bia('associatedImagingPreparationProtocol'),
  associatedImageAnalysisMethod: bia('associatedAnalysisMethod'),
  associatedImageCorrelationMethod: bia('associatedCorrelationMethod'),
  organismClassification: schema('taxonomicRange'),
  seeAlso: 'http://www.w3.org/2000/01/rdf-schema#seeAlso',
};

/** Other meanings and names of the spring of 2026, when crates came before the profile. */
const earlier: Readonly<Record<string, readonly string[]>> = {
  accessionId: [schema('identifier')],
  doi: [schema('identifier')],
  identifier: ['http://purl.org/dc/terms/identifier'],
  affiliation: [schema('memberOf'), schema('affiliation')],
  contributor: [schema('author'), schema('contributor')],
  title: [schema('name')],
  label: [schema('name')],
  displayName: [schema('name')],
  protocolDescription: [schema('description')],
  biologicalEntityDescription: [bia('biologicalEntityDescription')],
  contactEmail: [schema('email')],
  keyword: [schema('keywords')],
  channelLabel: ['http://purl.org/dc/terms/identifier'],
};

const prefixes: Readonly<Record<string, string>> = {
  bia: 'http://bia/',
  csvw: 'http://www.w3.org/ns/csvw#',
  schema: 'http://schema.org/',
};
const knownPrefixes: Readonly<Record<string, string>> = {
  ...prefixes,
  dc: 'http://purl.org/dc/terms/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
};

/** Is the meaning that a context gives to a term another one than the archive's? Terms of other people have any. */
export function isRedefined(term: string, address: string): boolean {
  const [, prefix = '', local = ''] = /^([a-z]+):(?!\/\/)(.*)$/.exec(address) ?? [];
  const base = knownPrefixes[prefix];
  const whole = (base === undefined ? address : base + local).replace(/^https:\/\/schema\.org\//, 'http://schema.org/');
  const own = [...(biaTerms[term] === undefined ? [] : [biaTerms[term]]), ...(earlier[term] ?? [])];
  const prefixMeaning = knownPrefixes[term];
  if (prefixMeaning !== undefined) return whole !== prefixMeaning;
  return own.length > 0 && !own.includes(whole);
}

/** Terms whose values are always lists in a crate of the profile. */
const lists = new Set(
  'associatedAnnotationMethod associatedBiologicalEntity associatedImageAcquisitionProtocol associatedImageAnalysisMethod associatedImageCorrelationMethod associatedSpecimenImagingPreparationProtocol author biologicalEntity column experimentalVariableDescription extrinsicVariableDescription fbbiId funder funding hasPart imagingMethodName imagingPreparationProtocol intrinsicVariableDescription keywords memberOf methodType organismClassification relatedPublication role seeAlso'.split(
    ' ',
  ),
);

/** The context of a crate of ours: the specification's, and of the archive's terms those that are used. */
export function biaContext(used: ReadonlySet<string>): Json {
  const short = (address: string) => {
    const prefix = Object.keys(prefixes).find((one) => address.startsWith(prefixes[one]!));
    return prefix === undefined ? address : `${prefix}:${address.slice(prefixes[prefix]!.length)}`;
  };
  const terms = Object.entries(biaTerms)
    .filter(([term]) => used.has(term))
    .map(([term, address]): [string, JsonRecord] => [
      term,
      { '@id': short(address), ...(lists.has(term) ? { '@container': '@set' } : {}) },
    ]);
  return ['https://w3id.org/ro/crate/1.1/context', { ...prefixes, ...Object.fromEntries(terms) }];
}
