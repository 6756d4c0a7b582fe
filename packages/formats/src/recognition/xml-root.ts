/** The first element of an XML text. */
export interface XmlRoot {
  /** Name as written. */
  name: string;
  /** Name without its prefix. */
  localName: string;
  /** Attributes as written, entities not resolved. */
  attributes: Readonly<Record<string, string>>;
  /** Where the text after the start tag begins. */
  end: number;
}

/**
 * Finds the root element without parsing: declaration, comments, processing instructions and a DOCTYPE are stepped
 * over, nothing is ever resolved. `undefined` where the text does not begin as XML.
 */
export function xmlRoot(text: string): XmlRoot | undefined {
  let at = skipBlank(text, 0);
  while (text[at] === '<') {
    if (text.startsWith('<?', at)) at = after(text, '?>', at);
    else if (text.startsWith('<!--', at)) at = after(text, '-->', at);
    else if (text.startsWith('<!', at)) at = afterDeclaration(text, at);
    else return startTag(text, at);
    at = skipBlank(text, at);
  }
  return undefined;
}

function skipBlank(text: string, at: number): number {
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return at;
}

function after(text: string, end: string, at: number): number {
  const found = text.indexOf(end, at);
  return found < 0 ? text.length : found + end.length;
}

/** A DOCTYPE may carry an internal subset in brackets, with `>` inside. */
function afterDeclaration(text: string, at: number): number {
  const close = text.indexOf('>', at);
  const bracket = text.indexOf('[', at);
  return bracket >= 0 && bracket < close ? after(text, ']', at) + 1 : after(text, '>', at);
}

function startTag(text: string, at: number): XmlRoot | undefined {
  const name = /^<([A-Za-z_][\w.:-]{0,200})(?=[\s/>]|$)/.exec(text.slice(at, at + 210))?.[1];
  if (!name) return undefined;
  const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
  const pattern = /\s+([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
  pattern.lastIndex = at + 1 + name.length;
  let end = pattern.lastIndex;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    attributes[found[1]!] = found[2] ?? found[3] ?? '';
    end = pattern.lastIndex;
  }
  return { name, localName: name.slice(name.indexOf(':') + 1), attributes, end };
}

/** The element that comes first inside the root, by name; `undefined` where there is none in the text at hand. */
export function firstChild(text: string, root: XmlRoot): XmlRoot | undefined {
  const close = text.indexOf('>', root.end);
  return close < 0 || text[close - 1] === '/' ? undefined : xmlRoot(text.slice(close + 1));
}

/** Does the XML declare a document type or entities before its root? They are never resolved. HTML and SVG aside. */
export function declaresEntities(text: string): boolean {
  const root = /^\s*</.test(text) ? xmlRoot(text) : undefined;
  const prolog = root ? text.slice(0, root.end) : /^\s*</.test(text) ? text : '';
  return /<!(DOCTYPE(?!\s+(html|svg)\b)|ENTITY)/i.test(prolog);
}
