import { ByteBudget } from './byte-budget.ts';

const mebibyte = 2 ** 20;
/** Share of a device's memory that a page keeps unpacked pixels in. */
const share = 1 / 32;
const [leastBytes, mostBytes] = [48 * mebibyte, 192 * mebibyte];
/** Where the browser does not say what the device has. */
const usualBytes = 128 * mebibyte;
/** Kept while planes go by that cannot all be kept. */
const leastPlaying = 16 * mebibyte;
/** Steps kept then: the one that is shown, two that are read ahead, and one that is just leaving. */
const stepsPlaying = 4;

/**
 * Bytes of unpacked pixels a page keeps.
 * @param deviceGibibytes memory of the device as browsers round it; `undefined` where they do not say
 */
export function pageBytes(deviceGibibytes: number | undefined): number {
  if (deviceGibibytes === undefined || !(deviceGibibytes > 0)) return usualBytes;
  return Math.min(mostBytes, Math.max(leastBytes, deviceGibibytes * 2 ** 30 * share));
}

/** What an image shows one after the other while it is played. */
export interface PlayedLoop {
  /** Bytes of one step. */
  stepBytes: number;
  /** Steps until the first one comes again. */
  steps: number;
}

/**
 * The memory of a page for unpacked pixels: one budget for tiles and chunks of all images that are open. Planes that were
 * played are kept only where all that is played fits, for else each is gone before it comes again.
 */
export class PageMemory {
  readonly budget: ByteBudget;
  private readonly fullBytes: number;
  private readonly open = new Set<object>();
  private readonly played = new Map<object, PlayedLoop>();

  /** @param fullBytes most bytes kept while nothing is played */
  constructor(fullBytes: number) {
    this.fullBytes = fullBytes;
    this.budget = new ByteBudget(fullBytes);
  }

  /** An image is shown from now on. */
  show(image: object): void {
    this.open.add(image);
    this.adjust();
  }

  /** An image is no longer shown. */
  close(image: object): void {
    this.open.delete(image);
    this.rest(image);
  }

  /** An image is played from now on. */
  play(image: object, loop: PlayedLoop): void {
    this.played.set(image, loop);
    this.adjust();
  }

  /** An image is played no more. */
  rest(image: object): void {
    this.played.delete(image);
    this.adjust();
  }

  private adjust(): void {
    let [step, loop] = [0, 0];
    for (const { stepBytes, steps } of this.played.values()) {
      step += stepBytes;
      loop += stepBytes * steps;
    }
    // Those beside an image that is played are moved along with it.
    const alike = Math.max(1, this.open.size / Math.max(1, this.played.size));
    const fits = loop * alike <= this.fullBytes;
    const bytes = fits ? this.fullBytes : Math.min(this.fullBytes, Math.max(leastPlaying, step * alike * stepsPlaying));
    if (bytes !== this.budget.limitBytes) this.budget.limitTo(bytes);
  }
}

let ofThisPage: PageMemory | undefined;

/** The memory of this page. */
export function pageMemory(): PageMemory {
  const { navigator } = globalThis as { navigator?: { deviceMemory?: number } };
  ofThisPage ??= new PageMemory(pageBytes(navigator?.deviceMemory));
  return ofThisPage;
}
