import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../app/api.ts';
import { DraftEditor, type LocalCopy } from './draft-editor.ts';
import type { Draft } from './draft.ts';
import { type Slots, editableOf } from './slots.ts';

function draftOf(revision: number, values: Record<string, string>): Draft {
  return {
    id: 'd1',
    accession: 'M1',
    version: 1,
    revision,
    state: 'editing',
    createdAt: '2026-11-20T00:00:00Z',
    updatedAt: '2026-11-20T00:00:00Z',
    metadata: { values, origins: {} },
    datasetTitles: {},
    pairs: [],
    proposals: [],
    items: [],
    itemCounts: { count: 0, files: 0, unread: 0, read: 0, failed: 0 },
    files: { count: 0, bytes: 0, verified: 0, receivedBytes: 0 },
    missing: [],
  };
}

/** A server that keeps one draft and insists on the revision, as the real one does. */
class OneDraft {
  draft: Draft = draftOf(1, { title: 'old', notes: 'n' });
  down = false;
  saves = 0;
  readonly save = async (from: Draft, slots: Slots): Promise<Draft> => {
    if (this.down) throw new TypeError('fetch failed');
    if (from.revision !== this.draft.revision) throw new ApiError(412, 'changed', 'changed', this.draft);
    this.saves++;
    const { earlierResults, ...told } = editableOf(slots);
    this.draft = { ...this.draft, ...told, revision: this.draft.revision + 1 };
    if (earlierResults) this.draft.earlierResults = earlierResults;
    return this.draft;
  };
}

function memoryCopy(): LocalCopy & { kept: { base: Slots; mine: Slots } | undefined } {
  return {
    kept: undefined,
    read() {
      return this.kept;
    },
    write(copy) {
      this.kept = copy;
    },
    clear() {
      this.kept = undefined;
    },
  };
}

describe('editing a draft', () => {
  const server = { now: new OneDraft() };
  beforeEach(() => {
    server.now = new OneDraft();
    vi.useFakeTimers();
  });
  afterEach(() => void vi.useRealTimers());
  const title = (value: string) => ({ 'value:title': { value } });
  const titleNow = () => server.now.draft.metadata.values.title;

  it('saves by itself after a pause, once for many keystrokes', async () => {
    const editor = new DraftEditor(server.now.draft, memoryCopy(), server.now.save);
    for (const word of ['n', 'ne', 'new']) editor.edit(title(word));
    expect(editor.view().saving.state).toBe('unsaved');
    await vi.advanceTimersByTimeAsync(1000);
    expect([titleNow(), server.now.saves, editor.view().saving.state]).toEqual(['new', 1, 'saved']);
  });

  it('keeps what could not be saved and tries again until it works', async () => {
    const copy = memoryCopy();
    const editor = new DraftEditor(server.now.draft, copy, server.now.save);
    server.now.down = true;
    editor.edit(title('kept'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(editor.view().saving.state).toBe('failed');
    expect(copy.kept?.mine['value:title']).toEqual({ value: 'kept' });
    server.now.down = false;
    await vi.advanceTimersByTimeAsync(4000);
    expect([titleNow(), editor.view().saving.state, copy.kept]).toEqual(['kept', 'saved', undefined]);
  });

  it('brings edits back after a reload', async () => {
    const copy = memoryCopy();
    server.now.down = true;
    const before = new DraftEditor(server.now.draft, copy, server.now.save);
    before.edit(title('typed before the reload'));
    before.close();
    server.now.down = false;
    const after = new DraftEditor(server.now.draft, copy, server.now.save);
    expect(after.view().slots['value:title']).toEqual({ value: 'typed before the reload' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(titleNow()).toBe('typed before the reload');
  });

  it('merges what another tab saved, and asks where both changed one field', async () => {
    const mine = new DraftEditor(server.now.draft, memoryCopy(), server.now.save);
    const other = new DraftEditor(server.now.draft, memoryCopy(), server.now.save);
    other.edit({ ...title('theirs'), 'value:notes': { value: 'their note' } });
    await other.flush();
    mine.edit(title('mine'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(mine.view().conflicts).toEqual([
      { slot: 'value:title', mine: { value: 'mine' }, theirs: { value: 'theirs' } },
    ]);
    expect(titleNow()).toBe('theirs');
    mine.decide('value:title', 'mine');
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.now.draft.metadata.values).toEqual({ title: 'mine', notes: 'their note' });
    expect(mine.view().saving.state).toBe('saved');
  });

  /** A conflict about the title, of a page and of what it keeps. */
  async function inConflict() {
    const copy = memoryCopy();
    const mine = new DraftEditor(server.now.draft, copy, server.now.save);
    const other = new DraftEditor(server.now.draft, memoryCopy(), server.now.save);
    other.edit(title('theirs'));
    await other.flush();
    mine.edit(title('mine'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(mine.view().conflicts).toHaveLength(1);
    return { mine, other, copy };
  }

  it('a question stays open when more comes in from the other side, and through a reload', async () => {
    const { mine, other, copy } = await inConflict();
    other.edit({ 'value:notes': { value: 'and a note' } });
    await other.flush();
    mine.receive(server.now.draft);
    await vi.advanceTimersByTimeAsync(2000);
    expect([mine.view().conflicts.length, mine.view().saving.state, titleNow()]).toEqual([1, 'conflict', 'theirs']);
    mine.close();
    const reloaded = new DraftEditor(server.now.draft, copy, server.now.save);
    await vi.advanceTimersByTimeAsync(2000);
    expect([reloaded.view().conflicts, titleNow()]).toEqual([
      [{ slot: 'value:title', mine: { value: 'mine' }, theirs: { value: 'theirs' } }],
      'theirs',
    ]);
    reloaded.decide('value:title', 'theirs');
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.now.draft.metadata.values).toEqual({ title: 'theirs', notes: 'and a note' });
    expect([reloaded.view().saving.state, copy.kept]).toEqual(['saved', undefined]);
  });

  it('what is typed while a question is open is what keeping mine keeps', async () => {
    const { mine } = await inConflict();
    mine.edit(title('mine, better'));
    expect(mine.view().conflicts[0]?.mine).toEqual({ value: 'mine, better' });
    mine.decide('value:title', 'mine');
    await vi.advanceTimersByTimeAsync(1000);
    expect(titleNow()).toBe('mine, better');
  });

  it('typing what the other side says answers the question', async () => {
    const { mine } = await inConflict();
    mine.edit({ ...title('theirs'), 'value:notes': { value: 'n2' } });
    expect(mine.view().conflicts).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.now.draft.metadata.values).toEqual({ title: 'theirs', notes: 'n2' });
  });

  it('undoing takes an answer back, and nothing that somebody else wrote since', async () => {
    const { mine, other } = await inConflict();
    mine.decide('value:title', 'mine');
    await vi.advanceTimersByTimeAsync(1000);
    expect(titleNow()).toBe('mine');
    mine.undo();
    await vi.advanceTimersByTimeAsync(1000);
    expect([titleNow(), mine.view().canUndo]).toEqual(['theirs', false]);
    mine.edit({ 'value:notes': { value: 'my note' } });
    await vi.advanceTimersByTimeAsync(1000);
    other.receive(server.now.draft);
    other.edit({ 'value:notes': { value: 'their note' } });
    await other.flush();
    mine.receive(server.now.draft);
    mine.undo();
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.now.draft.metadata.values.notes).toBe('their note');
  });

  it('loses no key typed while an answer was under way', async () => {
    const editor = new DraftEditor(server.now.draft, memoryCopy(), server.now.save);
    editor.edit(title('a'));
    const saving = editor.flush();
    editor.edit(title('ab'));
    await saving;
    expect(editor.view().slots['value:title']).toEqual({ value: 'ab' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(titleNow()).toBe('ab');
  });
});
