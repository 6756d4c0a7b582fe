import type { sqlEn } from './en-sql.ts';

/** Japanese texts of the page that runs SQL over all public tables, and of saved queries. */
export const sqlJa: Record<keyof typeof sqlEn, string> = {
  'sql.title': '公開されているすべての表への SQL',
  'sql.lead':
    '公開中のすべての研究を一度に問い合わせる SELECT 文を 1 つ実行します(DuckDB の文法)。位置・時間・計測値は、物理単位が分かる限りマイクロメートルと秒で、length_unit と time_unit がそれを示します。データが変更されることはありません。',
  'sql.statement': 'SQL 文',
  'sql.run': '実行',
  'sql.runHelp': 'Ctrl+Enter でも実行できます。',
  'sql.examples': '例',
  'sql.examples.counts': '生物種ごとの収録状況',
  'sql.examples.speed': '細胞種ごとの平均速度(マイクロメートルのもののみ)',
  'sql.examples.coupling': '速度と直進性(データセットごとに 1 行)',
  'sql.examples.divisions': '分裂の多いデータセット',
  'sql.examples.frames': '1 つのデータセットのフレームごとのオブジェクト数',
  'sql.examples.columns': 'オブジェクトとともに寄託された列',
  'sql.views': 'ビューと列',
  'sql.features': 'さらに、ファイルに由来する列が元の名前で加わります(一覧は `features`)',
  'sql.running': '実行中…',
  'sql.result': '結果',
  'sql.rows_one': '{{n}} 行',
  'sql.rows_other': '{{n}} 行',
  'sql.took': '{{time}} 秒',
  'sql.from_one': '公開中の研究 {{n}} 件から',
  'sql.from_other': '公開中の研究 {{n}} 件から',
  'sql.cut': 'これより多くの行があります。すべての行はファイルで取得してください。',
  'sql.leftOut_one': '準備中のため {{n}} 件のデータセットが除かれています。しばらくしてからもう一度実行してください。',
  'sql.leftOut_other':
    '準備中のため {{n}} 件のデータセットが除かれています。しばらくしてからもう一度実行してください。',
  'sql.more': '{{n}} 行すべてを表示',
  'sql.download': 'すべての行をダウンロード:',
  'sql.none': '該当する行はありません。',
  'sql.limits': '1 つの文は {{seconds}} 秒、{{megabytes}} MB まで、ファイルは最大 {{rows}} 行です。',
};
