import type { Contributor, FieldValue, Issue } from '@micrarium/model';
import { type MetadataField, metadataFields } from '../fields/metadata-fields.ts';
import { readOrcid } from '../identifiers/identifiers.ts';
import { filled } from '../json/json.ts';
import { type CellPlace, cellValue, entriesOf } from './cell-value.ts';
import { sheetIssue } from './sheet-issues.ts';
import { columnLetters, type ReadCell, type ReadSheet } from './sheet-shapes.ts';
import { contributorColumns } from './write-sheets.ts';

/** Metadata read from filled sheets. */
export interface ReadStudySheets {
  /** For the study, by field id. */
  values: Record<string, FieldValue>;
  datasets: {
    title: string;
    /** Was the title written down, not taken of a file or row? */
    isTitled?: boolean;
    identifier?: string;
    files: string[];
    values: Record<string, FieldValue>;
  }[];
  /** Each with file (and sheet), row and column of its cell. */
  issues: Issue[];
  /** Names that no field has, with their place. */
  unread: { place: string; text: string }[];
  /** Which layout: ours, SSBD's with one row a field, or SSBD's with sheets `common` and `dataset`. */
  layout: 'template' | 'ssbd rows' | 'ssbd common and dataset';
}

/** Written into `common` where a field varies (SSBD's template). */
const refersToDatasets = /^different by every dataset/i;
const mostRows = 100_000;
const longestName = 300;

const folded = (text: string) =>
  text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, '');

/** Names a field goes by: its labels, its id, SSBD's names and their spellings in older templates. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  title: ['Project title', 'Study title'],
  description: ['Project description', 'Study description'],
  doi: ['Project DOI', 'Data DOI'],
  releaseDate: ['Publication Date', 'Public release date'],
  licence: ['License', 'Rights', 'License / Rights', 'Licence'],
  contactEmail: ['E-mail', 'Email', 'Contact Email', 'Contact mail'],
  contactOrganisation: ['Organization', 'Organisation', 'Affiliation'],
  contactName: ['Contact name', 'Contact'],
  paperUrl: ['PubMed URL', 'PubMed', 'Paper URL'],
  methodSummary: ['Methods summary', 'Method Summary'],
  molecularFunction: ['Molecular Function', 'GO Molecular Function'],
  biologicalProcess: ['Biological Process', 'GO Biological Process'],
  cellularComponent: ['Cellular Component', 'GO Cellular Component'],
  studyType: ['MeSH', 'MeSH heading', 'Medical Subject Headline', 'Study Type'],
  imagingMethods: ['Biological imaging method', 'Imaging method'],
  genesProteinsReagents: ['Gene', 'Protein', 'Genes', 'Proteins', 'Reagents'],
  fundingStatement: ['Funding information', 'Funding'],
  spaceScale: ['XYZ-scale', 'XYZ scale', 'Scale'],
  timeScale: ['T-scale', 'T scale'],
  localId: ['Local ID', 'Dataset ID'],
  dataFormats: ['Data / File Formats', 'Data format', 'File formats'],
  basedOn: ['Basedon', 'Based on'],
  links: ['External links', 'dblink', 'Source'],
  file: ['File', 'Folder', 'File name', 'Raw data file', 'Image File'],
};
/** Names in a sheet of data sets that mean something else for the study. */
const ofDatasets: Readonly<Record<string, string>> = {
  title: 'datasetTitle',
  datasettitle: 'datasetTitle',
  description: 'datasetDescription',
  name: 'datasetTitle',
  dataset: 'datasetTitle',
};
/** Rows of the templates that are not for the form: constants, given by the archive, or headings. */
const notForForm =
  /^(projectname|projecturl|version|publisher|resourcetype|templateversion|publisherresourcetype|updatedate|priority|no|contactname)$/;

/** Rows and columns of SSBD's templates that are parts of one field of ours: the microscope's line names each. */
const microscopeParts: Readonly<Record<string, string>> = {
  microscopetype: 'type: ',
  microscopemodel: '',
  microscopemodels: '',
  detector: 'detector: ',
  detectormodel: 'detector: ',
  objective: 'objective: ',
  objectivelens: 'objective: ',
  objectivemodel: 'objective: ',
  objectivelensmodel: 'objective: ',
  lightsource: 'light source: ',
  filter: 'filters: ',
  filters: 'filters: ',
  filterset: 'filters: ',
};

const byName = new Map<string, MetadataField>();
for (const field of metadataFields)
  for (const name of [...(otherNames[field.id] ?? []), field.ssbdName])
    if (name !== '' && !byName.has(folded(name))) byName.set(folded(name), field);
// A field's own names go before what others are also called.
for (const field of [...metadataFields].reverse())
  for (const name of [field.label.ja, field.label.en, field.id]) byName.set(folded(name), field);

function fieldNamed(name: ReadCell, isDataset: boolean): MetadataField | undefined {
  // No field has a name so long: what stands there is text.
  if (typeof name === 'string' && name.length > longestName) return undefined;
  const wanted = folded(String(name ?? '').replace(/[*＊]|\((required|optional|recommended)\)/gi, ''));
  if (wanted === '') return undefined;
  if (microscopeParts[wanted] !== undefined) return metadataFields.find(({ id }) => id === 'microscope');
  const own = isDataset ? ofDatasets[wanted] : undefined;
  return own === undefined ? byName.get(wanted) : metadataFields.find(({ id }) => id === own);
}

/** The cell of a named row or column as its field takes it: a part of the microscope with the name of the part. */
function namedCell(name: ReadCell, cell: ReadCell): ReadCell {
  const part = microscopeParts[folded(textOf(name).replace(/[*＊]/g, ''))];
  return part === undefined || textOf(cell) === '' || /^n\/?a$/i.test(textOf(cell)) ? cell : `${part}${textOf(cell)}`;
}

const textOf = (cell: ReadCell) => (cell === undefined ? '' : String(cell).trim());

/**
 * Reads filled sheets: our templates, SSBD's repository template (one row a field, contributors in repeated blocks), its
 * older database template (`common` with one row a field, `dataset` with one row a data set), and any table with names of
 * fields in its header.
 * @param file name for the places of issues
 */
export function readStudySheets(sheets: readonly ReadSheet[], file: string): ReadStudySheets {
  const result: ReadStudySheets = { values: {}, datasets: [], issues: [], unread: [], layout: 'template' };
  let found = 0;
  for (const sheet of sheets) {
    if (/^(help|lists?|value ?lists?|readme)$/i.test(sheet.name) || isHelp(sheet)) continue;
    const placeOf = (row: number, column: number): CellPlace => ({
      file: sheets.length > 1 ? `${file}, sheet ${sheet.name}` : file,
      row,
      column: columnLetters(column),
    });
    const isDataset = /^(data ?sets?|データセット)$/i.test(sheet.name);
    const header = headerOf(sheet, isDataset);
    const vertical = isDataset ? undefined : columnOfNames(sheet);
    if (/^(contributors?|people|貢献者)$/i.test(sheet.name) || isOfPeople(sheet)) {
      readPeople(sheet, result, placeOf);
      found++;
    } else if (vertical && vertical.count > (header?.count ?? 0)) {
      if (/^common$/i.test(sheet.name)) result.layout = 'ssbd common and dataset';
      else if (result.layout === 'template') result.layout = 'ssbd rows';
      readRows(sheet, vertical.column, result, placeOf);
      found++;
    } else if (header) {
      readTable(sheet, header.at, isDataset || header.isDatasets, result, placeOf);
      found++;
    }
  }
  if (found === 0)
    result.issues.push(
      sheetIssue('sheet-no-template', `No sheet of ${file} has names of metadata fields`, { where: { file } }),
    );
  return result;
}

/** Is a sheet the help of our template, whatever it is called now? */
function isHelp(sheet: ReadSheet): boolean {
  const [header] = sheet.rows;
  const names = new Set((header?.cells ?? []).map((cell) => folded(textOf(cell))));
  return ['field', 'asked', 'help', 'example'].every((name) => names.has(name));
}

/** Is a sheet one of contributors whatever it is called: names of people in its header, and nothing of a study? */
function isOfPeople(sheet: ReadSheet): boolean {
  const header = sheet.rows.find(({ cells }) => cells.some((cell) => textOf(cell) !== ''));
  const names = (header?.cells ?? []).map((cell) => folded(textOf(cell))).filter((name) => name !== '');
  const parts = new Set(names.map(partOfName));
  return (
    parts.has('firstName') &&
    parts.has('lastName') &&
    parts.has('organisation') &&
    names.every((name) => partOfName(name) !== undefined || partsWithoutPlace.has(name))
  );
}

type PlaceOf = (row: number, column: number) => CellPlace;

/** The header among the first rows: the one with most names of fields, at least two, or one in a sheet of data sets. */
function headerOf(
  sheet: ReadSheet,
  isDataset: boolean,
): { at: number; count: number; isDatasets: boolean } | undefined {
  let best: { at: number; count: number; isDatasets: boolean } | undefined;
  sheet.rows.slice(0, 20).forEach(({ cells }, at) => {
    const fields = cells.flatMap((cell) => fieldNamed(cell, isDataset) ?? []);
    const count = new Set(fields.map(({ id }) => id)).size;
    // A table that names files is one of data sets, whatever else it says.
    const isDatasets = fields.every(({ level }) => level === 'dataset') || fields.some(({ id }) => id === 'file');
    if (count > (best?.count ?? (isDataset ? 0 : 1))) best = { at, count, isDatasets };
  });
  return best;
}

/** The column that names one field a row, where there is one: at least three names. */
function columnOfNames(sheet: ReadSheet): { column: number; count: number } | undefined {
  const counts = new Map<number, Set<string>>();
  for (const { cells } of sheet.rows.slice(0, 500))
    cells.slice(0, 8).forEach((cell, column) => {
      const field = fieldNamed(cell, false);
      if (field) counts.set(column, (counts.get(column) ?? new Set()).add(field.id));
    });
  const [best] = [...counts].sort((a, b) => b[1].size - a[1].size || a[0] - b[0]);
  return best && best[1].size >= 3 ? { column: best[0], count: best[1].size } : undefined;
}

const isObligation = (text: string) =>
  /^(r|rec|o|m|(required|recommended|optional|mandatory)\b.{0,30}|必須.{0,10}|推奨.{0,10}|任意.{0,10}|archive|fixed|[-–○◎△×✓*]+)$/i.test(
    text,
  );

/** Headers of columns that tell what to fill in, and are not filled in. */
const isOfHelp = (text: string) =>
  /^(help|descriptions?|explanations?|examples?|remarks?|comments?|notes?|class|type|説明|例|記入例|入力例|備考|注意)$/i.test(
    text,
  );

/** The column of values beside that of names: named so, else the first to the right that is no obligation and not help. */
function valueColumn(sheet: ReadSheet, names: number): number {
  for (const { cells } of sheet.rows.slice(0, 20))
    for (const [column, cell] of cells.entries())
      if (
        column !== names &&
        /^(values?|input|entry|your (value|input|answer)|contents?|値|入力|記入欄)$/i.test(textOf(cell))
      )
        return column;
  const help = new Set<number>();
  for (const { cells } of sheet.rows.slice(0, 20))
    if (!fieldNamed(cells[names], false))
      for (const [column, cell] of cells.entries()) if (column > names && isOfHelp(textOf(cell))) help.add(column);
  const told = new Set<number>();
  for (const { cells } of sheet.rows)
    if (fieldNamed(cells[names], false))
      for (const [column, cell] of cells.entries())
        if (column > names && !help.has(column) && textOf(cell) !== '' && !isObligation(textOf(cell))) told.add(column);
  // Help and examples without a header stand to the right of what is filled in.
  return told.size > 0 ? Math.min(...told) : names + 1;
}

const personParts: Readonly<Record<string, keyof Contributor>> = {
  role: 'role',
  firstname: 'firstName',
  lastname: 'lastName',
  familyname: 'lastName',
  givenname: 'firstName',
  email: 'email',
  contactemail: 'email',
  laboratory: 'laboratory',
  department: 'department',
  organization: 'organisation',
  organisation: 'organisation',
  affiliation: 'organisation',
  orcid: 'orcid',
};

/** Parts that templates ask of each person and our list of people has no place for. */
const partsWithoutPlace: ReadonlySet<string> = new Set([
  'address',
  'middlename',
  'jglobalid',
  'researchmapid',
  'priority',
  'priorityno',
]);

/** The part of a person that a folded name of a column asks for. */
const partOfName = (name: string): keyof Contributor | undefined =>
  contributorColumns.find(({ header }) => folded(header) === name)?.part ?? personParts[name];

/** One field a row; the first block of a person is the contact, each further one a contributor. */
function readRows(sheet: ReadSheet, names: number, result: ReadStudySheets, placeOf: PlaceOf): void {
  const values = valueColumn(sheet, names);
  const people: Named[] = [];
  let contactRole: { role: string; place: CellPlace } | undefined;
  const seenOfContact = new Set<string>();
  let isContributor = false;
  // What stands above the first field is the title of the sheet.
  let isBegun = false;
  for (const { row, cells } of sheet.rows.slice(0, mostRows)) {
    const group = cells.slice(0, names).map(textOf).join(' ');
    const name = textOf(cells[names]);
    const key = folded(name.replace(/[*＊]/g, ''));
    const part = personParts[key];
    if (/contributor|creator/i.test(`${group} ${part ? '' : name}`)) isContributor = true;
    // A part that came before begins the next person.
    if (part && !isContributor && seenOfContact.has(part) && /role|first/i.test(name)) isContributor = true;
    const cell = cells[values];
    const place = placeOf(row, values);
    if (part && isContributor) {
      const now = people.at(-1);
      if (!now || now.part[part] !== undefined || (part === 'role' && Object.keys(now.part).length > 0))
        people.push({ part: {}, place });
      const person = people.at(-1)!.part;
      (person as Record<string, string>)[part] = part === 'role' ? roleOf(textOf(cell)) : textOf(cell);
      continue;
    }
    // Of the contact there are fields for these; of a contributor there are none, and the contact's are not theirs.
    if (isContributor && partsWithoutPlace.has(key)) {
      if (textOf(cell) !== '') unknownName(result, name, textOf(cell), { ...place, column: columnLetters(names) });
      continue;
    }
    if (part) seenOfContact.add(part);
    const field = part === 'role' ? undefined : (contactField(part) ?? fieldNamed(name, false));
    // The contact is named once, and by their role are one of those who made the data.
    if (part === 'role' && /contributor/i.test(textOf(cell))) contactRole = { role: roleOf(textOf(cell)), place };
    if (part === undefined && isNamesOfPeople(name, textOf(cell))) {
      people.push(...peopleOfNames(name, textOf(cell), place));
      continue;
    }
    if (refersToDatasets.test(textOf(cell)) || textOf(cell) === '') continue;
    if (field) {
      isBegun = true;
      take(result, field, namedCell(name, cell), place);
    } else if (
      isBegun &&
      name !== '' &&
      !notForForm.test(key) &&
      part === undefined &&
      !/^(field|item|name|項目)$/i.test(name)
    )
      unknownName(result, name, textOf(cell), { ...place, column: columnLetters(names) });
  }
  if (contactRole) people.unshift(contactOf(result.values, contactRole));
  addPeople(result, people);
}

/** Is a cell the names of several people, as older templates have them ("Yusuke Azuma, Shuichi Onami")? */
const isNamesOfPeople = (name: string, text: string) =>
  /^(image |quantitative )?(data(set)? )?(contributors?|creators?)(\s*\([^)]*\))?$/i.test(
    name.replace(/[*＊]/g, '').trim(),
  ) &&
  !refersToDatasets.test(text) &&
  /\s/.test(text);

type Named = { part: Partial<Contributor>; place: CellPlace };

/** People of a list of names; the last word of a name is the family's. */
function peopleOfNames(label: string, text: string, place: CellPlace): Named[] {
  return entriesOf(text).map((name) => {
    const words = name.split(/\s+/);
    return {
      part: { firstName: words.slice(0, -1).join(' '), lastName: words.at(-1)!, role: roleOf(label) },
      place,
    };
  });
}

/** The contact as one of those who made the data. */
function contactOf(values: Record<string, FieldValue>, { role, place }: { role: string; place: CellPlace }): Named {
  const said = (id: string) => (typeof values[id] === 'string' ? values[id] : undefined);
  return {
    part: filled<Partial<Contributor>>({
      firstName: said('contactFirstName'),
      lastName: said('contactLastName'),
      organisation: said('contactOrganisation'),
      laboratory: said('contactLaboratory'),
      department: said('contactDepartment'),
      orcid: said('contactOrcid'),
      role: role as Contributor['role'],
    }),
    place,
  };
}

function contactField(part: keyof Contributor | undefined): MetadataField | undefined {
  if (part === undefined || part === 'role') return undefined;
  const id = `contact${part[0]!.toUpperCase()}${part.slice(1)}`;
  return metadataFields.find((field) => field.id === id);
}

/** SSBD's spellings of who made which data, and ours. */
function roleOf(text: string): Contributor['role'] {
  const image = /image/i.test(text);
  const quantitative = /quantitative/i.test(text);
  return image && !quantitative ? 'image' : quantitative && !image ? 'quantitative' : 'image and quantitative';
}

/** A header and rows: one row for the study, or one for each data set. */
function readTable(sheet: ReadSheet, at: number, isDataset: boolean, result: ReadStudySheets, placeOf: PlaceOf): void {
  const headerRow = sheet.rows[at]!;
  const fields = headerRow.cells.map((cell) => fieldNamed(cell, isDataset));
  headerRow.cells.forEach((cell, column) => {
    const name = textOf(cell);
    if (name !== '' && !fields[column] && !notForForm.test(folded(name))) {
      const first = sheet.rows
        .slice(at + 1)
        .map(({ cells }) => textOf(cells[column]))
        .find((text) => text !== '');
      if (first !== undefined) unknownName(result, name, first, placeOf(headerRow.row, column));
    }
  });
  const rows = sheet.rows.slice(at + 1, at + 1 + mostRows).filter(({ cells }) => isFilledIn(cells, headerRow.cells));
  if (isDataset) {
    for (const { row, cells } of rows) {
      const one: ReadStudySheets = { ...result, values: {} };
      fields.forEach((field, column) => {
        if (field) take(one, field, namedCell(headerRow.cells[column], cells[column]), placeOf(row, column));
      });
      const { datasetTitle, localId, file, kind: _kind, ...values } = one.values;
      const title =
        typeof datasetTitle === 'string'
          ? datasetTitle
          : typeof localId === 'string'
            ? localId
            : typeof file === 'string'
              ? file
              : '';
      result.datasets.push({
        title: title || `row ${row}`,
        ...(typeof datasetTitle === 'string' ? { isTitled: true } : {}),
        ...(typeof localId === 'string' ? { identifier: localId } : {}),
        files:
          typeof file === 'string'
            ? file
                .split(/[,;\n]/)
                .map((name) => name.trim())
                .filter(Boolean)
            : [],
        values: { ...values, ...(localId === undefined ? {} : { localId }) },
      });
    }
    return;
  }
  const [first, second] = rows;
  if (first)
    fields.forEach((field, column) => {
      if (field)
        take(result, field, namedCell(headerRow.cells[column], first.cells[column]), placeOf(first.row, column));
    });
  if (second)
    result.issues.push(
      sheetIssue('sheet-row-skipped', `Row ${second.row} and those after it were not read`, {
        where: placeOf(second.row, 0),
      }),
    );
}

/** Does a row hold values: not blank, no remark, and not the header again (of two merged rows, or of a second page)? */
function isFilledIn(cells: ReadSheet['rows'][number]['cells'], header: ReadSheet['rows'][number]['cells']): boolean {
  const filled = cells.flatMap((cell, column) => (textOf(cell) === '' ? [] : [column]));
  if (filled.length === 0 || (filled.length === 1 && textOf(cells[filled[0]!]).startsWith('#'))) return false;
  return filled.some((column) => folded(textOf(cells[column])) !== folded(textOf(header[column])));
}

function readPeople(sheet: ReadSheet, result: ReadStudySheets, placeOf: PlaceOf): void {
  const headerAt = sheet.rows.findIndex(
    ({ cells }) => cells.filter((cell) => partOfName(folded(textOf(cell))) !== undefined).length >= 2,
  );
  if (headerAt < 0) return;
  const header = sheet.rows[headerAt]!;
  const parts = header.cells.map((cell) => partOfName(folded(textOf(cell))));
  const rows = sheet.rows.slice(headerAt + 1, headerAt + 501).filter(({ cells }) => isFilledIn(cells, header.cells));
  header.cells.forEach((cell, column) => {
    const first = rows.map(({ cells }) => textOf(cells[column])).find((text) => text !== '');
    if (parts[column] === undefined && textOf(cell) !== '' && first !== undefined)
      unknownName(result, textOf(cell), first, placeOf(header.row, column));
  });
  const people = rows.map(({ row, cells }) => {
    const part: Record<string, string> = {};
    parts.forEach((name, column) => {
      const text = textOf(cells[column]);
      if (name === undefined || text === '') return;
      part[name] = name === 'role' ? roleOf(text) : text;
      if (name === 'role' && !/image|quantitative|both|contact|画像|定量/i.test(text))
        result.issues.push(
          sheetIssue('sheet-cell-changed', `“${text.slice(0, 60)}” does not say which data: both are taken`, {
            where: { ...placeOf(row, column), field: 'contributors' },
          }),
        );
    });
    return { part: part as Partial<Contributor>, place: placeOf(row, 0) };
  });
  addPeople(result, people);
}

/** One of a list of names who is the contact works where the contact does. */
function withContact(part: Partial<Contributor>, values: Readonly<Record<string, FieldValue>>): Partial<Contributor> {
  const { contactFirstName, contactLastName, contactName, contactOrganisation } = values;
  const name = `${part.firstName ?? ''} ${part.lastName ?? ''}`.trim().toLowerCase();
  const isContact = [`${String(contactFirstName)} ${String(contactLastName)}`, contactName].some(
    (one) => typeof one === 'string' && one.toLowerCase() === name,
  );
  return part.organisation || !isContact || typeof contactOrganisation !== 'string'
    ? part
    : { ...part, organisation: contactOrganisation };
}

function addPeople(result: ReadStudySheets, people: readonly { part: Partial<Contributor>; place: CellPlace }[]): void {
  const known: Contributor[] = [];
  for (const { part: told, place } of people) {
    const part = withContact(told, result.values);
    const { role, ...said } = part;
    if (Object.values(said).every((text) => text === '' || text === undefined)) continue;
    // Groups have one name, and so do some people.
    const lacking = (['lastName', 'organisation'] as const).filter((name) => !part[name]);
    const orcid = part.orcid ? readOrcid(part.orcid) : undefined;
    if (lacking.length > 0 || (part.orcid && orcid === undefined))
      result.issues.push(
        sheetIssue(
          'sheet-cell-refused',
          lacking.length > 0 ? `A contributor lacks ${lacking.join(', ')}` : `“${part.orcid}” is not an ORCID`,
          { where: { ...place, field: 'contributors' } },
        ),
      );
    known.push({
      firstName: part.firstName ?? '',
      lastName: part.lastName ?? '',
      organisation: part.organisation ?? '',
      role: role ?? 'image and quantitative',
      ...filled({ email: part.email, laboratory: part.laboratory, department: part.department, orcid }),
    });
  }
  if (known.length > 0) result.values.contributors = known;
}

/** Takes a cell over; entries of a list that stands in several cells are joined. */
function take(
  result: Pick<ReadStudySheets, 'values' | 'issues'>,
  field: MetadataField,
  cell: ReadCell,
  place: CellPlace,
): void {
  if (
    /^(na|n\/a)$/i.test(textOf(cell)) &&
    field.type !== 'term-list' &&
    field.type !== 'text-list' &&
    !field.id.endsWith('Scale')
  )
    return;
  const { value, issues } = cellValue(field, cell, place);
  result.issues.push(...issues);
  if (value === undefined) return;
  const before = result.values[field.id];
  if (Array.isArray(before) && Array.isArray(value)) result.values[field.id] = [...before, ...value] as FieldValue;
  else if (field.id === 'microscope' && typeof before === 'string' && typeof value === 'string')
    result.values[field.id] = / *[a-z]+: /.test(value) ? `${before}; ${value}` : `${value}; ${before}`;
  else result.values[field.id] = value;
}

function unknownName(result: ReadStudySheets, name: string, text: string, place: CellPlace): void {
  result.unread.push({ place: `${place.file} ${place.column}${place.row}: ${name}`, text });
  result.issues.push(sheetIssue('sheet-field-unknown', `“${name.slice(0, 80)}” is no field`, { where: { ...place } }));
}
