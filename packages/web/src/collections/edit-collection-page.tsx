import '../styles/account.css';
import '../styles/readers.css';
import { type JSX, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { navigate, usePageLocation } from '../app/router.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { WordsInput } from '../readers/words-input.tsx';
import { type Collected, withStudy } from './typed-study.ts';

interface Edited {
  title: string;
  text: string;
  studies: Collected[];
}

/** `/edit-collection/ID`, or `new`: title, text and studies of a collection. */
export function EditCollectionPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { id = 'new' } = usePageLocation().params;
  const isNew = id === 'new';
  const title = text(isNew ? 'collection.new' : 'collection.change');
  useTitle(title);
  const found = useAnswer({
    queryKey: ['collection', id],
    enabled: Boolean(me) && !isNew,
    staleTime: 0,
    gcTime: 0,
    queryFn: () => api.call(routes.getCollection, { params: { id } }),
  });
  if (!me) return <SignInFirst pending={me === undefined} />;
  const { data } = found;
  return (
    <main className="wrap plain">
      <div className="dh">
        <h1>{title}</h1>
        <div className="end">
          <a className="btn" href="/collections">
            {text('collection.all')}
          </a>
        </div>
      </div>
      {found.error ? <AnswerFailed error={found.error} again={() => void found.refetch()} /> : null}
      {data && !data.canEdit ? <p className="st warn">{text('collection.notYours')}</p> : null}
      {isNew ? <Editor key="new" first={{ title: '', text: '', studies: [] }} /> : null}
      {data?.canEdit ? (
        <Editor
          key={id}
          id={id}
          first={{
            title: data.title,
            text: data.text,
            studies: data.studies.map(({ accession, remark }) => ({ accession, remark })),
          }}
        />
      ) : null}
    </main>
  );
}

function Editor({ id, first }: { id?: string; first: Edited }): JSX.Element {
  const text = useText();
  const [edited, setEdited] = useState(first);
  const [typed, setTyped] = useState('');
  const change = (part: Partial<Edited>) => setEdited((before) => ({ ...before, ...part }));
  const add = (): Edited => {
    const added = { ...edited, studies: withStudy(edited.studies, typed) };
    setEdited(added);
    setTyped('');
    return added;
  };
  const save = useChange({
    mutationFn: (body: Edited) =>
      id === undefined
        ? api.call(routes.createCollection, { body })
        : api.call(routes.saveCollection, { params: { id }, body }),
    onSuccess: (saved) => navigate(`/collections/${saved.id}`),
  });
  return (
    <form
      className="rform"
      onSubmit={(event) => {
        event.preventDefault();
        // A study that is typed and not added yet is meant too.
        save.mutate(add());
      }}
    >
      <LabelledInput
        label={text('collection.name')}
        required
        maxLength={300}
        value={edited.title}
        onValue={(title) => change({ title })}
      />
      <WordsInput
        label={text('collection.text')}
        most={20_000}
        value={edited.text}
        onValue={(words) => change({ text: words })}
      />
      <Studies
        studies={edited.studies}
        change={(studies) => change({ studies })}
        typed={typed}
        onTyped={setTyped}
        add={add}
      />
      <button type="submit" className="btn primary" disabled={save.isPending}>
        {text('collection.save')}
      </button>
      {save.error ? <AnswerFailed error={save.error} /> : null}
      {id === undefined ? null : <Remove id={id} />}
    </form>
  );
}

function Studies(props: {
  studies: Edited['studies'];
  change(studies: Edited['studies']): void;
  /** Accession that is not in the list yet. */
  typed: string;
  onTyped(typed: string): void;
  add(): void;
}): JSX.Element {
  const { studies, change, typed, onTyped, add } = props;
  const text = useText();
  return (
    <section>
      <h2>{text('collection.studies')}</h2>
      {studies.length === 0 ? <p className="s m2">{text('collection.noStudies')}</p> : null}
      <ol className="readers">
        {studies.map(({ accession, remark }, at) => (
          <li key={accession}>
            <p className="row w">
              <a className="l mono" href={`/studies/${accession}`}>
                {accession}
              </a>
              {at > 0 ? (
                <button
                  type="button"
                  className="btn sm quiet"
                  onClick={() => change(studies.toSpliced(at, 1).toSpliced(at - 1, 0, { accession, remark }))}
                >
                  {text('collection.up', { accession })}
                </button>
              ) : null}
              <button type="button" className="btn sm quiet" onClick={() => change(studies.toSpliced(at, 1))}>
                {text('collection.take', { accession })}
              </button>
            </p>
            <LabelledInput
              label={text('collection.remark', { accession })}
              maxLength={2000}
              value={remark}
              onValue={(words) => change(studies.with(at, { accession, remark: words }))}
            />
          </li>
        ))}
      </ol>
      <div className="row w">
        <LabelledInput
          label={text('collection.accession')}
          value={typed}
          onValue={onTyped}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add();
          }}
        />
        <button type="button" className="btn" onClick={add}>
          {text('collection.add')}
        </button>
      </div>
    </section>
  );
}

function Remove({ id }: { id: string }): JSX.Element {
  const text = useText();
  const [isSure, setSure] = useState(false);
  const remove = useChange({
    mutationFn: () => api.call(routes.removeCollection, { params: { id } }),
    onSuccess: () => navigate('/collections'),
  });
  return (
    <p className="row w">
      <button
        type="button"
        className="btn quiet"
        disabled={remove.isPending}
        onClick={() => (isSure ? remove.mutate() : setSure(true))}
      >
        {text(isSure ? 'collection.removeSure' : 'collection.remove')}
      </button>
      {isSure ? <span className="s m2">{text('collection.removeHelp')}</span> : null}
      {remove.error ? <AnswerFailed error={remove.error} /> : null}
    </p>
  );
}
