/** Ids in one page: a page is a run of bits. */
const pageIds = 1024;

/** A set of whole numbers as bits in pages: 1 bit an id where ids lie close, a page each where they do not. */
export class IdSet {
  size = 0;
  private readonly pages = new Map<number, Uint32Array>();
  private lastKey = -1;
  private lastPage: Uint32Array | undefined;

  has(id: number): boolean {
    const page = this.page(Math.floor(id / pageIds));
    const bit = bitOf(id);
    return page !== undefined && ((page[bit >>> 5]! >>> (bit & 31)) & 1) === 1;
  }

  /** Adds an id; `false` where it was in already. */
  add(id: number): boolean {
    const key = Math.floor(id / pageIds);
    let page = this.page(key);
    if (page === undefined) {
      page = new Uint32Array(pageIds / 32);
      this.pages.set(key, page);
      this.lastKey = key;
      this.lastPage = page;
    }
    const bit = bitOf(id);
    const mask = (1 << (bit & 31)) >>> 0;
    if ((page[bit >>> 5]! & mask) !== 0) return false;
    page[bit >>> 5] = page[bit >>> 5]! | mask;
    this.size++;
    return true;
  }

  /** How many ids are in both sets. */
  countShared(other: IdSet): number {
    let shared = 0;
    for (const [key, page] of this.pages) {
      const others = other.pages.get(key);
      if (others) for (let word = 0; word < page.length; word++) shared += onesIn(page[word]! & others[word]!);
    }
    return shared;
  }

  private page(key: number): Uint32Array | undefined {
    if (key === this.lastKey) return this.lastPage;
    const page = this.pages.get(key);
    if (page !== undefined) {
      this.lastKey = key;
      this.lastPage = page;
    }
    return page;
  }
}

function bitOf(id: number): number {
  return ((id % pageIds) + pageIds) % pageIds;
}

function onesIn(word: number): number {
  let ones = 0;
  for (let left = word; left !== 0; left &= left - 1) ones++;
  return ones;
}
