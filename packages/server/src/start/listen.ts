import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { HttpEnvironment } from '../http/context.ts';
import { requestIdFor } from '../audit/request-id.ts';
import { AnsweredRanges } from '../http/answered-ranges.ts';
import { isAnswerOf, sendDirectly } from '../http/direct-answer.ts';
import { StartRefused } from './start-refused.ts';

/** What answers requests; may be another one later. */
export interface Answerer {
  fetch(request: Request, env?: unknown): Response | Promise<Response>;
}

/** Ports tried after the one asked for. */
const furtherPorts = 50;
/** Milliseconds a connection may be silent while a request or its answer comes. */
const silenceLimit = 120_000;

function listenOn(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (fault: NodeJS.ErrnoException) => {
      if (fault.code === 'EADDRINUSE') resolve(false);
      else
        reject(
          new StartRefused(`This machine does not let us listen on ${host}:${port} (${fault.code}).`, { cause: fault }),
        );
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.removeListener('error', onError);
      resolve(true);
    });
  });
}

/**
 * Cuts connections off that are silent in the middle of a request or of an answer. Who has asked and waits for the answer is not silent: a
 * hundred thousand files take minutes to publish.
 */
function cutSilent(server: Server, limit: number): void {
  const asked = new WeakMap<Socket, { request: IncomingMessage; response: ServerResponse }>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) =>
    asked.set(request.socket, { request, response }),
  );
  server.setTimeout(limit, (socket: Socket) => {
    const { request, response } = asked.get(socket) ?? {};
    if (request?.complete && response && !response.headersSent && !response.writableEnded) socket.setTimeout(limit);
    else socket.destroy();
  });
}

/** How often a header stands in a request as it came; Node keeps the first of some. */
function countOf({ rawHeaders }: IncomingMessage, name: string): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]!.toLowerCase() === name) count++;
  return count;
}

/**
 * Serves the application on the port asked for, or the next free one.
 * @param silence milliseconds a connection may be silent
 * @throws StartRefused where no port is free or the host is not one of this machine
 */
export async function listen(
  app: Answerer,
  host: string,
  port: number,
  silence = silenceLimit,
): Promise<{ server: Server; port: number; url: string }> {
  const ranges = new AnsweredRanges();
  const answerOf = async (request: Request, env: HttpEnvironment['Bindings']): Promise<Response> => {
    const since = ranges.moment;
    const response = await app.fetch(request, env);
    const { direct, incoming, outgoing } = env;
    if (!direct || !incoming || !outgoing) return response;
    if (isAnswerOf(response, direct)) ranges.keep(incoming, response, direct, since);
    return await sendDirectly(outgoing, response, direct);
  };
  const answer = getRequestListener((request, env) => answerOf(request, env as HttpEnvironment['Bindings']), {
    // A request target nobody can read: said so, and the program lives on.
    errorHandler: () => {
      const requestId = requestIdFor(undefined);
      const body = { title: 'The address cannot be read', status: 400, code: 'path-invalid', requestId };
      return new Response(JSON.stringify(body), {
        status: 400,
        headers: { 'content-type': 'application/problem+json', 'x-request-id': requestId },
      });
    },
  });
  const server = createServer(
    // Looked at each five seconds, not each thirty: who drips headers is cut off when it is said.
    { keepAliveTimeout: 65_000, headersTimeout: 20_000, requestTimeout: 0, connectionsCheckingInterval: 5_000 },
    (request, response) => {
      response.on('error', () => {});
      request.on('error', () => {});
      // Two of them are two answers to where the request is for, and a proxy may have taken the other.
      if (countOf(request, 'host') > 1) {
        response.writeHead(400, { connection: 'close', 'content-type': 'application/problem+json' });
        response.end(
          JSON.stringify({ title: 'The request names several hosts', status: 400, code: 'request-invalid' }),
        );
        return;
      }
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        ranges.forget();
        response.on('close', () => ranges.forget());
      }
      ranges.answer(request, response).then(
        (isAnswered) => isAnswered || void answer(request, response),
        (fault: unknown) => response.destroy(fault instanceof Error ? fault : undefined),
      );
    },
  );
  cutSilent(server, silence);
  server.on('clientError', (_fault, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  for (let tried = 0; tried <= furtherPorts; tried++) {
    const candidate = port === 0 ? 0 : port + tried;
    if (candidate > 65_535) break;
    if (await listenOn(server, host, candidate)) {
      const at = (server.address() as { port: number }).port;
      const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
      return { server, port: at, url: `http://${name}:${at}` };
    }
  }
  throw new StartRefused(`No port from ${port} to ${port + furtherPorts} is free. Name another with --port.`);
}
