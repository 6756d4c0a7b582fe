import type { accountEn } from './en-account.ts';

/** アカウントページの日本語テキスト。 */
export const accountJa: Record<keyof typeof accountEn, string> = {
  'devices.title': 'デバイス',
  'devices.help': 'ログイン中のデバイスです。心当たりのないものはログアウトし、パスワードを変更してください。',
  'devices.dates': '{{begun}} ログイン、最終使用 {{used}}',
  'devices.this': 'このデバイス',
  'devices.unknown': '名前のわからないデバイス',
  'devices.end': 'ログアウト',
  'devices.endOthers': 'ほかをすべてログアウト',
  'password.help': '{{least}} 文字以上。ほかのデバイスはすべてログアウトされます。',
  'password.current': '現在のパスワード',
  'password.new': '新しいパスワード',
  'password.set': 'パスワードを設定',
  'password.done': '新しいパスワードに変わりました。',
  'address.title': 'メールアドレスの確認',
  'address.confirm': '確認する',
  'address.confirmed': 'メールアドレスが確認されました。',
  'address.gone':
    'このリンクは使用済みか、期限切れか、途中で切れています。アカウントページで新しいリンクを送ってください。',
  'address.open': 'メールアドレスがまだ確認されていません。確認すると下書きを作成できます。',
  'address.send': '確認用リンクを送る',
  'address.sent': 'リンクを送信しました。1 日有効です。',
  'token.curate': 'キュレーション',
  'token.admin': '管理',
  'token.mayCurate': '審査とキュレーションを許可',
  'token.mayAdmin': '管理を許可(アカウントを除く)',
  'token.only': '対象の研究(空欄: すべて)',
  'token.limitedTo': '対象',
  'token.all': 'すべての研究',
};
