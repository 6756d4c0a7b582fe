/** Style sheets are imported for their effect. */
declare module '*.css';
declare module '@fontsource-variable/inter/wght.css';
declare module '@fontsource-variable/noto-sans-jp/wght.css';
declare module '@fontsource-variable/jetbrains-mono/wght.css';

/** Files of the sources as text, for the test that reads them. */
interface ImportMeta {
  glob(pattern: string, options: { query: '?raw'; import: 'default'; eager: true }): Record<string, string>;
  readonly url: string;
}
