/** A number that tells of a person or of a device: what it is, as it stands in the text, and the field it stands in. */
export interface PrivateNumber {
  kind: 'phone number' | 'national id' | 'patient' | 'serial number' | 'place of recording';
  value: string;
  field?: string;
  /** Where the value begins in the text. */
  index: number;
  /** Found by its shape alone: in bytes, only where something written stands around it. */
  byShape?: true;
}

/** Between the name of a field and its value. */
const gives = String.raw`["']?\s*(?:=|:|>|" ?V(?:alue)?=")\s*["']?`;

const phoneField = new RegExp(
  String.raw`(?<![A-Za-z])((?:tele?phone|phone|mobile|cell ?phone|fax|tel|電話)(?:[ _-]?(?:number|no|nr))?)\.?${gives}(\+?\(?\d[\d ()./-]{6,22}\d)(?!\w)`,
  'gi',
);
/** As numbers are written for abroad: plus, a code that countries have, and groups. */
const phoneAbroad =
  /(?<![\w.+-])\+(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-69]\d|3[578]\d|42\d|5[09]\d|6[7-9]\d|8[058]\d|9[679]\d)(?:[ -]?\(0?\d{1,4}\))?(?:[ -]\d{1,8}){2,5}(?!\w|[.,]\d)/g;

const patientField = new RegExp(
  String.raw`(?<![A-Za-z])((?:other[ _-]?)?patient'?s?[ _-]?(?:name|ids?|identifier|number|no|nr|address|mothers?[ _-]?birth[ _-]?name)|medical[ _-]?record[ _-]?(?:number|locator)|mrn|accession[ _-]?number)${gives}([^"'<>=\r\n\t;,{}[\]|]{2,80})`,
  'gi',
);
/** As tools print DICOM: `(0010,0020) LO [12345]`. */
const patientDump = /\((0010,(?:0010|0020|1000|1001|1040|1060|2154))\)\s+[A-Z]{2}\s+\[([^\]\r\n]{2,80})\]/g;

const serialField = new RegExp(
  String.raw`((?:serial[ _-]?(?:number|num|no|nr)|scanscope[ _-]?id|(?<![A-Za-z])s\/n))\.?${gives}([A-Za-z0-9][\w./-]{2,39})(?![\w@])`,
  'gi',
);
const placeField = new RegExp(
  String.raw`(GPS[ _-]?(?:Latitude|Longitude|Position|Coordinates))${gives}([\d+-][\d.,°′″'" NSEW+-]{2,40})`,
  'gi',
);

const digitsOf = (text: string): number[] => [...text.replace(/\D/g, '')].map(Number);
const weighted = (digits: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * (digits[at] ?? 0), 0);
const isDay = (month: number, day: number): boolean => month >= 1 && month <= 12 && day >= 1 && day <= 31;

function luhn(digits: readonly number[]): boolean {
  const sum = digits.toReversed().reduce((total, digit, at) => {
    const twice = digit * 2;
    return total + (at % 2 === 0 ? digit : twice > 9 ? twice - 9 : twice);
  }, 0);
  return sum % 10 === 0;
}

const ssnUsa = ([a = 0, b = 0, c = 0, d = 0, e = 0, ...last]: number[]): boolean => {
  const area = a * 100 + b * 10 + c;
  return area !== 0 && area !== 666 && area < 900 && d + e > 0 && last.some((digit) => digit > 0);
};
const myNumber = (digits: number[]): boolean => {
  const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return digits[11] === (rest <= 1 ? 0 : 11 - rest);
};
const nhs = (digits: number[]): boolean => {
  const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 10 && digits[9] === check % 11;
};
const steuerId = (digits: number[]): boolean => {
  const product = digits.slice(0, 10).reduce((before, digit) => {
    const sum = (digit + before) % 10;
    return ((sum === 0 ? 10 : sum) * 2) % 11;
  }, 10);
  return digits[0] !== 0 && digits[10] === (11 - product) % 10;
};
const pesel = (digits: number[]): boolean =>
  weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0 && digits.some((digit) => digit > 0);
const bsn = (digits: number[]): boolean =>
  weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && digits.some((digit) => digit > 0);
const fodselsnummer = (digits: number[]): boolean =>
  weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
  weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 &&
  digits.some((digit) => digit > 0);
const cpf = (digits: number[]): boolean => {
  const check = (count: number): number => {
    const rest = (digits.slice(0, count).reduce((sum, digit, at) => sum + digit * (count + 1 - at), 0) * 10) % 11;
    return rest % 10;
  };
  return new Set(digits).size > 1 && digits[9] === check(9) && digits[10] === check(10);
};
const ahv = (digits: number[]): boolean => weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
const koreaRrn = (digits: number[]): boolean =>
  isDay(digits[2]! * 10 + digits[3]!, digits[4]! * 10 + digits[5]!) &&
  digits[12] === (11 - (weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10;
const nir = (digits: number[]): boolean => {
  const text = digits.join('');
  return Number(text.slice(13)) === 97 - (Number(text.slice(0, 13)) % 97);
};

function chinaId(text: string): boolean {
  const year = Number(text.slice(6, 10));
  if (year < 1920 || year > 2035 || !isDay(Number(text.slice(10, 12)), Number(text.slice(12, 14)))) return false;
  const sum = weighted(Array.from(text.slice(0, 17), Number), [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return '10X98765432'[sum % 11] === text[17]!.toUpperCase();
}

function fiscalCode(text: string): boolean {
  // Values of letters and digits at odd places, as the Italian ministry of finance lists them.
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
  const place = (letter: string): number => (/\d/.test(letter) ? Number(letter) : letter.charCodeAt(0) - 65);
  const values = Array.from(text.slice(0, 15), (letter, at) => (at % 2 === 0 ? odd[place(letter)]! : place(letter)));
  const sum = values.reduce((total, value) => total + value, 0);
  return text.charCodeAt(15) - 65 === sum % 26;
}

const dniLetters = 'TRWAGMYFPDXBNJZSQVHLCKE';
const dni = (text: string): boolean => {
  const number = text.replace(/^X/i, '0').replace(/^Y/i, '1').replace(/^Z/i, '2').replace(/\D/g, '');
  return dniLetters[Number(number) % 23] === text.at(-1)!.toUpperCase();
};
const hetu = (text: string): boolean =>
  '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(text.slice(0, 6) + text.slice(7, 10)) % 31] === text[10]!.toUpperCase();

function verhoeff(digits: readonly number[]): boolean {
  const permuted = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  let sum = 0;
  for (const [at, digit] of digits.toReversed().entries()) {
    let value = digit;
    for (let turn = 0; turn < at % 8; turn++) value = permuted[value]!;
    sum = inDihedral(sum, value);
  }
  return sum === 0;
}

/** Product in the group of the symmetries of a pentagon, on which the check digit of Verhoeff rests. */
function inDihedral(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : ((a + b - 5) % 5) + 5;
  return b < 5 ? ((a - 5 - b + 5) % 5) + 5 : (a - b + 5) % 5;
}

interface NationalId {
  name: string;
  /** Words that name the field; left out where the number is known by its shape and check digit. */
  words?: string;
  /** How it is written. */
  shape: string;
  isValid: (text: string) => boolean;
}

const ofDigits =
  (check: (digits: number[]) => boolean) =>
  (text: string): boolean =>
    check(digitsOf(text));

/**
 * Numbers states give to people. Shapes that other numbers have as well (a date and four digits, twelve digits) count only beside a word that
 * names them; check digits must be right wherever there are any.
 */
const nationalIds: readonly NationalId[] = [
  {
    name: 'SSN (US)',
    words: 'ssn|social ?security(?: ?(?:number|no))?',
    shape: String.raw`\d{3}-?\d{2}-?\d{4}`,
    isValid: ofDigits(ssnUsa),
  },
  {
    name: 'My Number (JP)',
    words: 'my ?number|individual ?number|マイナンバー|個人番号',
    shape: String.raw`\d{4}[ -]?\d{4}[ -]?\d{4}`,
    isValid: ofDigits(myNumber),
  },
  {
    name: 'NHS number (GB)',
    words: 'nhs(?: ?(?:number|no))?',
    shape: String.raw`\d{3}[ -]?\d{3}[ -]?\d{4}`,
    isValid: ofDigits(nhs),
  },
  {
    name: 'Steuer-ID (DE)',
    words: 'steuer-?id(?:entifikationsnummer)?|steuerliche identifikationsnummer',
    shape: String.raw`\d{2} ?\d{3} ?\d{3} ?\d{3}`,
    isValid: ofDigits(steuerId),
  },
  { name: 'PESEL (PL)', words: 'pesel', shape: String.raw`\d{11}`, isValid: ofDigits(pesel) },
  { name: 'BSN (NL)', words: 'bsn|burgerservicenummer', shape: String.raw`\d{9}`, isValid: ofDigits(bsn) },
  {
    name: 'fødselsnummer (NO)',
    words: 'f(?:ø|oe|o)dselsnummer|fnr',
    shape: String.raw`\d{6} ?\d{5}`,
    isValid: ofDigits(fodselsnummer),
  },
  {
    name: 'personnummer (SE)',
    words: 'personnummer|personal identity number',
    shape: String.raw`(?:\d{2})?\d{6}[-+]?\d{4}`,
    isValid: (text) => luhn(digitsOf(text).slice(-10)),
  },
  {
    name: 'CPR (DK)',
    words: 'cpr(?:[ -]?(?:nummer|number|nr))?',
    shape: String.raw`(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}-?\d{4}`,
    isValid: () => true,
  },
  {
    name: 'henkilötunnus (FI)',
    words: 'hetu|henkil(?:ö|o)tunnus',
    shape: String.raw`\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]`,
    isValid: hetu,
  },
  { name: 'DNI/NIE (ES)', words: 'dni|nie|nif', shape: String.raw`(?:\d{8}|[XYZ]\d{7})-?[A-Z]`, isValid: dni },
  {
    name: 'Aadhaar (IN)',
    words: 'aadhaar(?: ?(?:number|no))?',
    shape: String.raw`[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}`,
    isValid: ofDigits(verhoeff),
  },
  {
    name: 'NIR (FR)',
    words: 'nir|num(?:é|e)ro de s(?:é|e)curit(?:é|e) sociale',
    shape: String.raw`[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}`,
    isValid: ofDigits(nir),
  },
  { name: 'NIR (FR)', shape: String.raw`[12] \d{2} (?:0[1-9]|1[0-2]) \d{2} \d{3} \d{3} \d{2}`, isValid: ofDigits(nir) },
  { name: 'CPF (BR)', shape: String.raw`\d{3}\.\d{3}\.\d{3}-\d{2}`, isValid: ofDigits(cpf) },
  { name: 'AHV (CH)', shape: String.raw`756\.\d{4}\.\d{4}\.\d{2}`, isValid: ofDigits(ahv) },
  { name: 'RRN (KR)', shape: String.raw`\d{6}-[1-8]\d{6}`, isValid: ofDigits(koreaRrn) },
  { name: '居民身份证 (CN)', shape: String.raw`[1-8]\d{16}[\dXx]`, isValid: chinaId },
  {
    name: 'codice fiscale (IT)',
    shape: String.raw`[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]`,
    isValid: fiscalCode,
  },
];

const nationalPatterns = nationalIds.map((id) => ({
  ...id,
  pattern: new RegExp(
    id.words === undefined
      ? String.raw`(?<![\w.+-])(${id.shape})(?![\w-]|\.\d)`
      : String.raw`(?<![A-Za-z])(?:${id.words.replaceAll(' ?', '[ _-]?')})\.?(?:${gives}|\s+)(${id.shape})(?![\w-]|\.\d)`,
    id.words === undefined ? 'g' : 'gi',
  ),
}));

/** Values that say that there is none. */
const nothing =
  /^(?:true|false|yes|no|none|null|nil|unknown|undefined|n\/?a|default|anonym\w*|removed|redacted|string|text|required|optional|[0\W_]+)$/i;

/**
 * Finds numbers that tell of a person or of a device: phone numbers, numbers states give to people (with right check digits where they have
 * any), names and numbers of patients, serial numbers, and where a picture was taken. Pure; as they stand in the text.
 */
export function* findPrivateNumbers(text: string): Generator<PrivateNumber> {
  for (const { 1: field, 2: value, index } of text.matchAll(phoneField))
    if (isPhone(value!, 7) && !/^\d{4}[-/.]\d\d?[-/.]\d\d?/.test(value!))
      yield { kind: 'phone number', value: value!, field: field!, index };
  for (const { 0: value, index } of text.matchAll(phoneAbroad))
    if (isPhone(value, 9) && /\d{4}/.test(value.slice(4))) yield { kind: 'phone number', value, index, byShape: true };
  for (const { name, pattern, isValid } of nationalPatterns)
    for (const { 1: value, index } of text.matchAll(pattern))
      if (isValid(value!)) yield { kind: 'national id', value: value!, field: name, index };
  for (const pattern of [patientField, patientDump])
    for (const { 1: field, 2: value, index } of text.matchAll(pattern))
      if (!nothing.test(value!.trim())) yield { kind: 'patient', value: value!, field: field!, index };
  for (const { 1: field, 2: value, index } of text.matchAll(serialField))
    if (/\d/.test(value!) && !nothing.test(value!))
      yield { kind: 'serial number', value: value!, field: field!, index };
  for (const { 1: field, 2: value, index } of text.matchAll(placeField))
    if (/[1-9]/.test(value!))
      yield { kind: 'place of recording', value: value!.replace(/[\s"',.]+$/, ''), field: field!, index };
}

function isPhone(value: string, fewest: number): boolean {
  const digits = digitsOf(value);
  return digits.length >= fewest && digits.length <= 15 && new Set(digits).size > 1;
}
