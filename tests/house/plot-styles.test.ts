import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stylesOfPlots } from '../../packages/server/src/http/inline-styles.ts';

const source = (name: string) =>
  readFileSync(new URL(`../../node_modules/@observablehq/plot/src/${name}`, import.meta.url), 'utf8');

/** Texts that a file of Observable Plot writes into style elements, and the pieces it puts into them. */
const templates = (name: string, shape: RegExp): string[] => [...source(name).matchAll(shape)].map(([, text]) => text!);

test('the styles that pages may hold inline are those of the installed Observable Plot, all of them and no other', () => {
  const [name] = templates('style.js', /name === undefined\) return "([\w-]+)"/g);
  const intoStyle = /(?:append\("style"\)|insert\("style", "\*"\))\.text\(\s*`([^`]*)`/g;
  const swatches = templates('legends/swatches.js', intoStyle);
  const arranged = templates('legends/swatches.js', /extraStyle = `([^`]*)`/g);
  const texts = [
    ...templates('plot.js', intoStyle),
    ...templates('legends/ramp.js', intoStyle),
    ...swatches.flatMap((text) => arranged.map((extra) => text.replace('${extraStyle}', extra))),
  ].map((text) => text.replaceAll('${className}', name!));
  expect(texts).toHaveLength(4);
  expect(texts.join('')).not.toContain('$');
  const digests = texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  expect([...stylesOfPlots].sort()).toEqual(digests.sort());
});
