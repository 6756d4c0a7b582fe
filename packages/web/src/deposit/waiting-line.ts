/** Things that wait for their turn, first come, first served; taking one costs the same however many wait. */
export class WaitingLine<Thing> {
  private things: Thing[] = [];
  private head = 0;

  get length(): number {
    return this.things.length - this.head;
  }

  push(...things: readonly Thing[]): void {
    for (const thing of things) this.things.push(thing);
  }

  /** The next ones, at most so many. */
  take(most: number): Thing[] {
    return this.takeFirst(Math.max(0, most));
  }

  /** The next ones up to the first that does not satisfy. */
  takeWhile(satisfies: (thing: Thing) => boolean): Thing[] {
    let count = 0;
    while (count < this.length && satisfies(this.things[this.head + count]!)) count++;
    return this.takeFirst(count);
  }

  private takeFirst(count: number): Thing[] {
    const taken = this.things.slice(this.head, this.head + count);
    this.head += taken.length;
    // Those that are gone are cut off now and then, not each time: that would move all that wait.
    if (this.head > 1000 && this.head * 2 > this.things.length) {
      this.things = this.things.slice(this.head);
      this.head = 0;
    }
    return taken;
  }

  /** Sends away those that do not satisfy. */
  keep(isKept: (thing: Thing) => boolean): void {
    this.things = this.things.slice(this.head).filter(isKept);
    this.head = 0;
  }
}
