/** An element of a small XML document; attributes and namespaces are not kept. */
export interface XmlElement {
  name: string;
  /** Text directly within it, entities resolved. */
  text: string;
  children: XmlElement[];
}

const largest = 16 * 2 ** 20;
const deepest = 20;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** A document that is not the plain XML that storages answer with. */
export class XmlRefused extends Error {
  override readonly name = 'XmlRefused';
}

/**
 * Reads the answer of an object storage. Refuses document types and thereby every entity but the five of XML, depth above 20 and size above
 * 16 MiB.
 * @throws XmlRefused
 */
export function readXml(text: string): XmlElement {
  if (text.length > largest) throw new XmlRefused('The answer is too large');
  const top: XmlElement = { name: '', text: '', children: [] };
  const open: XmlElement[] = [top];
  for (const [whole, tag, words] of text.matchAll(/<([^>]*)>|([^<]+)/g)) {
    const inner = open.at(-1)!;
    if (words !== undefined) inner.text += resolved(words);
    else if (tag!.startsWith('?')) continue;
    else if (tag!.startsWith('!')) throw new XmlRefused(`Not read: ${whole.slice(0, 40)}`);
    else if (tag!.startsWith('/')) {
      if (open.length === 1 || nameOf(tag!.slice(1)) !== inner.name) throw new XmlRefused('Elements do not close');
      open.pop();
    } else {
      const element: XmlElement = { name: nameOf(tag!), text: '', children: [] };
      inner.children.push(element);
      if (tag!.endsWith('/')) continue;
      open.push(element);
      if (open.length > deepest) throw new XmlRefused('Elements are nested too deeply');
    }
  }
  const [root] = top.children;
  if (open.length !== 1 || !root) throw new XmlRefused('The answer is cut off');
  return root;
}

/** Text of the first child of a name; '' where there is none. */
export function childText(element: XmlElement, name: string): string {
  return element.children.find((child) => child.name === name)?.text ?? '';
}

function nameOf(tag: string): string {
  const name = /^[^\s/]+/.exec(tag)?.[0] ?? '';
  return name.slice(name.indexOf(':') + 1);
}

function resolved(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-z]+);/g, (_whole, name: string) => {
    if (!name.startsWith('#')) {
      const known = entities[name];
      if (known === undefined) throw new XmlRefused(`Unknown entity ${name}`);
      return known;
    }
    const point = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    if (point > 0x10ffff) throw new XmlRefused(`No such character: ${name}`);
    return String.fromCodePoint(point);
  });
}
