import type { IssueTexts } from './issue-texts.ts';

const chooses = '残すには GEFF または Parquet を選んでください。';

/** Japanese texts of what a conversion of tracks leaves out or changes. */
export const lossesJa: IssueTexts = {
  'export-edges-only': [
    '表にはオブジェクトの間のエッジとその特徴量だけが入り、オブジェクトそのものは入りません。',
    'オブジェクトの表もあわせて取得してください。両方の ID は同じです。',
  ],
  'loss-of-edges': ['出力先に書けないエッジがあり、除かれます。合流、分裂、抜けのあるエッジも失われます。', chooses],
  'loss-of-features': ['オブジェクト、エッジ、トラックの特徴量を書く場所が出力先にないか、値が変わります。', chooses],
  'loss-of-meanings': ['特徴量の名前、型、単位、説明を書く場所が出力先にないか、変わります。', chooses],
  'loss-of-names': ['セットとオブジェクトの名前と ID を書く場所が出力先にないか、新しく付け直されます。'],
  'loss-of-objects': ['出力先に書けないオブジェクトがあり、除かれます。', chooses],
  'loss-of-outlines': ['オブジェクトの輪郭とメッシュを書く場所が出力先にないか、変わって読み戻されます。', chooses],
  'loss-of-positions': [
    'オブジェクトの位置、奥行き、フレーム、時刻のいずれかが除かれるか、別の形で書かれます。',
    '正確に残すには GEFF または Parquet を選んでください。',
  ],
  'loss-of-provenance': [
    'トラッキングプログラム、その設定、動画について分かっていることを書く場所が出力先にありません。',
  ],
  'loss-of-sets': [
    '出力先に入るセットの数が足りません。ほかのセットは除かれます。',
    '一つずつ変換するか、GEFF または Parquet を選んでください。',
  ],
  'loss-of-units': [
    '位置や時刻の単位、またはその書き方を残す場所が出力先にありません。',
    '単位をファイルとあわせて控えておいてください。',
  ],
};
