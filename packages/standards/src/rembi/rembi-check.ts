import type { Issue } from '@micrarium/model';
import { annotationTypes } from '../fields/training-fields.ts';
import { isRecord, type Json, type JsonRecord, recordsOf } from '../json/json.ts';
import { aText, checkShape, documentIssue, type Members, type Shape, texts } from '../validate/document-shape.ts';

const object = (must: Members, may: Members = {}): Shape & { kind: 'object' } => ({ kind: 'object', must, may });
const list = (of: Shape, least = 0): Shape => ({ kind: 'list', of, least });

const author = object(
  {
    last_name: aText,
    first_name: aText,
    affiliation: { ...object({}, { name: aText, address: aText, url: aText }), oneOf: ['name', 'url'] },
  },
  { email: aText, orcid: aText, role: aText },
);

/** Schemas of the BioImage Archive's REMBI models, module by module: what is required, and of which kind it is. */
const modules: Readonly<Record<string, Shape>> = {
  study: object(
    { title: aText, description: aText, keywords: texts, authors: list(author) },
    {
      funding: object(
        { funding_statement: aText },
        { grant_references: list(object({ identifier: aText, funder: aText })) },
      ),
      publications: list(object({ title: aText, authors: aText }, { doi: aText, year: aText, pubmed_id: aText })),
      links: list(object({ link_url: aText }, { link_description: aText })),
      acknowledgements: aText,
    },
  ),
  biosample: object(
    {
      organism: object({ scientific_name: aText, ncbi_taxon: aText }, { common_name: aText }),
      biological_entity: aText,
    },
    { description: aText, intrinsic_variables: texts, extrinsic_variables: texts, experimental_variables: texts },
  ),
  specimen: object({ sample_preparation: aText }, { growth_protocol: aText }),
  image_acquisition: object({
    imaging_method: object({ value: aText, ontology_name: aText, ontology_id: aText }),
    imaging_instrument: aText,
    image_acquisition_parameters: aText,
  }),
  image_correlation: object({
    spatial_and_temporal_alignment: aText,
    fiducials_used: aText,
    transformation_matrix: aText,
  }),
  image_analysis: object({ analysis_overview: aText }),
};

/** Names under which modules stand in one document, several of a kind in a list. */
const members: readonly (readonly [member: string, module: string])[] = [
  ['study', 'study'],
  ['biosample', 'biosample'],
  ['biosamples', 'biosample'],
  ['specimen', 'specimen'],
  ['specimens', 'specimen'],
  ['image_acquisition', 'image_acquisition'],
  ['image_acquisitions', 'image_acquisition'],
  ['image_correlation', 'image_correlation'],
  ['image_correlations', 'image_correlation'],
  ['image_analysis', 'image_analysis'],
  ['image_analyses', 'image_analysis'],
];

/** Checks a REMBI document by the schemas of its modules; annotations within it by those of MIFA. */
export function checkRembi(document: Json): Issue[] {
  if (!isRecord(document)) return checkShape(document, object({}), 'REMBI');
  const there = members.filter(([member]) => document[member] !== undefined);
  const issues = there.flatMap(([member, module]) => {
    const value = document[member];
    const shape = modules[module]!;
    return Array.isArray(value)
      ? value.flatMap((one, index) => checkShape(one, shape, 'REMBI', `${member}[${index}]`))
      : checkShape(value, shape, 'REMBI', member);
  });
  if (document.study === undefined)
    issues.unshift(documentIssue('document-member-missing', 'REMBI: there is no study', { where: { field: 'study' } }));
  recordsOf(document.annotations).forEach((one, index) => {
    const part = isRecord(one.mifa) ? one.mifa : one;
    const place = `annotations[${index}]${part === one ? '' : '.mifa'}`;
    issues.push(...checkShape(part, { ...mifaShapes.annotations, isClosed: part !== one }, 'MIFA', place));
  });
  return issues;
}

/** One text stands for a list of one, as in the examples of the BioImage Archive. */
const loose = (of: Shape): Shape => ({ kind: 'list', of, isLoose: true });
const closed = (must: Members, may: Members = {}) => ({ kind: 'object', must, may, isClosed: true }) as const;

const mifaAuthor = closed(
  { author_first_name: aText, author_last_name: aText },
  {
    email: { kind: 'text', form: [/^\S+@\S+$/, 'an e-mail address'] },
    orcid_id: aText,
    organisation: loose(closed({ organisation_name: aText }, { address: aText, ror_id: aText })),
    role: loose(aText),
  },
);
const dateTime: Shape = {
  kind: 'text',
  form: [/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/, 'a date with its time'],
};
const mifaPublication = closed(
  { publication_title: aText, publication_authors: aText },
  { publication_doi: aText, publication_year: { kind: 'any' }, pubmed_id: { kind: 'any' } },
);

/** The three objects of MIFA (`bia_mifa_models.schema.json` 1.7): each is a file of its own. */
const mifaShapes = {
  study: closed(
    {
      title: aText,
      description: aText,
      keywords: loose(aText),
      license: { kind: 'text', listed: ['CC0', 'CC_BY'] },
      funding_statement: aText,
      link_url: loose(aText),
    },
    {
      acknowledgements: aText,
      ai_models_trained: loose(aText),
      authors: loose(mifaAuthor),
      grants: loose(closed({ grant_id: aText, funder: aText })),
      link_description: loose(aText),
      publications: { kind: 'any' },
    },
  ),
  annotations: closed(
    { annotation_overview: aText, annotation_method: aText },
    {
      annotation_confidence_level: aText,
      annotation_coverage: aText,
      annotation_criteria: aText,
      authors: loose(mifaAuthor),
      file_metadata: loose(
        closed(
          {
            annotation_id: aText,
            annotation_type: loose({ kind: 'text', listed: annotationTypes }),
            source_image_id: aText,
          },
          { annotation_creation_time: dateTime, spatial_information: aText, transformations: aText },
        ),
      ),
    },
  ),
  version: closed({ version: aText, timestamp: dateTime }, { changes: aText, previous_version: aText }),
} as const;

/** Checks a file of MIFA by the schema of the BioImage Archive: study, annotations or version, told by what it says. */
export function checkMifa(document: Json): Issue[] {
  if (!isRecord(document)) return checkShape(document, object({}), 'MIFA');
  const part: keyof typeof mifaShapes =
    'annotation_overview' in document || 'annotation_method' in document
      ? 'annotations'
      : 'timestamp' in document
        ? 'version'
        : 'study';
  const issues = checkShape(document, mifaShapes[part], 'MIFA');
  if (part === 'study')
    publications(document).forEach(([place, one]) => issues.push(...checkShape(one, mifaPublication, 'MIFA', place)));
  return issues;
}

/** Publications: by name in the schema, in a list in the examples. */
function publications({ publications: said }: JsonRecord): [place: string, publication: Json][] {
  if (Array.isArray(said)) return said.map((one, index) => [`publications[${index}]`, one]);
  return isRecord(said) ? Object.entries(said).map(([name, one]) => [`publications.${name.slice(0, 60)}`, one]) : [];
}
