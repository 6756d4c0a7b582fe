import type { StudyTier } from '@micrarium/model';
import { metadataFieldById, splitValueKey, tierOf } from '@micrarium/standards';
import type { DraftView } from './drafts.ts';

/** Something curators look at before they approve. */
export interface ChecklistPoint {
  id: string;
  /** Does the server know it by itself? */
  isMachine: boolean;
  /** Tiers it is asked for. */
  tiers: readonly StudyTier[];
}

/** What a check found. */
export interface CheckedPoint {
  id: string;
  isMachine: boolean;
  /** Of points of people: ticked by a curator. */
  isDone: boolean;
  /** Of points of the server: what is in the way, or how much of it is there. */
  about: string[];
}

/** Raised when a point comes, goes or means something else; kept with each version that was reviewed by it. */
export const checklistVersion = 1;

const both = ['archive', 'database'] as const;
const database = ['database'] as const;

/** All points, those of the server first. */
export const checklistPoints: readonly ChecklistPoint[] = [
  { id: 'files-open', isMachine: true, tiers: both },
  { id: 'digests', isMachine: true, tiers: both },
  { id: 'complete', isMachine: true, tiers: both },
  { id: 'licence', isMachine: true, tiers: both },
  { id: 'private-details', isMachine: true, tiers: both },
  { id: 'tracks-refer', isMachine: true, tiers: both },
  { id: 'terms', isMachine: true, tiers: database },
  { id: 'scale', isMachine: true, tiers: database },
  { id: 'channel-names', isMachine: true, tiers: database },
  { id: 'dimensions', isMachine: true, tiers: database },
  { id: 'understandable', isMachine: false, tiers: both },
  { id: 'matches-data', isMachine: false, tiers: both },
  { id: 'may-be-shared', isMachine: false, tiers: both },
  { id: 'looked-at', isMachine: false, tiers: database },
  { id: 'repeatable', isMachine: false, tiers: database },
];

/** How the checklist of a tier is called, as versions keep it. */
export const checklistName = (tier: StudyTier): string => `${tier} ${checklistVersion}`;

/** At most so many findings stand beside a point. */
const mostTold = 20;

/** The checklist of a draft: what the server finds by itself, and what curators ticked. Pure. */
export function checklistOf(view: DraftView, ticked: readonly string[]): { version: string; points: CheckedPoint[] } {
  const tier = tierOf(view.draft.metadata.values);
  const points = checklistPoints
    .filter((point) => point.tiers.includes(tier))
    .map(({ id, isMachine }): CheckedPoint => {
      if (!isMachine) return { id, isMachine, isDone: ticked.includes(id), about: [] };
      const about = findings[id]!(view);
      return { id, isMachine, isDone: about.length === 0, about: about.slice(0, mostTold) };
    });
  return { version: checklistName(tier), points };
}

/** What is in the way of each point of the server; nothing: it is so. */
const findings: Readonly<Record<string, (view: DraftView) => string[]>> = {
  'files-open': ({ items }) =>
    items.filter(({ state }) => state !== 'done' && state !== 'kept').map(({ item }) => item.path),
  digests: ({ files }) => (files.verified === files.count ? [] : [`${files.verified} / ${files.count}`]),
  complete: ({ missing }) => missing.map(({ message }) => message),
  licence: ({ draft }) => (draft.metadata.values['licence'] ? [] : ['licence']),
  'private-details': ({ missing, notes }) =>
    [...missing, ...notes].filter(({ code }) => code.startsWith('private')).map(({ message }) => message),
  'tracks-refer': ({ notes }) => notes.filter(({ code }) => code.startsWith('pair-')).map(({ message }) => message),
  terms: ({ draft }) =>
    Object.entries(draft.metadata.values).flatMap(([key, value]) => {
      const field = metadataFieldById(splitValueKey(key).field);
      if (field?.type !== 'term-list') return [];
      const terms = (Array.isArray(value) ? value : [value]) as unknown[];
      return terms.filter((term) => !hasIdentifier(term)).map((term) => `${key}: ${labelOf(term)}`);
    }),
  scale: ({ items }) =>
    items.flatMap(({ item }) =>
      item.images.some(({ voxelSize }) => voxelSize?.x === undefined || voxelSize.y === undefined) ? [item.path] : [],
    ),
  'channel-names': ({ items }) =>
    items.flatMap(({ item }) =>
      item.images.some(({ channels, sizes }) => sizes.c > 1 && channels.some(({ name }) => name.trim() === ''))
        ? [item.path]
        : [],
    ),
  dimensions: ({ items }) =>
    items.flatMap(({ item }) =>
      item.issues.some(({ severity }) => severity === 'error') && item.images.length > 0 ? [item.path] : [],
    ),
};

function hasIdentifier(term: unknown): boolean {
  const id = typeof term === 'object' && term !== null ? (term as { id?: unknown }).id : undefined;
  return typeof id === 'string' && id !== '';
}

function labelOf(term: unknown): string {
  const label = typeof term === 'object' && term !== null ? (term as { label?: unknown }).label : term;
  return typeof label === 'string' ? label : '';
}
