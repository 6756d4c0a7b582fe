import { type JSX, useRef, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { type MessageKey, useText } from '../messages/text.ts';
import type { DraftEditor, EditorView } from './draft-editor.ts';
import { type DraftItem, type DraftPair, filesMayChange, nameOf } from './draft.ts';
import type { FileShelf } from './file-shelf.ts';
import { NewPair } from './new-pair.tsx';
import { PairEditor } from './pair-editor.tsx';
import { pairKey } from './slots.ts';

const reasons: Record<DraftPair['reason'], MessageKey> = {
  'image name recorded in the file': 'pairs.reasonName',
  'same name': 'pairs.reasonStem',
  'challenge folder pair': 'pairs.reasonChallenge',
  'same frames and extent': 'pairs.reasonExtent',
  'drawn by the depositor': 'pairs.reasonDrawn',
};

/** Which tracks belong to which film: proposed with the reason, confirmed or drawn by hand. */
export function PairsSection({
  editor,
  view,
  shelf,
}: {
  editor: DraftEditor;
  view: EditorView;
  shelf: FileShelf;
}): JSX.Element | null {
  const text = useText();
  const [open, setOpen] = useState('');
  const section = useRef<HTMLElement>(null);
  const { items, proposals } = view.draft;
  const chosen = Object.entries(view.slots).flatMap(([slot, content]) =>
    slot.startsWith('pair:') ? [content as DraftPair] : [],
  );
  const known = new Set(chosen.map(pairKey));
  const pairs = [...chosen, ...proposals.filter((pair) => !known.has(pairKey(pair)))];
  const films = items.filter((item) => item.images.length > 0);
  const tracks = items.filter((item) => item.trackSets.length > 0);
  if (films.length === 0 || tracks.length === 0) return null;
  const set = (pair: DraftPair) => editor.edit({ [pairKey(pair)]: pair });
  const editable = filesMayChange(view.draft);
  // The button that decides goes with the decision: who is on the keyboard stays at the pair.
  const stayAt = (key: string) =>
    section.current?.querySelector<HTMLElement>(`[data-pair="${CSS.escape(key)}"]`)?.focus();
  return (
    <section ref={section} id="pairs" tabIndex={-1}>
      <div className="hd">
        <h2>{text('pairs.title')}</h2>
        <span className="s m2">{text('pairs.help')}</span>
      </div>
      {pairs.length === 0 ? <p className="s m2">{text('pairs.none')}</p> : null}
      <ul className="pairs">
        {pairs.map((pair) => {
          const key = pairKey(pair);
          return (
            <li key={key} className={open === key ? 'open' : ''}>
              <PairLine
                pair={pair}
                items={items}
                status={known.has(key) ? (pair.confirmed ? 'confirmed' : 'refused') : 'proposed'}
                open={open === key}
                toggle={() => setOpen(open === key ? '' : key)}
                refuse={() => {
                  set({ ...pair, confirmed: false });
                  stayAt(key);
                }}
                editable={editable}
              />
              {open === key ? (
                <PairEditor
                  pair={pair}
                  items={items}
                  shelf={shelf}
                  editable={editable}
                  confirm={(said) => {
                    const { tracking: _, ...rest } = pair;
                    set({ ...rest, ...said, confirmed: true });
                    setOpen('');
                    stayAt(key);
                  }}
                />
              ) : null}
            </li>
          );
        })}
      </ul>
      {editable ? (
        <NewPair
          films={films}
          tracks={tracks}
          taken={new Set(pairs.map(pairKey))}
          draw={(pair) => {
            set(pair);
            setOpen(pairKey(pair));
          }}
        />
      ) : null}
    </section>
  );
}

function PairLine({
  pair,
  items,
  status,
  open,
  toggle,
  refuse,
  editable,
}: {
  pair: DraftPair;
  items: readonly DraftItem[];
  status: 'proposed' | 'confirmed' | 'refused';
  open: boolean;
  toggle: () => void;
  refuse: () => void;
  editable: boolean;
}): JSX.Element {
  const text = useText();
  const film = items.find(({ id }) => id === pair.imageItem);
  const tracks = items.find(({ id }) => id === pair.trackItem);
  const words: Record<typeof status, MessageKey> = {
    proposed: 'pairs.proposed',
    confirmed: 'pairs.confirmed',
    refused: 'pairs.refused',
  };
  return (
    <div className="pairline">
      <Icon name="pair" />
      <div className="grow">
        <div className="ends">
          <span className="b">
            {film ? nameOf(film, film.images.length > 1 ? film.images[pair.image]?.name : '') : '?'}
          </span>
          <span className="m3">{'↔'}</span>
          <span className="b">
            {tracks ? nameOf(tracks, tracks.trackSets.length > 1 ? tracks.trackSets[pair.part]?.name : '') : '?'}
          </span>
        </div>
        <p className="s m2">{text(reasons[pair.reason])}</p>
      </div>
      <span className={`st ${status === 'confirmed' ? 'ok' : status === 'proposed' ? 'warn' : 'off'}`}>
        {status === 'confirmed' ? <Icon name="check" /> : null}
        {text(words[status])}
      </span>
      <button type="button" className="btn sm" data-pair={pairKey(pair)} aria-expanded={open} onClick={toggle}>
        <Icon name="eye" />
        {text(status === 'proposed' ? 'pairs.look' : 'pairs.edit')}
      </button>
      {editable && status !== 'refused' ? (
        <button type="button" className="btn sm quiet" onClick={refuse}>
          {text('pairs.refuse')}
        </button>
      ) : null}
    </div>
  );
}
