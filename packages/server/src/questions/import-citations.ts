import { randomUUID } from 'node:crypto';
import type { Issue } from '@micrarium/model';
import { citationFileIssue, meantCitation, readCitationFile, type StatedLink, titleOfWork } from '@micrarium/standards';
import type { Kysely } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import type { Notices } from '../notices/notices.ts';
import { authorsOf } from './authors.ts';
import { type StudiesByName, studiesByName } from './studies-by-name.ts';
import { doiOf, noteUse, type Reuse } from './reuses.ts';

/** Why an entry was not taken over. */
export type NotTaken =
  /** The agency took it back. */
  | 'withdrawn'
  /** The relation says nothing of a work that used data. */
  | 'other-relation'
  | 'unknown-relation'
  /** Neither its DOI nor its accession is that of a public study here. */
  | 'no-study'
  /** The study has no such version. */
  | 'no-version'
  /** The work has no DOI. */
  | 'no-doi'
  /** A study that names itself. */
  | 'itself'
  /** The study's metadata name this paper as their own. */
  | 'own-paper';

/** What a file of citations brought. */
export interface ImportedCitations {
  /** Entries that were read. */
  entries: number;
  /** Citations of studies here that are new, were there already, or are known now to be a paper of the data. */
  added: number;
  known: number;
  changed: number;
  /** Entries that say what another says. */
  repeated: number;
  notTaken: Partial<Record<NotTaken, number>>;
  citations: FoundCitation[];
  /** The first of those that were not taken over, where the other end might have been meant for a study here; with all of them counted. */
  unmatched: { entry: number; work: string; data: string; reason: NotTaken }[];
  issues: Issue[];
}

/** A citation of a study here. */
export interface FoundCitation {
  accession: string;
  version: number;
  identifier: string;
  kind: 'paper' | 'study';
  use: Reuse['use'];
  title: string;
  source: string;
  on?: string;
  outcome: 'added' | 'known' | 'changed';
}

/** Entries without a match that are listed. */
const mostListed = 1000;
/** Issues that are kept of unknown relations. */
const mostRelations = 50;

/** A title as it is kept: one line, without marks of type. */
const keptTitle = (title = '') =>
  (titleOfWork(title) ?? '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 500);

/** What an entry is of a study here, or why it is not taken over. */
function citationOf(
  link: StatedLink,
  studies: StudiesByName,
): Omit<FoundCitation, 'outcome'> | { reason: NotTaken; work: string; data: string } {
  const meant = meantCitation(link);
  if (typeof meant === 'string') return { reason: meant, work: link.from, data: link.to };
  const { work, data } = meant;
  const refused = (reason: NotTaken) => ({ reason, work, data });
  const study = studies.find(data);
  if (!study) return refused('no-study');
  const version = link.version ?? study.version ?? study.newest;
  if (version > study.newest) return refused('no-version');
  const other = studies.find(work);
  const identifier = other?.accession ?? doiOf(work);
  if (identifier === undefined) return refused('no-doi');
  if (identifier === study.accession) return refused('itself');
  if (study.ownPapers.has(identifier)) return refused('own-paper');
  return {
    accession: study.accession,
    version,
    identifier,
    kind: other || meant.isData ? 'study' : 'paper',
    use: meant.use,
    title: keptTitle(meant.title) || (other?.title ?? ''),
    source: link.source.replace(/[\s\p{Cc}]+/gu, ' ').slice(0, 100),
    ...(link.on === undefined ? {} : { on: link.on }),
  };
}

/** Accessions that one notice names. */
const mostNamed = 10;

/** Tells those who answer for the studies what is new on their pages: each once for the whole file. */
async function tellOfCitations(db: Database, notices: Notices, citations: readonly FoundCitation[]): Promise<void> {
  const fresh = Map.groupBy(
    citations.filter(({ outcome }) => outcome === 'added'),
    ({ accession }) => accession,
  );
  const concerned = new Map<string, { count: number; studies: string[] }>();
  for (const [accession, those] of fresh)
    for (const person of await authorsOf(db, accession)) {
      const told = concerned.get(person) ?? { count: 0, studies: [] };
      told.studies.push(accession);
      concerned.set(person, { ...told, count: told.count + those.length });
    }
  for (const [person, { count, studies }] of concerned) {
    const where = `${studies.slice(0, mostNamed).join(', ')}${studies.length > mostNamed ? ', …' : ''}`;
    await notices.tell([person], { kind: 'reuse-found', link: `/reuse/${studies[0]}`, detail: { count, where } });
  }
}

/**
 * Takes over what a file of citations says of public studies here. What is there already stays as it is, also where the owner declined it; a
 * work that another entry calls the paper of the data becomes that.
 * Who answers for the studies is told once for the whole file.
 * @param isTrial nothing is written, and nobody told
 */
export async function importCitations(
  db: Database,
  bytes: AsyncIterable<Uint8Array>,
  { home, isTrial, notices }: { home?: string | undefined; isTrial: boolean; notices: Notices },
): Promise<ImportedCitations> {
  const studies = await studiesByName(db, home);
  const found = new Map<string, FoundCitation>();
  const report: ImportedCitations = {
    entries: 0,
    added: 0,
    known: 0,
    changed: 0,
    repeated: 0,
    notTaken: {},
    citations: [],
    unmatched: [],
    issues: [],
  };
  for await (const { links, issues } of readCitationFile(bytes)) {
    report.issues.push(...issues);
    for (const link of links) take(link, studies, found, report);
  }
  const byStudy = Map.groupBy(found.values(), ({ accession }) => accession);
  for (const [accession, citations] of byStudy)
    await db.transaction().execute(async (tx) => await enter(tx, accession, citations, isTrial));
  report.citations = [...found.values()];
  for (const { outcome } of report.citations) report[outcome]++;
  if (!isTrial) await tellOfCitations(db, notices, report.citations);
  return report;
}

function take(
  link: StatedLink,
  studies: StudiesByName,
  found: Map<string, FoundCitation>,
  report: ImportedCitations,
): void {
  report.entries++;
  const citation = citationOf(link, studies);
  if ('reason' in citation) {
    const { reason, work, data } = citation;
    const count = (report.notTaken[reason] ?? 0) + 1;
    report.notTaken[reason] = count;
    if (reason === 'unknown-relation' && count <= mostRelations) {
      const message = `Entry ${link.entry} says “${link.relation.slice(0, 100)}” between two works`;
      report.issues.push(citationFileIssue('citations-relation', message, { where: { row: link.entry } }));
    }
    if (report.unmatched.length < mostListed) report.unmatched.push({ entry: link.entry, work, data, reason });
    return;
  }
  const key = `${citation.accession} ${citation.identifier}`;
  const before = found.get(key);
  if (before) report.repeated++;
  if (!before) found.set(key, { ...citation, outcome: 'known' });
  // Who says of a paper that the data belong to it knows more than who says that it cites them.
  else if (before.use === 'reuse' && citation.use === 'primary')
    found.set(key, { ...citation, title: citation.title || before.title, outcome: 'known' });
  else if (before.title === '') before.title = citation.title;
}

/** Enters the citations of one study and says of each what became of it; what they tell in public is kept in the archive. */
async function enter(
  tx: Kysely<Tables>,
  accession: string,
  citations: FoundCitation[],
  isTrial: boolean,
): Promise<void> {
  const rows = await tx
    .selectFrom('study_reuse')
    .select(['id', 'identifier', 'use_kind', 'found_in', 'state'])
    .where('accession', '=', accession)
    .execute();
  const there = new Map(rows.map((row) => [row.identifier, row]));
  const events: { id: string; citation: FoundCitation }[] = [];
  for (const citation of citations) {
    const { identifier, use, source, version, kind, title, on } = citation;
    const row = there.get(identifier);
    const becomesPrimary =
      row && use === 'primary' && row.use_kind === 'reuse' && row.found_in !== '' && row.state === 'confirmed';
    citation.outcome = row === undefined ? 'added' : becomesPrimary ? 'changed' : 'known';
    if (isTrial || citation.outcome === 'known') continue;
    const id = row?.id ?? randomUUID();
    const said = { use_kind: use, found_in: source, found_on: on ?? null };
    if (row) await tx.updateTable('study_reuse').set(said).where('id', '=', id).execute();
    else {
      const work = { id, accession, version, kind, identifier, title, remark: '', state: 'confirmed' as const };
      const { numInsertedOrUpdatedRows: entered } = await tx
        .insertInto('study_reuse')
        .values({ ...work, ...said, reported_by: null })
        .onConflict((conflict) => conflict.columns(['accession', 'identifier']).doNothing())
        .executeTakeFirstOrThrow();
      // Somebody reported it at the same moment.
      if (entered === 0n) citation.outcome = 'known';
      if (entered === 0n) continue;
    }
    events.push({ id, citation });
  }
  if (events.length > 0) await noteUse(tx, accession);
  for (const { id, citation } of events)
    await noteEvent(tx, 'reuse.import', accession, { reuse: id, use: citation.use, source: citation.source });
}
