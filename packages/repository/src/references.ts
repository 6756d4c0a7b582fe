import { defineIssues, type FileReference, type Issue, type StudyVersion } from '@micrarium/model';
import { splitTable } from '@micrarium/standards';
import { mediaTypeOf } from './media-types.ts';
import { parseJsonInTurns } from './parse-in-turns.ts';
import { checkPath } from './paths.ts';

/** Where the files that stay elsewhere are listed in the archive, beside `metadata/study.json`. */
export const referencesPath = 'metadata/references.json';
/** Most of them in one study. */
export const mostReferences = 100_000;

/** Issues of files that are named by address and stay where they are. */
export const referenceIssue = defineIssues({
  'reference-incomplete': {
    severity: 'error',
    meaning:
      'A file that is to stay where it is came without path, address, size or SHA-256, or with one that is none. Without size and digest nobody could tell later whether it is still the same file.',
    hint: 'Compute size and SHA-256 where the file lies (`sha256sum`) and give all four.',
    example: 'A row of the table has a path and a url, and nothing in the column sha256.',
  },
  'reference-address': {
    severity: 'error',
    meaning: 'The address of a file that is to stay where it is is not one that every reader can open over https.',
    hint: 'Give the https address at which anybody gets the bytes, without a password in it.',
    example: 'The url is `file:///mnt/raid/plate1.nd2`, or `https://192.168.0.7/plate1.nd2`.',
  },
  'reference-table': {
    severity: 'error',
    meaning: 'A table of files that are to stay where they are lacks a column that must be there, or has no rows.',
    hint: 'Write a table with commas or tabs whose first line names the columns path, url, size and sha256.',
    example: 'The first line is `name,link,bytes`.',
  },
  'reference-twice': {
    severity: 'error',
    meaning:
      'A path is that of a file that stays where it is, and of another: one in the same list with other bytes or another address, or one that is deposited.',
    hint: 'Take one of the two out of the study, or rename it.',
    example: 'raw/plate1.nd2 was uploaded, and stands in the table of addresses too.',
  },
  'too-many-references': {
    severity: 'error',
    meaning:
      'A study names more than 100,000 files that stay where they are, each of which is asked for every week, or more bytes than can be counted.',
    hint: 'Pack many small files into archives where they lie, or split the study.',
  },
});

/** A file that stays where it is, as somebody stated it. */
export interface StatedReference {
  path?: string | undefined;
  url?: string | undefined;
  size?: number | undefined;
  sha256?: string | undefined;
  sha512?: string | undefined;
  md5?: string | undefined;
  mediaType?: string | undefined;
  /** One-based line of the table it was read from. */
  line?: number | undefined;
}

const columns = ['path', 'url', 'size', 'sha256', 'sha512', 'md5', 'mediatype'] as const;

/** Reads a table of files that stay where they are: commas or tabs, the first line names the columns. Further columns say nothing to us. */
export function readReferenceTable(text: string): { references: StatedReference[]; issues: Issue[] } {
  const firstLine = /^[^\n]*/.exec(text)?.[0] ?? '';
  const [head, ...rows] = splitTable(text, firstLine.includes('\t') ? '\t' : ',');
  const names = (head?.cells ?? []).map((name) => name.trim().toLowerCase());
  const lacking = columns.slice(0, 4).filter((name) => !names.includes(name));
  const refuse = (message: string) => ({ references: [], issues: [referenceIssue('reference-table', message)] });
  if (lacking.length > 0) return refuse(`The first line names no column ${lacking.join(', ')}`);
  const place = Object.fromEntries(columns.map((name) => [name, names.indexOf(name)]));
  const references = rows
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map(({ cells, line }): StatedReference => {
      const cell = (name: (typeof columns)[number]) => cells[place[name]!]?.trim() || undefined;
      const size = cell('size');
      return {
        path: cell('path')?.normalize('NFC'),
        url: cell('url'),
        size: size !== undefined && /^\d{1,16}$/.test(size) ? Number(size) : undefined,
        sha256: cell('sha256'),
        sha512: cell('sha512'),
        md5: cell('md5'),
        mediaType: cell('mediatype'),
        line,
      };
    });
  return references.length > 0 ? { references, issues: [] } : refuse('The table has no rows');
}

const digests = { sha256: 64, sha512: 128, md5: 32 } as const;
const isDigest = (name: keyof typeof digests, text: string) =>
  text.length === digests[name] && /^[0-9a-f]+$/i.test(text);

/**
 * Judges stated files that stay where they are.
 * @param addressFault why an address may not be given; `undefined` where it may
 */
export function checkReferences(
  stated: readonly StatedReference[],
  addressFault: (url: string) => string | undefined,
): { references: FileReference[]; issues: Issue[] } {
  const references: FileReference[] = [];
  const byPath = new Map<string, FileReference>();
  const issues: Issue[] = [];
  for (const one of stated) {
    const found = findingsOf(one, addressFault);
    issues.push(...found);
    if (found.length > 0) continue;
    const path = one.path!;
    const lower = (name: 'sha512' | 'md5') =>
      one[name] === undefined ? {} : ({ [name]: one[name].toLowerCase() } as Pick<FileReference, 'sha512' | 'md5'>);
    const reference: FileReference = {
      path,
      url: new URL(one.url!).href,
      size: one.size!,
      sha256: one.sha256!.toLowerCase(),
      ...lower('sha512'),
      ...lower('md5'),
      mediaType: one.mediaType ?? mediaTypeOf(path),
    };
    const before = byPath.get(path);
    byPath.set(path, reference);
    // Lists of two disks that were put together: the second would take the place of the first.
    if (before && (before.url !== reference.url || before.sha256 !== reference.sha256)) {
      const where = { file: path, ...(one.line === undefined ? {} : { line: one.line }) };
      issues.push(
        referenceIssue('reference-twice', `${JSON.stringify(path)} stands for two files of the list`, { where }),
      );
    } else if (!before) references.push(reference);
  }
  return { references, issues };
}

function findingsOf(one: StatedReference, addressFault: (url: string) => string | undefined): Issue[] {
  const { path, url, size, sha256, line } = one;
  const where = {
    ...(path === undefined ? {} : { file: path.slice(0, 1024) }),
    ...(line === undefined ? {} : { line }),
  };
  const name = path === undefined ? `Line ${line ?? 1}` : JSON.stringify(path.slice(0, 200));
  const lacking = [
    ...(path === undefined ? ['path'] : []),
    ...(url === undefined ? ['url'] : []),
    ...(size === undefined || !Number.isSafeInteger(size) || size < 0 ? ['size in bytes'] : []),
    ...(sha256 === undefined || !isDigest('sha256', sha256) ? ['SHA-256'] : []),
    ...(one.sha512 !== undefined && !isDigest('sha512', one.sha512) ? ['SHA-512'] : []),
    ...(one.md5 !== undefined && !isDigest('md5', one.md5) ? ['MD5'] : []),
    ...(one.mediaType !== undefined && !/^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(one.mediaType) ? ['media type'] : []),
  ];
  const fault = url === undefined ? undefined : addressFault(url);
  return [
    ...(lacking.length > 0
      ? [referenceIssue('reference-incomplete', `${name}: no proper ${lacking.join(', ')}`, { where })]
      : []),
    ...(fault === undefined ? [] : [referenceIssue('reference-address', `${name}: ${fault}`, { where })]),
    ...(path === undefined ? [] : checkPath(path)),
  ];
}

/** The file of the archive that lists files which stay where they are; `undefined` where there are none. */
export function referencesFile({
  accession,
  version,
  references = [],
}: Pick<StudyVersion, 'accession' | 'version' | 'references'>): Uint8Array | undefined {
  if (references.length === 0) return undefined;
  // One a line: a list of a hundred thousand is looked through with the tools of a shell.
  const lines = references.map((one) => JSON.stringify(one)).join(',\n');
  return new TextEncoder().encode(
    `{"schema":1,"accession":${JSON.stringify(accession)},"version":${version},"references":[\n${lines}\n]}\n`,
  );
}

/** A version as the archive holds it: its document, with the list of files that stay where they are where there is one. */
export async function parseVersion(document: Uint8Array, references: Uint8Array | undefined): Promise<StudyVersion> {
  const version = (await parseJsonInTurns(document)) as StudyVersion;
  if (references === undefined) return version;
  const read = (await parseJsonInTurns(references)) as Pick<Required<StudyVersion>, 'references'>;
  return { ...version, references: read.references };
}
