import { formatById, type FormatId } from '@micrarium/formats';
import type { Issue } from '@micrarium/model';
import { missingForPublication, type StudyStore } from '@micrarium/repository';
import { metadataFieldById, metadataFields, splitValueKey, tierKey, shownTitle } from '@micrarium/standards';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';

type Found = NonNullable<Awaited<ReturnType<StudyStore['getVersion']>>>;

/** A fact for or against bringing a study into the database tier. */
export type PromotionReason =
  | { kind: 'complete'; done: number; required: number }
  | { kind: 'readable'; read: number; items: number; formats: string[] }
  | { kind: 'paired'; pairs: number }
  | { kind: 'used'; views: number; downloads: number }
  | { kind: 'reused'; count: number }
  | { kind: 'gathered'; names: string[] }
  | { kind: 'paper'; doi: string }
  | { kind: 'findings'; count: number };

/** A study of the archive tier with what speaks for its promotion. */
export interface PromotionCandidate {
  accession: string;
  version: number;
  title: string;
  /** 0 to 1. */
  score: number;
  reasons: PromotionReason[];
  /** What the database tier still asks for. */
  asked: AskedOfStudy[];
}

/** Something the database tier asks for, of the study or of its data sets. */
export interface AskedOfStudy {
  /** Id of the field; empty where it is about files. */
  field: string;
  /** Name of the field. */
  en: string;
  ja: string;
  /** Data sets that lack it; 0 where it is asked of the whole study. */
  datasets: number;
  /** What is in the way, where it is more than that nothing is there. */
  faults: string[];
}

/** Studies whose documents are read for one list: the rest is counted. */
const mostLookedAt = 60;
const required = metadataFields.filter(({ database }) => database === 'required').length;

/** What stands between the newest version of a study and the database tier. */
export function askedByDatabase(version: Found): Issue[] {
  const { accession, items, pairs, datasets, fileCount, referenced } = version;
  const metadata = { ...version.metadata, values: { ...version.metadata.values, [tierKey]: 'database' } };
  const datasetTitles = Object.fromEntries(datasets.map(({ id, title }) => [id, title]));
  return missingForPublication({
    // A note is written for a promotion; that of the version that is public already says nothing here.
    draft: {
      accession,
      metadata,
      version: version.version + 1,
      note: '-',
      changeKinds: ['addition'],
      earlierResults: 'hold',
      pairs,
      datasetTitles,
    },
    items: items.map((item) => ({ draftId: '', item, state: 'done', progress: 1 })),
    files: { count: fileCount, verified: fileCount },
    ...(referenced ? { references: referenced } : {}),
    proposals: [],
  }).missing;
}

/** Issues by the field they are about: a hundred data sets without an organism are one thing to ask for. */
export function askedOf(issues: readonly Issue[]): AskedOfStudy[] {
  const asked = new Map<string, AskedOfStudy>();
  for (const { code, message, where } of issues) {
    const known = where.field === undefined ? undefined : metadataFieldById(where.field);
    const { dataset } = splitValueKey(where.field ?? '');
    const one = asked.get(known?.id ?? '') ?? {
      field: known?.id ?? '',
      en: known?.label.en ?? '',
      ja: known?.label.ja ?? '',
      datasets: 0,
      faults: [],
    };
    if (dataset !== undefined) one.datasets++;
    if ((known === undefined || code !== 'field-missing') && one.faults.length < 20) one.faults.push(message);
    asked.set(one.field, one);
  }
  return [...asked.values()];
}

/** What others made of a study: uses by people in twelve months, confirmed uses and additions in all, collections and communities it is in. */
export interface StudyInterest {
  views: number;
  downloads: number;
  reused?: number;
  gathered?: readonly string[];
}

/** How well a study of the archive tier would do in the database tier, with the reasons. Pure. */
export function weighForPromotion(
  version: Found,
  { views, downloads, reused = 0, gathered = [] }: StudyInterest,
): PromotionCandidate {
  const { accession, items, plainItems = 0, pairs } = version;
  const { title, paperDoi } = version.metadata.values;
  const issues = askedByDatabase(version);
  const asked = askedOf(issues);
  const findings = issues.filter(({ code }) => code === 'tier-finding').length;
  const told = items.filter(({ kind }) => kind !== 'metadata');
  const read = told.filter(({ images, trackSets, tables }) => images.length + trackSets.length > 0 || tables);
  const formats = [...new Set(read.map(({ format }) => formatById(format as FormatId)?.name ?? format))].sort();
  const done = Math.max(0, required - asked.filter(({ field }) => field !== '').length);
  const all = told.length + plainItems;
  const ofForms = all === 0 ? 0 : (read.length / all) * (pairs.length > 0 ? 1 : 0.7);
  // A download shows more interest than a view, work that was made with the data far more; a hundred downloads are enough.
  const ofUse = Math.min(1, Math.log10(1 + views + 5 * downloads + 100 * reused) / Math.log10(501));
  // Somebody chose it, for a reason.
  const chosen = gathered.length > 0 ? 0.05 : 0;
  const weighed = Math.min(1, 0.5 * (done / required) + 0.25 * ofForms + 0.25 * ofUse + chosen);
  return {
    accession,
    version: version.version,
    title: shownTitle(title),
    // What is wrong in the files costs more than a field that somebody has to write.
    score: Number((findings > 0 ? weighed * 0.8 : weighed).toFixed(3)),
    reasons: [
      { kind: 'complete', done, required },
      { kind: 'readable', read: read.length, items: all, formats: formats.slice(0, 8) },
      ...(pairs.length > 0 ? [{ kind: 'paired' as const, pairs: pairs.length }] : []),
      ...(views + downloads > 0 ? [{ kind: 'used' as const, views, downloads }] : []),
      ...(reused > 0 ? [{ kind: 'reused' as const, count: reused }] : []),
      ...(gathered.length > 0 ? [{ kind: 'gathered' as const, names: gathered.slice(0, 8) }] : []),
      ...(typeof paperDoi === 'string' && paperDoi !== '' ? [{ kind: 'paper' as const, doi: paperDoi }] : []),
      ...(findings > 0 ? [{ kind: 'findings' as const, count: findings }] : []),
    ],
    asked,
  };
}

/** Open studies of the archive tier without a draft of their next version, those that would do best first. */
export async function promotionShortlist(
  db: Database,
  studies: StudyStore,
): Promise<{ candidates: PromotionCandidate[]; total: number; lookedAt: number }> {
  const { rows } = await sql<Required<StudyInterest> & { accession: string; total: number }>`
    select search_document.accession, coalesce(views, 0)::bigint as views, coalesce(downloads, 0)::bigint as downloads,
      (select count(*)::int from study_reuse where study_reuse.accession = search_document.accession
        and state = 'confirmed' and use_kind = 'reuse')
      + (select count(distinct study_relation.accession)::int from study_relation
        where target = search_document.accession) as reused,
      array(select jsonb_array_elements_text(coalesce(more->'collection', '[]'::jsonb)
        || coalesce(more->'community', '[]'::jsonb))) as gathered,
      count(*) over ()::bigint as total
    from search_document
    left join (select accession, sum(unique_investigations) as views, sum(unique_requests) as downloads from usage_counted
      where version = 0 and access = 'regular' and month > now() - interval '12 months' group by accession) as used
      using (accession)
    where tier = 'archive'
      and not exists (select 1 from draft where draft.accession = search_document.accession
        and draft.state in ('editing', 'publishing'))
      and not exists (select 1 from study_state where study_state.accession = search_document.accession
        and study_state.state <> 'published')
    order by reused desc, downloads desc nulls last, views desc nulls last, published_at desc, search_document.accession
    limit ${mostLookedAt}`.execute(db);
  const candidates: PromotionCandidate[] = [];
  for (const { accession, total: _total, ...interest } of rows) {
    const version = await studies.getVersion(accession, 'newest');
    if (version?.tier === 'archive') candidates.push(weighForPromotion(version, interest));
  }
  candidates.sort((a, b) => b.score - a.score || a.accession.localeCompare(b.accession));
  return { candidates, total: rows[0]?.total ?? 0, lookedAt: rows.length };
}
