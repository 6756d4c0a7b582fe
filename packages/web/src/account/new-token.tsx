import { type JSX, useState } from 'react';
import { api, routes } from '../app/api.ts';
import { answers, useAnswer } from '../app/answers.ts';
import { Icon } from '../app/icons.tsx';
import { useMe } from '../app/session.ts';
import { useFaultWords } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';
import { LabelledInput } from './labelled-input.tsx';

const lifetimes = [30, 90, 365];
const exampleStudies = 'MIC-000001 MIC-000002';

/** Makes a token and shows its secret, once. */
export function NewToken(): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const [name, setName] = useState('');
  const [mayDeposit, setMayDeposit] = useState(true);
  const me = useMe();
  // The list beside it asks the same; who leads a community curates too.
  const { data } = useAnswer({ queryKey: ['tokens'], queryFn: () => api.call(routes.listTokens, {}) });
  const isOffered = data?.scopes ? data.scopes.includes('curate') : me?.role !== 'member';
  const [mayCurate, setMayCurate] = useState(false);
  const [mayAdmin, setMayAdmin] = useState(false);
  const [only, setOnly] = useState('');
  const [days, setDays] = useState(90);
  const [secret, setSecret] = useState('');
  const [problem, setProblem] = useState('');
  const make = async () => {
    setProblem('');
    try {
      const studies = only.split(/[\s,;]+/).filter(Boolean);
      const made = await api.call(routes.createToken, {
        body: {
          name: name.trim(),
          scopes: [
            'read' as const,
            ...(mayDeposit ? (['deposit'] as const) : []),
            ...(mayCurate ? (['curate'] as const) : []),
            ...(mayAdmin ? (['admin:*'] as const) : []),
          ],
          expiresInDays: days,
          ...(studies.length > 0 ? { studies } : {}),
        },
      });
      setSecret(made.secret);
      setName('');
      await answers.invalidateQueries({ queryKey: ['tokens'] });
    } catch (error) {
      setProblem(faultWords(error));
    }
  };
  return (
    <>
      <form
        className="newtoken"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <LabelledInput label={text('token.name')} required maxLength={100} value={name} onValue={setName} />
        <label className="tick">
          <input type="checkbox" checked={mayDeposit} onChange={(event) => setMayDeposit(event.target.checked)} />
          {text('token.mayDeposit')}
        </label>
        {isOffered ? (
          <label className="tick">
            <input type="checkbox" checked={mayCurate} onChange={(event) => setMayCurate(event.target.checked)} />
            {text('token.mayCurate')}
          </label>
        ) : null}
        {me?.role === 'owner' ? (
          <label className="tick">
            <input type="checkbox" checked={mayAdmin} onChange={(event) => setMayAdmin(event.target.checked)} />
            {text('token.mayAdmin')}
          </label>
        ) : null}
        <LabelledInput
          label={text('token.only')}
          placeholder={exampleStudies}
          maxLength={2000}
          value={only}
          onValue={setOnly}
        />
        <label className="lf">
          <span>{text('token.lifetime')}</span>
          <select className="sel" value={days} onChange={(event) => setDays(Number(event.target.value))}>
            {lifetimes.map((one) => (
              <option key={one} value={one}>
                {text('token.days', { count: one })}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="btn primary">
          {text('token.make')}
        </button>
      </form>
      <p className="problem" role="alert">
        {problem}
      </p>
      {secret === '' ? null : <Secret secret={secret} done={() => setSecret('')} />}
    </>
  );
}

function Secret({ secret, done }: { secret: string; done: () => void }): JSX.Element {
  const text = useText();
  const [copied, setCopied] = useState(false);
  return (
    <div className="finding info" role="status">
      <Icon name="info" />
      <span>
        <b>{text('token.once')}</b>
        <code className="mono secret">{secret}</code>
      </span>
      <span className="act row">
        <button
          type="button"
          className="btn sm"
          onClick={() => void navigator.clipboard?.writeText(secret).then(() => setCopied(true))}
        >
          {copied ? text('search.copied') : text('token.copy')}
        </button>
        <button type="button" className="btn sm" onClick={done}>
          {text('token.done')}
        </button>
      </span>
    </div>
  );
}
