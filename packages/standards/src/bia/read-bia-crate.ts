import type { Imported } from '../exchange/exchange.ts';
import {
  type AnalysisNode,
  type BiosampleNode,
  type DatasetTuple,
  keyMaker,
  type StudyGraph,
  type TermReference,
} from '../graph/study-graph.ts';
import { readCurie, readDoi, readRor } from '../identifiers/identifiers.ts';
import { filled, isRecord, type Json, type JsonRecord, recordsOf, textOf, textsOf } from '../json/json.ts';
import { pathOfId } from '../ro-crate/crate-kinds.ts';
import { Crate, type CrateEntity, idsOf } from '../ro-crate/entities.ts';
import { ownFields, readCrate } from '../ro-crate/read-crate.ts';
import { fileList } from './write-bia-crate.ts';

/** Members that early crates of the archive called otherwise, beside writing all of them with underscores. */
const earlyNames: Readonly<Record<string, string>> = {
  licence: 'license',
  display_name: 'name',
  associated_bio_sample: 'associatedBiologicalEntity',
  associated_specimen_image_acquisition_protocol: 'associatedImageAcquisitionProtocol',
};

/** A crate of the time before the profile, with its members named as the profile names them; any other as it is. */
function inPresentNames(document: Json): Json {
  const root = isRecord(document) ? new Crate(document).root : undefined;
  if (!isRecord(document) || !['has_part', 'date_published', 'accession_id'].some((name) => name in (root ?? {})))
    return document;
  const contexts = recordsOf(document['@context']);
  const isLink = (name: string) => contexts.some((one) => textOf((recordsOf(one[name])[0] ?? {})['@type']) === '@id');
  const ids = new Set(recordsOf(document['@graph']).map((entity) => textOf(entity['@id'])));
  const linked = (value: Json): Json =>
    Array.isArray(value) ? value.map(linked) : typeof value === 'string' ? { '@id': value } : value;
  const entities = recordsOf(document['@graph']).map((entity) => {
    const renamed = Object.fromEntries(
      Object.entries(entity).map(([name, value]) => [
        earlyNames[name] ?? name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
        isLink(name) || (name !== '@id' && name !== '@type' && textsOf(value).some((text) => ids.has(text)))
          ? linked(value)
          : value,
      ]),
    );
    const called = textOf(renamed.name) ?? textOf(renamed.title);
    return called === undefined ? renamed : { ...renamed, name: called };
  });
  return { ...document, '@graph': entities };
}

/** Members that crates of the spring of 2026 called otherwise than the profile does. */
const springNames: readonly (readonly [then: string, now: string])[] = [
  ['displayName', 'name'],
  ['title', 'name'],
  ['protocolDescription', 'description'],
  ['biologicalEntityDescription', 'description'],
  ['contactEmail', 'email'],
  ['affiliation', 'memberOf'],
  ['keyword', 'keywords'],
];

/** A crate of any time with its members named as the profile 1.0 names them, where nothing else has the name there. */
export function inProfileNames(told: Json): Json {
  const document = inPresentNames(told);
  if (!isRecord(document)) return document;
  const renamed = (entity: JsonRecord): JsonRecord => {
    const names = entity['@id'] === './' ? [...springNames, ['contributor', 'author'] as const] : springNames;
    const next = { ...entity };
    for (const [then, now] of names)
      if (next[then] !== undefined && next[now] === undefined) {
        next[now] = next[then];
        delete next[then];
      }
    return next;
  };
  return { ...document, '@graph': recordsOf(document['@graph']).map(renamed) };
}

/** A crate while its entities of the archive's kinds are read. */
class BiaReading {
  private readonly crate: Crate;
  private readonly graph: StudyGraph;

  constructor(crate: Crate, graph: StudyGraph) {
    this.crate = crate;
    this.graph = graph;
  }

  read(): void {
    this.heading();
    this.organisations();
    this.papersAndLinks();
    this.samples();
    this.protocols();
    this.datasets();
    this.graph.files = this.graph.files.filter(({ path }) => path !== fileList);
  }

  private ofType(type: string): CrateEntity[] {
    return this.crate.entities.filter((one) => textsOf(one['@type']).includes(type));
  }

  private own(entity: CrateEntity): JsonRecord {
    return ownFields(this.crate, entity) as JsonRecord;
  }

  /** Parts of the study that travel within it, and what the profile calls otherwise than other crates do. */
  private heading(): void {
    const { graph, crate } = this;
    const { images, figures, ethics, ...study } = graph.study as StudyGraph['study'] & Record<string, Json>;
    const numbered = <Node>(prefix: string, value: Json | undefined) =>
      recordsOf(value).map((one, index) => ({ ...one, key: `${prefix}-${index + 1}` }) as unknown as Node);
    graph.study = study;
    graph.images.push(...numbered<StudyGraph['images'][number]>('image', images));
    if (figures !== undefined) graph.figures = numbered('figure', figures);
    if (isRecord(ethics)) graph.ethics = ethics;
    const doi = readDoi(textOf(crate.root?.doi) ?? '');
    const fundingStatement = textOf(crate.root?.fundingStatement);
    if ('doi' in doi) graph.study.doi ??= doi.doi;
    if (fundingStatement !== undefined) graph.study.fundingStatement ??= fundingStatement;
  }

  /** Organisations that nobody is of. */
  private organisations(): void {
    const root = this.crate.root ?? {};
    const people = [root.author, root.contributor].flatMap((value) => this.crate.targets(value));
    const reached = new Set(people.flatMap((one) => [...idsOf(one.memberOf), ...idsOf(one.affiliation)]));
    for (const one of this.ofType('bia:Affiliation')) {
      const id = textOf(one['@id']) ?? '';
      if (reached.has(id)) continue;
      const name = textOf(one.name) ?? textOf(one.displayName) ?? id;
      const ror = readRor(id);
      this.graph.organisations.push({
        ...filled({ ror, address: textOf(one.address) }),
        ...this.own(one),
        key: `affiliation ${id}`,
        name,
      });
    }
  }

  private papersAndLinks(): void {
    const paperKey = keyMaker('p');
    const linkKey = keyMaker('l');
    for (const one of this.crate.targets(this.crate.root?.relatedPublication)) {
      const doi = readDoi(textOf(one.doi) ?? textOf(one['@id']) ?? '');
      const authors = textOf(one.authorNames)?.split(/\s*,\s*/);
      this.graph.publications.push({
        ...filled({
          title: textOf(one.name),
          authors,
          year: textOf(one.yearPublished),
          pubmedId: textOf(one.pubmedId),
          doi: 'doi' in doi ? doi.doi : undefined,
        }),
        ...this.own(one),
        key: paperKey(keyWithin(one)),
      });
    }
    for (const one of this.crate.targets(this.crate.root?.seeAlso)) {
      const own = this.own(one);
      const url = textOf(own.url) ?? textOf(one['@id']) ?? '';
      this.graph.links.push({
        ...filled({ description: textOf(one.description), type: textOf(one.additionalType) }),
        ...own,
        key: linkKey(keyWithin(one)),
        url,
      });
    }
  }

  private samples(): void {
    const organisms = (entity: CrateEntity): TermReference[] =>
      this.crate.targets(entity.organismClassification).map((one) => {
        const id = readCurie(textOf(one['@id']) ?? '') ?? readCurie(textOf(one.ncbiId) ?? '');
        const common = textOf(one.commonName);
        return {
          label: textOf(one.scientificName) ?? textOf(one.name) ?? '',
          ...(id === undefined ? {} : { id }),
          ...(common === undefined ? {} : { commonName: common }),
        };
      });
    for (const one of this.ofType('bia:BioSample')) {
      const own = this.own(one);
      const said = textOf(one.biologicalEntityDescription) ?? textOf(one.description);
      // The description of a sample of ours stands in for what is imaged where that is not told.
      const entity = said === titleOf(one) || said === own.description ? undefined : said;
      this.graph.biosamples.push({
        ...filled<Omit<BiosampleNode, 'key' | 'title'>>({
          organisms: organisms(one),
          biologicalEntity: entity,
          intrinsicVariables: textsOf(one.intrinsicVariableDescription),
          extrinsicVariables: textsOf(one.extrinsicVariableDescription),
          experimentalVariables: textsOf(one.experimentalVariableDescription),
        }),
        ...own,
        key: keyOf(one),
        title: titleOf(one),
      });
    }
    for (const one of this.ofType('bia:SpecimenImagingPreparationProtocol'))
      this.graph.specimens.push({
        ...filled({ preparation: textOfProtocol(one) }),
        ...this.own(one),
        key: keyOf(one),
        title: titleOf(one),
      });
  }

  private protocols(): void {
    const { graph } = this;
    for (const one of this.ofType('bia:ImageAcquisitionProtocol')) {
      const ids = [...textsOf(one.fbbiId), ...idsOf(one.fbbiId)];
      const methods = textsOf(one.imagingMethodName).map((label, index) => {
        const id = readCurie(ids[index] ?? '');
        return { label, ...(id === undefined ? {} : { id }) };
      });
      graph.acquisitions.push({
        ...filled({
          methods,
          instrument: textOf(one.imagingInstrumentDescription),
          parameters: textOfProtocol(one),
        }),
        ...this.own(one),
        key: keyOf(one),
        title: titleOf(one),
      });
    }
    for (const one of this.ofType('bia:ImageCorrelationMethod'))
      graph.correlations.push({
        ...filled({
          alignment: textOfProtocol(one),
          fiducials: textOf(one.fiducialsUsed),
          transformation: textOf(one.transformationMatrix),
        }),
        ...this.own(one),
        key: keyOf(one),
        title: titleOf(one),
      });
    for (const one of this.ofType('bia:ImageAnalysisMethod'))
      graph.analyses.push({
        ...filled({ overview: textOfProtocol(one) }),
        ...this.own(one),
        key: keyOf(one),
        title: titleOf(one),
      });
    for (const one of this.ofType('bia:AnnotationMethod')) {
      const own = this.own(one);
      const overview = textOfProtocol(one);
      graph.analyses.push({
        ...filled<Omit<AnalysisNode, 'key' | 'title'>>({
          overview: overview === own.annotationMethod ? undefined : overview,
          annotationType: textsOf(one.methodType)[0] ?? 'other',
          criteria: textOf(one.annotationCriteria),
          coverage: textOf(one.annotationCoverage),
        }),
        ...own,
        key: keyOf(one),
        title: titleOf(one),
      });
    }
  }

  private datasets(): void {
    const entities = new Map(this.ofType('bia:Dataset').map((one) => [keyOf(one), one]));
    for (const dataset of this.graph.datasets) {
      const entity = entities.get(dataset.key);
      if (!entity) continue;
      if (dataset.description === dataset.title && this.own(entity).description === undefined)
        delete dataset.description;
      const tuples = this.tuplesOf(entity);
      if (tuples.length > 0) dataset.tuples ??= tuples;
    }
  }

  /** A crate lists each kind by itself: what goes with what is taken from the order, the last of a shorter list for the rest. */
  private tuplesOf(entity: CrateEntity): DatasetTuple[] {
    const specimens = this.crate.targets(entity.associatedSpecimen);
    const listed = (...properties: string[]) =>
      properties.flatMap((property) => this.crate.targets(entity[property]).map(keyOf));
    const through = (found: string[], property: string) =>
      found.length > 0 ? found : specimens.flatMap((one) => this.crate.targets(one[property]).map(keyOf));
    const kinds = {
      biosample: through(listed('associatedBiologicalEntity'), 'biologicalEntity'),
      specimen: through(listed('associatedSpecimenImagingPreparationProtocol'), 'imagingPreparationProtocol'),
      acquisition: listed('associatedImageAcquisitionProtocol'),
      analysis: listed('associatedAnnotationMethod', 'associatedImageAnalysisMethod'),
      correlation: listed('associatedImageCorrelationMethod'),
    };
    const count = Math.max(...Object.values(kinds).map(({ length }) => length));
    return Array.from({ length: count }, (_, index) =>
      filled<DatasetTuple>(
        Object.fromEntries(Object.entries(kinds).map(([kind, keys]) => [kind, keys[Math.min(index, keys.length - 1)]])),
      ),
    );
  }
}

const keyOf = (entity: CrateEntity) => pathOfId((textOf(entity['@id']) ?? '').replace(/^#/, ''));
/** The key of an entity that has no address of its own. */
const keyWithin = (entity: CrateEntity) => (textOf(entity['@id'])?.startsWith('#') ? keyOf(entity) : undefined);
const titleOf = (entity: CrateEntity) => textOf(entity.title) ?? textOf(entity.name) ?? '';

/** What a protocol says; a title said again is nothing. */
function textOfProtocol(entity: CrateEntity): string | undefined {
  const said = textOf(entity.protocolDescription) ?? textOf(entity.description);
  return said === titleOf(entity) ? undefined : said;
}

/** The study graph of a crate for the BioImage Archive, of its submission profile or of the time before. */
export function readBiaCrate(told: Json): Imported {
  const document = inPresentNames(told);
  const { graph, issues } = readCrate(document);
  if (issues.length > 0 || !isRecord(document)) return { graph, issues };
  new BiaReading(new Crate(document), graph).read();
  return { graph, issues };
}
