import { type Imported, type JsonStandard, rootRecord } from '../exchange/exchange.ts';
import { leafPairs, nodeOfPairs } from '../exchange/leaves.ts';
import { sourceOf, termOfParts } from '../exchange/terms.ts';
import { dayOf } from '../exchange/written-dates.ts';
import { emptyGraph, keyMaker, type StudyGraph, type TermReference } from '../graph/study-graph.ts';
import { readDoi, readOrcid, readRor } from '../identifiers/identifiers.ts';
import { filled, type Json, type JsonRecord, recordsOf, textOf, textsOf } from '../json/json.ts';
import { findLicence } from '../licences/licences.ts';

/** Version of REMBI that is written (Sarkans et al. 2021, as the BioImage Archive's schemas have it). */
export const rembiVersion = '1.5';

/** Fields the schemas have no name for travel under this member; the schemas allow it. */
const more = 'micrarium';

const own = (node: object, written: readonly string[]): JsonRecord => {
  const pairs = leafPairs(node, ['key', ...written]);
  return pairs.length === 0 ? {} : { [more]: Object.fromEntries(pairs.map(([path, value]) => [path, String(value)])) };
};
const readOwn = (record: JsonRecord): object => {
  const kept = recordsOf(record[more])[0] ?? {};
  return nodeOfPairs(
    Object.entries(kept).flatMap(([path, value]) => (typeof value === 'string' ? [[path, value] as const] : [])),
  );
};

/** REMBI modules of a study and its MIFA annotations as one JSON document, each part by its schema. */
export function writeRembi(graph: StudyGraph): Json {
  const { study } = graph;
  const organism = (term: TermReference): JsonRecord => ({
    ...filled<JsonRecord>({ scientific_name: term.label, common_name: term.commonName }),
    // The schema requires it; where the term is not known it is empty.
    ncbi_taxon: term.id ?? '',
  });
  return {
    rembi_version: rembiVersion,
    study: {
      title: study.title ?? '',
      description: study.description ?? '',
      keywords: study.keywords ?? [],
      ...filled<JsonRecord>({
        accession: study.identifier,
        private_until_date: study.releaseDate,
        acknowledgements: study.acknowledgements,
        license: study.licence,
      }),
      authors: graph.contributors.map((one) => {
        const home = graph.organisations.find(({ key }) => key === one.organisations?.[0]);
        return {
          last_name: one.lastName ?? one.name ?? '',
          first_name: one.firstName ?? '',
          ...filled<JsonRecord>({ email: one.email, orcid: one.orcid, role: one.roles?.[0] }),
          affiliation: filled<JsonRecord>({ name: home?.name ?? 'Unknown', address: home?.address }),
          ...own(one, ['firstName', 'lastName', 'email', 'orcid']),
        };
      }),
      ...(graph.grants.length === 0 && study.fundingStatement === undefined
        ? {}
        : {
            funding: {
              funding_statement: study.fundingStatement ?? '',
              grant_references: graph.grants.map((one) => ({
                identifier: one.identifier ?? '',
                funder: one.funder ?? '',
                ...own(one, ['identifier', 'funder']),
              })),
            },
          }),
      publications: graph.publications.map((one) => ({
        title: one.title ?? '',
        authors: one.authors?.join(', ') ?? '',
        ...filled<JsonRecord>({ doi: one.doi, year: one.year, pubmed_id: one.pubmedId }),
        ...own(one, [
          'title',
          'doi',
          'year',
          'pubmedId',
          ...(one.authors?.some((name) => name.includes(',')) ? [] : ['authors']),
        ]),
      })),
      links: graph.links.map((one) => ({
        link_url: one.url,
        ...filled<JsonRecord>({ link_type: one.type, link_description: one.description }),
        ...own(one, ['url', 'type', 'description']),
      })),
      ...own(study, [
        'title',
        'description',
        'keywords',
        'identifier',
        'releaseDate',
        'acknowledgements',
        'licence',
        'fundingStatement',
      ]),
    },
    organisations: graph.organisations.map((one) => ({
      id: one.key,
      ...filled<JsonRecord>({ name: one.name, address: one.address, ror_id: one.ror && `https://ror.org/${one.ror}` }),
      ...own(one, ['name', 'address', 'ror']),
    })),
    study_components: graph.datasets.map((one) => ({
      id: one.key,
      name: one.title,
      description: one.description ?? '',
      associations: (one.tuples ?? []).map((tuple) => ({ ...tuple })),
      ...own(one, ['title', 'description', 'tuples']),
    })),
    biosamples: graph.biosamples.map((one) => ({
      id: one.key,
      title: one.title,
      organism: organism(one.organisms?.[0] ?? { label: '' }),
      biological_entity: one.biologicalEntity ?? '',
      ...filled<JsonRecord>({ description: one.description }),
      intrinsic_variables: one.intrinsicVariables ?? [],
      extrinsic_variables: one.extrinsicVariables ?? [],
      experimental_variables: one.experimentalVariables ?? [],
      ...own({ ...one, organisms: (one.organisms ?? []).length > 1 ? one.organisms : undefined }, [
        'title',
        'biologicalEntity',
        'description',
        'intrinsicVariables',
        'extrinsicVariables',
        'experimentalVariables',
      ]),
    })),
    specimens: graph.specimens.map((one) => ({
      id: one.key,
      title: one.title,
      sample_preparation: one.preparation ?? '',
      ...filled<JsonRecord>({ growth_protocol: one.growth }),
      ...own(one, ['title', 'preparation', 'growth']),
    })),
    image_acquisitions: graph.acquisitions.map((one) => ({
      id: one.key,
      title: one.title,
      imaging_method: method(one.methods?.[0]),
      imaging_instrument: one.instrument ?? '',
      image_acquisition_parameters: one.parameters ?? '',
      ...own({ ...one, methods: (one.methods ?? []).length > 1 ? one.methods : undefined }, [
        'title',
        'instrument',
        'parameters',
      ]),
    })),
    image_correlations: graph.correlations.map((one) => ({
      id: one.key,
      title: one.title,
      spatial_and_temporal_alignment: one.alignment ?? '',
      fiducials_used: one.fiducials ?? '',
      transformation_matrix: one.transformation ?? '',
      ...own(one, ['title', 'alignment', 'fiducials', 'transformation']),
    })),
    image_analyses: graph.analyses
      .filter(({ annotationType }) => annotationType === undefined)
      .map((one) => ({
        id: one.key,
        title: one.title,
        analysis_overview: one.overview ?? '',
        ...own(one, ['title', 'overview']),
      })),
    annotations: graph.analyses
      .filter(({ annotationType }) => annotationType !== undefined)
      .map((one) => ({
        id: one.key,
        title: one.title,
        ...own(one, ['title', ...mifaFields]),
        mifa: mifa(graph, one.key),
      })),
    images: graph.images.map((one) => ({ id: one.key, name: one.name, ...own(one, ['name']) })),
    files: graph.files.map((one) => ({ path: one.path, ...own(one, ['path']) })),
    ...(graph.ethics ? { ethics: own(graph.ethics, []) } : {}),
  };
}

const method = (term: TermReference | undefined): JsonRecord => ({
  value: term?.label ?? '',
  ontology_name: term ? (sourceOf(term) ?? '') : '',
  ontology_id: term?.id ?? '',
});

const mifaFields = ['overview', 'annotationMethod', 'criteria', 'coverage', 'confidence'];

/** The MIFA `Annotations` object of an annotation, one file entry per file of the data sets it was made for. */
function mifa(graph: StudyGraph, key: string): JsonRecord {
  const one = graph.analyses.find((other) => other.key === key)!;
  const sources = graph.images.filter(({ dataset }) =>
    graph.datasets.some((set) => set.key === dataset && set.tuples?.some((tuple) => tuple.analysis === key)),
  );
  return {
    annotation_overview: one.overview ?? '',
    annotation_method: one.annotationMethod ?? '',
    ...filled<JsonRecord>({
      annotation_criteria: one.criteria,
      annotation_coverage: one.coverage,
      annotation_confidence_level: one.confidence,
    }),
    file_metadata: sources.map((image) => ({
      annotation_id: `${key}-${image.key}`,
      annotation_type: [one.annotationType!],
      source_image_id: image.file ?? image.name,
    })),
  };
}

/** The study graph of REMBI and MIFA parts in one JSON document, or of the study part alone. */
export function readRembi(document: Json): Imported {
  const { root, issues } = rootRecord(document, 'rembi', 'it is not a JSON object');
  const graph = emptyGraph();
  const study = recordsOf(root.study)[0] ?? (root.authors === undefined ? {} : root);
  const funding = recordsOf(study.funding)[0] ?? {};
  const licence = textOf(study.license) ?? textOf((recordsOf(study.license)[0] ?? {}).name);
  graph.study = filled({
    identifier: textOf(study.accession),
    title: textOf(study.title),
    description: textOf(study.description),
    keywords: textsOf(study.keywords),
    licence: licence === undefined ? undefined : (findLicence(licence)?.spdx ?? licence),
    releaseDate: dayOf(textOf(study.private_until_date)),
    acknowledgements: textOf(study.acknowledgements),
    fundingStatement: textOf(funding.funding_statement) ?? textOf(study.funding_statement),
    version: textOf((recordsOf(root.version)[0] ?? {}).version),
    ...readOwn(study),
  });
  const keys = { o: keyMaker('o'), c: keyMaker('c'), p: keyMaker('p'), g: keyMaker('g'), l: keyMaker('l') };
  for (const one of recordsOf(root.organisations))
    graph.organisations.push({
      ...filled({ address: textOf(one.address), ror: readRor(textOf(one.ror_id) ?? ''), ...readOwn(one) }),
      key: keys.o(textOf(one.id)),
      name: textOf(one.name) ?? '',
    });
  for (const one of recordsOf(study.authors)) {
    const home = recordsOf(one.affiliation)[0] ?? recordsOf(one.organisation)[0] ?? {};
    const name = textOf(home.name) ?? textOf(home.organisation_name);
    const isOurs = Array.isArray(root.organisations);
    let organisations: string[] | undefined;
    if (!isOurs && name !== undefined) {
      const known = graph.organisations.find((other) => other.name === name);
      const key = known?.key ?? keys.o();
      if (!known)
        graph.organisations.push({
          ...filled({ address: textOf(home.address), ror: readRor(textOf(home.ror_id) ?? '') }),
          key,
          name,
        });
      organisations = [key];
    }
    graph.contributors.push({
      ...filled({
        firstName: textOf(one.first_name) ?? textOf(one.author_first_name),
        lastName: textOf(one.last_name) ?? textOf(one.author_last_name),
        email: textOf(one.email),
        orcid: readOrcid(textOf(one.orcid) ?? textOf(one.orcid_id) ?? ''),
        roles: isOurs ? undefined : textsOf(one.role),
        organisations,
        ...readOwn(one),
      }),
      key: keys.c(),
    });
  }
  for (const one of [...recordsOf(funding.grant_references), ...recordsOf(study.grants)])
    graph.grants.push({
      ...filled({ identifier: textOf(one.identifier), funder: textOf(one.funder), ...readOwn(one) }),
      key: keys.g(),
    });
  for (const one of recordsOf(study.publications)) {
    // MIFA writes the name of the object before each of its members.
    const doi = readDoi(textOf(one.doi) ?? textOf(one.publication_doi) ?? '');
    graph.publications.push({
      ...filled({
        title: textOf(one.title) ?? textOf(one.publication_title),
        authors: (textOf(one.authors) ?? textOf(one.publication_authors))?.split(/\s*,\s*/).filter(Boolean),
        doi: 'doi' in doi ? doi.doi : undefined,
        year: textOf(one.year) ?? textOf(one.publication_year),
        pubmedId: textOf(one.pubmed_id),
        ...readOwn(one),
      }),
      key: keys.p(),
    });
  }
  for (const one of [...recordsOf(study.links), ...(study.link_url === undefined ? [] : [study])])
    if (textOf(one.link_url) !== undefined)
      graph.links.push({
        ...filled({ type: textOf(one.link_type), description: textOf(one.link_description), ...readOwn(one) }),
        key: keys.l(),
        url: textOf(one.link_url)!,
      });
  readModules(graph, root);
  return { graph, issues };
}

function readModules(graph: StudyGraph, root: JsonRecord): void {
  const each = (member: string, prefix: string, take: (one: JsonRecord, key: string, title: string) => void) => {
    const key = keyMaker(prefix);
    for (const one of recordsOf(root[member]))
      take(one, key(textOf(one.id)), textOf(one.title) ?? textOf(one.name) ?? '');
  };
  each('biosamples', 'biosample', (one, key, title) => {
    const organism = recordsOf(one.organism)[0] ?? {};
    const name = textOf(organism.scientific_name);
    const common = textOf(organism.common_name);
    const organisms =
      name === undefined
        ? []
        : [
            {
              ...termOfParts(name, undefined, textOf(organism.ncbi_taxon)),
              ...(common === undefined ? {} : { commonName: common }),
            },
          ];
    graph.biosamples.push({
      ...filled({
        organisms,
        biologicalEntity: textOf(one.biological_entity),
        description: textOf(one.description),
        intrinsicVariables: textsOf(one.intrinsic_variables),
        extrinsicVariables: textsOf(one.extrinsic_variables),
        experimentalVariables: textsOf(one.experimental_variables),
        ...readOwn(one),
      }),
      key,
      title,
    });
  });
  each('specimens', 'specimen', (one, key, title) =>
    graph.specimens.push({
      ...filled({ preparation: textOf(one.sample_preparation), growth: textOf(one.growth_protocol), ...readOwn(one) }),
      key,
      title,
    }),
  );
  each('image_acquisitions', 'acquisition', (one, key, title) => {
    const imaging = recordsOf(one.imaging_method)[0] ?? {};
    const label = textOf(imaging.value);
    graph.acquisitions.push({
      ...filled({
        methods:
          label === undefined ? [] : [termOfParts(label, textOf(imaging.ontology_name), textOf(imaging.ontology_id))],
        instrument: textOf(one.imaging_instrument),
        parameters: textOf(one.image_acquisition_parameters),
        ...readOwn(one),
      }),
      key,
      title,
    });
  });
  each('image_correlations', 'correlation', (one, key, title) =>
    graph.correlations.push({
      ...filled({
        alignment: textOf(one.spatial_and_temporal_alignment),
        fiducials: textOf(one.fiducials_used),
        transformation: textOf(one.transformation_matrix),
        ...readOwn(one),
      }),
      key,
      title,
    }),
  );
  each('image_analyses', 'analysis', (one, key, title) =>
    graph.analyses.push({ ...filled({ overview: textOf(one.analysis_overview), ...readOwn(one) }), key, title }),
  );
  each('annotations', 'annotation', (one, key, title) => {
    const part = recordsOf(one.mifa)[0] ?? one;
    const type = recordsOf(part.file_metadata).flatMap((file) => textsOf(file.annotation_type))[0] ?? 'other';
    graph.analyses.push({
      ...filled({
        overview: textOf(part.annotation_overview),
        annotationMethod: textOf(part.annotation_method),
        criteria: textOf(part.annotation_criteria),
        coverage: textOf(part.annotation_coverage),
        confidence: textOf(part.annotation_confidence_level),
        annotationType: type,
        ...readOwn(one),
      }),
      key,
      title,
    });
  });
  each('study_components', 'dataset', (one, key, title) =>
    graph.datasets.push({
      ...filled({
        description: textOf(one.description),
        tuples: recordsOf(one.associations).map((tuple) =>
          Object.fromEntries(Object.entries(tuple).filter(([, value]) => typeof value === 'string')),
        ),
        ...readOwn(one),
      }),
      key,
      title,
    }),
  );
  each('images', 'image', (one, key, title) => graph.images.push({ ...readOwn(one), key, name: title }));
  for (const one of recordsOf(root.files))
    if (textOf(one.path) !== undefined) graph.files.push({ ...readOwn(one), path: textOf(one.path)! });
  const ethics = recordsOf(root.ethics)[0];
  if (ethics) graph.ethics = readOwn(ethics);
}

/** REMBI with MIFA, read and written. */
export const rembi: JsonStandard = { standard: 'rembi', read: readRembi, write: writeRembi };
