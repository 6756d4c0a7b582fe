import type { FormatId } from '../recognition/format-id.ts';

/**
 * What the archive promises of a format. `preferred`: read and written here after a published specification, so that what
 * was deposited can be given out in it and moved on. `accepted`: read here, so that its content is shown and can be given
 * out in a preferred one. `bits`: kept exactly as deposited, and no more is promised.
 */
export const formatLevels = ['preferred', 'accepted', 'bits'] as const;

/** Level of a format. */
export type FormatLevel = (typeof formatLevels)[number];

/**
 * How open a format is. `open`: anybody may read its specification and make a program after it. `documented`: there is no
 * specification, but its makers describe it, or the program that writes it is open. `closed`: its makers publish no
 * description, or only to those who ask; programs of others were made by looking at files.
 */
export const opennesses = ['open', 'documented', 'closed'] as const;

/** How open a format is. */
export type Openness = (typeof opennesses)[number];

/** What a format holds. */
export const formatDataTypes = [
  'images',
  'films',
  'tracks',
  'outlines',
  'tables',
  'metadata',
  'documents',
  'containers',
] as const;

/** Kind of data a format holds. */
export type FormatDataType = (typeof formatDataTypes)[number];

/** Who decides what a format is. `nobody`: it is no longer kept, or never was. */
export const keeperKinds = ['standard', 'community', 'company', 'project', 'laboratory', 'nobody'] as const;

/** Kind of who decides what a format is. */
export type KeeperKind = (typeof keeperKinds)[number];

/**
 * Who uses a format. `general`: programs far beyond microscopy. `field`: several programs and archives of bioimaging.
 * `program`: the users of one program or maker. `few`: few laboratories. `old`: what was made of it remains, new files
 * are written in another one.
 */
export const adoptions = ['general', 'field', 'program', 'few', 'old'] as const;

/** Who uses a format. */
export type Adoption = (typeof adoptions)[number];

/** What a person states about a format; what our own programs do with it is asked of its descriptor. */
export interface FormatStatement {
  level: FormatLevel;
  openness: Openness;
  /** Address of the specification, or of the description its makers give. */
  specification?: string;
  /** Licence of the specification, as SPDX writes it where it can; left out where we do not know it. */
  licence?: string;
  data: readonly FormatDataType[];
  keeper: KeeperKind;
  /** Name of the keeper; `''` where nobody keeps it. */
  by: string;
  adoption: Adoption;
  /** Programs of others that read or write it; those we know, not all. */
  others: readonly string[];
  /** A real file that our reader is held to, named as in the collection of samples; left out where we have none. */
  example?: string;
  /**
   * What our reading is where the descriptor does not tell it: only a description of the file (its pixels are left), or
   * what stands inside one by one (a container), or the content of a document about a study.
   */
  reading?: 'description' | 'inside' | 'document';
}

/** Statements about some formats. */
export type FormatStatements<Id extends FormatId> = Readonly<Record<Id, FormatStatement>>;
