import type { IssueTexts } from './issue-texts.ts';

const repairs = 'その項目を埋めてください。';

/** Japanese texts of what is found in metadata documents of the standards that are read and written. */
export const metadataJa: IssueTexts = {
  'datacite-missing': [
    'DataCite のレコードに、カーネルで必須の項目がありません。このままでは DOI を登録できません。',
    repairs,
  ],
  'datacite-not-listed': [
    'DataCite のレコードの値が、カーネル（4.5 から 4.7）の定める一覧にありません。',
    '一覧から値を選んでください。大文字と小文字も区別されます。',
  ],
  'datacite-malformed': ['DataCite のレコードの値（DOI、年、日付など）が、カーネルの求める書き方になっていません。'],
  'not-expressed': [
    '書き出す標準に、この研究の一部を書く場所がありません。書き出しには含まれません。',
    '研究そのものを残すか、それを書ける標準を選んでください。',
  ],
  'kept-part-unplaced': [
    '取り込んだ文書のうち、入力欄のない部分が、研究の編集によって置き場所を失いました。',
    '書き出した文書を、取り込んだ文書と比べてください。',
  ],
  'metadata-unreadable': [
    'メタデータのファイルが、その形式（JSON、XML、テキスト）として壊れています。',
    '作成したプログラムで開き、保存し直してください。',
  ],
  'metadata-too-deep': ['メタデータの文書が、実際の文書にはありえない深さで入れ子になっています。読み取りません。'],
  'metadata-other-standard': [
    'メタデータの文書が、想定した標準のものではありません。',
    '文書が従っている標準を選んでください。',
  ],
  'idr-key-missing': [
    'IDR の研究ファイルに、どの研究や構成要素にもある項目がありません。',
    'その行と値を追加してください。',
  ],
  'idr-key-unknown': [
    'IDR の研究ファイルに、IDR の一覧にない項目があります。IDR の読み取りプログラムはこのファイルを受け付けません。',
    '項目名のつづりを確かめてください。',
  ],
  'idr-count': ['IDR の研究ファイルで、構成要素、題名と著者、用語と受入番号などの数が合いません。'],
  'idr-malformed': [
    'IDR の研究ファイルの値（構成要素の名前、DOI、受入番号など）が、IDR の求める書き方になっていません。',
  ],
  'idr-organism': ['生物種は、研究か各構成要素のどちらか一方に書きます。両方にあるか、どちらにもありません。'],
  'idr-annotation': ['IDR の注釈表に、見出しと合わない行があるか、先頭の列が足りません。'],
  'isa-link': [
    'ISA-JSON の investigation に、宣言されていないものを指すリンクがあります。',
    'その試料、プロトコル、パラメーター、要因を宣言するか、リンクを直してください。',
  ],
  'isa-unused': ['ISA の investigation に、宣言されたまま使われていないものがあります。'],
  'isa-missing': ['ISA の investigation に、必要な名前、ファイル名または一覧がありません。'],
  'isa-malformed': ['ISA の investigation の日付、DOI、PubMed ID またはメールアドレスの書き方が正しくありません。'],
  'isa-term-source': [
    'ISA の investigation の用語源が、宣言なしに使われているか、使われていないか、受入番号の横にありません。',
  ],
  'madmp-missing': ['maDMP に、RDA の共通標準で必須の項目がありません。', '計画を作成したツールで埋めてください。'],
  'madmp-not-listed': ['maDMP の値が、標準の一覧にありません。真偽値は yes、no、unknown という語で書きます。'],
  'madmp-malformed': [
    'maDMP の日付が、標準の求める書き方になっていません。',
    '2024-01-31 のように、created と modified は 2024-01-31T00:00:00Z のように書いてください。',
  ],
  'doi-malformed': [
    'DOI の項目に、DOI でないもの（論文のアドレス、先頭の欠けた DOI、ただの語）が入っています。',
    '10.1234/abc または https://doi.org/10.1234/abc のように書いてください。',
  ],
  'email-malformed': [
    'メールアドレスの項目に、完全なアドレス一つ以外のものが入っています。',
    'name@example.org のように、アドレスだけを書いてください。',
  ],
  'pubmed-id-malformed': [
    'PubMed ID は数字です。その項目に、論文の状況などの言葉が入っています。',
    '番号が付くまで空のままにしてください。',
  ],
  'publication-unidentified': ['題名も DOI もない論文があります。', '題名を書くか、決まるまで論文を外してください。'],
  'association-dangling': [
    '研究の構成要素が、どの節にもない題名で生体試料、標本またはプロトコルを指しています。',
    '一覧から節を選んでください。名前を変えるときは両方を変えてください。',
  ],
  'association-missing': [
    '研究の構成要素に、何をどう撮影したかが書かれていません。',
    '構成要素の生体試料、標本、画像取得を書いてください。',
  ],
  'analysis-unassociated': [
    'どの構成要素とも結びついていない画像解析の記述があります。',
    '解析の対象となった構成要素と結びつけるか、外してください。',
  ],
  'licence-unlisted': [
    'ライセンスの書き方が、アーカイブの一覧と異なります。',
    '一覧から CC0 または CC BY 4.0 を選んでください。',
  ],
  'reference-dangling': ['存在しない節を指す参照があります。', 'その節を追加するか、参照を外してください。'],
  'link-untyped': [
    'https:// のない DOI がリンクになっていますが、DOI であることが示されていないため、どこにもつながりません。',
    'リンクの種類を「doi」にしてください。',
  ],
  'link-malformed': [
    'リンクのアドレスが正しくありません。https:// がなく、DOI でもありません。',
    'アドレス全体を書くか、DOI だけを種類「doi」として書いてください。',
  ],
  'value-split': [
    '一つの項目の複数の値が、一つの文章をコンマで切ったもののようです。',
    '元の一つの文章に戻してください。',
  ],
  'section-type-unknown': ['アーカイブが読まない種類の節があります。', 'ひな形にある名前を使ってください。'],
  'section-misplaced': [
    '生体試料、標本またはプロトコルが、構成要素の中に入っています。そこでは読まれません。',
    '構成要素の隣に置き、題名を付けて、題名で結びつけてください。',
  ],
  'section-empty': ['属性が一つもない節があります。', '内容を書くか、外してください。'],
  'submission-field-missing': ['登録内容に、アーカイブで必須の項目がありません。', repairs],
  'orcid-malformed': [
    'ORCID の形が正しくないか、検査数字が合いません。',
    '4 桁ずつ 16 桁です。ORCID のページからコピーしてください。',
  ],
  'ror-malformed': [
    'ROR の識別子の形が正しくないか、検査数字が合いません。',
    'ror.org からアドレスをコピーしてください。',
  ],
  'crate-malformed': [
    'RO-Crate のメタデータが、エンティティを @graph に並べた JSON-LD（flattened、compacted）ではありません。',
    '各エンティティを @graph の直下に一度だけ書き、{"@id": …} で参照してください。',
  ],
  'crate-context': [
    'RO-Crate が、公開された版の公式コンテキストを参照していません。',
    'https://w3id.org/ro/crate/1.2/context を使ってください。',
  ],
  'crate-descriptor': [
    'RO-Crate に、メタデータ文書を表すエンティティか、その対象のルートがありません。',
    '"about": {"@id": "./"} を持つエンティティ ro-crate-metadata.json を追加してください。',
  ],
  'crate-root': [
    'RO-Crate のルートに、必要な項目（型 Dataset、名前、説明、日付、ライセンス）のどれかがありません。',
    repairs,
  ],
  'crate-identifier': [
    'RO-Crate の識別子が、ないか、重複しているか、クレート内の URI ではありません。',
    'エンティティごとに @id は一つです。特殊文字はパーセント記法で書き、ほかの文字体系の文字はそのまま書きます。',
  ],
  'crate-unreachable': [
    'RO-Crate に、ルートから hasPart でたどれないデータのエンティティがあります。',
    'ルートまたはその中のデータセットの hasPart に加えてください。',
  ],
  'crate-file-missing': [
    'RO-Crate に記述されたファイルまたはフォルダがありません。',
    'ファイルを追加するか、そのエンティティを除いてください。',
  ],
  'crate-data-entity': ['RO-Crate のファイル、スクリプトまたはワークフローに、必要なものが足りません。'],
  'crate-recommended': ['仕様が推奨するもので、RO-Crate にないものがあります。'],
  'bia-crate': [
    'クレートが、BioImage Archive の登録プロファイル 1.0 の規則に反しています。規則の番号は下の文にあります。',
    '示されたエンティティまたは行を直してください。',
  ],
  'bia-crate-advice': ['BioImage Archive の登録プロファイル 1.0 が、完全な登録に求めるものがクレートに足りません。'],
  'publication-unreadable': [
    '文献情報が、読める形式（RIS、BibTeX、NBIB、CSL-JSON、PubMed XML）のどれでもありません。',
    '論文のページまたは文献管理ソフトから書き出し直してください。',
  ],
  'publication-cut': ['文献情報が、その形式の終わりより前で切れています。そこまでに読めた内容を使います。'],
  'miacme-missing': ['細胞移動実験の記述に、MIACME 1.1 が必須（MUST）とする項目がありません。', repairs],
  'miacme-recommended': ['細胞移動実験の記述に、MIACME 1.1 が推奨（SHOULD）する項目がありません。'],
  'sheet-no-template': [
    'ブックや表のどのシートにも、先頭の行や列にメタデータの項目名がありません。',
    '登録画面から層のテンプレートをダウンロードし、それに記入してください。',
  ],
  'sheet-field-unknown': [
    '記入済みシートの列または行の名前が、どの項目にも一致しません。その値は読み取られませんでした。',
    '説明シートにある項目名にするか、内容を備考に書いてください。',
  ],
  'sheet-cell-refused': [
    '記入済みシートのセルの内容を、その項目は受け付けません。値は読み取られませんでした。',
    '説明シートの記入例に従ってセルを直してください。',
  ],
  'sheet-cell-changed': ['記入済みシートのセルの書き方が項目の求めるものと違うため、意味する値として読み取りました。'],
  'sheet-row-skipped': [
    '研究のシートに値の行が 2 行以上あります。最初の行だけを読み取りました。',
    '1 つのファイルには 1 つの研究を書いてください。データセットには専用のシートがあります。',
  ],
};
