/** How much a field is asked for in a tier. */
export type Obligation = 'required' | 'recommended' | 'optional';

/** What a field holds; decides its control, its check and the shape of its value (`FieldValue` in the model). */
export type FieldType =
  | 'text'
  | 'long-text'
  | 'date'
  | 'licence'
  | 'email-list'
  | 'doi'
  | 'url'
  | 'orcid'
  | 'text-list'
  | 'term-list'
  | 'contributors';

/** A text in the languages of the interface. */
export interface LocalText {
  en: string;
  ja: string;
}

/**
 * One metadata field. The table of fields draws the form, validates in browser and server and makes the docs page:
 * a field is added in one place.
 */
export interface Field {
  /** Key in `StudyMetadata.values`. */
  id: string;
  group: 'study' | 'contact' | 'method' | 'data' | 'people';
  /** Obligation in the archive tier. */
  archive: Obligation;
  type: FieldType;
  /** Prefix of the vocabulary's ids for term lists (`NCBITaxon`, `FBbi`, `GO`). */
  vocabulary?: string;
  label: LocalText;
  help: LocalText;
  example: string;
  /** Not shown to the public (contact e-mail). */
  isPrivate?: boolean;
  /** Closed list the value is chosen from. */
  choices?: readonly string[];
  /** Name of the field in SSBD's repository template, where it differs. */
  ssbdName: string;
}
