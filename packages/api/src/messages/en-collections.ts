/** English texts of the pages of collections. */
export const collectionsEn = {
  'collections.title': 'Collections',
  'collections.about': 'Studies that belong together, chosen by somebody who says why.',
  'collections.none': 'Nobody has made one yet.',
  'collections.make': 'New collection',
  'collections.edit': 'Change',
  'collections.studies': 'Studies',
  'collections.line': 'Studies: {count} · {name} · {date}',
  'collections.nameless': 'Studies: {count} · {date}',
  'collections.in': 'In collections',
} as const;
