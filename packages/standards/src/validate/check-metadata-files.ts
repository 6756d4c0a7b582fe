import type { Issue } from '@micrarium/model';
import { checkBiaCrate, isBiaCrate } from '../bia/bia-crate-check.ts';
import { checkDataCite } from '../datacite/datacite-check.ts';
import { dataCiteJsonOfXml } from '../datacite/xml-form.ts';
import { decodeMetadataText } from '../exchange/decode-text.ts';
import { exchangeIssue, parseJsonDocument } from '../exchange/exchange.ts';
import { checkIdrAnnotation, checkIdrStudy } from '../idr/idr-check.ts';
import { dataFilesNamed } from '../cmso/study-texts.ts';
import { checkIsaJson, isaIssue } from '../isa/isa-json-check.ts';
import { checkIsaTab } from '../isa/isa-tab-check.ts';
import { isRecord, type Json } from '../json/json.ts';
import { checkDataPackage } from '../frictionless/data-package-check.ts';
import { checkMaDmp } from '../madmp/madmp-check.ts';
import { checkMiacme } from '../miacme/miacme.ts';
import { checkMicroMeta } from '../micro-meta/micro-meta-check.ts';
import { checkMifa, checkRembi } from '../rembi/rembi-check.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { checkPageTab } from '../pagetab/pagetab-check.ts';
import { pageTabOfTsv } from '../pagetab/pagetab-tsv.ts';
import { checkCrate } from '../ro-crate/crate-check.ts';
import { pathOfId } from '../ro-crate/crate-kinds.ts';
import { Crate, isType } from '../ro-crate/entities.ts';

/** Formats of metadata that are checked, by the ids that recognition gives them; annotation tables of IDR are told by their names. */
export const checkedMetadataFormats = [
  'pagetab',
  'datacite',
  'ro-crate',
  'isa-json',
  'isa-tab',
  'idr-study',
  'idr-annotation',
  'madmp',
  'rembi',
  'mifa',
  'miacme',
  'micro-meta',
  'data-package',
] as const;

/** A format of metadata that is checked. */
export type CheckedMetadataFormat = (typeof checkedMetadataFormats)[number];

/** Is the format one that `checkMetadataFiles` knows? */
export function isCheckedMetadata(format: string): format is CheckedMetadataFormat {
  return (checkedMetadataFormats as readonly string[]).includes(format);
}

/** Files of one item of metadata, and what lies around it. */
export interface MetadataFiles {
  /** Bytes by path; the item's own files first. */
  files: ReadonlyMap<string, Uint8Array>;
  /** Paths in the item's folder, folders with a slash behind, relative to the metadata document; left out where not known. */
  paths?: ReadonlySet<string>;
}

/** Everything wrong with files of metadata, by the rules of their standard. `where.file` is the path as given. */
export function checkMetadataFiles(format: CheckedMetadataFormat, { files, paths }: MetadataFiles): Issue[] {
  const texts = new Map<string, string>();
  const encodings: Issue[] = [];
  for (const [path, bytes] of files) {
    const { text, issues } = decodeMetadataText(bytes, path);
    texts.set(path, text);
    encodings.push(...issues);
    if (isUtf16(bytes))
      encodings.push(
        exchangeIssue('metadata-encoding', 'The file is written in UTF-16, not in UTF-8', { where: { file: path } }),
      );
  }
  const found = checkTexts(format, texts, paths);
  return [...encodings, ...found];
}

/** Does a file begin with the mark of UTF-16? Standards want UTF-8. */
const isUtf16 = ([first, second]: Uint8Array) =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

function checkTexts(
  format: CheckedMetadataFormat,
  texts: ReadonlyMap<string, string>,
  paths: ReadonlySet<string> | undefined,
): Issue[] {
  const first = [...texts][0];
  if (!first) return [];
  const [path, text] = first;
  if (format === 'isa-tab') return [...checkIsaTab(texts), ...absentData(texts, paths)];
  const found =
    format === 'idr-study'
      ? checkIdrStudy(text)
      : format === 'idr-annotation'
        ? checkIdrAnnotation(text)
        : checkDocument(format, path, text, texts, paths);
  return found.map((issue) =>
    issue.where.file === undefined ? { ...issue, where: { ...issue.where, file: path } } : issue,
  );
}

/** Data files that assays name and that are not beside them; nothing where all data lie elsewhere. */
function absentData(texts: ReadonlyMap<string, string>, paths: ReadonlySet<string> | undefined): Issue[] {
  const named = paths && dataFilesNamed(texts);
  if (!named || ![...named].some((name) => paths.has(name))) return [];
  const absent = [...named].filter((name) => !paths.has(name));
  // Where many lie elsewhere, as in public sets whose raw data another archive keeps, nothing need be wrong.
  const severity = absent.length > 1 && absent.length * 10 > named.size ? 'warning' : 'error';
  return absent
    .slice(0, mostAbsent)
    .map((name) =>
      isaIssue('isa-missing', `The assays name the file ${name.slice(0, 200)}, which is not there`, { severity }),
    );
}

const mostAbsent = 100;

/** Standards that one JSON document is checked for by its schema or checklist alone. */
const checksBySchema: Partial<Record<CheckedMetadataFormat, (document: Json) => Issue[]>> = {
  rembi: checkRembi,
  mifa: checkMifa,
  miacme: checkMiacme,
  'micro-meta': checkMicroMeta,
  'data-package': checkDataPackage,
};

function checkDocument(
  format: CheckedMetadataFormat,
  path: string,
  text: string,
  texts: ReadonlyMap<string, string>,
  paths: ReadonlySet<string> | undefined,
): Issue[] {
  const start = text.replace(/^\ufeff/, '').trimStart();
  if (format === 'pagetab' && !start.startsWith('{')) {
    const { document, issues } = pageTabOfTsv(text);
    return [...issues, ...checkPageTab(document)];
  }
  if (format === 'datacite' && start.startsWith('<')) {
    const read = dataCiteJsonOfXml(text);
    return 'document' in read ? checkDataCite(read.document) : read.issues;
  }
  if (format === 'mifa' && !/^[{[]/.test(start)) {
    const read = readYaml(text);
    return 'document' in read
      ? checkMifa(read.document)
      : [
          exchangeIssue('metadata-unreadable', `This is no YAML that is read here: ${read.fault.reason}`, {
            where: { line: read.fault.line },
          }),
        ];
  }
  const parsed = parseJsonDocument(text, path);
  if ('issue' in parsed) return [parsed.issue];
  const { document } = parsed;
  if (format === 'pagetab') return checkPageTab(document);
  if (format === 'isa-json') return checkIsaJson(document);
  if (format === 'madmp') return checkMaDmp(document);
  const bySchema = checksBySchema[format];
  if (bySchema) return bySchema(document);
  if (format === 'datacite') return checkDataCite(attributesOf(document));
  const lists = new Map([...texts].map(([name, list]) => [name.slice(path.lastIndexOf('/') + 1), list]));
  const fileName = path.slice(path.lastIndexOf('/') + 1);
  // A document that lies apart from all its data is looked at alone.
  const isApart = paths !== undefined && !describedPaths(document).some((one) => paths.has(one));
  const rules = checkCrate(document, { fileName, ...(paths && !isApart ? { paths } : {}) });
  // The archive's own examples leave out what the crate specification wants; its profile is what counts for it.
  return isBiaCrate(document)
    ? [
        ...checkBiaCrate(document, lists),
        ...rules.map((issue) => (issue.severity === 'error' ? { ...issue, severity: 'warning' as const } : issue)),
      ]
    : rules;
}

/** Relative paths of a crate's files and folders. */
function describedPaths(document: Json): string[] {
  if (!isRecord(document)) return [];
  return new Crate(document).entities
    .filter((entity) => isType(entity, 'File', 'Dataset'))
    .map((entity) => pathOfId(typeof entity['@id'] === 'string' ? entity['@id'] : ''))
    .filter((path) => path !== '' && !path.includes(':'));
}

/** The record within the registrar's REST form, or the record itself. */
function attributesOf(document: Json): Json {
  const data = isRecord(document) ? document.data : undefined;
  return isRecord(data) && isRecord(data.attributes) ? data.attributes : document;
}
