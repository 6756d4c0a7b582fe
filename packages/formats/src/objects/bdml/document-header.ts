import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { Sha256 } from '../../bytes/sha256.ts';
import type { WritableSet } from '../writable-set.ts';
import { type WrittenHeader, parseHeader, writtenHeader } from './header-fields.ts';
import { HeaderText } from './header-text.ts';
import type { BdmlVersion } from './vocabulary.ts';

/**
 * The header of a document of sets: that of the first as far as it has one.
 * @param title title of the document where the header has none; the name of the first set where left out
 */
export function documentHeader(version: BdmlVersion, sets: readonly WritableSet[], title?: string): WrittenHeader {
  return writtenHeader(parseHeader(sets[0]?.provenance.settings), version, {
    id: idOf(sets),
    title: title ?? sets[0]?.name,
    today: new Date().toISOString().slice(0, 10),
  });
}

/** A header as the reader keeps it of a document. */
export function keptHeader(text: string, version: BdmlVersion): string | undefined {
  const kept = new HeaderText();
  const parser = new SaxesParser();
  let depth = 1;
  let value = '';
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    value = '';
    if (name !== 'bdml') kept.open(name, attributes, ++depth);
  });
  parser.on('text', (piece) => void (value += piece));
  parser.on('closetag', ({ name }) => {
    if (name !== 'bdml') kept.close(name, value, depth--);
    value = '';
  });
  parser.write(`<bdml>${text}</bdml>`).close();
  return kept.finish(version);
}

/** An id made of the content (RFC 9562, version 8), so that the same data get the same id. */
function idOf(sets: readonly WritableSet[]): string {
  const sum = new Sha256();
  const bytes = ({ buffer, byteOffset, byteLength }: Float64Array | Int32Array) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  for (const { name, objects } of sets) {
    sum.update(new TextEncoder().encode(`${name} ${objects.count} `));
    for (const values of [objects.id, objects.frame, objects.x, objects.y]) sum.update(bytes(values));
  }
  const hex = sum.hex();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
