import type { Language, translator } from '@micrarium/api';
import type { StudyVersion } from '@micrarium/model';
import type { ListedVersion } from '@micrarium/repository';
import { html } from 'hono/html';
import type { ToldChanges } from '../change-routes.ts';
import { changeText, listedLabels, noteText } from './landing-change.ts';
import { sizeText } from './landing-data.ts';
import { titleHtml } from './landing-title.ts';

type Html = ReturnType<typeof html>;

/** A value as one line. */
function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(inWords).join('; ');
  if (typeof value !== 'object' || value === null) return value === undefined ? '' : String(value);
  if ('label' in value && typeof value.label === 'string') return value.label;
  return Object.values(value).map(inWords).filter(Boolean).join(' ');
}

/** What differs between two versions: values one beside the other, files with sizes and digests. */
export function changesContent(given: {
  changes: ToldChanges;
  version: Omit<StudyVersion, 'files'>;
  versions: readonly ListedVersion[];
  language: Language;
  text: ReturnType<typeof translator>;
}): Html {
  const { changes, version, versions, language, text } = given;
  const { fromLabel: from, toLabel: to, fields, files, counts } = changes;
  const base = `/studies/${version.accession}/v`;
  const labels = listedLabels(versions).map(({ label }) => label);
  const change = changeText(text, version);
  // Newest first, so that what follows is older.
  const older = labels.slice(labels.indexOf(to) + 1).filter((one) => one !== from);
  const title = version.metadata.values['title'];
  const size = (bytes: number | undefined) => (bytes === undefined ? '' : sizeText(bytes, language));
  const digest = (hex: string | undefined) =>
    hex === undefined ? '' : html`<span class="mono m3" title="SHA-256 ${hex}">${hex.slice(0, 12)}…</span>`;
  const rows = files.map((file) => {
    const was = 'wasSize' in file ? html`${size(file.wasSize)} ${digest(file.wasSha256)}` : '';
    const is = 'size' in file ? html`${size(file.size)} ${digest(file.sha256)}` : '';
    const path =
      file.kind === 'moved'
        ? html`${file.path}<br><span class="m3">${text('care.movedFrom', { path: file.from })}</span>`
        : file.path;
    return html`<tr><td>${text(`care.file.${file.kind}`)}</td><td class="mono">${path}</td><td>${was}</td><td>${is}</td></tr>`;
  });
  return html`<main class="wrap plain"><p class="mono m2"><a class="l" href="${base}/${to}">${version.accession}</a></p>
<h1>${text('care.changes', { from, to })}</h1>
${typeof title === 'string' ? html`<p class="b">${titleHtml(title)}</p>` : ''}
${change ? html`<p>${change}</p>` : ''}${version.note ? html`<div class="prose m2">${text('study.changed', { note: '' })}${noteText(version.note)}</div>` : ''}
${older.length > 0 ? html`<p class="s">${text('care.compareWith')} ${older.map((one) => html`<a class="l" href="${base}/${to}/changes?from=${one}">${one}</a> `)}</p>` : ''}
<section class="sec"><div class="hd"><h2>${text('study.metadata')}</h2></div>${
    fields.length === 0
      ? html`<p class="m2">${text('care.noFields')}</p>`
      : html`<div class="scrollx"><table class="t"><thead><tr><th>${text('care.field')}</th><th>${text('care.versionN', { number: from })}</th><th>${text('care.versionN', { number: to })}</th></tr></thead><tbody>${fields.map(
          ({ label, before, after }) =>
            html`<tr><td>${label[language]}</td><td><del>${inWords(before)}</del></td><td><ins>${inWords(after)}</ins></td></tr>`,
        )}</tbody></table></div>`
  }</section>
<section class="sec"><div class="hd"><h2>${text('study.files')}</h2></div><p class="m2">${text('care.fileCounts', { ...counts })}</p>${
    rows.length === 0
      ? ''
      : html`<div class="scrollx"><table class="t"><thead><tr><th>${text('care.change')}</th><th>${text('care.path')}</th><th>${text('care.versionN', { number: from })}</th><th>${text('care.versionN', { number: to })}</th></tr></thead><tbody>${rows}</tbody></table></div>`
  }${changes.isWhole ? '' : html`<p class="m2">${text('care.moreFiles')}</p>`}</section></main>`;
}
