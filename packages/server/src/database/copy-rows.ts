import pg from 'pg';

/** What travels as a row of text to `copy … from stdin`. `null` is an empty place, a list an array. */
export type CopiedValue = string | number | boolean | null | readonly string[];

// Rows end at a line's end and columns at a tab; both, and the backslash that tells of them, are written as two signs.
const special = /[\\\t\n\r]/;
const signs: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (text: string) => (special.test(text) ? text.replace(/[\\\t\n\r]/g, (sign) => signs[sign]!) : text);

const plainEntry = /^[\w:.-]+$/;
const entry = (text: string) =>
  plainEntry.test(text) && text.toLowerCase() !== 'null' ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;

function columnText(value: CopiedValue): string {
  if (typeof value === 'string') return escaped(value);
  if (value === null) return '\\N';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'number') return String(value);
  return value.length === 0 ? '{}' : escaped(`{${value.map(entry).join(',')}}`);
}

/**
 * A row as `copy … from stdin` reads it (PostgreSQL, COPY, "Text Format"), with its line end. Texts must not hold a zero,
 * which no text of the database may.
 */
export const copiedRow = (values: readonly CopiedValue[]): string => `${values.map(columnText).join('\t')}\n`;

/** The part of a connection of `pg` that copying needs; its types leave it out. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** One `copy … from stdin`, in the form in which `pg` takes queries of others. */
class CopyIn {
  readonly text: string;
  readonly rows: string;
  readonly done: (fault?: Error) => void;
  private fault: Error | undefined;

  constructor(text: string, rows: string, done: (fault?: Error) => void) {
    this.text = text;
    this.rows = rows;
    this.done = done;
  }

  submit(connection: unknown): void {
    (connection as CopyConnection).query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(Buffer.from(this.rows));
    connection.endCopyFrom();
  }

  handleCommandComplete(): void {
    // How many rows there were is known to who sent them.
  }

  handleError(fault: Error): void {
    this.fault = fault;
    this.done(fault);
  }

  handleReadyForQuery(): void {
    if (this.fault === undefined) this.done();
  }
}

/**
 * Sends rows to a table at a fraction of the price of an insert, in one statement that holds or not.
 * @param into table and columns, as they stand in the statement: never anything that was sent to us
 * @param rows made by {@link copiedRow}, one after the other
 */
export async function copyRows(pool: pg.Pool, into: string, rows: string): Promise<void> {
  const client = await pool.connect();
  let fault: Error | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      client.query(new CopyIn(`copy ${into} from stdin`, rows, (why) => (why ? reject(why) : resolve())));
    });
  } catch (caught) {
    fault = caught as Error;
    throw caught;
  } finally {
    // A connection that failed half way is not used again.
    client.release(fault);
  }
}
