import type { Language } from '@micrarium/api';
import type { Contributor, FieldValue, StudyMetadata, Term } from '@micrarium/model';
import {
  type Field,
  statedLicence,
  metadataFields,
  metadataForms,
  splitValueKey,
  valueKey,
} from '@micrarium/standards';
import { html } from 'hono/html';
import { dayText, type LandingData, pagePath } from './landing-data.ts';

type Html = ReturnType<typeof html>;

const isWeb = (text: string) => /^https?:\/\//.test(text);

function one(field: Pick<Field, 'type'>, value: string | Term, language: Language): Html {
  if (typeof value !== 'string') {
    return html`<span><a href="/search?q=${encodeURIComponent(value.label)}">${value.label}</a>${value.id ? html` <span class="mono m3">${value.id}</span>` : ''}</span>`;
  }
  if (field.type === 'doi') return html`<a href="https://doi.org/${encodeURI(value)}">${value}</a>`;
  if (field.type === 'licence') {
    const licence = statedLicence(value);
    return licence.url !== undefined ? html`<a href="${licence.url}" rel="license">${value}</a>` : html`${value}`;
  }
  if (field.type === 'orcid') return html`<a href="https://orcid.org/${encodeURIComponent(value)}">${value}</a>`;
  if (field.type === 'date') return html`${dayText(value, language)}`;
  return isWeb(value) ? html`<a href="${value}" rel="nofollow noopener">${value}</a>` : html`${value}`;
}

function valueHtml(field: Pick<Field, 'type'>, value: FieldValue, language: Language): Html {
  if (!Array.isArray(value)) return one(field, value, language);
  const entries = (value as (string | Term)[]).map(
    (entry, index) => html`${index > 0 ? '; ' : ''}${one(field, entry, language)}`,
  );
  return html`${entries}`;
}

const isFilled = (value: FieldValue | undefined) => value !== undefined && value.length > 0;
/** Data sets whose own values the page lists; the rest is in every form. */
const mostDatasets = 100;
/** Shown elsewhere on the page. */
const elsewhere = new Set(['title', 'description']);
const groups = ['study', 'method', 'data', 'contact'] as const;

/** The metadata, by group, in the order of the table of fields. Private fields are not in what is given here. */
export function metadataSection({ version, text, language, privateUntil }: LandingData): Html {
  const { values } = version.metadata;
  const shown = groups.map((group) => ({
    group,
    fields: metadataFields.filter(
      (field) => field.group === group && !elsewhere.has(field.id) && !field.isPrivate && isFilled(values[field.id]),
    ),
  }));
  const own = version.datasets
    .filter(({ id }) => Object.keys(values).some((key) => splitValueKey(key).dataset === id))
    .slice(0, mostDatasets);
  return html`<section class="sec" id="metadata"><div class="hd"><h2>${text('study.metadata')}</h2></div><div class="meta3">${shown
    .filter(({ fields }) => fields.length > 0)
    .map(
      ({ group, fields }) =>
        html`<div><h3>${text(`study.group.${group}`)}</h3><dl class="kv">${fields.map(
          (field) => html`<dt>${field.label[language]}</dt><dd>${valueHtml(field, values[field.id]!, language)}</dd>`,
        )}</dl></div>`,
    )}</div>${own.map(
    ({ id, title }) =>
      html`<details><summary>${text('forms.perDataset', { title })}</summary><dl class="kv">${metadataFields
        .filter((field) => isFilled(values[valueKey(field.id, id)]))
        .map(
          (field) =>
            html`<dt>${field.label[language]}</dt><dd>${valueHtml(field, values[valueKey(field.id, id)]!, language)}</dd>`,
        )}</dl></details>`,
  )}<p class="forms"><b>${text('forms.title')}</b> ${metadataForms
    .filter(({ kind }) => kind === 'standard')
    .map(
      (form, index) =>
        html`${index > 0 ? ' · ' : ''}<a href="${pagePath(version)}/metadata/${form.id}">${form.name}</a>`,
    )} · <a href="${pagePath(version)}/metadata">${text('forms.all')}</a>${
    privateUntil ? '' : html` · <a href="/send-on/${version.accession}/${version.version}">${text('forms.sendOn')}</a>`
  }</p></section>`;
}

/** People in author order; without contributors the contact. */
export function peopleOf(metadata: StudyMetadata): { name: string; orcid?: string }[] {
  const { contributors, contactFirstName, contactLastName, contactOrcid } = metadata.values;
  if (Array.isArray(contributors) && contributors.length > 0) {
    return (contributors as Contributor[]).map(({ firstName, lastName, orcid }) => ({
      name: `${firstName} ${lastName}`.trim(),
      ...(orcid ? { orcid } : {}),
    }));
  }
  const name = [contactFirstName, contactLastName].filter((part) => typeof part === 'string').join(' ');
  return name.trim() === ''
    ? []
    : [{ name, ...(typeof contactOrcid === 'string' && contactOrcid ? { orcid: contactOrcid } : {}) }];
}
