import { isSame } from '../deposit/slots.ts';

type Contents = Readonly<Record<string, unknown>>;

/** One step back: what the changed slots held before and hold after; `undefined` where they were not there. */
interface Step {
  before: Contents;
  after: Contents;
  at: number;
}

const mostSteps = 200;
/** Typing in one field within this time is one step. */
const oneStep = 1500;

/**
 * What can be undone of the edits made in this page, newest last. A step counts only where the form still says what the
 * step left there: what somebody else has changed since is theirs, and is not taken back with ours.
 */
export class EditHistory {
  private readonly done: Step[] = [];
  private readonly undone: Step[] = [];

  /**
   * Notes an edit.
   * @param before contents of the changed slots
   * @param isWhole a step of its own, never joined with the typing before or after it
   */
  note(before: Contents, after: Contents, at = Date.now(), isWhole = false): void {
    this.undone.length = 0;
    const last = this.done.at(-1);
    // Keys are compared too: of two slots of the same content one may be another's.
    const goesOn =
      last !== undefined &&
      !isWhole &&
      at - last.at < oneStep &&
      Object.keys(last.after).join('\n') === Object.keys(after).join('\n') &&
      isSame(last.after, before);
    if (goesOn) this.done[this.done.length - 1] = { before: last.before, after, at };
    else this.done.push({ before, after, at: isWhole ? 0 : at });
    if (this.done.length > mostSteps) this.done.shift();
  }

  /** Is there a step to take back? @param now contents of the form */
  canUndo(now: Contents): boolean {
    return this.done.some(({ after }) => Object.keys(after).some((slot) => isSame(now[slot], after[slot])));
  }

  /** Is there a step to make again? */
  canRedo(now: Contents): boolean {
    return this.undone.some(({ before }) => Object.keys(before).some((slot) => isSame(now[slot], before[slot])));
  }

  /** The change that takes the newest edit back. */
  undo(now: Contents): Contents | undefined {
    const step = newest(this.done, now, 'after');
    if (step) this.undone.push(step);
    return step?.before;
  }

  /** The change that makes the edit again that was taken back last. */
  redo(now: Contents): Contents | undefined {
    const step = newest(this.undone, now, 'before');
    if (step) this.done.push({ ...step, at: 0 });
    return step?.after;
  }
}

/** Takes the newest step of which something still stands as it left it, and of it that alone. */
function newest(steps: Step[], now: Contents, side: 'before' | 'after'): Step | undefined {
  for (let step = steps.pop(); step; step = steps.pop()) {
    const { before, after, at } = step;
    const slots = Object.keys(after).filter((slot) => isSame(now[slot], step![side][slot]));
    if (slots.length === 0) continue;
    const of = (contents: Contents) => Object.fromEntries(slots.map((slot) => [slot, contents[slot]]));
    return { before: of(before), after: of(after), at };
  }
  return undefined;
}
