import { createServer, type Server } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** A span as the collector got it. */
export interface CollectedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  kind: number;
  /** 2: an error. */
  status: number;
  links: string[];
  facts: Record<string, unknown>;
  /** Facts of the process it is of. */
  process: Record<string, unknown>;
}

interface Value {
  stringValue?: string;
  intValue?: number | string;
  doubleValue?: number;
  boolValue?: boolean;
}
interface Attribute {
  key: string;
  value: Value;
}
interface Sent {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: {
        name: string;
        traceId: string;
        spanId: string;
        parentSpanId?: string;
        kind: number;
        status?: { code?: number };
        links?: { spanId: string }[];
        attributes: Attribute[];
      }[];
    }[];
  }[];
}

const facts = (attributes: readonly Attribute[]) =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.doubleValue ?? value.boolValue ?? Number(value.intValue),
    ]),
  );

/** A small collector of traces: OTLP over HTTP, as JSON. */
export interface Collector {
  url: string;
  spans: CollectedSpan[];
  /** Everything it was sent, as text. */
  sent(): string;
  close(): Promise<void>;
}

/** Starts a collector. @param answer `silent`: it hears what it is sent, and never answers */
export async function startCollector(answer?: 'silent'): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  let all = '';
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      if (answer === 'silent') return;
      const bytes = Buffer.concat(pieces);
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
      all += text;
      for (const { resource, scopeSpans } of (JSON.parse(text) as Sent).resourceSpans)
        for (const one of scopeSpans.flatMap((scope) => scope.spans))
          spans.push({
            name: one.name,
            traceId: one.traceId,
            spanId: one.spanId,
            parentSpanId: one.parentSpanId || undefined,
            kind: one.kind,
            status: one.status?.code ?? 0,
            links: (one.links ?? []).map(({ spanId }) => spanId),
            facts: facts(one.attributes),
            process: facts(resource.attributes),
          });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    // By name: the address that tests look for in what a server prints is its own.
    url: `http://localhost:${port}`,
    spans,
    sent: () => all,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
