import type { FormatId, ItemKind } from '../recognition/format-id.ts';
import { formatIds } from '../recognition/format-id.ts';
import { formatById } from '../recognition/registry.ts';
import { unseenFormats } from '../recognition/unseen-formats.ts';
import type { FormatLevel, FormatStatement, FormatStatements } from './format-statement.ts';
import { imageStatements } from './image-formats.ts';
import { otherStatements } from './other-formats.ts';
import { trackStatements } from './track-formats.ts';

/** What is stated of every format that is recognised; a format without a statement is a type error. */
const statements: FormatStatements<FormatId> = { ...imageStatements, ...trackStatements, ...otherStatements };

/**
 * On what terms the specification of a format is to be had. `licensed`: under the licence that is named. `standard`: it is the text of a
 * standards body, and anybody may make a program after it. `published`: its keeper publishes it, and names no licence that we know of.
 * `described`: no specification is published; what its makers or their programs tell of it binds nobody. `unpublished`: none is
 * published, so there is nothing that could be licensed.
 */
export const specificationTerms = ['licensed', 'standard', 'published', 'described', 'unpublished'] as const;

/** On what terms a specification is to be had. */
export type SpecificationTerms = (typeof specificationTerms)[number];

/** A line of the register of formats. */
export interface RegisteredFormat extends Omit<FormatStatement, 'reading' | 'specification' | 'licence' | 'example'> {
  id: FormatId;
  /** Name for people. */
  name: string;
  kind: ItemKind;
  extensions: readonly string[];
  mediaTypes: readonly string[];
  /** Address of the specification or description; `null` where we know none. */
  specification: string | null;
  /** Licence of the specification as SPDX writes it; `null` where none is named, which `terms` tells apart. */
  licence: string | null;
  terms: SpecificationTerms;
  /**
   * What is read here: the whole content, a description of the file without its pixels, what stands inside a container one
   * by one, the content of a document about a study, or nothing.
   */
  reads: 'whole' | 'description' | 'inside' | 'document' | 'nothing';
  /** Can it be written here? */
  writes: boolean;
  /** Was our reading held to a real file? `false` where it was made from descriptions, or where nothing is read. */
  isSeen: boolean;
  /** A real file of the collection of samples; `null` where we have none: tests make such files. */
  example: string | null;
}

function termsOf({ licence, specification, keeper, openness }: FormatStatement): SpecificationTerms {
  if (licence !== undefined) return 'licensed';
  if (specification !== undefined && keeper === 'standard') return 'standard';
  if (specification !== undefined) return 'published';
  return openness === 'closed' ? 'unpublished' : 'described';
}

function registered(id: FormatId): RegisteredFormat {
  const { reading, specification = null, licence = null, example = null, ...stated } = statements[id];
  const format = formatById(id);
  const hasReader = format?.tracks !== undefined || format?.images !== undefined;
  const hasWriter = format?.tracks?.writer !== undefined || format?.images?.writer !== undefined;
  const reads = reading ?? (hasReader ? 'whole' : 'nothing');
  return {
    id,
    name: format?.name ?? 'Not recognised',
    kind: format?.kind ?? 'unknown',
    extensions: format?.extensions ?? [],
    mediaTypes: format?.mediaTypes ?? [],
    ...stated,
    specification,
    licence,
    terms: termsOf(statements[id]),
    reads,
    writes: hasWriter || reading === 'document',
    isSeen: reads !== 'nothing' && !unseenFormats.has(id),
    example,
  };
}

/** Every format that is recognised, with what is stated of it and what our programs do with it; by name. */
export function formatRegister(): RegisteredFormat[] {
  return formatIds.map(registered).sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
}

/** The level of a format; of an id that is not in the register, `bits`. */
export function formatLevel(id: string): FormatLevel {
  return Object.hasOwn(statements, id) ? statements[id as FormatId].level : 'bits';
}

const columns = [
  'id',
  'name',
  'level',
  'openness',
  'specification',
  'licence',
  'terms',
  'data',
  'reads',
  'writes',
  'isSeen',
  'others',
  'keeper',
  'by',
  'adoption',
  'example',
  'extensions',
  'mediaTypes',
] as const satisfies readonly (keyof RegisteredFormat)[];

/** The register as CSV (RFC 4180): a line of names, then one line a format; several values in one cell by `; `. */
export function formatRegisterCsv(register: readonly RegisteredFormat[]): string {
  const cell = (value: RegisteredFormat[(typeof columns)[number]]) => {
    const text = Array.isArray(value) ? value.join('; ') : String(value ?? 'none');
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = register.map((one) => columns.map((name) => cell(one[name])).join(','));
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`;
}
