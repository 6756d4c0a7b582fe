/** Most answers kept; the oldest go first. */
const mostKept = 200;

/**
 * Remembers answers for a moment, so that a burst of equal questions is asked once. Only found answers are kept: what is not
 * there may come at any time. Questions under way are shared.
 */
export class Remembered<Answer> {
  private readonly forMilliseconds: number;
  private readonly now: () => number;
  private readonly kept = new Map<string, { until: number; answer: Promise<Answer | undefined> }>();
  private sweeping: NodeJS.Timeout | undefined;

  constructor(forMilliseconds: number, now: () => number = () => performance.now()) {
    this.forMilliseconds = forMilliseconds;
    this.now = now;
  }

  /** Forgets one answer: it has changed. */
  forget(question: string): void {
    this.kept.delete(question);
  }

  /** The answer to a question, from memory or by `ask`. */
  get(question: string, ask: () => Promise<Answer | undefined>): Promise<Answer | undefined> {
    const known = this.kept.get(question);
    if (known && known.until > this.now()) return known.answer;
    const answer = ask();
    this.sweepLater();
    this.kept.delete(question);
    this.kept.set(question, { until: this.now() + this.forMilliseconds, answer });
    const forget = () => {
      if (this.kept.get(question)?.answer === answer) this.kept.delete(question);
    };
    answer.then((found) => {
      if (found === undefined) forget();
    }, forget);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= mostKept) break;
      this.kept.delete(oldest);
    }
    return answer;
  }

  /** Answers kept, those that are no longer given and not yet let go too. */
  get size(): number {
    return this.kept.size;
  }

  /** Lets go of what is not given any more: an answer may hold a study of a hundred thousand files. */
  private sweepLater(): void {
    this.sweeping ??= setTimeout(() => {
      this.sweeping = undefined;
      // All are kept equally long: the oldest stand first.
      for (const [question, { until }] of this.kept) {
        if (until > this.now()) break;
        this.kept.delete(question);
      }
      if (this.kept.size > 0) this.sweepLater();
    }, this.forMilliseconds + 1).unref();
  }
}
