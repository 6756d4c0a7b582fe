/** Bytes to be found again (a tag, the name of an attribute), compared four at a time; the last four may overlap those before. */
export class KnownBytes {
  readonly length: number;
  private readonly words: Int32Array;
  private readonly last: number;
  private readonly firstTwo: number;

  /** @param bytes three at least */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.length = bytes.length;
    this.words = Int32Array.from({ length: bytes.length >> 2 }, (_, i) => view.getInt32(4 * i, true));
    this.last = bytes.length < 4 ? bytes.at(-1)! : view.getInt32(bytes.length - 4, true);
    this.firstTwo = view.getUint16(0, true);
  }

  /** Do the bytes stand at a position? `false` also where the view ends before them. */
  isAt(view: DataView, at: number): boolean {
    const { length, words } = this;
    if (at + length > view.byteLength) return false;
    if (length < 4) return view.getUint16(at, true) === this.firstTwo && view.getUint8(at + 2) === this.last;
    if (view.getInt32(at + length - 4, true) !== this.last) return false;
    for (let i = 0; i < words.length; i++) if (view.getInt32(at + 4 * i, true) !== words[i]) return false;
    return true;
  }
}
