/** English texts of the pages of communities. */
export const communitiesEn = {
  'communities.title': 'Communities',
  'communities.about':
    'Laboratories and communities that gather studies: their authors send them, the community accepts.',
  'communities.none': 'There is none yet.',
  'communities.make': 'New community',
  'communities.line': 'Studies: {count}',
  'communities.search': 'Search in it',
  'communities.desk': 'Send a study',
  'communities.studies': 'Studies',
  'communities.empty': 'It has not accepted a study yet.',
  'communities.in': 'In communities',
} as const;
