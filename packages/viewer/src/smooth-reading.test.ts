import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readingSmoothly } from './smooth-reading.ts';

test('the shader of the installed Viv reads each channel between its pixels', () => {
  const layers = readFileSync(new URL(import.meta.resolve('@vivjs/layers')), 'utf8');
  const shader = /#define SHADER_NAME xr-layer-fragment-shader[\s\S]*?`;/.exec(layers)![0];
  const smooth = readingSmoothly(shader);
  expect(shader).toMatch(/= float\(texture\(channel/);
  expect(smooth).not.toMatch(/texture\(channel/);
  expect(smooth).toContain('= smoothly(channel${VIV_CHANNEL_INDEX_PLACEHOLDER}, vTexCoord);');
  expect(smooth.indexOf('float smoothly(')).toBeLessThan(smooth.indexOf('void main()'));
});
