import type { NoticeKind } from './notices.ts';

/** Subject and one sentence in both languages, with `{title}` and the like filled in: nobody's language is known to a mailer. */
type Words = readonly [subject: string, en: string, ja: string];

const words: Readonly<Record<NoticeKind | 'invitation' | 'password-reset' | 'trial', Words>> = {
  submitted: [
    '{accession}: submitted for review',
    '"{title}" ({accession}) was submitted and waits for a curator.',
    '「{title}」({accession})が提出され、キュレーターを待っています。',
  ],
  assigned: [
    '{accession}: taken on by a curator',
    '{name} now looks at "{title}" ({accession}).',
    '{name} さんが「{title}」({accession})の確認を担当します。',
  ],
  commented: [
    '{accession}: a comment',
    '{name} said something about "{title}" ({accession}).',
    '{name} さんが「{title}」({accession})にコメントしました。',
  ],
  'changes-requested': [
    '{accession}: changes requested',
    '{name} asks for changes in "{title}" ({accession}). The draft is open to you again.',
    '{name} さんが「{title}」({accession})の修正を求めています。下書きはまた編集できます。',
  ],
  approved: [
    '{accession}: approved',
    '"{title}" ({accession}) was approved. You can publish it.',
    '「{title}」({accession})が承認されました。公開できます。',
  ],
  returned: [
    '{accession}: returned',
    '"{title}" ({accession}) was returned to you without approval.',
    '「{title}」({accession})は承認されずに戻されました。',
  ],
  promotion: [
    '{accession}: proposed for the database tier',
    '{name} proposes "{title}" ({accession}) for the database tier and has opened a draft of its next version. Look through what is added, submit it for review and publish it, or discard it.',
    '{name} さんが「{title}」({accession})をデータベース層に推薦し、次の版の下書きを開きました。追記された内容を確認のうえ、審査に提出して公開するか、破棄してください。',
  ],
  published: [
    '{accession}: version {version} is published',
    'Version {version} of "{title}" ({accession}) is published.',
    '「{title}」({accession})の第 {version} 版が公開されました。',
  ],
  'embargo-ending': [
    '{accession}: the embargo ends on {day}',
    'The files of "{title}" ({accession}) are open to everybody from {day}.',
    '「{title}」({accession})のファイルは {day} から公開されます。',
  ],
  'link-used': [
    '{accession}: a private link was opened',
    'The private link "{label}" to {accession} was opened for the first time.',
    '{accession} の限定公開リンク「{label}」が初めて開かれました。',
  ],
  'fixity-trouble': [
    'Damaged files: {count}',
    'A check of the stored bytes found {count} damaged files that could not be mended.',
    '保存されたデータの検査で、修復できない破損ファイルが {count} 件見つかりました。',
  ],
  invitation: [
    'An invitation to Micrarium',
    'You are invited to make an account. The link below counts once, for fourteen days, for this address.',
    'アカウント作成に招待されました。下のリンクは、このアドレスに限り 14 日間、1 回だけ使えます。',
  ],
  'password-reset': [
    'A new password for Micrarium',
    'Somebody, you we hope, asked for a new password. The link below counts once, for an hour. Without it nothing changes.',
    '新しいパスワードの設定が求められました。下のリンクは 1 時間、1 回だけ使えます。お心当たりがなければ何もする必要はありません。',
  ],
  trial: [
    'Micrarium sends mail',
    'This mail was sent to see whether mail arrives. It does.',
    'これはメールが届くかを確かめるためのメールです。届いています。',
  ],
};

/** Line breaks would begin a new line of a header, or of the mail. */
const onOneLine = (value: string | number) => String(value).replace(/\s+/g, ' ').slice(0, 300);

/** Subject and body of a mail, as plain text. @param link full address */
export function mailOf(
  kind: keyof typeof words,
  detail: Readonly<Record<string, string | number>>,
  link: string,
  choices?: string,
): { subject: string; body: string } {
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (_all, name: string) => onOneLine(detail[name] ?? ''));
  const [subject, en, ja] = words[kind].map(filled) as [string, string, string];
  const foot = choices === undefined ? '' : `\n-- \nWhat you are told of, and how / お知らせの設定: ${choices}\n`;
  return { subject, body: `${en}\n${ja}\n\n${link}\n${foot}` };
}
