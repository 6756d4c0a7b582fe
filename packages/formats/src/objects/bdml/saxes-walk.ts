import type { ByteSource } from '../../bytes/byte-source.ts';
import { type XmlFault, walkElements } from '../../tracks/simple/xml-elements.ts';
import type { BdmlDocument, TakeComponent } from './document.ts';
import { BdmlWalk } from './element-walk.ts';

/** What a walk takes besides the document. */
export interface WalkOptions {
  signal?: AbortSignal;
  onBytes?(done: number): void;
}

/** What a walk learned, and what stopped it early. */
export interface WalkedBdml {
  document: BdmlDocument;
  fault: XmlFault | undefined;
}

/** Walks a document once, in bounded memory, with all the rules and encodings of XML; ten times slower than `walkBdml`. */
export async function walkBdmlByElements(
  source: ByteSource,
  take: TakeComponent,
  options: WalkOptions = {},
): Promise<WalkedBdml> {
  const walk = new BdmlWalk(take);
  const fault = await walkElements(source, walk, options);
  return { document: walk.document, fault };
}
