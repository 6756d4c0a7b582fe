import { Agent, createServer as createHttpServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way between two programs that can be cut. */
export interface Line {
  port: number;
  /** Ends every connection, and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  close(): void;
}

/** A line of bytes to a port of this machine, as between a server and its database. */
export async function openLine(to: { host: string; port: number }): Promise<Line> {
  const open = new Set<Socket>();
  let isCut = false;
  // Without a delay of small packets, as the programs at both ends ask for: with it each answer of more than one packet waits 40 ms.
  const server = createServer({ noDelay: true }, (near) => {
    if (isCut) return void near.destroy();
    const far = connect({ port: to.port, host: to.host, noDelay: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    isCut = true;
    for (const one of open) one.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => {
      isCut = false;
    },
    close() {
      cut();
      server.close();
    },
  };
}

/** What happens to a request on its way. */
export type Mishap = 'none' | 'refused' | 'cut' | 'slow' | 'answer lost';

/** A way of requests: to one of several servers in turn, with mishaps. */
export interface RequestLine {
  url: string;
  close(): void;
}

const slowness = 400;

/**
 * Hands requests on to the first of several addresses that takes them, beginning with the next one each time.
 * @param addresses asked for each request, for servers come and go
 * @param mishap asked for each request
 */
export async function openRequestLine(
  addresses: () => readonly string[],
  mishap: () => Mishap = () => 'none',
): Promise<RequestLine> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  let turn = 0;
  const server = createHttpServer((incoming, outgoing) => {
    outgoing.on('error', () => {});
    incoming.on('error', () => {});
    const all = addresses();
    const order = all.map((_one, at) => all[(turn + at) % all.length]!);
    turn++;
    void pass(incoming, outgoing, order, { agent, what: mishap() });
  });
  server.on('clientError', (_fault, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      agent.destroy();
      server.close();
      server.closeAllConnections();
    },
  };
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  order: readonly string[],
  { agent, what }: { agent: Agent; what: Mishap },
): Promise<void> {
  if (what === 'refused')
    return void outgoing
      .writeHead(503, { 'content-type': 'application/xml' })
      .end('<Error><Code>SlowDown</Code></Error>');
  if (what === 'cut') return void outgoing.destroy();
  if (what === 'slow') await new Promise((resolve) => setTimeout(resolve, slowness));
  const [first, ...others] = order;
  if (first === undefined) return void outgoing.writeHead(502).end();
  const { hostname, port } = new URL(first);
  const { method, url, headers } = incoming;
  const onward = request({ hostname, port, method, path: url, headers, agent }, (answer) => {
    // The other side did it, and who asked never hears of it.
    if (what === 'answer lost') {
      answer.resume();
      answer.on('end', () => outgoing.destroy());
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    if (method === 'HEAD') {
      // Swift closes the connection behind a HEAD of nothing: the answer is whole by then.
      outgoing.end();
      answer.on('error', () => {}).resume();
      return;
    }
    answer.on('error', () => outgoing.destroy());
    answer.pipe(outgoing);
  });
  onward.on('error', () => {
    if (outgoing.writableEnded) return;
    if (outgoing.headersSent) return void outgoing.destroy();
    // Nobody there: the next one, as a proxy does with what it may repeat.
    if (others.length > 0 && (method === 'GET' || method === 'HEAD'))
      return void pass(incoming, outgoing, others, { agent, what });
    outgoing.writeHead(502).end();
  });
  outgoing.on('close', () => outgoing.writableFinished || onward.destroy());
  incoming.pipe(onward);
}
