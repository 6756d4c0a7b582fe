import { defineIssues, type Issue, type Severity } from '@micrarium/model';
import { isRecord, type Json, type JsonRecord, textOf } from '../json/json.ts';

/** Issues of a document that its community checks with a schema. `where.field` is the path of the member. */
export const documentIssue = defineIssues({
  'document-member-missing': {
    severity: 'error',
    meaning: 'A metadata document lacks something the schema of its standard requires.',
    hint: 'Fill it in.',
    example: 'A biosample of REMBI without organism.',
  },
  'document-member-malformed': {
    severity: 'error',
    meaning:
      'A value of a metadata document is not what the schema of its standard wants: a text, a number, a list, an address, or one of a closed list.',
    hint: 'Write it as the schema has it.',
    example: 'A file of a Data Package with the path “../data.csv”.',
  },
  'document-member-unknown': {
    severity: 'warning',
    meaning: 'A metadata document has a member that the schema of its standard does not know and does not allow.',
    hint: 'Check the spelling of the name, or leave it out.',
    example: 'An author of MIFA with “last_name” instead of “author_last_name”.',
  },
});

/** What a value must be. */
export type Shape =
  /** A text; `form` with what it is called, or a closed list. */
  | { kind: 'text'; form?: readonly [pattern: RegExp, what: string]; listed?: readonly string[] }
  /** A number, also written as text where `isLoose`; `least` is the smallest allowed. */
  | { kind: 'number'; least?: number; isLoose?: boolean }
  /** A list; where `isLoose` one value stands for a list of one. */
  | { kind: 'list'; of: Shape; least?: number; isLoose?: boolean }
  /** An object; names that stand in neither list are faults where `isClosed`. */
  | { kind: 'object'; must: Members; may?: Members; isClosed?: boolean; oneOf?: readonly string[] }
  /** Anything. */
  | { kind: 'any' };

/** Members of an object with what each must be. */
export type Members = Readonly<Record<string, Shape>>;

/** Any text. */
export const aText: Shape = { kind: 'text' };
/** Texts. */
export const texts: Shape = { kind: 'list', of: aText };

/** Issues told of one document; the rest would only repeat them. */
const mostIssues = 1000;

/** What is wrong with a value by its shape. @param standard name of the standard, for the sentences @param place path of the value */
export function checkShape(value: Json | undefined, shape: Shape, standard: string, place = ''): Issue[] {
  const issues: Issue[] = [];
  look(value, shape, place, (code, message, field, severity) => {
    if (issues.length < mostIssues)
      issues.push(
        documentIssue(code, `${standard}: ${message}`, {
          where: { field },
          ...(severity === undefined ? {} : { severity }),
        }),
      );
  });
  return issues;
}

type Found = (code: keyof typeof documentIssue.catalogue, message: string, field: string, severity?: Severity) => void;

const nameOf = (place: string) => (place === '' ? 'the document' : place);
const shown = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 60);

function look(value: Json | undefined, shape: Shape, place: string, found: Found): void {
  if (value === undefined || shape.kind === 'any') return;
  const wrong = (wanted: string) =>
    found('document-member-malformed', `${nameOf(place)} is “${shown(value)}”, not ${wanted}`, place);
  if (shape.kind === 'object')
    return isRecord(value) ? lookWithin(value, shape, place, found) : void wrong('an object with members of its own');
  if (shape.kind === 'list') {
    const list = Array.isArray(value) ? value : shape.isLoose && value !== null ? [value] : undefined;
    if (!list) return void wrong('a list');
    if (list.length < (shape.least ?? 0)) found('document-member-missing', `${nameOf(place)} is empty`, place);
    return list.forEach((one, index) => look(one, shape.of, `${place}[${index}]`, found));
  }
  if (shape.kind === 'number') {
    const number = typeof value === 'number' ? value : shape.isLoose ? Number(textOf(value) ?? Number.NaN) : Number.NaN;
    if (!Number.isFinite(number) || number < (shape.least ?? Number.NEGATIVE_INFINITY))
      wrong(shape.least === undefined ? 'a number' : `a number of at least ${shape.least}`);
    return;
  }
  if (typeof value !== 'string') return void wrong('a text');
  if (shape.listed && !shape.listed.includes(value)) wrong(`one of ${shape.listed.join(', ')}`);
  else if (shape.form && !shape.form[0].test(value)) wrong(shape.form[1]);
}

/** Is nothing said: not there, or null? */
const isNothing = (value: Json | undefined) => value === undefined || value === null;

function lookWithin(record: JsonRecord, shape: Shape & { kind: 'object' }, place: string, found: Found): void {
  const at = (name: string) => (place === '' ? name : `${place}.${name}`);
  for (const [name, inner] of Object.entries(shape.must))
    if (!Object.hasOwn(record, name) || isNothing(record[name]))
      found('document-member-missing', `${nameOf(place)} has no ${name}`, at(name));
    // A schema takes an empty text; a reader learns nothing of it.
    else if (record[name] === '') found('document-member-missing', `${at(name)} is an empty text`, at(name), 'warning');
    else look(record[name], inner, at(name), found);
  for (const [name, inner] of Object.entries(shape.may ?? {}))
    if (Object.hasOwn(record, name) && !isNothing(record[name]) && record[name] !== '')
      look(record[name], inner, at(name), found);
  const given = shape.oneOf?.filter((name) => Object.hasOwn(record, name) && record[name] !== null);
  if (shape.oneOf && given?.length === 0)
    found('document-member-missing', `${nameOf(place)} has neither ${shape.oneOf.join(' nor ')}`, at(shape.oneOf[0]!));
  if (!shape.isClosed) return;
  for (const name of Object.keys(record))
    if (!Object.hasOwn(shape.must, name) && !Object.hasOwn(shape.may ?? {}, name))
      found('document-member-unknown', `${nameOf(place)} has “${name.slice(0, 60)}”`, at(name.slice(0, 60)));
}
