import { expect, it } from 'vitest';
import { deviceName } from './devices-section.tsx';

it('a device is named by its browser and its system, as people call them', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36';
  expect(deviceName(chrome)).toBe('Chrome, Linux');
  expect(deviceName(`${chrome} Edg/141.0`)).toBe('Edge, Linux');
  expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1')).toBe(
    'Safari, iOS',
  );
  expect(deviceName('Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe(
    'Firefox, Windows',
  );
  expect(deviceName('Mozilla/5.0 (Linux; Android 15) Chrome/141.0 Mobile Safari/537.36')).toBe('Chrome, Android');
  expect(deviceName('curl/8.5.0')).toBe('curl/8.5.0');
  expect(deviceName('')).toBe('');
});
