import { defineIssues, type Issue } from '@micrarium/model';
import { isRecord, type Json, type JsonRecord, listOf, recordsOf, textOf, textsOf } from '../json/json.ts';
import { readOrcid, readRor } from '../identifiers/identifiers.ts';
import { Crate, type CrateEntity, idsOf, isType } from './entities.ts';

/** Issues of an RO-Crate, 1.0 to 1.3. What the specification says MUST be are errors, what SHOULD be are infos. */
export const crateIssue = defineIssues({
  'crate-malformed': {
    severity: 'error',
    meaning: 'The metadata document of an RO-Crate is not flattened, compacted JSON-LD with a @graph of entities.',
    hint: 'Write each entity once, at the top of @graph, and refer to it by {"@id": …}.',
  },
  'crate-context': {
    severity: 'error',
    meaning: 'An RO-Crate does not refer to the official context of a released version.',
    hint: 'Use https://w3id.org/ro/crate/1.2/context.',
  },
  'crate-descriptor': {
    severity: 'error',
    meaning: 'An RO-Crate lacks the entity that describes its metadata document, or the root it is about.',
    hint: 'Add the entity ro-crate-metadata.json with "about": {"@id": "./"}.',
  },
  'crate-root': {
    severity: 'error',
    meaning: 'The root of an RO-Crate lacks something it must have: type Dataset, name, description, date, licence.',
    hint: 'Fill it.',
  },
  'crate-identifier': {
    severity: 'error',
    meaning: 'An identifier of an RO-Crate is missing, given twice, or not a URI within the crate.',
    hint: 'Each entity has one @id; special characters are percent-encoded, letters of other scripts are not.',
  },
  'crate-unreachable': {
    severity: 'error',
    meaning: 'A data entity of an RO-Crate is not reached from the root by hasPart.',
    hint: 'Add it to hasPart of the root or of a dataset in it.',
  },
  'crate-file-missing': {
    severity: 'error',
    meaning: 'An RO-Crate describes a file or folder that is not there.',
    hint: 'Add the file, or remove its entity.',
  },
  'crate-data-entity': {
    severity: 'error',
    meaning: 'A file, script or workflow of an RO-Crate lacks something it must have.',
  },
  'crate-profile-unchecked': {
    severity: 'info',
    meaning:
      'An RO-Crate says that it follows a profile, such as one of workflow runs. The rules of that profile are not checked here, only those of RO-Crate itself.',
    hint: 'Have it checked by the validator of the profile.',
    example: 'A crate whose root conforms to https://w3id.org/ro/wfrun/process/0.5.',
  },
  'crate-recommended': {
    severity: 'info',
    meaning: 'The specification recommends something that an RO-Crate does not have.',
  },
});

/** What is around the metadata document. */
export interface CrateSurroundings {
  /** Name of the metadata document; `prefix-ro-crate-metadata.json` makes it a detached crate. */
  fileName?: string;
  /** Paths that are there, folders with a slash behind; without it nothing is said about missing files. */
  paths?: ReadonlySet<string>;
}

/** Checks a crate by the rules of the specification (section 11 of the standards note). */
export function checkCrate(document: Json, surroundings: CrateSurroundings = {}): Issue[] {
  if (!isRecord(document) || !Array.isArray(document['@graph']))
    return [crateIssue('crate-malformed', 'There is no @graph')];
  const checking = new CrateChecking(document, surroundings);
  checking.run();
  return checking.issues;
}

const isAbsolute = (id: string) => /^[a-z][a-z0-9+.-]*:/i.test(id);
const isWeb = (id: string) => /^https?:\/\//i.test(id);
const official = /^https:\/\/w3id\.org\/ro\/crate\/(1\.[0-3])(\.\d+)?\/context$/;
const dayPrecise = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const anyDate = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** A crate of 100,000 files that all lack something is told so a thousand times, not more. */
const mostIssues = 1000;

class CrateChecking {
  readonly issues: Issue[] = [];
  private advice = 0;
  private faults = 0;
  private readonly document: JsonRecord;
  private readonly around: CrateSurroundings;
  private readonly crate: Crate;
  private readonly version: string;

  constructor(document: JsonRecord, around: CrateSurroundings) {
    this.document = document;
    this.around = around;
    this.crate = new Crate(document);
    const stated = [...textsOf(document['@context']), ...idsOf(this.crate.descriptor?.conformsTo)].join(' ');
    this.version = /ro\/crate\/(1\.\d)/.exec(stated)?.[1] ?? '1.2';
  }

  private add(code: Parameters<typeof crateIssue>[0], message: string, entity?: CrateEntity): void {
    const isAdvice = code === 'crate-recommended' || code === 'crate-profile-unchecked';
    if ((isAdvice ? ++this.advice : ++this.faults) > mostIssues) return;
    const id = textOf(entity?.['@id']);
    this.issues.push(crateIssue(code, message, id === undefined ? {} : { where: { field: id.slice(0, 200) } }));
  }

  private should(message: string, entity?: CrateEntity): void {
    this.add('crate-recommended', message, entity);
  }

  run(): void {
    this.context();
    this.shapes();
    this.descriptor();
    const { root } = this.crate;
    if (root) {
      this.root(root);
      this.profiles(root);
      this.people(root);
      this.funding(root);
      this.reach(root);
    }
    for (const entity of this.crate.entities) this.entity(entity);
    this.references();
  }

  private context(): void {
    const contexts = textsOf(this.document['@context']).filter((one) => isWeb(one));
    const wanted = /ro\/crate\/(1\.\d)\b(?!-)/.exec(idsOf(this.crate.descriptor?.conformsTo).join(' '))?.[1];
    const used = contexts.flatMap((one) => official.exec(one)?.[1] ?? []);
    // Version 1.2 wants its own context; before it, later contexts were taken for earlier crates and the other way round.
    if (wanted !== undefined && wanted >= '1.2' && used.length > 0 && !used.some((one) => one >= '1.2')) {
      this.add('crate-context', `The crate is of version ${wanted}, its @context of version ${used[0]}`);
      return;
    }
    if (contexts.some((one) => one.includes('w3id.org/ro/crate/1.2-DRAFT/'))) {
      this.should('The @context is the draft of version 1.2, which is released');
      return;
    }
    // A crate of before the fixed context may carry the whole of it instead.
    if (
      contexts.some((one) => official.test(one)) ||
      (contexts.length === 0 && listOf(this.document['@context']).some(isRecord))
    )
      return;
    this.add(
      'crate-context',
      `@context ${contexts.length === 0 ? 'names no' : `is “${contexts[0]!.slice(0, 100)}”, not the`} official context`,
    );
  }

  private shapes(): void {
    const seen = new Set<string>();
    for (const value of listOf(this.document['@graph'])) {
      if (!isRecord(value)) {
        this.add('crate-malformed', 'An entry of @graph is no object');
        continue;
      }
      const id = textOf(value['@id']);
      if (id === undefined)
        this.add('crate-identifier', `An entity of type ${textsOf(value['@type']).join(', ') || '?'} has no @id`);
      else if (seen.has(id)) this.add('crate-identifier', `The @id ${id.slice(0, 100)} stands twice`, value);
      else seen.add(id);
      if (textsOf(value['@type']).length === 0)
        this.add('crate-malformed', `The entity ${id ?? ''} has no @type`, value);
      for (const [key, inner] of Object.entries(value)) {
        if (/^https?:\/\//.test(key) && !key.includes(' ') && /^https?:\/\/schema\.org\//.test(key))
          this.add('crate-malformed', `The property ${key.slice(0, 80)} is not compacted`, value);
        if (key.startsWith('@')) continue;
        for (const one of recordsOf(inner))
          if (one['@id'] === undefined ? one['@value'] === undefined : Object.keys(one).length > 1)
            this.add('crate-malformed', `${key} of ${id ?? '?'} holds an entity instead of a reference to one`, value);
      }
    }
  }

  private descriptor(): void {
    const { descriptor, root } = this.crate;
    if (!descriptor) {
      this.add('crate-descriptor', 'There is no entity ro-crate-metadata.json that says what it is about');
      return;
    }
    if (!isType(descriptor, 'CreativeWork'))
      this.add('crate-descriptor', 'The metadata descriptor is not a CreativeWork', descriptor);
    if (!root)
      this.add('crate-descriptor', `The root ${idsOf(descriptor.about)[0] ?? ''} is not described`, descriptor);
    const profiles = idsOf(descriptor.conformsTo);
    const versions = profiles.filter((one) => /ro\/crate\/\d/.test(one));
    if (profiles.length === 0 || !profiles.some((one) => one.startsWith('https://w3id.org/ro/crate/')))
      this.should(
        'The metadata descriptor does not say which version of RO-Crate it conforms to (https://w3id.org/ro/crate/…)',
        descriptor,
      );
    if (versions.length > 1)
      this.should('The metadata descriptor conforms to several versions of RO-Crate at once', descriptor);
  }

  private root(root: CrateEntity): void {
    const id = textOf(root['@id']) ?? '';
    if (!isType(root, 'Dataset')) this.add('crate-root', 'The root is not of type Dataset', root);
    const lacking = ['name', 'description', 'license', 'datePublished'].filter(
      (key) => textsOf(root[key]).length === 0 && recordsOf(root[key]).length === 0,
    );
    for (const key of lacking) this.add('crate-root', `The root has no ${key}`, root);
    const date = textsOf(root.datePublished)[0];
    if (textsOf(root.datePublished).length > 1)
      this.add('crate-root', 'The root has several values of datePublished', root);
    if (date !== undefined && !anyDate.test(date))
      this.add('crate-root', `datePublished “${date.slice(0, 40)}” is not an ISO 8601 date`, root);
    else if (date !== undefined && !dayPrecise.test(date))
      this.should(`datePublished “${date}” does not give the day`, root);
    // Crates without a folder of their own, and the name of their document, came with 1.2.
    const isDetached = this.version >= '1.2' && /.-ro-crate-metadata\.json$/.test(this.around.fileName ?? '');
    if (isDetached && !isAbsolute(id))
      this.add(
        'crate-root',
        `The root’s @id “${id.slice(0, 100)}” is not an absolute URI, as that of a detached crate (by the name of this document) must be`,
        root,
      );
    else if (id !== './' && !isAbsolute(id))
      this.add('crate-root', `The root’s @id “${id.slice(0, 100)}” is neither ./ nor an absolute URI`, root);
    else if (id !== './' && this.version < '1.2')
      this.should(`The root’s @id is “${id.slice(0, 100)}” and not ./`, root);
    if (
      isAbsolute(id) &&
      !isDetached &&
      this.around.fileName !== undefined &&
      !this.crate.entities.some((one) => this.isData(one) && !isAbsolute(textOf(one['@id']) ?? '')) &&
      isWeb(id)
    )
      this.should('A detached crate is kept in a file named PREFIX-ro-crate-metadata.json', root);
    this.licence(root);
    if (root.publisher === undefined) this.should('The root has no publisher', root);
    else if (!this.crate.targets(root.publisher).some((one) => isType(one, 'Organization', 'Person')))
      this.should('The publisher is not an Organization or Person', root);
    this.identifiers(root, id);
    for (const profile of this.crate.targets(root.conformsTo))
      if (!isType(profile, 'Profile'))
        this.should(`The profile ${textOf(profile['@id']) ?? ''} is not of type Profile`, root);
    if (root.conformsTo === undefined && this.crate.entities.some((one) => isType(one, 'Profile')))
      this.should('A profile is described, but the root does not conform to it', root);
  }

  /** Profiles that the crate claims and whose rules are not looked at: passing says nothing of them. */
  private profiles(root: CrateEntity): void {
    const claimed = [root, this.crate.descriptor].flatMap((one) => [
      ...idsOf(one?.conformsTo),
      ...textsOf(one?.conformsTo),
    ]);
    // The specification is named as a profile, too.
    for (const profile of new Set(claimed))
      if (!/\/ro\/crate\/\d/.test(profile))
        this.add(
          'crate-profile-unchecked',
          `The rules of the profile ${profile.slice(0, 120)} are not checked here`,
          root,
        );
  }

  private identifiers(root: CrateEntity, id: string): void {
    const pids = this.crate.targets(root.identifier);
    if (root.identifier === undefined) {
      if (isWeb(id)) this.should('The root has an absolute URI, but no identifier', root);
      else this.should('The root has no identifier', root);
    } else if (!pids.some((one) => isType(one, 'PropertyValue')))
      this.should('The identifier is not a PropertyValue', root);
    for (const text of textsOf(root.identifier))
      if (isWeb(text) && root['cite-as'] === undefined && root.url === undefined)
        this.should(`The identifier ${text.slice(0, 100)} does not say how it is resolved`, root);
    if (isWeb(id) && root['cite-as'] === undefined) this.should('The root can be resolved, but has no cite-as', root);
    const cited = [...idsOf(root['cite-as']), ...textsOf(root['cite-as'])][0];
    const target = this.crate.byId.get(cited ?? '');
    const isDownload = [root, target].some((one) => one?.url !== undefined || one?.distribution !== undefined);
    if (cited !== undefined && /doi\.org\//.test(cited) && !isDownload) {
      const message = 'The address to cite is no download, and there is no url or distribution to get the crate from';
      if (target) this.add('crate-root', message, root);
      else this.should(message, root);
    }
  }

  private licence(root: CrateEntity): void {
    if (root.license === undefined) return;
    const licences = this.crate.targets(root.license);
    if (idsOf(root.license).length === 0 && textsOf(root.license).length > 0)
      this.should('The licence is a text, not a reference to an entity', root);
    else if (licences.length === 0) this.should('The licence is not described', root);
    for (const one of licences) {
      if (!isType(one, 'CreativeWork')) this.should('The licence is not a CreativeWork', one);
      for (const key of ['name', 'description'])
        if (one[key] === undefined) this.should(`The licence has no ${key}`, one);
      if (!isAbsolute(textOf(one['@id']) ?? '')) this.should('The licence has no absolute URL', one);
    }
  }

  private people(root: CrateEntity): void {
    const people = this.crate.entities.filter((one) => isType(one, 'Person'));
    const organisations = this.crate.entities.filter((one) => isType(one, 'Organization'));
    for (const one of people) {
      if (readOrcid(textOf(one['@id']) ?? '') === undefined) this.should('A person is not identified by an ORCID', one);
      if (
        one.affiliation !== undefined &&
        !this.crate.targets(one.affiliation).some((other) => isType(other, 'Organization'))
      )
        this.should('The affiliation of a person is not an Organization', one);
    }
    for (const one of organisations) {
      if (readRor(textOf(one['@id']) ?? '') === undefined)
        this.should('An organisation is not identified by a ROR', one);
      if (one.url === undefined) this.should('An organisation has no url', one);
    }
    const reachable = [root, ...this.crate.targets(root.author), ...this.crate.targets(root.publisher)];
    const contacts = reachable.flatMap((one) => idsOf(one.contactPoint).map((id) => this.crate.byId.get(id)));
    if (root.contactPoint === undefined) this.should('The root has no contactPoint', root);
    if (contacts.length === 0) this.should('Neither root, author nor publisher has a contactPoint', root);
    else
      for (const contact of contacts)
        if (!isType(contact, 'ContactPoint')) this.should('A contactPoint is not a ContactPoint', root);
    for (const one of this.crate.targets(root.publisher))
      if (isType(one, 'Organization') && one.contactPoint === undefined)
        this.should('The publisher has no contactPoint', one);
  }

  private funding(root: CrateEntity): void {
    const funders = this.crate.targets(root.funder);
    if (root.funder === undefined && this.crate.entities.some((one) => isType(one, 'Grant')))
      this.should('A grant is named, but the root has no funder', root);
    else if (root.funder === undefined) this.should('The root has no funder', root);
    for (const one of funders) {
      if (!isType(one, 'Organization')) this.should('A funder is not an Organization', one);
      else if (readRor(textOf(one['@id']) ?? '') === undefined && this.crate.targets(one.funder).length === 0)
        this.should('A project among the funders does not name its own funder', one);
    }
  }

  private isData(entity: CrateEntity): boolean {
    const id = textOf(entity['@id']) ?? '';
    if (entity === this.crate.root || entity === this.crate.descriptor || id.startsWith('#')) return false;
    if (isType(entity, 'File', 'MediaObject')) return true;
    // Web pages of data sets elsewhere are context unless they are parts.
    return isType(entity, 'Dataset') && !isAbsolute(id);
  }

  private reach(root: CrateEntity): void {
    const reached = new Set<CrateEntity>([root]);
    const waiting = [root];
    for (let one = waiting.pop(); one; one = waiting.pop())
      for (const part of this.crate.targets(one.hasPart))
        if (!reached.has(part)) {
          reached.add(part);
          waiting.push(part);
        }
    for (const entity of this.crate.entities) {
      const id = textOf(entity['@id']) ?? '';
      // Since 1.2 whatever another entity mentions may be described without being a part.
      if (this.isData(entity) && !reached.has(entity))
        this.add('crate-unreachable', `${id.slice(0, 100)} is not part of the crate`, entity);
      if (reached.has(entity) && /(^|\/)ro-crate-preview\.html$/.test(id))
        this.should('The preview is listed in hasPart', entity);
      if (this.around.paths && this.isData(entity) && !isAbsolute(id)) this.present(entity, id);
    }
  }

  private present(entity: CrateEntity, id: string): void {
    const plain = (text: string) => {
      try {
        return decodeURIComponent(text).replace(/^\.\//, '');
      } catch {
        return text;
      }
    };
    if (!this.around.paths!.has(plain(id)) && !this.around.paths!.has(id.replace(/^\.\//, '')))
      this.add('crate-file-missing', `${id.slice(0, 100)} is described, but not there`, entity);
  }

  private entity(entity: CrateEntity): void {
    const id = textOf(entity['@id']) ?? '';
    if (id.startsWith('../') || id.includes('/../'))
      this.add('crate-identifier', `${id.slice(0, 100)} leads out of the crate`, entity);
    if (/[\s<>"{}|\\^`]/.test(id)) {
      const message = `“${id.slice(0, 100)}” is not a URI: spaces and brackets are percent-encoded`;
      // The file it means is there: other readers find it, too.
      if (this.around.paths?.has(id.replace(/^\.\//, ''))) this.should(message, entity);
      else this.add('crate-identifier', message, entity);
    }
    if (/%[89A-Fa-f][0-9A-Fa-f]/.test(id))
      this.should(`“${id.slice(0, 100)}” has percent-encoded letters that may be written as they are`, entity);
    const isSomething = entity !== this.crate.root && entity !== this.crate.descriptor;
    if (
      isSomething &&
      !this.isData(entity) &&
      !isAbsolute(id) &&
      !id.startsWith('#') &&
      isType(
        entity,
        'Person',
        'Organization',
        'ContactPoint',
        'PropertyValue',
        'Place',
        'DefinedTerm',
        'SoftwareApplication',
        'ComputerLanguage',
      )
    )
      this.should(`The local identifier ${id.slice(0, 80)} does not begin with #`, entity);
    if (isSomething && entity.name === undefined) this.should(`${id.slice(0, 80)} has no name`, entity);
    if (textsOf(entity['@type']).every((type) => isWeb(type)) && isSomething)
      this.should(`${id.slice(0, 80)} has no type of schema.org`, entity);
    if (isType(entity, 'File', 'MediaObject')) this.file(entity, id);
    if (this.isData(entity) && isType(entity, 'Dataset') && !isType(entity, 'File') && !id.endsWith('/'))
      this.should(`The folder ${id.slice(0, 80)} does not end with a slash`, entity);
    if (isType(entity, 'SoftwareApplication', 'ComputerLanguage'))
      for (const key of ['name', 'url', 'version'])
        if (entity[key] === undefined && !(key === 'version' && entity.softwareVersion !== undefined))
          this.should(`The software ${id.slice(0, 80)} has no ${key}`, entity);
    this.code(entity, id);
  }

  private file(entity: CrateEntity, id: string): void {
    if (entity.encodingFormat === undefined) this.should(`The file ${id.slice(0, 80)} has no encodingFormat`, entity);
    for (const text of textsOf(entity.encodingFormat))
      if (!/^[\w.+-]+\/[\w.+-]+/.test(text) && !isWeb(text))
        this.should(`encodingFormat “${text.slice(0, 60)}” is no media type`, entity);
    for (const format of this.crate.targets(entity.encodingFormat)) {
      const formatId = textOf(format['@id']) ?? '';
      if (format.name === undefined) this.should(`The format ${formatId.slice(0, 80)} has no name`, format);
      if (!isType(format, 'WebPage', 'WebPageElement', 'Standard'))
        this.should(`The format ${formatId.slice(0, 80)} is not a WebPage or Standard`, format);
      else if (formatId.includes('#') && !isType(format, 'WebPageElement', 'Standard'))
        this.should(`The format ${formatId.slice(0, 80)} is a part of a page, but no WebPageElement`, format);
    }
    for (const reference of idsOf(entity.encodingFormat))
      if (!this.crate.byId.has(reference)) this.should(`The format ${reference.slice(0, 80)} is not described`, entity);
    if (entity.contentSize === undefined) this.should(`The file ${id.slice(0, 80)} has no contentSize`, entity);
    if (isWeb(id)) {
      const date = textsOf(entity.sdDatePublished)[0];
      if (date === undefined) this.should(`The web file ${id.slice(0, 80)} has no sdDatePublished`, entity);
      else if (!anyDate.test(date))
        this.should(`sdDatePublished “${date.slice(0, 40)}” is not an ISO 8601 date`, entity);
    }
  }

  private code(entity: CrateEntity, id: string): void {
    const isWorkflow = isType(entity, 'ComputationalWorkflow');
    const isScript = isType(entity, 'SoftwareSourceCode');
    if (isWorkflow && !isScript)
      this.add('crate-data-entity', `The workflow ${id.slice(0, 80)} is not SoftwareSourceCode`, entity);
    if ((isWorkflow || isScript) && !isType(entity, 'File'))
      this.add(
        'crate-data-entity',
        `The ${isWorkflow ? 'workflow' : 'script'} ${id.slice(0, 80)} is not a File`,
        entity,
      );
    if ((isWorkflow || isScript) && entity.name === undefined)
      this.add('crate-data-entity', `The ${isWorkflow ? 'workflow' : 'script'} ${id.slice(0, 80)} has no name`, entity);
    if ((isWorkflow || isScript) && entity.programmingLanguage === undefined)
      this.should(`${id.slice(0, 80)} does not name its programming language`, entity);
    if (
      isWorkflow &&
      !idsOf(entity.conformsTo).some((one) => one.includes('bioschemas.org/profiles/ComputationalWorkflow'))
    )
      this.should(`The workflow ${id.slice(0, 80)} does not conform to the Bioschemas profile`, entity);
    if (isWorkflow)
      for (const image of this.crate.targets(entity.image))
        if (!idsOf(image.about).includes(id))
          this.should(`The picture of ${id.slice(0, 80)} does not say that it is about the workflow`, image);
  }

  private references(): void {
    const referred = new Set<string>();
    for (const entity of this.crate.entities)
      for (const [key, value] of Object.entries(entity))
        if (!key.startsWith('@')) for (const id of idsOf(value)) if (id !== entity['@id']) referred.add(id);
    for (const entity of this.crate.entities) {
      const id = textOf(entity['@id']) ?? '';
      if (
        entity !== this.crate.root &&
        entity !== this.crate.descriptor &&
        !this.isData(entity) &&
        !referred.has(id) &&
        !Object.keys(entity).includes('@reverse')
      )
        this.should(`Nothing refers to ${id.slice(0, 80)}`, entity);
    }
    for (const key of ['author', 'creator', 'publisher', 'hasPart', 'funder'])
      for (const id of idsOf(this.crate.root?.[key]))
        if (!this.crate.byId.has(id))
          this.should(`${key} refers to ${id.slice(0, 80)}, which is not described`, this.crate.root);
  }
}
