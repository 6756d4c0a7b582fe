import { findLicence } from '../licences/licences.ts';
import type { FairHarvest } from './fair-harvest.ts';
import { type FairMetric, fairMetrics, fairPoints, type FairTestId } from './fair-metrics.ts';
import { type FairSource, sourcesOf, statementsOfSources } from './fair-sources.ts';
import type { FairStatements } from './fair-statements.ts';
import { isUniqueIdentifier, readPersistent } from './persistent.ts';

/** What became of a test. */
export interface FairTestResult {
  id: FairTestId;
  earned: number;
  possible: number;
  /** What was found, or what was looked for in vain. */
  why: string;
}

/** What became of a metric. */
export interface FairMetricResult {
  id: string;
  name: string;
  earned: number;
  possible: number;
  tests: FairTestResult[];
  /** What to do; left out where nothing is missing. */
  advice?: string;
}

/** How a study fares in the assessment. */
export interface FairReport {
  /** Address that was asked. */
  asked: string;
  /** Where its page is. */
  address: string;
  earned: number;
  possible: number;
  metrics: FairMetricResult[];
}

interface Seen {
  harvest: FairHarvest;
  sources: FairSource[];
  said: FairStatements;
}

/** What was found where the test is met, else what is missing. */
type Judged = { found: string } | { missing: string };

const first = (values: readonly string[]) => {
  const shown = values[0]!.length > 120 ? `${values[0]!.slice(0, 119)}…` : values[0]!;
  return values.length > 1 ? `${shown} and ${values.length - 1} more` : shown;
};
const anyOf = (values: readonly string[], missing: string): Judged =>
  values.length > 0 ? { found: first([...new Set(values)]) } : { missing };
const schemeOf = (address: string) => /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase() ?? '';

const webProtocols = new Set(['http', 'https', 'ftp', 'ftps', 'sftp']);
const protocolsWithSignIn = new Set(['http', 'https', 'ftps', 'sftp']);

/** Elements of citation, and those beyond them. */
const citationElements = {
  creators: 'creator',
  titles: 'title',
  identifiers: 'identifier',
  publicationDates: 'publication date',
  publishers: 'publisher',
  types: 'type',
} as const;
const descriptiveElements = { ...citationElements, summaries: 'description', keywords: 'keywords' } as const;

function elements(said: FairStatements, wanted: Partial<Record<keyof FairStatements, string>>): Judged {
  const lacking = Object.entries(wanted).filter(([member]) => said[member as keyof FairStatements].length === 0);
  return lacking.length === 0
    ? { found: Object.values(wanted).join(', ') }
    : { missing: `not stated: ${lacking.map(([, name]) => name).join(', ')}` };
}

/** Terms of registered vocabularies, by their addresses; those of general use (schema.org, Dublin Core, DCAT) are not among them. */
const vocabularies = [
  /^https?:\/\/purl\.obolibrary\.org\/obo\/[A-Za-z]+_\w/,
  /^https?:\/\/edamontology\.org\/\w/,
  /^https?:\/\/www\.ebi\.ac\.uk\/(efo|cmpo)\/[A-Z]+_\w/,
  /^https?:\/\/id\.nlm\.nih\.gov\/mesh\/\w/,
  /^https?:\/\/www\.orpha\.net\/ORDO\/\w/,
  /^https?:\/\/semanticscience\.org\/resource\/\w/,
  /^https?:\/\/purl\.uniprot\.org\/\w+\/\w/,
  /^https?:\/\/qudt\.org\/(vocab|schema)\/\w/,
] as const;

const provenanceOntologies = /^https?:\/\/(www\.w3\.org\/ns\/prov|purl\.org\/pav)/;
const fieldStandards = [
  ['OME-XML', /^https?:\/\/www\.openmicroscopy\.org\/Schemas\/OME\//i],
  ['ISA', /^https?:\/\/(purl\.org\/isaterms|raw\.githubusercontent\.com\/ISA-tools\/)/i],
  ['Darwin Core', /^https?:\/\/rs\.tdwg\.org\/dwc\//i],
  ['EML', /^https?:\/\/eml\.ecoinformatics\.org\//i],
] as const;
const generalStandards = [
  ['DataCite', /^https?:\/\/datacite\.org\/schema\/kernel-\d/i],
  ['RO-Crate', /^https?:\/\/w3id\.org\/ro\/crate(\/|$)/i],
  ['DDI', /^ddi:|^https?:\/\/(www\.)?ddialliance\.org\//i],
] as const;

/** Formats that are open, kept for long, or of science, beside everything that is text: as F-UJI's lists have them. */
const goodFormats = new Set(
  'image/tiff image/png image/jp2 image/fits application/fits application/dicom application/pdf application/x-hdf5 application/x-hdf application/x-netcdf application/netcdf'.split(
    ' ',
  ),
);
const isText = (type: string) => /^text\/|[/+](xml|text|json)$/.test(type) && !type.includes('html');

function standardOf(sources: readonly FairSource[], standards: readonly (readonly [string, RegExp])[]): Judged {
  const names = standards
    .filter(([, form]) => sources.some(({ addresses }) => [...addresses].some((one) => form.test(one))))
    .map(([name]) => name);
  return anyOf(names, `no namespace of ${standards.map(([name]) => name).join(', ')}`);
}

/** Types and sizes as stated, held against what the server says of the files that were tried. */
function fileDetails({ said, harvest }: Seen): Judged {
  const whole = said.contents.filter(({ mediaType, size }) => mediaType !== undefined && size !== undefined);
  if (whole.length === 0) return { missing: 'no file is described with both size and media type' };
  const sizes = new Map(
    whole.flatMap(({ address, size }) =>
      URL.canParse(address, harvest.page.address) && /^\d+( ?B)?$/.test(size!)
        ? [[new URL(address, harvest.page.address).href, Number.parseInt(size!, 10)] as const]
        : [],
    ),
  );
  const wrong = harvest.files.find(
    ({ address, size }) => size !== undefined && sizes.has(address) && sizes.get(address) !== size,
  );
  return wrong
    ? { missing: `${wrong.address} has ${wrong.size} bytes, and not ${sizes.get(wrong.address)} as is stated` }
    : { found: `${whole.length} files, such as ${whole[0]!.mediaType}, ${whole[0]!.size} bytes` };
}

function formatFound({ said, harvest }: Seen): Judged {
  const pages = new Set(
    harvest.files.flatMap((file) => (file.mediaType.includes('html') ? [file.content.address] : [])),
  );
  const claimed = said.contents.flatMap(({ address, mediaType }) =>
    mediaType && !pages.has(address) ? [mediaType] : [],
  );
  const types = [...claimed, ...harvest.files.flatMap((file) => (isFetched(file) ? [file.mediaType] : []))].map(
    (type) => type.split(';')[0]!.trim().toLowerCase(),
  );
  return anyOf(
    types.filter((type) => goodFormats.has(type) || isText(type)),
    types.length === 0
      ? 'no file says its media type'
      : `none of the files is in such a format: ${first([...new Set(types)])}`,
  );
}

const isFetched = ({ status }: { status: number }) => status === 200 || status === 206;
const isRead = ({ page }: FairHarvest) => page.status === 200;
const pageFault = ({ page }: FairHarvest) =>
  page.status === 0
    ? `${page.address} does not answer: ${page.text.slice(0, 200)}`
    : `${page.address} answered ${page.status}`;

function registered({ harvest }: Seen): Judged {
  const known = harvest.identifiers.find(({ isRegistered }) => isRegistered);
  if (known) return { found: `${known.identifier} leads to ${known.leadsTo}` };
  const tried = harvest.identifiers[0];
  return { missing: tried ? `${tried.address} leads nowhere` : 'there is no persistent identifier' };
}

function protocol(addresses: readonly string[], allowed: ReadonlySet<string>, missing: string): Judged {
  return anyOf(
    addresses.map(schemeOf).filter((scheme) => allowed.has(scheme)),
    missing,
  );
}

/** Addresses of the data, with the scheme they have when a browser follows them. */
const contentAddresses = ({ said, harvest }: Seen) =>
  said.contents.map(({ address }) =>
    URL.canParse(address, harvest.page.address) ? new URL(address, harvest.page.address).href : address,
  );

const tests: Readonly<Record<FairTestId, (seen: Seen) => Judged>> = {
  'FsF-F1-01MD-1': ({ said }) => anyOf(said.identifiers.filter(isUniqueIdentifier), 'no identifier is stated'),
  'FsF-F1-02MD-1': ({ said }) =>
    anyOf(
      said.identifiers.flatMap((one) => readPersistent(one)?.identifier ?? []),
      'no DOI, Handle, ARK or other persistent identifier is stated',
    ),
  'FsF-F1-02MD-2': registered,
  'FsF-F2-01M-2': ({ said }) => elements(said, citationElements),
  'FsF-F2-01M-3': ({ said }) => elements(said, descriptiveElements),
  'FsF-F3-01M-2': (seen) =>
    anyOf(
      contentAddresses(seen).filter((one) => schemeOf(one) !== ''),
      'no file is named',
    ),
  'FsF-F4-01M-1': ({ sources }) =>
    anyOf(
      sources
        .filter(({ isForSearch, way }) => isForSearch && (way === 'embedded' || way === 'meta tags'))
        .map(({ way }) => way),
      'the page holds neither schema.org of a Dataset nor Dublin Core',
    ),
  'FsF-A1-01M-1': ({ said }) => anyOf(said.access, 'nothing says who may have the data'),
  'FsF-A1-02MD-1': ({ harvest, said }) =>
    !isRead(harvest)
      ? { missing: pageFault(harvest) }
      : anyOf(said.titles, 'the page answers, but no metadata are in it or linked'),
  'FsF-A1-02MD-2': ({ harvest: { files } }) =>
    anyOf(
      files.filter(isFetched).map(({ address }) => address),
      files.length === 0 ? 'no file could be tried' : `${files[0]!.address} answered ${files[0]!.status}`,
    ),
  'FsF-A1.1-01MD-1': ({ harvest }) =>
    isRead(harvest)
      ? protocol([harvest.page.address], webProtocols, 'no address of the web')
      : { missing: pageFault(harvest) },
  'FsF-A1.1-01MD-2': (seen) => protocol(contentAddresses(seen), webProtocols, 'no file has an address of the web'),
  'FsF-A1.2-01MD-1': ({ harvest }) =>
    isRead(harvest)
      ? protocol([harvest.page.address], protocolsWithSignIn, 'the protocol cannot ask who one is')
      : { missing: pageFault(harvest) },
  'FsF-A1.2-01MD-2': (seen) =>
    protocol(contentAddresses(seen), protocolsWithSignIn, 'no file comes by a protocol that can ask who one is'),
  'FsF-I1-01M-1': ({ sources }) =>
    anyOf(
      sources.filter(({ isFormal, way }) => isFormal && way === 'embedded').map(() => 'JSON-LD in the page'),
      'no JSON-LD in the page',
    ),
  'FsF-I1-01M-2': ({ sources }) =>
    anyOf(
      sources
        .filter(({ isFormal, way }) => isFormal && (way === 'typed link' || way === 'content negotiation'))
        .map(({ address }) => address),
      'neither content negotiation nor links lead to RDF',
    ),
  'FsF-I2-01M-2': ({ sources }) =>
    anyOf(
      sources.flatMap(({ addresses }) => [...addresses]).filter((one) => vocabularies.some((form) => form.test(one))),
      'no term of a registered vocabulary is used by its address',
    ),
  'FsF-I3-01M-1': ({ said }) =>
    anyOf(
      said.relations.map(({ relation, target }) => `${relation} ${target}`),
      'no related work is named',
    ),
  'FsF-I3-01M-2': ({ said }) =>
    anyOf(
      said.relations
        .filter(({ target }) => isUniqueIdentifier(target))
        .map(({ relation, target }) => `${relation} ${target}`),
      'no related work is named by an address or identifier',
    ),
  'FsF-R1-01M-1': ({ said }) => anyOf(said.types, 'no type is stated'),
  'FsF-R1-01M-2': fileDetails,
  'FsF-R1.1-01M-1': ({ said }) =>
    anyOf(
      said.licences.filter((one) => /^https?:\/\//.test(one) && findLicence(one) !== undefined),
      said.licences.length > 0 ? `${said.licences[0]} is no address of a known licence` : 'no licence is stated',
    ),
  'FsF-R1.2-01M-1': ({ said }) => anyOf(said.provenance, 'neither people nor dates are stated'),
  'FsF-R1.2-01M-2': ({ sources }) =>
    anyOf(
      sources.flatMap(({ addresses }) => [...addresses]).filter((one) => provenanceOntologies.test(one)),
      'PROV and PAV are not used',
    ),
  'FsF-R1.3-01M-1': ({ sources }) => standardOf(sources, fieldStandards),
  'FsF-R1.3-01M-3': ({ sources }) => standardOf(sources, generalStandards),
  'FsF-R1.3-02D-1': formatFound,
};

function judgedMetric(metric: FairMetric, seen: Seen): FairMetricResult {
  const results = metric.tests.map(({ id, points }): FairTestResult => {
    const judged = tests[id](seen);
    return 'found' in judged
      ? { id, earned: points, possible: points, why: judged.found }
      : { id, earned: 0, possible: points, why: judged.missing };
  });
  const gains = results.map(({ earned }) => earned);
  const earned = metric.scoring === 'sum' ? gains.reduce((all, one) => all + one, 0) : Math.max(...gains);
  const { id, name, possible, advice } = metric;
  return { id, name, earned, possible, tests: results, ...(earned < possible ? { advice } : {}) };
}

/** Judges what a harvester saw of a study by the 17 metrics of `fairMetrics`, 26 points in all. Everything it goes by is in the harvest. */
export function judgeFair(harvest: FairHarvest): FairReport {
  const sources = sourcesOf(harvest);
  const seen: Seen = { harvest, sources, said: statementsOfSources(sources) };
  const metrics = fairMetrics.map((metric) => judgedMetric(metric, seen));
  return {
    asked: harvest.asked,
    address: harvest.page.address,
    earned: metrics.reduce((all, { earned }) => all + earned, 0),
    possible: fairPoints,
    metrics,
  };
}
