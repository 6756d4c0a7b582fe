import { open, readdir, readFile, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Words that passwords are made of most often, written down by ourselves: with digits, signs and the usual letters replaced, they are what is
 * tried first. Passwords shorter than twelve characters are refused anyway.
 */
const words =
  `admin administrator angel apple april august baby baseball basketball batman beautiful birthday blink bonjour
buster butterfly charlie cheese chelsea chocolate computer cookie daniel december default diamond dolphin dragon eagle
family february flower football forever freedom friday friend friends ginger guest happy heaven hello hockey hunter
iloveyou january jennifer jessica jesus jordan july june killer letmein liverpool london love lovely maggie march master matthew
merlin michael michelle micrarium microscope microscopy mercedes monday money monkey mustang newyork nicole ninja november october
orange passw pass passport passwd password passwort pepper phoenix please pokemon prince princess purple qazwsx rainbow
ranger robert samsung saturday school secret security september shadow silver snoopy soccer spring starwars summer
sunday sunshine superman superstar sweet sweetie system taylor tennis test thomas thursday tigger trustno tuesday user
wednesday welcome whatever william windows winter wizard work yankees you your login lab the my is and me for
aikotoba anata arigatou doraemon himitsu kimochi nihon ohayou pikachu sakura tokyo yamato`
    .split(/\s+/)
    .sort((one, other) => other.length - one.length);

/** Rows and columns of keyboards, and what children learn by heart. */
const runs = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'azertyuiop',
  'qwertzuiop',
  '1234567890',
  'abcdefghijklmnopqrstuvwxyz',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
];
const bothWays = runs.flatMap((run) => [run, [...run].reverse().join('')]);

const letterOf: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Characters of the longest piece at a place that says nothing: a word, a row of keys, one character again and again. 0: none. */
function pieceAt(text: string, at: number, named: readonly string[]): number {
  const rest = text.slice(at);
  const word = [...named, ...words].reduce(
    (best, one) => (one.length > best && rest.startsWith(one) ? one.length : best),
    0,
  );
  const run = bothWays.reduce((best, one) => Math.max(best, commonRun(rest, one)), 0);
  const same = /^(.)\1{2,}/.exec(rest)?.[0].length ?? 0;
  return Math.max(word, run, same);
}

/** Length of the beginning that stands in a row of keys, if it is three or more. */
function commonRun(rest: string, row: string): number {
  let length = 0;
  for (let from = row.indexOf(rest[0] ?? ''); from >= 0; from = row.indexOf(rest[0]!, from + 1)) {
    let same = 0;
    while (same < rest.length && rest[same] === row[from + same]) same++;
    length = Math.max(length, same);
  }
  return length >= 3 ? length : 0;
}

/** Is all of a text, but for some digits, made of such pieces? */
function saysNothing(text: string, named: readonly string[]): boolean {
  // Fewest characters that are no piece, up to each place.
  const left: number[] = [0, ...Array.from({ length: text.length }, () => Infinity)];
  for (let at = 0; at < text.length; at++) {
    const piece = pieceAt(text, at, named);
    for (let length = 3; length <= piece; length++) {
      const isWhole = length === piece || [...named, ...words].includes(text.slice(at, at + length));
      if (isWhole) left[at + length] = Math.min(left[at + length]!, left[at]!);
    }
    left[at + 1] = Math.min(left[at + 1]!, left[at]! + 1);
  }
  return left[text.length]! <= (text.length > 16 ? 3 : 2);
}

/**
 * Is a password of those that are tried first: common words, rows of keys, one's own name or address, with digits and signs at the ends?
 * @param about name and e-mail address of the account
 */
export function isCommonPassword(password: string, about: { name?: string; email?: string } = {}): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  const named = [
    ...(about.name ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u),
    ...(about.email ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u),
  ].filter((one) => one.length > 2);
  const plain = text.replace(/[^\p{L}\p{N}]/gu, '');
  if (new Set(plain).size <= 3) return true;
  if (/^(.{1,6})\1+.{0,2}$/u.test(plain) && plain.length < 24) return true;
  if (!/\p{L}/u.test(plain)) return saysNothing(plain, named);
  // Digits at either end are years and counters; within, they stand for letters.
  const core = plain.replace(/^\d{1,8}|\d{1,8}$/g, '');
  const read = [...text.replace(/[^\p{L}\p{N}@$!]/gu, '')].map((one) => letterOf[one] ?? one).join('');
  const readCore = [...text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')]
    .map((one) => letterOf[one] ?? one)
    .join('')
    .replace(/[^\p{L}\p{N}]/gu, '');
  return [plain, core, read, readCore].some((one) => one === '' || saysNothing(one, named));
}

let shipped: Promise<ReadonlySet<string>> | undefined;

/** The list that comes with the program: 49,233 passwords of breaches, in small letters (`@zxcvbn-ts/language-common`, MIT). */
function shippedPasswords(): Promise<ReadonlySet<string>> {
  shipped ??= readFile(
    createRequire(import.meta.url).resolve('@zxcvbn-ts/language-common/src/passwords.json'),
    'utf8',
  ).then((text) => new Set(JSON.parse(text) as string[]));
  return shipped;
}

/**
 * Is a password in the list of breaches that comes with the program, or one of them made longer: with up to eight digits and signs at either end,
 * with the usual signs for letters, or said two or three times?
 */
export async function isShippedPassword(password: string): Promise<boolean> {
  const known = await shippedPasswords();
  const text = password.normalize('NFKC').toLowerCase();
  const core = text.replace(/^[^\p{L}]{1,8}|[^\p{L}]{1,8}$/gu, '');
  return [text, core]
    .flatMap((one) => [one, [...one].map((sign) => letterOf[sign] ?? sign).join('')])
    .map((one) => /^(.{4,}?)\1{1,2}$/u.exec(one)?.[1] ?? one)
    .some((one) => one.length >= 4 && known.has(one));
}

/** Passwords known from breaches: a file of the operator's. */
export interface PasswordList {
  has(password: string): Promise<boolean>;
}

/** Longest list that is held in memory, in lines of twelve characters and more. */
const mostLines = 5_000_000;

/**
 * Opens a list of breached passwords: one password a line, or lines `SHA1` or `SHA1:count` in the order of the hashes, as they are given out
 * by services that collect them; such a file may be of any size, and is searched where it lies. Or a folder with a file for the first five
 * digits of the hashes, `21BD1.txt` or `21BD1`, whose lines are the other 35, `:` and a count.
 * @throws where it cannot be read, or has too many lines to be held
 */
export async function openPasswordList(path: string): Promise<PasswordList> {
  if ((await stat(path)).isDirectory()) return foldedList(path);
  const file = await open(path, 'r');
  const first = Buffer.alloc(41);
  const { bytesRead } = await file.read(first, 0, 41, 0);
  await file.close();
  if (/^[0-9A-Fa-f]{40}[:\r\n]?/.test(first.toString('latin1', 0, bytesRead))) return hashedList(path);
  const known = new Set<string>();
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line.length < 12) continue;
    if (known.size >= mostLines)
      throw new Error(`The list of passwords has more than ${mostLines} lines: give the one of sorted SHA-1 hashes`);
    known.add(line.toLowerCase());
  }
  return { has: (password) => Promise.resolve(known.has(password.toLowerCase())) };
}

/** A folder of files by the first digits of the hashes. @throws where it holds none */
async function foldedList(folder: string): Promise<PasswordList> {
  const names = (await readdir(folder)).filter((one) => /^[0-9A-Fa-f]{5}(\.txt)?$/.test(one));
  const [name] = names;
  if (name === undefined)
    throw new Error(`The folder of passwords holds no file such as 21BD1.txt, with the hashes that begin so`);
  const [ending, isSmall] = [name.slice(5), names.some((one) => /[a-f]/.test(one.slice(0, 5)))];
  return {
    async has(password) {
      const hash = createHash('sha1').update(password).digest('hex').toUpperCase();
      const prefix = isSmall ? hash.slice(0, 5).toLowerCase() : hash.slice(0, 5);
      const text = await readFile(join(folder, `${prefix}${ending}`), 'latin1').catch(
        (fault: NodeJS.ErrnoException) => {
          if (fault.code === 'ENOENT') return '';
          throw fault;
        },
      );
      return text.split(/\r?\n/).some((line) => {
        const [rest, count] = line.split(':');
        // Lines with a count of 0 fill answers up so that their length tells nothing.
        return rest?.toUpperCase() === hash.slice(5) && count !== '0';
      });
    },
  };
}

function hashedList(path: string): PasswordList {
  return {
    async has(password) {
      const wanted = createHash('sha1').update(password).digest('hex').toUpperCase();
      const file = await open(path, 'r');
      try {
        // Places of the file, halved until the line is found: the line that begins after a place decides.
        let [low, high] = [0, (await stat(path)).size];
        const buffer = Buffer.alloc(256);
        while (low < high) {
          const middle = Math.floor((low + high) / 2);
          const { bytesRead } = await file.read(buffer, 0, 256, middle);
          const text = buffer.toString('latin1', 0, bytesRead);
          const start = middle === 0 ? 0 : text.indexOf('\n') + 1;
          const hash = text.slice(start, start + 40).toUpperCase();
          if ((middle > 0 && start === 0) || hash.length < 40) high = middle;
          else if (hash === wanted) return true;
          else if (hash < wanted) low = middle + 1;
          else high = middle;
        }
        return false;
      } finally {
        await file.close();
      }
    },
  };
}
