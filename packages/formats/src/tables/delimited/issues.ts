import { type Issue, type Where, defineIssues } from '@micrarium/model';

/** Issues of delimited tables and of what the column mapper makes of them. */
export const tableIssue = defineIssues({
  'non-utf8': {
    severity: 'info',
    meaning: 'The text is not UTF-8. It is read as Latin-1 (Windows-1252), the usual other encoding.',
    hint: 'If special characters look wrong, save the table as UTF-8.',
    example: 'The unit of a column is the byte B5, which is “µ” in Latin-1 and nothing in UTF-8.',
  },
  'delimiter-not-as-extension': {
    severity: 'info',
    meaning: 'The columns are not separated by the character that the file extension promises. The content decides.',
    hint: 'Nothing has to be done here; other programs may want the ending .tsv, or commas.',
    example: '“tracks.csv” has semicolons between its columns, as spreadsheets with decimal commas write them.',
  },
  'row-width': {
    severity: 'warning',
    meaning:
      'Some rows have more or fewer cells than the header. Missing cells count as absent, further ones are ignored.',
    hint: 'Look at the rows named: a delimiter inside an unquoted text is the usual cause.',
  },
  'record-too-long': {
    severity: 'error',
    meaning: 'A line is longer than any table has. It is left out.',
    hint: 'Check that the file is a table; a damaged file may have lost its line ends.',
  },
  'quote-not-closed': {
    severity: 'warning',
    meaning: 'A quotation mark opens a cell and nothing closes it. The mark is taken as an ordinary character.',
  },
  'no-header': {
    severity: 'info',
    meaning: 'The table has no header line; columns are called #1, #2 and so on.',
    hint: 'Say which column is x, y, the frame and the track.',
  },
  'no-position-columns': {
    severity: 'info',
    meaning: 'No columns with an x and a y position were found, so the file is kept as a plain table.',
    hint: 'If it does hold positions, say which columns they are.',
  },
  'no-time-column': {
    severity: 'warning',
    meaning: 'No column with a frame or a time was found: all objects are put into one frame and none is linked.',
    hint: 'Say which column holds the frame or the time.',
  },
  'no-track-column': {
    severity: 'info',
    meaning: 'No column says which objects belong together, so there are objects but no tracks.',
    hint: 'Say which column holds the track, if there is one.',
  },
  'mapping-column-unknown': {
    severity: 'error',
    meaning: 'The column mapping names a column that the table does not have.',
    hint: 'Choose the columns again for this table.',
  },
  'mapping-guessed': {
    severity: 'info',
    meaning: 'Which column means what was guessed from names and values.',
    hint: 'Check the assignment of the columns and correct it where it is wrong.',
  },
  'frame-base-unknown': {
    severity: 'info',
    meaning:
      'Frames do not start at 0, and the table does not say whether its first frame is 0 or 1. They are kept as found.',
    hint: 'Say whether the first frame of the film is number 0 or 1.',
  },
  'frames-from-time': {
    severity: 'info',
    meaning: 'The table has times but no frames; frames were computed from the usual time step.',
  },
  'irregular-time': {
    severity: 'warning',
    meaning: 'The times are not multiples of one step; frames are numbered in the order of the times.',
    hint: 'Give a column with frame numbers if gaps matter.',
  },
  'no-units': {
    severity: 'warning',
    meaning: 'The table does not say in which unit the positions are.',
    hint: 'Say whether the positions are pixels or micrometers.',
  },
  'pixel-units-only': {
    severity: 'info',
    meaning: 'Positions are in pixels; lengths and speeds need the pixel size.',
    hint: 'Give the pixel size, or pair the tracks with their film.',
  },
  'duplicate-frame-in-track': {
    severity: 'warning',
    meaning:
      'A track has more than one object in one frame. All objects are kept, and none of that frame is linked, because it is not known which one goes on.',
    hint: 'Correct the tracks in the tracking program if the links matter.',
    example: 'Track 7 has two rows with frame 12, at (10, 4) and (31, 8).',
  },
  'row-without-frame': {
    severity: 'warning',
    meaning: 'A row has no usable frame or time and is left out.',
  },
  'not-a-number': {
    severity: 'warning',
    meaning: 'A position cell holds something that is not a number. The object is kept without that coordinate.',
    hint: 'Correct the cell, or say which column really holds the position.',
  },
  'untracked-objects': {
    severity: 'info',
    meaning: 'Some objects belong to no track. They are kept as single objects.',
  },
  'object-id-not-unique': {
    severity: 'warning',
    meaning:
      'The object ids repeat, so they do not name one object. Objects are numbered by row, the ids kept as a column.',
  },
  'tracks-by-blank-lines': {
    severity: 'info',
    meaning: 'Blank lines separate groups of rows; each group is read as one track.',
  },
  'z-all-zero': {
    severity: 'info',
    meaning: 'Every z is 0: the data are planar and z is left out.',
  },
  'too-many-times': {
    severity: 'error',
    meaning: 'The table has more different times than we can number as frames.',
    hint: 'Give a column with frame numbers.',
  },
});

/** Codes of the catalogue of tables. */
export type TableIssueCode = keyof typeof tableIssue.catalogue;

/** Counts occurrences of issues so that a fault in a million rows is one issue with a number and five examples. */
export class IssueTally<Code extends string> {
  private readonly found = new Map<Code, { count: number; where: Where; examples: string[] }>();

  /** Notes one occurrence; `example` names it for people. */
  note(code: Code, where: Where, example: string): void {
    const entry = this.found.get(code);
    if (!entry) {
      this.found.set(code, { count: 1, where, examples: [example] });
      return;
    }
    entry.count++;
    if (entry.examples.length < 5) entry.examples.push(example);
  }

  /** Occurrences so far. */
  count(code: Code): number {
    return this.found.get(code)?.count ?? 0;
  }

  /** One issue for each code noted. `words` makes the message of the count. */
  issues(
    make: (code: Code, message: string, details: { where: Where }) => Issue,
    file: string,
    words: Partial<Record<Code, (count: number) => string>>,
  ): Issue[] {
    return [...this.found].map(([code, { count, where, examples }]) => {
      const what = words[code]?.(count) ?? `found ${count} times`;
      const shown = examples.map((example) => (example.length > 80 ? `${example.slice(0, 79)}…` : example));
      const list = `${count > shown.length ? 'first ' : ''}${shown.join('; ')}`;
      return make(code, `${what} (${list})`, { where: { file, ...where } });
    });
  }
}
