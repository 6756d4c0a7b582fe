import type { ByteSource } from '../bytes/byte-source.ts';
import { oleNames } from '../containers/ole-names.ts';
import { openWorkbook } from '../containers/workbook.ts';
import { openZip } from '../containers/zip/open-zip.ts';
import type { FormatDescriptor, Probe } from '../recognition/descriptor.ts';
import { bytesAt, findAscii } from '../recognition/probe.ts';

const ole = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/**
 * Is the file an Office Open XML workbook? Its parts may come in any order, so the directory of the archive is asked
 * where the first bytes look like a document of that kind. Each file is asked once.
 */
function isOfficeWorkbook(probe: Probe): Promise<boolean> {
  let answer = workbooks.get(probe);
  if (!answer) workbooks.set(probe, (answer = hasWorkbookParts(probe)));
  return answer;
}

/** Is the file an OpenDocument spreadsheet? Its type stands first in the archive, as plain text (OpenDocument 1.3, part 2, 3.3). */
function isOpenDocument({ head }: Probe): boolean {
  return (
    bytesAt(head, 0, 'PK\x03\x04') &&
    findAscii(head.subarray(0, 200), 'application/vnd.oasis.opendocument.spreadsheet') >= 0
  );
}

const workbooks = new WeakMap<Probe, Promise<boolean>>();
const officeParts = ['xl/', '[Content_Types].xml', 'docProps/', '_rels/'];

async function hasWorkbookParts({ head, source }: Probe): Promise<boolean> {
  if (!bytesAt(head, 0, 'PK\x03\x04') || !officeParts.some((part) => findAscii(head, part) >= 0)) return false;
  // An archive that is refused has no entries; then the names in its first bytes decide, so that it is told why.
  const { tree } = await openZip(source);
  const has = (pattern: RegExp) => tree.entries.some(({ path }) => pattern.test(path));
  if (tree.entries.length === 0) return findAscii(head, 'xl/') >= 0 && findAscii(head, '[Content_Types].xml') >= 0;
  return has(/^\[Content_Types\]\.xml$/i) && has(/^xl\/workbook\.(xml|bin)$/i);
}

/** Does a sheet of the workbook begin with a block of Icy's track export? Looks at the first rows of its first sheets. */
async function hasIcyTracks(source: ByteSource): Promise<boolean> {
  const { workbook } = await openWorkbook(source, { maxSharedCharacters: 1 << 16, firstRowsOnly: true });
  for (const sheet of workbook?.sheets.slice(0, 3) ?? [])
    for await (const rows of sheet.textRows()) {
      if (rows.slice(0, 50).some(({ cells }) => cells.some((cell) => cell?.trim().toLowerCase() === 'track #')))
        return true;
      break;
    }
  return false;
}

/** Workbooks, recognised by content. */
export const recognisedTableFormats: readonly FormatDescriptor[] = [
  {
    id: 'excel',
    name: 'Excel workbook',
    kind: 'table',
    extensions: ['.xls', '.xlsx', '.xlsm', '.ods'],
    mediaTypes: [
      'application/vnd.ms-excel',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/vnd.oasis.opendocument.spreadsheet',
    ],
    async recognise(probe) {
      if (bytesAt(probe.head, 0, ole)) {
        const names = await oleNames(probe);
        return names.includes('Workbook') || names.includes('Book')
          ? { score: 0.7, reason: 'OLE container with a workbook' }
          : undefined;
      }
      if (isOpenDocument(probe)) return { score: 0.95, reason: 'archive of the type OpenDocument spreadsheet' };
      return (await isOfficeWorkbook(probe))
        ? { score: 0.95, reason: 'zip with [Content_Types].xml and xl/workbook' }
        : undefined;
    },
    tracks: { reader: async () => (await import('./excel/read-excel.ts')).excelReader },
  },
  {
    id: 'icy-xls',
    name: 'Icy track workbook',
    kind: 'tracks',
    extensions: ['.xls', '.xlsx'],
    mediaTypes: ['application/vnd.ms-excel', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    async recognise(probe) {
      const { head, source } = probe;
      if (await isOfficeWorkbook(probe))
        return (await hasIcyTracks(source)) ? { score: 1, reason: 'workbook with cells "track #"' } : undefined;
      if (!bytesAt(head, 0, ole)) return undefined;
      return findAscii(head, 'track #', true) >= 0 || findAscii(head, 'track #') >= 0
        ? { score: 1, reason: 'workbook with cells "track #"' }
        : undefined;
    },
    tracks: { reader: async () => (await import('../tracks/icy/workbook-reader.ts')).icyWorkbookReader },
  },
];
