import type { FieldValue } from '@micrarium/model';
import type { LinkNode } from '../graph/study-graph.ts';
import { readDoi } from '../identifiers/identifiers.ts';
import { isRecord, type Json, type JsonRecord } from '../json/json.ts';

/**
 * Key in `StudyMetadata.values` that holds, as JSON text, what the study is to other studies (`StudyRelation`): an annotation, a
 * re-analysis, or data derived from them. Published with the study.
 */
export const relationsKey = 'relations';

/** What a study can be to another one, whoever made that. */
export const relationKinds = ['annotates', 're-analyses', 'derived'] as const;

/** What a study is to another one. */
export interface StudyRelation {
  kind: (typeof relationKinds)[number];
  /** Accession of a study here (`MIC-000001`), DOI, or address beginning with https. */
  target: string;
  /** Version of a study here. */
  version?: number;
  /** What was done with it, in words. */
  note?: string;
}

/**
 * Relations of DataCite 4.6 (appendix 3 of its documentation) for the two sides: what the addition is to the study, and the study to
 * the addition. A re-analysis has no word of its own there: its results are derived.
 */
export const dataciteRelations: Readonly<Record<StudyRelation['kind'], readonly [to: string, back: string]>> = {
  annotates: ['IsSupplementTo', 'IsSupplementedBy'],
  're-analyses': ['IsDerivedFrom', 'IsSourceOf'],
  derived: ['IsDerivedFrom', 'IsSourceOf'],
};

/** Relations of one study. */
const most = 50;
const longest = 48_000;
const accessionForm = /^[A-Z]{2,8}-\d{3,12}$/;
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Relations of a value; what names no study is left out. */
export function readRelations(value: FieldValue | undefined): StudyRelation[] {
  if (typeof value !== 'string' || value === '' || value.length > longest) return [];
  try {
    const read = JSON.parse(value) as Json;
    return Array.isArray(read) ? read.filter(isRecord).slice(0, most).flatMap(relationOf) : [];
  } catch {
    return [];
  }
}

function relationOf(told: JsonRecord): StudyRelation[] {
  const kind = relationKinds.find((one) => one === told['kind']);
  const target = typeof told['target'] === 'string' ? relationTarget(told['target']) : undefined;
  if (kind === undefined || target === undefined) return [];
  const { version, note } = told;
  const words = typeof note === 'string' ? note.replace(forbidden, '').trim().slice(0, 2000) : '';
  return [
    {
      kind,
      target,
      ...(accessionForm.test(target) && typeof version === 'number' && Number.isInteger(version) && version > 0
        ? { version }
        : {}),
      ...(words === '' ? {} : { note: words }),
    },
  ];
}

/** What is related to, written one way; `undefined` where the text is no accession, DOI or address. */
export function relationTarget(text: string): string | undefined {
  const trimmed = text.trim().slice(0, 500);
  if (accessionForm.test(trimmed)) return trimmed;
  const doi = readDoi(trimmed);
  if (doi && 'doi' in doi) return doi.doi;
  return /^https:\/\//i.test(trimmed) && URL.canParse(trimmed) ? new URL(trimmed).href : undefined;
}

/** Relations as the text of their value. */
export const relationsText = (relations: readonly StudyRelation[]): string =>
  relations.length === 0 ? '' : JSON.stringify(relations);

/** Where what is related to is read. @param home address of a page of this site; without it studies here are named by their path */
export function relationUrl({ target, version }: Pick<StudyRelation, 'target' | 'version'>, home?: string): string {
  if (target.startsWith('10.')) return `https://doi.org/${encodeURI(target)}`;
  if (!accessionForm.test(target)) return target;
  const path = `/studies/${target}${version === undefined ? '' : `/v/${version}`}`;
  return home !== undefined && URL.canParse(path, home) ? new URL(path, home).href : path;
}

/** Relations as links of the study graph: so they are in every form that has links, with DataCite's word for them. */
export function relationLinks(relations: readonly StudyRelation[], home?: string): LinkNode[] {
  return relations.map((one, index) => ({
    key: `relation-${index + 1}`,
    url: relationUrl(one, home),
    relation: dataciteRelations[one.kind][0],
    ...(one.note === undefined ? {} : { description: one.note }),
  }));
}
