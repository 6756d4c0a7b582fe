/** How much an issue matters: `error` makes the item invalid, `warning` may mislead a reader, `info` is good to know. */
export type Severity = 'error' | 'warning' | 'info';

/** Where in the deposited data an issue sits. Lines and rows are one-based; offsets are bytes from the start of the file. */
export interface Where {
  /** Path of the file, as the user gave it. */
  file?: string;
  /** One-based line of a text file. */
  line?: number;
  /** One-based data row of a table (the header does not count). */
  row?: number;
  /** Column name, or one-based column number where there is no name. */
  column?: string | number;
  /** Byte offset from the start of the file. */
  offset?: number;
  /** Field path in a structured document, such as `resources[0].schema`. */
  field?: string;
}

/** A problem in the data, as a value. Faults of the program are thrown as errors instead. */
export interface Issue {
  /** Stable identifier, kebab case; every code has an entry in `docs/issues.md`. */
  code: string;
  severity: Severity;
  /** What was found, in one plain sentence with the numbers in it. */
  message: string;
  where: Where;
  /** What the user can do next. */
  hint?: string;
  /** What to write instead, ready to be taken over; only where one repair is likely enough to be offered. */
  offer?: string;
}

/** One line of the catalogue of issue codes. */
export interface IssueCode {
  severity: Severity;
  /** What the code means, for the documentation page. */
  meaning: string;
  /** What to do about it; becomes the issue's hint unless another is given. */
  hint?: string;
  /** A case of it, for the documentation page. */
  example?: string;
}

/** Details of one occurrence. */
export interface IssueDetails {
  where?: Where;
  hint?: string;
  /** What to write instead. */
  offer?: string;
  /** Re-grades the code's usual severity. */
  severity?: Severity;
}

/** Makes issues of the codes in one catalogue; a misspelt code does not compile. */
export type IssueFactory<Code extends string> = ((code: Code, message: string, details?: IssueDetails) => Issue) & {
  /** The catalogue, for the documentation page and its test. */
  readonly catalogue: Readonly<Record<Code, IssueCode>>;
};

/**
 * Declares a catalogue of issue codes and returns the function that makes issues of them.
 * Every catalogue is listed in `docs/issues.md`, which a test compares with the code.
 */
export function defineIssues<const Code extends string>(
  catalogue: Readonly<Record<Code, IssueCode>>,
): IssueFactory<Code> {
  const make = (code: Code, message: string, details: IssueDetails = {}): Issue => {
    const entry = catalogue[code];
    const hint = details.hint ?? entry.hint;
    return {
      code,
      severity: details.severity ?? entry.severity,
      message,
      where: details.where ?? {},
      ...(hint === undefined ? {} : { hint }),
      ...(details.offer === undefined ? {} : { offer: details.offer }),
    };
  };
  return Object.assign(make, { catalogue });
}

/** Is any of the issues an error? */
export function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some((issue) => issue.severity === 'error');
}
