import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { readText, sniffEncoding } from '../../tables/delimited/text-windows.ts';

/** Takes the elements of an XML file as they begin and end. A promise that it answers is waited for before more text. */
export interface ElementHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): Promise<void> | undefined | void;
  close?(name: string): Promise<void> | undefined | void;
  /** Text between elements, in as many pieces as it comes; passed over where left out. */
  text?(text: string): void;
}

/** What stopped the walk early. */
export interface XmlFault {
  code: 'xml-doctype-refused' | 'xml-malformed';
  message: string;
  line: number;
}

const deepest = 200;
/** Characters without an element that begins or ends, after which the file is no track file. */
const longestPiece = 1 << 24;

/**
 * Walks an XML file element by element, in bounded memory. A document type stops it: entities are never resolved.
 */
export async function walkElements(
  source: ByteSource,
  handler: ElementHandler,
  options: { signal?: AbortSignal; onBytes?(done: number): void } = {},
): Promise<XmlFault | undefined> {
  let fault: XmlFault | undefined;
  let depth = 0;
  let sinceElement = 0;
  const waiting: Promise<void>[] = [];
  const parser = new SaxesParser();
  const stop = (code: XmlFault['code'], message: string) => {
    fault ??= { code, message, line: parser.line };
  };
  const take = (answer: Promise<void> | undefined | void) => {
    sinceElement = 0;
    if (answer) waiting.push(answer);
  };
  parser.on('doctype', () => stop('xml-doctype-refused', 'the file has a document type'));
  parser.on('error', (error) => stop('xml-malformed', error.message));
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    if (fault) return;
    if (++depth > deepest) stop('xml-malformed', `elements are nested more than ${deepest} deep`);
    else take(handler.open(name, attributes));
  });
  parser.on('closetag', ({ name }) => {
    depth--;
    if (!fault) take(handler.close?.(name));
  });
  if (handler.text) {
    const take = (text: string) => {
      if (!fault) handler.text!(text);
    };
    parser.on('text', take);
    parser.on('cdata', take);
  }
  const encoding = sniffEncoding(await source.read(0, 65_536, options.signal));
  for await (const { text, bytesDone } of readText(source, encoding, options.signal, 1 << 16)) {
    sinceElement += text.length;
    parser.write(text);
    await Promise.all(waiting.splice(0));
    options.onBytes?.(bytesDone);
    if (sinceElement > longestPiece) stop('xml-malformed', 'a single tag or text is longer than 16 million characters');
    if (fault) return fault;
  }
  parser.close();
  await Promise.all(waiting);
  return fault;
}

/** Number in an attribute, whatever the case of its name; NaN where there is none. */
export function attributeNumber(attributes: Readonly<Record<string, string>>, name: string): number {
  const text = attributes[name] ?? attributes[name.toUpperCase()] ?? attributes[name.toLowerCase()];
  return text === undefined || text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.'));
}
