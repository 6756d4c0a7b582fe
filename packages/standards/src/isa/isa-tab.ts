import { type Exported, exportJson, type Imported, importJson, type JsonStandard } from '../exchange/exchange.ts';
import type { StudyGraph } from '../graph/study-graph.ts';
import { isRecord, type Json, type JsonRecord, recordsOf, textOf } from '../json/json.ts';
import { isaTabDocument, isaTabFiles } from './isa-tab-document.ts';
import { readIsaJson } from './read-isa-json.ts';
import { writeIsaJson } from './write-isa-json.ts';

const cellsAt = (section: Json | undefined, key: string): string[] => {
  const values = isRecord(section) ? section[key] : undefined;
  return Array.isArray(values) ? values.map((one) => (typeof one === 'string' ? one : '')) : [];
};

/** Comments of column `index` of a section. */
function commentsAt(section: Json | undefined, index: number): Json[] {
  if (!isRecord(section)) return [];
  return Object.keys(section).flatMap((key) => {
    const name = /^Comment ?\[(.+)\]$/.exec(key)?.[1];
    const value = cellsAt(section, key)[index] ?? '';
    return name === undefined || value === '' ? [] : [{ name, value }];
  });
}

const columnsOf = (section: Json | undefined): number =>
  isRecord(section)
    ? Math.max(0, ...Object.values(section).map((values) => (Array.isArray(values) ? values.length : 0)))
    : 0;

/** A section whose columns are objects, as those objects. */
function objectsOf(
  section: Json | undefined,
  take: (at: (key: string) => string, index: number) => JsonRecord,
): JsonRecord[] {
  return Array.from({ length: columnsOf(section) }, (_, index) => ({
    ...take((key) => cellsAt(section, key)[index] ?? '', index),
    comments: commentsAt(section, index),
  }));
}

const term = (at: (key: string) => string, key: string): Json => ({
  annotationValue: at(key),
  termSource: at(`${key} Term Source REF`),
  termAccession: at(`${key} Term Accession Number`),
});

function peopleOf(section: Json | undefined, prefix: string): Json[] {
  return objectsOf(section, (at) => ({
    firstName: at(`${prefix} Person First Name`),
    lastName: at(`${prefix} Person Last Name`),
    email: at(`${prefix} Person Email`),
    affiliation: at(`${prefix} Person Affiliation`),
    address: at(`${prefix} Person Address`),
    roles: at(`${prefix} Person Roles`)
      .split(';')
      .filter((role) => role.trim() !== '')
      .map((role) => ({ annotationValue: role })),
  }));
}

function publicationsOf(section: Json | undefined, prefix: string): Json[] {
  return objectsOf(section, (at) => ({
    title: at(`${prefix} Publication Title`) || at(`${prefix} Title`),
    doi: at(`${prefix} Publication DOI`),
    pubMedID: at(`${prefix} PubMed ID`),
    authorList: at(`${prefix} Publication Author List`) || at(`${prefix} Author List`),
    status: term(at, `${prefix} Publication Status`),
  }));
}

/** As much of an ISA-JSON investigation as a study is read from, out of an ISA-Tab document. */
function jsonOfTab(document: Json): JsonRecord {
  const root = isRecord(document) ? document : {};
  const investigation = isRecord(root.investigation) ? root.investigation : {};
  const heading = (section: Json | undefined, prefix: string): JsonRecord => ({
    identifier: cellsAt(section, `${prefix} Identifier`)[0] ?? '',
    title: cellsAt(section, `${prefix} Title`)[0] ?? '',
    description: cellsAt(section, `${prefix} Description`)[0] ?? '',
    submissionDate: cellsAt(section, `${prefix} Submission Date`)[0] ?? '',
    publicReleaseDate: cellsAt(section, `${prefix} Public Release Date`)[0] ?? '',
    comments: commentsAt(section, 0),
  });
  const tables = isRecord(root.tables) ? root.tables : {};
  return {
    ...heading(investigation.INVESTIGATION, 'Investigation'),
    people: peopleOf(investigation['INVESTIGATION CONTACTS'], 'Investigation'),
    publications: publicationsOf(investigation['INVESTIGATION PUBLICATIONS'], 'Investigation'),
    studies: recordsOf(root.studies).map((study) => ({
      ...heading(study.STUDY, 'Study'),
      filename: cellsAt(study.STUDY, 'Study File Name')[0] ?? '',
      people: peopleOf(study['STUDY CONTACTS'], 'Study'),
      publications: publicationsOf(study['STUDY PUBLICATIONS'], 'Study'),
      studyDesignDescriptors: objectsOf(
        study['STUDY DESIGN DESCRIPTORS'],
        (at) => term(at, 'Study Design Type') as JsonRecord,
      ),
      protocols: objectsOf(study['STUDY PROTOCOLS'], (at) => ({
        name: at('Study Protocol Name'),
        protocolType: term(at, 'Study Protocol Type'),
        description: at('Study Protocol Description'),
      })),
      ...sourcesOf(tables[cellsAt(study.STUDY, 'Study File Name')[0] ?? '']),
      assays: objectsOf(study['STUDY ASSAYS'], (at) => ({
        filename: at('Study Assay File Name'),
        measurementType: term(at, 'Study Assay Measurement Type'),
        technologyType: term(at, 'Study Assay Technology Type'),
        technologyPlatform: at('Study Assay Technology Platform'),
        dataFiles: dataFilesOf(tables[at('Study Assay File Name')]),
      })),
    })),
  };
}

const rowsOf = (table: Json | undefined): string[][] => {
  const rows = isRecord(table) && Array.isArray(table.rows) ? table.rows : [];
  return rows.map((row) => (Array.isArray(row) ? row.map((cell) => (typeof cell === 'string' ? cell : '')) : []));
};

function sourcesOf(table: Json | undefined): JsonRecord {
  const header = cellsAt(table, 'header').map((name) => name.trim());
  const at = header.indexOf('Source Name');
  const sample = header.indexOf('Sample Name');
  const sources = new Map<string, JsonRecord>();
  for (const row of rowsOf(table)) {
    const name = row[at]?.trim() ?? '';
    if (name === '' || sources.has(name)) continue;
    const characteristics: Json[] = [];
    const comments: Json[] = [];
    header.slice(0, sample < at ? undefined : sample).forEach((column, index) => {
      const match = /^(Characteristics|Comment) ?\[(.+)\]$/.exec(column);
      const value = row[index] ?? '';
      if (!match || value === '') return;
      const isTerm = header[index + 1] === 'Term Source REF';
      const unit = header[index + 1] === 'Unit' ? (row[index + 1] ?? '').trim() : '';
      if (match[1] === 'Comment') comments.push({ name: match[2]!, value });
      else
        characteristics.push({
          category: { '@id': match[2]! },
          value: {
            annotationValue: unit === '' ? value : `${value} ${unit}`,
            termSource: isTerm ? (row[index + 1] ?? '') : '',
            termAccession: isTerm ? (row[index + 2] ?? '') : '',
          },
        });
    });
    sources.set(name, { name, characteristics, comments });
  }
  const categories = [...new Set(header.flatMap((column) => /^Characteristics ?\[(.+)\]$/.exec(column)?.[1] ?? []))];
  return {
    materials: { sources: [...sources.values()] },
    characteristicCategories: categories.map((name) => ({
      '@id': name,
      characteristicType: { annotationValue: name },
    })),
  };
}

function dataFilesOf(table: Json | undefined): Json[] {
  const header = cellsAt(table, 'header');
  const names = new Map<string, string>();
  header.forEach((column, index) => {
    if (column.trim().endsWith(' File'))
      for (const row of rowsOf(table)) if ((row[index] ?? '') !== '') names.set(row[index]!, column.trim());
  });
  return [...names].map(([name, type]) => ({ name, type }));
}

/** Columns of objects as the rows of a section, comments behind them. */
function sectionOf(
  objects: readonly JsonRecord[],
  rows: readonly (readonly [key: string, take: (one: JsonRecord) => string])[],
): JsonRecord {
  const section: JsonRecord = Object.fromEntries(rows.map(([key, take]) => [key, objects.map(take)]));
  const names = [
    ...new Set(objects.flatMap((one) => recordsOf(one.comments).flatMap((comment) => textOf(comment.name) ?? []))),
  ];
  // A study has a comment for each of its data sets, of which there may be tens of thousands: none is looked for in a list.
  const said = objects.map((one) => {
    const values = new Map<Json | undefined, string>();
    for (const { name, value } of recordsOf(one.comments)) if (!values.has(name)) values.set(name, textOf(value) ?? '');
    return values;
  });
  for (const name of names) section[`Comment[${name}]`] = said.map((values) => values.get(name) ?? '');
  return section;
}

const text = (key: string) => (one: JsonRecord) => textOf(one[key]) ?? '';
const part = (key: string, member: string) => (one: JsonRecord) => textOf((recordsOf(one[key])[0] ?? {})[member]) ?? '';
const termRows = (label: string, key: string) =>
  [
    [label, part(key, 'annotationValue')],
    [`${label} Term Accession Number`, part(key, 'termAccession')],
    [`${label} Term Source REF`, part(key, 'termSource')],
  ] as const;

function contactRows(prefix: string) {
  return [
    [`${prefix} Person Last Name`, text('lastName')],
    [`${prefix} Person First Name`, text('firstName')],
    [`${prefix} Person Email`, text('email')],
    [`${prefix} Person Address`, text('address')],
    [`${prefix} Person Affiliation`, text('affiliation')],
    [
      `${prefix} Person Roles`,
      (one: JsonRecord) =>
        recordsOf(one.roles)
          .map((role) => textOf(role.annotationValue) ?? '')
          .join(';'),
    ],
  ] as const;
}

function publicationRows(prefix: string) {
  return [
    [`${prefix} PubMed ID`, text('pubMedID')],
    [`${prefix} Publication DOI`, text('doi')],
    [`${prefix} Publication Author List`, text('authorList')],
    [`${prefix} Publication Title`, text('title')],
    ...termRows(`${prefix} Publication Status`, 'status'),
  ] as const;
}

/** The ISA-Tab document of an ISA-JSON investigation that `writeIsaJson` wrote. */
function tabOfJson(json: JsonRecord): JsonRecord {
  const study = recordsOf(json.studies)[0] ?? {};
  const headingRows = (prefix: string) =>
    [
      [`${prefix} Identifier`, text('identifier')],
      [`${prefix} Title`, text('title')],
      [`${prefix} Description`, text('description')],
      [`${prefix} Submission Date`, text('submissionDate')],
      [`${prefix} Public Release Date`, text('publicReleaseDate')],
    ] as const;
  const people = recordsOf(json.people);
  const publications = recordsOf(json.publications);
  const assays = recordsOf(study.assays);
  const protocols = recordsOf(study.protocols);
  const names = new Map(protocols.map((one) => [textOf(one['@id']) ?? '', textOf(one.name) ?? '']));
  return {
    fileName: 'i_investigation.txt',
    investigation: {
      'ONTOLOGY SOURCE REFERENCE': sectionOf(recordsOf(json.ontologySourceReferences), [
        ['Term Source Name', text('name')],
        ['Term Source File', text('file')],
        ['Term Source Version', text('version')],
        ['Term Source Description', text('description')],
      ]),
      INVESTIGATION: sectionOf([{ ...json, comments: [] }], headingRows('Investigation')),
      'INVESTIGATION PUBLICATIONS': sectionOf(publications, publicationRows('Investigation')),
      'INVESTIGATION CONTACTS': sectionOf(people, contactRows('Investigation')),
    },
    studies: [
      {
        STUDY: sectionOf([study], [...headingRows('Study'), ['Study File Name', text('filename')]]),
        'STUDY DESIGN DESCRIPTORS': sectionOf(recordsOf(study.studyDesignDescriptors), [
          ['Study Design Type', text('annotationValue')],
          ['Study Design Type Term Accession Number', text('termAccession')],
          ['Study Design Type Term Source REF', text('termSource')],
        ]),
        'STUDY PUBLICATIONS': sectionOf(
          publications.map((one) => ({ ...one, comments: [] })),
          publicationRows('Study'),
        ),
        'STUDY FACTORS': {
          'Study Factor Name': [],
          'Study Factor Type': [],
          'Study Factor Type Term Accession Number': [],
          'Study Factor Type Term Source REF': [],
        },
        'STUDY ASSAYS': sectionOf(assays, [
          ...termRows('Study Assay Measurement Type', 'measurementType'),
          ...termRows('Study Assay Technology Type', 'technologyType'),
          ['Study Assay Technology Platform', text('technologyPlatform')],
          ['Study Assay File Name', text('filename')],
        ]),
        'STUDY PROTOCOLS': sectionOf(protocols, [
          ['Study Protocol Name', text('name')],
          ...termRows('Study Protocol Type', 'protocolType'),
          ['Study Protocol Description', text('description')],
          ['Study Protocol URI', text('uri')],
          ['Study Protocol Version', text('version')],
          [
            'Study Protocol Parameters Name',
            (one) => recordsOf(one.parameters).map(part('parameterName', 'annotationValue')).join(';'),
          ],
        ]),
        'STUDY CONTACTS': sectionOf(
          people.map((one) => ({ ...one, comments: [] })),
          contactRows('Study'),
        ),
      },
    ],
    tables: {
      [textOf(study.filename) ?? 's_study.txt']: studyTable(study, names),
      ...Object.fromEntries(assays.map((assay) => [textOf(assay.filename) ?? '', assayTable(study, assay, names)])),
    },
  };
}

const idOf = (value: Json | undefined) => textOf((recordsOf(value)[0] ?? {})['@id']) ?? '';

function studyTable(study: JsonRecord, protocolNames: ReadonlyMap<string, string>): JsonRecord {
  const materials = isRecord(study.materials) ? study.materials : {};
  const sources = new Map(recordsOf(materials.sources).map((one) => [textOf(one['@id']) ?? '', one]));
  const samples = new Map(
    recordsOf(materials.samples).map((one) => [textOf(one['@id']) ?? '', textOf(one.name) ?? '']),
  );
  const categories = recordsOf(study.characteristicCategories).map(
    (one) => [textOf(one['@id']) ?? '', part('characteristicType', 'annotationValue')(one)] as const,
  );
  const widest = (id: string) =>
    Math.max(
      1,
      ...[...sources.values()].map(
        (one) => recordsOf(one.characteristics).filter((entry) => idOf(entry.category) === id).length,
      ),
    );
  const comments = [
    ...new Set(
      [...sources.values()].flatMap((one) => recordsOf(one.comments).flatMap((comment) => textOf(comment.name) ?? [])),
    ),
  ];
  const header = [
    'Source Name',
    ...categories.flatMap(([id, name]) =>
      Array.from({ length: widest(id) }, () => [
        `Characteristics[${name}]`,
        'Term Source REF',
        'Term Accession Number',
      ]).flat(),
    ),
    ...comments.map((name) => `Comment[${name}]`),
    'Protocol REF',
    'Sample Name',
  ];
  const rows = recordsOf(study.processSequence).map((process) => {
    const source = sources.get(idOf(process.inputs));
    const values = recordsOf(source?.characteristics);
    return [
      textOf(source?.name) ?? '',
      ...categories.flatMap(([id]) => {
        const own = values.filter((entry) => idOf(entry.category) === id);
        return Array.from({ length: widest(id) }, (_, index) =>
          ['annotationValue', 'termSource', 'termAccession'].map((member) =>
            own[index] ? part('value', member)(own[index]) : '',
          ),
        ).flat();
      }),
      ...comments.map(
        (name) => textOf(recordsOf(source?.comments).find((comment) => comment.name === name)?.value) ?? '',
      ),
      protocolNames.get(idOf(process.executesProtocol)) ?? '',
      samples.get(idOf(process.outputs)) ?? '',
    ];
  });
  return { header, rows };
}

function assayTable(study: JsonRecord, assay: JsonRecord, protocolNames: ReadonlyMap<string, string>): JsonRecord {
  const materials = isRecord(study.materials) ? study.materials : {};
  const names = new Map(
    [...recordsOf(materials.samples), ...recordsOf(assay.dataFiles)].map((one) => [
      textOf(one['@id']) ?? '',
      textOf(one.name) ?? '',
    ]),
  );
  const types = new Map(recordsOf(assay.dataFiles).map((one) => [textOf(one['@id']) ?? '', textOf(one.type) ?? '']));
  const further = furtherParameters(recordsOf(assay.processSequence));
  const header = [
    'Sample Name',
    'Protocol REF',
    'Parameter Value[imaging method]',
    'Term Source REF',
    'Term Accession Number',
    'Parameter Value[imaging instrument]',
    ...further.flatMap((one) => one.header),
    'Image File',
    'Protocol REF',
    'Derived Data File',
  ];
  const processes = recordsOf(assay.processSequence);
  const byId = new Map(processes.map((one) => [textOf(one['@id']), one]));
  const rows = processes
    .filter((one) => one.previousProcess === undefined)
    .flatMap((first) => {
      const next = byId.get(idOf(first.nextProcess));
      const isAcquisition = (one: JsonRecord | undefined) =>
        idOf(one?.executesProtocol).startsWith('#protocol/acquisition');
      const acquisition = isAcquisition(first) ? first : undefined;
      const analysis = acquisition ? next : first;
      const outputs = [first, next].flatMap((one) =>
        recordsOf(one?.outputs).flatMap((output) => textOf(output['@id']) ?? []),
      );
      const images = outputs.filter((id) => types.get(id) === 'Image File');
      const derived = outputs.filter((id) => types.get(id) === 'Derived Data File');
      const parameter = (name: string) =>
        recordsOf(acquisition?.parameterValues).find((one) =>
          idOf(one.category).endsWith(`/${encodeURIComponent(name)}`),
        )?.value;
      const method = recordsOf(parameter('imaging method'))[0] ?? {};
      return Array.from({ length: Math.max(1, images.length, derived.length) }, (_, index) => [
        names.get(idOf(first.inputs)) ?? '',
        acquisition ? (protocolNames.get(idOf(acquisition.executesProtocol)) ?? '') : '',
        textOf(method.annotationValue) ?? '',
        textOf(method.termSource) ?? '',
        textOf(method.termAccession) ?? '',
        textOf(parameter('imaging instrument')) ?? '',
        ...further.flatMap((one) => one.cells(acquisition)),
        names.get(images[Math.min(index, images.length - 1)] ?? '') ?? '',
        analysis ? (protocolNames.get(idOf(analysis.executesProtocol)) ?? '') : '',
        names.get(derived[Math.min(index, derived.length - 1)] ?? '') ?? '',
      ]);
    });
  return { header, rows };
}

/** Columns of the parameters of an assay beside method and instrument, in the order they are first said. */
function furtherParameters(
  processes: readonly JsonRecord[],
): { header: string[]; cells(process: JsonRecord | undefined): string[] }[] {
  const nameAt = (one: JsonRecord) => decodeURIComponent(/[^/]*$/.exec(idOf(one.category))![0]);
  const said = new Map<string, JsonRecord>();
  for (const one of processes.flatMap((process) => recordsOf(process.parameterValues)))
    if (!said.has(nameAt(one))) said.set(nameAt(one), one);
  return [...said]
    .filter(([name]) => name !== 'imaging method' && name !== 'imaging instrument')
    .map(([name, first]) => {
      const [isTerm, hasUnit] = [isRecord(first.value), first.unit !== undefined];
      return {
        header: [
          `Parameter Value[${name}]`,
          ...(isTerm ? ['Term Source REF', 'Term Accession Number'] : hasUnit ? ['Unit'] : []),
        ],
        cells(process) {
          const own = recordsOf(process?.parameterValues).find((one) => nameAt(one) === name);
          const term = recordsOf(own?.value)[0];
          if (isTerm)
            return ['annotationValue', 'termSource', 'termAccession'].map((member) => textOf(term?.[member]) ?? '');
          return [textOf(own?.value) ?? '', ...(hasUnit ? [part('unit', 'annotationValue')(own ?? {})] : [])];
        },
      };
    });
}

/** ISA-Tab by its document (`isaTabDocument`), read and written. */
export const isaTab: JsonStandard = {
  standard: 'isa',
  read: (document) => readIsaJson(jsonOfTab(document)),
  write: (graph) => {
    const json = writeIsaJson(graph);
    return tabOfJson(isRecord(json) ? json : {});
  },
};

/** Reads the files of an ISA-Tab folder, by name. */
export function importIsaTab(files: ReadonlyMap<string, string>): Imported {
  return importJson(isaTab, isaTabDocument(files));
}

/** Writes an ISA-Tab folder: files by name. */
export function exportIsaTab(graph: StudyGraph): Exported<Map<string, string>> {
  const { document, losses } = exportJson(isaTab, graph);
  return { document: isaTabFiles(document), losses };
}
