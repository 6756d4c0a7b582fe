import { type JSX, useEffect, useState } from 'react';
import type { DraftEditor, EditorView } from '../deposit/draft-editor.ts';
import type { ItemRow } from '../deposit/item-row.ts';
import { type MessageKey, useText } from '../messages/text.ts';
import { HistoryPanel } from './history-panel.tsx';
import { ImportPanel } from './import-panel.tsx';
import { ReusePanel } from './reuse-panel.tsx';
import type { StudyAbout } from './study-state.ts';
import { TemplatePanel } from './template-panel.tsx';
import { TextsPanel } from './texts-panel.tsx';
import { TierChoice } from './tier-choice.tsx';

interface Props {
  editor: DraftEditor;
  view: EditorView;
  about: StudyAbout;
  rows: readonly ItemRow[];
}

const tools: readonly { id: string; name: MessageKey; Panel: (props: Props) => JSX.Element }[] = [
  { id: 'import', name: 'meta.import', Panel: ImportPanel },
  { id: 'template', name: 'meta.template', Panel: TemplatePanel },
  { id: 'texts', name: 'meta.texts', Panel: TextsPanel },
  { id: 'reuse', name: 'meta.reuse', Panel: ReusePanel },
  { id: 'history', name: 'meta.history', Panel: HistoryPanel },
];

/** What concerns the whole form: its tier, filling it from elsewhere, taking edits back. */
export function MetadataSection(props: Props): JSX.Element {
  const text = useText();
  const { editor, view, about } = props;
  const [open, setOpen] = useState<string | undefined>();
  useUndoKeys(editor);
  const chosen = tools.find(({ id }) => id === open);
  return (
    <section id="metadata" tabIndex={-1}>
      <div className="hd">
        <h2>{text('meta.title')}</h2>
        <span className="undoing">
          <button type="button" className="btn sm quiet" disabled={!view.canUndo} onClick={() => editor.undo()}>
            {text('meta.undo')}
          </button>
          <button type="button" className="btn sm quiet" disabled={!view.canRedo} onClick={() => editor.redo()}>
            {text('meta.redo')}
          </button>
        </span>
      </div>
      <TierChoice editor={editor} tier={about.tier} />
      <div className="metatools">
        {tools.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            className="btn"
            aria-expanded={open === id}
            onClick={() => setOpen(open === id ? undefined : id)}
          >
            {text(name)}
          </button>
        ))}
      </div>
      {chosen ? <chosen.Panel {...props} /> : null}
    </section>
  );
}

/** Ctrl+Z and Ctrl+Shift+Z outside of a text box: inside, the browser's own undoing of typing goes first. */
function useUndoKeys(editor: DraftEditor): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = (event.target as Element | null)?.matches?.('input, textarea, select, [contenteditable]');
      if (isTyping || event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (event.shiftKey) editor.redo();
      else editor.undo();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [editor]);
}
