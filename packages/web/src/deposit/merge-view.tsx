import { fieldById } from '@micrarium/standards';
import type { JSX } from 'react';
import { type text as Text, language, useText } from '../messages/text.ts';
import type { DraftPair } from './draft.ts';
import { templateSlot } from './naming-memory.ts';
import type { Conflict, ValueSlot } from './slots.ts';

/** Asks, field by field, which of two edits shall stand; shown only where both sides changed one thing. */
export function MergeView({
  conflicts,
  decide,
}: {
  conflicts: readonly Conflict[];
  decide: (slot: string, side: 'mine' | 'theirs') => void;
}): JSX.Element | null {
  const text = useText();
  if (conflicts.length === 0) return null;
  return (
    <section className="merge" role="alert" aria-label={text('merge.title')}>
      <h2>{text('merge.title')}</h2>
      <p className="s m2">{text('merge.help')}</p>
      {conflicts.map((conflict) => (
        <div key={conflict.slot} className="two-sides">
          <h3>{nameOf(conflict.slot, text)}</h3>
          {(['mine', 'theirs'] as const).map((side) => (
            <div key={side} className="side-of">
              <p className="xs m3">{text(side === 'mine' ? 'merge.mine' : 'merge.theirs')}</p>
              <p className="s content">{contentOf(conflict[side], text)}</p>
              <button type="button" className="btn sm" onClick={() => decide(conflict.slot, side)}>
                {text(side === 'mine' ? 'merge.keepMine' : 'merge.takeTheirs')}
              </button>
            </div>
          ))}
        </div>
      ))}
    </section>
  );
}

function nameOf(slot: string, text: typeof Text): string {
  if (slot === templateSlot) return text('names.title');
  if (slot.startsWith('value:')) return fieldById(slot.slice('value:'.length))?.label[language()] ?? slot;
  if (slot.startsWith('pair:')) return text('pairs.title');
  return text(slot === 'note' ? 'publish.note' : 'merge.datasetTitle');
}

/** A slot's content as people read it. */
function contentOf(content: unknown, text: typeof Text): string {
  if (content === undefined) return text('merge.removed');
  if (typeof content === 'string') return content;
  if (typeof content === 'object' && content !== null && 'mapping' in content) {
    const { mapping, confirmed } = content as DraftPair;
    return `${text(confirmed ? 'pairs.confirmed' : 'pairs.open')}: ${JSON.stringify(mapping)}`;
  }
  const { value } = content as ValueSlot;
  if (typeof value === 'string') return value;
  return value
    .map((one) => (typeof one === 'string' ? one : 'label' in one ? one.label : `${one.firstName} ${one.lastName}`))
    .join('; ');
}
