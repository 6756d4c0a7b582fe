import type { JsonStandard } from '../exchange/exchange.ts';
import { leafPairs } from '../exchange/leaves.ts';
import { organismOfText, organismText } from '../exchange/terms.ts';
import {
  displayName,
  filesElsewhere,
  splitName,
  type StudyGraph,
  type TermReference,
  withUniqueTitles,
} from '../graph/study-graph.ts';
import { isSameJson, type Json, type JsonRecord } from '../json/json.ts';
import { knownLicence } from '../licences/licences.ts';
import { ownAttribute, readPageTab } from './read-pagetab.ts';
import { elsewhereAttribute } from './sections.ts';

type Pair = readonly [name: string, value: string | undefined, more?: JsonRecord];

const attribute = (name: string, value: string, more: JsonRecord = {}): Json => ({ name, value, ...more });

/** Attributes that say something, then those of our own for the fields the archive has no name for. */
function attributesOf(pairs: readonly Pair[], node: object, written: readonly string[]): Json[] {
  return [
    ...pairs.flatMap(([name, value, more]) =>
      value === undefined || value === '' ? [] : [attribute(name, value, more)],
    ),
    ...leafPairs(node, ['key', ...written]).map(([path, value]) => attribute(ownAttribute + path, String(value))),
  ];
}

const repeated = (name: string, values: readonly string[] | undefined): Pair[] =>
  (values ?? []).map((value) => [name, value]);

function section(type: string, accno: string | undefined, attributes: Json[], subsections: Json[] = []): Json {
  return {
    ...(accno === undefined ? {} : { accno }),
    type,
    attributes,
    ...(subsections.length === 0 ? {} : { subsections }),
  };
}

/** A PageTab submission in JSON for the BioImage Archive, template BioImages.v4. */
export function writePageTab(told: StudyGraph): Json {
  const graph = withUniqueTitles(told);
  const { study } = graph;
  const licence = study.licence === undefined ? undefined : knownLicence(study.licence);
  const licenceName = study.licence === 'CC0-1.0' ? 'CC0' : (licence?.name ?? study.licence);
  const top: Pair[] = [
    ['Template', 'BioImages.v4'],
    ['DOI', study.doi],
    ['ReleaseDate', study.releaseDate],
    ['AttachTo', 'BioImages'],
  ];
  const qualifier = licence
    ? {
        valqual: [
          {
            name: 'URL',
            value: licence.url.includes('creativecommons.org/') ? `${licence.url}legalcode` : licence.url,
          },
        ],
      }
    : {};
  const attributes = attributesOf(
    [
      ['Title', study.title],
      ['Description', study.description],
      ...repeated('Keywords', study.keywords),
      ['License', licenceName, qualifier],
      ['Funding statement', study.fundingStatement],
      ['Acknowledgements', study.acknowledgements],
    ],
    study,
    [
      'identifier',
      'doi',
      'title',
      'description',
      'keywords',
      'licence',
      'releaseDate',
      'fundingStatement',
      'acknowledgements',
    ],
  );
  const links = graph.links.map((link) => {
    const about = attributesOf(
      [
        ['Description', link.description],
        ['Type', link.type],
      ],
      link,
      ['url', 'type', 'description'],
    );
    return { url: link.url, ...(about.length === 0 ? {} : { attributes: about }) };
  });
  // Files that stay where they are: no file list can name them, a link can.
  for (const { path, url } of filesElsewhere(graph))
    links.push({
      url,
      attributes: attributesOf(
        [
          ['Description', path],
          ['Type', 'data file'],
          [elsewhereAttribute, path],
        ],
        {},
        [],
      ),
    });
  return {
    ...(study.identifier === undefined ? {} : { accno: study.identifier }),
    attributes: attributesOf(top, {}, []),
    section: {
      type: 'Study',
      attributes,
      ...(links.length === 0 ? {} : { links }),
      subsections: [...people(graph), ...papers(graph), ...protocols(graph), ...components(graph), ...rest(graph)],
    },
    type: 'submission',
  };
}

/** Does the text of an organism give it back as it is? */
const isPlainOrganism = (organism: TermReference): boolean =>
  organism.id === undefined &&
  organism.ontology === undefined &&
  isSameJson({ ...organismOfText(organismText(organism)) }, { ...organism });

function people(graph: StudyGraph): Json[] {
  const authors = graph.contributors.map((person) => {
    // A name that our own splitting would not give back is written in its parts beside the whole.
    const shown = displayName(person);
    const again = splitName(shown);
    const isSplit =
      person.name === undefined && again.firstName === person.firstName && again.lastName === person.lastName;
    // The archive cites every author section: who made none of the data stands beside them.
    return section(person.isNoAuthor ? 'contributor' : 'author', undefined, [
      ...attributesOf(
        [['Name', shown], ['E-mail', person.email], ...repeated('Role', person.roles), ['ORCID', person.orcid]],
        person,
        ['email', 'roles', 'orcid', 'organisations', 'isNoAuthor', ...(isSplit ? ['firstName', 'lastName'] : [])],
      ),
      ...(person.organisations ?? []).map((key) => attribute('affiliation', key, { reference: true })),
    ]);
  });
  const organisations = graph.organisations.map((one) =>
    section(
      'organisation',
      one.key,
      attributesOf(
        [
          ['Name', one.name],
          ['Address', one.address],
          ['RORID', one.ror && `https://ror.org/${one.ror}`],
        ],
        one,
        ['name', 'address', 'ror'],
      ),
    ),
  );
  return [...authors, ...organisations];
}

function papers(graph: StudyGraph): Json[] {
  const publications = graph.publications.map((one) => {
    const authors = one.authors?.join(', ');
    const isPlain = !one.authors?.some((name) => /[,;]/.test(name));
    return section(
      'Publication',
      undefined,
      attributesOf(
        [
          ['Title', one.title],
          ['Authors', authors],
          ['DOI', one.doi],
          ['Year', one.year],
          ['Pubmed ID', one.pubmedId],
          ['PMC ID', one.pmcId],
        ],
        one,
        ['title', 'doi', 'year', 'pubmedId', 'pmcId', ...(isPlain ? ['authors'] : [])],
      ),
    );
  });
  const grants = graph.grants.map((one) =>
    section(
      'Funding',
      undefined,
      attributesOf(
        [
          ['Agency', one.funder],
          ['grant_id', one.identifier],
        ],
        one,
        ['funder', 'identifier'],
      ),
    ),
  );
  return [...publications, ...grants];
}

function protocols(graph: StudyGraph): Json[] {
  return [
    ...graph.biosamples.map((one) => {
      const plain = (one.organisms ?? []).filter(isPlainOrganism);
      const known = (one.organisms ?? []).filter((organism) => !plain.includes(organism));
      return section(
        'Biosample',
        one.key,
        attributesOf(
          [
            ['Title', one.title],
            ...repeated('Organism', plain.map(organismText)),
            ['Biological entity', one.biologicalEntity],
            ['Description', one.description],
            ...repeated('Intrinsic variable', one.intrinsicVariables),
            ...repeated('Extrinsic variable', one.extrinsicVariables),
            ...repeated('Experimental variable', one.experimentalVariables),
          ],
          one,
          [
            'title',
            'organisms',
            'biologicalEntity',
            'description',
            'intrinsicVariables',
            'extrinsicVariables',
            'experimentalVariables',
          ],
        ),
        known.map((organism, index) =>
          section('Organism', `Organism-${one.key}-${index + 1}`, [
            attribute('Scientific name', organism.label),
            ...(organism.commonName === undefined ? [] : [attribute('Common name', organism.commonName)]),
            ...(organism.id === undefined
              ? []
              : [
                  attribute(
                    'NCBI taxon ID',
                    organism.id.replace('NCBITaxon:', 'http://purl.bioontology.org/ontology/NCBITAXON/'),
                  ),
                ]),
          ]),
        ),
      );
    }),
    ...graph.specimens.map((one) =>
      section(
        'Specimen',
        one.key,
        attributesOf(
          [
            ['Title', one.title],
            ['Sample preparation protocol', one.preparation],
            ['Growth protocol', one.growth],
          ],
          one,
          ['title', 'preparation', 'growth'],
        ),
      ),
    ),
    ...graph.acquisitions.map((one) => {
      const plain = (one.methods ?? []).filter(({ id, ontology }) => id === undefined && ontology === undefined);
      const known = (one.methods ?? []).filter((method) => !plain.includes(method));
      return section(
        'Image acquisition',
        one.key,
        attributesOf(
          [
            ['Title', one.title],
            ['Imaging instrument', one.instrument],
            ['Image acquisition parameters', one.parameters],
            ...repeated(
              'Imaging method',
              plain.map(({ label }) => label),
            ),
          ],
          one,
          ['title', 'instrument', 'parameters', 'methods'],
        ),
        known.map((method, index) =>
          section('Imaging Method', `Imaging Method-${one.key}-${index + 1}`, [
            attribute('Ontology Value', method.label),
            ...(method.ontology === undefined ? [] : [attribute('Ontology Name', method.ontology)]),
            ...(method.id === undefined ? [] : [attribute('Ontology Term ID', method.id)]),
          ]),
        ),
      );
    }),
    ...graph.correlations.map((one) =>
      section(
        'Image correlation',
        one.key,
        attributesOf(
          [
            ['Title', one.title],
            ['Spatial and temporal alignment', one.alignment],
            ['Fiducials used', one.fiducials],
            ['Transformation matrix', one.transformation],
          ],
          one,
          ['title', 'alignment', 'fiducials', 'transformation'],
        ),
      ),
    ),
    ...graph.analyses
      .filter(({ annotationType }) => annotationType === undefined)
      .map((one) =>
        section(
          'Image analysis',
          one.key,
          attributesOf(
            [
              ['Title', one.title],
              ['Image analysis overview', one.overview],
            ],
            one,
            ['title', 'overview'],
          ),
        ),
      ),
    ...graph.analyses
      .filter(({ annotationType }) => annotationType !== undefined)
      .map((one) =>
        section(
          'Annotations',
          one.key,
          attributesOf(
            [
              ['Title', one.title],
              ['Annotation Overview', one.overview],
              ['Annotation Type', one.annotationType],
              ['Annotation Method', one.annotationMethod],
              ['Annotation Criteria', one.criteria],
              ['Annotation Coverage', one.coverage],
              ['File List', one.fileList],
            ],
            one,
            ['title', 'overview', 'annotationType', 'annotationMethod', 'criteria', 'coverage', 'fileList'],
          ),
        ),
      ),
  ];
}

function components(graph: StudyGraph): Json[] {
  const title = (nodes: readonly { key: string; title: string }[], key: string | undefined) =>
    nodes.find((one) => one.key === key)?.title;
  return graph.datasets.map((one) =>
    section(
      'Study Component',
      one.key,
      attributesOf(
        [
          ['Name', one.title],
          ['Description', one.description],
          ['File List', one.fileList],
        ],
        one,
        ['title', 'description', 'fileList', 'tuples'],
      ),
      (one.tuples ?? []).map((tuple) =>
        section(
          'Associations',
          undefined,
          attributesOf(
            [
              ['Biosample', title(graph.biosamples, tuple.biosample)],
              ['Specimen', title(graph.specimens, tuple.specimen)],
              ['Image acquisition', title(graph.acquisitions, tuple.acquisition)],
              ['Image analysis', title(graph.analyses, tuple.analysis)],
              ['Image correlation', title(graph.correlations, tuple.correlation)],
            ],
            {},
            [],
          ),
        ),
      ),
    ),
  );
}

function rest(graph: StudyGraph): Json[] {
  return [
    ...graph.images.map((one) => section('Image data', one.key, attributesOf([['Title', one.name]], one, ['name']))),
    ...graph.files.map((one) => section('micrarium file', undefined, attributesOf([], one, []))),
    ...(graph.ethics ? [section('micrarium ethics', undefined, attributesOf([], graph.ethics, []))] : []),
  ];
}

/** PageTab, read and written. Fields without a name of the archive's own travel as attributes "micrarium …". */
export const pageTab: JsonStandard = { standard: 'pagetab', read: readPageTab, write: writePageTab };

/** The file lists of a study's data sets as PageTab wants them, by path: one row per file. */
export function pageTabFileLists(graph: StudyGraph): Map<string, string> {
  const lists = new Map<string, string>();
  for (const dataset of graph.datasets) {
    const files = graph.files.filter((file) => file.dataset === dataset.key);
    if (files.length === 0) continue;
    const rows = files.map(({ path, type }) =>
      [path, type ?? ''].map((cell) => cell.replace(/[\t\n\r]/g, ' ')).join('\t'),
    );
    lists.set(dataset.fileList ?? `file_list_${dataset.key}.tsv`, ['Files\tType', ...rows, ''].join('\n'));
  }
  return lists;
}
