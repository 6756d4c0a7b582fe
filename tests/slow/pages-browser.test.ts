import { testEveryPage } from '../journeys/every-page.ts';

// With the two ways of `npm test`: every size, language and colour, and every two of them together.
testEveryPage([
  { width: 1440, height: 900, locale: 'ja-JP', colorScheme: 'dark' },
  { width: 390, height: 844, locale: 'en-US', colorScheme: 'dark' },
  { width: 390, height: 844, locale: 'ja-JP', colorScheme: 'light' },
  { width: 1024, height: 768, locale: 'en-US', colorScheme: 'light' },
]);
