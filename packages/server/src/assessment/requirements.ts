import type { FactId } from './facts.ts';

/** Number of a requirement as the certificate has it, with two digits. R00 asks what kind of archive it is. */
export type RequirementId = `R0${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}` | `R1${0 | 1 | 2 | 3 | 4 | 5 | 6}`;

/** One thing that is asked of a trustworthy archive. */
export interface Requirement {
  id: RequirementId;
  /** What the software answers by itself, in this order. */
  facts: readonly FactId[];
}

/**
 * The requirements of CoreTrustSeal 2026-2028 (numbers as of 2023-2025; repository-practice 20) with what of each can be
 * computed here. Title and question stand in the catalogue of texts under `assess.R01.title` and `assess.R01.asks`.
 */
export const requirements: readonly Requirement[] = [
  { id: 'R00', facts: ['studies', 'versions', 'files', 'bytes', 'images', 'databaseTier'] },
  { id: 'R01', facts: ['contact'] },
  { id: 'R02', facts: ['licences', 'withoutLicence', 'onRequest'] },
  { id: 'R03', facts: ['lastBackup', 'secondCopy', 'layout', 'oldestStudy'] },
  { id: 'R04', facts: ['humanData', 'identifiable', 'onRequest', 'accessRequests'] },
  { id: 'R05', facts: ['operators', 'archiveBytes'] },
  { id: 'R06', facts: ['curators', 'vocabularies'] },
  { id: 'R07', facts: ['auditEvents', 'auditHead', 'newVersions', 'digests'] },
  { id: 'R08', facts: ['formatsPreferred', 'formatsAccepted', 'formatsBits', 'review', 'waiting'] },
  { id: 'R09', facts: ['itemsPreferred', 'itemsAccepted', 'itemsBits', 'atRisk', 'withdrawn'] },
  { id: 'R10', facts: ['databaseTier', 'curatorRequests', 'questions'] },
  { id: 'R11', facts: ['review', 'waiting', 'oldestWaiting', 'embargoed'] },
  { id: 'R12', facts: ['dois', 'findableDois', 'waitingDois', 'harvest'] },
  { id: 'R13', facts: ['views', 'downloads', 'reuses', 'licences'] },
  { id: 'R14', facts: ['storage', 'secondCopy', 'lastBackup', 'everyDays', 'verified', 'damaged', 'oldestCheck'] },
  { id: 'R15', facts: ['version', 'database', 'storage', 'interface'] },
  { id: 'R16', facts: ['signIn', 'virusScanner', 'filesOrigin', 'auditEvents', 'auditHead', 'lastBackup'] },
];
