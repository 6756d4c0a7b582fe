import { versionLabel } from '@micrarium/model';
import type { JSX } from 'react';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import type { DraftEditor, EditorView } from './draft-editor.ts';
import { isFurther } from './draft.ts';

/** What changed since the version before, and why; asked of every draft after the first version. */
export function NoteSection({
  editor,
  view,
  showMissing,
}: {
  editor: DraftEditor;
  view: EditorView;
  showMissing: boolean;
}): JSX.Element | null {
  const text = useText();
  if (!isFurther(view.draft)) return null;
  const note = (view.slots.note as string | undefined) ?? '';
  const isMissing = showMissing && note.trim() === '';
  return (
    <section id="note" tabIndex={-1}>
      <div className="hd">
        <h2>{text('publish.note')}</h2>
        <span className="s m2">{text('drafts.version', { version: versionLabel(view.draft) })}</span>
      </div>
      <div className="fg">
        <div className="fr">
          <label className="lab" htmlFor="note-words">
            {text('note.label')}
            <small>{text('field.required')}</small>
          </label>
          <div className="ctl">
            <div className={`field-in ${isMissing ? 'need' : ''}`}>
              <textarea
                id="note-words"
                rows={3}
                maxLength={10_000}
                aria-required
                aria-invalid={isMissing || undefined}
                aria-describedby="note-help"
                value={note}
                onChange={(event) => editor.edit({ note: event.target.value === '' ? undefined : event.target.value })}
              />
            </div>
            <div id="note-help">
              {isMissing ? (
                <p className="or warn">
                  <Icon name="warn" />
                  {text('missing.note')}
                </p>
              ) : null}
              <p className="or">{text('note.help')}</p>
            </div>
          </div>
        </div>
      </div>
    </section>
  );
}
