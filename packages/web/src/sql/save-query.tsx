import '../styles/sql.css';
import { type JSX, useState } from 'react';
import { useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link, navigate } from '../app/router.tsx';
import { useMe } from '../app/session.ts';
import { useText } from '../messages/text.ts';

/** Keeps a query, so that it can be cited and run again on the versions it is asked of now. */
export function SaveQuery({ statement, page }: { statement: string; page?: string }): JSX.Element {
  const text = useText();
  const me = useMe();
  const [title, setTitle] = useState('');
  const saving = useChange({
    mutationFn: (name: string) =>
      api.call(routes.saveQuery, { body: { title: name, statement, ...(page === undefined ? {} : { page }) } }),
    onSuccess: ({ id }) => void navigate(`/queries/${id}`),
  });
  return (
    <details className="save">
      <summary>{text('sql.save')}</summary>
      <p className="s m2">{text('sql.saveHelp')}</p>
      {me ? (
        <form
          className="doing"
          onSubmit={(event) => {
            event.preventDefault();
            if (title.trim().length >= 3) saving.mutate(title.trim());
          }}
        >
          <input
            className="field-in"
            aria-label={text('sql.saveTitle')}
            placeholder={text('sql.saveTitle')}
            value={title}
            maxLength={300}
            onChange={(event) => setTitle(event.target.value)}
          />
          <button type="submit" className="btn" disabled={saving.isPending || title.trim().length < 3}>
            {text('sql.saveNow')}
          </button>
        </form>
      ) : (
        <p>
          <Link className="l" to="/sign-in">
            {text('sql.saveSignIn')}
          </Link>
        </p>
      )}
      {saving.error ? <AnswerFailed error={saving.error} /> : null}
    </details>
  );
}
