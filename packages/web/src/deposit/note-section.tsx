import { changeKinds, earlierResults, type ChangeKind, versionLabel } from '@micrarium/model';
import type { JSX, ReactNode } from 'react';
import { Icon } from '../app/icons.tsx';
import { type MessageKey, useText } from '../messages/text.ts';
import type { DraftEditor, EditorView } from './draft-editor.ts';
import { isFurther } from './draft.ts';

/** What changed since the version before, of which kind that is, and whether earlier results hold; asked of every draft after the first version. */
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
  const chosen = (view.slots.changeKinds as readonly ChangeKind[] | undefined) ?? [];
  const isMissing = showMissing && note.trim() === '';
  const choose = (kind: ChangeKind, isChosen: boolean) => {
    const kinds = changeKinds.filter((one) => (one === kind ? isChosen : chosen.includes(one)));
    editor.edit({ changeKinds: kinds.length > 0 ? kinds : undefined });
  };
  return (
    <section id="note" tabIndex={-1}>
      <div className="hd">
        <h2>{text('publish.note')}</h2>
        <span className="s m2">{text('drafts.version', { version: versionLabel(view.draft) })}</span>
      </div>
      <div className="fg">
        <Choice
          slot="changeKinds"
          label={text('change.kinds')}
          missing={showMissing && chosen.length === 0 ? 'missing.changeKind' : undefined}
        >
          {changeKinds.map((kind) => (
            <label key={kind} className="tick">
              <input
                type="checkbox"
                checked={chosen.includes(kind)}
                onChange={(event) => choose(kind, event.target.checked)}
              />
              {text(`change.${kind}`)}
            </label>
          ))}
        </Choice>
        <Choice
          slot="earlierResults"
          label={text('change.results')}
          help={text('change.resultsHelp')}
          missing={showMissing && view.slots.earlierResults === undefined ? 'missing.earlierResults' : undefined}
        >
          {earlierResults.map((one) => (
            <label key={one} className="tick">
              <input
                type="radio"
                name="earlier-results"
                checked={view.slots.earlierResults === one}
                onChange={() => editor.edit({ earlierResults: one })}
              />
              {text(`change.${one}`)}
            </label>
          ))}
        </Choice>
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
              {isMissing ? <Missing what="missing.note" /> : null}
              <p className="or">{text('note.help')}</p>
            </div>
          </div>
        </div>
      </div>
    </section>
  );
}

/** One question with its answers beside each other. */
function Choice({
  slot,
  label,
  help,
  missing,
  children,
}: {
  slot: string;
  label: string;
  help?: string;
  missing: MessageKey | undefined;
  children: ReactNode;
}): JSX.Element {
  const text = useText();
  return (
    <div className="fr" id={`note-${slot}`} role="group" aria-labelledby={`note-${slot}-label`}>
      <span className="lab" id={`note-${slot}-label`}>
        {label}
        <small>{text('field.required')}</small>
      </span>
      <div className="ctl">
        <div className="row w">{children}</div>
        {missing === undefined ? null : <Missing what={missing} />}
        {help === undefined ? null : <p className="or">{help}</p>}
      </div>
    </div>
  );
}

function Missing({ what }: { what: MessageKey }): JSX.Element {
  const text = useText();
  return (
    <p className="or warn">
      <Icon name="warn" />
      {text(what)}
    </p>
  );
}
