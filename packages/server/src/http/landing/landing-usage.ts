import { html } from 'hono/html';
import type { ShownUsage, UsageSum } from '../../usage/usage-report.ts';
import { countryName } from '../usage-badge.ts';
import { type LandingData, numberText, sizeText } from './landing-data.ts';

type Html = ReturnType<typeof html>;

/** Countries named one by one; of more, how many there are. */
const namedCountries = 5;
/** Size of the course of months, in pixels. */
const [wide, high] = [168, 28];

/** Views and downloads by people, then by programs. */
function sums({ text, language }: LandingData, usage: UsageSum): Html {
  const number = (value: number) => numberText(value, language);
  const people = { views: number(usage.views), downloads: number(usage.downloads) };
  const programs = { views: number(usage.machineViews), downloads: number(usage.machineDownloads) };
  const hasPrograms = usage.machineViews + usage.machineDownloads > 0;
  return html`${text('usage.sum', people)}${hasPrograms ? html`<br><span class="s m2">${text('usage.machine', programs)}</span>` : ''}`;
}

/** The course of the last 24 months: a bar for the views of each, the part of them that took data away darker. */
function course({ text, language }: LandingData, months: ShownUsage['months']): Html {
  const most = Math.max(...months.map(({ views }) => views));
  if (most === 0) return html``;
  const step = wide / months.length;
  const bar = (at: number, value: number, opacity: string) => {
    const height = value === 0 ? 0 : Math.max(1, (value / most) * high);
    return html`<rect x="${at * step}" y="${high - height}" width="${step - 1}" height="${height}" fill="currentColor" fill-opacity="${opacity}"/>`;
  };
  const bars = months.map(
    ({ month, views, downloads }, at) =>
      html`<g><title>${month}: ${text('usage.sum', { views: numberText(views, language), downloads: numberText(downloads, language) })}</title>${bar(at, views, '0.4')}${bar(at, Math.min(views, downloads), '0.9')}</g>`,
  );
  const label = text('usage.course', {
    first: months[0]!.month,
    last: months.at(-1)!.month,
    most: numberText(most, language),
  });
  return html`<br><svg class="course" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" role="img" aria-label="${label}">${bars}<path d="M0 ${high - 0.5}h${wide}" stroke="currentColor" stroke-opacity="0.4" fill="none"/></svg>`;
}

function countriesText({ text, language }: LandingData, countries: ShownUsage['countries']): Html {
  if (countries.length === 0) return html``;
  const named = countries
    .slice(0, namedCountries)
    .map(({ country, views }) => `${countryName(country, language)} ${numberText(views, language)}`);
  const more = countries.length - named.length;
  const list = new Intl.ListFormat(language, { type: 'unit', style: 'short' }).format(named);
  return html`<br><span class="s m2">${text('usage.from', { countries: list })}${more > 0 ? ` ${text('usage.moreCountries', { count: more })}` : ''}</span>`;
}

/** How much the study is used, in all versions and in this one, with the way to the figures of all studies and to the reports. */
export function usageText(data: LandingData, { all, version, months, countries }: ShownUsage): Html {
  const { text, language, versions } = data;
  const { accession } = data.version;
  const report = `/api/v1/studies/${accession}/usage`;
  const sent =
    all.bytes > 0
      ? html`<br><span class="s m2">${text('usage.sentBytes', { bytes: sizeText(all.bytes, language) })}</span>`
      : '';
  const ofVersion =
    versions.length > 1 ? html`<br><span class="s">${text('usage.thisVersion')} ${sums(data, version)}</span>` : '';
  return html`<a class="l" href="/statistics">${sums(data, all)}</a>${sent}${ofVersion}${course(data, months)}${countriesText(data, countries)}<br><span class="s noprint"><a class="l" href="${report}?format=csv">CSV</a> · <a class="l" href="${report}?format=counter">COUNTER</a> · <a class="l" href="/studies/${accession}/usage.svg">${text('usage.badge')}</a></span>`;
}
