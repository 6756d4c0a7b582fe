import { withItemsOf } from '@micrarium/api';
import { ApiError, api, routes } from '../app/api.ts';
import { EditHistory } from '../metadata/edit-history.ts';
import type { Draft } from './draft.ts';
import { type Conflict, type Slots, editableOf, isSame, mergeSlots, sameSlots, slotsOf } from './slots.ts';

/** How the saving stands. */
export type Saving =
  | { state: 'saved'; at?: number }
  | { state: 'unsaved' }
  | { state: 'saving' }
  | { state: 'failed'; retryAt: number; message: string }
  | { state: 'conflict' };

/** What the page draws: the newest draft known of the server, and the edits on top of it. */
export interface EditorView {
  draft: Draft;
  slots: Slots;
  saving: Saving;
  conflicts: readonly Conflict[];
  /** Can edits of this page be taken back, or made again? */
  canUndo: boolean;
  canRedo: boolean;
}

/** Where unsaved edits are kept while the server has not got them. */
export interface LocalCopy {
  read(): { base: Slots; mine: Slots } | undefined;
  write(copy: { base: Slots; mine: Slots }): void;
  clear(): void;
}

/** Sends a change; made replaceable for tests. */
export type SaveCall = (draft: Draft, slots: Slots) => Promise<Draft>;

const quiet = 800;
const firstRetry = 3_000;
const longestRetry = 60_000;
/** Savings before somebody waits no longer for a draft that others, or typing, keep changing. */
const mostTries = 10;

/** Saves through the interface, with the revision one started from. */
export const saveByApi: SaveCall = (draft, slots) =>
  api.call(routes.saveDraft, {
    params: { draft: draft.id },
    headers: { 'if-match': `"${draft.revision}"` },
    body: editableOf(slots),
  });

/**
 * Edits a draft: changes are shown at once, kept in this browser, and sent after a short pause. A failed saving is
 * tried again until it works; a change by somebody else is merged, and asked about only where both changed one thing.
 */
export class DraftEditor {
  private draft: Draft;
  private base: Slots;
  private mine: Slots;
  private saving: Saving = { state: 'saved' };
  private conflicts: Conflict[] = [];
  private shown: EditorView;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  /** The saving that is under way. */
  private sending: Promise<void> = Promise.resolve();
  private readonly history = new EditHistory();
  private readonly listeners = new Set<() => void>();
  private readonly copy: LocalCopy;
  private readonly send: SaveCall;

  constructor(draft: Draft, copy: LocalCopy, send: SaveCall = saveByApi) {
    this.draft = draft;
    this.copy = copy;
    this.send = send;
    this.base = this.mine = slotsOf(draft);
    this.shown = { draft, slots: this.mine, saving: this.saving, conflicts: [], canUndo: false, canRedo: false };
    const kept = copy.read();
    if (kept) this.rebase(kept.base, kept.mine, draft);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly view = (): EditorView => this.shown;

  /** Changes slots; `undefined` removes one. */
  edit(changes: Readonly<Record<string, unknown>>): void {
    const before = Object.fromEntries(Object.keys(changes).map((slot) => [slot, this.mine[slot]]));
    if (!isSame(before, changes)) this.history.note(before, changes);
    this.change(changes);
  }

  /** Changes slots as something else has it that nobody typed: there is no edit to take back. */
  follow(changes: Readonly<Record<string, unknown>>): void {
    this.change(changes);
  }

  /** Takes the newest edit of this page back; what somebody else changed since stays as they have it. */
  undo(): void {
    const changes = this.history.undo(this.mine);
    if (changes) this.change(changes);
  }

  /** Makes the edit again that was taken back last. */
  redo(): void {
    const changes = this.history.redo(this.mine);
    if (changes) this.change(changes);
  }

  private change(changes: Readonly<Record<string, unknown>>): void {
    const next: Record<string, unknown> = { ...this.mine, ...changes };
    for (const [slot, content] of Object.entries(next)) if (content === undefined) delete next[slot];
    if (sameSlots(next, this.mine)) return;
    this.mine = next;
    this.askAnew();
    this.keep();
    if (this.saving.state !== 'conflict' && this.saving.state !== 'saving') {
      this.saving = { state: 'unsaved' };
      this.plan(quiet);
    }
    this.tell();
  }

  /** Takes a newer state of the draft from the server (polling, another tab). */
  receive(draft: Draft): void {
    if (draft.revision < this.draft.revision || this.saving.state === 'saving') return;
    if (draft.revision > this.draft.revision) this.rebase(this.base, this.mine, draft);
    else {
      this.draft = draft;
      this.tell();
    }
  }

  /** Decides a conflict: keeps mine, or takes theirs. */
  decide(slot: string, side: 'mine' | 'theirs'): void {
    const conflict = this.conflicts.find((one) => one.slot === slot);
    if (!conflict) return;
    const other = side === 'mine' ? 'theirs' : 'mine';
    this.history.note({ [slot]: conflict[other] }, { [slot]: conflict[side] }, Date.now(), true);
    this.conflicts = this.conflicts.filter((one) => one !== conflict);
    this.mine = withSlot(this.mine, slot, conflict[side]);
    this.base = withSlot(this.base, slot, conflict.theirs);
    this.goOnWhenDecided();
    this.keep();
    this.tell();
  }

  /** An open question goes by what stands in the field now; one whose sides have become the same is none. */
  private askAnew(): void {
    if (this.conflicts.length === 0) return;
    this.conflicts = this.conflicts.flatMap((one) => {
      const mine = this.mine[one.slot];
      if (!isSame(mine, one.theirs)) return [{ ...one, mine }];
      this.base = withSlot(this.base, one.slot, one.theirs);
      return [];
    });
    this.goOnWhenDecided();
  }

  private goOnWhenDecided(): void {
    if (this.conflicts.length > 0) return;
    this.saving = isSame(this.mine, this.base) ? { state: 'saved' } : { state: 'unsaved' };
    this.plan(0);
  }

  /** Saves now what is not saved yet; resolves when there is nothing left to save or it has failed. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    if (this.saving.state === 'conflict' || this.saving.state === 'saving') return;
    if (isSame(this.mine, this.base)) {
      this.saving = this.saving.state === 'saved' ? this.saving : { state: 'saved' };
      this.copy.clear();
      this.tell();
      return;
    }
    const sent = this.mine;
    this.saving = { state: 'saving' };
    this.tell();
    this.sending = this.send(this.draft, sent).then(
      (draft) => this.saved(withItemsOf(draft, this.draft), sent),
      (error: unknown) => this.refused(error),
    );
    await this.sending;
  }

  /**
   * Saves until the server has everything, merged with what others saved meanwhile.
   * @returns false where it cannot be saved now, or a question is open
   */
  async settle(): Promise<boolean> {
    for (let tries = 0; tries < mostTries; tries++) {
      if (this.saving.state === 'saving') await this.sending;
      else await this.flush();
      if (this.saving.state === 'saved') return true;
      if (this.saving.state === 'conflict' || this.saving.state === 'failed') return false;
    }
    return false;
  }

  /** Stops timers; unsaved edits stay kept in this browser. */
  close(): void {
    clearTimeout(this.timer);
  }

  private saved(draft: Draft, sent: Slots): void {
    this.failures = 0;
    this.draft = draft;
    this.base = slotsOf(draft);
    // What was typed while the answer was under way stays; the rest is as the server has it now.
    this.mine = mergeSlots(sent, this.mine, this.base).merged;
    const done = isSame(this.mine, this.base);
    this.saving = done ? { state: 'saved', at: Date.now() } : { state: 'unsaved' };
    this.keep();
    if (!done) this.plan(quiet);
    this.tell();
  }

  private refused(error: unknown): void {
    if (error instanceof ApiError && error.status === 412 && isDraft(error.body)) {
      this.saving = { state: 'unsaved' };
      this.rebase(this.base, this.mine, withItemsOf(error.body, this.draft));
      return;
    }
    const wait = Math.min(longestRetry, firstRetry * 2 ** this.failures++);
    const message = error instanceof Error ? error.message : String(error);
    this.saving = { state: 'failed', retryAt: Date.now() + wait, message };
    this.plan(wait);
    this.tell();
  }

  private rebase(base: Slots, mine: Slots, draft: Draft): void {
    const theirs = slotsOf(draft);
    const { merged, conflicts } = mergeSlots(base, mine, theirs);
    this.draft = draft;
    // An open question stays one: neither a later state of the draft nor a reload may answer it.
    this.base = conflicts.reduce((slots, { slot }) => withSlot(slots, slot, base[slot]), theirs);
    this.mine = merged;
    this.conflicts = conflicts;
    if (conflicts.length > 0) this.saving = { state: 'conflict' };
    else if (isSame(merged, theirs)) this.saving = { state: 'saved' };
    else {
      this.saving = { state: 'unsaved' };
      this.plan(quiet);
    }
    this.keep();
    this.tell();
  }

  private keep(): void {
    if (isSame(this.mine, this.base)) this.copy.clear();
    else this.copy.write({ base: this.base, mine: this.mine });
  }

  private plan(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), wait);
  }

  private tell(): void {
    this.shown = {
      draft: this.draft,
      slots: this.mine,
      saving: this.saving,
      conflicts: this.conflicts,
      canUndo: this.history.canUndo(this.mine),
      canRedo: this.history.canRedo(this.mine),
    };
    for (const listener of this.listeners) listener();
  }
}

/** The slots with one of them changed; `undefined` removes it. */
function withSlot(slots: Slots, slot: string, content: unknown): Slots {
  const { [slot]: _, ...others } = slots;
  return content === undefined ? others : { ...others, [slot]: content };
}

function isDraft(body: unknown): body is Draft {
  return typeof body === 'object' && body !== null && 'revision' in body && 'metadata' in body;
}

/** Keeps unsaved edits in this browser's storage. What another tab of the draft keeps there is not taken away. */
export function browserCopy(draftId: string): LocalCopy {
  const key = `micrarium.draft.${draftId}`;
  let own: string | null = null;
  return {
    read() {
      try {
        const stored = localStorage.getItem(key);
        own = stored;
        return stored === null ? undefined : (JSON.parse(stored) as { base: Slots; mine: Slots });
      } catch {
        return undefined;
      }
    },
    write(copy) {
      try {
        own = JSON.stringify(copy);
        localStorage.setItem(key, own);
      } catch {
        // Full or closed storage: the edits live in this page only, and saving goes on.
      }
    },
    clear() {
      try {
        if (own !== null && localStorage.getItem(key) === own) localStorage.removeItem(key);
        own = null;
      } catch {
        // Nothing was kept then.
      }
    },
  };
}
