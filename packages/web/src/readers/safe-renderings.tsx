import { type JSX, useState } from 'react';
import { LabelledChoice } from '../account/labelled-choice.tsx';
import { LabelledInput } from '../account/labelled-input.tsx';
import { useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import type { Access } from './access-lists.tsx';

const kinds = ['pictures', 'image', 'tables'] as const;
type Kind = (typeof kinds)[number];

/** What was made of closed files and is open all the same; curators declare it, with a reason, and take it back. */
export function SafeRenderings({ data, again }: { data: Access; again(): Promise<void> }): JSX.Element {
  const text = useText();
  const { accession, safe, mayDeclareSafe } = data;
  const [item, setItem] = useState('');
  const [kind, setKind] = useState<Kind>('pictures');
  const [reason, setReason] = useState('');
  const study = useAnswer({
    queryKey: ['study', accession],
    queryFn: () => api.call(routes.getStudy, { params: { accession } }),
  });
  const items = (study.data?.items ?? []).filter(
    ({ images, trackSets, tables }) => images.length + trackSets.length + (tables ?? []).length > 0,
  );
  const chosen = item === '' ? (items[0]?.id ?? '') : item;
  const say = useChange({
    mutationFn: (body: { item: string; kind: Kind; isSafe: boolean; reason: string }) =>
      api.call(routes.declareSafe, { params: { accession }, body }),
    onSuccess: () => {
      setReason('');
      return again();
    },
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('access.safe')}</h2>
        <span className="s m2">{text('access.safeHelp')}</span>
      </div>
      {safe.length === 0 ? <p className="s m2">{text('access.safeNone')}</p> : null}
      <ul className="readers">
        {safe.map((one) => (
          <li key={`${one.item} ${one.kind}`}>
            <p>
              <span className="b mono">{items.find(({ id }) => id === one.item)?.path ?? one.item}</span>{' '}
              <span className="st ok">{text(`access.safe.${one.kind}`)}</span>{' '}
              <span className="s m3">{writtenDate(one.at)}</span>
            </p>
            <p className="words">{one.reason}</p>
            {mayDeclareSafe ? (
              <button
                type="button"
                className="btn sm"
                disabled={say.isPending}
                onClick={() => say.mutate({ item: one.item, kind: one.kind, isSafe: false, reason: '' })}
              >
                {text('access.safeTakeBack')}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayDeclareSafe && items.length > 0 ? (
        <form
          className="rform"
          onSubmit={(event) => {
            event.preventDefault();
            say.mutate({ item: chosen, kind, isSafe: true, reason });
          }}
        >
          <LabelledChoice
            label={text('access.safeOf')}
            value={chosen}
            choices={items.map(({ id, path }) => [id, path] as const)}
            onValue={setItem}
          />
          <LabelledChoice
            label={text('access.safeWhat')}
            value={kind}
            choices={kinds.map((one) => [one, text(`access.safe.${one}`)] as const)}
            onValue={(one) => setKind(one as Kind)}
          />
          <LabelledInput label={text('access.safeWhy')} required maxLength={2000} value={reason} onValue={setReason} />
          <button type="submit" className="btn" disabled={say.isPending}>
            {text('access.safeDeclare')}
          </button>
        </form>
      ) : null}
      {say.error ? <AnswerFailed error={say.error} /> : null}
    </section>
  );
}
