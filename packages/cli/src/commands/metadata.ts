import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DepositDraft, createClient, routes, withAllItems } from '@micrarium/api';
import { memorySource, sheetsInMemory, workbookBytes } from '@micrarium/formats';
import { groupDatasets, type Issue, type StudyItem, type StudyVersion } from '@micrarium/model';
import {
  decodeMetadataText,
  type DescribedStudy,
  graphOfStudy,
  heldByForm,
  type ImportedMetadata,
  importMetadata,
  type MetadataForm,
  metadataFormById,
  formOf,
  givenValues,
  keptKey,
  type MetadataTier,
  metadataForms,
  readStudySheets,
  type StudyGraph,
  studySheets,
  tableRows,
} from '@micrarium/standards';
import { parseCommand } from '../arguments.ts';
import { readToken, serverAddress } from '../deposit/access.ts';
import { existsAt } from '../target.ts';
import { type Terminal, UsageError, exitCode, writeLine } from '../terminal.ts';

/** Files larger than this hold data, not metadata. */
const largestMetadata = 64 << 20;
const mostFiles = 200;

/** A study that was told of, and where. */
interface Told {
  graph: StudyGraph;
  /** What an import could not place. */
  unread: { place: string; text: string }[];
  /** Parts without a field, as the value that keeps them. */
  kept?: string;
  /** Where it was a study of a server. */
  study?: DescribedStudy;
}

/** `metadata FORM SOURCE`: a study's metadata in any form, from a published version, a draft, or a metadata file. */
export async function metadata(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    json: { type: 'boolean' },
    force: { type: 'boolean' },
    out: { type: 'string' },
    server: { type: 'string' },
    study: { type: 'string' },
    version: { type: 'string' },
    draft: { type: 'string' },
    'token-file': { type: 'string' },
  });
  const [formId, ...sources] = paths;
  if (formId === 'template') return await template(values, sources, terminal);
  if (formId === undefined) throw new UsageError('metadata needs a form; `micrarium metadata list` names them');
  if (formId === 'list') {
    for (const { id, name, kind } of metadataForms)
      await writeLine(terminal.out, `${id.padEnd(20)} ${kind.padEnd(9)} ${name}`);
    return exitCode.good;
  }
  const isRead = formId === 'values';
  const form = metadataFormById(formId);
  if (!form && !isRead)
    throw new UsageError(
      `"${formId}" is no form; \`micrarium metadata list\` names them, "values" gives the fields of the form`,
    );
  const told =
    values.server === undefined ? await fromFiles(sources, terminal) : await fromServer(values, sources, terminal);
  if (!told) return exitCode.faulty;
  const written = form ? form.write(told.graph).text : `${JSON.stringify(valuesJson(told), undefined, 2)}\n`;
  const files = form?.files?.(told.graph);
  await place(values, terminal, written, files);
  if (form) await tell(form, told, values.json === true, terminal);
  return exitCode.good;
}

/** Values of our form; those of data sets under "datasets", by title. */
function valuesJson({ graph, kept }: Told): object {
  const { values: said, datasets } = formOf('', graph);
  const values = kept === undefined ? said : { ...said, [keptKey]: kept };
  return { values, origins: {}, ...(datasets.length > 0 ? { datasets } : {}) };
}

type Values = ReturnType<typeof parseCommand>['values'];

/** Writes the form where it is wanted: a file, a folder for a form of several, else standard output. */
async function place(
  { out, force }: Values,
  terminal: Terminal,
  text: string,
  files: ReadonlyMap<string, string> | undefined,
): Promise<void> {
  if (typeof out !== 'string') {
    if (files) throw new UsageError(`this form is a folder of ${files.size} files: name it with --out FOLDER`);
    await writeLine(terminal.out, text.replace(/\n$/, ''));
    return;
  }
  if (force !== true && (await existsAt(out))) throw new UsageError(`${out} exists already; --force replaces it`);
  if (files) {
    await mkdir(out, { recursive: true });
    for (const [name, content] of files) {
      await mkdir(dirname(join(out, name)), { recursive: true });
      await writeFile(join(out, name), content);
    }
  } else await writeFile(out, text);
}

/** Says in numbers what the form cannot hold, and what of the source was not read. */
async function tell(form: MetadataForm, { graph, unread }: Told, json: boolean, terminal: Terminal): Promise<void> {
  const { held, of, missing } = heldByForm(form, graph);
  const kept = form.write(graph).losses.filter(({ where }) => where.field?.startsWith('kept.'));
  if (json) {
    const notHeld = kept.map(({ message }) => message);
    await writeLine(
      terminal.err,
      JSON.stringify({ form: form.id, held, of, missing, unread, ...(kept.length > 0 ? { notHeld } : {}) }),
    );
    return;
  }
  await writeLine(terminal.err, `${form.name} holds ${held} of ${of} statements.`);
  for (const { place, values } of missing.slice(0, 20))
    await writeLine(
      terminal.err,
      `  not held: ${place}, ${values.length} ${values.length === 1 ? 'value' : 'values'} (“${values[0]?.slice(0, 60)}”)`,
    );
  if (missing.length > 20) await writeLine(terminal.err, `  and ${missing.length - 20} more places (--json lists all)`);
  for (const { message } of kept) await writeLine(terminal.err, `${message}.`);
  if (unread.length > 0)
    await writeLine(
      terminal.err,
      `${unread.length} parts of the source have no field in our form (--json lists them).`,
    );
}

/** A finding with the place it is at: file, sheet and cell, or line. */
function issueLine({ severity, message, where }: Issue): string {
  const { file, line, row, column, field } = where;
  const places = [
    file === undefined || message.includes(file) ? undefined : file,
    line === undefined ? undefined : `line ${line}`,
    row === undefined ? undefined : `row ${row}`,
    column === undefined ? undefined : `column ${column}`,
    field,
  ].filter((place) => place !== undefined);
  return `${severity}: ${message}${places.length > 0 ? ` (${places.join(', ')})` : ''}`;
}

async function fromFiles(sources: readonly string[], terminal: Terminal): Promise<Told | undefined> {
  if (sources.length === 0)
    throw new UsageError('metadata needs a metadata file, or --server URL with --study or --draft');
  const texts = new Map<string, string>();
  for (const source of sources)
    for (const path of await filesAt(source)) {
      const about = await stat(path);
      if (about.size <= largestMetadata && texts.size < mostFiles) {
        if (isWorkbook(path)) texts.set(path, await readFile(path, 'latin1'));
        else {
          const { text, issues } = decodeMetadataText(await readFile(path), path);
          texts.set(path, text);
          for (const issue of issues) await writeLine(terminal.err, issueLine(issue));
        }
      }
    }
  const [[first] = []] = [...texts];
  const sheets = first === undefined ? undefined : await sheetsAt(first, texts.get(first)!);
  const read: ReturnType<typeof importMetadata> = sheets ?? importMetadata(texts);
  for (const issue of read.issues.slice(0, 20)) await writeLine(terminal.err, issueLine(issue));
  if (!isImported(read)) return undefined;
  return { graph: read.graph, unread: read.unread, ...(read.kept === undefined ? {} : { kept: read.kept }) };
}

const isWorkbook = (path: string) => /\.(xls[xmb]?|xlt[xm]|o[dt]s)$/i.test(path);
/** Rows read of a sheet of metadata; more are data. */
const mostRows = 200_000;

/** A filled Excel sheet, or a table with names of fields; `undefined` for files that are neither. */
async function sheetsAt(path: string, text: string): Promise<ReturnType<typeof importMetadata> | undefined> {
  const isTable = /\.(csv|tsv)$/i.test(path);
  if (!isWorkbook(path) && !isTable) return undefined;
  const { sheets, issues } = isTable
    ? {
        sheets: [{ name: 'table', rows: tableRows(text).map(({ cells, line }) => ({ row: line, cells })) }],
        issues: [],
      }
    : await sheetsInMemory(memorySource(path, Buffer.from(text, 'latin1')), mostRows);
  const read = readStudySheets(sheets, path);
  const isNone = read.issues.some(({ code }) => code === 'sheet-no-template');
  if (isNone) return isTable ? undefined : { issues: [...issues, ...read.issues] };
  const datasets = read.datasets.map(({ title }, index) => ({
    id: `d-${index + 1}`,
    title,
    imageItems: [],
    quantitativeItems: [],
  }));
  const own = read.datasets.flatMap(({ values }, index) =>
    Object.entries(values).map(([field, value]) => [`${field}@d-${index + 1}`, value] as const),
  );
  const values = { ...read.values, ...Object.fromEntries(own) };
  const graph = graphOfStudy({ metadata: { values, origins: {} }, files: [], items: [], datasets });
  return { ...formOf('Excel', graph, [...issues, ...read.issues]), values, unread: read.unread };
}

/** `metadata template TIER OUT.xlsx [SOURCE…]`: the Excel template of a tier, empty or filled from a source. */
async function template(
  values: Values,
  [tier, out, ...sources]: readonly string[],
  terminal: Terminal,
): Promise<number> {
  if (tier !== 'archive' && tier !== 'database') throw new UsageError('template takes a tier: archive or database');
  if (out === undefined || !/\.xlsx$/i.test(out)) throw new UsageError('template takes the name of an .xlsx file');
  if (values.force !== true && (await existsAt(out)))
    throw new UsageError(`${out} exists already; --force replaces it`);
  const isFilled = sources.length > 0 || values.server !== undefined;
  const told = !isFilled
    ? undefined
    : values.server === undefined
      ? await fromFiles(sources, terminal)
      : await fromServer(values, sources, terminal);
  if (isFilled && !told) return exitCode.faulty;
  await writeFile(out, await workbookBytes(studySheets(tier satisfies MetadataTier, told && sheetContent(told))));
  await writeLine(terminal.err, `${out}: the ${tier} tier's template, ${told ? 'filled in' : 'empty'}.`);
  return exitCode.good;
}

function sheetContent({ graph, study }: Told): Parameters<typeof studySheets>[1] {
  if (study)
    return {
      values: study.metadata.values,
      datasets: study.datasets,
      given: givenValues({ ...study, items: study.items }),
    };
  const { values, datasets } = formOf('', graph);
  const all = { ...values };
  datasets.forEach((dataset, index) => {
    for (const [field, value] of Object.entries(dataset.values)) all[`${field}@d-${index + 1}`] = value;
  });
  return { values: all, datasets: datasets.map(({ title }, index) => ({ id: `d-${index + 1}`, title })), given: {} };
}

const isImported = (read: ReturnType<typeof importMetadata>): read is ImportedMetadata => 'graph' in read;

async function filesAt(path: string): Promise<string[]> {
  const about = await stat(path).catch((cause: unknown) => {
    throw new UsageError(`there is no file ${path}`, { cause });
  });
  if (!about.isDirectory()) return [path];
  const names = (await readdir(path)).sort();
  return names
    .filter((name) => /\.(txt|json|jsonld|xml|ome|ya?ml|tsv|csv|cff|xls[xmb]?|o[dt]s)$/i.test(name))
    .map((name) => join(path, name));
}

async function fromServer(values: Values, sources: readonly string[], terminal: Terminal): Promise<Told | undefined> {
  if (sources.length > 0) throw new UsageError('give a metadata file or --server, not both');
  const { server, isOpenHttp } = serverAddress(values.server);
  if (typeof values.draft === 'string') {
    if (isOpenHttp) throw new UsageError('a token is not sent over http to another machine; use https');
    const token = await readToken(values['token-file'], terminal.environment);
    const client = createClient({ server, token });
    const draft = await withAllItems(client, await client.call(routes.getDraft, { params: { draft: values.draft } }));
    const study = studyOfDraft(draft);
    return { graph: graphOfStudy(study), unread: [], study };
  }
  if (typeof values.study !== 'string') throw new UsageError('--server needs --study ACCESSION or --draft ID');
  const client = createClient({ server });
  const accession = values.study;
  const found =
    typeof values.version === 'string'
      ? await client.call(routes.getVersion, { params: { accession, version: Number(values.version) } })
      : await client.call(routes.getStudy, { params: { accession } });
  const url = `${server}/studies/${accession}/v/${found.version}`;
  const study = found as unknown as StudyVersion;
  return { graph: graphOfStudy(study, { url, publisher: 'Micrarium' }), unread: [], study };
}

function studyOfDraft(draft: DepositDraft): DescribedStudy {
  const items = draft.items as StudyItem[];
  return {
    accession: draft.accession,
    metadata: draft.metadata as DescribedStudy['metadata'],
    items,
    files: items.flatMap((item) => item.files.map((path) => ({ path, size: 0, sha256: '', mediaType: '' }))),
    datasets: groupDatasets(items, draft.pairs as Parameters<typeof groupDatasets>[1], draft.datasetTitles),
  };
}
