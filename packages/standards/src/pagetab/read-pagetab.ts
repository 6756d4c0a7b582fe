import { rootRecord, type Imported } from '../exchange/exchange.ts';
import { nodeOfPairs } from '../exchange/leaves.ts';
import { organismOfText, termOfParts } from '../exchange/terms.ts';
import { dayOf } from '../exchange/written-dates.ts';
import {
  type AnalysisNode,
  type BiosampleNode,
  type ContributorNode,
  type DatasetNode,
  emptyGraph,
  type ImageNode,
  keyMaker,
  splitName,
  type StudyGraph,
  type TermReference,
} from '../graph/study-graph.ts';
import { readDoi, readOrcid, readRor } from '../identifiers/identifiers.ts';
import { filled, isRecord, type Json } from '../json/json.ts';
import { findLicence } from '../licences/licences.ts';
import {
  elsewhereAttribute,
  allSections,
  isKind,
  type PageTabSection,
  readAttributes,
  readSection,
  valueOf,
  valuesOf,
} from './sections.ts';

/** Attributes with this before their name hold fields of ours that the archive has no name for. */
export const ownAttribute = 'micrarium ';

const doiOf = (text: string | undefined) => {
  const read = text === undefined ? undefined : readDoi(text);
  return read && 'doi' in read ? read.doi : undefined;
};

/** Fields of ours written into a section under names of our own. */
function ownOf(section: PageTabSection): object {
  return nodeOfPairs(
    section.attributes
      .filter(({ name }) => name.startsWith(ownAttribute))
      .map(({ name, value }) => [name.slice(ownAttribute.length), value] as const),
  );
}

/** The study graph of a PageTab submission in its JSON form. Titles that associations name become links by key. */
export function readPageTab(document: Json): Imported {
  const { root, issues } = rootRecord(document, 'pagetab', 'it is not a JSON object with a section');
  if (issues.length === 0 && !isRecord(root.section))
    return { graph: emptyGraph(), issues: rootRecord(null, 'pagetab', 'it has no root section').issues };
  const study = readSection(root.section, 'section');
  return { graph: new PageTabReading(study, root).graph, issues };
}

class PageTabReading {
  readonly graph: StudyGraph = emptyGraph();
  private readonly byTitle = new Map<string, string>();

  constructor(study: PageTabSection, root: { [key: string]: Json }) {
    const top = readAttributes(root.attributes);
    const attributes = [...study.attributes, ...top];
    const licence = valueOf(attributes, 'license', 'licence');
    this.graph.study = filled({
      identifier: typeof root.accno === 'string' ? root.accno : undefined,
      doi: doiOf(valueOf(top, 'doi')),
      title: valueOf(attributes, 'title'),
      description: valueOf(attributes, 'description'),
      keywords: valuesOf(study.attributes, 'keywords', 'keyword'),
      licence: licence === undefined ? undefined : (findLicence(licence)?.spdx ?? licence),
      releaseDate: dayOf(valueOf(attributes, 'releasedate', 'release date')),
      acknowledgements: valueOf(attributes, 'acknowledgements'),
      fundingStatement: valueOf(attributes, 'funding statement'),
      ...ownOf(study),
    });
    const ethics = study.sections.find((one) => isKind(one, 'micrarium ethics'));
    if (ethics) this.graph.ethics = ownOf(ethics);
    this.people(study);
    this.publications(study);
    this.protocols(study);
    this.datasets(study);
    this.images(study);
  }

  private people(study: PageTabSection): void {
    const organisationKey = keyMaker('o');
    const keys = new Map<string, string>();
    for (const section of study.sections.filter((one) => isKind(one, 'organisation', 'affiliation'))) {
      const key = organisationKey(section.accno);
      if (section.accno) keys.set(section.accno, key);
      const ror = valueOf(section.attributes, 'rorid');
      this.graph.organisations.push({
        ...filled({
          name: valueOf(section.attributes, 'name') ?? '',
          address: valueOf(section.attributes, 'address'),
          ror: ror === undefined ? undefined : readRor(ror),
          ...ownOf(section),
        }),
        key,
        name: valueOf(section.attributes, 'name') ?? '',
      });
    }
    const key = keyMaker('c');
    for (const section of study.sections.filter((one) => isKind(one, 'author', 'contributor'))) {
      const name = valueOf(section.attributes, 'name');
      const orcid = valueOf(section.attributes, 'orcid');
      const own = ownOf(section) as Partial<ContributorNode>;
      this.graph.contributors.push({
        ...filled<Omit<ContributorNode, 'key'>>({
          ...(name === undefined || hasName(own) ? {} : splitName(name)),
          email: valueOf(section.attributes, 'e-mail', 'email'),
          orcid: orcid === undefined ? undefined : readOrcid(orcid),
          roles: valuesOf(section.attributes, 'role'),
          organisations: section.attributes
            .filter(({ name: at, value }) => at.toLowerCase() === 'affiliation' && keys.has(value))
            .map(({ value }) => keys.get(value)!),
          ...own,
        }),
        ...(isKind(section, 'contributor') ? { isNoAuthor: true } : {}),
        key: key(section.accno),
      });
    }
  }

  private publications(study: PageTabSection): void {
    const key = keyMaker('p');
    const grantKey = keyMaker('g');
    const linkKey = keyMaker('l');
    for (const section of study.sections) {
      const { attributes } = section;
      if (isKind(section, 'publication')) {
        const authors = valueOf(attributes, 'authors');
        const pubmed = valueOf(attributes, 'pubmed id', 'pubmedid', 'pmid');
        const isNumber = pubmed !== undefined && /^\d+$/.test(pubmed);
        this.graph.publications.push({
          ...filled({
            title: valueOf(attributes, 'title'),
            authors: authors?.split(/\s*[,;]\s*/).filter(Boolean),
            doi: doiOf(valueOf(attributes, 'doi')),
            year: valueOf(attributes, 'year'),
            pubmedId: isNumber ? pubmed : undefined,
            pmcId: valueOf(attributes, 'pmc id'),
            ...ownOf(section),
          }),
          key: key(section.accno),
        });
      } else if (isKind(section, 'funding')) {
        this.graph.grants.push({
          ...filled({
            funder: valueOf(attributes, 'agency'),
            identifier: valueOf(attributes, 'grant_id'),
            ...ownOf(section),
          }),
          key: grantKey(section.accno),
        });
      }
    }
    for (const { url, attributes } of study.links) {
      // The file itself stands in a section of its own.
      if (valueOf(attributes, elsewhereAttribute) !== undefined) continue;
      const own = {
        type: valueOf(attributes, 'type'),
        description: valueOf(attributes, 'description'),
        relation: valueOf(attributes, 'micrarium relation'),
      };
      if (url !== '') this.graph.links.push({ ...filled(own), key: linkKey(), url });
    }
  }

  private protocols(study: PageTabSection): void {
    const sections = allSections(study);
    const each = (
      prefix: string,
      kinds: string[],
      take: (section: PageTabSection, key: string, title: string) => void,
    ) => {
      const key = keyMaker(prefix);
      for (const section of sections.filter((one) => isKind(one, ...kinds))) {
        const title = valueOf(section.attributes, 'title', 'name') ?? '';
        const given = key(section.accno);
        if (!this.byTitle.has(`${kinds[0]} ${title}`)) this.byTitle.set(`${kinds[0]} ${title}`, given);
        take(section, given, title);
      }
    };
    each('biosample', ['biosample'], (section, key, title) =>
      this.graph.biosamples.push(biosampleOf(section, key, title)),
    );
    each('specimen', ['specimen'], (section, key, title) =>
      this.graph.specimens.push({
        ...filled({
          title,
          preparation: valueOf(section.attributes, 'sample preparation protocol'),
          growth: valueOf(section.attributes, 'growth protocol'),
          ...ownOf(section),
        }),
        key,
        title,
      }),
    );
    each('acquisition', ['image acquisition'], (section, key, title) =>
      this.graph.acquisitions.push({
        ...filled({
          title,
          methods: methodsOf(section),
          instrument: valueOf(section.attributes, 'imaging instrument'),
          parameters: valueOf(section.attributes, 'image acquisition parameters'),
          ...ownOf(section),
        }),
        key,
        title,
      }),
    );
    each('correlation', ['image correlation'], (section, key, title) =>
      this.graph.correlations.push({
        ...filled({
          title,
          alignment: valueOf(section.attributes, 'spatial and temporal alignment'),
          fiducials: valueOf(section.attributes, 'fiducials used'),
          transformation: valueOf(section.attributes, 'transformation matrix'),
          ...ownOf(section),
        }),
        key,
        title,
      }),
    );
    each('analysis', ['image analysis', 'annotations', 'annotation'], (section, key, title) =>
      this.graph.analyses.push({ ...analysisOf(section, title), key, title }),
    );
  }

  private datasets(study: PageTabSection): void {
    const key = keyMaker('dataset');
    const wanted = [
      ['biosample', 'biosample'],
      ['specimen', 'specimen'],
      ['acquisition', 'image acquisition'],
      ['analysis', 'image analysis'],
      ['correlation', 'image correlation'],
    ] as const;
    for (const section of study.sections.filter((one) => isKind(one, 'study component'))) {
      const title = valueOf(section.attributes, 'name', 'title') ?? '';
      const tuples = section.sections
        .filter((one) => isKind(one, 'associations'))
        .map((one) =>
          filled(
            Object.fromEntries(
              wanted.map(([link, kind]) => [link, this.byTitle.get(`${kind} ${valueOf(one.attributes, kind) ?? ''}`)]),
            ),
          ),
        );
      const nodes: DatasetNode = {
        ...filled({
          title,
          description: valueOf(section.attributes, 'description'),
          fileList: valueOf(section.attributes, 'file list'),
          tuples,
          ...ownOf(section),
        }),
        key: key(section.accno),
        title,
      };
      this.graph.datasets.push(nodes);
    }
  }

  private images(study: PageTabSection): void {
    const key = keyMaker('image');
    const known = new Set(this.graph.datasets.map((one) => one.key));
    for (const section of study.sections.filter((one) => isKind(one, 'image data'))) {
      const own = ownOf(section) as Partial<ImageNode>;
      const { dataset, ...rest } = own;
      this.graph.images.push({
        ...rest,
        ...(dataset !== undefined && known.has(dataset) ? { dataset } : {}),
        key: key(section.accno),
        name: valueOf(section.attributes, 'title') ?? '',
      });
    }
    for (const section of study.sections.filter((one) => isKind(one, 'micrarium file'))) {
      const own = ownOf(section) as { path?: string };
      if (typeof own.path === 'string') this.graph.files.push({ ...own, path: own.path });
    }
  }
}

const hasName = ({ name, firstName, lastName }: Partial<ContributorNode>) =>
  [name, firstName, lastName].some((part) => part !== undefined);

function biosampleOf(section: PageTabSection, key: string, title: string): BiosampleNode {
  const { attributes } = section;
  const organisms = [
    ...valuesOf(attributes, 'organism').map(organismOfText),
    ...section.sections
      .filter((one) => isKind(one, 'organism'))
      .map((one): TermReference => {
        const commonName = valueOf(one.attributes, 'common name');
        const term = termOfParts(
          valueOf(one.attributes, 'scientific name') ?? '',
          undefined,
          taxonId(valueOf(one.attributes, 'ncbi taxon id')),
        );
        return commonName === undefined ? term : { ...term, commonName };
      }),
  ];
  return {
    ...filled({
      title,
      organisms,
      biologicalEntity: valueOf(attributes, 'biological entity'),
      description: valueOf(attributes, 'description'),
      intrinsicVariables: valuesOf(attributes, 'intrinsic variable'),
      extrinsicVariables: valuesOf(attributes, 'extrinsic variable'),
      experimentalVariables: valuesOf(attributes, 'experimental variable'),
      ...ownOf(section),
    }),
    key,
    title,
  };
}

function taxonId(text: string | undefined): string | undefined {
  const number = /(\d+)\s*\/?$/.exec(text ?? '')?.[1];
  return number === undefined ? undefined : `NCBITaxon:${number}`;
}

function methodsOf(section: PageTabSection): TermReference[] {
  return [
    ...section.attributes
      .filter(({ name, value }) => name.toLowerCase() === 'imaging method' && value !== '')
      .map(({ value, qualifiers }) =>
        termOfParts(value, qualifierOf(qualifiers, 'ontology'), qualifierOf(qualifiers, 'termid')),
      ),
    ...section.sections
      .filter((one) => isKind(one, 'imaging method'))
      .map(({ attributes }) =>
        termOfParts(
          valueOf(attributes, 'ontology value') ?? '',
          valueOf(attributes, 'ontology name'),
          valueOf(attributes, 'ontology term id'),
        ),
      ),
  ];
}

function qualifierOf(qualifiers: readonly { name: string; value: string }[], name: string): string | undefined {
  return qualifiers.find((one) => one.name.toLowerCase() === name)?.value;
}

function analysisOf(section: PageTabSection, title: string): Omit<AnalysisNode, 'key'> {
  const { attributes } = section;
  return filled({
    title,
    overview: valueOf(attributes, 'image analysis overview', 'annotation overview'),
    annotationType: isKind(section, 'image analysis') ? undefined : (valueOf(attributes, 'annotation type') ?? 'other'),
    annotationMethod: valueOf(attributes, 'annotation method'),
    criteria: valueOf(attributes, 'annotation criteria', 'criteria'),
    coverage: valueOf(attributes, 'annotation coverage', 'coverage'),
    fileList: valueOf(attributes, 'file list'),
    ...ownOf(section),
  });
}
