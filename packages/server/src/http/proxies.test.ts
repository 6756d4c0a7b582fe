import { expect, test } from 'vitest';
import { Proxies, ProxiesUnreadable } from './proxies.ts';

const proxies = new Proxies(['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8']);

test('behind believed proxies the last address that is none of them counts', () => {
  expect(proxies.origin('203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
  expect(proxies.origin('127.0.0.1', '198.51.100.1')).toBe('198.51.100.1');
  expect(proxies.origin('::ffff:127.0.0.1', ' 198.51.100.1 , 10.2.3.4')).toBe('198.51.100.1');
  // What somebody writes before the proxy does is not believed.
  expect(proxies.origin('10.0.0.2', '192.0.2.66, 198.51.100.1')).toBe('198.51.100.1');
  expect(proxies.origin('fd00::2', '2001:db8::7')).toBe('2001:db8::7');
  expect(proxies.origin('127.0.0.1', '[2001:db8::7]:443')).toBe('2001:db8::7');
  expect(proxies.origin('127.0.0.1', '198.51.100.1:5555')).toBe('198.51.100.1');
});

test('nonsense in the header, and no header, leave what is known', () => {
  expect(proxies.origin('127.0.0.1', undefined)).toBe('127.0.0.1');
  expect(proxies.origin('127.0.0.1', 'unknown')).toBe('127.0.0.1');
  expect(proxies.origin('127.0.0.1', '198.51.100.1, <script>')).toBe('127.0.0.1');
  expect(proxies.origin('local', '198.51.100.1')).toBe('local');
  expect(new Proxies([]).origin('127.0.0.1', '198.51.100.1')).toBe('127.0.0.1');
});

test.each(['10.0.0.0/33', 'proxy', '10.0.0.0/8/1', '1.2.3', '', '::/129', '10.0.0.0/x'])('%s is no network', (one) => {
  expect(() => new Proxies([one])).toThrow(ProxiesUnreadable);
});
