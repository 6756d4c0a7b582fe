/** The package brings no types: what the tests ask of it. */
declare module '@citation-js/core' {
  /** Whatever the text is written in, as CSL-JSON. */
  export class Cite {
    constructor(text: string);
    readonly data: readonly { issued: { 'date-parts': readonly (readonly number[])[] } }[];
  }
}
declare module '@citation-js/plugin-bibtex';
declare module '@citation-js/plugin-cff';
declare module '@citation-js/plugin-ris';
