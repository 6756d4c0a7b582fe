import { expect, test } from 'vitest';
import { StartRefused } from '../start/start-refused.ts';
import { statementName, statementText } from './statement-text.ts';
import { readTraceSettings } from './trace-settings.ts';
import { currentPlace, currentTraceId, noteStep, traced } from './tracing.ts';

const endpoint = 'http://localhost:4318';

test('traces are sent only where an address is named, and as is said', () => {
  expect(readTraceSettings({})).toBeUndefined();
  expect(readTraceSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' })).toBeUndefined();
  expect(readTraceSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toEqual({
    endpoint,
    sampling: 'always_on',
    ratio: 1,
    isParentBased: true,
  });
  const off = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
  expect(readTraceSettings({ ...off, OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
  expect(readTraceSettings({ ...off, OTEL_TRACES_EXPORTER: 'none' })).toBeUndefined();
  expect(
    readTraceSettings({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://name:password@traces.example.org/v1/traces?key=1',
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.1',
    }),
  ).toEqual({ endpoint: 'https://traces.example.org', sampling: 'traceidratio', ratio: 0.1, isParentBased: false });
});

test.each([
  { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost' },
  { OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://localhost' },
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER: 'jaeger_remote' },
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: '2' },
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: 'half' },
])('%j stops the start', (from) => {
  expect(() => readTraceSettings(from)).toThrow(StartRefused);
});

test.each([
  ["select 'a''b' as x, 12 from t1 where y = $1", 'select ? as x, ? from t1 where y = $1'],
  [
    'insert into "draft_file" ("a", "b") values ($1, $2), ($3, $4)',
    'insert into "draft_file" ("a", "b") values (…), …',
  ],
  ['select 1.5,\n  col2 from "table3" where id in ($1, $22,$3)', 'select ?, col2 from "table3" where id in (…)'],
])('%s is told without values', (sql, told) => {
  expect(statementText(sql)).toBe(told);
});

test('a statement is named by what it does, and with which table', () => {
  expect(statementName('select a from "study" where b = $1')).toBe('SELECT study');
  expect(statementName('insert into "draft" values ($1)')).toBe('INSERT draft');
  expect(statementName('update study set a = 1')).toBe('UPDATE study');
  expect(statementName('begin')).toBe('BEGIN');
  expect(statementText('x'.repeat(5000)).length).toBe(1000);
});

test('where no traces are kept everything is done, and nothing else', async () => {
  const done = await traced('a', {}, async (span) => {
    span.add({ a: 1 });
    span.fail();
    noteStep(
      'database',
      () => {
        throw new Error('asked for');
      },
      () => ({}),
      1,
    );
    return [currentPlace(), currentTraceId()];
  });
  expect(done).toEqual([undefined, undefined]);
  await expect(traced('b', {}, () => Promise.reject(new Error('of its own')))).rejects.toThrow('of its own');
});
