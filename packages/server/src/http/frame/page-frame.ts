import { readFile } from 'node:fs/promises';
import type { Language, Translate } from '@micrarium/api';
import { html, raw } from 'hono/html';
import type { Application } from '../app.ts';
import type { HttpContext } from '../context.ts';
import { languageOf } from '../language.ts';
import type { BundleSheets } from './page-sheets.ts';
import { sourceSheet } from './page-sheets.ts';

type Html = ReturnType<typeof html>;

/** What stands around the content of a page that the server writes: the head and foot of the pages drawn in the browser. */
export interface PageFrame {
  language: Language;
  text: Translate;
  sheets: BundleSheets;
  title: string;
  /** Address of this page in the other language. */
  inOtherLanguage: string;
  /** Further elements of the head. */
  head?: Html | string;
}

const mark = raw(
  '<svg viewBox="0 0 20 20" aria-hidden="true"><rect width="20" height="20" rx="4" fill="#0f1213"/><g fill="#5b6467"><rect x="3.5" y="3.5" width="3.6" height="3.6" rx=".8"/><rect x="8.2" y="3.5" width="3.6" height="3.6" rx=".8"/><rect x="3.5" y="8.2" width="3.6" height="3.6" rx=".8"/><rect x="12.9" y="8.2" width="3.6" height="3.6" rx=".8"/><rect x="3.5" y="12.9" width="3.6" height="3.6" rx=".8"/><rect x="8.2" y="12.9" width="3.6" height="3.6" rx=".8"/><rect x="12.9" y="12.9" width="3.6" height="3.6" rx=".8"/></g><rect x="12.9" y="3.5" width="3.6" height="3.6" rx=".8" fill="#ff3ddb" opacity=".85"/><rect x="8.2" y="8.2" width="3.6" height="3.6" rx=".8" fill="#2fe6b8"/></svg>',
);
const drawing = (path: string) =>
  raw(`<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"/></svg>`);
const searchIcon = drawing('M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM10.5 10.5l3.5 3.5');
const menuIcon = drawing('M2.5 4.5h11M2.5 8h11M2.5 11.5h11');

function topBar({ text, language, inOtherLanguage }: PageFrame): Html {
  const other = language === 'en' ? 'ja' : 'en';
  return html`<a class="skip btn" href="#content">${text('page.skip')}</a>
<header class="top"><div class="wrap"><a class="brand" href="/">${mark}Micrarium</a>
<nav class="nav" aria-label="${text('page.main')}"><a href="/search">${text('page.search')}</a><a href="/explore">${text('page.explore')}</a><a href="/drafts">${text('page.deposit')}</a></nav>
<form class="field-in find" role="search" action="/search">${searchIcon}<input name="q" type="text" autocomplete="off" data-search placeholder="${text('page.searchPlaceholder')}" aria-label="${text('page.searchLabel')}"><kbd aria-hidden="true">/</kbd></form>
<div class="end"><a href="${inOtherLanguage}" lang="${other}" hreflang="${other}">${text('page.otherLanguage')}</a><a href="/sign-in" data-sign-in>${text('page.signIn')}</a><details class="menu"><summary class="btn quiet icon" aria-label="${text('page.menu')}">${menuIcon}</summary></details></div></div></header>`;
}

function foot({ text }: PageFrame): Html {
  const choice = (name: string, words: string) =>
    html`<button type="button" data-choose="${name}" aria-pressed="false">${words}</button>`;
  return html`<footer class="foot"><div class="wrap"><a href="/api">${text('page.interface')}</a><a href="/api/v1/openapi.json">${text('page.openapi')}</a><a href="/formats">${text('page.formats')}</a><a href="/self-assessment">${text('page.assessment')}</a><span class="end"><span class="seg" role="group" aria-label="${text('page.theme')}" data-themes hidden>${choice('system', text('page.theme.system'))}${choice('light', text('page.theme.light'))}${choice('dark', text('page.theme.dark'))}</span></span></div></footer>`;
}

/** A whole page around its content. Nothing on it needs a script. */
export function framedPage(frame: PageFrame, content: Html): Html {
  const { language, sheets, title, head } = frame;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="/icon.svg">
<link rel="stylesheet" href="${sheets.first ?? '/pages/base.css'}"><link rel="stylesheet" href="/pages/page.css"><script src="/pages/page.js"></script>
${head ?? ''}
</head>
<body>
<div id="app">
${topBar(frame)}
<div id="content">
${content}
</div>
${foot(frame)}
</div>
${sheets.later === undefined ? '' : html`<link rel="stylesheet" href="${sheets.later}">`}
</body>
</html>`;
}

/** Requests whose answer says already that it depends on the language. */
const varied = new WeakSet<HttpContext>();

/** Language of a page: what its address says, which is remembered in a cookie, else what the browser wants. */
export function chosenLanguage(c: HttpContext): Language {
  const asked = c.req.query('lang');
  if (asked === 'en' || asked === 'ja')
    c.header('set-cookie', `micrarium.language=${asked}; Path=/; Max-Age=31536000; SameSite=Lax`);
  // Once, and beside what an address said before: that of a study gives other forms than pages, too.
  if (!varied.has(c)) c.header('vary', 'Accept-Language, Cookie', { append: true });
  varied.add(c);
  c.header('cache-control', 'no-cache');
  return languageOf(c.req.raw.headers, asked);
}

/** Style sheets and script of the frame. */
export function frameRoutes(app: Application): void {
  const cached = { 'cache-control': 'public, max-age=3600' };
  app.get('/pages/base.css', async (c) =>
    c.body(await sourceSheet(), 200, { 'content-type': 'text/css; charset=utf-8', ...cached }),
  );
  for (const [name, type] of [
    ['page.css', 'text/css; charset=utf-8'],
    ['page.js', 'text/javascript; charset=utf-8'],
  ] as const)
    app.get(`/pages/${name}`, async (c) =>
      c.body(await readFile(new URL(name, import.meta.url), 'utf8'), 200, { 'content-type': type, ...cached }),
    );
}
