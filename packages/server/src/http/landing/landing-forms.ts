import type { Translate } from '@micrarium/api';
import {
  citationStyles,
  citedGraph,
  heldByForm,
  metadataForms,
  methodsText,
  type StudyGraph,
} from '@micrarium/standards';
import { html } from 'hono/html';

type Html = ReturnType<typeof html>;

/** Places named of what a form cannot hold; the rest is counted. */
const placesNamed = 6;

/** What the page of all forms shows. */
export interface FormsData {
  /** Public metadata of the version. */
  graph: StudyGraph;
  /** Path of the version's page. */
  path: string;
  title: string;
  text: Translate;
}

/** The page of all forms: each standard with what it holds in numbers, texts for a paper, citations in several styles. */
export function formsContent({ graph, path, title, text }: FormsData): Html {
  const standards = metadataForms.filter(({ kind }) => kind === 'standard');
  const { text: methods, missing } = methodsText(graph);
  const cited = citedGraph(graph);
  return html`<main class="wrap" id="forms"><div class="dh"><h1>${text('forms.title')}</h1><p><a href="${path}">${title}</a></p></div>
<section class="sec"><div class="hd"><h2>${text('forms.standards')}</h2></div><table class="t"><thead><tr><th scope="col">${text('forms.form')}</th><th scope="col">${text('forms.held')}</th><th scope="col">${text('forms.missing')}</th></tr></thead><tbody>${standards.map(
    (form) => {
      const { held, of, missing: lost } = heldByForm(form, graph);
      return html`<tr><td><a href="${path}/metadata/${form.id}">${form.name}</a></td><td class="num">${text('forms.of', { held, of })}</td><td>${
        lost.length === 0
          ? text('forms.nothingMissing')
          : html`<details><summary>${of - held}</summary><ul>${lost
              .slice(0, placesNamed)
              .map(
                ({ place, values }) =>
                  html`<li><code>${place}</code> ${text('forms.values', { count: values.length, value: (values[0] ?? '').slice(0, 80) })}</li>`,
              )}${lost.length > placesNamed ? html`<li>${text('forms.more', { count: lost.length - placesNamed })}</li>` : ''}</ul></details>`
      }</td></tr>`;
    },
  )}</tbody></table><p><b>${text('forms.templates')}</b> <a href="${path}/metadata/archive.xlsx">${text('forms.archiveSheet')}</a> · <a href="${path}/metadata/database.xlsx">${text('forms.databaseSheet')}</a></p><p><b>${text('forms.package')}</b> <a href="/api/v1${path.replace('/v/', '/versions/')}/export.zip?layout=cmso">${text('forms.cmsoPackage')}</a></p></section>
<section class="sec" id="texts"><div class="hd"><h2>${text('forms.texts')}</h2></div>${metadataForms
    .filter(({ kind }) => kind === 'text')
    .map(
      (form) =>
        html`<h3><a href="${path}/metadata/${form.id}">${form.name}</a></h3>${
          form.id === 'methods'
            ? html`<p class="prose" lang="en">${methods}</p>${
                missing.length > 0
                  ? html`<p class="s m2">${text('forms.reviewers')}</p><ul class="s" lang="en">${missing.map(({ what }) => html`<li>${what}</li>`)}</ul>`
                  : ''
              }`
            : form.id === 'data-descriptor'
              ? ''
              : html`<p class="prose" lang="en">${form.write(graph).text}</p>`
        }`,
    )}</section>
<section class="sec" id="citations"><div class="hd"><h2>${text('forms.citations')}</h2></div><dl class="kv">${citationStyles.map(
    ({ name, write }) => html`<dt>${name}</dt><dd lang="en">${write(cited)}</dd>`,
  )}</dl><p>${metadataForms
    .filter(({ kind, id }) => (kind === 'citation' && !id.startsWith('citation-')) || id === 'citation-cff')
    .map(
      (form, index) => html`${index > 0 ? ' · ' : ''}<a href="${path}/metadata/${form.id}">${form.name}</a>`,
    )}</p></section>
</main>`;
}
