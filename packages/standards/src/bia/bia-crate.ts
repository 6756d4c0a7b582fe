import { type Exported, exportJson, type Imported, importJson, type JsonStandard } from '../exchange/exchange.ts';
import { leafPairs } from '../exchange/leaves.ts';
import {
  type DatasetNode,
  type DatasetTuple,
  displayName,
  type StudyGraph,
  type TermReference,
} from '../graph/study-graph.ts';
import { readCurie, termAddress } from '../identifiers/identifiers.ts';
import { filled, isRecord, type Json, type JsonRecord, recordsOf, textOf, textsOf } from '../json/json.ts';
import { knownLicence } from '../licences/licences.ts';
import { idOfPath, ownProperty, pathOfId } from '../ro-crate/crate-kinds.ts';
import { Crate, type CrateEntity, idsOf } from '../ro-crate/entities.ts';
import { readCrate } from '../ro-crate/read-crate.ts';
import { splitTable, writeTable } from '../tables/delimited.ts';

/** Terms of the archive's own vocabulary that its crates use (BioImage Archive submission profile 1.0). */
const context: JsonRecord = {
  accessionId: { '@id': 'schema:identifier' },
  acknowledgement: { '@id': 'bia:acknowledgement' },
  affiliation: { '@id': 'schema:memberOf' },
  annotationCoverage: { '@id': 'bia:annotationCoverage' },
  annotationCriteria: { '@id': 'bia:annotationCriteria' },
  associatedAnnotationMethod: { '@id': 'bia:associatedAnnotationMethod' },
  associatedBiologicalEntity: { '@id': 'bia:associatedBiologicalEntity' },
  associatedImageAcquisitionProtocol: { '@id': 'bia:associatedImageAcquisitionProtocol' },
  associatedImageAnalysisMethod: { '@id': 'bia:associatedAnalysisMethod' },
  associatedImageCorrelationMethod: { '@id': 'bia:associatedCorrelationMethod' },
  associatedSpecimen: { '@id': 'bia:associatedSubject' },
  associatedSpecimenImagingPreparationProtocol: { '@id': 'bia:associatedImagingPreparationProtocol' },
  bia: 'http://bia/',
  biologicalEntity: { '@id': 'bia:sampleOf' },
  biologicalEntityDescription: { '@id': 'bia:biologicalEntityDescription' },
  column: { '@id': 'csvw:column' },
  columnName: { '@id': 'csvw:name' },
  commonName: { '@id': 'http://rs.tdwg.org/dwc/terms/vernacularName' },
  contactEmail: { '@id': 'schema:email' },
  contributor: { '@id': 'schema:author' },
  csvw: 'http://www.w3.org/ns/csvw#',
  displayName: { '@id': 'schema:name' },
  experimentalVariableDescription: { '@id': 'bia:experimentalVariableDescription' },
  extrinsicVariableDescription: { '@id': 'bia:extrinsicVariableDescription' },
  fbbiId: { '@id': 'bia:fbbiId' },
  fiducialsUsed: { '@id': 'bia:fiducialsUsed' },
  imagingInstrumentDescription: { '@id': 'bia:imagingInstrumentDescription' },
  imagingMethodName: { '@id': 'bia:imagingMethodName' },
  imagingPreparationProtocol: { '@id': 'bia:imagingPreparationProtocol' },
  intrinsicVariableDescription: { '@id': 'bia:intrinsicVariableDescription' },
  keyword: { '@id': 'schema:keywords' },
  methodType: { '@id': 'bia:annotationMethodType' },
  organismClassification: { '@id': 'schema:taxonomicRange' },
  propertyUrl: { '@id': 'csvw:propertyUrl' },
  protocolDescription: { '@id': 'schema:description' },
  role: { '@id': 'bia:role' },
  schema: 'http://schema.org/',
  scientificName: { '@id': 'http://rs.tdwg.org/dwc/terms/scientificName' },
  tableSchema: { '@id': 'csvw:tableSchema' },
  title: { '@id': 'schema:name' },
  transformationMatrix: { '@id': 'bia:transformationMatrix' },
};

const fileList = 'file_list.tsv';
const columns = [
  ['file_path', 'http://bia/filePath'],
  ['size_in_bytes', 'http://bia/sizeInBytes'],
  ['dataset', 'http://schema.org/isPartOf'],
  ['type', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'],
] as const;

/** Columns beyond those of the profile, written where a file has something to say in them. */
const furtherColumns = [
  ['media_type', 'http://schema.org/encodingFormat', 'mediaType'],
  ['sha256', 'http://schema.org/sha256', 'sha256'],
  ['content_url', 'http://schema.org/contentUrl', 'url'],
  ['content_type', 'http://schema.org/additionalType', 'type'],
] as const;

const columnsFor = ({ files }: StudyGraph) => [
  ...columns,
  ...furtherColumns.filter(([, , member]) => files.some((file) => file[member] !== undefined)),
];

/** Name under which the file list that was read goes with a graph, to be given back as it was. */
export const keptFileList = 'bia-file-list';

const reference = (id: string): Json => ({ '@id': id });

/** The crate of a study for submission to the BioImage Archive; its file list is `biaFileList`. */
export function writeBiaCrate(graph: StudyGraph): Json {
  const entities: JsonRecord[] = [];
  const taken = new Set<string>(['./', 'ro-crate-metadata.json', fileList]);
  const ids = new Map<string, string>();
  const idFor = (kind: string, key: string, wanted = `#${idOfPath(key)}`): string => {
    let id = taken.has(wanted) ? `#${kind}-${idOfPath(key)}` : wanted;
    for (let count = 2; taken.has(id); count++) id = `#${kind}-${idOfPath(key)}-${count}`;
    taken.add(id);
    ids.set(`${kind} ${key}`, id);
    return id;
  };
  const own = (id: string, node: object, written: readonly string[]): JsonRecord => {
    const list = leafPairs(node, ['key', ...written]).map(([path, value]) => {
      const property = `#${encodeURIComponent(id.replace(/^#/, ''))}/${path}`;
      entities.push({
        '@id': property,
        '@type': 'PropertyValue',
        propertyID: ownProperty + path,
        name: path,
        value: String(value),
      });
      return reference(property);
    });
    return list.length === 0 ? {} : { additionalProperty: list };
  };
  const add = (
    kind: string,
    node: { key: string },
    type: string[],
    members: JsonRecord,
    written: readonly string[],
    wanted?: string,
  ): string => {
    const id = idFor(kind, node.key, wanted);
    entities.push({ '@id': id, '@type': type, ...members, ...own(id, node, written) });
    return id;
  };
  const { study } = graph;
  for (const one of graph.organisations)
    add(
      'organisations',
      one,
      ['Organization', 'bia:Affiliation'],
      filled<JsonRecord>({ displayName: one.name, address: one.address }),
      ['name', 'address', 'ror'],
      one.ror === undefined ? undefined : `https://ror.org/${one.ror}`,
    );
  const authors = graph.contributors.map((one) =>
    add(
      'contributors',
      one,
      ['Person', 'bia:Contributor'],
      {
        displayName: displayName(one),
        affiliation: (one.organisations ?? []).flatMap((key) =>
          ids.has(`organisations ${key}`) ? [reference(ids.get(`organisations ${key}`)!)] : [],
        ),
        role: one.roles ?? [],
        ...filled<JsonRecord>({ contactEmail: one.email }),
      },
      ['organisations', 'email', 'orcid', 'roles'],
      one.orcid === undefined ? undefined : `https://orcid.org/${one.orcid}`,
    ),
  );
  const taxon = (one: TermReference): Json => {
    const id = termAddress(one.id) ?? `#taxon-${encodeURIComponent(one.label)}`;
    if (!taken.has(id)) {
      taken.add(id);
      entities.push({
        '@id': id,
        // `Taxon` alone is no term of the crates' context: it would get no address.
        '@type': ['bia:Taxon'],
        scientificName: one.label,
        ...filled<JsonRecord>({ commonName: one.commonName }),
      });
    }
    return reference(id);
  };
  for (const one of graph.biosamples)
    add(
      'biosamples',
      one,
      ['bia:BioSample'],
      {
        title: one.title,
        biologicalEntityDescription: one.biologicalEntity ?? one.description ?? one.title,
        organismClassification: (one.organisms ?? []).map(taxon),
        ...filled<JsonRecord>({
          intrinsicVariableDescription: one.intrinsicVariables,
          extrinsicVariableDescription: one.extrinsicVariables,
          experimentalVariableDescription: one.experimentalVariables,
        }),
      },
      ['title', 'intrinsicVariables', 'extrinsicVariables', 'experimentalVariables'],
    );
  for (const one of graph.specimens)
    add(
      'specimens',
      one,
      ['bia:SpecimenImagingPreparationProtocol'],
      { title: one.title, protocolDescription: one.preparation ?? one.title },
      ['title'],
    );
  for (const one of graph.acquisitions)
    add(
      'acquisitions',
      one,
      ['bia:ImageAcquisitionProtocol'],
      {
        title: one.title,
        protocolDescription: one.parameters ?? one.title,
        imagingInstrumentDescription: one.instrument ?? 'not stated',
        imagingMethodName: (one.methods ?? []).map(({ label }) => label),
        fbbiId: (one.methods ?? []).flatMap(({ id }) => (id?.startsWith('FBbi:') ? [termAddress(id)!] : [])),
      },
      ['title'],
    );
  for (const one of graph.correlations)
    add(
      'correlations',
      one,
      ['bia:ImageCorrelationMethod'],
      {
        title: one.title,
        protocolDescription: one.alignment ?? one.title,
        ...filled<JsonRecord>({ fiducialsUsed: one.fiducials, transformationMatrix: one.transformation }),
      },
      ['title', 'fiducials', 'transformation'],
    );
  for (const one of graph.analyses)
    if (one.annotationType === undefined)
      add(
        'analyses',
        one,
        ['bia:ImageAnalysisMethod'],
        { title: one.title, protocolDescription: one.overview ?? one.title },
        ['title'],
      );
    else
      add(
        'analyses',
        one,
        ['bia:AnnotationMethod'],
        {
          title: one.title,
          protocolDescription: one.overview ?? one.annotationMethod ?? one.title,
          methodType: [one.annotationType],
          ...filled<JsonRecord>({ annotationCriteria: one.criteria, annotationCoverage: one.coverage }),
        },
        ['title', 'annotationType', 'criteria', 'coverage'],
      );
  const parts = graph.datasets.map((one) =>
    add(
      'datasets',
      one,
      datasetTypes(graph, one),
      { name: one.title, description: one.description ?? one.title, ...links(one, ids) },
      ['title'],
    ),
  );
  const rest = own(
    '#study',
    {
      ...study,
      publications: graph.publications.map(withoutKey),
      grants: graph.grants.map(withoutKey),
      links: graph.links.map(withoutKey),
      images: graph.images.map(withoutKey),
      ...(graph.ethics ? { ethics: graph.ethics } : {}),
    },
    ['identifier', 'title', 'description', 'keywords', 'licence', 'releaseDate', 'acknowledgements'],
  );
  const root: JsonRecord = {
    '@id': './',
    '@type': ['Dataset', 'bia:Study'],
    name: study.title ?? '',
    description: study.description ?? '',
    license: study.licence === undefined ? '' : (knownLicence(study.licence)?.url ?? study.licence),
    datePublished: study.releaseDate ?? '',
    accessionId: study.identifier ?? '',
    keyword: study.keywords ?? [],
    contributor: authors.map(reference),
    hasPart: [fileList, ...parts].map(reference),
    ...filled<JsonRecord>({ acknowledgement: study.acknowledgements }),
    ...rest,
  };
  return {
    '@context': ['https://w3id.org/ro/crate/1.1/context', context],
    '@graph': [
      {
        '@id': 'ro-crate-metadata.json',
        '@type': 'CreativeWork',
        conformsTo: reference('https://w3id.org/ro/crate/1.1'),
        about: reference('./'),
      },
      root,
      ...entities,
      { '@id': fileList, '@type': ['File', 'bia:FileList', 'csvw:Table'], tableSchema: reference('#file-list-schema') },
      {
        '@id': '#file-list-schema',
        '@type': ['csvw:Schema'],
        column: columnsFor(graph).map(([name]) => reference(`#column-${name}`)),
      },
      ...columnsFor(graph).map(
        ([name, address]): Json => ({
          '@id': `#column-${name}`,
          '@type': ['csvw:Column'],
          columnName: name,
          propertyUrl: address,
        }),
      ),
    ],
  };
}

/** A node without its key, which has no meaning outside the graph. */
function withoutKey(node: { key: string }): object {
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== 'key'));
}

function datasetTypes(graph: StudyGraph, dataset: DatasetNode): string[] {
  const isAnnotation = (dataset.tuples ?? []).some((tuple) =>
    graph.analyses.some(({ key, annotationType }) => key === tuple.analysis && annotationType !== undefined),
  );
  return ['Dataset', 'bia:Dataset', isAnnotation ? 'bia:MifaDataset' : 'bia:RembiDataset'];
}

function links(dataset: DatasetNode, ids: ReadonlyMap<string, string>): JsonRecord {
  const all = (
    kind: string,
    link: 'biosample' | 'specimen' | 'acquisition' | 'analysis' | 'correlation',
    pattern?: (id: string) => boolean,
  ): Json[] =>
    [...new Set((dataset.tuples ?? []).flatMap((tuple) => ids.get(`${kind} ${tuple[link]}`) ?? []))]
      .filter((id) => pattern?.(id) ?? true)
      .map(reference);
  return filled<JsonRecord>({
    associatedBiologicalEntity: all('biosamples', 'biosample'),
    associatedSpecimenImagingPreparationProtocol: all('specimens', 'specimen'),
    associatedImageAcquisitionProtocol: all('acquisitions', 'acquisition'),
    associatedImageCorrelationMethod: all('correlations', 'correlation'),
  });
}

/** The file list that belongs to `writeBiaCrate`: one row per file. */
export function biaFileList(graph: StudyGraph): string {
  const crate = writeBiaCrate(graph);
  const byName = new Map(
    recordsOf(isRecord(crate) ? crate['@graph'] : [])
      .filter((one) => textsOf(one['@type']).includes('bia:Dataset'))
      .map((one) => [textOf(one.name), textOf(one['@id']) ?? '']),
  );
  const further = furtherColumns.filter(([, , member]) => graph.files.some((file) => file[member] !== undefined));
  const rows = graph.files.map((file) => {
    const dataset = graph.datasets.find(({ key }) => key === file.dataset);
    const isImage = (file.mediaType ?? '').startsWith('image/') || file.type === 'image';
    return [
      file.path,
      file.size === undefined ? '' : String(file.size),
      (dataset && byName.get(dataset.title)) ?? '',
      isImage ? 'http://bia/Image' : file.type === undefined ? '' : 'http://bia/AnnotationData',
      ...further.map(([, , member]) => file[member] ?? ''),
    ];
  });
  return writeTable([columnsFor(graph).map(([name]) => name), ...rows], '\t');
}

/** Members that early crates of the archive called otherwise, beside writing all of them with underscores. */
const earlyNames: Readonly<Record<string, string>> = {
  licence: 'license',
  display_name: 'name',
  associated_bio_sample: 'associatedBiologicalEntity',
  associated_specimen_image_acquisition_protocol: 'associatedImageAcquisitionProtocol',
};

/** A crate of the time before the profile, with its members named as the profile names them; any other as it is. */
function inPresentSpelling(document: Json): Json {
  const root = isRecord(document) ? new Crate(document).root : undefined;
  if (!isRecord(document) || !['has_part', 'date_published', 'accession_id'].some((name) => name in (root ?? {})))
    return document;
  const contexts = recordsOf(document['@context']);
  const isLink = (name: string) => contexts.some((one) => textOf((recordsOf(one[name])[0] ?? {})['@type']) === '@id');
  const ids = new Set(recordsOf(document['@graph']).map((entity) => textOf(entity['@id'])));
  const linked = (value: Json): Json =>
    Array.isArray(value) ? value.map(linked) : typeof value === 'string' ? reference(value) : value;
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

/** The study graph of a crate for the BioImage Archive. */
export function readBiaCrate(told: Json): Imported {
  const document = inPresentSpelling(told);
  const { graph, issues } = readCrate(document);
  if (issues.length > 0 || !isRecord(document)) return { graph, issues };
  const crate = new Crate(document);
  const ofType = (type: string) => crate.entities.filter((one) => textsOf(one['@type']).includes(type));
  const keyOf = (entity: CrateEntity) => pathOfId((textOf(entity['@id']) ?? '').replace(/^#/, ''));
  const title = (entity: CrateEntity) => textOf(entity.title) ?? textOf(entity.name) ?? '';
  const text = (entity: CrateEntity) => textOf(entity.protocolDescription) ?? textOf(entity.description);
  const given = (value: string | undefined, entity: CrateEntity) => (value === title(entity) ? undefined : value);
  const organisms = (entity: CrateEntity): TermReference[] =>
    crate.targets(entity.organismClassification).map((one) => {
      const id = readCurie(textOf(one['@id']) ?? '') ?? readCurie(textOf(one.ncbiId) ?? '');
      const common = textOf(one.commonName);
      return {
        label: textOf(one.scientificName) ?? textOf(one.name) ?? '',
        ...(id === undefined ? {} : { id }),
        ...(common === undefined ? {} : { commonName: common }),
      };
    });
  for (const one of ofType('bia:BioSample'))
    graph.biosamples.push({
      ...filled({
        organisms: organisms(one),
        biologicalEntity: textOf(one.biologicalEntityDescription) ?? textOf(one.description),
        intrinsicVariables: textsOf(one.intrinsicVariableDescription),
        extrinsicVariables: textsOf(one.extrinsicVariableDescription),
        experimentalVariables: textsOf(one.experimentalVariableDescription),
      }),
      key: keyOf(one),
      title: title(one),
    });
  for (const one of ofType('bia:SpecimenImagingPreparationProtocol'))
    graph.specimens.push({ ...filled({ preparation: given(text(one), one) }), key: keyOf(one), title: title(one) });
  for (const one of ofType('bia:ImageAcquisitionProtocol')) {
    const ids = [...textsOf(one.fbbiId), ...idsOf(one.fbbiId)];
    const methods = textsOf(one.imagingMethodName).map((label, index) => {
      const id = readCurie(ids[index] ?? '');
      return { label, ...(id === undefined ? {} : { id }) };
    });
    graph.acquisitions.push({
      ...filled({ methods, instrument: textOf(one.imagingInstrumentDescription), parameters: given(text(one), one) }),
      key: keyOf(one),
      title: title(one),
    });
  }
  for (const one of ofType('bia:ImageCorrelationMethod'))
    graph.correlations.push({
      ...filled({
        alignment: given(text(one), one),
        fiducials: textOf(one.fiducialsUsed),
        transformation: textOf(one.transformationMatrix),
      }),
      key: keyOf(one),
      title: title(one),
    });
  for (const one of ofType('bia:ImageAnalysisMethod'))
    graph.analyses.push({ ...filled({ overview: given(text(one), one) }), key: keyOf(one), title: title(one) });
  for (const one of ofType('bia:AnnotationMethod'))
    graph.analyses.push({
      ...filled({
        overview: given(text(one), one),
        annotationType: textsOf(one.methodType)[0] ?? 'other',
        criteria: textOf(one.annotationCriteria),
        coverage: textOf(one.annotationCoverage),
      }),
      key: keyOf(one),
      title: title(one),
    });
  for (const dataset of graph.datasets) {
    const entity = ofType('bia:Dataset').find((one) => keyOf(one) === dataset.key);
    if (!entity) continue;
    // A crate lists each kind by itself: what goes with what is taken from the order, the last of a shorter list for the rest.
    const listed = (...properties: string[]) =>
      properties.flatMap((property) => crate.targets(entity[property]).map(keyOf));
    const kinds = {
      biosample: listed('associatedBiologicalEntity'),
      specimen: listed('associatedSpecimenImagingPreparationProtocol'),
      acquisition: listed('associatedImageAcquisitionProtocol'),
      analysis: listed('associatedAnnotationMethod', 'associatedImageAnalysisMethod'),
      correlation: listed('associatedImageCorrelationMethod'),
    };
    const count = Math.max(...Object.values(kinds).map(({ length }) => length));
    const tuples = Array.from({ length: count }, (_, index) =>
      filled<DatasetTuple>(
        Object.fromEntries(Object.entries(kinds).map(([kind, keys]) => [kind, keys[Math.min(index, keys.length - 1)]])),
      ),
    );
    if (tuples.length > 0 && dataset.tuples === undefined) dataset.tuples = tuples;
  }
  graph.files = graph.files.filter(({ path }) => path !== fileList);
  return { graph, issues };
}

/** Crates for the BioImage Archive, read and written. */
export const biaCrate: JsonStandard = { standard: 'bia-ro-crate', read: readBiaCrate, write: writeBiaCrate };

/** Reads a crate and its file list, which goes with the graph and is given back as it was while its files are the same. */
export function importBiaCrate(document: Json, list = ''): Imported {
  const imported = importJson(biaCrate, document);
  const { graph } = imported;
  if (list === '') return imported;
  for (const { path, dataset, cell } of listedFiles(list)) {
    const size = Number(cell('size_in_bytes'));
    const member = (name: string) => cell(name) || undefined;
    graph.files.push({
      ...filled({
        sha256: member('sha256'),
        mediaType: member('media_type'),
        url: member('content_url'),
        type:
          member('content_type') ??
          (cell('type') === 'http://bia/Image' && !member('media_type') ? 'image' : undefined),
      }),
      path,
      ...(graph.datasets.some(({ key }) => key === dataset) ? { dataset } : {}),
      ...(Number.isSafeInteger(size) && size > 0 ? { size } : {}),
    });
  }
  return {
    ...imported,
    graph: { ...graph, kept: { ...graph.kept, [keptFileList]: [{ path: [fileList], now: list }] } },
  };
}

/** Rows of a file list that name a file. */
function listedFiles(list: string): { path: string; dataset: string; cell(name: string): string }[] {
  const [header, ...rows] = splitTable(list, '\t');
  const columnOf = new Map((header?.cells ?? []).map((name, index) => [name, index]));
  return rows.flatMap(({ cells }) => {
    const cell = (name: string) => cells[columnOf.get(name) ?? -1] ?? '';
    const path = cell('file_path');
    return path === '' ? [] : [{ path, dataset: pathOfId(cell('dataset').replace(/^#/, '')), cell }];
  });
}

/** The list that was read with the graph, while it names the files that the graph has. */
function keptList(graph: StudyGraph): string | undefined {
  const list = graph.kept?.[keptFileList]?.[0]?.now;
  if (typeof list !== 'string') return undefined;
  const paths = listedFiles(list).map(({ path }) => path);
  return paths.length === graph.files.length && paths.every((path, index) => graph.files[index]!.path === path)
    ? list
    : undefined;
}

/** Writes a crate for the BioImage Archive: the metadata document and the file list, by path. */
export function exportBiaCrate(graph: StudyGraph): Exported<Map<string, string>> {
  const kept = keptList(graph);
  // Columns of a list that is given back are those the imported document described.
  const { document, losses } = exportJson(biaCrate, kept === undefined ? graph : { ...graph, files: [] });
  const listed = recordsOf(isRecord(document) ? document['@graph'] : []).find((one) =>
    textsOf(one['@type']).includes('bia:FileList'),
  );
  return {
    document: new Map([
      ['ro-crate-metadata.json', `${JSON.stringify(document, undefined, 2)}\n`],
      [pathOfId(textOf(listed?.['@id']) ?? fileList), kept ?? biaFileList(graph)],
    ]),
    // What is said of files stands in the list.
    losses: losses.filter(({ where }) => !where.field?.startsWith('files.')),
  };
}
