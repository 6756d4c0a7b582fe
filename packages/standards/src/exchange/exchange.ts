import { defineIssues, type Issue } from '@micrarium/model';
import { standardNames, type Standard } from '../fields/standard.ts';
import type { StudyGraph } from '../graph/study-graph.ts';
import { deepestJson, depthOfJson, lineOfDepth, isRecord, type Json, type JsonRecord } from '../json/json.ts';
import { jsonRemainder, type Remainder, restoreJson } from '../json/remainder.ts';
import { unknownParts } from '../json/unknown-parts.ts';
import { missingStatements } from './leaves.ts';

/** Issues of metadata coming in and going out, whatever the standard. */
export const exchangeIssue = defineIssues({
  'not-expressed': {
    severity: 'info',
    meaning: 'The standard an export is written in has no place for something the study says; it is not in the export.',
    hint: 'Keep the study itself, or choose a standard that has a place for it.',
  },
  'kept-part-unplaced': {
    severity: 'info',
    meaning: 'A part of an imported document that the form has no field for lost its place when the study was edited.',
    hint: 'Compare the export with the document that was imported.',
  },
  'metadata-unreadable': {
    severity: 'error',
    meaning: 'A metadata file is not written in its own format: broken JSON, XML or text.',
    hint: 'Open the file in the program that wrote it and save it again.',
  },
  'metadata-too-deep': {
    severity: 'error',
    meaning: 'A metadata document nests its parts far deeper than any real one does; it is not read.',
  },
  'metadata-encoding': {
    severity: 'warning',
    meaning:
      'A metadata file is not written in UTF-8. It was read in the encoding that fits best; a letter may be wrong.',
    hint: 'Look at names with accents and units such as µm, or save the file again as UTF-8.',
  },
  'metadata-other-standard': {
    severity: 'error',
    meaning: 'A metadata document is not of the standard it was taken for.',
    hint: 'Choose the standard the document is written in.',
  },
});

/** What an import makes. */
export interface Imported {
  graph: StudyGraph;
  issues: Issue[];
  /**
   * What the document says that our writing of a graph does not say at all, by the name it is kept under in a graph's
   * `kept`; asked for with the graph that the form makes of the import. Left out where nothing is kept.
   */
  unknownBeside?(graph: StudyGraph): Record<string, Remainder>;
}

/** What an export makes. */
export interface Exported<Document> {
  document: Document;
  /** What the standard could not express, and kept parts that lost their place. */
  losses: Issue[];
}

/** A standard whose documents are, or are brought into, one JSON document, and that is read as well as written. */
export interface JsonStandard {
  standard: Standard;
  /** The graph a document tells, and what was found wrong on the way. Never throws on a document of any shape. */
  read(document: Json): Imported;
  /** The document of a graph. */
  write(graph: StudyGraph): Json;
}

/** Reads a document; what has no place in the graph is kept with it, to be given back by `exportJson`. */
export function importJson(standard: JsonStandard, document: Json): Imported {
  const { graph, issues } = standard.read(document);
  const remainder = jsonRemainder(document, standard.write(graph));
  return {
    graph: remainder.length === 0 ? graph : { ...graph, kept: { ...graph.kept, [standard.standard]: remainder } },
    issues,
    unknownBeside: (of) => ({ [standard.standard]: unknownParts(document, standard.write(of)) }),
  };
}

/** Writes a graph, gives back what an import of the same standard kept, and says what is not in the result. */
export function exportJson(standard: JsonStandard, graph: StudyGraph): Exported<Json> {
  const written = standard.write(graph);
  const { document, unplaced } = restoreJson(written, graph.kept?.[standard.standard] ?? []);
  return {
    document,
    losses: [...lossesOf(standard.standard, graph, standard.read(written).graph), ...unplacedIssues(unplaced.length)],
  };
}

/** The issue for kept parts that found no place any more; none where all did. */
export function unplacedIssues(count: number): Issue[] {
  if (count === 0) return [];
  return [
    exchangeIssue(
      'kept-part-unplaced',
      `${count} ${count === 1 ? 'part' : 'parts'} of the imported document found no place any more`,
    ),
  ];
}

/** Issues for what one graph says and the reading of its export does not, and for parts of other standards' documents. */
export function lossesOf(standard: Standard, graph: StudyGraph, back: StudyGraph): Issue[] {
  const missing = [...missingStatements(graph, back)].map(([place, values]) =>
    notExpressed(standardNames[standard], place, values),
  );
  return [...missing, ...keptElsewhere(standardNames[standard], graph, standard)];
}

/** The issue for values at a place of the graph that an export does not hold. @param name of the form, as people call it */
export function notExpressed(name: string, place: string, values: readonly string[]): Issue {
  return exchangeIssue(
    'not-expressed',
    `${name} has no place for ${place}: ${values.length === 1 ? '' : `${values.length} values, such as `}“${values[0]!.slice(0, 80)}”`,
    { where: { field: place } },
  );
}

/** What is kept of files beside a document, with its standard. */
const keptBeside: Readonly<Record<string, Standard>> = { 'idr-annotation': 'idr', 'bia-file-list': 'bia-ro-crate' };

/**
 * Issues for parts that were kept of imported documents of other standards: only these give them back.
 * @param own the standard that is written; left out, it keeps none
 */
export function keptElsewhere(name: string, { kept = {} }: StudyGraph, own?: Standard): Issue[] {
  const isOwn = (key: string) =>
    own !== undefined && (key === own || key.startsWith(`${own} `) || keptBeside[key] === own);
  return Object.entries(kept).flatMap(([key, parts]) => {
    const count = parts.filter(({ now }) => now !== undefined).length;
    if (isOwn(key) || count === 0) return [];
    const of = standardNames[key as Standard] ?? key;
    return [
      exchangeIssue(
        'not-expressed',
        `${name} does not hold ${count} ${count === 1 ? 'part' : 'parts'} kept of an imported document (${of}); they are given back there`,
        { where: { field: `kept.${key}` } },
      ),
    ];
  });
}

/** Parses JSON of bounded depth into a document, or says why it is none. */
export function parseJsonDocument(text: string, file?: string): { document: Json } | { issue: Issue } {
  const where = file === undefined ? {} : { file };
  if (depthOfJson(text) > deepestJson) {
    const line = lineOfDepth(text, deepestJson);
    return {
      issue: exchangeIssue(
        'metadata-too-deep',
        `The document nests more than ${deepestJson} levels, from line ${line} on`,
        {
          where: { ...where, line },
        },
      ),
    };
  }
  try {
    return { document: JSON.parse(text.replace(/^\ufeff/, '')) as Json };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // The engine says where: at a line, or at a position in the text.
    const place = /line (\d+)/.exec(reason)?.[1];
    const at = /position (\d+)/.exec(reason)?.[1];
    const line = place ?? (at === undefined ? undefined : text.slice(0, Number(at)).split('\n').length);
    return {
      issue: exchangeIssue('metadata-unreadable', `This is no JSON: ${reason.slice(0, 200)}`, {
        where: { ...where, ...(line === undefined ? {} : { line: Number(line) }) },
      }),
    };
  }
}

/** The issue for a document of another kind than expected. */
export function otherStandard(standard: Standard, expected: string): Issue {
  return exchangeIssue('metadata-other-standard', `This is no ${standardNames[standard]} document: ${expected}`);
}

/** A root object, or an empty one with the issue that says what was expected. */
export function rootRecord(
  document: Json,
  standard: Standard,
  expected: string,
): { root: JsonRecord; issues: Issue[] } {
  return isRecord(document)
    ? { root: document, issues: [] }
    : { root: {}, issues: [otherStandard(standard, expected)] };
}
