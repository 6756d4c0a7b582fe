import { figuresKey, keptKey, tierKey } from '@micrarium/standards';
import { type JSX, useRef } from 'react';
import { changeInWords } from '../life/change-in-words.ts';
import { type text as Text, useText } from '../messages/text.ts';
import { nameOfKey } from '../metadata/import-panel.tsx';
import { draftDatasets } from '../metadata/study-state.ts';
import { writtenInFull } from '../metadata/written-value.ts';
import type { EditorView } from './draft-editor.ts';
import type { DraftPair } from './draft.ts';
import { templateSlot } from './naming-memory.ts';
import { noteSlots, type ValueSlot } from './slots.ts';

/** Asks, field by field, which of two edits shall stand; shown only where both sides changed one thing. */
export function MergeView({
  view,
  decide,
}: {
  view: EditorView;
  decide: (slot: string, side: 'mine' | 'theirs') => void;
}): JSX.Element | null {
  const text = useText();
  const { conflicts } = view;
  const section = useRef<HTMLElement>(null);
  if (conflicts.length === 0) return null;
  // The buttons go with the decision: who is on the keyboard is at the next one, or at the field that was decided about.
  const decided = (slot: string, side: 'mine' | 'theirs') => {
    const at = conflicts.findIndex((one) => one.slot === slot);
    decide(slot, side);
    requestAnimationFrame(() => {
      const open = section.current?.querySelectorAll<HTMLElement>('.two-sides') ?? [];
      const next = open[Math.min(at, open.length - 1)]?.querySelector('button');
      const field = noteSlots.some((one) => one === slot) ? 'note-words' : `field-${slot.slice(slot.indexOf(':') + 1)}`;
      const rest = document.getElementById(field) ?? document.querySelector<HTMLElement>('main h1');
      if (!next && rest?.tabIndex === -1) rest.setAttribute('tabindex', '-1');
      (next ?? rest)?.focus();
    });
  };
  return (
    <section ref={section} className="merge" role="alert" aria-label={text('merge.title')}>
      <h2>{text('merge.title')}</h2>
      <p className="s m2">{text('merge.help')}</p>
      {conflicts.map((conflict) => (
        <div key={conflict.slot} className="two-sides">
          <h3>{nameOf(conflict.slot, view, text)}</h3>
          {(['mine', 'theirs'] as const).map((side) => (
            <div key={side} className="side-of">
              <p className="xs m3">{text(side === 'mine' ? 'merge.mine' : 'merge.theirs')}</p>
              <p className="s content">{contentOf(conflict.slot, conflict[side], text)}</p>
              <button type="button" className="btn sm" onClick={() => decided(conflict.slot, side)}>
                {text(side === 'mine' ? 'merge.keepMine' : 'merge.takeTheirs')}
              </button>
            </div>
          ))}
        </div>
      ))}
    </section>
  );
}

function nameOf(slot: string, view: EditorView, text: typeof Text): string {
  if (slot === templateSlot) return text('names.title');
  const id = slot.slice(slot.indexOf(':') + 1);
  if (slot.startsWith('pair:')) return text('pairs.title');
  if (slot === 'note') return text('publish.note');
  if (slot === 'changeKinds') return text('change.kinds');
  if (slot === 'earlierResults') return text('change.results');
  if (slot.startsWith('title:')) {
    const title = draftDatasets(view.draft, view.slots).find((one) => one.id === id)?.title;
    return title === undefined ? text('merge.datasetTitle') : `${text('merge.datasetTitle')} (${title})`;
  }
  if (id === tierKey) return text('meta.tier');
  if (id === figuresKey) return text('figures.title');
  return id === keptKey ? text('meta.keptParts') : nameOfKey(id, view);
}

/** A slot's content as people read it. */
function contentOf(slot: string, content: unknown, text: typeof Text): string {
  if (slot === `value:${tierKey}`) return text(content === undefined ? 'meta.archiveTier' : 'meta.databaseTier');
  if (content === undefined) return text('merge.removed');
  const change = changeInWords(slot, content, text);
  if (change !== undefined) return change;
  if (typeof content === 'string') return content;
  if (typeof content === 'object' && content !== null && 'mapping' in content) {
    const { mapping, confirmed } = content as DraftPair;
    return `${text(confirmed ? 'pairs.confirmed' : 'pairs.open')}: ${JSON.stringify(mapping)}`;
  }
  return writtenInFull((content as ValueSlot).value);
}
