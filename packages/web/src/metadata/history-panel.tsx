import { type JSX, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import type { DraftEditor, EditorView } from '../deposit/draft-editor.ts';
import { isSame, type ValueSlot } from '../deposit/slots.ts';
import { useText } from '../messages/text.ts';
import { writtenMoment } from '../messages/written.ts';
import { figuresKey, keptKey } from '@micrarium/standards';
import { nameOfKey } from './import-panel.tsx';
import { writtenInFull } from './written-value.ts';

/** What was changed in each field, by whom and when; an earlier value can be put back. */
export function HistoryPanel({ editor, view }: { editor: DraftEditor; view: EditorView }): JSX.Element {
  const text = useText();
  const [key, setKey] = useState('');
  const draft = view.draft.id;
  const changes = useAnswer({
    queryKey: ['changes', draft, view.draft.revision],
    queryFn: ({ signal }) => api.call(routes.listFieldChanges, { params: { draft }, signal }),
  });
  // Parts of imports that the form has no field for are nobody's field; figures are mended where they stand.
  const all = (changes.data?.changes ?? []).filter(({ key: of }) => of !== keptKey && of !== figuresKey);
  const keys = [...new Set(all.map((change) => change.key))];
  const shown = key === '' ? all.slice(0, 100) : all.filter((change) => change.key === key);
  return (
    <div className="metatool" id="metadata-history">
      <select
        className="sel"
        aria-label={text('meta.historyOf')}
        value={key}
        onChange={(event) => setKey(event.target.value)}
      >
        <option value="">{text('meta.allFields')}</option>
        {keys.map((one) => (
          <option key={one} value={one}>
            {nameOfKey(one, view)}
          </option>
        ))}
      </select>
      {changes.error ? <AnswerFailed error={changes.error} again={() => void changes.refetch()} /> : null}
      {changes.data && all.length === 0 ? <p className="s m2">{text('meta.noHistory')}</p> : null}
      <table className="t">
        <tbody>
          {shown.map(({ id, key: of, value, origin, by, at }) => {
            const now = (view.slots[`value:${of}`] as ValueSlot | undefined)?.value;
            return (
              <tr key={id}>
                <td>
                  {nameOfKey(of, view)}
                  <p className="or">{text('meta.changedBy', { name: by, time: writtenMoment(at) })}</p>
                </td>
                <td>{value === undefined ? text('meta.emptied') : writtenInFull(value).slice(0, 300)}</td>
                <td className="r">
                  {isSame(now, value) ? null : (
                    <button
                      type="button"
                      className="btn sm"
                      onClick={() =>
                        editor.edit({
                          [`value:${of}`]:
                            value === undefined ? undefined : { value, origin: origin ?? { kind: 'person' } },
                        })
                      }
                    >
                      {text('meta.putBack')}
                    </button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
