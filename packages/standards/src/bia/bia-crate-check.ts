import { defineIssues, type Issue } from '@micrarium/model';
import { isRecord, type Json, recordsOf, textOf, textsOf } from '../json/json.ts';
import { Crate, type CrateEntity, idsOf } from '../ro-crate/entities.ts';
import { splitTable } from '../tables/delimited.ts';
import { isRedefined } from './bia-terms.ts';

/** Issues of a crate made for submission to the BioImage Archive. Rule ids are those of its profile 1.0. */
export const biaCrateIssue = defineIssues({
  'bia-crate': {
    severity: 'error',
    meaning: 'A crate breaks a rule of the BioImage Archive submission profile 1.0; the rule’s id is in the message.',
    hint: 'Mend the entity or the row that is named.',
  },
  'bia-crate-advice': {
    severity: 'warning',
    meaning: 'A crate lacks something the BioImage Archive’s submission profile 1.0 wants of a complete submission.',
  },
});

/** Is the crate one for the BioImage Archive: is its root a `bia:Study`? */
export function isBiaCrate(document: Json): boolean {
  return (
    isRecord(document) &&
    Array.isArray(document['@graph']) &&
    textsOf(new Crate(document).root?.['@type']).includes('bia:Study')
  );
}

/** Properties and the types that their targets must have. */
const expected: Readonly<Record<string, readonly string[]>> = {
  contributor: ['bia:Contributor', 'Person', 'Organization'],
  author: ['bia:Contributor', 'Person', 'Organization'],
  memberOf: ['bia:Affiliation', 'bia:Organisation', 'Organization', 'Organisation'],
  affiliation: ['bia:Affiliation', 'bia:Organisation', 'Organization', 'Organisation', 'Person'],
  associatedBiologicalEntity: ['bia:BioSample'],
  biologicalEntity: ['bia:BioSample'],
  associatedSpecimen: ['bia:Specimen'],
  associatedSpecimenImagingPreparationProtocol: ['bia:SpecimenImagingPreparationProtocol'],
  imagingPreparationProtocol: ['bia:SpecimenImagingPreparationProtocol'],
  associatedImageAcquisitionProtocol: ['bia:ImageAcquisitionProtocol'],
  associatedAnnotationMethod: ['bia:AnnotationMethod'],
  associatedImageAnalysisMethod: ['bia:ImageAnalysisMethod'],
  associatedImageCorrelationMethod: ['bia:ImageCorrelationMethod'],
  associatedProtocol: ['bia:Protocol', 'LabProtocol'],
  growthProtocol: ['bia:Protocol', 'LabProtocol'],
  organismClassification: ['bia:Taxon', 'Taxon'],
  column: ['csvw:Column'],
  tableSchema: ['csvw:Schema'],
};

/** Kinds of entities of the archive's model: each entity is of exactly one. */
const kindsOfEntities = new Set(
  [
    'Affiliation AnnotationData AnnotationMethod BioSample Contributor CreationProcess Dataset ExternalReference FileList',
    'FundingBody Grant Image ImageAcquisitionProtocol ImageAnalysisMethod ImageCorrelationMethod Protocol Publication',
    'SignalChannel Specimen SpecimenImagingPreparationProtocol Study Taxon',
  ]
    .join(' ')
    .split(' ')
    .map((name) => `bia:${name}`)
    .concat('csvw:Schema', 'csvw:Column', 'CreativeWork'),
);

/** What each kind must say, one of the names each. */
const members: readonly (readonly [type: string, rule: string, ...needed: (readonly string[])[]])[] = [
  [
    'bia:Study',
    'root-study',
    ['name'],
    ['description'],
    ['license'],
    ['datePublished'],
    ['hasPart'],
    ['accessionId'],
    ['author', 'contributor'],
  ],
  ['bia:BioSample', 'rembi/biosample', ['name', 'title'], ['description', 'biologicalEntityDescription']],
  [
    'bia:SpecimenImagingPreparationProtocol',
    'rembi/specimen-preparation',
    ['name', 'title'],
    ['description', 'protocolDescription'],
  ],
  [
    'bia:ImageAcquisitionProtocol',
    'rembi/acquisition',
    ['name', 'title'],
    ['description', 'protocolDescription'],
    ['imagingInstrumentDescription'],
  ],
  ['bia:AnnotationMethod', 'mifa/annotation-method', ['name', 'title'], ['description', 'protocolDescription']],
  ['bia:Taxon', 'rembi/taxon', ['scientificName', 'name']],
  ['bia:Dataset', 'dataset', ['name']],
];

const named = ['name', 'title'] as const;
const described = ['description', 'protocolDescription', 'biologicalEntityDescription'] as const;

/** What a crate with a data set of a model has at least once, complete: by rule of the profile, kind and members. */
const models: readonly (readonly [
  dataset: string,
  ...rules: (readonly [rule: string, type: string, ...needed: (readonly string[])[]])[],
])[] = [
  [
    'bia:RembiDataset',
    ['rembi/biosample-present', 'bia:BioSample', named, described, ['organismClassification']],
    ['rembi/taxon-required-properties', 'bia:Taxon', ['scientificName']],
    ['rembi/specimen-imaging-preparation-present', 'bia:SpecimenImagingPreparationProtocol', named, described],
    [
      'rembi/image-acquisition-present',
      'bia:ImageAcquisitionProtocol',
      named,
      described,
      ['imagingInstrumentDescription'],
      ['imagingMethodName'],
    ],
    [
      'rembi/dataset-with-required-associations',
      'bia:RembiDataset',
      ['associatedBiologicalEntity'],
      ['associatedSpecimen'],
      ['associatedSpecimenImagingPreparationProtocol'],
      ['associatedImageAcquisitionProtocol'],
    ],
  ],
  [
    'bia:MifaDataset',
    ['mifa/annotation-method-present', 'bia:AnnotationMethod', named, described, ['methodType']],
    ['mifa/annotation-dataset-present', 'bia:MifaDataset', ['associatedAnnotationMethod']],
  ],
];

/** Does an entity say something under one of the names? */
function says(entity: CrateEntity, names: readonly string[]): boolean {
  return names.some((name) => {
    const value = entity[name];
    return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
  });
}

const requiredColumns = [
  ['file-list-file-path-column', 'file_path', 'http://bia/filePath'],
  ['file-list-dataset-column', 'dataset', 'http://schema.org/isPartOf'],
] as const;

/** Columns whose cells are identifiers of crate entities, and those whose cells are labels or paths of other rows. */
const entityColumns = [
  'http://schema.org/isPartOf',
  'http://bia/associatedSubject',
  'http://bia/associatedAnnotationMethod',
  'http://bia/associatedProtocol',
  'http://bia/associatedCreationProcess',
];
const rowColumns = ['http://bia/associatedSourceImage', 'http://bia/sourceImageLabel'];

/**
 * Checks a crate by the BioImage Archive's submission profile (section 6.3 of the standards note).
 * @param fileLists texts of the file lists by path; rows of lists that are not given are not looked at
 */
export function checkBiaCrate(document: Json, fileLists: ReadonlyMap<string, string> = new Map()): Issue[] {
  if (!isRecord(document) || !Array.isArray(document['@graph']))
    return [biaCrateIssue('bia-crate', 'root-study: there is no @graph')];
  const checking = new BiaChecking(new Crate(document), document['@context'], fileLists);
  checking.run();
  return checking.issues;
}

class BiaChecking {
  readonly issues: Issue[] = [];
  private readonly crate: Crate;
  private readonly context: Json | undefined;
  private readonly fileLists: ReadonlyMap<string, string>;

  constructor(crate: Crate, context: Json | undefined, fileLists: ReadonlyMap<string, string>) {
    this.crate = crate;
    this.context = context;
    this.fileLists = fileLists;
  }

  /** Is there a data set that says it follows one of the archive's models, as crates of the profile have it? */
  private get followsModel(): boolean {
    return this.isRembi || this.hasType('bia:MifaDataset');
  }

  private get isRembi(): boolean {
    return this.hasType('bia:RembiDataset');
  }

  private hasType(wanted: string): boolean {
    return this.crate.entities.some((one) => textsOf(one['@type']).includes(wanted));
  }

  private add(rule: string, message: string, where: Issue['where'] = {}): void {
    this.issues.push(biaCrateIssue('bia-crate', `${rule}: ${message}`, { where }));
  }

  run(): void {
    const ids = new Set<string>();
    for (const entity of this.crate.entities) {
      const id = textOf(entity['@id']) ?? '';
      if (ids.has(id)) this.add('generic/unique-id', `${id.slice(0, 100)} stands twice`, { field: id });
      ids.add(id);
      if (/[\s<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})/.test(id))
        this.add('generic/id', `“${id.slice(0, 100)}” is not a URI`, { field: id.slice(0, 100) });
      this.entity(entity, id);
    }
    this.terms();
    this.models();
    if (
      !this.crate.root ||
      !textsOf(this.crate.root['@type']).includes('bia:Study') ||
      !textsOf(this.crate.root['@type']).includes('Dataset')
    )
      this.add('root-study', 'the root is not both Dataset and bia:Study');
    this.datasets();
    this.lists();
  }

  private entity(entity: CrateEntity, id: string): void {
    const types = textsOf(entity['@type']);
    const kinds = types.filter((type) => kindsOfEntities.has(type));
    if (kinds.length !== 1)
      this.add(
        'generic/type',
        kinds.length > 1
          ? `${id.slice(0, 100)} is at once ${kinds.join(' and ')}`
          : `${id.slice(0, 100)} is of no kind of the archive’s model: ${types.join(', ').slice(0, 100)}`,
        { field: id },
      );
    for (const [type, rule, ...needed] of members)
      if (types.includes(type))
        for (const names of needed)
          if (!says(entity, names)) this.add(rule, `${id.slice(0, 100)} has no ${names[0]}`, { field: id });
    for (const [property, value] of Object.entries(entity)) {
      if (property.startsWith('@') || (types.includes('CreativeWork') && property === 'conformsTo')) continue;
      for (const target of idsOf(value)) this.reference(id, property, target);
    }
  }

  private reference(id: string, property: string, target: string): void {
    const found = this.crate.byId.get(target);
    const wanted = expected[property];
    if (!found) {
      // Addresses elsewhere need no entity, unless the property wants one of a kind.
      if (wanted || !/^[a-z][a-z0-9+.-]*:/i.test(target))
        this.add(
          'generic/reference',
          `${property} of ${id.slice(0, 80)} refers to ${target.slice(0, 80)}, which is not there`,
          { field: id },
        );
      return;
    }
    const types = textsOf(found['@type']);
    if (wanted && !types.some((type) => wanted.includes(type)))
      this.add(
        'generic/reference-type',
        `${property} of ${id.slice(0, 80)} refers to ${target.slice(0, 80)}, which is ${types.join(', ')}, not ${wanted[0]}`,
        { field: id },
      );
  }

  /** A term that the context gives to another address than the archive's. */
  private terms(): void {
    for (const part of recordsOf(this.context))
      for (const [term, meaning] of Object.entries(part)) {
        const address = textOf(isRecord(meaning) ? meaning['@id'] : meaning) ?? '';
        if (address !== '' && isRedefined(term, address))
          this.add('generic/context', `the term ${term.slice(0, 60)} is given to ${address.slice(0, 100)}`, {
            field: '@context',
          });
      }
  }

  /** A data set that says it follows a model needs the rest of the model in its crate. */
  private models(): void {
    const ofType = (type: string) => this.crate.entities.filter((one) => textsOf(one['@type']).includes(type));
    for (const [dataset, ...rules] of models) {
      if (ofType(dataset).length === 0) continue;
      for (const [rule, type, ...needed] of rules) {
        const found = ofType(type);
        const lacking = needed.filter((names) => !found.some((one) => says(one, names))).map(([name]) => name!);
        if (found.some((one) => needed.every((names) => says(one, names)))) continue;
        const what =
          found.length === 0
            ? `there is no ${type}`
            : `no ${type} has ${(lacking.length > 0 ? lacking : needed.map(([name]) => name)).join(', ')}`;
        this.add(rule, what, found[0] ? { field: textOf(found[0]['@id']) ?? '' } : {});
      }
    }
    const isOfTaxon = (one: CrateEntity) =>
      this.crate
        .targets(one.organismClassification)
        .some((target) => textsOf(target['@type']).some((type) => /^(bia:)?Taxon$/.test(type)));
    const samples = ofType('bia:BioSample').filter((one) => says(one, ['organismClassification']));
    if (ofType('bia:RembiDataset').length > 0 && samples.length > 0 && !samples.some(isOfTaxon))
      this.add('rembi/biosample-present', 'no organismClassification of a bia:BioSample leads to a bia:Taxon');
  }

  private datasets(): void {
    const datasets = this.crate.entities.filter((one) => textsOf(one['@type']).includes('bia:Dataset'));
    const reached = new Set(idsOf(this.crate.root?.hasPart));
    for (const one of datasets)
      if (!reached.has(textOf(one['@id']) ?? ''))
        this.add('dataset', `${(textOf(one['@id']) ?? '').slice(0, 100)} is not part of the study`, {
          field: textOf(one['@id']) ?? '',
        });
    if (!datasets.some((one) => textsOf(one['@type']).some((type) => /^bia:(Rembi|Mifa)Dataset$/.test(type))))
      this.issues.push(
        biaCrateIssue(
          'bia-crate-advice',
          'at-least-one-rembi-or-mifa-dataset: no data set is a bia:RembiDataset or bia:MifaDataset',
        ),
      );
  }

  private lists(): void {
    const lists = this.crate.entities.filter((one) => textsOf(one['@type']).includes('bia:FileList'));
    if (lists.length === 0) this.add('file-list-present', 'there is no bia:FileList');
    for (const list of lists) {
      const path = textOf(list['@id']) ?? '';
      const columns = this.crate.targets(list.tableSchema).flatMap((schema) => this.crate.targets(schema.column));
      const byAddress = (address: string) =>
        columns.find((column) => [textOf(column.propertyUrl), ...idsOf(column.propertyUrl)].includes(address));
      for (const [rule, name, address] of requiredColumns) {
        const column = byAddress(address);
        if (!column) this.add(rule, `${path} has no column ${name}`, { file: path });
        else if (textOf(column.columnName) !== name && this.followsModel)
          this.add(
            rule,
            `the column of ${path} for ${address} is called ${textOf(column.columnName) ?? ''}, not ${name}`,
            {
              file: path,
            },
          );
      }
      const text = this.fileLists.get(decodeURIComponentSafe(path));
      if (text === undefined) continue;
      this.rows(path, text, columns);
      if (this.isRembi && !hasImageRow(text, path))
        this.add('rembi/file-list-image-row-present', `no row of ${path} has the type bia:Image`, { file: path });
    }
  }

  private rows(path: string, text: string, columns: readonly CrateEntity[]): void {
    const [header, ...rows] = splitTable(text, separatorOf(path)).filter(({ cells }) =>
      cells.some((cell) => cell.trim() !== ''),
    );
    const names = header?.cells.map((cell) => cell.trim()) ?? [];
    const placed = columns.map((column) => ({
      at: names.indexOf(textOf(column.columnName) ?? ''),
      name: textOf(column.columnName) ?? '',
      address: textOf(column.propertyUrl) ?? idsOf(column.propertyUrl)[0] ?? '',
    }));
    for (const { at, name } of placed)
      if (at < 0) this.add('file-list-columns', `${path} has no column “${name}”`, { file: path, line: 1 });
    const pathAt = placed.find(({ address }) => address === 'http://bia/filePath')?.at ?? -1;
    const labelAt = placed.find(({ address }) => address === 'http://schema.org/name')?.at ?? -1;
    const known = new Set(rows.flatMap(({ cells }) => [cells[pathAt] ?? '', cells[labelAt] ?? ''].filter(Boolean)));
    const seen = new Set<string>();
    rows.forEach(({ cells, line }, index) => {
      const where = { file: path, line, row: index + 1 };
      const own = (cells[pathAt] ?? '').trim();
      if (own === '') this.add('file-list-file-path-column', `row ${index + 1} has no path`, where);
      else if (seen.has(own))
        this.add('file-list-file-path-column', `the path ${own.slice(0, 100)} stands twice`, where);
      seen.add(own);
      if (cells.length !== names.length)
        this.add('file-list-columns', `row ${index + 1} has ${cells.length} cells, the header ${names.length}`, where);
      for (const { at, name, address } of placed) {
        const value = (cells[at] ?? '').trim();
        if (at < 0 || value === '') continue;
        const targets = listed(value);
        if (entityColumns.includes(address))
          for (const target of targets)
            if (!this.crate.byId.has(target))
              this.add(
                'file-list-reference',
                `${name} of row ${index + 1} refers to ${target.slice(0, 80)}, which is not in the crate`,
                { ...where, column: name },
              );
        if (rowColumns.includes(address))
          for (const target of targets)
            if (!known.has(target))
              this.add(
                'file-list-reference',
                `${name} of row ${index + 1} names ${target.slice(0, 80)}, which no row has`,
                { ...where, column: name },
              );
      }
    });
  }
}

/** Separator of a list by its name. */
const separatorOf = (path: string) => (/\.csv$/i.test(path) ? ',' : '\t');

/** Is a file of a list an image, by its column `type`? */
function hasImageRow(text: string, path: string): boolean {
  const [header, ...rows] = splitTable(text, separatorOf(path));
  const at = (header?.cells ?? []).findIndex((cell) => cell.trim() === 'type');
  return at >= 0 && rows.some(({ cells }) => /^(bia:|https?:\/\/bia\/)Image$/.test((cells[at] ?? '').trim()));
}

/** A cell as a list: `["a", "b"]` or `['a', 'b']`, else the one value. */
function listed(value: string): string[] {
  if (!/^\[.*\]$/s.test(value)) return [value];
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g)].map((match) => match[1] ?? match[2] ?? '');
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
