import { SaxesParser } from 'saxes';

/** An element with what is below it. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlNode[];
  /** Own text, trimmed. */
  text: string;
}

const maxNodes = 2_000_000;
const maxDepth = 500;

/**
 * Reads a whole XML document into a tree, for metadata of some megabytes. Entities of a document type are never
 * expanded. What stood before a fault is kept, and `fault` names it.
 */
export function parseXmlTree(xml: string): { root: XmlNode | undefined; fault: string | undefined } {
  const parser = new SaxesParser({ xmlns: false });
  const open: XmlNode[] = [];
  let root: XmlNode | undefined;
  let fault: string | undefined;
  let nodes = 0;
  parser.on('error', (error) => (fault ??= error.message));
  parser.on('opentag', ({ name, attributes }) => {
    if (fault !== undefined) return;
    if (++nodes > maxNodes || open.length > maxDepth) {
      fault = 'too many or too deeply nested elements';
      return;
    }
    const node: XmlNode = { name, attributes: attributes as Record<string, string>, children: [], text: '' };
    open.at(-1)?.children.push(node);
    root ??= node;
    open.push(node);
  });
  const addText = (text: string): void => {
    const node = open.at(-1);
    if (node && fault === undefined) node.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const node = open.pop();
    if (node) node.text = node.text.trim();
  });
  const step = 1 << 20;
  try {
    // In pieces, so that a fault early in a long text ends the work there.
    for (let at = 0; at < xml.length && fault === undefined; at += step) parser.write(xml.slice(at, at + step));
    if (fault === undefined) parser.close();
  } catch (error) {
    fault ??= (error as Error).message;
  }
  return { root, fault };
}

/** The first element down a path of names. */
export function nodeAt(node: XmlNode | undefined, ...path: string[]): XmlNode | undefined {
  let at = node;
  for (const name of path) at = at?.children.find((child) => child.name === name);
  return at;
}

/** Children of one name. */
export function nodesNamed(node: XmlNode | undefined, name: string): XmlNode[] {
  return node?.children.filter((child) => child.name === name) ?? [];
}

/** The first element of this name anywhere below. */
export function findNode(node: XmlNode | undefined, name: string): XmlNode | undefined {
  const rest: XmlNode[] = node ? [node] : [];
  for (let next = rest.pop(); next; next = rest.pop()) {
    if (next.name === name) return next;
    for (let n = next.children.length - 1; n >= 0; n--) rest.push(next.children[n]!);
  }
  return undefined;
}

/** Text at a path; `undefined` where it is absent or empty. */
export function textAt(node: XmlNode | undefined, ...path: string[]): string | undefined {
  return nodeAt(node, ...path)?.text || undefined;
}
