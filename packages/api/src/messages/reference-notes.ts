import type { Language } from './messages.ts';

/**
 * What a look at a file that stays elsewhere found, in Japanese: the sentences of `server/outside/public-file.ts` and `public-reference.ts`,
 * which stand in the database as they were written. Names of hosts and numbers stay as they are.
 */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/^Its server does not tell the size\.$/, 'サーバーがサイズを返しません。'],
  [/^It has more than (\d+) bytes now\.$/, '現在は $1 バイトを超えています。'],
  [/^It has (\d+) bytes now\.$/, '現在は $1 バイトです。'],
  [/^Its SHA-256 is another one now\.$/, 'SHA-256 が登録時と異なります。'],
  [/^Its server does not answer\.$/, 'サーバーが応答しません。'],
  [/^\S+ answered (\d+)\.$/, 'サーバーの応答は $1 でした。'],
  [/^(\S+) does not answer\.$/, '$1 が応答しません。'],
  [/^(\S+) leads on to what is no address\.$/, '$1 の転送先がアドレスではありません。'],
  [/^The address leads on more than (\d+) times\.$/, '転送が $1 回を超えました。'],
  [/^This is no address\.$/, 'アドレスとして読めません。'],
  [/^Only addresses of http and https are fetched\.$/, 'http と https のアドレスだけを取得できます。'],
  [/^An address with a password is not fetched\.$/, 'パスワードを含むアドレスは取得しません。'],
  [/^(\S+) is no public address\.$/, '$1 は公開されたアドレスではありません。'],
  [/^(\S+): the connection broke off\.$/, '$1: 接続が途中で切れました。'],
  [/^(\S+): nobody takes the connection\.$/, '$1: 接続を受け付けていません。'],
  [/^(\S+): there is no such host\.$/, '$1: このホストは存在しません。'],
  [/^(\S+): its name could not be looked up just now\.$/, '$1: 現在、名前を解決できません。'],
  [/^(\S+): it does not answer\.$/, '$1: 応答がありません。'],
  [/^(\S+): it cannot be reached from here\.$/, '$1: ここからは接続できません。'],
];

/**
 * A note of a look at a file that stays elsewhere, for a page.
 * @returns its words, and the language they are in: what a system said in its own words stays as it is
 */
export function referenceNoteWords(note: string, language: Language): { words: string; language: Language } {
  if (language === 'en') return { words: note, language };
  const found = patterns.find(([pattern]) => pattern.test(note));
  return found ? { words: note.replace(...found), language } : { words: note, language: 'en' };
}
