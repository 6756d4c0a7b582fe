import type { Issue } from '@micrarium/model';
import type { Language } from '../messages.ts';

/**
 * What each issue code means, and what to do about it where something can be done. The sentence of an issue itself
 * (`message`, with its names and numbers) is written in English where the issue is made; pages in another language show
 * the text of the code first and that sentence below it.
 */
export type IssueTexts = Readonly<Record<string, readonly [meaning: string, hint?: string]>>;

/** Titles of problem answers, by their code. */
export type ProblemTexts = Readonly<Record<string, string>>;

/** Texts for what the server and the readers write in English. */
export interface ServerTexts {
  issues: IssueTexts;
  problems: ProblemTexts;
  /** What is wrong with a value of a request, by the code of its issue. */
  requests: ProblemTexts;
}

/** An issue as a page shows it. */
export interface IssueWords {
  /** In the language of the page where it has a text for the code, else in English. */
  meaning: string;
  hint?: string;
  /** The English sentence with names and numbers, where `meaning` is not it. */
  detail?: string;
}

/**
 * The texts of issues and problems in a language; `undefined` for English, in which they are made. Loaded when asked
 * for, so that nobody carries texts in a language he does not read.
 */
export async function loadServerTexts(language: Language): Promise<ServerTexts | undefined> {
  return language === 'ja' ? (await import('./ja.ts')).serverTextsJa : undefined;
}

/** What to show of an issue, given the texts of the page's language. A code without a text is shown in English. */
export function issueWords(
  issue: Pick<Issue, 'code' | 'message'> & { hint?: string | undefined },
  texts: IssueTexts | undefined,
): IssueWords {
  const found = texts && Object.hasOwn(texts, issue.code) ? texts[issue.code] : undefined;
  if (!found) return { meaning: issue.message, ...(issue.hint === undefined ? {} : { hint: issue.hint }) };
  const [meaning, hint] = found;
  return { meaning, ...(hint === undefined ? {} : { hint }), detail: issue.message };
}

/**
 * What a refusal says is wrong with the values of a request, in the language of the texts: the first value, by the name of its key.
 * @param issues of the refusal
 * @returns `undefined` where the first issue has no text
 */
export function requestWords(
  issues: readonly { code: string; message: string; where?: { field?: string | undefined } | undefined }[],
  texts: ProblemTexts,
): string | undefined {
  const [issue] = issues;
  const text = issue && Object.hasOwn(texts, issue.code) ? texts[issue.code] : undefined;
  if (issue === undefined || text === undefined) return undefined;
  const limit = /[<>]=?\s?(-?\d+)/.exec(issue.message)?.[1];
  const said = limit === undefined ? text.replace(/（\{limit\}[^）]*）/, '') : text.replace('{limit}', limit);
  const field = issue.where?.field ?? '';
  return field === '' ? said : `${field}：${said}`;
}
