import { StartRefused } from '../start/start-refused.ts';

/** Which traces are kept that nobody has decided about yet. */
export type Sampling = 'always_on' | 'always_off' | 'traceidratio';

/** What is set of traces, by the environment variables that OpenTelemetry names. */
export interface TraceSettings {
  /** Where they are sent, without what is secret. */
  endpoint: string;
  sampling: Sampling;
  /** Share that is kept, for `traceidratio`. */
  ratio: number;
  /** Does what the caller decided count before that? */
  isParentBased: boolean;
}

/**
 * Reads where traces are sent. The exporter reads headers, certificates, time limits and compression of `OTEL_EXPORTER_OTLP_…` by itself.
 * @returns `undefined` where no address is named, or traces are switched off
 * @throws StartRefused where what is set cannot be
 */
export function readTraceSettings(from: Readonly<Record<string, string | undefined>>): TraceSettings | undefined {
  const said = (name: string) => from[name]?.trim() || undefined;
  const endpoint = said('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? said('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (endpoint === undefined) return undefined;
  if (said('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' || said('OTEL_TRACES_EXPORTER') === 'none') return undefined;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new StartRefused('OTEL_EXPORTER_OTLP_ENDPOINT: name an address such as http://localhost:4318');
  const protocol = said('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? said('OTEL_EXPORTER_OTLP_PROTOCOL');
  if (protocol === 'grpc')
    throw new StartRefused(
      'OTEL_EXPORTER_OTLP_PROTOCOL: traces are sent by HTTP as JSON (http/json), not by gRPC; name the port of the collector for HTTP, 4318 as a rule',
    );
  return { endpoint: url.origin, ...samplingOf(said) };
}

function samplingOf(
  said: (name: string) => string | undefined,
): Pick<TraceSettings, 'sampling' | 'ratio' | 'isParentBased'> {
  const name = said('OTEL_TRACES_SAMPLER') ?? 'parentbased_always_on';
  const sampling = name.replace(/^parentbased_/, '');
  if (sampling !== 'always_on' && sampling !== 'always_off' && sampling !== 'traceidratio')
    throw new StartRefused(
      'OTEL_TRACES_SAMPLER: always_on, always_off or traceidratio, each also with parentbased_ before it',
    );
  const ratio = Number(said('OTEL_TRACES_SAMPLER_ARG') ?? '1');
  if (!(ratio >= 0 && ratio <= 1)) throw new StartRefused('OTEL_TRACES_SAMPLER_ARG: a share from 0 to 1');
  return { sampling, ratio, isParentBased: name.startsWith('parentbased_') };
}
