import { setApart, unturned } from '@micrarium/api';
import type { NoticeKind } from './notices.ts';

/** Subject and one sentence in both languages, with `{title}` and the like filled in: nobody's language is known to a mailer. */
type Words = readonly [subject: string, en: string, ja: string];

/** What ends every mail on a change of what one signs in with. */
const notYou = [
  'If this was you, there is nothing to do. If not, set a new password, look through the devices and second factors of your account, and tell who runs this installation.',
  'お心当たりがあれば何もする必要はありません。なければ、パスワードを変更し、アカウントのページで端末と 2 段階認証を確認のうえ、このサーバーの管理者に連絡してください。',
] as const;

/** Such a change, with what to do where it was somebody else. */
const accountWords = (subject: string, en: string, ja: string): Words => [
  subject,
  `${en} ${notYou[0]}`,
  `${ja}${notYou[1]}`,
];

/** A change of the role, by somebody else than who has it. */
const roleWords = (en: string, ja: string): Words => [
  'Your role in Micrarium was changed',
  `An owner of this installation changed the role of your account to: ${en} ({at}). You were signed out everywhere; sign in again. If you did not expect it, ask who runs this installation.`,
  `このサーバーの所有者が、あなたのアカウントの役割を「${ja}」に変更しました({at})。すべての端末からサインアウトされています。もう一度サインインしてください。お心当たりがなければ、管理者にお問い合わせください。`,
];

const words: Readonly<
  Record<
    NoticeKind | 'invitation' | 'password-reset' | 'address-check' | 'question-confirm' | 'trial' | 'digest',
    Words
  >
> = {
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
  'edited-in-place': [
    '{accession}: a curator changed something in your draft',
    '{name} wrote something into "{title}" ({accession}) while looking at it. See what, and accept it or object.',
    '{name} さんが確認中に「{title}」({accession})の内容を書き換えました。変更を見て、承認するか異議を伝えてください。',
  ],
  'edit-decided': [
    '{accession}: an answer to what you changed',
    '{name} answered to what you wrote into "{title}" ({accession}).',
    '「{title}」({accession})への書き換えに {name} さんが回答しました。',
  ],
  'publication-held': [
    '{accession}: not published on its day',
    '"{title}" ({accession}) was to be published today, and something is in the way: {why}',
    '「{title}」({accession})は本日公開の予定でしたが、公開できませんでした: {why}',
  ],
  'draft-abandoned': [
    '{accession}: nobody has worked on this draft for {months} months',
    'Nobody has worked on your draft "{title}" ({accession}) for {months} months. On {day} it will be discarded, unless you open it and save something until then.',
    '下書き「{title}」({accession})は {months} か月間更新されていません。{day} までに開いて保存しないと破棄されます。',
  ],
  'draft-expired': [
    '{accession}: your draft was discarded',
    'Your draft "{title}" ({accession}) was discarded, because nobody had worked on it for a year. For {days} days you can take it back from the page of your drafts; then its files go.',
    '下書き「{title}」({accession})は 1 年間更新されなかったため破棄されました。{days} 日以内なら下書きのページから元に戻せます。その後ファイルは削除されます。',
  ],
  'files-deleted': [
    '{accession}: the files of your draft were deleted',
    'You declared that persons who did not consent can be recognised by the data of your draft {accession}. The files, and what was made of them, were deleted; they cannot be brought back. Copies you hold are yours to deal with.',
    '下書き {accession} のデータで、同意していない人を識別できると申告されました。ファイルとそこから作られたものはすべて削除され、元には戻せません。お手元の写しの扱いはご自身でお願いします。',
  ],
  'study-asked': [
    '{accession}: a change of this study waits for you',
    '{name} asks for a change of "{title}" ({accession}) that you may confirm or decline.',
    '{name} さんが「{title}」({accession})の変更を求めています。確認するか断ることができます。',
  ],
  'study-ask-decided': [
    '{accession}: what you asked for was decided',
    '{name} decided about the change of "{title}" ({accession}) that you asked for.',
    '「{title}」({accession})について求められた変更に {name} さんの決定がありました。',
  ],
  digest: [
    'Micrarium: notices of the day ({count})',
    'What you were told of since the last mail:',
    '前回のメール以降のお知らせです。',
  ],
  promotion: [
    '{accession}: proposed for the database tier',
    '{name} proposes "{title}" ({accession}) for the database tier and has opened a draft for it. Look through what is added, submit it for review and publish it, or discard it.',
    '{name} さんが「{title}」({accession})をデータベース層に推薦し、そのための下書きを開きました。追記された内容を確認のうえ、審査に提出して公開するか、破棄してください。',
  ],
  published: [
    '{accession}: version {version} is published',
    'Version {version} of "{title}" ({accession}) is published.',
    '「{title}」({accession})の第 {version} 版が公開されました。',
  ],
  'embargo-ended': [
    '{accession}: the embargo has ended',
    'The embargo of "{title}" ({accession}) has ended. Everybody can read its files from now on.',
    '「{title}」({accession})の公開猶予期間が終わりました。ファイルは誰でも利用できます。',
  ],
  'embargo-ending': [
    '{accession}: the embargo ends on {day}',
    'The files of "{title}" ({accession}) are open to everybody from {day}.',
    '「{title}」({accession})のファイルは {day} から公開されます。',
  ],
  'plan-reserved': [
    'Reserved for your plan: {what}',
    '{name} reserved for your plan "{title}": {what}.',
    '計画「{title}」のために {name} さんが確保しました: {what}。',
  ],
  'plan-due': [
    'A plan is to be published by {day}',
    'What is planned in "{title}" is to be published by {day}, and not all of it is.',
    '計画「{title}」の公開期限は {day} です。まだ公開されていないものがあります。',
  ],
  'plan-over': [
    'More is deposited than reserved',
    'More is deposited for the plan "{title}" than was reserved: {used}, of {reserved}.',
    '計画「{title}」の登録量が確保された容量を超えました: {reserved} に対して {used}。',
  ],
  'link-used': [
    '{accession}: a private link was opened',
    'The private link{quoted} to {accession} was opened for the first time.',
    '{accession} の限定公開リンク{quoted}が初めて開かれました。',
  ],
  'files-lost': [
    '{accession}: files are lost or damaged',
    'The bytes of files of "{title}" ({accession}) are lost or damaged, and no copy here has them whole: {count}, of which {path} is the first. If you have these files still, send the missing ones once more, in any draft of yours: they are given out again from that moment. Of damaged ones tell who runs this installation.',
    '「{title}」({accession})のファイル {count} 件のデータが失われたか壊れており、ここのどの複製にも残っていません(例: {path})。元のファイルをお持ちでしたら、失われたものはご自分の下書きでもう一度送ると、その時点から再び提供されます。壊れたものについては、管理者にお知らせください。',
  ],
  'fixity-trouble': [
    'Damaged files: {count}',
    'A check of the stored bytes found {count} damaged files that could not be mended.',
    '保存されたデータの検査で、修復できない破損ファイルが {count} 件見つかりました。',
  ],
  'reference-trouble': [
    '{accession}: files that stay elsewhere are not as they were named',
    'Files of "{title}" ({accession}) stay where they are, and {count} of them were not found there as they were named: {path} is the first. The page of the study says of each what was found. Whoever keeps them can put them back; else make a new version that names where they are now.',
    '「{title}」({accession})が参照する外部のファイルのうち {count} 件が、登録時のとおりに見つかりませんでした(例: {path})。何が見つかったかは研究のページに表示されます。元の場所に戻すか、現在の場所を示す新しい版を作成してください。',
  ],
  question: [
    '{accession}: a question to its authors',
    '{name} asks you about "{title}" ({accession}). Answer on the page below: your address stays hidden.',
    '{name} さんから「{title}」({accession})について質問があります。下のページで回答できます。メールアドレスは相手に伝わりません。',
  ],
  answer: [
    '{accession}: your question was answered',
    '{name} answered your question about "{title}" ({accession}).',
    '「{title}」({accession})についての質問に {name} さんが回答しました。',
  ],
  'reuse-reported': [
    '{accession}: reported as used again',
    '{name} reports that "{title}" ({accession}) was used in: {work}. Confirm it to have it shown on the page of the study.',
    '{name} さんから「{title}」({accession})が次で再利用されたと報告がありました: {work}。確認すると研究のページに表示されます。',
  ],
  'reuse-decided': [
    '{accession}: your report was looked at',
    'The authors of "{title}" ({accession}) looked at your report of {work}.',
    '「{title}」({accession})の著者が、報告された {work} を確認しました。',
  ],
  'reuse-found': [
    'New citations of your studies: {count}',
    'Works that use or describe your studies were found in a file of citations: {count} ({where}). They stand on the pages of the studies; decline below what has nothing to do with your data.',
    '引用情報のファイルに、あなたの研究({where})を利用または記述した文献が {count} 件見つかりました。研究のページに表示されます。データと関係のないものは下のページで却下できます。',
  ],
  'access-asked': [
    '{accession}: somebody asks for access',
    '{name} asks for access to the files of "{title}" ({accession}). Decide on the page below.',
    '{name} さんが「{title}」({accession})のファイルの利用を申請しました。下のページで可否を決めてください。',
  ],
  'access-decided': [
    '{accession}: your request for access was decided',
    'Your request for access to the files of "{title}" ({accession}) was decided.',
    '「{title}」({accession})のファイルの利用申請について決定がありました。',
  ],
  'access-said': [
    '{accession}: about a request for access',
    'Something was said about a request for access to the files of "{title}" ({accession}). Answer on the page below.',
    '「{title}」({accession})のファイルの利用申請について連絡がありました。下のページで返信できます。',
  ],
  'access-emergency': [
    '{accession}: files were opened without a request',
    '{name}, who runs this installation, opened the files of "{title}" ({accession}) for a day and gave the reason below. Every file they read stands on the page.',
    'このサーバーの管理者 {name} さんが「{title}」({accession})のファイルを 1 日だけ開きました。理由は下のとおりです。読まれたファイルはすべてページに記録されます。',
  ],
  'access-ending': [
    '{accession}: your access ends on {day}',
    'Your access to the files of "{title}" ({accession}) ends on {day}. Ask again if you need it longer.',
    '「{title}」({accession})のファイルの利用期間は {day} までです。延長が必要な場合は再度申請してください。',
  ],
  'review-given': [
    '{accession}: given to you for review',
    '{name} gave "{title}" ({accession}) to you for review.',
    '{name} さんから「{title}」({accession})の確認を引き継ぎました。',
  ],
  'request-made': [
    '{accession}: a request by {day}',
    '{name}, a curator, asks something of you about "{title}" ({accession}), by {day}.',
    'キュレーター {name} さんから「{title}」({accession})について {day} までの依頼があります。',
  ],
  'request-done': [
    '{accession}: a request is done',
    '{name} says that your request about "{title}" ({accession}) is done.',
    '「{title}」({accession})への依頼に {name} さんが対応しました。',
  ],
  'request-due': [
    '{accession}: a request is due on {day}',
    'A curator’s request about "{title}" ({accession}) is due on {day}.',
    '「{title}」({accession})への依頼の期限は {day} です。',
  ],
  addition: [
    '{accession}: somebody added to it',
    'A study that was made of "{title}" ({accession}) is published: {work}. It stands on the page of your study; you may say something of it.',
    '「{title}」({accession})から作られた研究が公開されました: {work}。あなたの研究のページに載り、コメントを付けられます。',
  ],
  'community-asked': [
    '{accession}: sent to your community',
    '{name} sends "{title}" ({accession}) to a community you curate. Accept or decline it on the page below.',
    '{name} さんから、あなたのコミュニティに「{title}」({accession})の申請がありました。下のページで決めてください。',
  ],
  'community-decided': [
    '{accession}: a community has decided',
    '{name} has decided about "{title}" ({accession}).',
    '「{title}」({accession})について {name} の決定がありました。',
  ],
  'transfer-offered': [
    '{accession}: offered to you',
    '{name} offers "{title}" ({accession}) to you: you would own it from then on. Accept or decline on the page below.',
    '{name} さんから「{title}」({accession})の引き継ぎの申し出があります。承諾すると所有者になります。下のページで決めてください。',
  ],
  'transfer-accepted': [
    '{accession}: has a new owner',
    '{name} accepted "{title}" ({accession}) and is its owner now.',
    '{name} さんが「{title}」({accession})を引き継ぎ、所有者になりました。',
  ],
  'transfer-declined': [
    '{accession}: the offer was declined',
    '{name} declined to own "{title}" ({accession}). Nothing has changed.',
    '{name} さんは「{title}」({accession})の引き継ぎを断りました。所有者は変わりません。',
  ],
  'question-confirm': [
    '{accession}: confirm your address',
    'Somebody, you we hope, asked the authors of "{title}" ({accession}) a question under this address. Open the link to send it to them; later it leads to the answer. Without it nothing is sent.',
    'このアドレスから「{title}」({accession})の著者への質問が入力されました。下のリンクを開くと著者に送られ、後で回答も同じリンクで読めます。お心当たりがなければ何もする必要はありません。',
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
  'address-check': [
    'Confirm your address for Micrarium',
    'Somebody, you we hope, made an account with this address. The link below confirms it, once, for a day. Without it the account opens no drafts.',
    'このアドレスでアカウントが作成されました。下のリンクを開くとアドレスが確認されます(1 日、1 回だけ有効)。お心当たりがなければ何もする必要はありません。',
  ],
  'password-changed': accountWords(
    'Your password for Micrarium was changed',
    'The password of your account was set anew ({at}).',
    'アカウントのパスワードが設定されました({at})。',
  ),
  'second-factor-on': accountWords(
    'A second factor was set up for Micrarium',
    'An authenticator app was set up for your account, with new recovery codes ({at}).',
    'アカウントに認証アプリが設定され、新しい復旧コードが発行されました({at})。',
  ),
  'second-factor-off': accountWords(
    'The second factor for Micrarium was switched off',
    'The authenticator app of your account was taken off, and its recovery codes with it ({at}).',
    'アカウントの認証アプリが解除され、復旧コードも無効になりました({at})。',
  ),
  'recovery-code-used': accountWords(
    'A recovery code for Micrarium was used',
    'A recovery code of your account was used ({at}). Codes that are left: {left}.',
    'アカウントの復旧コードが使われました({at})。残りのコード: {left} 件。',
  ),
  'passkey-added': accountWords(
    'A passkey for Micrarium was added',
    'A passkey was added to your account ({at}).',
    'アカウントにパスキーが追加されました({at})。',
  ),
  'passkey-removed': accountWords(
    'A passkey for Micrarium was removed',
    'A passkey of your account was removed ({at}).',
    'アカウントのパスキーが削除されました({at})。',
  ),
  'identity-linked': accountWords(
    'An identity was linked with your account of Micrarium',
    'An identity at "{provider}" was linked with your account and signs in to it ({at}).',
    'アカウントに「{provider}」の ID が連携され、サインインに使えるようになりました({at})。',
  ),
  'identity-unlinked': accountWords(
    'An identity was taken off your account of Micrarium',
    'The identity at "{provider}" was taken off your account ({at}).',
    'アカウントから「{provider}」の ID の連携が解除されました({at})。',
  ),
  'role-changed': roleWords('{decision}', '{decision}'),
  trial: [
    'Micrarium sends mail',
    'This mail was sent to see whether mail arrives. It does.',
    'これはメールが届くかを確かめるためのメールです。届いています。',
  ],
};

/** Where a notice tells of a decision: what it was, as the server names it in `decision`. */
const decided: Partial<Record<NoticeKind, Readonly<Record<string, Words>>>> = {
  'study-ask-decided': {
    done: [
      '{accession}: the change you asked for was made',
      '{name} confirmed the change of "{title}" ({accession}) that you asked for, and it was made.',
      '「{title}」({accession})について求められた変更を {name} さんが確認し、変更が行われました。',
    ],
    declined: [
      '{accession}: the change you asked for was declined',
      '{name} declined the change of "{title}" ({accession}) that you asked for.',
      '「{title}」({accession})について求められた変更は {name} さんに却下されました。',
    ],
  },
  'reuse-decided': {
    confirmed: [
      '{accession}: your report was confirmed',
      'The authors of "{title}" ({accession}) confirmed your report of {work}. It stands on the page of the study.',
      '報告された {work} を「{title}」({accession})の著者が確認しました。研究のページに表示されます。',
    ],
    declined: [
      '{accession}: your report was declined',
      'The authors of "{title}" ({accession}) declined your report of {work}.',
      '報告された {work} は「{title}」({accession})の著者に却下されました。',
    ],
  },
  'access-decided': {
    granted: [
      '{accession}: access granted',
      'Your request for access to the files of "{title}" ({accession}) was granted. The page below says until when, and under which terms.',
      '「{title}」({accession})のファイルの利用申請が許可されました。期間と利用条件は下のページにあります。',
    ],
    refused: [
      '{accession}: access refused',
      'Your request for access to the files of "{title}" ({accession}) was refused. What was said of it stands on the page below.',
      '「{title}」({accession})のファイルの利用申請は却下されました。理由は下のページで確認できます。',
    ],
    ended: [
      '{accession}: access ended',
      'Your access to the files of "{title}" ({accession}) was ended. What was said of it stands on the page below.',
      '「{title}」({accession})のファイルの利用が終了となりました。理由は下のページで確認できます。',
    ],
  },
  'role-changed': {
    member: roleWords('member', 'メンバー'),
    curator: roleWords('curator', 'キュレーター'),
    owner: roleWords('owner', '所有者'),
  },
  'community-decided': {
    accepted: [
      '{accession}: accepted by a community',
      '{name} accepted "{title}" ({accession}): it stands on the page of the community.',
      '「{title}」({accession})が {name} に受け入れられました。コミュニティのページに載ります。',
    ],
    declined: [
      '{accession}: declined by a community',
      '{name} declined "{title}" ({accession}). You can send it again from the page below.',
      '「{title}」({accession})は {name} に受け入れられませんでした。下のページから再び申請できます。',
    ],
    'taken-out': [
      '{accession}: taken out of a community',
      '{name} took "{title}" ({accession}) out: it no longer stands on the page of the community.',
      '「{title}」({accession})は {name} から外されました。コミュニティのページには載らなくなります。',
    ],
  },
};

const wordsOf = (kind: keyof typeof words, decision: string | number | undefined): Words =>
  Object.entries(decided[kind as NoticeKind] ?? {}).find(([one]) => one === decision)?.[1] ?? words[kind];

/** Line breaks would begin a new line of a header, or of the mail; words from right to left would move those after them. */
const onOneLine = (value: string | number) =>
  setApart(
    String(value)
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .slice(0, 300),
  );

/** Words of somebody, every line marked as theirs; control characters are left out. */
const quoted = (text: string) =>
  unturned(text)
    .slice(0, 5000)
    .split(/\r\n|\r|\n|\u2028|\u2029/)
    .map((line) => `> ${line.replace(/\p{Cc}/gu, ' ')}`)
    .join('\n');

/**
 * Subject and body of a mail, as plain text.
 * @param link full address
 * @param more `choices`: where one chooses what one is told; `quote`: words of somebody that are handed on
 */
export function mailOf(
  kind: keyof typeof words,
  detail: Readonly<Record<string, string | number>>,
  link: string,
  { choices, quote }: { choices?: string; quote?: string } = {},
): { subject: string; body: string } {
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (_all, name: string) => onOneLine(detail[name] ?? ''));
  const [subject, en, ja] = wordsOf(kind, detail['decision']).map(filled) as [string, string, string];
  const foot = choices === undefined ? '' : `\n-- \nWhat you are told of, and how / お知らせの設定: ${choices}\n`;
  const theirs = quote === undefined ? '' : `${quoted(quote)}\n\n`;
  return { subject, body: `${en}\n${ja}\n\n${theirs}${link}\n${foot}` };
}

/** One mail for several notices: a sentence in both languages and the link of each, the oldest first. */
export function digestOf(
  notices: readonly { kind: NoticeKind; detail: Readonly<Record<string, string | number>>; link: string }[],
  choices: string,
): { subject: string; body: string } {
  const { subject, body } = mailOf('digest', { count: notices.length }, choices);
  const head = body.split('\n\n')[0]!;
  const each = notices.map(({ kind, detail, link }) =>
    mailOf(kind, detail, link)
      .body.trim()
      .replaceAll(/\n{2,}/g, '\n'),
  );
  const foot = `-- \nWhat you are told of, and how / お知らせの設定: ${choices}\n`;
  return { subject, body: `${head}\n\n${each.join('\n\n')}\n\n${foot}` };
}
