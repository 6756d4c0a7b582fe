/** As much of an OpenAPI document as is looked at here. */
interface Document {
  paths?: Record<string, Record<string, unknown>>;
}
interface Operation {
  parameters?: unknown[];
  requestBody?: unknown;
  responses?: Record<string, unknown>;
}

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const;

const answer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const text = { type: 'string' };
const address = { type: 'string', format: 'uri' };
/** Said of a file that is known and whose bytes no copy here has. */
const ofLoss = {
  sha256: text,
  lost: { enum: ['missing', 'damaged'] },
  since: { type: 'string', format: 'date-time' },
  path: text,
  size: { type: 'integer' },
};

/** What its tombstone tells of a study, beside the problem: nothing of one that was withdrawn before anybody was to know of it. */
const withdrawn = {
  description: 'The study was withdrawn: what stays of it; or the bytes of a file are lost or damaged (`bytes-lost`)',
  content: {
    'application/problem+json': {
      schema: {
        allOf: [
          { $ref: '#/components/schemas/Problem' },
          {
            type: 'object',
            properties: {
              accession: text,
              version: { type: 'integer' },
              minor: { type: 'integer' },
              state: { const: 'withdrawn' },
              withdrawnAt: { type: 'string', format: 'date-time' },
              reason: text,
              purgedOn: { type: 'string', format: 'date' },
              replacedBy: text,
              replacement: address,
              studyTitle: text,
              publishedAt: { type: 'string', format: 'date-time' },
              citation: text,
              doi: text,
              versionDoi: text,
              url: address,
              metadata: { type: 'array', items: address },
              linkset: address,
              ...ofLoss,
            },
          },
        ],
      },
    },
  },
};

const namesKey = ({ parameters = [] }: Operation) =>
  parameters.some((one) => (one as { name?: string }).name?.toLowerCase() === 'idempotency-key');
const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 200 },
  description:
    "A text of one's own, such as a UUID: the same request sent again with it within a day gets the first answer, and nothing is done twice.",
};

/**
 * Writes into each operation what stands before all of them: who asks, where a write comes from, what a body may be, and the
 * states of a study. A route need not name these itself; what it names counts before them.
 */
export function withCommonAnswers<Given extends object>(document: Given): Given {
  for (const [path, operations] of Object.entries((document as Document).paths ?? {}))
    for (const method of methods) {
      const operation = operations[method] as Operation | undefined;
      if (operation && method === 'post' && !namesKey(operation))
        operation.parameters = [...(operation.parameters ?? []), idempotencyKey];
      if (operation) operation.responses = { ...commonAnswers(path, method, operation), ...operation.responses };
    }
  return document;
}

function commonAnswers(path: string, method: string, operation: Operation): Record<string, unknown> {
  const isOfStudy = path.startsWith('/studies/{accession}');
  return {
    400: answer('The request does not fit'),
    401: answer('The token is unknown, revoked or expired'),
    ...(method === 'get'
      ? {}
      : { 403: answer('A write with a session that does not come from a page of this server') }),
    ...(method === 'get' ? {} : { 415: answer('The body is of a kind, or packed in a way, that is not taken here') }),
    ...(method === 'post'
      ? {
          409: answer('The first request with this Idempotency-Key is still running'),
          422: answer('This Idempotency-Key was sent with another request'),
        }
      : {}),
    429: answer('Too many requests; `Retry-After` says when to come back'),
    ...(operation.requestBody === undefined
      ? {}
      : { 408: answer('The body came too slowly'), 413: answer('The body is too large') }),
    ...(isOfStudy ? { 410: withdrawn } : {}),
    ...(isOfStudy && path.includes('/versions/') ? { 403: answer('The files are closed until a day') } : {}),
    503: answer('The server is still preparing; ask again'),
  };
}
