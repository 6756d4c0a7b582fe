import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { readDraft } from '../deposit/draft.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';

/** Items offered one by one; of more, those that are tables of tracks or measures come first. */
const shownItems = 500;

/** Which items of a draft everybody may read although the files are given on request. */
export function OpenPartsInput(props: {
  draft: string;
  value: readonly string[];
  onValue(value: string[]): void;
}): JSX.Element {
  const { draft, value, onValue } = props;
  const text = useText();
  const found = useAnswer({
    queryKey: ['draft-items', draft],
    queryFn: ({ signal }) => readDraft(draft, signal),
  });
  const items = found.data?.items ?? [];
  const made = items.filter(({ images }) => images.length === 0);
  const offered = [...made, ...items.filter(({ images }) => images.length > 0)].slice(0, shownItems);
  const isThere = new Set(items.map(({ id }) => id));
  // Ids of files that changed meanwhile are none any more.
  const now = found.data ? value.filter((id) => isThere.has(id)) : [...value];
  const choose = (ids: readonly string[], isOpen: boolean) =>
    onValue(isOpen ? [...new Set([...now, ...ids])] : now.filter((id) => !ids.includes(id)));
  return (
    <fieldset>
      <legend>{text('declare.parts')}</legend>
      <p className="s m2">{text('declare.parts.help')}</p>
      {found.error ? <AnswerFailed error={found.error} again={() => void found.refetch()} /> : null}
      {made.length > 1 ? (
        <div className="row w">
          <button
            type="button"
            className="btn sm"
            onClick={() =>
              choose(
                made.map(({ id }) => id),
                true,
              )
            }
          >
            {text('declare.parts.tables')}
          </button>
          <button type="button" className="btn sm" onClick={() => onValue([])}>
            {text('declare.parts.none')}
          </button>
        </div>
      ) : null}
      {offered.map(({ id, path }) => (
        <label key={id} className="row">
          <input type="checkbox" checked={now.includes(id)} onChange={({ target }) => choose([id], target.checked)} />
          <span className="mono">{path}</span>
        </label>
      ))}
    </fieldset>
  );
}
