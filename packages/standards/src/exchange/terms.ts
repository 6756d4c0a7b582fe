import { prefixOf, readCurie } from '../identifiers/identifiers.ts';
import type { TermReference } from '../graph/study-graph.ts';

/** Writes a term as people do: "egg activation (GO:0007343)"; the label alone where there is no id. */
export function termText({ label, id }: TermReference): string {
  return id === undefined ? label : `${label} (${id})`;
}

/** Reads "label (PREFIX:id)". What stands in other brackets belongs to the label. */
export function termOfText(text: string): TermReference {
  const match = /^(.*\S)\s*\(([A-Za-z]+[:_][A-Za-z0-9_]+)\)$/.exec(text.trim());
  const id = match ? readCurie(match[2]!) : undefined;
  return match && id !== undefined ? { label: match[1]!, id } : { label: text.trim() };
}

/** A term of its parts as tables give them: label, name of the vocabulary, accession in any spelling. */
export function termOfParts(label: string, ontology?: string, accession?: string): TermReference {
  const raw = accession?.trim() ?? '';
  const bare = /^\d+$/.test(raw) && ontology ? `${ontology.trim()}:${raw}` : raw;
  const id = raw === '' ? undefined : (readCurie(bare) ?? raw);
  const source = ontology?.trim() ?? '';
  return {
    label: label.trim(),
    ...(id === undefined ? {} : { id }),
    ...(source === '' || source === prefixOf(id) ? {} : { ontology: source }),
  };
}

/** The vocabulary's short name for term sources: as given, else the prefix of the id. */
export function sourceOf(term: TermReference): string | undefined {
  return term.ontology ?? prefixOf(term.id);
}

/** An organism as the BioImage Archive writes it, "Homo sapiens (human)": label and common name. */
export function organismText({ label, commonName }: TermReference): string {
  return commonName === undefined ? label : `${label} (${commonName})`;
}

/** Reads "Homo sapiens (human)"; a CURIE in the brackets is the id. */
export function organismOfText(text: string): TermReference {
  const term = termOfText(text);
  if (term.id !== undefined) return term;
  const match = /^([^()]+\S)\s*\(([^()]+)\)$/.exec(text.trim());
  return match ? { label: match[1]!, commonName: match[2]! } : term;
}
