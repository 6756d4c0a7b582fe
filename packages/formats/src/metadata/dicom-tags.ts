import type { PrivateDetail } from '@micrarium/model';
import type { ByteSource } from '../bytes/byte-source.ts';

type Found = Pick<PrivateDetail, 'kind' | 'value' | 'field'>;

/** What an element tells, with where its value lies in the file. */
export interface FoundElement extends Found {
  at: number;
  length: number;
  /** Is it what the whole picture shows, and no text that could be taken out? */
  isPicture: boolean;
}

/** Elements that tell of a person, a device or a label, by group and element (DICOM PS3.6). */
const elements = new Map<number, [field: string, kind: PrivateDetail['kind']]>([
  [0x0008_0050, ['AccessionNumber', 'patient']],
  [0x0008_0090, ['ReferringPhysicianName', 'user name']],
  [0x0008_0094, ['ReferringPhysicianTelephoneNumbers', 'phone number']],
  [0x0008_1048, ['PhysiciansOfRecord', 'user name']],
  [0x0008_1050, ['PerformingPhysicianName', 'user name']],
  [0x0008_1070, ['OperatorsName', 'user name']],
  [0x0010_0010, ['PatientName', 'patient']],
  [0x0010_0020, ['PatientID', 'patient']],
  [0x0010_0030, ['PatientBirthDate', 'date of birth']],
  [0x0010_1000, ['OtherPatientIDs', 'patient']],
  [0x0010_1001, ['OtherPatientNames', 'patient']],
  [0x0010_1005, ['PatientBirthName', 'patient']],
  [0x0010_1040, ['PatientAddress', 'patient']],
  [0x0010_1060, ['PatientMotherBirthName', 'patient']],
  [0x0010_1090, ['MedicalRecordLocator', 'patient']],
  [0x0010_2154, ['PatientTelephoneNumbers', 'phone number']],
  [0x0018_1000, ['DeviceSerialNumber', 'serial number']],
  [0x0018_1002, ['DeviceUID', 'serial number']],
  [0x0040_0512, ['ContainerIdentifier', 'slide label']],
  [0x2200_0002, ['LabelText', 'slide label']],
  [0x2200_0005, ['BarcodeValue', 'slide label']],
]);
const imageType = 0x0008_0008;
const pixels = 0x7fe0_0010;
/** Value representations with a length of four bytes. */
const long = /^(?:OB|OD|OF|OL|OV|OW|SQ|SV|UC|UN|UR|UT|UV)$/;
const undefinedLength = 0xffff_ffff;
/** Elements of one file that are looked at, and bytes before its pixels. */
const [mostElements, mostBytes] = [20_000, 4 << 20];
/** Names that say that there is none. */
const nobody = /^(?:anonym\w*|removed|none|unknown|n\/?a|[0\W_]*)$/i;

/**
 * What the elements of a DICOM file tell of persons, those within sequences too. Explicit and implicit, little endian; of other syntaxes
 * (packed, big endian) what stands before the first element that cannot be read.
 */
export async function dicomDetails(source: ByteSource, signal?: AbortSignal): Promise<Found[]> {
  return (await dicomElements(source, signal)).map(({ kind, value, field }) => ({ kind, value, field: field! }));
}

/** The same, with where each value lies. */
export async function dicomElements(source: ByteSource, signal?: AbortSignal): Promise<FoundElement[]> {
  const bytes = await source.read(0, mostBytes, signal);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: FoundElement[] = [];
  for (let at = 132, count = 0; at + 8 <= bytes.length && count < mostElements; count++) {
    const group = view.getUint16(at, true);
    const tag = group * 0x1_0000 + view.getUint16(at + 2, true);
    if (tag === pixels) break;
    const { isSequence, length, start } = lengthAt(view, at, group);
    // Items and sequences are gone into: what they hold are elements.
    if (isSequence || length === undefinedLength) {
      at = start;
      continue;
    }
    const value = (): string =>
      new TextDecoder()
        .decode(bytes.subarray(start, Math.min(start + length, start + 1024)))
        .replaceAll('\0', '')
        .trim();
    const known = elements.get(tag);
    if (known && !nobody.test(value()))
      found.push({
        kind: known[1],
        value: value().slice(0, 200),
        field: known[0],
        at: start,
        length,
        isPicture: false,
      });
    const shows = tag === imageType ? /\b(LABEL|OVERVIEW)\b/.exec(value())?.[1] : undefined;
    if (shows !== undefined)
      found.push({
        kind: 'slide label',
        value: `picture: ${shows.toLowerCase()}`,
        field: 'ImageType',
        at: start,
        length,
        isPicture: true,
      });
    at = start + length;
  }
  return found;
}

/** How long the value of the element at `at` is, and where it starts. */
function lengthAt(view: DataView, at: number, group: number): { isSequence: boolean; length: number; start: number } {
  if (group === 0xfffe) return { isSequence: true, length: 0, start: at + 8 };
  const representation = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
  if (!/^[A-Z]{2}$/.test(representation))
    return { isSequence: false, length: view.getUint32(at + 4, true), start: at + 8 };
  if (!long.test(representation)) return { isSequence: false, length: view.getUint16(at + 6, true), start: at + 8 };
  const length = at + 12 <= view.byteLength ? view.getUint32(at + 8, true) : 0;
  return { isSequence: representation === 'SQ', length, start: at + 12 };
}
