import type { additionsEn } from './en-additions.ts';

/** Japanese texts of the page where somebody adds an annotation or a re-analysis to a study. */
export const additionsJa: Readonly<Record<keyof typeof additionsEn, string>> = {
  'additions.title': '注釈と再解析',
  'additions.about':
    '研究から作ったものは、ご自身の名前、ライセンス、引用を持つ一つの研究になります。何から作られたかが記録され、公開と同時に元の研究のページにも載ります。元の著者には通知されます。著者はコメントできますが、取り下げることはできません。',
  'additions.none': 'まだ何も追加されていません。',
  'additions.add': '追加する',
  'additions.kind': '追加するもの',
  'additions.kind.annotates': '注釈: 画像に対するラベル、分類、軌跡、領域',
  'additions.kind.re-analyses': '再解析: 同じ問いをもう一度計算したもの',
  'additions.kind.derived': '派生データ: このデータから計算した新しいもの',
  'additions.is.annotates': '注釈',
  'additions.is.re-analyses': '再解析',
  'additions.is.derived': '派生データ',
  'additions.name': 'タイトル',
  'additions.description': '内容',
  'additions.software': '使ったプログラムと版',
  'additions.licence': 'ライセンス',
  'additions.note': 'このデータで何をしたか (一文)',
  'additions.begin': '下書きを開く',
  'additions.next': 'ファイル、著者、公開は登録ページで続けます。',
  'additions.ofLicence': 'このデータのライセンスは {{licence}} です。作ったものもこれに従う必要があります。',
  'additions.by': '第 {{version}} 版、{{date}}',
  'additions.comment': 'この研究の著者より',
  'additions.yourComment': '著者としてのコメント',
  'additions.say': '載せる',
  'additions.signIn': 'ログインして追加する',
};
