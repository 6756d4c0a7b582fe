import { html } from 'hono/html';
import type { Question } from '../../questions/questions.ts';
import type { Reuse } from '../../questions/reuses.ts';
import { dayText, type LandingData } from './landing-data.ts';

type Html = ReturnType<typeof html>;

/** Entries shown of each list; the page of its own has them all. */
const mostShown = 20;

/** Where the data were used again: before everything else that is said of the study. Nothing where nobody has used it. */
export function reuseSection({ version, text, reuses = [], privateUntil }: LandingData): Html {
  if (reuses.length === 0 || privateUntil) return html``;
  const line = (one: Reuse) =>
    html`<li><span class="s m2">${text(`readers.${one.kind}`)}</span> <a class="l" href="${one.url}">${one.title || one.identifier}</a> <span class="mono m3 s">${one.identifier.replace(/^https:\/\//, '')}</span>${one.remark ? html`<p class="s m2">${one.remark}</p>` : ''}</li>`;
  const more = reuses.length - mostShown;
  return html`<section class="sec" id="reuse"><div class="hd"><h2>${text('readers.reuse')}</h2></div><ul class="readers">${reuses.slice(0, mostShown).map(line)}</ul>${more > 0 ? html`<p><a class="l" href="/reuse/${version.accession}">${text('readers.more', { count: more })}</a></p>` : ''}</section>`;
}

/** Words of somebody as paragraphs. */
const paragraphs = (words: string) => words.split(/\n{2,}/).map((part) => html`<p>${part}</p>`);

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
  const ways = html`<p class="row w noprint"><a class="btn" href="/questions/${accession}">${text('readers.ask')}</a><a class="btn" href="/reuse/${accession}">${text('readers.report')}</a></p>`;
  return html`<section class="sec" id="questions"><div class="hd"><h2>${text('readers.questions')}</h2></div>${questions.length > 0 ? html`<ul class="readers prose">${questions.slice(-mostShown).map(one)}</ul>` : ''}${more > 0 ? html`<p><a class="l" href="/questions/${accession}">${text('readers.more', { count: more })}</a></p>` : ''}${ways}</section>`;
}
