import { createHmac, timingSafeEqual } from 'node:crypto';

/** A mistake of the harvester, said with HTTP 200 as the protocol wants it (OAI-PMH 2.0, section 3.6). */
export class OaiError extends Error {
  override readonly name = 'OaiError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A moment as the protocol writes it. */
export const stamp = (iso: string) => `${new Date(iso).toISOString().slice(0, 19)}Z`;

/** Reads and writes the tokens of this installation. */
export interface Tokens {
  write(question: object): [token: string, expires: string];
  /** @throws OaiError `badResumptionToken` */
  read(token: string): Record<string, unknown>;
}

/** Hours a harvest may be interrupted for. */
const hoursKept = 72;

/**
 * Tokens that hold the question itself, so that a harvest goes on after a restart and on any server; signed, and good for three days.
 * @param secret of this installation
 */
export function signedTokens(secret: string): Tokens {
  const sign = (text: string) => createHmac('sha256', `oai ${secret}`).update(text).digest('base64url').slice(0, 22);
  const wrong = () =>
    new OaiError('badResumptionToken', 'This resumptionToken was not given by this repository, or has expired.');
  return {
    write(question) {
      const expires = new Date(Date.now() + hoursKept * 3_600_000).toISOString();
      const text = Buffer.from(JSON.stringify({ ...question, expires })).toString('base64url');
      return [`${text}.${sign(text)}`, stamp(expires)];
    },
    read(token) {
      const [text = '', signature = '', ...rest] = token.split('.');
      const [is, should] = [Buffer.from(signature), Buffer.from(sign(text))];
      if (rest.length > 0 || is.length !== should.length || !timingSafeEqual(is, should)) throw wrong();
      const question = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Record<string, unknown>;
      if (String(question['expires']) < new Date().toISOString()) throw wrong();
      return question;
    },
  };
}
