/** Changes of what somebody signs in with, and as what. They are told at once, by mail and on the page, whatever was chosen. */
export const accountNoticeKinds = [
  'password-changed',
  'second-factor-on',
  'second-factor-off',
  'recovery-code-used',
  'passkey-added',
  'passkey-removed',
  'identity-linked',
  'identity-unlinked',
  'role-changed',
] as const;

/** What one can be told of, as one chooses. */
export const chosenNoticeKinds = [
  'submitted',
  'assigned',
  'commented',
  'changes-requested',
  'approved',
  'returned',
  'edited-in-place',
  'edit-decided',
  'publication-held',
  'draft-abandoned',
  'draft-expired',
  'files-deleted',
  'study-asked',
  'study-ask-decided',
  'promotion',
  'published',
  'question',
  'answer',
  'reuse-reported',
  'reuse-decided',
  'reuse-found',
  'access-asked',
  'access-decided',
  'access-said',
  'access-emergency',
  'access-ending',
  'review-given',
  'request-made',
  'request-done',
  'request-due',
  'addition',
  'community-asked',
  'community-decided',
  'transfer-offered',
  'transfer-accepted',
  'transfer-declined',
  'embargo-ending',
  'embargo-ended',
  'plan-reserved',
  'plan-due',
  'plan-over',
  'link-used',
  'files-lost',
  'fixity-trouble',
  'reference-trouble',
] as const;

/** Everything one can be told of. */
export const noticeKinds = [...accountNoticeKinds, ...chosenNoticeKinds] as const;

/** How one is told of a kind who chose nothing: what comes in numbers in one mail a day, everything else at once. */
export const unchosenWay = (kind: (typeof noticeKinds)[number]): 'mail' | 'digest' =>
  kind === 'reuse-found' ? 'digest' : 'mail';
