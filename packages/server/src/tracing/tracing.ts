import { AsyncLocalStorage } from 'node:async_hooks';

/** What is said of a span: never a value that somebody typed or sent, no name of a file, no address of a person or of an object. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** What a span is, to those who draw traces. */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';

/** How a span begins. */
export interface SpanStart {
  kind?: SpanKind;
  facts?: SpanFacts;
  /** What caused it, as the header `traceparent` says it (W3C Trace Context), where that runs elsewhere. Else it is part of what runs here. */
  parent?: string | undefined;
  /** Further causes, said alike. */
  links?: readonly string[];
}

/** A span that runs. */
export interface OpenSpan {
  rename(name: string): void;
  add(facts: SpanFacts): void;
  /** It went wrong. Only the kind of fault is kept: its words may name files and people. */
  fail(fault?: unknown): void;
}

/** A span as what keeps traces holds it. */
export interface KeptSpan extends OpenSpan {
  readonly traceId: string;
  /** Its place, for what it causes elsewhere. */
  readonly traceparent: string;
  end(): void;
}

/** What keeps traces and sends them away. */
export interface TraceKeeper {
  /** @param startedAt milliseconds since 1970; left out, now */
  begin(name: string, start: SpanStart, within: KeptSpan | undefined, startedAt?: number): KeptSpan;
  /** Sends what is not sent yet, and lets go. */
  close(): Promise<void>;
}

/** Small steps of one span that are spans of their own; those beyond are only counted. */
const mostSteps = 100;

interface Current {
  span: KeptSpan;
  steps: Map<string, { count: number; milliseconds: number }>;
}

const current = new AsyncLocalStorage<Current>();
let keeper: TraceKeeper | undefined;
const untold: OpenSpan = { rename: () => {}, add: () => {}, fail: () => {} };

/** From now on spans of this process are kept; `undefined`: none any more. */
export function keepTraces(by: TraceKeeper | undefined): void {
  keeper = by;
}

/** Are traces kept? What makes them is not even loaded otherwise. */
export function areTracesKept(): boolean {
  return keeper !== undefined;
}

/** Does something as one span, part of the span it is called in. Without a keeper it is done, and that is all. */
export async function traced<Result>(
  name: string,
  start: SpanStart,
  work: (span: OpenSpan) => Promise<Result>,
): Promise<Result> {
  if (!keeper) return await work(untold);
  const span = keeper.begin(name, start, current.getStore()?.span);
  const here: Current = { span, steps: new Map() };
  try {
    return await current.run(here, () => work(span));
  } catch (fault) {
    span.fail(fault);
    throw fault;
  } finally {
    for (const [kind, { count, milliseconds }] of here.steps)
      span.add({ [`micrarium.${kind}.count`]: count, [`micrarium.${kind}.milliseconds`]: Math.round(milliseconds) });
    span.end();
  }
}

/**
 * Notes a small step that is over, such as a query: within a span only, and beyond the first hundred of its kind as a count of the span alone.
 * What works by itself every few seconds would else fill the collector.
 * @param kind `database`, `storage`
 * @param milliseconds it took, until now
 */
export function noteStep(
  kind: string,
  name: () => string,
  facts: () => SpanFacts,
  milliseconds: number,
  fault?: unknown,
): void {
  const here = current.getStore();
  if (!keeper || !here) return;
  const known = here.steps.get(kind) ?? { count: 0, milliseconds: 0 };
  here.steps.set(kind, { count: known.count + 1, milliseconds: known.milliseconds + milliseconds });
  if (known.count >= mostSteps) return;
  const span = keeper.begin(name(), { kind: 'client', facts: facts() }, here.span, Date.now() - milliseconds);
  if (fault !== undefined) span.fail(fault);
  span.end();
}

/** Id of the trace of what runs just now, for lines of the log; `undefined` where none is kept. */
export function currentTraceId(): string | undefined {
  return current.getStore()?.span.traceId;
}

/** Place of what runs just now, for the header `traceparent` of what it causes elsewhere. */
export function currentPlace(): string | undefined {
  return current.getStore()?.span.traceparent;
}

/**
 * Asks a service outside, as one span; the service is given the place in the trace, and nothing else of it.
 * @param service what it is, in our words: never its address
 */
export async function tracedCall<Result>(
  service: string,
  method: string,
  ask: (headers: Record<string, string>, span: OpenSpan) => Promise<Result>,
): Promise<Result> {
  const facts = { 'peer.service': service, 'http.request.method': method };
  return await traced(`${service} ${method}`, { kind: 'client', facts }, async (span) => {
    const place = currentPlace();
    return await ask(place === undefined ? {} : { traceparent: place }, span);
  });
}
