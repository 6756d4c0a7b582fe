import { type JSX, useState } from 'react';
import { answers, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { language, useText } from '../messages/text.ts';
import type { Review } from './review-answer.ts';
import { changeInWords } from './change-in-words.ts';
import { valueInWords } from './value-in-words.ts';

/** What curators wrote into the draft: its depositor accepts each value, or objects. */
export function ReviewEdits({
  draft,
  review,
  isOwner,
}: {
  draft: string;
  review: Review;
  isOwner: boolean;
}): JSX.Element | null {
  const text = useText();
  const [answer, setAnswer] = useState('');
  const decide = useChange({
    mutationFn: ({ id, isAccepted }: { id: number; isAccepted: boolean }) =>
      api.call(routes.decideReviewEdit, { params: { draft, id }, body: { isAccepted, answer: answer.trim() } }),
    onSettled: () => {
      void answers.invalidateQueries({ queryKey: ['draft', draft] });
      return answers.invalidateQueries({ queryKey: ['review', draft] });
    },
  });
  const { edits } = review;
  if (edits.length === 0) return null;
  const waits = edits.some(({ state }) => state === 'waiting');
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('life.edits')}</h2>
        {waits ? <span className="s m2">{text(isOwner ? 'life.editsHelp' : 'life.editsWait')}</span> : null}
      </div>
      {decide.error ? <AnswerFailed error={decide.error} /> : null}
      {isOwner && waits ? (
        <input
          className="field-in"
          aria-label={text('life.answer')}
          placeholder={text('life.answer')}
          maxLength={2000}
          value={answer}
          onChange={(event) => setAnswer(event.target.value)}
        />
      ) : null}
      <table className="t stack">
        <thead>
          <tr>
            <th>{text('life.what')}</th>
            <th>{text('life.was')}</th>
            <th>{text('life.is')}</th>
            <th>{text('life.editState')}</th>
          </tr>
        </thead>
        <tbody>
          {edits.map((edit) => {
            const field = edit.label[language()];
            return (
              <tr key={edit.id}>
                <td>
                  {field} <span className="s m3">{edit.curator || text('life.left')}</span>
                </td>
                <td data-label={text('life.was')}>
                  {edit.before === undefined ? (
                    <span className="m3">{text('life.nothing')}</span>
                  ) : (
                    <del>{changeInWords(edit.field, edit.before, text) ?? valueInWords(edit.before)}</del>
                  )}
                </td>
                <td data-label={text('life.is')}>
                  {edit.after === undefined ? (
                    <span className="m3">{text('life.nothing')}</span>
                  ) : (
                    <ins>{changeInWords(edit.field, edit.after, text) ?? valueInWords(edit.after)}</ins>
                  )}
                </td>
                <td data-label={text('life.editState')}>
                  {isOwner && edit.state === 'waiting' ? (
                    <span className="row w">
                      {([true, false] as const).map((isAccepted) => (
                        <button
                          key={String(isAccepted)}
                          type="button"
                          className="btn sm"
                          disabled={decide.isPending}
                          aria-label={text(isAccepted ? 'life.acceptThis' : 'life.objectThis', { field })}
                          onClick={() => decide.mutate({ id: edit.id, isAccepted })}
                        >
                          {text(isAccepted ? 'life.accept' : 'life.object')}
                        </button>
                      ))}
                    </span>
                  ) : (
                    <span className={edit.state === 'waiting' ? 'st warn' : 'st info'}>
                      {text(`life.edit.${edit.state}`)}
                    </span>
                  )}{' '}
                  {edit.answer}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
