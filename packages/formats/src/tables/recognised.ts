import { oleNames } from '../containers/ole-names.ts';
import type { FormatDescriptor } from '../recognition/descriptor.ts';
import { bytesAt, findAscii } from '../recognition/probe.ts';

const ole = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/** Workbooks: recognised by content and kept as deposited; their readers come later. */
export const recognisedTableFormats: readonly FormatDescriptor[] = [
  {
    id: 'excel',
    name: 'Excel workbook',
    kind: 'table',
    extensions: ['.xls', '.xlsx', '.xlsm'],
    mediaTypes: ['application/vnd.ms-excel', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    async recognise(probe) {
      if (bytesAt(probe.head, 0, ole)) {
        const names = await oleNames(probe);
        return names.includes('Workbook') || names.includes('Book')
          ? { score: 0.7, reason: 'OLE container with a workbook' }
          : undefined;
      }
      return bytesAt(probe.head, 0, 'PK\x03\x04') &&
        findAscii(probe.head, 'xl/') >= 0 &&
        findAscii(probe.head, '[Content_Types].xml') >= 0
        ? { score: 0.95, reason: 'zip with [Content_Types].xml and xl/' }
        : undefined;
    },
  },
  {
    id: 'icy-xls',
    name: 'Icy track workbook',
    kind: 'tracks',
    extensions: ['.xls'],
    mediaTypes: ['application/vnd.ms-excel'],
    recognise({ head }) {
      if (!bytesAt(head, 0, ole)) return undefined;
      return findAscii(head, 'track #', true) >= 0 || findAscii(head, 'track #') >= 0
        ? { score: 1, reason: 'workbook with cells "track #"' }
        : undefined;
    },
    tracks: { reader: async () => (await import('../tracks/icy/workbook-reader.ts')).icyWorkbookReader },
  },
];
