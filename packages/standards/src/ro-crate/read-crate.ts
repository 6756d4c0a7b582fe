import { type Imported, otherStandard } from '../exchange/exchange.ts';
import { nodeOfPairs } from '../exchange/leaves.ts';
import { dayOf } from '../exchange/written-dates.ts';
import {
  type ContributorNode,
  emptyGraph,
  keyMaker,
  type StudyGraph,
  type TermReference,
  splitName,
} from '../graph/study-graph.ts';
import { readCurie, readDoi, readOrcid, readRor } from '../identifiers/identifiers.ts';
import { filled, isRecord, type Json, textOf, textsOf } from '../json/json.ts';
import { findLicence } from '../licences/licences.ts';
import { Crate, type CrateEntity, idsOf, isType } from './entities.ts';
import { crateKinds, ownProperty, pathOfId } from './crate-kinds.ts';

/** The study graph of a crate: ours with all its nodes, any other as far as schema.org says it. */
export function readCrate(document: Json): Imported {
  if (!isRecord(document) || !Array.isArray(document['@graph']))
    return { graph: emptyGraph(), issues: [otherStandard('ro-crate', 'it has no @graph')] };
  const crate = new Crate(document);
  if (!crate.root) return { graph: emptyGraph(), issues: [otherStandard('ro-crate', 'it has no root')] };
  return { graph: new CrateReading(crate, crate.root).graph, issues: [] };
}

const idOf = (entity: CrateEntity) => textOf(entity['@id']) ?? '';
const keyOf = (entity: CrateEntity) => pathOfId(idOf(entity).replace(/^#/, ''));

/** Fields of ours that travel as PropertyValues, or as texts where a crate may hold entities of its own kinds only. */
export function ownFields(crate: Crate, entity: CrateEntity): object {
  const pairs = crate.targets(entity.additionalProperty).flatMap((one) => {
    const path = textOf(one.propertyID);
    return path?.startsWith(ownProperty) ? [[path.slice(ownProperty.length), textOf(one.value) ?? ''] as const] : [];
  });
  const texts = textsOf(entity.additionalProperty).flatMap((text) => {
    const at = text.indexOf('=');
    return text.startsWith(ownProperty) && at > 0
      ? [[text.slice(ownProperty.length, at), text.slice(at + 1)] as const]
      : [];
  });
  return nodeOfPairs([...pairs, ...texts]);
}

class CrateReading {
  readonly graph: StudyGraph = emptyGraph();
  private readonly crate: Crate;
  /** Keys of organisations by identifier. */
  private readonly organisations = new Map<string, string>();
  private readonly organisationKey = keyMaker('o');

  constructor(crate: Crate, root: CrateEntity) {
    this.crate = crate;
    this.heading(root);
    this.people(root);
    this.papers(root);
    this.nodes();
    this.parts(root);
    this.links(root);
  }

  private own(entity: CrateEntity): object {
    return ownFields(this.crate, entity);
  }

  private kind(label: string): CrateEntity[] {
    // What a crate for the BioImage Archive calls the type of a link is people's own word.
    return this.crate.entities.filter(
      (one) => textOf(one.additionalType) === label && !isType(one, 'ExternalReference'),
    );
  }

  /** What the root says of its licence: what names a known one, else the words where its id is no address. */
  private licenceOf(root: CrateEntity): string | undefined {
    const stated = [...idsOf(root.license), ...textsOf(root.license)];
    const words = this.crate
      .targets(root.license)
      .flatMap((one) => [...textsOf(one.identifier), ...textsOf(one.url), ...textsOf(one.name)]);
    const known = [...stated, ...words].find((text) => findLicence(text) !== undefined);
    const [first] = stated;
    return known ?? (first === undefined || /^https?:/i.test(first) ? first : (words.at(-1) ?? first));
  }

  private heading(root: CrateEntity): void {
    const identifiers = this.crate.targets(root.identifier);
    const valued = (kind: RegExp) =>
      textOf(identifiers.find((one) => kind.test(textOf(one.propertyID) ?? textOf(one.name) ?? ''))?.value);
    const doi = [
      valued(/doi/i),
      ...textsOf(root.identifier),
      ...idsOf(root.identifier),
      ...idsOf(root['cite-as']),
      idOf(root),
    ].flatMap((text) => {
      const read = readDoi(text ?? '');
      return 'doi' in read ? read.doi : [];
    })[0];
    const licence = this.licenceOf(root);
    const keywords = root.keywords ?? root.keyword;
    this.graph.study = filled({
      identifier: valued(/accession/i) ?? textOf(root.accessionId),
      doi,
      title: textOf(root.name),
      description: textOf(root.description),
      keywords: Array.isArray(keywords)
        ? textsOf(keywords)
        : (textOf(keywords)
            ?.split(/\s*,\s*/)
            .filter(Boolean) ?? []),
      licence: licence === undefined ? undefined : (findLicence(licence)?.spdx ?? licence),
      releaseDate: dayOf(textOf(root.datePublished)),
      updateDate: dayOf(textOf(root.dateModified)),
      submissionDate: dayOf(textOf(root.dateCreated)),
      version: textOf(root.version),
      url: textOf(root.url),
      acknowledgements: textOf(root.creditText) ?? textOf(root.acknowledgement),
      publisher: root.publisher === undefined ? undefined : this.crate.nameAt(root.publisher),
      ...this.own(root),
    });
  }

  private organisation(entity: CrateEntity): string {
    const id = idOf(entity);
    const known = this.organisations.get(id);
    if (known !== undefined) return known;
    const key = this.organisationKey(id.startsWith('#') ? keyOf(entity) : undefined);
    this.organisations.set(id, key);
    const name = textOf(entity.name) ?? textOf(entity.displayName) ?? id;
    this.graph.organisations.push({
      ...filled({
        name,
        ror: readRor(id),
        address: textOf(entity.address),
        url: textOf(entity.url) ?? textOf(entity.website),
        ...this.own(entity),
      }),
      key,
      name,
    });
    return key;
  }

  private people(root: CrateEntity): void {
    const key = keyMaker('c');
    const take = (entity: CrateEntity, isNoAuthor: boolean) => {
      const given = textOf(entity.givenName);
      const family = textOf(entity.familyName);
      const name = textOf(entity.name) ?? textOf(entity.displayName);
      const contact = this.crate.targets(entity.contactPoint)[0];
      const isPerson = !isType(entity, 'Organization');
      const own = this.own(entity);
      const parts =
        given !== undefined || family !== undefined
          ? { firstName: given, lastName: family }
          : 'lastName' in own || 'firstName' in own || 'name' in own
            ? {}
            : name === undefined || !isPerson || idOf(entity).startsWith('#c')
              ? { name }
              : splitName(name);
      this.graph.contributors.push({
        ...filled<Omit<ContributorNode, 'key'>>({
          ...parts,
          email: (textOf(contact?.email) ?? textOf(entity.email) ?? textOf(entity.contactEmail))?.replace(
            /^mailto:/,
            '',
          ),
          orcid: readOrcid(idOf(entity)),
          // Crates for the BioImage Archive name them so.
          roles: textsOf(entity.role),
          organisations: this.crate.targets(entity.affiliation ?? entity.memberOf).map((one) => this.organisation(one)),
          ...own,
        }),
        ...(isNoAuthor ? { isNoAuthor: true } : {}),
        key: key(idOf(entity).startsWith('#') ? keyOf(entity) : undefined),
      });
    };
    const seen = new Set<CrateEntity>();
    for (const property of ['author', 'creator', 'contributor'] as const)
      for (const entity of this.crate.targets(root[property]))
        if (!seen.has(entity)) {
          seen.add(entity);
          take(entity, property === 'contributor' && root.author !== undefined);
        }
    for (const entity of this.crate.targets(root.mentions))
      if (isType(entity, 'Organization')) this.organisation(entity);
  }

  private papers(root: CrateEntity): void {
    const key = keyMaker('p');
    for (const entity of this.crate.targets(root.citation)) {
      const doi = readDoi(idOf(entity));
      this.graph.publications.push({
        ...filled({
          title: textOf(entity.name),
          year: /^\d{4}/.exec(textOf(entity.datePublished) ?? '')?.[0],
          doi: 'doi' in doi ? doi.doi : undefined,
          ...this.own(entity),
        }),
        key: key(idOf(entity).startsWith('#') ? keyOf(entity) : undefined),
      });
    }
    const grantKey = keyMaker('g');
    for (const entity of this.crate.targets(root.funding))
      this.graph.grants.push({
        ...filled({
          title: textOf(entity.name),
          identifier: textOf(entity.identifier),
          url: textOf(entity.url),
          funder: entity.funder === undefined ? undefined : this.crate.nameAt(entity.funder),
          ...this.own(entity),
        }),
        key: grantKey(keyOf(entity)),
      });
  }

  private nodes(): void {
    for (const [kind, label, , title] of crateKinds)
      for (const entity of this.kind(label)) {
        const node = { ...this.own(entity), key: keyOf(entity), [title]: textOf(entity.name) ?? '' };
        (this.graph[kind] as unknown[]).push(node);
      }
    const figures = this.kind('Figure').map((entity) => ({
      ...filled({ caption: textOf(entity.caption), url: textOf(entity.url), ...this.own(entity) }),
      key: keyOf(entity),
      label: textOf(entity.name) ?? '',
    }));
    if (figures.length > 0) this.graph.figures = figures;
    const ethics = this.kind('Ethics')[0];
    if (ethics) this.graph.ethics = this.own(ethics);
  }

  private parts(root: CrateEntity): void {
    const seen = new Set<CrateEntity>([root]);
    const walk = (entity: CrateEntity, dataset: string | undefined, depth: number) => {
      for (const part of this.crate.targets(entity.hasPart)) {
        if (seen.has(part) || depth > 50) continue;
        seen.add(part);
        const id = idOf(part);
        if (isType(part, 'File', 'MediaObject')) {
          const size = Number(textOf(part.contentSize));
          const own = this.own(part);
          // Of a file of the web we tell the path beside; others do not, and its address is all there is.
          const path = 'path' in own && typeof own.path === 'string' ? own.path : undefined;
          const url = path !== undefined && /^https?:\/\//.test(id) ? id : undefined;
          this.graph.files.push({
            ...filled({
              mediaType: textsOf(part.encodingFormat)[0],
              sha256: textOf(part.sha256),
              size: Number.isSafeInteger(size) && textOf(part.contentSize) !== undefined ? size : undefined,
              url,
              ...own,
              dataset,
            }),
            path: path ?? pathOfId(id),
          });
        } else if (isType(part, 'Dataset')) {
          const title = textOf(part.name) ?? '';
          const key = keyOf(part);
          this.graph.datasets.push({
            ...filled({
              title,
              description: textOf(part.description),
              identifier: textOf(part.identifier),
              ...this.own(part),
            }),
            key,
            title,
          });
          walk(part, key, depth + 1);
        }
      }
    };
    walk(root, undefined, 0);
  }

  private links(root: CrateEntity): void {
    const key = keyMaker('l');
    for (const entity of this.kind('Link')) {
      const url = textOf(entity.url);
      if (url !== undefined)
        this.graph.links.push({
          ...filled({ description: textOf(entity.description), ...this.own(entity) }),
          key: key(keyOf(entity)),
          url,
        });
    }
    // In a crate of ours the samples hold their terms; in others the root is about them.
    if (this.graph.biosamples.length > 0 || this.graph.acquisitions.length > 0) return;
    const terms = (value: Json | undefined): TermReference[] =>
      this.crate.targets(value).flatMap((one) => {
        const id = readCurie(idOf(one)) ?? readCurie(textOf(one.termCode) ?? '');
        const label = textOf(one.name);
        return label === undefined ? [] : [{ label, ...(id === undefined ? {} : { id }) }];
      });
    const organisms = terms(root.about).filter(({ id }) => id?.startsWith('NCBITaxon:'));
    if (organisms.length > 0) this.graph.biosamples.push({ key: 'biosample-1', title: 'Biosample', organisms });
    const methods = terms(root.measurementTechnique ?? root.measurementMethod);
    if (methods.length > 0) this.graph.acquisitions.push({ key: 'acquisition-1', title: 'Image acquisition', methods });
  }
}
