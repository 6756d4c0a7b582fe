/** A node or value of a triple: an address, or a text with its type or language. */
export type RdfTerm = { iri: string } | { text: string; type?: string; language?: string };

/** Subject and predicate are addresses. */
export type Triple = readonly [subject: string, predicate: string, object: RdfTerm];

const rdfType = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';

const escapeText = (text: string) =>
  text.replace(
    /[\\"\n\r\t\b\f]/g,
    (character) =>
      ({ '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f' })[character]!,
  );

/** Addresses may not hold spaces and brackets; they are percent-encoded. */
const escapeIri = (iri: string) => iri.replace(/[\s<>"{}|\\^`]/g, (character) => encodeURIComponent(character));

/** Triples as Turtle: prefixes first, one block per subject in the order given. */
export function writeTurtle(triples: readonly Triple[], prefixes: Readonly<Record<string, string>>): string {
  const shorten = (iri: string): string => {
    for (const [prefix, base] of Object.entries(prefixes)) {
      const local = iri.slice(base.length);
      // Only plain local names; others are written out.
      if (iri.startsWith(base) && /^[A-Za-z_][A-Za-z0-9_-]*$/.test(local)) return `${prefix}:${local}`;
    }
    return `<${escapeIri(iri)}>`;
  };
  const term = (object: RdfTerm): string => {
    if ('iri' in object) return shorten(object.iri);
    const quoted = `"${escapeText(object.text)}"`;
    return object.language !== undefined
      ? `${quoted}@${object.language}`
      : object.type === undefined
        ? quoted
        : `${quoted}^^${shorten(object.type)}`;
  };
  const subjects = new Map<string, Map<string, RdfTerm[]>>();
  for (const [subject, predicate, object] of triples) {
    const block = subjects.get(subject) ?? new Map<string, RdfTerm[]>();
    subjects.set(subject, block.set(predicate, [...(block.get(predicate) ?? []), object]));
  }
  const head = Object.entries(prefixes).map(([prefix, base]) => `@prefix ${prefix}: <${base}> .`);
  const blocks = [...subjects].map(([subject, block]) => {
    const lines = [...block].map(
      ([predicate, objects]) => `${predicate === rdfType ? 'a' : shorten(predicate)} ${objects.map(term).join(', ')}`,
    );
    return `${shorten(subject)} ${lines.join(' ;\n  ')} .`;
  });
  return `${[...head, '', blocks.join('\n\n')].join('\n')}\n`;
}
