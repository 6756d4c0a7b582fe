import { referenceNoteWords } from '@micrarium/api';
import { html } from 'hono/html';
import type { CheckedReference } from '../../references/reference-report.ts';
import { apiPath, dayText, type LandingData, sizeText } from './landing-data.ts';

type Html = ReturnType<typeof html>;

function stateText({ text, language }: LandingData, { check }: CheckedReference): string {
  if (!check) return text('references.state.none');
  if (check.state === 'there' && check.verifiedAt !== undefined)
    return text('references.state.verified', { date: dayText(check.verifiedAt, language) });
  return text(`references.state.${check.state}`);
}

/** What of a study is not held here, and what of that was last found missing or changed: for the facts at the top of its page. */
export function elsewhereText({ version, text, language, wrongReferences }: LandingData): string | Html {
  if (!version.referenced) return '';
  const wrong = (['missing', 'changed'] as const).flatMap((state) => {
    const count = wrongReferences?.[state] ?? 0;
    return count > 0
      ? html`<br><b>${text(`references.wrong.${state}`, { count: new Intl.NumberFormat(language).format(count) })}</b>`
      : [];
  });
  return html`<a class="l" href="#elsewhere">${countText({ text, language }, version.referenced)}</a>${wrong}`;
}

const countText = (
  { text, language }: Pick<LandingData, 'text' | 'language'>,
  { count, bytes }: { count: number; bytes: number },
) =>
  text('references.count', {
    count: new Intl.NumberFormat(language).format(count),
    size: sizeText(bytes, language),
  });

/** Files that stay where they are, plainly told apart from those held here: each link leads to the server that has the bytes. */
export function referencesTable(data: LandingData): Html {
  const { references = [], version, text, language } = data;
  const { referenced } = version;
  if (!referenced) return html``;
  const isClosed = data.closedUntil !== undefined || data.onRequest !== undefined;
  const row = (one: CheckedReference) => {
    const { host } = new URL(one.url);
    const note = one.check && referenceNoteWords(one.check.note, language);
    const isWrong = one.check !== undefined && one.check.state !== 'there';
    return html`<tr><td>${isClosed ? one.path : html`<a href="${one.url}" rel="noopener external">${one.path}</a>`}</td><td>${
      isClosed ? '' : html`<span class="tag">${text('references.stays', { host })}</span>`
    }</td><td class="r num nw">${sizeText(one.size, language)}</td><td><span class="hash">${one.sha256}</span></td><td>${
      isWrong ? html`<b>${stateText(data, one)}</b>` : stateText(data, one)
    }${note?.words ? html` <span class="m3 xs" lang="${note.language}">${note.words}</span>` : ''}${
      one.check ? html`<p class="m3 xs">${dayText(one.check.lookedAt, language)}</p>` : ''
    }</td></tr>`;
  };
  const count = countText(data, referenced);
  return html`<div class="hd" id="elsewhere"><h3>${text('references.title')}</h3><span class="s m3 num">${count}</span></div>
<div class="prose"><p>${text('references.text')}${isClosed ? ` ${text('references.closed')}` : ''}</p></div>
<div class="scrollx"><table class="t files"><thead><tr><th scope="col">${text('study.fileName')}</th><th scope="col"></th><th scope="col" class="r">${text('study.fileSize')}</th><th scope="col">SHA-256</th><th scope="col">${text('references.state')}</th></tr></thead><tbody>
${references.map(row)}
</tbody></table></div>${
    isClosed || references.length >= referenced.count
      ? ''
      : html`<p class="s row after"><a class="l" href="${apiPath(version)}/references">${text('references.more')}</a></p>`
  }`;
}
