import type { Study } from './study-words.tsx';

/** One line of a table: quoted where needed (RFC 4180); a leading `=`, `+`, `-` or `@` is no formula. */
export function csvLine(cells: readonly (string | number)[]): string {
  const cell = (value: string | number) => {
    const plain = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  return `${cells.map(cell).join(',')}\r\n`;
}

/** Results as CSV (UTF-8 with byte order mark, for spreadsheets); lists are joined by `; `. */
export function resultsCsv(studies: readonly Study[], origin: string): string {
  const head = csvLine([
    'accession',
    'version',
    'title',
    'authors',
    'organisms',
    'imaging methods',
    'kinds',
    'licence',
    'published',
    'images',
    'objects',
    'tracks',
    'files',
    'bytes',
    'address',
  ]);
  const rows = studies.map((study) =>
    csvLine([
      study.accession,
      study.version,
      study.title,
      study.authors.join('; '),
      study.organisms.join('; '),
      study.imagingMethods.join('; '),
      study.kinds.join('; '),
      study.licence,
      study.publishedAt,
      study.imageCount,
      study.objectCount,
      study.trackCount,
      study.fileCount,
      study.byteCount,
      `${origin}/studies/${study.accession}`,
    ]),
  );
  return `\ufeff${head}${rows.join('')}`;
}
