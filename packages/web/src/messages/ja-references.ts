import type { referencesEn } from './en-references.ts';

/** Japanese texts about files that stay where they are, on the deposit page. */
export const referencesJa: Readonly<Record<keyof typeof referencesEn, string>> = {
  'elsewhere.title': '今の場所に残すファイル',
  'elsewhere.help':
    '大きすぎて移せないデータのためのものです。研究は各ファイルのアドレス、サイズ、SHA-256 だけを持ち、ここには保存されていないことをページに明記し、同じファイルがまだあるかを毎週確かめます。容量には数えません。',
  'elsewhere.inAll_one': '{{n}} ファイル、{{size}}（ここには保存されていません）',
  'elsewhere.inAll_other': '{{n}} ファイル、{{size}}（ここには保存されていません）',
  'elsewhere.file': '研究の中のパス',
  'elsewhere.host': 'ある場所',
  'elsewhere.size': 'サイズ',
  'elsewhere.state': '最後の確認',
  'elsewhere.state.none': '未確認',
  'elsewhere.state.there': '存在し、サイズも同じ',
  'elsewhere.state.missing': '見つからない',
  'elsewhere.state.changed': '変更あり',
  'elsewhere.state.unreachable': '応答なし',
  'elsewhere.remove': '{{path}} を外す',
  'elsewhere.more_one': 'ほかに {{n}} 件。',
  'elsewhere.more_other': 'ほかに {{n}} 件。',
  'elsewhere.one': '一つ加える',
  'elsewhere.url': 'アドレス（https）',
  'elsewhere.bytes': 'サイズ（バイト）',
  'elsewhere.sha256': 'SHA-256',
  'elsewhere.add': '加える',
  'elsewhere.many': '表で加える',
  'elsewhere.tableHelp':
    'コンマ区切りかタブ区切り。最初の行に列名 path、url、size、sha256 を書きます。sha512、md5、mediatype もあれば読みます。',
  'elsewhere.choose': '表を選ぶ',
  'elsewhere.paste': 'またはここに貼り付ける',
  'elsewhere.addTable': '表を加える',
  'elsewhere.nothing': '何も加えられませんでした。',
  'elsewhere.sizeWrong': 'サイズはバイト数を整数で書いてください。',
};
