import type { PixelBlock } from '@micrarium/model';
import { release } from '../objects/texts.ts';
import type { ImagePixels } from './image-reader.ts';
import { asBytes } from './pixel-arrays.ts';

/** Most pieces that are kept free, and most bytes of one. */
const [mostFree, mostBytes] = [3, 32 << 20];

/**
 * Memory for whole planes, used again: taken anew for each plane, it makes the collector run at almost every one, and the
 * system clears it each time.
 */
export class PlaneMemory {
  readonly #out = new WeakSet<ArrayBufferLike>();
  #free: Uint8Array<ArrayBuffer>[] = [];

  /** Memory of this length; what is in it is anything. */
  take(length: number): Uint8Array<ArrayBuffer> {
    // Planes of another size come now: the old ones help no more.
    if (this.#free[0] && this.#free[0].length !== length) this.#free = [];
    const taken = this.#free.pop() ?? new Uint8Array(length);
    this.#out.add(taken.buffer);
    return taken;
  }

  /** Takes back what nobody uses any more; memory from elsewhere is released. */
  giveBack(bytes: Uint8Array): void {
    const { buffer } = bytes;
    const isOurs = this.#out.delete(buffer) && buffer instanceof ArrayBuffer;
    if (!isOurs) release(bytes);
    else if (this.#free.length < mostFree && buffer.byteLength <= mostBytes) this.#free.push(new Uint8Array(buffer));
  }
}

/** To be called with a block whose values nobody uses any more: its memory is used again or released, where the image says that it may be. */
export function doneWith(image: ImagePixels, block: PixelBlock): void {
  if (image.giveBack) image.giveBack(block);
  else if (image.givesBlocksAway) release(asBytes(block.data));
}
