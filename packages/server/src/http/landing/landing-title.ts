import { plainTitle } from '@micrarium/standards';
import { html, raw } from 'hono/html';

/** A title for a heading: italics, bold, raised and lowered as journals mark them, in whole pairs; all else is text. */
export function titleHtml(title: string): ReturnType<typeof html> {
  // Nothing to mark, or longer than marks are looked for.
  if (plainTitle(title) === title) return html`${title}`;
  for (let [text, before] = [String(html`${title}`), '']; ; ) {
    [text, before] = [text.replace(/&lt;(i|em|b|strong|sub|sup)&gt;(.*?)&lt;\/\1&gt;/gis, '<$1>$2</$1>'), text];
    if (text === before) return html`${raw(text)}`;
  }
}
