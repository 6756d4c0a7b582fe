import { longestPart, OntologyFault } from './ontology-term.ts';

/** A member of a graph in OBO Graph JSON: an element of a list as `nodes` or `edges`, or a value of its own as `id` or `meta`. */
export interface GraphMember {
  name: string;
  text: string;
}

/** Brackets that are open around members of a graph: `{"graphs": [{…`; around elements of its lists one more. */
const ofGraph = 3;

/**
 * Finds the members of all graphs of an OBO Graph JSON, one element of a list at a time, and holds no more of the text than
 * the one that is not complete. What is between them is only looked at for brackets and texts.
 */
export class GraphMembers {
  /** Has the document `graphs`? */
  isGraph = false;
  private rest = '';
  /** Up to where `rest` was looked at. */
  private at = 0;
  private depth = 0;
  /** Member of the graph that is open; empty between them. */
  private name = '';
  private lastText = '';
  private key = '';
  private inGraphs = false;
  private inList = false;
  /** Where the value or element that is open begins in the text; -1 for none. */
  private from = -1;

  /** @throws OntologyFault for brackets that do not fit, or a part that has no end */
  *take(piece: string): Generator<GraphMember> {
    const text = this.rest + piece;
    let position = this.at;
    for (;;) {
      // Within an object only its own end is looked for; lists in it do not matter.
      const start = nextSign(text, position, this.from >= 0 && this.depth > ofGraph);
      if (start < 0) {
        position = text.length;
        break;
      }
      const sign = text[start]!;
      if (sign === '"') {
        const end = endOfText(text, start + 1);
        // A text that is cut off is looked at again with the next piece.
        if (end < 0) {
          position = start;
          break;
        }
        if (this.depth <= ofGraph) this.text(text, start, end);
        position = end + 1;
        continue;
      }
      position = start + 1;
      const member = this.sign(sign, start, text);
      if (member) yield member;
    }
    const keep = this.from >= 0 ? Math.min(this.from, position) : position;
    this.rest = text.slice(keep);
    this.at = position - keep;
    if (this.from >= 0) this.from -= keep;
    if (this.rest.length > longestPart)
      throw new OntologyFault(`A part of the JSON is longer than ${longestPart} characters`);
  }

  /** @throws OntologyFault where the document is not at its end */
  end(): void {
    if (this.depth !== 0 || this.rest.trim() !== '') throw new OntologyFault('The JSON is broken: it has no end');
  }

  private text(text: string, start: number, end: number): void {
    if (this.inGraphs && this.name !== '' && this.from < 0) this.from = start;
    else this.lastText = text.slice(start + 1, end);
  }

  private sign(sign: string, start: number, text: string): GraphMember | undefined {
    switch (sign) {
      case ':':
        if (this.depth === 1) this.key = this.lastText;
        if (this.depth === ofGraph && this.inGraphs && this.name === '') this.name = this.lastText;
        return undefined;
      case ',':
        return this.depth === ofGraph && this.inGraphs ? this.ended(start, text) : undefined;
      case '[':
        if (this.depth === 1 && this.key === 'graphs') this.inGraphs = this.isGraph = true;
        if (this.depth === ofGraph && this.inGraphs) this.inList = true;
        this.depth++;
        return undefined;
      case '{':
        this.depth++;
        if (this.inGraphs && this.name !== '' && this.from < 0 && this.depth === ofGraph + (this.inList ? 2 : 1))
          this.from = start;
        return undefined;
      default:
        return this.closed(sign, start, text);
    }
  }

  private closed(sign: string, start: number, text: string): GraphMember | undefined {
    this.depth--;
    if (this.depth < 0) throw new OntologyFault('The JSON is broken: a bracket closes that was not opened');
    if (sign === ']') {
      if (this.depth === ofGraph && this.inList) {
        this.inList = false;
        this.name = '';
      }
      if (this.depth === 1) this.inGraphs = false;
      return undefined;
    }
    // The end of the graph is that of its last member.
    if (this.inGraphs && this.depth === ofGraph - 1) return this.ended(start, text);
    if (this.from < 0 || this.depth !== ofGraph + (this.inList ? 1 : 0)) return undefined;
    const { name, from } = this;
    this.from = -1;
    if (!this.inList) this.name = '';
    return { name, text: text.slice(from, start + 1) };
  }

  /** A member that is a text or a number ends here. */
  private ended(end: number, text: string): GraphMember | undefined {
    const { name, from } = this;
    this.from = -1;
    this.name = '';
    return from < 0 ? undefined : { name, text: text.slice(from, end) };
  }
}

/** Where the next bracket or text begins, outside of objects also the next colon or comma; -1 for none. */
function nextSign(text: string, from: number, isWithin: boolean): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // " { } and [ ] : ,
    if (code === 34 || code === 123 || code === 125) return at;
    if (!isWithin && (code === 91 || code === 93 || code === 58 || code === 44)) return at;
  }
  return -1;
}

/** Where a text of JSON ends that begins at `from`; -1 where its end is not there yet. */
export function endOfText(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}
