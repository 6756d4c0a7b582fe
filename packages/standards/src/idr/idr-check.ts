import { defineIssues, type Issue } from '@micrarium/model';
import { isDoiField } from '../identifiers/identifiers.ts';
import { splitTable } from '../tables/delimited.ts';
import { type IdrEntry, isIdrHint, isIdrKey, readIdrText } from './study-file.ts';

/** Issues of an IDR study file or annotation table. */
export const idrIssue = defineIssues({
  'idr-key-missing': {
    severity: 'error',
    meaning: 'An IDR study file lacks a key that every study or component has.',
    hint: 'Add the line with its value.',
  },
  'idr-key-unknown': {
    severity: 'warning',
    meaning: 'An IDR study file has a key that IDR does not list; its reader refuses such files.',
    hint: 'Check the spelling of the key.',
  },
  'idr-count': {
    severity: 'error',
    meaning: 'Numbers of an IDR study file do not fit: of components, of titles and authors, of terms and accessions.',
  },
  'idr-malformed': {
    severity: 'error',
    meaning:
      'A value of an IDR study file is not spelled as IDR wants it: the name of a component, a DOI, an accession.',
  },
  'idr-organism': {
    severity: 'error',
    meaning: 'The organism stands at the study or at each component: one of the two, not both and not neither.',
  },
  'idr-annotation': {
    severity: 'error',
    meaning: 'An IDR annotation table has a row that does not fit its header, or lacks its first columns.',
  },
});

const studyKeys = [
  'Comment[IDR Study Accession]',
  'Study Title',
  'Study Description',
  'Study Type',
  'Study Publication Title',
  'Study Author List',
  'Study Public Release Date',
];

/** Checks the text of an IDR study file (section 7 of the standards note). */
export function checkIdrStudy(text: string): Issue[] {
  const { entries } = readIdrText(text);
  const study = entries.filter(({ scope }) => scope === 'study');
  const scopes = [...new Set(entries.map(({ scope }) => scope))].filter((scope) => scope !== 'study');
  return [
    ...entries
      .filter(({ key }) => !isIdrKey(key))
      .map(({ key, line }) =>
        idrIssue('idr-key-unknown', `“${key.slice(0, 80)}” is not a key of IDR`, {
          where: { line, field: key.slice(0, 80) },
        }),
      ),
    ...entries
      .filter(({ isBroken }) => isBroken)
      .map(({ key, line }) =>
        idrIssue(
          'idr-malformed',
          `The value of “${key}” goes on over several lines: readers of IDR take its first only`,
          {
            where: { line, field: key },
            severity: 'info',
            hint: 'Write the value in one line.',
          },
        ),
      ),
    ...studyKeys
      .filter((key) => !isFilled(study, key))
      .map((key) => idrIssue('idr-key-missing', `The study has no ${key}`, { where: { field: key } })),
    ...checkCounts(study, entries, scopes),
    ...checkOrganisms(study, entries, scopes),
    ...scopes.flatMap((scope) =>
      checkComponent(
        entries.filter((entry) => entry.scope === scope),
        scope,
      ),
    ),
    ...checkDois(entries),
    ...checkTerms(entries),
  ];
}

const find = (entries: readonly IdrEntry[], key: string) => entries.find((entry) => entry.key === key);
const isFilled = (entries: readonly IdrEntry[], key: string) =>
  find(entries, key)?.values.some((value) => value !== '' && !isIdrHint(value)) ?? false;

function checkCounts(study: readonly IdrEntry[], entries: readonly IdrEntry[], scopes: readonly string[]): Issue[] {
  const issues: Issue[] = [];
  if (scopes.length === 0) issues.push(idrIssue('idr-count', 'There is neither a screen nor an experiment'));
  for (const [key, begins] of [
    ['Study Screens Number', 'Screen Number'],
    ['Study Experiments Number', 'Experiment Number'],
  ] as const) {
    const entry = find(study, key);
    const stated = Number(entry?.values[0] ?? Number.NaN);
    const counted = entries.filter((one) => one.key === begins).length;
    if (entry && Number.isInteger(stated) && stated !== counted)
      issues.push(
        idrIssue('idr-count', `${key} is ${stated}, but there ${counted === 1 ? 'is 1' : `are ${counted}`}`, {
          where: { line: entry.line, field: key },
        }),
      );
  }
  const numbers = entries.filter(({ key }) => /^(Screen|Experiment) Number$/.test(key));
  const seen = new Set<string>();
  for (const { key, values, line } of numbers) {
    if (seen.has(`${key} ${values[0]}`))
      issues.push(idrIssue('idr-count', `${key} ${values[0]} stands twice`, { where: { line, field: key } }));
    seen.add(`${key} ${values[0]}`);
  }
  const titles = find(study, 'Study Publication Title');
  const authors = find(study, 'Study Author List');
  if (titles && authors && titles.values.length !== authors.values.length)
    issues.push(
      idrIssue(
        'idr-count',
        `There are ${titles.values.length} publication titles and ${authors.values.length} author lists`,
        { where: { line: authors.line, field: 'Study Author List' } },
      ),
    );
  return issues;
}

function checkOrganisms(study: readonly IdrEntry[], entries: readonly IdrEntry[], scopes: readonly string[]): Issue[] {
  const atStudy = isFilled(study, 'Study Organism');
  const atComponents = scopes.filter((scope) =>
    entries.some(
      (entry) =>
        entry.scope === scope && /^(Screen|Experiment) Organism$/.test(entry.key) && entry.values.some(Boolean),
    ),
  );
  if (atStudy && atComponents.length > 0)
    return [
      idrIssue('idr-organism', 'The organism stands at the study and at components', {
        where: { field: 'Study Organism' },
      }),
    ];
  if (!atStudy && atComponents.length < scopes.length)
    return [
      idrIssue('idr-organism', 'The organism is given neither for the study nor for every component', {
        where: { field: 'Study Organism' },
      }),
    ];
  return [];
}

function checkComponent(part: readonly IdrEntry[], scope: string): Issue[] {
  const kind = part.some(({ key }) => key === 'Screen Number') ? 'Screen' : 'Experiment';
  const needed = [
    `Comment[IDR ${kind} Name]`,
    `${kind} Number`,
    `${kind} Description`,
    `${kind} Sample Type`,
    `${kind} Imaging Method`,
    ...(kind === 'Screen' ? ['Screen Type'] : []),
  ];
  const issues = needed
    .filter((key) => !isFilled(part, key))
    .map((key) =>
      idrIssue('idr-key-missing', `${scope} has no ${key}`, { where: { line: part[0]!.line, field: key } }),
    );
  const name = find(part, `Comment[IDR ${kind} Name]`);
  if (name?.values[0] && !/^idr\d{4}-[a-z0-9]+-[A-Za-z0-9-]+\/(screen|experiment)[A-Z]+$/.test(name.values[0]))
    issues.push(
      idrIssue('idr-malformed', `“${name.values[0].slice(0, 80)}” is not a component’s name`, {
        where: { line: name.line, field: name.key },
        hint: 'For example: idr0026-weigelin-immunotherapy/experimentA',
      }),
    );
  return issues;
}

function checkDois(entries: readonly IdrEntry[]): Issue[] {
  return entries
    .filter(({ key }) => /(^Study DOI|Data DOI)$/.test(key))
    .flatMap(({ key, values, line }) =>
      values
        .filter((value) => value !== '' && !isIdrHint(value) && !isDoiField(value))
        .map((value) =>
          idrIssue('idr-malformed', `${key}: “${value.slice(0, 80)}” is not a DOI`, { where: { line, field: key } }),
        ),
    );
}

function checkTerms(entries: readonly IdrEntry[]): Issue[] {
  return entries
    .filter(({ key }) => key.endsWith(' Term Accession'))
    .flatMap(({ key, values, line, scope }) => {
      // Real studies give the number alone, where the line above names its vocabulary.
      const sourceKey = key.replace(/Accession$/, 'Source REF');
      const sources = entries.find((one) => one.scope === scope && one.key === sourceKey)?.values ?? [];
      return values
        .filter((value, index) => !isIdrHint(value) && !(/^\d+$/.test(value) && (sources[index] ?? '') !== ''))
        .flatMap((value) => value.split(/\s*[;,]\s*/))
        .filter((value) => value !== '' && !/^([A-Za-z]+[_:]\w+|https?:\/\/\S+)$/.test(value))
        .map((value) =>
          idrIssue('idr-malformed', `${key}: “${value.slice(0, 60)}” is not an accession`, {
            where: { line, field: key },
            severity: 'warning',
          }),
        );
    });
}

/** Checks an IDR annotation table: header, cells per row, accessions. */
export function checkIdrAnnotation(text: string): Issue[] {
  const [header, ...rows] = splitTable(text, ',');
  const issues: Issue[] = [];
  const names = header?.cells.map((cell) => cell.trim()) ?? [];
  const begins = [
    ['Dataset Name', 'Image Name'],
    ['Plate', 'Well'],
  ].some((pair) => pair.every((name) => names.includes(name)));
  if (!begins)
    issues.push(
      idrIssue('idr-annotation', 'The header has neither Dataset Name and Image Name nor Plate and Well', {
        where: { line: 1 },
      }),
    );
  rows.forEach(({ cells, line }, index) => {
    if (cells.length === 1 && cells[0] === '') return;
    if (cells.length !== names.length && issues.length < 200)
      issues.push(
        idrIssue('idr-annotation', `Row ${index + 1} has ${cells.length} cells, the header ${names.length}`, {
          where: { line, row: index + 1 },
        }),
      );
  });
  names.forEach((name, column) => {
    if (!/Accession( [a-z])?$/.test(name)) return;
    const hasSource = names[column - 1]?.endsWith('REF') ?? false;
    const row = rows.findIndex(
      ({ cells }) =>
        (cells[column] ?? '') !== '' &&
        !(hasSource && /^\d+$/.test(cells[column]!.trim()) && (cells[column - 1] ?? '') !== '') &&
        !/^([A-Za-z]+[_:]\w+|https?:\/\/\S+)(\s*[;|,]\s*([A-Za-z]+[_:]\w+|https?:\/\/\S+))*$/.test(
          cells[column]!.trim(),
        ),
    );
    if (row >= 0)
      issues.push(
        idrIssue('idr-malformed', `Row ${row + 1}: “${rows[row]!.cells[column]!.slice(0, 60)}” is not an accession`, {
          where: { line: rows[row]!.line, row: row + 1, column: name },
          severity: 'warning',
        }),
      );
  });
  return issues;
}
