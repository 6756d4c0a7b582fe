import { expect, test } from 'vitest';
import { titleHtml } from './landing-title.ts';

test.each([
  ['Gut of <i>C. elegans <sub>N2</sub></i>: a < b & c', 'Gut of <i>C. elegans <sub>N2</sub></i>: a &lt; b &amp; c'],
  [
    '<script>alert(1)</script> & <i onclick="x">y</i>',
    '&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;i onclick=&quot;x&quot;&gt;y&lt;/i&gt;',
  ],
  ['<i><script>x</script></i>', '<i>&lt;script&gt;x&lt;/script&gt;</i>'],
  ['<i>not closed', '&lt;i&gt;not closed'],
  ['&lt;i&gt;x&lt;/i&gt;', '&amp;lt;i&amp;gt;x&amp;lt;/i&amp;gt;'],
])('%s', (title, written) => {
  expect(String(titleHtml(title))).toBe(written);
});
