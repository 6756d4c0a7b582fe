import type { careEn } from './en-care.ts';

/** Japanese texts about how studies are kept. */
export const careJa: Readonly<Record<keyof typeof careEn, string>> = {
  'care.verified': 'バイト列の確認',
  'care.verifiedOn': '{date}、すべて登録時のまま',
  'care.damagedOn': '{date}：損傷が見つかり、修復中です',
  'care.notYet': '未実施',
  'care.title': '保存されたデータは無傷ですか',
  'care.text':
    '公開されたすべてのファイルは、少なくとも {days} 日ごとに読み直され、受け入れ時に記録したダイジェスト（SHA-512 と SHA-256）と照合されます。違いがあればファイル名を示し、複製があればそこから修復し、記録に残します。',
  'care.studies': '公開された研究',
  'care.read': '一度以上すべて読み直したもの',
  'care.damaged': '修復されていない損傷のあるもの',
  'care.files': 'ファイル',
  'care.bytes': 'データ量',
  'care.oldest': '最も古い確認',
  'care.newest': '最新の確認',
  'care.withdrawn': 'この研究は取り下げられました',
  'care.withdrawnOn': '{date} に取り下げられました。',
  'care.withdrawnWhy': '理由：{reason}',
  'care.withdrawnFiles': 'ファイルは閉じられています。アクセッション番号とこのページは残ります。',
  'care.replacedBy': '代わりとなる研究：',
  'care.closedUntil': 'この研究のファイルは {date} まで公開されません。メタデータは公開されています。',
  'care.privateLinks': '査読者向けの非公開リンク',
  'care.private':
    'この研究はまだ公開されていません。{date} まで有効な非公開リンクで表示しています。引用や転送はお控えください。',
  'care.linkGone': 'このリンクは閉じられています',
  'care.linkGoneText':
    '取り消されたか、期限が切れたか、隠していた内容がすでに公開されています。リンクの提供者に新しいものを依頼してください。',
};
