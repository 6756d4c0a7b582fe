/**
 * Makes the typed client as a package that npm installs: `.build/client`, JavaScript and declarations without any dependency.
 * Usage: npx node tools/client-package.ts [FOLDER]; then `npm pack FOLDER` or `npm publish FOLDER`
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import { apiBase, routes } from '@micrarium/api';
import { commentOf, type JsonSchema, typeOf } from './schema-types.ts';

const root = resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: JsonSchema;
}
type Content = Record<string, { schema?: JsonSchema }>;
interface Operation {
  summary?: string;
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
}
interface Described {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
}

/** What stands for Zod in the declarations: a schema is known by the type of what it describes. */
const zodTypes = `/** Stands for a schema of the server: the type of what it describes. */
export declare namespace z {
  interface ZodType<Value = unknown> {
    readonly described: Value;
  }
  type output<Schema extends ZodType> = Schema['described'];
  type input<Schema extends ZodType> = Schema['described'];
}
`;

function schemasText({ components: { schemas } }: Described): string {
  const types = Object.entries(schemas).map(
    ([name, schema]) => `${commentOf(schema.description)}export type ${name} = ${typeOf(schema)};\n`,
  );
  return `import type { z } from './described.ts';

${types.join('\n')}
export declare const draftSchema: z.ZodType<Draft>;
export declare const draftFileSchema: z.ZodType<DraftFile>;
`;
}

function requestType({ parameters = [], requestBody }: Operation): string {
  const of = (place: string): JsonSchema => ({
    type: 'object',
    properties: Object.fromEntries(
      parameters
        .filter((one) => one.in === place)
        .map(({ name, schema, description }) => [
          name,
          description === undefined ? schema : { ...schema, description },
        ]),
    ),
    required: parameters.filter((one) => one.in === place && one.required).map(({ name }) => name),
  });
  const body = requestBody?.content['application/json']?.schema;
  const has = (place: string) => parameters.some((one) => one.in === place);
  return [
    has('path') ? `params: z.ZodType<${typeOf(of('path'), '      ')}>;` : '',
    has('query') ? `query: z.ZodType<${typeOf(of('query'), '      ')}>;` : '',
    body ? `body: { content: { 'application/json': { schema: z.ZodType<${typeOf(body, '      ')}> } } };` : '',
  ]
    .filter((line) => line !== '')
    .map((line) => `      ${line}\n`)
    .join('');
}

/** Success answers in JSON; of others the client gives nothing. */
function responsesType({ responses }: Operation): string {
  return Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([status, { content }]) => {
      const schema = content?.['application/json']?.schema;
      const json = schema
        ? `{ content: { 'application/json': { schema: z.ZodType<${typeOf(schema, '      ')}> } } }`
        : '{}';
      return `      ${status}: ${json};\n`;
    })
    .join('');
}

function routesText({ paths, components }: Described): string {
  const entries = Object.entries(routes).map(([name, { method, path }]) => {
    const operation = paths[path]![method]!;
    const request = requestType(operation);
    const members = [
      `    method: '${method}';\n    path: '${path}';\n`,
      request === '' ? '' : `    request: {\n${request}    };\n`,
      `    responses: {\n${responsesType(operation)}    };\n`,
    ];
    return `${commentOf(operation.summary, '  ')}  ${name}: {\n${members.join('')}  };\n`;
  });
  const table = Object.fromEntries(Object.entries(routes).map(([name, { method, path }]) => [name, { method, path }]));
  const text = entries.join('');
  const named = Object.keys(components.schemas).filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  return `import type { z } from './described.ts';
import type { ${named.join(', ')} } from './schemas.ts';

/** Where the interface begins on a server. */
export const apiBase = '${apiBase}';

/** Every call there is, with the types of what it takes and gives. */
export interface Routes {
${text}}

/** All calls, by name. */
export const routes = ${JSON.stringify(table, null, 2)} as unknown as Routes;
`;
}

const readme = `# The typed client of Micrarium

Version ${version}, for servers of the same version. No dependency; for Node 20 and later, browsers, Deno and Bun.

\`\`\`ts
import { createClient, routes } from '@micrarium/client';

const client = createClient({ server: 'https://micrarium.example.org' });
const { studies, total } = await client.call(routes.searchStudies, { query: { q: 'zebrafish' } });
for (const { accession, title } of studies) console.log(accession, title);
\`\`\`

Every call, its parameters, body and answer are typed; the reference is the page \`/api\` of the server. Answers outside 2xx are an \`ApiError\`
with a stable \`code\`. \`client.url(routes.exportItem, { params })\` gives the address of what is no JSON (tables, images, archives), for \`fetch\`,
hyparquet or zarrita. With a token of the account page (\`createClient({ server, token })\`) the client deposits too: \`announceFiles\`, a PUT of each
file, \`untilRead\`, \`saveChanges\`, \`routes.publishDraft\`.
`;

function packageText(): string {
  const about = {
    name: '@micrarium/client',
    version,
    description:
      'Typed client of Micrarium, a repository for microscopy images and the quantitative data derived from them',
    license: 'Apache-2.0',
    keywords: ['microscopy', 'bioimaging', 'cell tracking', 'repository', 'REST'],
    type: 'module',
    sideEffects: false,
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    types: './dist/index.d.ts',
    files: ['dist'],
    engines: { node: '>=20' },
  };
  return `${JSON.stringify(about, null, 2)}\n`;
}

/** A module of `@micrarium/api` with the imports that the package has of its own. */
const moduleOf = (name: string): string =>
  readFileSync(join(root, 'packages/api/src', name), 'utf8').replaceAll("'@hono/zod-openapi'", "'./described.ts'");

/** Makes the package in a folder, which is emptied first. */
function makePackage(folder: string): void {
  const documented = new OpenAPIHono();
  for (const route of Object.values(routes)) documented.openAPIRegistry.registerPath(route);
  const about = { openapi: '3.1.0', info: { title: 'Micrarium', version } };
  const document = documented.getOpenAPI31Document(about) as unknown as Described;
  rmSync(folder, { recursive: true, force: true });
  const source = join(folder, 'src');
  mkdirSync(source, { recursive: true });
  const files: Record<string, string> = {
    'described.ts': zodTypes,
    'schemas.ts': schemasText(document),
    'routes.ts': routesText(document),
    'client.ts': moduleOf('client.ts'),
    'page-token.ts': moduleOf('page-token.ts'),
    'deposit-client.ts': moduleOf('deposit-client.ts'),
    'index.ts': `export * from './client.ts';\nexport * from './deposit-client.ts';\nexport * from './routes.ts';\nexport type * from './schemas.ts';\n`,
    'tsconfig.json': JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: {
        composite: false,
        emitDeclarationOnly: false,
        target: 'es2022',
        rootDir: '.',
        outDir: '../dist',
        lib: ['es2024', 'dom'],
        types: [],
      },
      include: ['*.ts'],
    }),
  };
  // The compiler looks there whether these are modules.
  writeFileSync(join(folder, 'package.json'), packageText());
  for (const [name, text] of Object.entries(files)) writeFileSync(join(source, name), text);
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', source], { stdio: 'inherit' });
  rmSync(source, { recursive: true });
  writeFileSync(join(folder, 'README.md'), readme);
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
}

const folder = resolve(process.argv[2] ?? join(root, '.build/client'));
makePackage(folder);
console.log(folder);
