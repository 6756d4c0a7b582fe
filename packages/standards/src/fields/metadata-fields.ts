import type { Field, Obligation } from '../field.ts';
import { archiveFields, contributorsField } from '../ssbd/archive-fields.ts';
import { type DatabaseField, databaseFields } from './database-fields.ts';
import { fieldChoices, furtherFields } from './further-fields.ts';
import { type Standard, standardNames } from './standard.ts';

/** A field with what both tiers ask of it, where it stands in the study graph, and where in each standard. */
export type MetadataField = Omit<Field, 'archive'> & {
  /** Left out: not part of the archive tier. */
  archive?: Obligation;
  /** Left out: not part of the database tier. */
  database?: Obligation;
  level: 'study' | 'dataset';
  /** Place in the study graph: `study.title`, `biosamples[].organisms`. */
  place: string;
  maps: Partial<Record<Standard, string>>;
};

type Places = readonly [place: string, maps: Partial<Record<Standard, string>>];

/** Where each field stands (the crosswalk; section 15 of the standards note). */
const places: Readonly<Record<string, Places>> = {
  projectName: [
    'study.identifier',
    {
      rembi: 'accession',
      pagetab: 'accno',
      idr: 'Comment[IDR Study Accession]',
      isa: 'study.identifier',
      miacme: 'Study.identifier',
      datacite: 'alternateIdentifiers',
      'ro-crate': 'identifier',
      'schema-org': 'identifier',
      madmp: 'dataset.dataset_id',
    },
  ],
  projectUrl: [
    'study.url',
    {
      pagetab: 'links',
      idr: 'Study External URL',
      'ro-crate': 'url',
      'schema-org': 'url',
      madmp: 'distribution.access_url',
    },
  ],
  doi: [
    'study.doi',
    {
      pagetab: 'DOI',
      idr: 'Study Data DOI',
      isa: 'Comment[DOI]',
      datacite: 'identifier',
      'ro-crate': 'identifier',
      'schema-org': 'sameAs',
      madmp: 'dataset.dataset_id',
    },
  ],
  title: [
    'study.title',
    {
      rembi: 'Study.title',
      pagetab: 'Title',
      'bia-ro-crate': 'name',
      idr: 'Study Title',
      isa: 'title',
      miacme: 'title',
      datacite: 'titles',
      'ro-crate': 'name',
      'schema-org': 'name',
      madmp: 'dataset.title',
    },
  ],
  description: [
    'study.description',
    {
      rembi: 'Study.description',
      pagetab: 'Description',
      'bia-ro-crate': 'description',
      idr: 'Study Description',
      isa: 'description',
      miacme: 'description',
      datacite: 'descriptions[Abstract]',
      'ro-crate': 'description',
      'schema-org': 'description',
      madmp: 'dataset.description',
    },
  ],
  version: [
    'study.version',
    {
      idr: 'Study Version History',
      isa: 'Comment[Version]',
      datacite: 'version',
      'ro-crate': 'version',
      'schema-org': 'version',
    },
  ],
  releaseDate: [
    'study.releaseDate',
    {
      rembi: 'private until date',
      pagetab: 'ReleaseDate',
      'bia-ro-crate': 'datePublished',
      idr: 'Study Public Release Date',
      isa: 'publicReleaseDate',
      miacme: 'dates',
      datacite: 'dates[Available], publicationYear',
      'ro-crate': 'datePublished',
      'schema-org': 'datePublished',
      madmp: 'dataset.issued',
    },
  ],
  updateDate: [
    'study.updateDate',
    {
      isa: 'Comment[Update Date]',
      datacite: 'dates[Updated]',
      'ro-crate': 'dateModified',
      'schema-org': 'dateModified',
      madmp: 'modified',
    },
  ],
  licence: [
    'study.licence',
    {
      rembi: 'licence',
      pagetab: 'License',
      'bia-ro-crate': 'license',
      idr: 'Study License',
      isa: 'Comment[License]',
      miacme: 'Dataset.license',
      datacite: 'rightsList',
      'ro-crate': 'license',
      'schema-org': 'license',
      madmp: 'distribution.license',
    },
  ],
  contactName: ['contributors[isContact].name', person('lastName, firstName')],
  contactFirstName: ['contributors[isContact].firstName', person('firstName')],
  contactLastName: ['contributors[isContact].lastName', person('lastName')],
  contactEmail: [
    'contributors[isContact].email',
    {
      rembi: 'author e-mail',
      pagetab: 'E-mail',
      'bia-ro-crate': 'contactPoint',
      idr: 'Study Person Email',
      isa: 'people.email',
      miacme: 'Person.email',
      madmp: 'contact.mbox',
    },
  ],
  contactOrganisation: [
    'organisations[].name',
    {
      rembi: 'affiliation',
      pagetab: 'organisation Name',
      'bia-ro-crate': 'affiliation',
      idr: 'Study Person Address',
      isa: 'people.affiliation',
      miacme: 'affiliations',
      datacite: 'affiliation',
      'ro-crate': 'affiliation',
      'schema-org': 'affiliation',
      madmp: 'affiliation',
    },
  ],
  contactLaboratory: ['organisations[].laboratory', {}],
  contactDepartment: ['organisations[].department', {}],
  contactAddress: [
    'organisations[].address',
    { pagetab: 'organisation Address', isa: 'people.address', idr: 'Study Person Address', 'ro-crate': 'address' },
  ],
  contactJglobalId: ['contributors[isContact].jglobalId', {}],
  contactResearchmapId: ['contributors[isContact].researchmapId', {}],
  contactOrcid: [
    'contributors[isContact].orcid',
    {
      rembi: 'author ORCID',
      pagetab: 'ORCID',
      'bia-ro-crate': 'author @id',
      idr: 'Study Person ORCID',
      isa: 'Comment[ORCID]',
      miacme: 'Person.identifier',
      datacite: 'nameIdentifiers',
      'ro-crate': 'author @id',
      'schema-org': 'creator @id',
      madmp: 'contributor_id',
    },
  ],
  contributors: [
    'contributors',
    {
      rembi: 'authors',
      pagetab: 'author',
      'bia-ro-crate': 'author',
      idr: 'Study Person',
      isa: 'people',
      miacme: 'contacts',
      datacite: 'creators',
      'ro-crate': 'author',
      'schema-org': 'creator',
      madmp: 'contributor',
    },
  ],
  methodSummary: [
    'study.methodSummary',
    { datacite: 'descriptions[Methods]', isa: 'Comment[Method Summary]', 'ro-crate': 'additionalProperty' },
  ],
  paperShort: ['publications[]', publication('title')],
  paperLong: ['publications[]', publication('title, authors')],
  paperDoi: ['publications[].doi', publication('DOI')],
  paperStatus: ['publications[].status', { isa: 'publications.status' }],
  papers: [
    'publications[]',
    {
      rembi: 'publications',
      pagetab: 'Publication',
      idr: 'Study Publication Title',
      isa: 'publications',
      'ro-crate': 'citation',
    },
  ],
  paperUrl: [
    'publications[].url',
    { 'ro-crate': 'citation @id', 'schema-org': 'citation', datacite: 'relatedIdentifiers' },
  ],
  file: [
    'files[].path',
    {
      rembi: 'file list',
      pagetab: 'File List',
      'bia-ro-crate': 'file list',
      isa: 'dataFiles',
      miacme: 'Dataset.files',
      'ro-crate': 'hasPart',
      'schema-org': 'distribution',
    },
  ],
  kind: ['datasets[].kind', { 'ro-crate': 'additionalType', isa: 'assay' }],
  datasetTitle: [
    'datasets[].title',
    {
      rembi: 'study component name',
      pagetab: 'Study Component Name',
      'bia-ro-crate': 'name',
      idr: 'Comment[IDR Experiment Name]',
      isa: 'assay filename',
      'ro-crate': 'hasPart name',
      'schema-org': 'hasPart name',
      miacme: 'Dataset.description',
    },
  ],
  datasetDescription: [
    'datasets[].description',
    {
      rembi: 'study component description',
      pagetab: 'Study Component Description',
      'bia-ro-crate': 'description',
      idr: 'Experiment Description',
      isa: 'Comment[Description]',
      'ro-crate': 'hasPart description',
      'schema-org': 'hasPart description',
    },
  ],
  localId: ['datasets[].identifier', { 'ro-crate': 'identifier' }],
  datatype: ['datasets[].datatype', { 'ro-crate': 'additionalProperty' }],
  basedOn: ['datasets[].basedOn', { 'ro-crate': 'additionalProperty' }],
  dataFormats: [
    'datasets[].formats',
    { datacite: 'formats', 'ro-crate': 'encodingFormat', 'schema-org': 'encodingFormat', madmp: 'distribution.format' },
  ],
  dataSize: [
    'files[].size',
    { datacite: 'sizes', 'ro-crate': 'contentSize', 'schema-org': 'contentSize', madmp: 'distribution.byte_size' },
  ],
  organism: [
    'biosamples[].organisms',
    {
      rembi: 'Biosample.organism',
      pagetab: 'Organism',
      'bia-ro-crate': 'organismClassification',
      idr: 'Study Organism',
      isa: 'Characteristics[Organism]',
      miacme: 'CellModel.organism',
      datacite: 'subjects',
      'ro-crate': 'about',
      'schema-org': 'about',
      madmp: 'keyword',
    },
  ],
  strain: [
    'biosamples[].strain',
    { isa: 'Characteristics[Strain]', idr: 'Characteristics [Strain]', 'ro-crate': 'additionalProperty' },
  ],
  cellLine: [
    'biosamples[].cellLine',
    {
      isa: 'Characteristics[Cell Line]',
      idr: 'Characteristics [Cell Line]',
      miacme: 'specificCellDetails',
      'ro-crate': 'about',
    },
  ],
  genesProteinsReagents: [
    'biosamples[].genes',
    { isa: 'Characteristics[Gene]', idr: 'Comment [Gene]', rembi: 'intrinsic variable' },
  ],
  molecularFunction: ['biosamples[].molecularFunction', subject()],
  biologicalProcess: ['biosamples[].biologicalProcess', subject()],
  cellularComponent: ['biosamples[].cellularComponent', subject()],
  studyType: [
    'study.types',
    {
      idr: 'Study Type',
      isa: 'studyDesignDescriptors',
      miacme: 'Study.type',
      datacite: 'resourceType',
      'ro-crate': 'additionalType',
      'schema-org': 'additionalType',
    },
  ],
  imagingMethods: [
    'acquisitions[].methods',
    {
      rembi: 'Image acquisition.imaging method',
      pagetab: 'Imaging method',
      'bia-ro-crate': 'imagingMethodName',
      idr: 'Experiment Imaging Method',
      isa: 'Parameter Value[imaging method]',
      miacme: 'modality',
      datacite: 'subjects',
      'ro-crate': 'measurementTechnique',
      'schema-org': 'measurementTechnique',
    },
  ],
  experimentType: ['acquisitions[].experimentType', {}],
  acquisitionMode: ['acquisitions[].acquisitionMode', {}],
  contrastMethod: ['acquisitions[].contrastMethod', {}],
  microscope: [
    'acquisitions[].instrument',
    {
      rembi: 'imaging instrument',
      pagetab: 'Imaging instrument',
      'bia-ro-crate': 'imagingInstrumentDescription',
      isa: 'technologyPlatform',
      miacme: 'objectiveLens',
      'ro-crate': 'instrument',
    },
  ],
  spaceScale: [
    'images[].pixelSize',
    { miacme: 'Pixels', isa: 'Parameter Value[pixel size]', 'ro-crate': 'variableMeasured' },
  ],
  timeScale: [
    'images[].timeStep',
    { miacme: 'timeSeriesInterval', isa: 'Parameter Value[time interval]', 'ro-crate': 'variableMeasured' },
  ],
  links: [
    'links',
    {
      rembi: 'links',
      pagetab: 'links',
      idr: 'Study External URL',
      datacite: 'relatedIdentifiers',
      'ro-crate': 'mentions',
      'schema-org': 'subjectOf',
      madmp: 'related_identifier',
    },
  ],
  notes: ['study.notes', {}],
  keywords: [
    'study.keywords',
    {
      rembi: 'Study.keywords',
      pagetab: 'Keywords',
      'bia-ro-crate': 'keywords',
      idr: 'Study Key Words',
      isa: 'studyDesignDescriptors',
      datacite: 'subjects',
      'ro-crate': 'keywords',
      'schema-org': 'keywords',
      madmp: 'dataset.keyword',
    },
  ],
  acknowledgements: ['study.acknowledgements', { rembi: 'acknowledgements', pagetab: 'Acknowledgements' }],
  fundingStatement: ['study.fundingStatement', { rembi: 'funding', pagetab: 'Funding statement' }],
  biologicalEntity: [
    'biosamples[].biologicalEntity',
    { rembi: 'Biosample.biological entity', pagetab: 'Biological entity', idr: 'Sample Type' },
  ],
  cellType: ['biosamples[].cellType', { miacme: 'CellModel.cellType', isa: 'Characteristics[Cell Type]' }],
  tissue: ['biosamples[].tissue', { isa: 'Characteristics[Organism Part]' }],
  sampleDescription: [
    'biosamples[].description',
    { rembi: 'Biosample.description', pagetab: 'Biosample Description', miacme: 'specificCellDetails' },
  ],
  phenotype: ['biosamples[].phenotypes', { idr: 'Phenotype' }],
  geneticChange: ['biosamples[].intrinsicVariables', { rembi: 'intrinsic variable', pagetab: 'Intrinsic variable' }],
  treatment: [
    'biosamples[].extrinsicVariables',
    { rembi: 'extrinsic variable', pagetab: 'Extrinsic variable', miacme: 'Treatment', isa: 'factors' },
  ],
  experimentalVariable: [
    'biosamples[].experimentalVariables',
    { rembi: 'experimental variable', pagetab: 'Experimental variable' },
  ],
  samplePreparation: [
    'specimens[].preparation',
    {
      rembi: 'Specimen.sample preparation',
      pagetab: 'Sample preparation protocol',
      isa: 'protocol sample preparation',
      miacme: 'microEnvironment',
    },
  ],
  growthProtocol: [
    'specimens[].growth',
    { rembi: 'Specimen.growth protocol', pagetab: 'Growth protocol', isa: 'protocol growth', miacme: 'medium' },
  ],
  acquisitionParameters: [
    'acquisitions[].parameters',
    { rembi: 'acquisition parameters', pagetab: 'Image acquisition parameters', isa: 'parameterValues' },
  ],
  trainingTask: ['datasets[].trainingTask', { 'ro-crate': 'additionalProperty' }],
  annotationType: ['datasets[].annotationType', { 'ro-crate': 'additionalProperty' }],
  annotators: ['datasets[].annotators', { 'ro-crate': 'additionalProperty' }],
  annotationMethod: ['datasets[].annotationMethod', { 'ro-crate': 'additionalProperty' }],
  sampleId: ['datasets[].sample', { 'ro-crate': 'additionalProperty' }],
  split: ['datasets[].split', { 'ro-crate': 'additionalProperty' }],
  challengeMetric: ['datasets[].challengeMetric', { 'ro-crate': 'additionalProperty' }],
  challengeGate: ['datasets[].challengeGate', { 'ro-crate': 'additionalProperty' }],
  challengeCoverage: ['datasets[].challengeCoverage', { 'ro-crate': 'additionalProperty' }],
  imageAnalysis: [
    'analyses[].overview',
    { rembi: 'Image analysis', pagetab: 'Image analysis overview', isa: 'protocol data analysis' },
  ],
};

function person(name: string): Partial<Record<Standard, string>> {
  return {
    rembi: 'authors',
    pagetab: 'author Name',
    'bia-ro-crate': 'author',
    idr: 'Study Person Last/First Name',
    isa: `people.${name}`,
    miacme: `Person.${name}`,
    datacite: 'creatorName',
    'ro-crate': 'author',
    'schema-org': 'creator',
    madmp: 'contact.name',
  };
}

function publication(part: string): Partial<Record<Standard, string>> {
  return {
    rembi: `publications ${part}`,
    pagetab: `Publication ${part}`,
    idr: `Study Publication ${part}`,
    isa: `publications ${part}`,
    miacme: `Publication ${part}`,
    datacite: 'relatedIdentifiers[IsSupplementTo]',
    'ro-crate': 'citation',
    'schema-org': 'citation',
    madmp: 'related_identifier',
  };
}

function subject(): Partial<Record<Standard, string>> {
  return { datacite: 'subjects', isa: 'Comment', 'ro-crate': 'about', 'schema-org': 'about', madmp: 'keyword' };
}

/** The one table of fields: both tiers, archive fields first, then those only other standards ask for. It is checked with, drawn, documented and made a schema of. */
export const metadataFields: readonly MetadataField[] = joined();

function joined(): MetadataField[] {
  const database = new Map<string, DatabaseField>(databaseFields.map((field) => [field.id, field]));
  const archive = [...archiveFields, contributorsField];
  const first = archive.map((field): MetadataField => {
    const other = database.get(field.id);
    // The repeated block of people is not counted among the fields of the archive template.
    const { archive: obligation, ...rest } = field;
    return {
      ...rest,
      ...(field.id === 'contributors' ? {} : { archive: obligation }),
      ...(other ? { database: other.database } : {}),
      level: other?.level ?? 'study',
      ...placesOf(field.id),
    };
  });
  const known = new Set(archive.map(({ id }) => id));
  const added = databaseFields.filter(({ id }) => !known.has(id)).map((field) => ({ ...field, ...placesOf(field.id) }));
  const all = [...first, ...added, ...furtherFields.map((field) => ({ ...field, ...placesOf(field.id) }))];
  return all.map((field) => (fieldChoices[field.id] ? { ...field, choices: fieldChoices[field.id]! } : field));
}

function placesOf(id: string): Pick<MetadataField, 'place' | 'maps'> {
  const [place, maps] = places[id] ?? [id, {}];
  return { place, maps };
}

/** JSON Schema (draft 2020-12) of the values of a tier, by field id: required fields are required, unknown ones refused. */
export function metadataJsonSchema(tier: 'archive' | 'database'): object {
  const isFurther = new Set(furtherFields.map(({ id }) => id));
  const fields = metadataFields.filter(
    (field) => field[tier] !== undefined || field.id === 'contributors' || isFurther.has(field.id),
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Study metadata, ${tier} tier`,
    type: 'object',
    additionalProperties: false,
    required: fields.filter((field) => field[tier] === 'required').map(({ id }) => id),
    properties: Object.fromEntries(
      fields.map((field) => [
        field.id,
        { title: field.label.en, description: field.help.en, examples: [field.example], ...valueSchema(field.type) },
      ]),
    ),
  };
}

function valueSchema(type: Field['type']): object {
  const text = { type: 'string', minLength: 1 };
  if (type === 'text-list') return { type: 'array', items: text, minItems: 1 };
  if (type === 'term-list')
    return {
      type: 'array',
      minItems: 1,
      items: { type: 'object', required: ['label'], properties: { label: text, id: text } },
    };
  if (type === 'contributors') {
    const names = ['lastName', 'organisation', 'role'];
    const properties = Object.fromEntries(names.map((name) => [name, text]));
    // Empty of a group, and of a person who has one name.
    return {
      type: 'array',
      items: {
        type: 'object',
        required: ['firstName', ...names],
        properties: { firstName: { type: 'string' }, ...properties },
      },
    };
  }
  if (type === 'date') return { type: 'string', format: 'date' };
  if (type === 'url') return { type: 'string', pattern: '^https?://' };
  if (type === 'doi') return { type: 'string', pattern: '^10\\.\\d{4,9}/\\S+$' };
  if (type === 'orcid') return { type: 'string', pattern: '^\\d{4}-\\d{4}-\\d{4}-\\d{3}[\\dX]$' };
  return text;
}

/** The documentation page of all fields, as Markdown. */
export function metadataFieldsPage(): string {
  const word = { required: 'required', recommended: 'recommended', optional: 'optional', undefined: '–' } as const;
  const lines = [
    '# Metadata fields',
    '',
    'What a study is described with. The archive tier is asked once per study, the database tier for each data set.',
    'Written by `node tools/write-metadata-docs.ts` from the one table of fields; a test compares the two.',
    '',
    '| field | group | archive | database | type | vocabulary | example |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...metadataFields.map(
      ({ id, label, group, archive, database, type, vocabulary, example }) =>
        `| ${label.en} (\`${id}\`) | ${group} | ${word[`${archive}`]} | ${word[`${database}`]} | ${type} | ${vocabulary ?? ''} | ${example.replaceAll('|', '\\|')} |`,
    ),
    '',
    '## Where each field stands in the standards',
    '',
    ...metadataFields.flatMap(({ id, label, help, place, maps }) => [
      `### ${label.en}${metadataFields.some((other) => other.label.en === label.en && other.id !== id) ? ` (${id})` : ''}`,
      '',
      `${help.en} In the study graph: \`${place}\`.`,
      '',
      ...(Object.keys(maps).length === 0
        ? ['No other standard has a place for it.', '']
        : [...Object.entries(maps).map(([standard, at]) => `- ${standardNames[standard as Standard]}: ${at}`), '']),
    ]),
  ];
  return lines.join('\n');
}
