import {
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind as Kind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { ExportResultCode, parseTraceParent, type ExportResult } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TraceSettings } from './trace-settings.ts';
import type { KeptSpan, SpanFacts, SpanKind, SpanStart, TraceKeeper } from './tracing.ts';

const kinds: Readonly<Record<SpanKind, Kind>> = {
  server: Kind.SERVER,
  client: Kind.CLIENT,
  producer: Kind.PRODUCER,
  consumer: Kind.CONSUMER,
  internal: Kind.INTERNAL,
};
/** Milliseconds between two sendings. */
const between = 2_000;
/** Spans that wait; more are let go of. A collector that is away costs this memory and no more. */
const mostWaiting = 4_096;
/** Milliseconds the end of the process waits for what is not sent yet. */
const farewell = 2_000;
/** Causes of one span that are named. */
const mostLinks = 50;

/** Sends on, and tells once when the collector stops taking what it is sent. */
class ToldExporter implements SpanExporter {
  private readonly inner: SpanExporter;
  private readonly onFault: (fault: unknown) => void;
  private isFailing = false;

  constructor(inner: SpanExporter, onFault: (fault: unknown) => void) {
    this.inner = inner;
    this.onFault = onFault;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.inner.export(spans, (result) => {
      const isFailing = result.code !== ExportResultCode.SUCCESS;
      if (isFailing && !this.isFailing)
        this.onFault(
          new Error('The collector of traces does not take them. Nothing else is held up, and this is told once.', {
            cause: result.error,
          }),
        );
      this.isFailing = isFailing;
      // What was not taken is lost, and that is all: traces are no reason for a fault.
      done({ code: ExportResultCode.SUCCESS });
    });
  }

  async forceFlush(): Promise<void> {
    await this.inner.forceFlush?.();
  }

  async shutdown(): Promise<void> {
    await this.inner.shutdown();
  }
}

class OtelSpan implements KeptSpan {
  readonly traceId: string;
  readonly traceparent: string;
  readonly span: Span;

  constructor(span: Span) {
    this.span = span;
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceId = traceId;
    this.traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  add(facts: SpanFacts): void {
    this.span.setAttributes(facts);
  }

  fail(fault?: unknown): void {
    this.span.setStatus({ code: SpanStatusCode.ERROR });
    if (fault !== undefined) this.span.setAttribute('error.type', fault instanceof Error ? fault.name : typeof fault);
  }

  end(): void {
    this.span.end();
  }
}

function samplerOf({ sampling, ratio, isParentBased }: TraceSettings): Sampler {
  const root =
    sampling === 'always_on'
      ? new AlwaysOnSampler()
      : sampling === 'always_off'
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(ratio);
  return isParentBased ? new ParentBasedSampler({ root }) : root;
}

/** Where a span hangs: below what runs here, else below what the caller says, else nowhere. */
function contextOf(within: KeptSpan | undefined, parent: string | undefined): Context {
  if (parent === undefined) return within instanceof OtelSpan ? trace.setSpan(ROOT_CONTEXT, within.span) : ROOT_CONTEXT;
  const said = parseTraceParent(parent);
  return said ? trace.setSpanContext(ROOT_CONTEXT, { ...said, isRemote: true }) : ROOT_CONTEXT;
}

function linksOf(links: readonly string[] = []): Link[] {
  return links
    .slice(0, mostLinks)
    .flatMap((one) => parseTraceParent(one) ?? [])
    .map((context) => ({ context: { ...context, isRemote: true } }));
}

/**
 * Makes traces by OpenTelemetry and sends them by OTLP over HTTP, as JSON. Loaded only where the operator names a collector.
 * @param role which process of the installation this is
 * @param onFault told when the collector stops taking what it is sent
 */
export function openTraces(
  settings: TraceSettings,
  { version, role, onFault }: { version: string; role: string; onFault(fault: unknown): void },
): TraceKeeper {
  const exporter = new ToldExporter(new OTLPTraceExporter(), onFault);
  const provider = new TracerProvider({
    sampler: samplerOf(settings),
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          'service.name': 'micrarium',
          'service.version': version,
          'micrarium.role': role,
          'process.pid': process.pid,
        }),
      )
      // What the operator says of it counts more: OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME.
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] })),
    spanLimits: { attributeValueLengthLimit: 2_000 },
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: between, maxQueueSize: mostWaiting })],
  });
  const tracer = provider.getTracer('micrarium', version);
  return {
    begin(name: string, { kind = 'internal', facts, parent, links }: SpanStart, within, startTime) {
      const options = {
        kind: kinds[kind],
        links: linksOf(links),
        ...(facts === undefined ? {} : { attributes: facts }),
        ...(startTime === undefined ? {} : { startTime }),
      };
      return new OtelSpan(tracer.startSpan(name, options, contextOf(within, parent)));
    },
    async close() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, farewell));
      await Promise.race([provider.shutdown().catch(() => {}), late]);
    },
  };
}
