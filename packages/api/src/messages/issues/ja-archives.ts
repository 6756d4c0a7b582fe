import type { IssueTexts } from './issue-texts.ts';

/** Japanese texts of what is found in packages made for keeping (BagIt), and of files that only point at others. */
export const archivesJa: IssueTexts = {
  'bag-declaration-wrong': [
    'bagit.txt がないか、BagIt の版が求める二行になっていません。',
    '"BagIt-Version: 1.0" と "Tag-File-Character-Encoding: UTF-8" の二行だけを書いてください。',
  ],
  'bag-manifest-missing': [
    '知っているダイジェストの目録がバッグにないため、何も照合できません。',
    'manifest-sha256.txt または manifest-sha512.txt を付けてバッグを作り直してください。',
  ],
  'bag-manifest-malformed': ['目録に、ダイジェストとパスの形でない行か、重複してはならないパスの重複があります。'],
  'bag-path-outside': [
    '目録または fetch.txt に、バッグの外のパスがあります。',
    'このバッグを展開したり取り込んだりせず、送り主に正しいものを求めてください。',
  ],
  'bag-file-missing': [
    '目録にあるファイルがバッグにありません。',
    'バッグが完全ではありません。もう一度コピーしてください。',
  ],
  'bag-file-extra': ['すべてを挙げるべき目録に載っていないファイルがあります。'],
  'bag-digest-differs': [
    'ファイルのバイト列から、目録にあるダイジェストが得られません。',
    'ファイルが変更されたか壊れています。元の場所からバッグをもう一度コピーしてください。',
  ],
  'bag-oxum-differs': ['ファイルの数またはバイト数が、bag-info.txt の Payload-Oxum と異なります。'],
  'bag-files-elsewhere': [
    'fetch.txt に、別の場所から取得するファイルが挙げられています。それらがそろって完全になります。自動では取得しません。',
  ],
  'bag-made-by-md5sum': ['目録のパスの先頭に、md5sum がバイナリファイルに付けるアスタリスクがあります。'],
  'bag-path-relative': ['目録のパスが "./" で始まっています。受け付けないプログラムがあります。'],
  'bag-path-twice': ['目録に、同じダイジェストのパスが二度あります。BagIt 1.0 では禁じられています。'],
  'bag-names-clash': ['大文字と小文字だけが異なる二つのパスがあります。一部のシステムでは一方しか残りません。'],
  'bag-system-file': ['Thumbs.db など、オペレーティングシステムが自動で作るファイルが含まれています。'],
  'geff-labels-related': [
    'グラフが、オブジェクトを示すラベル画像を指しています。画像は登録された場所に残り、ここでは読みません。',
    'ラベル画像もあわせて登録してください。',
  ],
  'tracking-method-missing': [
    'トラックはありますが、どのプログラムのどの検出器、連結器、パラメーターで作られたかがファイルにありません（MIAPTE が求める情報です）。',
    '「方法の概要」に書いてください。それがないと、誰も追跡を再現できません。',
  ],
};
