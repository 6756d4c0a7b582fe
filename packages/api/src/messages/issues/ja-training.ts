import type { IssueTexts } from './issue-texts.ts';

/** Japanese texts of what is found in data sets that are declared training material or ground truth. */
export const trainingJa: IssueTexts = {
  'training-leak': [
    '同じ試料（または同じファイル）のデータが、分割の 2 つの部分に入っています。学習で見た試料では、モデルを評価できません。',
    'その試料のデータセットをすべて同じ部分に入れてください。',
  ],
  'training-no-split': [
    '学習用と宣言されたデータセットが、固定された分割のどの部分にも入っていません。結果どうしを比べられません。',
    'train、validation、test のどれかを選んでください。',
  ],
  'training-no-test': [
    '学習用データが分割されていますが、test（または train）が 1 つもありません。',
    'いくつかの試料のデータセットを test に残してください。',
  ],
  'training-no-sample': [
    'データセットがどの試料のものか書かれていません。分割の漏れを確かめられません。',
    '胚、個体、ウェル、ドナーの識別子を書いてください。',
  ],
  'training-undescribed': [
    'アノテーションの説明（種類、付けた人、方法）が足りません。',
    'アノテーションの種類、アノテーター、方法を埋めてください（MIFA が求めています）。',
  ],
  'training-licence': [
    'ライセンスが改変または商用利用を禁じています。モデルを学習させる人の多くが使えません。',
    'CC0 か CC BY なら再利用を妨げません。',
  ],
  'challenge-gate': [
    '採点の距離しきい値が 0 より大きい数ではありません。',
    '座標の単位で、5 のような数を書いてください。',
  ],
};
