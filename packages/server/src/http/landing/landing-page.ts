import { unturned } from '@micrarium/api';
import { dataUseWords, plainTitle, statedLicence, termAddress } from '@micrarium/standards';
import { type Term, versionLabel } from '@micrarium/model';
import { html, raw } from 'hono/html';
import { versionDoi } from '../../dois/doi-parts.ts';
import { framedPage } from '../frame/page-frame.ts';
import {
  fileCountText,
  apiPath,
  contentPath,
  dayText,
  filePath,
  isClosedItem,
  isClosedPicture,
  isViewable,
  labelBefore,
  type LandingData,
  leadingItem,
  numberText,
  minorQuery,
  pagePath,
  pictureOf,
  sizeText,
} from './landing-data.ts';
import { elsewhereText } from './landing-references.ts';
import { figuresOf, figuresSection } from './landing-figures.ts';
import { renderedSection } from './landing-images.ts';
import { metadataSection, peopleOf } from './landing-metadata.ts';
import { openSection } from './landing-losses.ts';
import { additionsSection, madeOfText, questionsSection, reuseSection } from './landing-readers.ts';
import { similarSection, trainingSection } from './landing-reuse.ts';
import { changeText, listedLabels, noteText, warningOfNewer } from './landing-change.ts';
import { titleHtml } from './landing-title.ts';
import { usageText } from './landing-usage.ts';
import { datasetsSection, filesSection, findingsSection, provenanceSection } from './landing-sections.ts';

type Html = ReturnType<typeof html>;

const orcidMark = raw(
  '<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.5" fill="#5f8a10" stroke="none"/><path d="M5.6 6.5v4.6" stroke="#fff"/><path d="M5.6 4.7v.1" stroke="#fff" stroke-width="1.8"/><path d="M8 6.4h1.2a2.3 2.3 0 0 1 0 4.6H8z" stroke="#fff" stroke-width="1.2"/></svg>',
);

const orcidLink = (label: string, orcid: string) =>
  html`<a href="https://orcid.org/${orcid}" aria-label="${label}">${orcidMark}</a>`;

const valueText = (data: LandingData, id: string) => {
  const value = data.version.metadata.values[id];
  return typeof value === 'string' ? value : '';
};

/** How the newest of a list of versions is called. */
const labelOfNewest = ({ version, revisions }: LandingData['versions'][number]) =>
  versionLabel({ version, minor: revisions?.[0]?.minor });

function heading(data: LandingData): Html {
  const { version, text, language, versions } = data;
  const licence = statedLicence(valueText(data, 'licence'));
  const [newest, now] = [labelOfNewest(versions[0]!), versionLabel(version)];
  const isNewest = newest === now;
  const before = labelBefore(version);
  const people = peopleOf(version.metadata).map(
    ({ name, orcid }) =>
      html`<span>${unturned(name)}${orcid ? orcidLink(text('study.orcid', { name }), orcid) : ''}</span>`,
  );
  const dated = (label: string, at: string) => text('study.version', { number: label, date: dayText(at, language) });
  const list = listedLabels(versions).map((one) => {
    const change = changeText(text, one);
    const link = html`<a class="l" href="/studies/${version.accession}/v/${one.label}"${one.label === now ? html` aria-current="page"` : ''}>${dated(one.label, one.publishedAt)}</a>`;
    return html`<li>${link}${change ? html`<p class="s">${change}</p>` : ''}${one.note ? html`<div class="s m2">${noteText(one.note)}</div>` : ''}</li>`;
  });
  const change = changeText(text, version);
  return html`<div class="hdr"><div><div class="eyebrow"><span class="mono">${version.accession}</span>
<details class="versions"><summary>${dated(now, version.revisedAt ?? version.publishedAt)}</summary><ol aria-label="${text('study.otherVersions')}">${list}</ol></details>
${licence.url !== undefined ? html`<a class="l" href="${licence.url}" rel="license">${licence.name}</a>` : html`<span>${valueText(data, 'licence')}</span>`}</div>
<h1>${titleHtml(valueText(data, 'title'))}</h1><div class="people">${people}</div>
${!isNewest && !data.privateUntil ? html`<p class="st info"><a class="l" href="/studies/${version.accession}">${text('study.newer', { number: newest })}</a></p>` : ''}
${data.privateUntil ? '' : warningOfNewer(text, { accession: version.accession, label: now }, versions)}
${data.closedUntil ? html`<p class="st warn">${text(data.isUnheardOf ? 'care.unheardUntil' : 'care.closedUntil', { date: dayText(data.closedUntil, language) })} <a class="l noprint" href="/private-links/${version.accession}">${text('care.privateLinks')}</a></p>` : ''}
${openPartsText(data)}
${partsText(data)}
${closedText(data)}
${data.privateUntil ? html`<p class="st warn">${text('care.private', { date: dayText(data.privateUntil, language) })}</p>` : ''}
${data.leftOut ? html`<p class="st info">${text('care.leftOut', { count: data.leftOut })}</p>` : ''}
${change ? html`<p class="s">${change}</p>` : ''}
${version.note ? html`<div class="s m2">${text('study.changed', { note: '' })}${noteText(version.note)}</div>` : ''}
${before !== undefined && !data.privateUntil ? html`<p class="s noprint"><a class="l" href="${pagePath(version)}/changes">${text('care.changes', { from: before, to: now })}</a></p>` : ''}</div>
<div class="act noprint">${isNewest && !data.privateUntil && data.depositor ? html`<a class="btn" href="/next-version/${version.accession}" data-account="${data.depositor}" hidden>${text('care.nextVersion')}</a>` : ''}${data.privateUntil ? '' : html`<a class="btn" href="/requests/${version.accession}" data-curators hidden>${text('care.requests')}</a>`}${version.tier === 'archive' && isNewest && !data.privateUntil ? html`<a class="btn" href="/promotion/${version.accession}" data-curators hidden>${text('care.promote')}</a>` : ''}${version.tier === 'database' && isNewest && !data.privateUntil ? html`<a class="btn" href="/promotion/${version.accession}" data-curators hidden>${text('care.tierMark')}</a>` : ''}${data.privateUntil ? '' : html`<a class="btn" href="/questions/${version.accession}">${text('readers.ask')}</a><a class="btn" href="#cite">${text('study.cite')}</a>`}${data.isOnlyLooked ? html`<p class="s m2">${text('care.onlyLooking')}</p>` : data.level === 'closed' ? '' : html`<a class="btn" href="${apiPath(version)}/export.bag.zip">${text('study.downloadBag')}</a>${version.fileCount > 0 ? html`<a class="btn primary" href="${apiPath(version)}/export.zip">${text('study.downloadAll', { size: sizeText(version.byteCount, language) })}</a>` : ''}`}</div></div>`;
}

function film(data: LandingData): Html {
  const { version, text } = data;
  const item = leadingItem(version);
  if (!item || isClosedPicture(data, item))
    return html`<div class="film"><p class="m3">${text(item ? 'care.noPictures' : 'study.noPicture')}</p></div>`;
  const name = item.path.slice(item.path.lastIndexOf('/') + 1);
  const viewer = `/viewer/${version.accession}/${version.version}/${item.id}`;
  const picture = html`<img src="${contentPath(version, item.id, `image-${pictureOf(item)}.thumbnail.png`)}" alt="${text('study.film', { name })}">`;
  return html`<div class="film"><div class="fr">${isViewable(item) && !isClosedItem(data, item) ? html`<a href="${viewer}">${picture}</a><a class="btn sm open" href="${viewer}">${text('study.openViewer')}</a>` : picture}<span class="cap">${name}</span></div></div>`;
}

function labels(data: LandingData, id: string): string {
  const value = data.version.metadata.values[id];
  return Array.isArray(value)
    ? (value as Term[]).map((term) => (typeof term === 'string' ? term : term.label)).join(', ')
    : '';
}

/** Names of species in italics, as everywhere. */
function organisms(data: LandingData): string | Html {
  const names = labels(data, 'organism');
  return /^[A-Z][a-z]+ [a-z]/.test(names) ? html`<em class="sp" lang="la">${names}</em>` : names;
}

function aside(data: LandingData): Html {
  const { version, text, language } = data;
  const sum = (count: (item: (typeof version.items)[number]) => number) =>
    version.items.reduce((all, item) => all + count(item), 0);
  const number = (value: number) => numberText(value, language);
  const objects = sum((item) => item.counts?.objects ?? 0);
  const tracks = sum((item) => item.counts?.tracks ?? 0);
  const rows: [string, string | Html][] = [
    [text('additions.of'), madeOfText(data)],
    [text('study.organism'), organisms(data)],
    [text('study.method'), labels(data, 'imagingMethods')],
    [text('study.images'), number(sum((item) => item.images.length))],
    [text('study.objects'), objects > 0 ? number(objects) : ''],
    [text('study.tracks'), tracks > 0 ? number(tracks) : ''],
    [text('study.files'), fileCountText(data)],
    [text('references.elsewhere'), elsewhereText(data)],
    [
      text('study.published'),
      data.privateUntil
        ? ''
        : html`${dayText(version.publishedAt, language)}${language === 'ja' ? '、' : ', '}${data.depositor ? html`<a class="l" href="/people/${data.depositor}">${text('study.by', { name: version.publishedBy })}</a>` : text('study.by', { name: version.publishedBy })}`,
    ],
    [text('care.openSince'), data.openedOn && !data.privateUntil ? dayText(data.openedOn, language) : ''],
    [text('care.ethics'), data.onRequest ?? ''],
    [text('care.dataUse'), dataUseText(data)],
    [
      text('care.tier'),
      data.hiddenBadge
        ? text('care.tier.hidden', { date: dayText(data.hiddenBadge.at, language), reason: data.hiddenBadge.reason })
        : text(`care.tier.${version.tier}`),
    ],
    [text('care.curatedBy'), curators(data)],
    [text('care.reviewed'), reviewedText(data)],
    [text('study.accession'), html`<span class="mono">${version.accession}</span>`],
    [
      text('study.alsoIn'),
      data.sentOn.length === 0
        ? ''
        : html`${data.sentOn.map(({ accession, url }, index) => html`${index > 0 ? ', ' : ''}<a class="l mono" href="${url}">${accession}</a>`)}`,
    ],
    [
      text('collections.in'),
      (data.collections ?? []).length === 0
        ? ''
        : html`${data.collections!.map(({ id, title }, index) => html`${index > 0 ? ', ' : ''}<a class="l" href="/collections/${id}">${title}</a>`)}`,
    ],
    [
      text('communities.in'),
      (data.communities ?? []).length === 0
        ? ''
        : html`${data.communities!.map(({ slug, title }, index) => html`${index > 0 ? ', ' : ''}<a class="l" href="/communities/${slug}">${title}</a>`)}`,
    ],
    [text('usage.used'), data.usage ? usageText(data, data.usage) : ''],
    [text('care.verified'), data.privateUntil ? '' : verifiedText(data)],
  ];
  return html`<aside class="side"><dl class="kv">${rows.filter(([, value]) => value !== '').map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></aside>`;
}

/** What the page says of files that are not open, and of the way to them. */
export const closedWords = {
  registered: ['care.registered', 'care.acceptTerms'],
  controlled: ['care.onRequest', 'care.askAccess'],
  closed: ['care.notGiven', undefined],
} as const;

/** The same of what is left, where parts of the study are open to more people. */
const restWords = {
  registered: 'care.rest.registered',
  controlled: 'care.rest.onRequest',
  closed: 'care.rest.notGiven',
} as const;

/** Parts named one by one; of more, how many there are. */
const namedParts = 20;

/** Of a study whose files are given on request: what everybody may read all the same. */
function openPartsText({ version, text, openParts = [] }: LandingData): Html {
  if (openParts.length === 0) return html``;
  const named = openParts.slice(0, namedParts).map(({ path, files }, at) => {
    const [file] = files;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const shown =
      files.length === 1 && file !== undefined
        ? html`<a class="l" href="${filePath(version, file)}">${name}</a>`
        : name;
    return html`${at > 0 ? ', ' : ''}${shown}`;
  });
  const more = openParts.length - named.length;
  return html`<p class="st ok">${text('care.openParts')} ${named}${more > 0 ? ` ${text('care.moreParts', { count: more })}` : ''}</p>`;
}

/** What a level of its own lets more people read than the rest of the study. */
function partsText(data: LandingData): Html {
  const { version, text, parts = [] } = data;
  return html`${parts.map(({ level, items }) => {
    const [, next] = closedWords[level];
    const names = items.slice(0, namedParts).map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
    const more = items.length - names.length;
    return html`<p class="st info">${text(`care.parts.${level}`)} ${names.join(', ')}${more > 0 ? ` ${text('care.moreParts', { count: more })}` : ''} <a class="l noprint" href="/access/${version.accession}">${text(next)}</a></p>`;
  })}`;
}

/** Why the files are not open to everybody, and what to do about it. */
function closedText({
  version,
  text,
  onRequest,
  level = 'controlled',
  contact = '',
  openParts,
  parts,
}: LandingData): Html {
  if (onRequest === undefined) return html``;
  const [whole, next] = closedWords[level];
  const why = openParts || parts ? restWords[level] : whole;
  const way =
    next === undefined ? '' : html` <a class="l noprint" href="/access/${version.accession}">${text(next)}</a>`;
  return html`<p class="st warn">${text(why)}${way}${contact === '' ? '' : ` ${text('care.contact', { contact })}`}</p>`;
}

/** For what the data may be used: each term leads to what the ontology says of it. */
function dataUseText({ dataUse = [], language }: LandingData): string | Html {
  if (dataUse.length === 0) return '';
  return html`${dataUse.map((use, at) => html`${at > 0 ? html`<br>` : ''}<a class="l" href="${termAddress(use.code) ?? ''}">${dataUseWords(use, language)}</a>`)}`;
}

/** That curators looked it through, when, who, and by which checklist. */
function reviewedText({ version, text, language }: LandingData): string | Html {
  const { review } = version;
  if (!review) return '';
  const comma = language === 'ja' ? '、' : ', ';
  const names = review.curators.map(
    ({ name, orcid }) => html`${comma}${name}${orcid ? orcidLink(text('study.orcid', { name }), orcid) : ''}`,
  );
  return html`${dayText(review.at, language)}${names} <span class="s m2">${review.checklist}</span>`;
}

/** Who brought the study into the database tier. */
function curators({ version, text, language }: LandingData): string | Html {
  const all = version.curators ?? [];
  if (all.length === 0) return '';
  const comma = language === 'ja' ? '、' : ', ';
  return html`${all.map(({ name, orcid }, at) => html`${at > 0 ? comma : ''}${name}${orcid ? orcidLink(text('study.orcid', { name }), orcid) : ''}`)}`;
}

/** When the bytes were last read, with the way to what that means. */
function verifiedText({ verified, text, language }: LandingData): Html {
  const date = verified ? dayText(verified.at, language) : '';
  const words = !verified
    ? text('care.notYet')
    : text(verified.isWhole ? 'care.verifiedOn' : 'care.damagedOn', { date });
  return html`<a class="l" href="/integrity">${words}</a>`;
}

/** What the DOI in the citation names, which one names the study in all versions, and how data sets are cited that have their own. */
function doisText(data: LandingData): Html {
  const { version, text, dois } = data;
  if (!dois) return html``;
  const { concept, datasets } = dois;
  const link = (doi: string) => html`<a class="l mono" href="https://doi.org/${doi}">https://doi.org/${doi}</a>`;
  const cited = valueText(data, 'doi');
  const isOfVersion = concept !== undefined && cited === versionDoi(concept, version.version);
  // A DOI that the metadata name is not ours to explain.
  const words = isOfVersion
    ? text('study.doiOfVersion', { number: version.version })
    : cited === concept
      ? text('study.doiOfAll')
      : undefined;
  return html`${concept !== undefined && words !== undefined ? html`<p class="s m2">${words} ${link(concept)}</p>` : ''}
${datasets.length > 0 ? html`<h3>${text('study.citeDatasets')}</h3>${datasets.map(({ dataset, citation }) => html`<p class="s"><a class="l" href="#${dataset}">${version.datasets.find(({ id }) => id === dataset)?.title ?? dataset}</a><br>${citation}</p>`)}` : ''}
<p class="s noprint"><a class="l" href="/dois/${version.accession}">${text('study.dois')}</a></p>`;
}

function citeSection(data: LandingData): Html {
  const { version, text, citation } = data;
  const of = (format: string) => `${apiPath(version)}/citation?format=${format}${minorQuery(version, '&')}`;
  return html`<section class="sec" id="cite"><div class="hd"><h2>${text('study.cite')}</h2></div><div class="cite"><blockquote>${citation.text}</blockquote><div class="row w noprint"><a class="btn" href="${of('text')}">${text('study.text')}</a><a class="btn" href="${of('bibtex')}">${text('study.bibtex')}</a><a class="btn" href="${of('ris')}">${text('study.ris')}</a><a class="btn" href="${pagePath(version)}/metadata/csl-json">CSL-JSON</a></div></div>
${doisText(data)}
<details><summary>${text('study.bibtex')}</summary><code class="code">${citation.bibtex}</code></details><details><summary>${text('study.ris')}</summary><code class="code">${citation.ris}</code></details></section>`;
}

/** JSON inside a script element: nothing in it may end the element. */
const embedded = (value: object) => raw(JSON.stringify(value).replaceAll('<', '\\u003c'));

const toc = [
  ['data', 'study.datasets'],
  ['figures', 'figures.title'],
  ['open', 'study.otherForms'],
  ['metadata', 'study.metadata'],
  ['files', 'study.files'],
  ['provenance', 'study.provenance'],
  ['findings', 'study.findings'],
  ['cite', 'study.cite'],
  ['questions', 'readers.questions'],
] as const;

/** Sections that are not on every page. */
function isOnPage(data: LandingData, id: (typeof toc)[number][0]): boolean {
  if (id === 'figures') return figuresOf(data).length > 0;
  return !data.privateUntil || (id !== 'cite' && id !== 'questions');
}

/** The page of a published version. Nothing on it needs a script. */
export function landingPage(data: LandingData): Html {
  const { version, text, language } = data;
  const title = plainTitle(valueText(data, 'title'));
  const description = valueText(data, 'description');
  const address = pagePath(version);
  const publicHead = html`<meta name="description" content="${description.slice(0, 300)}">
<link rel="canonical" href="${data.origin}${address}">
<link rel="alternate" hreflang="en" href="${address}?lang=en"><link rel="alternate" hreflang="ja" href="${address}?lang=ja">
${data.links.map(({ rel, href, type }) => html`<link rel="${rel}" href="${href}"${type === undefined ? '' : html` type="${type}"`}>`)}
<script type="application/ld+json">${embedded(data.schemaOrg)}</script>`;
  // What is not published is not offered to programs that collect pages.
  const head = data.privateUntil ? html`<meta name="robots" content="noindex, nofollow">` : publicHead;
  const content = html`<main class="wrap">
${heading(data)}
<div class="main">${film(data)}${aside(data)}</div>
${reuseSection(data)}
${additionsSection(data)}
<section class="sec" id="about"><div class="hd"><h2>${text('study.description')}</h2></div><div class="prose">${description.split(/\n{2,}/).map((part) => html`<p>${part}</p>`)}</div></section>
<nav class="toc noprint" aria-label="${text('page.onThisPage')}">${toc.filter(([id]) => isOnPage(data, id)).map(([id, key]) => html`<a href="#${id}">${text(key)}</a>`)}</nav>
${datasetsSection(data)}
${figuresSection(data)}
${trainingSection(data)}
${renderedSection(data)}
${openSection(data)}
${metadataSection(data)}
${filesSection(data)}
${provenanceSection(data)}
${findingsSection(data)}
${data.privateUntil ? '' : citeSection(data)}
${questionsSection(data)}
${similarSection(data, data.similar ?? [])}
</main>`;
  const inOtherLanguage = `${address}?lang=${language === 'en' ? 'ja' : 'en'}`;
  const { sheets } = data;
  return framedPage(
    { language, text, sheets, title: `${title} · ${version.accession} · Micrarium`, inOtherLanguage, head },
    content,
  );
}
