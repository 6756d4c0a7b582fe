import type { FieldValue, Issue } from '@micrarium/model';
import { importBiaCrate, keptFileList } from '../bia/bia-crate.ts';
import { isBiaCrate } from '../bia/bia-crate-check.ts';
import { dataCite, importDataCiteXml } from '../datacite/write-datacite.ts';
import type { MetadataField } from '../fields/metadata-fields.ts';
import { isPerDataset, metadataFieldById, tierKey } from '../fields/tiers.ts';
import { type DescribedStudy, graphOfStudy } from '../graph/graph-of-study.ts';
import { valuesOfDataset, valuesOfGraph } from '../graph/values-of-graph.ts';
import type { StudyGraph } from '../graph/study-graph.ts';
import { dataPackage, isDataPackage } from '../frictionless/data-package.ts';
import { accessionAddress } from '../identifiers/identifiers.ts';
import { importIdrFolder, isIdrTable, keptTables } from '../idr/idr-folder.ts';
import { importIsaTab } from '../isa/isa-tab.ts';
import { isaJson } from '../isa/write-isa-json.ts';
import { isRecord, isSameJson, type Json, type JsonRecord, recordsOf } from '../json/json.ts';
import type { Remainder, RemainderEntry } from '../json/remainder.ts';
import { findLicence } from '../licences/licences.ts';
import { maDmp } from '../madmp/madmp.ts';
import { miacme } from '../miacme/miacme.ts';
import { importMicroMeta, microMetaKind, microMetaWithin } from '../micro-meta/micro-meta.ts';
import { readOmeXml } from '../ome/ome-xml.ts';
import { pageTabOfTsv } from '../pagetab/pagetab-tsv.ts';
import { pageTab } from '../pagetab/write-pagetab.ts';
import { withFileLists } from '../pagetab/file-lists.ts';
import { rembi } from '../rembi/rembi.ts';
import { readRepositoryFile } from '../repository-files/repository-files.ts';
import { roCrate } from '../ro-crate/write-crate.ts';
import { entriesOfField } from '../sheets/cell-value.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { exchangeIssue, type Imported, importJson, type JsonStandard, parseJsonDocument } from './exchange.ts';
import { keptKey, keptOfValue, keptText } from './kept-parts.ts';
import { missingStatements } from './leaves.ts';
import { termOfText } from './terms.ts';

/** Something an imported document says that the form has no field for. */
export interface UnreadPart {
  /** Where it stands, in the words of the document or of the study graph. */
  place: string;
  /** Its beginning. */
  text: string;
}

/** A data set an imported document tells of. */
export interface ImportedDataset {
  title: string;
  /** Is the title one that people gave it, and not the name of a file or a number? */
  isTitled?: boolean;
  identifier?: string;
  /** Names of its files, as the document gives them. */
  files: string[];
  values: Record<string, FieldValue>;
}

/** A metadata document, read for the form. */
export interface ImportedMetadata {
  /** Name of the standard, as its community calls it. */
  name: string;
  graph: StudyGraph;
  /** For the whole study, by field id. */
  values: Record<string, FieldValue>;
  datasets: ImportedDataset[];
  /** What the document says and the form cannot take, and that is kept nowhere. */
  unread: UnreadPart[];
  /** Parts the form has no field for, as the value that keeps them with the study; left out where there are none. */
  kept?: string;
  issues: Issue[];
}

const clean = (text: string) => text.replace(/^\ufeff/, '');

/**
 * Reads a metadata document of any of the standards, told apart by its content. Several files are one document only for
 * ISA-Tab and for a crate with its file lists.
 * @param texts by file name; the first is the document where there are several
 * @returns the issues alone where it is none of them
 */
export function importMetadata(texts: ReadonlyMap<string, string>): ImportedMetadata | { issues: Issue[] } {
  const recognised = recognise(texts);
  if (!('name' in recognised)) return recognised;
  const { name, imported, own } = recognised;
  const read = formOf(name, imported.graph, imported.issues, imported);
  if (!own) return read;
  // Our own form is taken as it stands: what a graph has no node for yet (a data set's kind without a data set) stays.
  const ofStudy = Object.entries(own).filter(([key]) => !key.includes('@') && key !== keptKey);
  return { ...read, values: { ...read.values, ...Object.fromEntries(ofStudy) } };
}

/** What the form takes of a graph, and what it cannot. @param from what the graph was read of, where that is known */
export function formOf(
  name: string,
  graph: StudyGraph,
  issues: Issue[] = [],
  from: Pick<Imported, 'unknownBeside'> = {},
): ImportedMetadata {
  const values = valuesOfGraph(graph);
  const datasets = graph.datasets.map((dataset): ImportedDataset => {
    const own = valuesOfDataset(graph, dataset);
    // What holds for the whole study need not be said again.
    for (const [id, value] of Object.entries(own))
      if (JSON.stringify(values[id]) === JSON.stringify(value)) delete own[id];
    return {
      title: dataset.title,
      isTitled: !/^$|^a_[^/]*\.txt$|^(assay|dataset|data set|study component) ?\d*$/i.test(dataset.title.trim()),
      ...(dataset.identifier === undefined ? {} : { identifier: dataset.identifier }),
      files: [
        ...graph.files.filter((file) => file.dataset === dataset.key).map(({ path }) => path),
        ...graph.images.flatMap((image) => (image.dataset === dataset.key && image.file ? [image.file] : [])),
      ],
      values: own,
    };
  });
  const back = backOf(values, datasets);
  const { text: kept, left } = keptText(from.unknownBeside?.(back) ?? {});
  const unread = unreadOf(graph, back, keptOfValue(kept));
  for (const { standard, entry } of left)
    unread.push({ place: `${standard}: ${pathText(entry)}`, text: shown(entry.now ?? '') });
  return { name, graph, values, datasets, unread, issues, ...(kept === undefined ? {} : { kept }) };
}

/** Places of the graph that the files tell, or that only join nodes: nothing a form would take. */
const ofFiles =
  /^(files|images|datasets\.(tuples|fileList|kind|title|key)|contributors\.(organisations|isContact|roles))\b/;

/** The graph that the form makes of values it was filled with. */
function backOf(values: Record<string, FieldValue>, datasets: readonly ImportedDataset[]): StudyGraph {
  const told: DescribedStudy = {
    metadata: {
      values: Object.fromEntries([
        ...Object.entries(values),
        ...datasets.flatMap((dataset, index) =>
          Object.entries(dataset.values).map(([id, value]) => [`${id}@${index}`, value] as const),
        ),
      ]),
      origins: {},
    },
    files: [],
    items: [],
    datasets: datasets.map(({ title }, index) => ({
      id: String(index),
      title,
      imageItems: [],
      quantitativeItems: [],
    })),
  };
  return graphOfStudy(told);
}

function unreadOf(graph: StudyGraph, back: StudyGraph, kept: Readonly<Record<string, Remainder>>): UnreadPart[] {
  const said = new Set(allTexts(back));
  const unread: UnreadPart[] = [];
  // Parts of a microscope stand within one line of the form.
  const scopes = back.acquisitions.map((one) => JSON.stringify([one.instrument, one.microscope]));
  for (const [place, texts] of missingStatements(graph, back)) {
    if (ofFiles.test(place)) continue;
    const isPart = place.startsWith('acquisitions.');
    // The form links to the page of an accession number.
    if (place === 'study.identifier' && texts.every((text) => said.has(accessionAddress(text) ?? text))) continue;
    for (const text of new Set(texts))
      if (!said.has(text) && !(isPart && scopes.some((scope) => scope.includes(text))))
        unread.push({ place, text: text.slice(0, 500) });
  }
  const isLicence = (text: string) =>
    back.study.licence !== undefined && findLicence(text)?.spdx === back.study.licence;
  // An entity that only names what was read: the licence, say.
  const isSaid = (now: Json) =>
    isRecord(now) &&
    Object.entries(now).every(
      ([name, text]) => name.startsWith('@') || (typeof text === 'string' && (said.has(text) || isLicence(text))),
    );
  const isKept = new Set(Object.values(kept).flatMap((entries) => entries.map(({ now }) => JSON.stringify(now))));
  // Of OME-XML all is kept that has room; the same elements have other numbers there.
  for (const [standard, remainder] of Object.entries(graph.kept ?? {}))
    for (const entry of standard === 'ome-xml' || standard === keptTables || standard === keptFileList ? [] : remainder)
      if (
        entry.now !== undefined &&
        !isKept.has(JSON.stringify(entry.now)) &&
        !isSaidOrNothing(entry.now, said) &&
        // The licence, spelled as another list has it.
        !(typeof entry.now === 'string' && isLicence(entry.now)) &&
        !isSaid(entry.now) &&
        !entry.path.some((step) => typeof step === 'string' && step.startsWith('@') && step !== '@graph')
      )
        unread.push({ place: `${standard}: ${pathText(entry)}`, text: shown(entry.now) });
  return unread;
}

/** Is it empty, or only texts that the form says already: headings without a value, names of ISA's own tables? */
function isSaidOrNothing(now: Json, said: ReadonlySet<string>): boolean {
  if (Array.isArray(now)) return now.every((one) => isSaidOrNothing(one, said));
  return (
    now === null || (typeof now === 'string' && (now.trim() === '' || said.has(now) || /^[sa]_[^/]*\.txt$/.test(now)))
  );
}

function allTexts(graph: StudyGraph): string[] {
  const texts: string[] = [];
  const walk = (value: unknown) => {
    if (typeof value === 'string' || typeof value === 'number')
      // Lines of a field may come of several nodes.
      for (const text of [String(value), ...(String(value).includes('\n') ? String(value).split('\n') : [])])
        texts.push(text.replace(/\s+/g, ' ').trim());
    else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) walk(one);
  };
  walk(graph);
  return texts;
}

const pathText = ({ path }: RemainderEntry) =>
  path
    .map((step) => (typeof step === 'object' ? `[${step.is}]` : typeof step === 'number' ? `[${step}]` : step))
    .join('.');
const shown = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 500);

type Recognised =
  | { name: string; imported: Imported /** Values of our own form, by key. */; own?: Record<string, FieldValue> }
  | { issues: Issue[] };

function recognise(texts: ReadonlyMap<string, string>): Recognised {
  const isa = [...texts].filter(([name]) => /(^|\/)[isa]_[^/]*\.txt$/i.test(name));
  if (isa.some(([, text]) => /^"?ONTOLOGY SOURCE REFERENCE/m.test(clean(text))))
    return {
      name: 'ISA-Tab',
      imported: importIsaTab(new Map(isa.map(([name, text]) => [name.slice(name.lastIndexOf('/') + 1), clean(text)]))),
    };
  // Lists of files and the like lie beside the document they belong to.
  const ranked = [...texts].sort(([a], [b]) => rankOf(a) - rankOf(b));
  const [given] = texts;
  const candidates = ranked.slice(0, mostCandidates);
  // Of a submission with many lists the document is the file that was named first.
  if (given && !candidates.some(([name]) => name === given[0])) candidates.push(given);
  let failed: Recognised | undefined;
  for (const [file, raw] of candidates) {
    const found = recogniseOne(file, clean(raw).trimStart(), texts);
    if ('name' in found) return found;
    failed ??= found;
  }
  return failed ?? unknown('there is no file');
}

/** Files looked at for being the document. */
const mostCandidates = 20;

/** Which file among several is the document: a crate's by its name, then those of documents, then tables and texts. */
function rankOf(file: string): number {
  if (/ro-crate-metadata\.json$/i.test(file)) return 0;
  // What describes a whole repository lies beside documents that say more of the study.
  if (/(^|[/\\])(\.zenodo\.json|codemeta\.json|CITATION\.cff)$/i.test(file)) return 3;
  return /\.(json|jsonld|xml|ome|ya?ml)$/i.test(file) ? 1 : 2;
}

function recogniseOne(file: string, text: string, texts: ReadonlyMap<string, string>): Recognised {
  if (text.startsWith('{') || text.startsWith('[')) {
    const parsed = parseJsonDocument(text, file);
    return 'issue' in parsed ? { issues: [parsed.issue] } : recogniseDocument(parsed.document, texts, file);
  }
  if (text.startsWith('<')) {
    if (/<(\w+:)?OME[\s>]/.test(text.slice(0, 5000))) return { name: 'OME-XML', imported: readOmeXml(text) };
    if (/datacite\.org\/schema/.test(text.slice(0, 5000))) {
      const read = importDataCiteXml(text);
      return read.graph ? { name: 'DataCite', imported: { ...read, graph: read.graph } } : { issues: read.issues };
    }
    return unknown('the XML is neither DataCite nor OME');
  }
  if (isYamlName(file) || /^(---\s*\n)?(\s*(#.*)?\n)*[A-Za-z_][\w-]* *:(\s|$)/.test(text.slice(0, 2000))) {
    const read = readYaml(text);
    if ('document' in read && (isYamlName(file) || isRecord(read.document)))
      return recogniseDocument(read.document, texts, file);
    if ('fault' in read && isYamlName(file))
      return {
        issues: [
          exchangeIssue('metadata-unreadable', `This is no YAML that is read here: ${read.fault.reason}`, {
            where: { file, line: read.fault.line },
          }),
        ],
      };
  }
  if (/^"?ONTOLOGY SOURCE REFERENCE/m.test(text))
    return { name: 'ISA-Tab', imported: importIsaTab(new Map([[file, text]])) };
  if (/^"?(Comment\[IDR |Study Title\t|Study Organism\t)/m.test(text))
    return {
      name: 'IDR',
      imported: importIdrFolder(
        text,
        new Map([...texts].filter(([name]) => isIdrTable(name)).map(([name, table]) => [name, clean(table)])),
      ),
    };
  if (/^(#.*\r?\n|\s*\r?\n)*Submission\b/i.test(text)) {
    const { document, issues } = pageTabOfTsv(text);
    const imported = withFileLists(importJson(pageTab, document), texts);
    return { name: 'PageTab', imported: { ...imported, issues: [...issues, ...imported.issues] } };
  }
  return unknown('it is written in none of the standards that are read');
}

function unknown(reason: string): Recognised {
  return {
    issues: [
      exchangeIssue('metadata-other-standard', `No metadata were found: ${reason}`, {
        hint: 'Read are PageTab, ISA, IDR, RO-Crate, DataCite, REMBI, MIACME, maDMP, OME-XML, Data Packages, files of the Micro-Meta App, CITATION.cff, CodeMeta, Zenodo, our own JSON, filled Excel or CSV sheets.',
      }),
    ],
  };
}

const isYamlName = (file: string) => /\.(ya?ml|cff)$/i.test(file);

function recogniseDocument(document: Json, texts: ReadonlyMap<string, string>, file: string): Recognised {
  if (!isRecord(document)) return unknown('the document is a list, or a single value');
  if (microMetaKind(microMetaWithin(document)) !== undefined) return recogniseMicroMeta(document, texts);
  const by = (name: string, standard: JsonStandard, from: Json = document): Recognised => ({
    name,
    imported: importJson(standard, from),
  });
  if (isRecord(document.values) && Object.keys(document.values).some((id) => id === tierKey || metadataFieldById(id)))
    return ownJson(document.values as Record<string, FieldValue>);
  if ('@graph' in document) {
    if (!isBiaCrate(document)) return by('RO-Crate', roCrate);
    const list = [...texts].find(([name]) => /\.tsv$/i.test(name))?.[1];
    return { name: 'BioImage Archive RO-Crate', imported: importBiaCrate(document, list) };
  }
  if (isRecord(document.dmp)) return by('maDMP', maDmp);
  if (isRecord(document.section) && 'type' in document.section)
    return { name: 'PageTab', imported: withFileLists(importJson(pageTab, document), texts) };
  const repositoryFile = readRepositoryFile(document, file);
  if (repositoryFile) return repositoryFile;
  const inner = isRecord(document.data) && isRecord(document.data.attributes) ? document.data.attributes : document;
  if ('titles' in inner && ('creators' in inner || 'publisher' in inner)) return by('DataCite', dataCite, inner);
  // A context of JSON-LD has members of the same names, with addresses in them.
  const isListed = (name: string) => Array.isArray(document[name]);
  if (isListed('ontologySourceReferences') || (isListed('studies') && 'people' in document && 'identifier' in document))
    return by('ISA-JSON', isaJson);
  if (
    'MIACMEversion' in document ||
    'miacmeVersion' in document ||
    JSON.stringify(document).includes('"MIACMEversion"')
  )
    return by('MIACME', miacme);
  if (isRembi(document)) return by('REMBI', rembi);
  if (mifaPart(document) !== undefined) return by('REMBI', rembi, withMifaParts(document, texts));
  if (isDataPackage(document)) return by('Data Package', dataPackage);
  if (isContext(document)) return unknown('the document is a JSON-LD context, which names members of other documents');
  const own = Object.keys(document).filter((id) => metadataFieldById(id));
  // Many a document of another kind has a version, and next to nothing else.
  if (own.some((id) => id !== 'version') && own.length >= Object.keys(document).length / 2)
    return ownJson(document as Record<string, FieldValue>);
  return unknown('the document is of none of the standards that are read');
}

/** Does a document say nothing but what names stand for? With or without `@context` around it. */
function isContext(document: JsonRecord): boolean {
  const members = Object.values(document);
  if ('@context' in document) return members.length === 1;
  const isMeaning = (value: Json) =>
    typeof value === 'string' ? /^[A-Za-z][\w.-]*:\S+$/.test(value) : isRecord(value) && '@id' in value;
  return members.length > 1 && members.every(isMeaning);
}

/** Is a document of REMBI, by its version, by several of its modules, or by what its study tells? */
function isRembi(document: JsonRecord): boolean {
  if ('rembi_version' in document) return true;
  const modules = ['study', 'biosample', 'specimen', 'image_acquisition'].filter(
    (key) => isRecord(document[key]) || recordsOf(document[key]).length > 0,
  );
  return (
    modules.length > 1 || (isRecord(document.study) && 'title' in document.study && 'description' in document.study)
  );
}

/** Which of the three objects of MIFA a document is: each is a file of its own. */
function mifaPart(document: JsonRecord): 'study' | 'annotations' | 'version' | undefined {
  if ('annotation_overview' in document || 'annotation_method' in document) return 'annotations';
  if (recordsOf(document.authors).some((one) => 'author_last_name' in one || 'last_name' in one)) return 'study';
  return 'version' in document && 'timestamp' in document ? 'version' : undefined;
}

/** The study, annotations and version of MIFA that lie in several files, as one document. */
function withMifaParts(document: JsonRecord, texts: ReadonlyMap<string, string>): JsonRecord {
  const whole: JsonRecord = { [mifaPart(document)!]: mifaPart(document) === 'annotations' ? [document] : document };
  for (const [name, text] of texts) {
    const read = isYamlName(name) ? readYaml(clean(text)) : /\.json$/i.test(name) ? parseJsonDocument(text, name) : {};
    if (!('document' in read) || !isRecord(read.document) || isSameJson(read.document, document)) continue;
    const part = mifaPart(read.document);
    if (part === 'annotations') whole.annotations = [...recordsOf(whole.annotations), read.document];
    else if (part !== undefined) whole[part] ??= read.document;
  }
  return whole;
}

/** A microscope of the Micro-Meta App with the settings files beside it. */
function recogniseMicroMeta(document: Json, texts: ReadonlyMap<string, string>): Recognised {
  const documents = [document];
  for (const [name, text] of texts.size > 1 ? texts : []) {
    const parsed = /\.json$/i.test(name) ? parseJsonDocument(text, name) : undefined;
    if (!parsed || !('document' in parsed) || isSameJson(parsed.document, document)) continue;
    if (microMetaKind(microMetaWithin(parsed.document)) !== undefined) documents.push(parsed.document);
  }
  return { name: '4DN-BINA-OME', imported: importMicroMeta(documents) };
}

/** Our own values by field id; those of data sets make data sets. */
function ownJson(values: Record<string, FieldValue>): Recognised {
  const known: Record<string, FieldValue> = {};
  for (const [key, value] of Object.entries(values)) {
    const field = metadataFieldById(key);
    if (field) known[key] = asWritten(field, value);
    else if (key === keptKey) known[key] = value;
  }
  const ids = [
    ...new Set(Object.keys(known).flatMap((key) => (key.includes('@') ? [key.slice(key.indexOf('@') + 1)] : []))),
  ];
  const titleOf = (id: string) => {
    const title = known[`datasetTitle@${id}`];
    return typeof title === 'string' ? title : id;
  };
  const datasets = ids.map((id) => ({ id, title: titleOf(id), imageItems: [], quantitativeItems: [] }));
  const graph = graphOfStudy({ metadata: { values: known, origins: {} }, files: [], items: [], datasets });
  return { name: 'Micrarium', imported: { graph, issues: [] }, own: known };
}

/** A value of our own form as a person writes it: text, or a list of texts, where the form has terms or a list. */
function asWritten(field: MetadataField, value: unknown): FieldValue {
  const { type } = field;
  const isTerms = type === 'term-list';
  if (!isTerms && type !== 'text-list')
    // YAML and JSON know numbers and truth: the form holds text.
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : (value as FieldValue);
  const entries: unknown[] = Array.isArray(value)
    ? value
    : isRecord(value as Json)
      ? [value]
      : entriesOfField(field, String(value));
  return entries.map((one) =>
    typeof one !== 'object' ? (isTerms ? termOfText(String(one)) : String(one)) : one,
  ) as FieldValue;
}

/** A data set of ours that an imported one may be. */
export interface OwnDataset {
  id: string;
  title: string;
  /** Paths of its files. */
  files: readonly string[];
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).toLowerCase();
const bare = (text: string) =>
  text
    .toLowerCase()
    .replace(/\.[a-z0-9.]{1,12}$/, '')
    .replace(/[^\p{L}\p{N}]+/gu, '');

/**
 * Which data set of ours each imported one is: by the names of files, then by title or identifier, then the only one left
 * on both sides. `undefined` where none fits.
 */
export function matchDatasets(
  imported: readonly Pick<ImportedDataset, 'title' | 'identifier' | 'files'>[],
  own: readonly OwnDataset[],
): (string | undefined)[] {
  const left = new Set(own);
  const take = (found: OwnDataset | undefined) => {
    if (found) left.delete(found);
    return found?.id;
  };
  const matched = imported.map(({ title, identifier, files }) => {
    const names = new Set(files.map(nameOf));
    const wanted = [title, identifier].filter((name) => name !== undefined).map(bare);
    return take(
      [...left].find((one) => one.files.some((path) => names.has(nameOf(path)))) ??
        [...left].find(
          (one) => wanted.includes(bare(one.title)) || one.files.some((path) => wanted.includes(bare(nameOf(path)))),
        ),
    );
  });
  const open = matched.flatMap((id, index) => (id === undefined ? [index] : []));
  if (open.length === 1 && left.size === 1) matched[open[0]!] = [...left][0]!.id;
  return matched;
}

/** Values of an import that the form takes of one data set, by key; its title among them where people gave it one. */
export function valuesForDataset(dataset: ImportedDataset, id: string): Record<string, FieldValue> {
  return Object.fromEntries([
    ...(dataset.isTitled ? [[`datasetTitle@${id}`, dataset.title] as const] : []),
    ...Object.entries(dataset.values).flatMap(([field, value]) => {
      const known = metadataFieldById(field);
      return known && isPerDataset(known) ? [[`${field}@${id}`, value] as const] : [];
    }),
  ]);
}
