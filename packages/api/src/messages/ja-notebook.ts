import type { notebookEn } from './en-notebook.ts';

/** Japanese texts of the notebooks that data sets are given out as. */
export const notebookJa: Record<keyof typeof notebookEn, string> = {
  'notebook.link': 'Jupyter ノートブック',
  'notebook.linkTypeScript': 'TypeScript 版（Deno）',
  'notebook.binder': 'Binder で実行',
  'notebook.from': '研究「{study}」のデータセット「{title}」：{address}',
  'notebook.needs':
    '各セルはサーバーから HTTP でデータを読み込みます。必要なものは Python と {packages} だけです。上から順に実行してください。',
  'notebook.needsDeno':
    '各セルはサーバーから HTTP でデータを読み込みます。必要なものは Jupyter のカーネルとしての Deno（https://deno.com、「deno jupyter --install」で追加）だけで、セルに書かれたパッケージは Deno が npm から自動で取得します。上から順に実行してください。',
  'notebook.noUnit': 'ファイルに記載のない単位',
  'notebook.objects': 'オブジェクト',
  'notebook.objectsText': '1 行が 1 フレームの 1 オブジェクトです。座標の単位は {space}、時刻の単位は {time} です。',
  'notebook.counts': 'オブジェクト数の時間変化',
  'notebook.tracks': 'トラック',
  'notebook.tracksText':
    '1 本の線が 1 つのリンク（分裂・合流・端の間の枝分かれのない経路）です。表は各経路の長さと、始点から終点までの距離です。',
  'notebook.named': '名前の付いたオブジェクト',
  'notebook.namedText': 'ある名前のオブジェクトがどれだけ動いたか：フレーム間の移動距離の合計です。',
  'notebook.image': '画像の 1 平面',
  'notebook.imageText': '軸の順序：時間、チャンネル、z、y、x。大きさは {sizes}。',
  'notebook.imagePart': '読み込むのは中央の最大 2048 × 2048 画素です。',
  'notebook.ratio': '輝度の時間変化',
  'notebook.ratioChannels': '各フレームにおける最初の 2 チャンネルの平均輝度の比です。',
  'notebook.ratioFrames': '各フレームの平均輝度を、最初のフレームの平均輝度で割った値です。',
  'notebook.more': 'この研究にはほかのセットや画像もあります。最初の行の番号を変えてください。',
};
