import type { PrivateDetail } from '@micrarium/model';
import type { ByteSource } from '../bytes/byte-source.ts';
import { findPrivateTags } from './header-tags.ts';
import { findPrivateNumbers } from './private-numbers.ts';

/** Where a text came from. */
export type DetailPlace = Pick<PrivateDetail, 'place' | 'file'>;

/** More details than this of one text are not listed: the list is for people. */
const mostDetails = 200;
/** Files are looked through in pieces of this size, which overlap so that nothing is cut in two. */
const pieceBytes = 1 << 20;
const overlapBytes = 1024;
/** Of a larger file, the beginning and the end, where metadata lie, are looked through. */
const wholeBytes = 16 << 20;

const eMail = /(?<![\w.%+-])[A-Za-z0-9][\w.%+-]{1,63}@(?:[A-Za-z0-9][A-Za-z0-9-]{1,62}\.)+[A-Za-z]{2,12}(?![\w@])/g;

/** Drive and network paths of Windows, and home folders elsewhere; other paths of Unix say nothing of a person. */
const paths = [
  /(?<![A-Za-z0-9])[A-Za-z]:\\{1,2}(?:[^\\/:*?"<>|&\r\n\t\0]{1,100}\\{1,2})+[^\\/:*?"<>|&\r\n\t\0]{0,100}/g,
  /(?<![\w\\:])\\\\{1,3}[A-Za-z0-9][\w.-]{1,60}\\{1,2}[^\\/:*?"<>|&\r\n\t\0]{1,100}(?:\\{1,2}[^\\/:*?"<>|&\r\n\t\0]{1,100})*/g,
  /(?<![\w.])(?:file:\/\/)?(?:[A-Za-z]:)?\/(?:home|Users|Documents and Settings)\/[^/\s"'<>|:;,]{1,60}(?:\/[^/"'<>|:;&\r\n\t\0]{1,100})*/g,
];

/** Names of fields that hold a person's name or account. */
const personField =
  /(?<![A-Za-z])((?:user|operator|experimenter|login|owner|author|investigator|computer|host|machine)[ _-]?(?:name|id|display ?name)?|last ?modified ?by|acquired ?by|created ?by)(?:[ _-]?name)?["']?\s*(?:=|:|>|" ?V(?:alue)?=")\s*["']?([^"'<>=\r\n\t;,{}[\]|]{2,80})/gi;

/** Fields of OME-XML experimenters. */
const experimenter = /<(?:\w+:)?Experimenter\b([^>]{1,2000})>/g;
const experimenterName = /\b(FirstName|MiddleName|LastName|UserName|DisplayName|Email)="([^"]{2,80})"/g;

const birth =
  /((?:date[ _-]?of[ _-]?birth|birth[ _-]?date|patient'?s?[ _-]?birth[ _-]?date|(?<![A-Za-z])dob))["']?\s*(?:=|:|>)\s*["']?(\d{4}[-/.]?\d{2}[-/.]?\d{2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})/gi;

/** Pictures of OME-XML that show the slide, not the tissue. A mask of objects may be called a label too: that alone says nothing. */
const slidePicture = /<(?:\w+:)?Image\b[^>]{0,500}?\bName="(label|macro)(?: image)?"/gi;

/** Values that name nobody. */
const nobody =
  /^(?:true|false|yes|no|none|null|nil|unknown|undefined|n\/?a|default|admin|administrator|user|users|public|guest|system|root|name|string|text|required|optional|-?\d[\d.,: -]*|[\W_]+|[a-z]+:[\w:]+|xsd?:.*|https?:.*)$/i;

/**
 * Finds what tells of a person in a text: e-mail addresses, dates of birth, paths with a drive or a home folder, the values of fields that
 * hold names of users, computers and patients, phone numbers, numbers states give to people, serial numbers, positions on the earth, and
 * pictures of labels of slides. Pure; each value once. Field names need not be of any format.
 */
export function findPrivateDetails(text: string, place: DetailPlace): PrivateDetail[] {
  return findDetails(text, place, () => true);
}

/** Where in a text something stands: from its first letter to behind its last. */
export interface TextRange {
  from: number;
  to: number;
}

/** Where everything stands that `findPrivateDetails` finds in a text, each time it stands there. Ranges may overlap. */
export function privateRanges(text: string): TextRange[] {
  const ranges: TextRange[] = [];
  findDetails(
    text,
    { place: 'original' },
    () => true,
    (range) => void ranges.push(range),
  );
  return ranges;
}

/**
 * The same; addresses and paths count only where `isText` says that the place in the text is one people or programs wrote.
 * @param onRange hears of every place, also of what was found before
 */
function findDetails(
  text: string,
  place: DetailPlace,
  isText: (from: number, to: number) => boolean,
  onRange: (range: TextRange) => void = () => {},
): PrivateDetail[] {
  const found = new Map<string, PrivateDetail>();
  const note = (
    kind: PrivateDetail['kind'],
    value: string,
    field?: string,
    at?: number,
    length = value.length,
  ): void => {
    if (at !== undefined && value.trim().length >= 2) onRange({ from: at, to: at + length });
    const clean = value.trim();
    const key = `${kind} ${clean.toLowerCase()}`;
    if (clean.length < 2 || found.has(key) || found.size >= mostDetails) return;
    found.set(key, { kind, value: clean, ...place, ...(field === undefined ? {} : { field }) });
  };
  for (const { 0: value, index } of text.matchAll(eMail))
    if (isText(index, index + value.length) && !/\.(?:png|jpe?g|tiff?|js|py|java)$/i.test(value))
      note('e-mail address', value, undefined, index);
  for (const { 0: all, 1: field, 2: value, index } of text.matchAll(birth))
    note('date of birth', value!, field, index + all.lastIndexOf(value!));
  for (const pattern of paths)
    for (const { 0: value, index } of text.matchAll(pattern)) {
      if (!isText(index, index + value.length)) continue;
      note(
        'path',
        value
          .replace(/(?!^)\\{2,}/g, '\\')
          .replace(/^\\{3,}/, '\\\\')
          .replace(/[\s.,)\]}]+$/, ''),
        undefined,
        index,
        value.length,
      );
      const user = /[\\/](?:home|Users|Documents and Settings)[\\/]{1,2}([^\\/]{2,60})/i.exec(value)?.[1];
      if (user !== undefined && !/^(?:shared|public|default|all users|runner|build|jenkins)$/i.test(user))
        note('user name', user, 'path');
    }
  for (const { 0: all, 1: attributes, index } of text.matchAll(experimenter))
    for (const { 0: one, 1: field, 2: value, index: within } of attributes!.matchAll(experimenterName)) {
      const at = index + all.indexOf(attributes!) + within + one.lastIndexOf(value!);
      note(field === 'Email' ? 'e-mail address' : 'user name', value!, `Experimenter ${field}`, at);
    }
  for (const { 0: all, 1: field, 2: value, index } of text.matchAll(personField)) {
    const name = value!.trim();
    if (nobody.test(name) || !/\p{L}{2}/u.test(name) || eMailOnly.test(name)) continue;
    note('user name', name, field, index + all.length - value!.length, value!.length);
  }
  for (const { kind, value, field, index, byShape } of findPrivateNumbers(text))
    if (!byShape || isText(index, index + value.length))
      note(kind, value, field, Math.max(index, text.indexOf(value, index)));
  const pictures = [...text.matchAll(slidePicture)].map(([, shows]) => shows!.toLowerCase());
  if (pictures.includes('macro')) for (const shows of pictures) note('slide label', `picture: ${shows}`, 'Image Name');
  return [...found.values()];
}

/**
 * Does a piece look written? Pixels can have the values of letters, and among millions some stand like a path. In writing
 * few letters change their case within a word, vowels are there, and signs are few.
 */
export function looksWritten(piece: string): boolean {
  let [letters, vowels, signs, pairs, changes] = [0, 0, 0, 0, 0];
  let before = '';
  for (const letter of piece) {
    const isLetter = /[A-Za-z]/.test(letter);
    if (isLetter) {
      letters++;
      if (/[aeiouy]/i.test(letter)) vowels++;
      if (before !== '') {
        pairs++;
        if (letter < 'a' !== before < 'a') changes++;
      }
    } else if (letter < '\u007f' && !/[\d\s]/.test(letter)) signs++;
    before = isLetter ? letter : '';
  }
  if (letters < 6 || pairs < 4) return false;
  return (
    changes <= pairs * 0.25 && vowels >= letters * 0.18 && vowels <= letters * 0.65 && signs <= (letters + signs) * 0.4
  );
}

const eMailOnly = /^[^\s@]+@[^\s@]+$/;

/** Runs of text in bytes: one byte a letter, and two bytes a letter as Windows writes. */
export function textRuns(bytes: Uint8Array): string {
  const plain = new TextDecoder('latin1').decode(bytes);
  const single = plain.match(/[\x20-\x7e\t\r\n\xa0-\xff]{12,}/g) ?? [];
  // eslint-disable-next-line no-control-regex -- NUL bytes stand between the letters.
  const wide = (plain.match(/(?:[\x20-\x7e\t\r\n]\0){6,}/g) ?? []).map((run) => run.replaceAll('\0', ''));
  return [...single, ...wide].join('\n');
}

/**
 * Finds the same in the bytes of a file: tags of its header (Exif and GPS of TIFF, JPEG and PNG, DICOM elements, pictures of labels of
 * slides), and texts of one or two bytes a letter, wherever they lie. Of files over 16 MiB the first and the last 8 MiB are looked through
 * for texts. Packed content is not unpacked.
 */
export async function findPrivateInFile(
  source: ByteSource,
  file: string,
  signal?: AbortSignal,
): Promise<PrivateDetail[]> {
  const keyOf = ({ kind, value }: PrivateDetail): string => `${kind} ${value.toLowerCase()}`;
  const found = new Map((await findPrivateTags(source, file, signal)).map((detail) => [keyOf(detail), detail]));
  const parts =
    source.size <= wholeBytes
      ? [{ from: 0, to: source.size }]
      : [
          { from: 0, to: wholeBytes / 2 },
          { from: source.size - wholeBytes / 2, to: source.size },
        ];
  for (const { from, to } of parts)
    for (let at = from; at < to && found.size < mostDetails; at += pieceBytes) {
      signal?.throwIfAborted();
      const bytes = await source.read(at, Math.min(pieceBytes + overlapBytes, to - at), signal);
      const text = textRuns(bytes);
      const isText = (start: number, end: number): boolean => {
        // What stands around it in the same run, as far as a line of writing.
        const first = Math.max(text.lastIndexOf('\n', start) + 1, start - 24);
        const next = text.indexOf('\n', end);
        const own = text.slice(start, end);
        // Domains are written in small letters and end as domains do.
        if (
          own.includes('@') &&
          !/@(?=[a-z0-9.-]*[aeiouy])[a-z0-9-]{2,}(?:\.[a-z0-9-]+)*\.(?:[a-z]{2}|com|org|net|edu|gov|mil|int|info)$/.test(
            own,
          )
        )
          return false;
        // Names of folders are words and numbers.
        if (
          own.includes('\\') &&
          !/^(?:[A-Za-z]:|\\{2}[\w.-]{2,})(?:\\{1,2}[\p{L}\d_ .,()+=-]{2,})+\\{0,2}$/u.test(own)
        )
          return false;
        const around = text.slice(first, Math.min(next < 0 ? text.length : next, end + 24));
        return (own.replace(/[^A-Za-z]/g, '').length >= 12 && looksWritten(own)) || looksWritten(around);
      };
      // What a tag said of its place is more than a search of the text can say.
      for (const detail of findDetails(text, { place: 'original', file }, isText))
        if (!found.has(keyOf(detail))) found.set(keyOf(detail), detail);
    }
  return [...found.values()].slice(0, mostDetails);
}
