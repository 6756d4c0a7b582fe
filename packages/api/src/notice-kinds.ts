/** Everything one can be told of. */
export const noticeKinds = [
  'submitted',
  'assigned',
  'commented',
  'changes-requested',
  'approved',
  'returned',
  'promotion',
  'published',
  'embargo-ending',
  'link-used',
  'fixity-trouble',
] as const;
