import { testEveryPage } from './every-page.ts';

// Each size, language and colour once; every two of them together are looked at in `tests/slow/pages-browser.test.ts`.
testEveryPage([
  { width: 1440, height: 900, locale: 'en-US', colorScheme: 'light' },
  { width: 390, height: 844, locale: 'ja-JP', colorScheme: 'dark' },
]);
