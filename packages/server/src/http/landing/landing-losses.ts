import { issueWords, lossNumbers, lossWords, type MessageKey, snippetsOf } from '@micrarium/api';
import type { StudyItem, TrackSetSummary } from '@micrarium/model';
import { exportForms, type FormLosses, type KeptLoss, trackForms } from '@micrarium/repository';
import { html } from 'hono/html';
import { contentPath, exportPath, isViewable, itemsToTake, type LandingData } from './landing-data.ts';

type Html = ReturnType<typeof html>;
const nothing = html``;

/** Sets of an item that are shown, each with every form. */
const mostSets = 10;

/** One loss: in English its numbers; in another language the same, or the meaning of its code above them. */
function lossText({ language, issueTexts }: LandingData, loss: KeptLoss): Html {
  const words = lossWords(loss.message, language);
  if (words !== undefined) return html`<li>${words}</li>`;
  return html`<li>${issueWords(loss, issueTexts).meaning}<div class="detail" lang="en">${loss.message}</div></li>`;
}

/** What a form cannot hold, in numbers. */
function lostCell(data: LandingData, of: FormLosses | undefined, absent: MessageKey): Html {
  const { text } = data;
  if (!of) return html`<span class="m3">${text(absent)}</span>`;
  if (of.losses.length === 0) return html`<span class="st ok">${text('losses.lossless')}</span>`;
  const isImpossible = of.losses.some(({ severity }) => severity === 'error');
  const numbers = lossNumbers(
    of.losses.map(({ message }) => message),
    data.language,
  );
  const list = html`<ul>${of.losses.map((loss) => lossText(data, loss))}</ul>`;
  return html`${isImpossible ? html`<b>${text('losses.impossible')}</b>` : ''}${
    numbers === undefined ? list : html`<details><summary>${numbers}</summary>${list}</details>`
  }`;
}

/** The forms of one set of tracks, each with what it will not hold. */
function setTable(data: LandingData, item: StudyItem, { part, name }: TrackSetSummary): Html {
  const { version, text } = data;
  const counted = data.losses.get(item.id)?.find((set) => set.part === part);
  const absent = counted ? 'losses.tooLarge' : 'losses.notCounted';
  const row = (form: FormLosses['form'], links: Html) =>
    html`<tr><td>${links} <span class="m3 s">${text(`losses.form.${form}`)}</span></td><td>${lostCell(
      data,
      counted?.forms?.find((one) => one.form === form),
      absent,
    )}</td></tr>`;
  const link = (path: string, words: string) => html`<a class="l" href="${path}">${words}</a>`;
  const tables = item.conversions
    .flatMap(({ outputs }) => outputs.map(({ path }) => path))
    .filter((path) => path.startsWith(`tracks-${part}/`));
  const rows = [
    ...trackForms.map((form) => row(form, link(exportPath(version, item.id, form, { part }), form))),
    row(
      'parquet',
      html`${tables.map((path) => html`${link(contentPath(version, item.id, path), path.slice(path.indexOf('/') + 1))} `)}`,
    ),
  ];
  return html`<table class="t losses">${
    item.trackSets.length > 1 ? html`<caption>${text('losses.set', { name })}</caption>` : ''
  }<thead><tr><th scope="col">${text('losses.form')}</th><th scope="col">${text('losses.lost')}</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** Forms of an item that are no tracks: images, feature tables. */
function otherForms({ version }: LandingData, item: StudyItem): { name: string; path: string }[] {
  const images = exportForms
    .filter((form) => !(trackForms as readonly string[]).includes(form) && isViewable(item))
    .map((form) => ({ name: form as string, path: exportPath(version, item.id, form) }));
  const stored = item.conversions
    .flatMap((one) => one.outputs.map((output) => output.path))
    .filter((path) => /\.(ozx|parquet|schema\.json)$/.test(path) && !/^(tracks|by-time)-/.test(path))
    .map((path) => ({ name: path, path: contentPath(version, item.id, path) }));
  return [...images, ...stored.slice(0, 40)];
}

/** Other forms of each item with what they cannot hold, and the lines that open them. */
export function openSection(data: LandingData): Html {
  const { version, text, origin } = data;
  const items = itemsToTake(version);
  if (items.length === 0) return nothing;
  const one = (item: StudyItem, index: number) => {
    const snippets = snippetsOf(item, {
      content: (path) => `${origin}${contentPath(version, item.id, path)}`,
      exported: (form, which) => `${origin}${exportPath(version, item.id, form, which)}`,
    });
    const others = otherForms(data, item);
    return html`<div class="taken"><h3>${item.path}</h3>
${item.trackSets.slice(0, mostSets).map((set) => setTable(data, item, set))}
${others.length > 0 ? html`<p class="forms">${others.map((form) => html`<a class="l" href="${form.path}">${form.name}</a>`)}</p>` : ''}
<details${index === 0 ? html` open` : ''}><summary>${text('study.open')}</summary>${snippets.map(
      (snippet) =>
        html`<p class="s"><span class="b">${snippet.language}</span> <span class="m3">${snippet.form}; ${snippet.since === undefined ? text('study.needs', { what: snippet.needs }) : text('study.needsSince', { what: snippet.needs, version: snippet.since })}</span></p><code class="code">${snippet.code}</code>`,
    )}</details></div>`;
  };
  return html`<section class="sec" id="open"><div class="hd"><h2>${text('study.otherForms')}</h2></div>${items.map(one)}</section>`;
}
