import { html } from 'hono/html';
import type { Question } from '../../questions/questions.ts';
import type { Reuse } from '../../questions/reuses.ts';
import { dayText, type LandingData } from './landing-data.ts';

type Html = ReturnType<typeof html>;

/** Entries shown of each list; the page of its own has them all. */
const mostShown = 20;

/** Where the data were used again, and papers of the data that others found: before everything else that is said of the study. Nothing where nobody has used it. */
export function reuseSection({ version, text, language, reuses = [], privateUntil }: LandingData): Html {
  if (reuses.length === 0 || privateUntil) return html``;
  const line = (one: Reuse) =>
    html`<li><span class="s m2">${text(`readers.${one.kind}`)}</span> <a class="l" href="${one.url}">${one.title || one.identifier}</a> ${one.title === '' ? '' : html`<span class="mono m3 s">${one.identifier.replace(/^https:\/\//, '')}</span>`}${one.remark ? html`<p class="s m2 words">${one.remark}</p>` : ''}${one.foundIn === undefined ? '' : html`<p class="s m3">${text('readers.foundBy', { source: one.foundIn, date: dayText(one.foundOn ?? one.reportedAt, language) })}</p>`}</li>`;
  const section = (id: string, heading: string, some: readonly Reuse[]) => {
    const more = some.length - mostShown;
    return some.length === 0
      ? ''
      : html`<section class="sec" id="${id}"><div class="hd"><h2>${heading}</h2></div><ul class="readers">${some.slice(0, mostShown).map(line)}</ul>${more > 0 ? html`<p><a class="l" href="/reuse/${version.accession}">${text('readers.more', { count: more })}</a></p>` : ''}</section>`;
  };
  const of = (use: Reuse['use']) => reuses.filter((one) => one.use === use);
  return html`${section('reuse', text('readers.reuse'), of('reuse'))}${section('papers', text('readers.primary'), of('primary'))}`;
}

/** What the study says it was made of. */
export function madeOfText({ madeOf = [], text, privateUntil }: LandingData): string | Html {
  if (madeOf.length === 0 || privateUntil) return '';
  return html`${madeOf.map(
    ({ kind, url, title, target, version, note }, at) =>
      html`${at > 0 ? html`<br>` : ''}<span class="s m2">${text(`additions.${kind}`)}</span> <a class="l" href="${url}">${title ?? target.replace(/^https:\/\//, '')}</a>${title === undefined ? '' : html` <span class="mono m3 s">${target}${version === undefined ? '' : ` v${version}`}</span>`}${note ? html`<br><span class="s m2">${note}</span>` : ''}`,
  )}`;
}

/** Annotations and re-analyses of others, each with its citation and what the authors of this study say of it. */
export function additionsSection({ version, text, language, additions = [], privateUntil }: LandingData): Html {
  if (additions.length === 0 || privateUntil) return html``;
  const { accession } = version;
  const line = (one: (typeof additions)[number]) => {
    const of = one.ofVersion === undefined ? '' : ` ${text('additions.ofVersion', { version: one.ofVersion })}`;
    const said = one.comment
      ? html`<div class="answer"><p class="s m2">${text('additions.comment', { date: dayText(one.comment.at, language) })}</p>${paragraphs(one.comment.text)}</div>`
      : '';
    return html`<li><span class="s m2">${text(`additions.is.${one.kind}`)}${of}</span> <a class="l b" href="/studies/${one.accession}/v/${one.version}">${one.title}</a> <span class="mono m3 s">${one.accession}</span>${one.note ? html`<p class="words">${one.note}</p>` : ''}<p class="s m2">${one.citation}</p>${said}</li>`;
  };
  const more = additions.length - mostShown;
  return html`<section class="sec" id="additions"><div class="hd"><h2>${text('additions.title')}</h2></div><ul class="readers">${additions.slice(0, mostShown).map(line)}</ul>${more > 0 ? html`<p><a class="l" href="/add-to/${accession}">${text('readers.more', { count: more })}</a></p>` : ''}</section>`;
}

/** Words of somebody as paragraphs. */
const paragraphs = (words: string) => words.split(/\n{2,}/).map((part) => html`<p class="words">${part}</p>`);

/** Questions that both sides let everybody read, and the ways to ask and to report a use. */
export function questionsSection({ version, text, language, questions = [], privateUntil }: LandingData): Html {
  if (privateUntil) return html``;
  const { accession } = version;
  const one = ({ askerName, askedAt, text: words, answer = '', answeredAt = askedAt }: Question) => {
    const date = dayText(askedAt, language);
    const asked =
      askerName === '' ? text('readers.askedNameless', { date }) : text('readers.asked', { name: askerName, date });
    return html`<li><p class="s m2">${asked}</p>${paragraphs(words)}<div class="answer"><p class="s m2">${text('readers.answered', { date: dayText(answeredAt, language) })}</p>${paragraphs(answer)}</div></li>`;
  };
  const more = questions.length - mostShown;
  const ways = html`<p class="row w noprint"><a class="btn" href="/questions/${accession}">${text('readers.ask')}</a><a class="btn" href="/reuse/${accession}">${text('readers.report')}</a><a class="btn" href="/add-to/${accession}">${text('additions.add')}</a></p>`;
  return html`<section class="sec" id="questions"><div class="hd"><h2>${text('readers.questions')}</h2></div>${questions.length > 0 ? html`<ul class="readers prose">${questions.slice(-mostShown).map(one)}</ul>` : ''}${more > 0 ? html`<p><a class="l" href="/questions/${accession}">${text('readers.more', { count: more })}</a></p>` : ''}${ways}</section>`;
}
