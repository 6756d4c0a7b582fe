/** One step back: what the changed slots held before and hold after; `undefined` where they were not there. */
interface Step {
  before: Readonly<Record<string, unknown>>;
  after: Readonly<Record<string, unknown>>;
  at: number;
}

const mostSteps = 200;
/** Typing in one field within this time is one step. */
const oneStep = 1500;

/** What can be undone of the edits made in this page, newest last. */
export class EditHistory {
  private readonly done: Step[] = [];
  private readonly undone: Step[] = [];

  /** Notes an edit. @param before contents of the changed slots */
  note(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>, at = Date.now()): void {
    this.undone.length = 0;
    const last = this.done.at(-1);
    const isSame = last && Object.keys(last.after).join('\n') === Object.keys(after).join('\n');
    if (last && isSame && at - last.at < oneStep) this.done[this.done.length - 1] = { before: last.before, after, at };
    else this.done.push({ before, after, at });
    if (this.done.length > mostSteps) this.done.shift();
  }

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** The change that takes the newest edit back. */
  undo(): Readonly<Record<string, unknown>> | undefined {
    const step = this.done.pop();
    if (step) this.undone.push(step);
    return step?.before;
  }

  /** The change that makes the edit again that was taken back last. */
  redo(): Readonly<Record<string, unknown>> | undefined {
    const step = this.undone.pop();
    if (step) this.done.push({ ...step, at: 0 });
    return step?.after;
  }
}
