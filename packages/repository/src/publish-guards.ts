import {
  checkPair,
  defineIssues,
  groupDatasets,
  hasErrors,
  type Issue,
  mostFilesOfStudy,
  type Pair,
  severityForTier,
  type StudyTier,
  versionLabel,
  versionNoteOf,
} from '@micrarium/model';
import { checkFigures, checkMetadata, figuresKey, givenValues, tierOf } from '@micrarium/standards';
import { checkPrivacy } from './item-privacy.ts';
import { referenceIssue } from './references.ts';
import { checkScans } from './file-scans.ts';
import type { DraftItemRow, DraftRow, FileScans, ItemCounts } from './ports/study-store.ts';

/** Issues that stand between a draft and its publication, beside those of its metadata. */
export const publishIssue = defineIssues({
  'no-files': {
    severity: 'error',
    meaning: 'The study has no files.',
    hint: 'Drop at least one file on the deposit page, or name one that stays where it is.',
  },
  'files-not-verified': {
    severity: 'error',
    meaning: 'Some files have not arrived in full, or their digests have not been computed and compared yet.',
    hint: 'Wait for the uploads to finish, send the files again, or take them out of the study.',
  },
  'too-many-files': {
    severity: 'error',
    meaning:
      'The study has more than 100,000 files. Every version lists each of them, which copies, checks and backups could not keep up with.',
    hint: 'Pack folders of many small files (such as Zarr) into one uncompressed zip each, or split the study.',
  },
  'ingest-running': {
    severity: 'error',
    meaning: 'The deposited files are still being recognised or read.',
    hint: 'Wait until the progress bars are full.',
  },
  'note-missing': {
    severity: 'error',
    meaning: 'A new version must say what changed since the one before.',
    hint: 'Write what changed, why, and whether results of the earlier version still hold.',
  },
  'change-kind-missing': {
    severity: 'error',
    meaning: 'A new version must say which kind of change it is: those who use the study look for that first.',
    hint: 'Choose one or more of correction, addition, new processing, and withdrawal of part.',
  },
  'earlier-results-missing': {
    severity: 'error',
    meaning:
      'A new version must say whether results computed from earlier versions still hold: where they do not, the earlier versions warn of it.',
    hint: 'Choose whether they hold, some do not, or they do not hold, and say in the note which.',
  },
  'consent-missing': {
    severity: 'error',
    meaning:
      'Persons can be recognised by the data, and did not agree to it, as its depositor declared. Such a study is not published, and its files are deleted within a day.',
    hint: 'If the declaration is wrong, correct it on the sharing page before the files go. If it is right, nothing is left to do.',
  },
  'blob-missing': {
    severity: 'error',
    meaning: 'The bytes of a file were found missing or changed when the study was published.',
    hint: 'Send the file again.',
  },
  'tier-finding': {
    severity: 'error',
    meaning:
      'A finding about a file is an error in the tier the study aims at: measures and searches of the database would compute with what it says nothing of.',
    hint: 'Mend the file, or say what is missing in the row of the file; or choose the archive tier, which takes data as they are.',
    example: 'A table without units of positions is deposited for the database tier: “tracks.csv: no-units”.',
  },
  'pair-unconfirmed': {
    severity: 'info',
    meaning:
      'Tracks were proposed to belong to an image, and nobody has confirmed it. Unconfirmed pairs are not published.',
    hint: 'Confirm the pair to have the tracks drawn over the film.',
  },
  'nothing-readable': {
    severity: 'info',
    meaning: 'None of the files could be read as images, tracks or objects. They are published as what they are.',
  },
});

/** What is known of a draft when it shall be published. */
export interface DraftToPublish {
  draft: Pick<DraftRow, 'metadata' | 'version' | 'note' | 'changeKinds' | 'earlierResults' | 'pairs'> &
    Partial<Pick<DraftRow, 'accession' | 'datasetTitles' | 'minor'>>;
  items: readonly DraftItemRow[];
  /** Of all items, where `items` are not all; left out, they are. */
  itemCounts?: ItemCounts;
  files: { count: number; verified: number };
  /** Files that stay where they are; left out where there are none. */
  references?: { count: number; alsoFile?: string };
  proposals: readonly Pair[];
  /** Files that figures name beside those of `items`. */
  alsoFiles?: readonly string[];
  /** Left out where nothing is searched for viruses. */
  scans?: FileScans;
  /** When its files go, because persons can be recognised who did not consent, ISO 8601; left out of all others. */
  filesGoAt?: string;
  /** Did curators approve it as it is? Then it is not asked for what was not asked for when it was submitted. */
  isApproved?: boolean;
}

/**
 * What stands between a draft and its publication, and what is only good to know. Pure; runs on every view of a draft and again when the
 * button is pressed.
 */
export function missingForPublication({
  draft,
  items,
  itemCounts,
  files,
  references,
  proposals,
  alsoFiles = [],
  scans,
  filesGoAt,
  isApproved = false,
}: DraftToPublish): {
  missing: Issue[];
  notes: Issue[];
} {
  const read = items.map((row) => row.item);
  const datasets = groupDatasets(read, draft.pairs, draft.datasetTitles);
  const given = givenValues({ ...draft, items: read, datasets });
  const all = [
    ...checkMetadata(draft.metadata, { datasets, given }),
    ...checkFigures(draft.metadata.values[figuresKey], [
      ...read,
      ...alsoFiles.map((path) => ({ path, files: [path], images: [] })),
    ]),
    ...(draft.version > 1 || draft.minor !== undefined ? checkVersionNote(draft, isApproved) : []),
    ...checkFiles(files, references),
    ...checkItems(itemCounts ?? countsOf(items), files),
    ...checkFindings(items, tierOf(draft.metadata.values)),
    ...checkPrivacy(items.map((row) => row.item)),
    ...(scans ? checkScans(scans) : []),
    ...(filesGoAt === undefined ? [] : [consentMissing(filesGoAt)]),
    ...checkPairs(draft.pairs, proposals, items),
  ];
  return { missing: all.filter((issue) => hasErrors([issue])), notes: all.filter((issue) => !hasErrors([issue])) };
}

/** Is it a further version or a revision that does not say what kind of change it is, or whether earlier results hold? */
export function lacksKindOfChange(draft: DraftToPublish['draft']): boolean {
  const { changeKinds, earlierResults } = versionNoteOf(draft);
  return (draft.version > 1 || draft.minor !== undefined) && (!changeKinds || !earlierResults);
}

function checkVersionNote(draft: DraftToPublish['draft'], isApproved: boolean): Issue[] {
  const label = versionLabel(draft);
  const { note, changeKinds, earlierResults } = versionNoteOf(draft);
  const ask = (code: 'note-missing' | 'change-kind-missing' | 'earlier-results-missing', what: string, field: string) =>
    publishIssue(code, `Version ${label} ${what}`, { where: { field } });
  return [
    ...(note === undefined ? [ask('note-missing', 'needs a note on what changed', 'note')] : []),
    ...(changeKinds || isApproved
      ? []
      : [ask('change-kind-missing', 'does not say which kind of change it is', 'changeKinds')]),
    ...(earlierResults || isApproved
      ? []
      : [ask('earlier-results-missing', 'does not say whether earlier results still hold', 'earlierResults')]),
  ];
}

function checkFiles(files: { count: number; verified: number }, references: DraftToPublish['references']): Issue[] {
  const { count = 0, alsoFile } = references ?? {};
  if (files.count + count === 0) return [publishIssue('no-files', 'The study has no files')];
  // A file may have come after the list was checked.
  if (alsoFile !== undefined)
    return [
      referenceIssue('reference-twice', `${JSON.stringify(alsoFile)} is also a deposited file`, {
        where: { file: alsoFile },
      }),
    ];
  // An inventory repeats every path in every version.
  if (files.count > mostFilesOfStudy) return [publishIssue('too-many-files', `The study has ${files.count} files`)];
  const open = files.count - files.verified;
  if (open === 0) return [];
  return [publishIssue('files-not-verified', `${open} of ${files.count} files have not arrived and been verified`)];
}

type CountsToCheck = Pick<ItemCounts, 'count' | 'files' | 'unread' | 'known'>;

function countsOf(items: readonly DraftItemRow[]): CountsToCheck {
  return {
    count: items.length,
    files: items.reduce((sum, row) => sum + row.item.files.length, 0),
    unread: items.filter(({ state }) => state === 'waiting' || state === 'running').length,
    known: items.filter(({ item }) => item.kind !== 'unknown' && item.kind !== 'metadata').length,
  };
}

function checkItems(items: CountsToCheck, files: { count: number; verified: number }): Issue[] {
  // Every file lies in exactly one item once the files are recognised; files that came or went since are not, yet.
  if (files.verified === files.count && items.files !== files.count)
    return [publishIssue('ingest-running', 'The files are still being recognised')];
  if (items.unread > 0)
    return [publishIssue('ingest-running', `${items.unread} of ${items.count} items are still being read`)];
  if (items.count > 0 && items.known === 0)
    return [publishIssue('nothing-readable', 'None of the files could be read as images, tracks or objects')];
  return [];
}

/** Findings that the tier makes errors of, one line for each code with the files it was found in. */
function checkFindings(rows: readonly DraftItemRow[], tier: StudyTier): Issue[] {
  const found = new Map<string, { message: string; paths: Set<string> }>();
  for (const { item } of rows)
    for (const issue of item.issues) {
      if (issue.severity === 'error' || severityForTier(issue, tier) !== 'error') continue;
      const known = found.get(issue.code) ?? { message: issue.message, paths: new Set<string>() };
      known.paths.add(item.path);
      found.set(issue.code, known);
    }
  return [...found].map(([code, { message, paths }]) => {
    const [first] = paths;
    const more = paths.size > 1 ? ` and ${paths.size - 1} more` : '';
    return publishIssue('tier-finding', `${first}${more}: ${message} (${code})`, { where: { file: first! } });
  });
}

function checkPairs(pairs: readonly Pair[], proposals: readonly Pair[], rows: readonly DraftItemRow[]): Issue[] {
  const items = rows.map((row) => row.item);
  const pathOf = (id: string) => items.find((item) => item.id === id)?.path ?? id;
  const unconfirmed = [...pairs.filter((pair) => !pair.confirmed), ...proposals];
  const confirmed = pairs.filter((pair) => pair.confirmed);
  return [
    ...unconfirmed.map((pair) =>
      publishIssue(
        'pair-unconfirmed',
        `${pathOf(pair.trackItem)} may belong to ${pathOf(pair.imageItem)} (${pair.reason})`,
        {
          where: { file: pathOf(pair.trackItem) },
        },
      ),
    ),
    // A pair whose files were taken out is not published, and must not be in the way of what is left.
    ...confirmed.flatMap((pair) => checkPair(pair, items)).map((issue) => ({ ...issue, severity: 'info' as const })),
  ];
}

const consentMissing = (filesGoAt: string): Issue =>
  publishIssue(
    'consent-missing',
    `Persons who did not consent can be recognised by these data: all files of this draft are deleted by ${filesGoAt.slice(0, 16).replace('T', ' ')} UTC.`,
  );
