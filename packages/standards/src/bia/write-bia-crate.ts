import { leafPairs } from '../exchange/leaves.ts';
import { type DatasetNode, displayName, type StudyGraph, type TermReference } from '../graph/study-graph.ts';
import { termAddress } from '../identifiers/identifiers.ts';
import { filled, type Json, type JsonRecord } from '../json/json.ts';
import { knownLicence } from '../licences/licences.ts';
import { idOfPath, ownProperty } from '../ro-crate/crate-kinds.ts';
import { biaContext } from './bia-terms.ts';

/** Path of the file list in a crate of ours. */
export const fileList = 'file_list.tsv';

const columns = [
  ['file_path', 'http://bia/filePath'],
  ['size_in_bytes', 'http://bia/sizeInBytes'],
  ['dataset', 'http://schema.org/isPartOf'],
  ['type', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'],
] as const;

/** Columns beyond those of the profile, written where a file has something to say in them. */
export const furtherColumns = [
  ['media_type', 'http://schema.org/encodingFormat', 'mediaType'],
  ['sha256', 'http://schema.org/sha256', 'sha256'],
  ['content_url', 'http://schema.org/contentUrl', 'url'],
  ['content_type', 'http://schema.org/additionalType', 'type'],
] as const;

/** Columns of the file list of a study: name, and address of what stands in it. */
export const columnsFor = ({ files }: StudyGraph): (readonly [name: string, address: string])[] => [
  ...columns,
  ...furtherColumns
    .filter(([, , member]) => files.some((file) => file[member] !== undefined))
    .map(([name, address]) => [name, address] as const),
];

/** An address as an identifier: what a URI may not hold is escaped; `undefined` where the text is no address. */
function addressId(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).href
    .replace(/[<>"{}|\\^`\s]/g, (character) => encodeURIComponent(character))
    .replace(/%(?![0-9A-Fa-f]{2})/g, '%25');
}

const reference = (id: string): Json => ({ '@id': id });
const references = (ids: readonly string[]): Json[] => ids.map(reference);

/** A node without its key, which has no meaning outside the graph. */
function withoutKey(node: { key: string }): object {
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== 'key'));
}

/** What is written of a node: its types, its members, and which of its fields these hold. */
interface Written {
  type: string[];
  members: JsonRecord;
  fields: readonly string[];
  /** Identifier it has where nothing else has it; what is `identified` need not be said again then. */
  wanted?: string | undefined;
  identified?: readonly string[];
}

/** A crate while it is written: every entity of one kind of the archive, nothing nested, each identifier once. */
class CrateWriting {
  readonly entities: JsonRecord[] = [];
  readonly ids = new Map<string, string>();
  private readonly taken = new Set<string>(['./', 'ro-crate-metadata.json', fileList]);
  private readonly graph: StudyGraph;

  constructor(graph: StudyGraph) {
    this.graph = graph;
  }

  /** Fields that the archive's model has no name for, as texts: an entity for each would be of no kind of the archive. */
  own(node: object, written: readonly string[]): JsonRecord {
    const list = leafPairs(node, ['key', ...written]).map(([path, value]) => `${ownProperty}${path}=${value}`);
    return list.length === 0 ? {} : { additionalProperty: list };
  }

  add(kind: string, node: { key: string }, { type, members, fields, wanted, identified = [] }: Written): string {
    const plain = `#${idOfPath(node.key)}`;
    let id = wanted ?? plain;
    if (this.taken.has(id)) id = this.taken.has(plain) ? `#${kind}-${idOfPath(node.key)}` : plain;
    for (let count = 2; this.taken.has(id); count++) id = `#${kind}-${idOfPath(node.key)}-${count}`;
    this.taken.add(id);
    this.ids.set(`${kind} ${node.key}`, id);
    const said = id === wanted ? [...fields, ...identified] : fields;
    this.entities.push({ '@id': id, '@type': type, ...members, ...this.own(node, said) });
    return id;
  }

  /** An entity that stands for a value and is there once, whoever names it. */
  private shared(id: string, type: string[], members: JsonRecord): Json {
    if (!this.taken.has(id)) {
      this.taken.add(id);
      this.entities.push({ '@id': id, '@type': type, ...members });
    }
    return reference(id);
  }

  private idsOf(kind: string, keys: readonly (string | undefined)[]): string[] {
    return [...new Set(keys.flatMap((key) => this.ids.get(`${kind} ${key}`) ?? []))];
  }

  people(): string[] {
    for (const one of this.graph.organisations)
      this.add('organisations', one, {
        type: ['Organization', 'bia:Affiliation'],
        members: filled<JsonRecord>({ name: one.name, address: one.address }),
        fields: ['name', 'address'],
        wanted: one.ror === undefined ? undefined : `https://ror.org/${one.ror}`,
        identified: ['ror'],
      });
    return this.graph.contributors.map((one) =>
      this.add('contributors', one, {
        type: ['Person', 'bia:Contributor'],
        members: {
          name: displayName(one),
          memberOf: references(this.idsOf('organisations', one.organisations ?? [])),
          role: one.roles ?? [],
          ...filled<JsonRecord>({ email: one.email }),
        },
        fields: ['organisations', 'email', 'roles'],
        wanted: one.orcid === undefined ? undefined : `https://orcid.org/${one.orcid}`,
        identified: ['orcid'],
      }),
    );
  }

  private taxon = ({ id, label, commonName }: TermReference): Json =>
    // `Taxon` alone is no term of the crates' context: it would get no address.
    this.shared(termAddress(id) ?? `#taxon-${encodeURIComponent(label)}`, ['bia:Taxon'], {
      scientificName: label,
      ...filled<JsonRecord>({ commonName }),
    });

  private protocol(
    kind: string,
    node: { key: string; title: string },
    type: string,
    [text, field]: [text: string | undefined, field: string],
    more: JsonRecord = {},
    fields: readonly string[] = [],
  ): void {
    const isSaid = text !== undefined && text !== node.title;
    this.add(kind, node, {
      type: [type],
      members: { name: node.title, description: text ?? node.title, ...more },
      fields: ['title', ...(isSaid ? [field] : []), ...fields],
    });
  }

  samplesAndProtocols(): void {
    const { graph } = this;
    for (const one of graph.biosamples) {
      const text = one.biologicalEntity ?? one.description;
      this.protocol(
        'biosamples',
        one,
        'bia:BioSample',
        // Said in the same words, both are told by themselves.
        [text, one.biologicalEntity === one.description ? '' : 'biologicalEntity'],
        {
          organismClassification: (one.organisms ?? []).map(this.taxon),
          ...filled<JsonRecord>({
            intrinsicVariableDescription: one.intrinsicVariables,
            extrinsicVariableDescription: one.extrinsicVariables,
            experimentalVariableDescription: one.experimentalVariables,
          }),
        },
        ['intrinsicVariables', 'extrinsicVariables', 'experimentalVariables'],
      );
    }
    for (const one of graph.specimens)
      this.protocol('specimens', one, 'bia:SpecimenImagingPreparationProtocol', [one.preparation, 'preparation']);
    for (const one of graph.acquisitions)
      this.protocol(
        'acquisitions',
        one,
        'bia:ImageAcquisitionProtocol',
        [one.parameters, 'parameters'],
        filled<JsonRecord>({
          imagingInstrumentDescription: one.instrument,
          imagingMethodName: (one.methods ?? []).map(({ label }) => label),
          fbbiId: (one.methods ?? []).flatMap(({ id }) => (id?.startsWith('FBbi:') ? [termAddress(id)!] : [])),
        }),
        ['instrument'],
      );
    for (const one of graph.correlations)
      this.protocol(
        'correlations',
        one,
        'bia:ImageCorrelationMethod',
        [one.alignment, 'alignment'],
        filled<JsonRecord>({ fiducialsUsed: one.fiducials, transformationMatrix: one.transformation }),
        ['fiducials', 'transformation'],
      );
    for (const one of graph.analyses)
      if (one.annotationType === undefined)
        this.protocol('analyses', one, 'bia:ImageAnalysisMethod', [one.overview, 'overview']);
      else
        this.protocol(
          'analyses',
          one,
          'bia:AnnotationMethod',
          [one.overview ?? one.annotationMethod, one.overview === one.annotationMethod ? '' : 'overview'],
          {
            methodType: [one.annotationType],
            ...filled<JsonRecord>({ annotationCriteria: one.criteria, annotationCoverage: one.coverage }),
          },
          ['annotationType', 'criteria', 'coverage'],
        );
  }

  datasets(): string[] {
    return this.graph.datasets.map((one) => {
      const links = this.links(one);
      const isRembi = rembiLinks.every((name) => links[name] !== undefined);
      const isMifa = links.associatedAnnotationMethod !== undefined;
      return this.add('datasets', one, {
        type: [
          'Dataset',
          'bia:Dataset',
          ...(isRembi ? ['bia:RembiDataset'] : []),
          ...(isMifa ? ['bia:MifaDataset'] : []),
        ],
        members: { name: one.title, description: one.description ?? one.title, ...links },
        fields: ['title', ...(one.description === undefined || one.description === one.title ? [] : ['description'])],
      });
    });
  }

  private links({ key, tuples = [] }: DatasetNode): JsonRecord {
    const linked = (kind: string, link: 'biosample' | 'specimen' | 'acquisition' | 'analysis' | 'correlation') =>
      this.idsOf(
        kind,
        tuples.map((tuple) => tuple[link]),
      );
    const isAnnotation = (id: string) =>
      this.graph.analyses.some((one) => one.annotationType !== undefined && this.ids.get(`analyses ${one.key}`) === id);
    const [samples, preparations] = [linked('biosamples', 'biosample'), linked('specimens', 'specimen')];
    const analyses = linked('analyses', 'analysis');
    return filled<JsonRecord>({
      associatedBiologicalEntity: references(samples),
      associatedSpecimen:
        samples.length > 0 && preparations.length > 0 ? this.specimen(key, samples, preparations) : undefined,
      associatedSpecimenImagingPreparationProtocol: references(preparations),
      associatedImageAcquisitionProtocol: references(linked('acquisitions', 'acquisition')),
      associatedAnnotationMethod: references(analyses.filter(isAnnotation)),
      associatedImageAnalysisMethod: references(analyses.filter((id) => !isAnnotation(id))),
      associatedImageCorrelationMethod: references(linked('correlations', 'correlation')),
    });
  }

  /** What lies on the stage, in the archive's model: the samples, prepared for imaging. */
  private specimen(key: string, samples: readonly string[], preparations: readonly string[]): Json {
    const known = this.entities.find(
      (one) =>
        JSON.stringify([one.biologicalEntity, one.imagingPreparationProtocol]) ===
        JSON.stringify([references(samples), references(preparations)]),
    );
    if (known) return reference(known['@id'] as string);
    return this.shared(`#specimen-of-${idOfPath(key)}`, ['bia:Specimen'], {
      biologicalEntity: references(samples),
      imagingPreparationProtocol: references(preparations),
    });
  }

  /** Papers, grants and links, under the members of the study that name them. */
  relations(): JsonRecord {
    const papers = this.graph.publications.map((one) =>
      this.add('publications', one, {
        type: ['ScholarlyArticle', 'bia:Publication'],
        members: filled<JsonRecord>({
          name: one.title,
          authorNames: one.authors?.join(', '),
          yearPublished: /^\d{4}$/.test(one.year ?? '') ? Number(one.year) : undefined,
          pubmedId: one.pubmedId,
          doi: one.doi,
        }),
        fields: ['title', 'pubmedId', 'doi'],
        wanted: one.doi === undefined ? undefined : addressId(`https://doi.org/${one.doi}`),
      }),
    );
    const grants = this.graph.grants.map((one) => {
      const funder =
        one.funder === undefined
          ? undefined
          : this.shared(`#funder-${encodeURIComponent(one.funder)}`, ['Organization', 'bia:FundingBody'], {
              name: one.funder,
            });
      return this.add('grants', one, {
        type: ['Grant', 'bia:Grant'],
        members: filled<JsonRecord>({
          name: one.title,
          identifier: one.identifier,
          funder: funder === undefined ? undefined : [funder],
        }),
        fields: ['title', 'identifier', 'funder'],
      });
    });
    const links = this.graph.links.map((one) =>
      this.add('links', one, {
        type: ['bia:ExternalReference'],
        members: filled<JsonRecord>({ description: one.description, additionalType: one.type }),
        fields: ['description', 'type'],
        wanted: addressId(one.url),
        identified: addressId(one.url) === one.url ? ['url'] : [],
      }),
    );
    return filled<JsonRecord>({
      relatedPublication: references(papers),
      funding: references(grants),
      seeAlso: references(links),
    });
  }
}

/** What a data set is linked to that follows REMBI, by the profile. */
const rembiLinks = [
  'associatedBiologicalEntity',
  'associatedSpecimen',
  'associatedSpecimenImagingPreparationProtocol',
  'associatedImageAcquisitionProtocol',
];

/** The crate of a study for submission, with the identifier that each data set has in it. */
export function biaCrateOf(graph: StudyGraph): { document: Json; datasetIds: ReadonlyMap<string, string> } {
  const writing = new CrateWriting(graph);
  const { study } = graph;
  const authors = writing.people();
  writing.samplesAndProtocols();
  const parts = writing.datasets();
  const relations = writing.relations();
  const root: JsonRecord = {
    '@id': './',
    '@type': ['Dataset', 'bia:Study'],
    name: study.title ?? '',
    description: study.description ?? '',
    license: study.licence === undefined ? '' : (knownLicence(study.licence)?.url ?? study.licence),
    datePublished: study.releaseDate ?? '',
    accessionId: study.identifier ?? '',
    keywords: study.keywords ?? [],
    author: references(authors.filter((_, index) => !graph.contributors[index]!.isNoAuthor)),
    hasPart: references([fileList, ...parts]),
    ...filled<JsonRecord>({
      contributor: references(authors.filter((_, index) => graph.contributors[index]!.isNoAuthor)),
      acknowledgement: study.acknowledgements,
      doi: study.doi === undefined ? undefined : `https://doi.org/${study.doi}`,
      fundingStatement: study.fundingStatement,
    }),
    ...relations,
    ...writing.own(
      {
        ...study,
        ...(graph.images.length > 0 ? { images: graph.images.map(withoutKey) } : {}),
        ...(graph.figures ? { figures: graph.figures.map(withoutKey) } : {}),
        ...(graph.ethics ? { ethics: graph.ethics } : {}),
      },
      [
        'identifier',
        'title',
        'description',
        'keywords',
        'licence',
        'releaseDate',
        'acknowledgements',
        'doi',
        'fundingStatement',
      ],
    ),
  };
  const entities: JsonRecord[] = [
    {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      conformsTo: reference('https://w3id.org/ro/crate/1.1'),
      about: reference('./'),
    },
    root,
    ...writing.entities,
    { '@id': fileList, '@type': ['File', 'bia:FileList', 'csvw:Table'], tableSchema: reference('#file-list-schema') },
    {
      '@id': '#file-list-schema',
      '@type': ['csvw:Schema'],
      column: columnsFor(graph).map(([name]) => reference(`#column-${name}`)),
    },
    ...columnsFor(graph).map(
      ([name, address]): JsonRecord => ({
        '@id': `#column-${name}`,
        '@type': ['csvw:Column'],
        columnName: name,
        propertyUrl: address,
      }),
    ),
  ];
  const used = new Set(entities.flatMap((entity) => Object.keys(entity)));
  return {
    document: { '@context': biaContext(used), '@graph': entities },
    datasetIds: new Map(graph.datasets.map(({ key }) => [key, writing.ids.get(`datasets ${key}`)!])),
  };
}

/** The crate of a study for submission to the BioImage Archive, by its profile 1.0; its file list is `biaFileList`. */
export function writeBiaCrate(graph: StudyGraph): Json {
  return biaCrateOf(graph).document;
}
