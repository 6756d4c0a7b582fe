import { type FormatDescriptor, formats, unseenFormats } from '@micrarium/formats';

const kinds: Readonly<Record<FormatDescriptor['kind'], string>> = {
  tracks: 'Tracks',
  objects: 'Objects',
  image: 'Images',
  table: 'Tables',
  metadata: 'Documents about studies',
  unknown: 'Containers and documents',
};

/** The page that lists every format, as the descriptors say it. */
export function formatList(): string {
  const lines = [
    '# Formats',
    '',
    'Every file is recognised by its content; the name only breaks ties. Formats that are *recognised* are kept exactly as',
    'deposited and named; those that are *read* also give counts, tracks, pixels and metadata; those that are *written* can',
    'be named after `convert --to`. The ids never change.',
    '',
    countLine(),
    '',
    'Written by `node tools/write-format-list.ts` from the descriptors; a test compares the two.',
  ];
  for (const [kind, title] of Object.entries(kinds)) {
    const some = formats.filter((format) => format.kind === kind).sort((a, b) => (a.id < b.id ? -1 : 1));
    if (some.length === 0) continue;
    lines.push(
      '',
      `## ${title}`,
      '',
      '| id | name | recognised | read | written | seen as a real file |',
      '|---|---|---|---|---|---|',
      ...some.map(row),
    );
  }
  return `${lines.join('\n')}\n`;
}

function countLine(): string {
  const read = formats.filter(({ tracks, images }) => tracks !== undefined || images !== undefined);
  const seen = read.filter(({ id }) => !unseenFormats.has(id)).length;
  return `${seen} formats are read; ${read.length - seen} more were built from descriptions of them and are not counted, since no real file was at hand.`;
}

function row({ id, name, tracks, images }: FormatDescriptor): string {
  const isRead = tracks !== undefined || images !== undefined;
  const isWritten = tracks?.writer !== undefined || images?.writer !== undefined;
  const title = isRead ? `[${name}](${id}.md)` : name;
  return `| \`${id}\` | ${title} | yes | ${isRead ? 'yes' : ''} | ${isWritten ? 'yes' : ''} | ${isRead ? (unseenFormats.has(id) ? '*not yet seen on a real file*' : 'yes') : ''} |`;
}
