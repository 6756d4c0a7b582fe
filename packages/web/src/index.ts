/** The texts of the pages by key, for checks that nothing is shown untranslated. The pages themselves are a bundle (`vite build`). */
export { en } from './messages/en.ts';
export { ja } from './messages/ja.ts';
