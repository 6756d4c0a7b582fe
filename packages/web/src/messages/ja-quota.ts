import type { quotaEn } from './en-quota.ts';

/** Japanese texts of quotas. */
export const quotaJa: Record<keyof typeof quotaEn, string> = {
  'quota.title': '保存容量',
  'quota.used': '{{limit}} のうち {{used}} を使用、残り {{left}}',
  'quota.over': '{{limit}} のうち {{used}} を使用：これ以上は受け付けません',
  'quota.unlimited': '{{used}} を使用（上限なし）',
  'quota.reserved': 'うち {{bytes}} は計画による予約',
  'quota.group': 'グループ {{name}}',
  'quota.admin': '容量の割り当て',
  'quota.adminHelp':
    '研究は最新版の量、または作業中の下書きの方が大きければその量で数えます。割り当てのあるグループと共有された研究はグループに数えます。計画で予約された容量は加えられます。',
  'quota.everybody': '個別に定めない限り全員',
  'quota.who': '対象',
  'quota.use': '使用量',
  'quota.limit': '割り当て（GB）',
  'quota.limitOf': '{{name}} の割り当て（GB）',
  'quota.asEverybody': '全員と同じ',
  'quota.none': '上限なし',
  'quota.ofGroup': 'グループ',
  'quota.help': '数値を入力。0 はこれ以上受け付けない、「-」は上限なし、空欄は全員と同じ。',
  'quota.save': '設定',
  'quota.noNumber': 'ギガバイトの数値、「-」、または空欄にしてください。',
};
