import type { communitiesEn } from './en-communities.ts';

/** Japanese texts of the pages of communities. */
export const communitiesJa: Readonly<Record<keyof typeof communitiesEn, string>> = {
  'communities.title': 'コミュニティ',
  'communities.about': '研究室やコミュニティが研究を集めるページです。著者が申請し、コミュニティが承認します。',
  'communities.none': 'まだありません。',
  'communities.make': 'コミュニティを作る',
  'communities.line': '研究: {count} 件',
  'communities.search': 'この中を検索',
  'communities.desk': '研究を申請',
  'communities.studies': '研究',
  'communities.empty': 'まだ承認された研究はありません。',
  'communities.in': 'コミュニティ',
};
