import type { Issue } from '@micrarium/model';
import { currentRequestId } from '../audit/request-id.ts';

/** Statuses a problem can have. */
export type ProblemStatus =
  | 400
  | 401
  | 403
  | 404
  | 405
  | 406
  | 408
  | 409
  | 410
  | 412
  | 413
  | 415
  | 416
  | 422
  | 428
  | 429
  | 500
  | 503
  | 507;

/**
 * Every code of a problem answer, with its status and what it means; the page `docs/errors.md` lists the same, which a
 * test compares.
 */
export const problemCodes = {
  'request-invalid': [400, 'The request does not fit'],
  'body-not-json': [400, 'The body is no JSON, or nests deeper than 64 levels'],
  'path-invalid': [400, 'The address cannot be read'],
  'cursor-invalid': [400, 'The cursor was not given by this list'],
  'password-known': [400, 'This password is among those that are tried first'],
  'sql-refused': [400, 'This statement is not run here'],
  'sql-failed': [400, 'The statement could not be run'],
  'not-signed-in': [401, 'Sign in, or send a valid token'],
  'code-needed': [401, 'The code of the authenticator app is needed too'],
  'sign-in-refused': [401, 'The e-mail address or the password is wrong'],
  'not-allowed': [403, 'This account or token may not do this'],
  'origin-refused': [403, 'The request came from another site'],
  'page-token-wrong': [403, 'The token of the page is missing, or belongs to another session'],
  'second-factor-needed': [403, 'This role counts with a second factor only'],
  embargoed: [403, 'The files of this study are closed until a day'],
  'access-on-request': [403, 'The files of this study are given on request'],
  'terms-not-accepted': [403, 'The files of this study are for those who accepted their terms'],
  'file-quarantined': [403, 'This file is in quarantine'],
  'files-closed': [403, 'Nobody reads the files of this study here'],
  'not-found': [404, 'There is nothing at this address, or nothing for you'],
  'method-not-allowed': [405, 'This address does not take this method'],
  'not-acceptable': [406, 'There is no form of this that the request takes'],
  'too-slow': [408, 'The body came too slowly'],
  'still-running': [409, 'The first request with this Idempotency-Key is still running'],
  'state-conflict': [409, 'This is not possible as things stand'],
  'digest-differs': [409, 'The bytes are not those whose digest was stated'],
  'not-comparable': [409, 'These cannot be scored or compared with each other'],
  'not-convertible': [409, 'The target cannot hold this item'],
  withdrawn: [410, 'This study was withdrawn'],
  'bytes-lost': [410, 'The bytes of this file are lost or damaged'],
  'welcome-gone': [410, 'The link was used, has expired, or is not ours'],
  'revision-stale': [412, 'Somebody saved in between'],
  'body-too-large': [413, 'The body is larger than is taken here'],
  'quota-exceeded': [413, 'This is more than may be deposited'],
  'media-type-refused': [415, 'The body is of a kind, or packed in a way, that is not taken here'],
  'range-outside': [416, 'The file has no such range'],
  'sql-over-limit': [422, 'The statement takes more than it may'],
  'key-reused': [422, 'This Idempotency-Key was sent with another request'],
  incomplete: [422, 'Something is missing'],
  'revision-needed': [428, 'If-Match with the revision is needed'],
  'too-many-tries': [429, 'Too many tries'],
  'internal-fault': [500, 'A fault of the server, noted in its log'],
  preparing: [503, 'The server is still preparing'],
  'database-unreachable': [503, 'The database of this server does not answer'],
  'form-being-made': [503, 'This form is being made'],
  'sql-busy': [503, 'Too many statements are being run'],
  'sql-unavailable': [503, 'SQL is not run on this server'],
  'storage-full': [507, 'The server has no space left'],
} as const satisfies Record<string, readonly [ProblemStatus, string]>;

/** Stable code of a problem. */
export type ProblemCode = keyof typeof problemCodes;

/** A request that cannot be answered as asked. Caught in one place, which makes the answer. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly issues: readonly Issue[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Names of what can be done instead. */
  readonly allowed: readonly string[] | undefined;
  /** What the answer tells besides: extension members (RFC 9457, section 3.2). */
  readonly members: Readonly<Record<string, unknown>>;

  /** @param detail tells the person what to do next; never a path, SQL or stack */
  constructor(
    code: ProblemCode,
    detail?: string,
    more: {
      issues?: readonly Issue[];
      headers?: Record<string, string>;
      cause?: unknown;
      allowed?: readonly string[];
      members?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(detail ?? problemCodes[code][1], { cause: more.cause });
    this.code = code;
    this.issues = more.issues;
    this.headers = more.headers ?? {};
    this.allowed = more.allowed;
    this.members = more.members ?? {};
  }
}

/**
 * The one table from errors of the packages below, by their tag, to problems. An error that is not here is a fault of
 * the server: 500, its text only in the log.
 */
const byTag: Readonly<Record<string, ProblemCode>> = {
  NotAllowed: 'not-allowed',
  FileQuarantined: 'file-quarantined',
  RevisionConflict: 'revision-stale',
  BlobMissing: 'not-found',
  BytesLost: 'bytes-lost',
  CursorInvalid: 'cursor-invalid',
  CursorWrong: 'cursor-invalid',
  FilterWrong: 'request-invalid',
  ReuseRefused: 'request-invalid',
  UploadMissing: 'not-found',
  EmailTaken: 'state-conflict',
  NotThere: 'not-found',
  QuotaExceeded: 'quota-exceeded',
  PasswordKnown: 'password-known',
  DraftNotEditable: 'state-conflict',
  Refused: 'incomplete',
  StateRefused: 'state-conflict',
};

/** The problem an error is, seen from outside. */
export function problemOf(fault: unknown): Problem {
  if (fault instanceof Problem) return fault;
  const {
    name = '',
    message = '',
    code,
    isHidden,
  } = (fault ?? {}) as {
    name?: string;
    message?: string;
    code?: string;
    isHidden?: boolean;
  };
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Problem('storage-full', undefined, { cause: fault });
  if (name === 'ObjectStorageFault' && code === 'EAGAIN')
    return new Problem('preparing', 'The storage does not answer; ask again in a moment.', {
      headers: { 'retry-after': '5' },
      cause: fault,
    });
  // Asked for within the moment for which the place of an object is remembered that is gone.
  if (name === 'ObjectStorageFault' && code === 'ENOENT') return new Problem('not-found', undefined, { cause: fault });
  if (name === 'NotAllowed' && isHidden) return new Problem('not-found', undefined, { cause: fault });
  const known = Object.hasOwn(byTag, name) ? byTag[name] : undefined;
  if (known === undefined) return new Problem('internal-fault', undefined, { cause: fault });
  // Messages of these are sentences for people; those of storage errors name digests and paths.
  const forPeople: readonly ProblemCode[] = [
    'state-conflict',
    'cursor-invalid',
    'incomplete',
    'request-invalid',
    'quota-exceeded',
    'password-known',
    'file-quarantined',
    'bytes-lost',
  ];
  const isForPeople = forPeople.includes(known);
  const { issues, allowed, members } = fault as {
    issues?: readonly Issue[];
    allowed?: readonly string[];
    members?: Readonly<Record<string, unknown>>;
  };
  return new Problem(known, isForPeople ? message : undefined, {
    cause: fault,
    ...(issues ? { issues } : {}),
    ...(allowed ? { allowed } : {}),
    ...(members ? { members } : {}),
  });
}

/** Where in a body something is wrong, as a JSON pointer (RFC 6901); `''` for all of it. */
const pointerOf = ({ where }: Issue): string =>
  (where?.field ?? '')
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');

/** The answer to a problem, as RFC 9457 says, with the id of the request that runs just now. @param instance path of the request */
export function problemResponse(problem: Problem, instance?: string): Response {
  const [status, title] = problemCodes[problem.code];
  const requestId = currentRequestId();
  const body = {
    ...problem.members,
    type: `/docs/errors#${problem.code}`,
    title,
    status,
    code: problem.code,
    ...(problem.message === title ? {} : { detail: problem.message }),
    ...(instance === undefined ? {} : { instance }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(problem.issues
      ? {
          errors: problem.issues.map((one) => ({ pointer: pointerOf(one), code: one.code, message: one.message })),
          issues: problem.issues,
        }
      : {}),
    ...(problem.allowed ? { allowed: problem.allowed } : {}),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...problem.headers },
  });
}
