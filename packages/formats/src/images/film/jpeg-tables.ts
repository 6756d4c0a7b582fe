/**
 * The segment with the Huffman tables of ITU-T T.81, K.3 to K.6, which films of JPEG leave out of their frames: marker,
 * length, and the four tables.
 */
const segment =
  'ffc401a20000010501010101010100000000000000000102030405060708090a0b100002010303020403050504040000017d010203000411' +
  '05122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a4344454647' +
  '48494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4' +
  'b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa010003010101010101010101' +
  '0000000000000102030405060708090a0b110002010204040304070504040001027700010203110405213106124151076171132232810814' +
  '4291a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a63646566' +
  '6768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9' +
  'cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa';

/** The frame with Huffman tables: its own, or where it has none, the usual ones behind its first marker. */
export function withHuffmanTables(jpeg: Uint8Array): Uint8Array {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8 || hasTables(jpeg)) return jpeg;
  const tables = Uint8Array.from(segment.match(/../g)!, (pair) => Number.parseInt(pair, 16));
  const whole = new Uint8Array(jpeg.length + tables.length);
  whole.set(jpeg.subarray(0, 2));
  whole.set(tables, 2);
  whole.set(jpeg.subarray(2), 2 + tables.length);
  return whole;
}

/** Is there a segment of Huffman tables before the pixels? */
function hasTables(jpeg: Uint8Array): boolean {
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1]!;
    if (marker === 0xc4) return true;
    if (marker === 0xda) return false;
    at += 2 + ((jpeg[at + 2]! << 8) | jpeg[at + 3]!);
  }
  return false;
}
