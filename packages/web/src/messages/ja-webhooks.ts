import type { webhooksEn } from './en-webhooks.ts';

/** Webhook の日本語テキスト。 */
export const webhooksJa: Record<keyof typeof webhooksEn, string> = {
  'webhooks.title': 'Webhook',
  'webhooks.help':
    '検索に新しい研究または版が加わったとき、あるいはお知らせページに表示される内容を、指定した https アドレスに通知します。',
  'webhooks.target': 'アドレス',
  'webhooks.events': '通知の内容',
  'webhooks.search': '検索に一致する新しい研究',
  'webhooks.notices': '自分へのお知らせ(研究、査読、質問)',
  'webhooks.query': '検索条件(検索ページのアドレスにある形式。空欄はすべての研究)',
  'webhooks.queryOf': '検索: {{query}}',
  'webhooks.all': 'すべての研究',
  'webhooks.make': 'Webhook を作成',
  'webhooks.once': '本文の署名に使う秘密鍵です。表示されるのはこの一度だけです:',
  'webhooks.done': '保存しました',
  'webhooks.none': 'Webhook はまだありません。',
  'webhooks.end': '終了',
  'webhooks.endSure': '本当に終了する',
  'webhooks.deliveries': '最近の配信',
  'webhooks.event': 'イベント',
  'webhooks.when': '日時',
  'webhooks.state': '状態',
  'webhooks.delivered': '配信済み ({{status}})',
  'webhooks.waiting': '待機中',
  'webhooks.again': '{{tries}} 回目が失敗、次回 {{when}}',
  'webhooks.givenUp': '{{tries}} 回試行して中止',
};
