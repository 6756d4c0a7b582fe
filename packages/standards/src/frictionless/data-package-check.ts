import type { Issue } from '@micrarium/model';
import { isRecord, type Json, recordsOf, textOf, textsOf } from '../json/json.ts';
import { aText, checkShape, documentIssue, type Members, type Shape } from '../validate/document-shape.ts';

const object = (must: Members, may: Members = {}): Shape & { kind: 'object' } => ({ kind: 'object', must, may });
const list = (of: Shape, least = 0): Shape => ({ kind: 'list', of, least });

/** An address, or a path within the folder of the package: never a folder above, nor an absolute one (pattern of the profile). */
const path: Shape = {
  kind: 'text',
  form: [
    /^((?=[^./~])(?!file:)((?!\/\.\.\/)(?!\\)(?!:\/\/).)*|(http|ftp)s?:\/\/.*)$/,
    'an address or a path within the package',
  ],
};
const address: Shape = { kind: 'text', form: [/^[a-z][a-z0-9+.-]*:\S+$/i, 'an address'] };
const eMail: Shape = { kind: 'text', form: [/^\S+@\S+$/, 'an e-mail address'] };
const licence = {
  ...object(
    {},
    { name: { kind: 'text', form: [/^[-a-zA-Z0-9._]+$/, 'an identifier of a licence'] }, path, title: aText },
  ),
  oneOf: ['name', 'path'],
};
const source = object({}, { title: aText, path, email: eMail });
const contributor = object(
  {},
  { title: aText, path, email: eMail, givenName: aText, familyName: aText, organization: aText, roles: list(aText, 1) },
);
const dateTime: Shape = {
  kind: 'text',
  form: [/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i, 'a date with its time (RFC 3339)'],
};
const resource = {
  ...object(
    { name: aText },
    {
      title: aText,
      description: aText,
      homepage: address,
      mediatype: aText,
      format: aText,
      encoding: aText,
      bytes: { kind: 'number', least: 0 },
      hash: aText,
      sources: list(source),
      licenses: list(licence, 1),
    },
  ),
  oneOf: ['path', 'data'],
};

/** The descriptor of a Data Package (profile of version 2, and 1 where it is the same). */
const packageShape = object(
  { resources: list(resource, 1) },
  {
    name: aText,
    id: aText,
    title: aText,
    description: aText,
    homepage: address,
    version: aText,
    created: dateTime,
    contributors: list(contributor, 1),
    keywords: list(aText, 1),
    image: aText,
    licenses: list(licence, 1),
    sources: list(source),
  },
);

/** Checks the descriptor of a Data Package by its profile: required members, paths within the package, names used once. */
export function checkDataPackage(document: Json): Issue[] {
  const issues = checkShape(document, packageShape, 'Data Package');
  const names = new Set<string>();
  recordsOf(isRecord(document) ? document.resources : undefined).forEach((one, index) => {
    const place = `resources[${index}]`;
    const wrong = (member: string, message: string) =>
      issues.push(
        documentIssue('document-member-malformed', `Data Package: ${message}`, {
          where: { field: `${place}.${member}` },
        }),
      );
    if ('path' in one && 'data' in one) wrong('data', `${place} has both path and data; one of them is wanted`);
    const paths = Array.isArray(one.path) ? one.path : one.path === undefined ? [] : [one.path];
    if (Array.isArray(one.path) && paths.length === 0) wrong('path', `${place}.path is an empty list`);
    paths.forEach((said, number) =>
      issues.push(
        ...checkShape(said, path, 'Data Package', `${place}.path${Array.isArray(one.path) ? `[${number}]` : ''}`),
      ),
    );
    const name = textOf(one.name);
    if (name !== undefined && names.has(name)) wrong('name', `two resources are called “${name.slice(0, 60)}”`);
    if (name !== undefined) names.add(name);
    // A table schema may stand in a file of its own.
    if (isRecord(one.schema)) issues.push(...checkTable(one.schema, `${place}.schema`));
  });
  return issues;
}

/** Fields of a table: each has a name, and keys name fields that are there. */
function checkTable(schema: { [key: string]: Json }, place: string): Issue[] {
  const issues = checkShape(schema, object({ fields: list(object({ name: aText }), 1) }), 'Data Package', place);
  const known = new Set(recordsOf(schema.fields).flatMap(({ name }) => textOf(name) ?? []));
  for (const name of textsOf(schema.primaryKey))
    if (!known.has(name))
      issues.push(
        documentIssue(
          'document-member-malformed',
          `Data Package: ${place}.primaryKey names the field “${name.slice(0, 60)}”, which is not there`,
          { where: { field: `${place}.primaryKey` } },
        ),
      );
  return issues;
}
