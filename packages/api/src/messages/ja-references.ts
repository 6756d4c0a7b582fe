import type { referencesEn } from './en-references.ts';

/** Japanese texts about files that stay where they are. */
export const referencesJa: Readonly<Record<keyof typeof referencesEn, string>> = {
  'references.title': '今の場所に残るファイル',
  'references.text':
    'これらのファイルは研究の一部ですが、ここには保存されていません。リンクは、それぞれを持つサーバーに直接つながります。サイズとダイジェストは研究が公開されたときに記録されました。毎週存在を確かめ、運用者が許す範囲で内容もダイジェストと照合します。',
  'references.count': '{count} ファイル、{size}（ここには保存されていません）',
  'references.stays': '{host} に残る',
  'references.state': '最後の確認',
  'references.closed': 'アドレスはファイルが公開されるときに示されます。',
  'references.state.none': '未確認',
  'references.state.there': '存在し、サイズも同じ',
  'references.state.verified': '存在。{date} に全バイトを照合済み',
  'references.state.missing': '見つからない',
  'references.state.changed': '変更あり：内容が異なります',
  'references.elsewhere': '別の場所にあるファイル',
  'references.wrong.missing': '見つからないもの：{count}',
  'references.wrong.changed': '変更されたもの：{count}',
  'references.state.unreachable': 'サーバーの応答なし',
  'references.more': 'すべての一覧（プログラム用）',
  'references.integrity':
    'これらのファイルについて、研究はアドレス、サイズ、ダイジェストだけを持ちます。データは別の場所にあり、上の数には含まれません。少なくとも {days} 日ごとに存在を確かめます。',
  'references.counted.looked': '一度以上確かめたもの',
  'references.counted.verified': 'すべて読み、記載どおりのもの',
  'references.counted.missing': '見つからないもの',
  'references.counted.changed': '変更されたもの',
  'references.counted.unreachable': '応答のないもの',
};
