import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { readDraft } from '../deposit/draft.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';

/** Items offered one by one; of more, those that are tables of tracks or measures come first. */
const shownItems = 500;

/** Who reads an item, where that is not who reads the study. */
export type PartLevel = 'open' | 'registered' | 'controlled';

/** Which items of a draft are read by more people than the study, and by whom. */
export function OpenPartsInput(props: {
  draft: string;
  /** Levels an item may have, the widest first. */
  levels: readonly PartLevel[];
  value: ReadonlyMap<string, PartLevel>;
  onValue(value: Map<string, PartLevel>): void;
}): JSX.Element {
  const { draft, levels, value, onValue } = props;
  const text = useText();
  const found = useAnswer({
    queryKey: ['draft-items', draft],
    queryFn: ({ signal }) => readDraft(draft, signal),
  });
  const items = found.data?.items ?? [];
  const made = items.filter(({ images }) => images.length === 0);
  const offered = [...made, ...items.filter(({ images }) => images.length > 0)].slice(0, shownItems);
  const isThere = new Set(items.map(({ id }) => id));
  // Ids of files that changed meanwhile are none any more; a level that the study's own takes in now is none of its own.
  const now = [...value].filter(([id, level]) => (!found.data || isThere.has(id)) && levels.includes(level));
  const choose = (ids: readonly string[], level: PartLevel | undefined) =>
    onValue(
      new Map([
        ...now.filter(([id]) => !ids.includes(id)),
        ...(level === undefined ? [] : ids.map((id) => [id, level] as const)),
      ]),
    );
  const levelOf = new Map(now);
  const [widest] = levels;
  return (
    <fieldset className="parts">
      <legend>{text('declare.parts')}</legend>
      <p className="s m2">{text('declare.parts.help')}</p>
      {found.error ? <AnswerFailed error={found.error} again={() => void found.refetch()} /> : null}
      {made.length > 1 && widest !== undefined ? (
        <div className="row w">
          <button
            type="button"
            className="btn sm"
            onClick={() =>
              choose(
                made.map(({ id }) => id),
                widest,
              )
            }
          >
            {text('declare.parts.tables', { who: text(`declare.access.${widest}`) })}
          </button>
          <button type="button" className="btn sm" onClick={() => onValue(new Map())}>
            {text('declare.parts.none')}
          </button>
        </div>
      ) : null}
      {offered.map(({ id, path }) => (
        <label key={id} className="part">
          <span className="mono">{path}</span>
          <select
            className="field-in"
            value={levelOf.get(id) ?? ''}
            onChange={({ target }) =>
              choose(
                [id],
                levels.find((one) => one === target.value),
              )
            }
          >
            <option value="">{text('declare.parts.as')}</option>
            {levels.map((level) => (
              <option key={level} value={level}>
                {text(`declare.access.${level}`)}
              </option>
            ))}
          </select>
        </label>
      ))}
    </fieldset>
  );
}
