import { createHash } from 'node:crypto';
import { languageOf } from './language.ts';

/** Something that is still being made, with the fraction done. */
export interface Preparation {
  what: 'database' | 'web bundle' | 'demonstration study';
  progress: number;
}

const what = {
  en: { database: 'the database', 'web bundle': 'the pages', 'demonstration study': 'a demonstration study' },
  ja: { database: 'データベース', 'web bundle': 'ページ', 'demonstration study': 'デモ用の研究' },
} as const;
const words = {
  en: ['Getting ready', 'Micrarium is running and still preparing the following. This page refreshes itself.'],
  ja: ['準備中です', 'Micrarium は起動しています。次のものを準備しています。このページは自動的に更新されます。'],
} as const;
const away = {
  en: [
    'The database does not answer',
    'Micrarium is running, but its database cannot be reached just now. Nothing is lost; this page asks again by itself. If it stays so, tell who runs this installation.',
  ],
  ja: [
    'データベースが応答しません',
    'Micrarium は起動していますが、現在データベースに接続できません。データは失われていません。このページは自動的に更新されます。続く場合は管理者に連絡してください。',
  ],
} as const;
const noPages = {
  en: [
    'No pages',
    'Micrarium is running, but its pages are not built. Run npm run build and start again. The interface at /api works without them.',
  ],
  ja: [
    'ページがありません',
    'Micrarium は起動していますが、ページが作成されていません。npm run build を実行して起動し直してください。/api のインターフェースは使えます。',
  ],
} as const;

/** Looks of the page; in it, because no file can be given yet. */
const looks =
  'body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; font-family: system-ui, sans-serif; line-height: 1.6; }';
const looksDigest = `sha256-${createHash('sha256').update(looks).digest('base64')}`;

/**
 * The page while something is made without which there are no pages; it asks again by itself. Needs nothing of the
 * program, so that it can be shown before the program is loaded.
 */
export function preparingPage(request: Request, preparations: readonly Preparation[]): Response {
  const { pathname, searchParams } = new URL(request.url);
  const language = languageOf(request.headers, searchParams.get('lang'));
  const isComing = preparations.length > 0;
  const [title, text] = isComing ? words[language] : noPages[language];
  const items = preparations.map(({ what: name, progress }) => {
    const percent = Math.round(progress * 100);
    return `<li>${what[language][name]}${percent > 0 ? ` (${percent} %)` : ''}</li>`;
  });
  // The first page says so in words; programs that look elsewhere are told to come back.
  return pageOf({ language, title, text, items, ...(isComing ? { again: 2 } : {}) }, pathname === '/' ? 200 : 503);
}

/** The page where the database does not answer: 503, and it asks again by itself. */
export function awayPage(request: Request): Response {
  const language = languageOf(request.headers, new URL(request.url).searchParams.get('lang'));
  const [title, text] = away[language];
  return pageOf({ language, title, text, items: [], again: 10 }, 503);
}

function pageOf(
  {
    language,
    title,
    text,
    items,
    again,
  }: { language: string; title: string; text: string; items: readonly string[]; again?: number },
  status: number,
): Response {
  const body = `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    ${again === undefined ? '' : `<meta http-equiv="refresh" content="${again}">`}
    <title>${title} · Micrarium</title>
    <style>${looks}</style>
  </head>
  <body>
    <main>
      <h1>Micrarium</h1>
      <p role="status">${text}</p>
      ${items.length > 0 ? `<ul>${items.join('')}</ul>` : ''}
    </main>
  </body>
</html>
`;
  return new Response(body, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src '${looksDigest}'; frame-ancestors 'none'; base-uri 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      ...(again === undefined ? {} : { 'retry-after': String(again) }),
    },
  });
}
