import type { JsonStandard } from '../exchange/exchange.ts';
import { leafPairs } from '../exchange/leaves.ts';
import {
  type ContributorNode,
  displayName,
  type FigureNode,
  type StudyGraph,
  type TermReference,
} from '../graph/study-graph.ts';
import { prefixOf, termAddress, vocabularyName } from '../identifiers/identifiers.ts';
import { filled, type Json, type JsonRecord } from '../json/json.ts';
import { statedLicence } from '../licences/licences.ts';
import { crateKinds, idOfPath, ownProperty } from './crate-kinds.ts';
import { readCrate } from './read-crate.ts';

/** Terms of reuse in words, that no address has. */
const ownTerms = '#licence';

/** The metadata document (`ro-crate-metadata.json`) of a study, RO-Crate 1.2. */
export function writeCrate(graph: StudyGraph): Json {
  return new CrateWriting(graph).document();
}

const reference = (id: string): Json => ({ '@id': id });
const isAddress = (url: string | undefined): url is string => url !== undefined && /^https?:\/\//.test(url);

class CrateWriting {
  private readonly graph: StudyGraph;
  private readonly entities = new Map<string, JsonRecord>();
  /** Identifiers by kind and key, for links. */
  private readonly ids = new Map<string, string>();
  private readonly mentioned: string[] = [];

  constructor(graph: StudyGraph) {
    this.graph = graph;
  }

  document(): Json {
    const root: JsonRecord = { '@id': './', '@type': 'Dataset' };
    this.entities.set('ro-crate-metadata.json', {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      conformsTo: reference('https://w3id.org/ro/crate/1.2'),
      about: reference('./'),
    });
    this.entities.set('./', root);
    this.heading(root);
    this.people(root);
    this.papers(root);
    for (const [kind, label, type, title] of crateKinds)
      for (const node of this.graph[kind]) {
        const name = (node as unknown as Record<string, string>)[title]!;
        this.mentioned.push(this.node(`${kind}`, node, { '@type': type, additionalType: label, name }, [title]));
      }
    this.parts(root);
    for (const figure of this.graph.figures ?? []) this.mentioned.push(this.figure(figure));
    this.about(root);
    if (this.graph.ethics)
      this.mentioned.push(
        this.node(
          'ethics',
          { key: 'ethics', ...this.graph.ethics },
          { '@type': 'CreativeWork', additionalType: 'Ethics', name: 'Ethics' },
          [],
        ),
      );
    if (this.mentioned.length > 0) root.mentions = this.mentioned.map(reference);
    return { '@context': 'https://w3id.org/ro/crate/1.2/context', '@graph': [...this.entities.values()] };
  }

  /** A free identifier: the wanted one, else with a number. */
  private free(wanted: string): string {
    let id = wanted;
    for (let count = 2; this.entities.has(id); count++)
      id = `${wanted.startsWith('#') ? wanted : `#${encodeURIComponent(wanted)}`}-${count}`;
    return id;
  }

  private own(id: string, node: object, written: readonly string[]): JsonRecord {
    const properties = leafPairs(node, ['key', ...written]).map(([path, value]) => {
      const property = this.free(`${id.startsWith('#') ? id : `#${encodeURIComponent(id)}`}/${path}`);
      this.entities.set(property, {
        '@id': property,
        '@type': 'PropertyValue',
        name: path,
        propertyID: ownProperty + path,
        value: String(value),
      });
      return reference(property);
    });
    return properties.length === 0 ? {} : { additionalProperty: properties };
  }

  private node(kind: string, node: { key: string }, members: JsonRecord, written: readonly string[]): string {
    const id = this.free(`#${idOfPath(node.key)}`);
    this.ids.set(`${kind} ${node.key}`, id);
    this.entities.set(id, { '@id': id });
    this.entities.set(id, { '@id': id, ...members, ...this.own(id, node, written) });
    return id;
  }

  private heading(root: JsonRecord): void {
    const { study } = this.graph;
    const licence = study.licence === undefined ? undefined : statedLicence(study.licence);
    const identifiers: string[] = [];
    for (const [kind, value] of [
      ['accession', study.identifier],
      ['DOI', study.doi],
    ] as const)
      if (value !== undefined) {
        const id = `#identifier-${kind}`;
        this.entities.set(id, {
          '@id': id,
          '@type': 'PropertyValue',
          name: kind,
          propertyID: kind,
          value,
          ...(kind === 'DOI' ? { url: `https://doi.org/${value}` } : {}),
        });
        identifiers.push(id);
      }
    const keywords = study.keywords ?? [];
    Object.assign(
      root,
      filled<JsonRecord>({
        name: study.title,
        description: study.description,
        datePublished: study.issuedDate ?? study.releaseDate,
        dateModified: study.updateDate,
        dateCreated: study.submissionDate,
        version: study.version,
        url: study.url,
        creditText: study.acknowledgements,
        identifier: identifiers.map(reference),
        // By convention one text with commas, unless a keyword holds one itself.
        keywords: keywords.length > 1 && !keywords.some((one) => one.includes(',')) ? keywords.join(', ') : keywords,
        license: licence ? reference(licence.url ?? ownTerms) : undefined,
      }),
      // Only with an address the crate can be got from.
      study.doi === undefined || study.url === undefined
        ? {}
        : { 'cite-as': reference(`https://doi.org/${study.doi}`) },
      this.own('#study', study, [
        'title',
        'description',
        // A day that is said and is not that of the publication stands beside it.
        ...(study.issuedDate === undefined || study.issuedDate === study.releaseDate ? ['releaseDate'] : []),
        'updateDate',
        'submissionDate',
        'version',
        'url',
        'acknowledgements',
        'identifier',
        'doi',
        'keywords',
        'licence',
        'publisher',
      ]),
    );
    if (licence)
      this.entities.set(
        licence.url ?? ownTerms,
        filled<JsonRecord>({
          '@id': licence.url ?? ownTerms,
          '@type': 'CreativeWork',
          name: licence.name,
          description: licence.spdx === undefined ? licence.name : `${licence.name} (${licence.spdx})`,
          identifier: licence.spdx,
        }),
      );
    if (study.publisher !== undefined) {
      this.entities.set('#publisher', { '@id': '#publisher', '@type': 'Organization', name: study.publisher });
      root.publisher = reference('#publisher');
    }
  }

  private people(root: JsonRecord): void {
    for (const one of this.graph.organisations) {
      const byRor = one.ror === undefined ? undefined : `https://ror.org/${one.ror}`;
      const id = byRor !== undefined && !this.entities.has(byRor) ? byRor : this.free(`#${idOfPath(one.key)}`);
      this.ids.set(`organisations ${one.key}`, id);
      this.entities.set(id, { '@id': id });
      this.entities.set(id, {
        '@id': id,
        '@type': 'Organization',
        ...filled<JsonRecord>({ name: one.name, address: one.address, url: one.url }),
        ...this.own(id, one, ['name', 'address', 'url', ...(id === byRor ? ['ror'] : [])]),
      });
    }
    const authors: string[] = [];
    const others: string[] = [];
    for (const one of this.graph.contributors) (one.isNoAuthor ? others : authors).push(this.person(one));
    if (authors.length > 0) root.author = authors.map(reference);
    if (others.length > 0) root.contributor = others.map(reference);
    for (const one of this.graph.organisations)
      if (!this.graph.contributors.some(({ organisations }) => organisations?.includes(one.key)))
        this.mentioned.push(this.ids.get(`organisations ${one.key}`)!);
  }

  private person(one: ContributorNode): string {
    const byOrcid = one.orcid === undefined ? undefined : `https://orcid.org/${one.orcid}`;
    const id = byOrcid !== undefined && !this.entities.has(byOrcid) ? byOrcid : this.free(`#${idOfPath(one.key)}`);
    this.entities.set(id, { '@id': id });
    const contact = one.email === undefined ? undefined : this.free(`#contact-${idOfPath(one.key)}`);
    if (contact !== undefined)
      this.entities.set(contact, {
        '@id': contact,
        '@type': 'ContactPoint',
        name: `Contact of ${displayName(one)}`,
        email: one.email!,
      });
    const affiliations = (one.organisations ?? []).flatMap((key) => this.ids.get(`organisations ${key}`) ?? []);
    this.entities.set(id, {
      '@id': id,
      '@type': one.name !== undefined && one.lastName === undefined ? 'Organization' : 'Person',
      ...filled<JsonRecord>({
        name: displayName(one),
        givenName: one.firstName,
        familyName: one.lastName,
        affiliation: affiliations.map(reference),
        contactPoint: contact === undefined ? undefined : reference(contact),
      }),
      ...this.own(id, one, [
        'firstName',
        'lastName',
        'name',
        'email',
        'organisations',
        ...(id === byOrcid ? ['orcid'] : []),
      ]),
    });
    return id;
  }

  private papers(root: JsonRecord): void {
    const citations = this.graph.publications.map((one) => {
      const address = one.doi === undefined ? undefined : `https://doi.org/${one.doi}`;
      const id = address !== undefined && !this.entities.has(address) ? address : this.free(`#${idOfPath(one.key)}`);
      this.entities.set(id, { '@id': id });
      this.entities.set(id, {
        '@id': id,
        '@type': 'ScholarlyArticle',
        ...filled<JsonRecord>({ name: one.title, datePublished: one.year }),
        ...this.own(id, one, ['title', 'year', ...(id === address ? ['doi'] : [])]),
      });
      return id;
    });
    if (citations.length > 0) root.citation = citations.map(reference);
    const grants = this.graph.grants.map((one) => {
      const funder = one.funder === undefined ? undefined : this.free(`#funder-${idOfPath(one.key)}`);
      if (funder !== undefined)
        this.entities.set(funder, { '@id': funder, '@type': 'Organization', name: one.funder! });
      return this.node(
        'grants',
        one,
        {
          '@type': 'Grant',
          ...filled<JsonRecord>({
            name: one.title,
            identifier: one.identifier,
            url: one.url,
            funder: funder === undefined ? undefined : reference(funder),
          }),
        },
        ['title', 'identifier', 'url', 'funder'],
      );
    });
    if (grants.length > 0) root.funding = grants.map(reference);
    const funders = this.graph.grants
      .flatMap((one) => (one.funder === undefined ? [] : [`#funder-${idOfPath(one.key)}`]))
      .filter((id) => this.entities.has(id));
    if (funders.length > 0) root.funder = funders.map(reference);
    for (const one of this.graph.links)
      this.mentioned.push(
        this.node(
          'links',
          one,
          {
            '@type': 'CreativeWork',
            additionalType: 'Link',
            url: one.url,
            ...filled<JsonRecord>({ description: one.description }),
          },
          ['url', 'description'],
        ),
      );
  }

  private parts(root: JsonRecord): void {
    const parts: string[] = [];
    for (const one of this.graph.datasets)
      parts.push(
        this.node(
          'datasets',
          one,
          {
            '@type': 'Dataset',
            additionalType: 'Study component',
            name: one.title,
            ...filled<JsonRecord>({ description: one.description, identifier: one.identifier }),
          },
          ['title', 'description', 'identifier'],
        ),
      );
    for (const file of this.graph.files) {
      // What stays elsewhere is an entity of the web: its identifier is where its bytes are, and its path is told beside.
      const id = this.free(isAddress(file.url) ? file.url : idOfPath(file.path));
      this.ids.set(`files ${file.path}`, id);
      this.entities.set(id, { '@id': id });
      this.entities.set(id, {
        '@id': id,
        '@type': 'File',
        name: file.path,
        ...filled<JsonRecord>({
          contentSize: file.size === undefined ? undefined : String(file.size),
          encodingFormat: file.mediaType,
          sha256: file.sha256,
        }),
        ...this.own(id, file, [
          ...(id === file.url ? ['url'] : []),
          ...(isAddress(file.url) ? [] : ['path']),
          'size',
          'mediaType',
          'sha256',
          'dataset',
        ]),
      });
      const dataset = this.entities.get(this.ids.get(`datasets ${file.dataset}`) ?? '');
      if (dataset) dataset.hasPart = [...((dataset.hasPart as Json[] | undefined) ?? []), reference(id)];
      else parts.push(id);
    }
    if (parts.length > 0) root.hasPart = parts.map(reference);
  }

  /** A panel of a figure: part of its paper, based on files, images and analyses. */
  private figure(one: FigureNode): string {
    const outside = (id: string, entity: JsonRecord): string => {
      if (!this.entities.has(id)) this.entities.set(id, { '@id': id, ...entity });
      return id;
    };
    const paper =
      one.doi === undefined
        ? undefined
        : outside(`https://doi.org/${one.doi}`, { '@type': 'ScholarlyArticle', name: one.doi });
    // An item that is a folder is no file; its images are entities of their own.
    const ofPath = (path: string | undefined): string[] => {
      if (path === undefined) return [];
      const image = this.graph.images.find(({ file }) => file === path);
      const id = this.ids.get(`files ${path}`) ?? (image && this.ids.get(`images ${image.key}`));
      return id === undefined ? [] : [id];
    };
    const analysis =
      one.analysis !== undefined && /^https?:/.test(one.analysis)
        ? [outside(one.analysis, { '@type': 'CreativeWork', name: `Analysis of ${one.label}`, url: one.analysis })]
        : ofPath(one.analysis);
    const based = [...new Set([...ofPath(one.image), ...ofPath(one.table), ...analysis])];
    return this.node(
      'figures',
      one,
      {
        '@type': 'CreativeWork',
        additionalType: 'Figure',
        name: one.label,
        ...filled<JsonRecord>({
          caption: one.caption,
          url: one.url,
          isPartOf: paper === undefined ? undefined : reference(paper),
          isBasedOn: based.map(reference),
        }),
      },
      ['label', 'caption', 'url'],
    );
  }

  /** Terms, for those who search; the nodes themselves hold them too. */
  private about(root: JsonRecord): void {
    const term = (one: TermReference, type: string): string | undefined => {
      const id = termAddress(one.id);
      if (id === undefined) return undefined;
      if (!this.entities.has(id))
        this.entities.set(id, {
          '@id': id,
          '@type': type,
          name: one.label,
          termCode: one.id!,
          inDefinedTermSet: vocabularyName(prefixOf(one.id)!),
        });
      return id;
    };
    const subjects = this.graph.biosamples.flatMap((sample) =>
      [
        sample.organisms,
        sample.cellLine,
        sample.cellType,
        sample.tissue,
        sample.molecularFunction,
        sample.biologicalProcess,
        sample.cellularComponent,
        sample.phenotypes,
      ].flatMap((terms) => (terms ?? []).flatMap((one) => term(one, 'DefinedTerm') ?? [])),
    );
    const methods = this.graph.acquisitions.flatMap(({ methods: list }) =>
      (list ?? []).flatMap((one) => term(one, 'DefinedTerm') ?? []),
    );
    // Who may have the files, and for what: beside the node of its own, where programs that know no more than schema.org look.
    const { restrictions, dataUse = [] } = this.graph.ethics ?? {};
    const uses = dataUse.flatMap((one) => term(one, 'DefinedTerm') ?? []);
    if (restrictions !== undefined) root.conditionsOfAccess = restrictions;
    if (uses.length > 0) root.usageInfo = [...new Set(uses)].map(reference);
    if (subjects.length > 0) root.about = [...new Set(subjects)].map(reference);
    if (methods.length > 0) root.measurementTechnique = [...new Set(methods)].map(reference);
  }
}

/** RO-Crate 1.2 out, 1.0 to 1.3 in. */
export const roCrate: JsonStandard = { standard: 'ro-crate', read: readCrate, write: writeCrate };
