/** An element to write: name with prefix, attributes (`undefined` ones are left out), and its content. */
export type XmlNode = readonly [
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  ...content: (XmlNode | string)[],
];

// XML 1.0, section 2.2: characters a document may hold; the others have no spelling at all.
const forbidden =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text as XML writes it; characters that XML forbids become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(forbidden, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

const escapeAttribute = (text: string) =>
  escapeXml(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');

/** The document as text, indented by two spaces; elements with text are kept on one line so that nothing is added to it. */
export function writeXml(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeNode(root, '')}\n`;
}

function writeNode([name, attributes, ...content]: XmlNode, indent: string): string {
  const written = Object.entries(attributes)
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`)
    .join('');
  if (content.length === 0) return `${indent}<${name}${written}/>`;
  if (content.some((one) => typeof one === 'string'))
    return `${indent}<${name}${written}>${content.map((one) => (typeof one === 'string' ? escapeXml(one) : writeNode(one, ''))).join('')}</${name}>`;
  const inner = content.map((one) => writeNode(one as XmlNode, `${indent}  `)).join('\n');
  return `${indent}<${name}${written}>\n${inner}\n${indent}</${name}>`;
}
