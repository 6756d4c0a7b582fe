import '../styles/account.css';
import '../styles/readers.css';
import { type JSX, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { PageOfStudy } from '../app/page-of-study.tsx';
import { usePageLocation } from '../app/router.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import { Tick, WordsInput } from '../readers/words-input.tsx';

const load = (accession: string) => api.call(routes.getTransfer, { params: { accession } });
type Answer = Awaited<ReturnType<typeof load>>;
type Decision = 'accepted' | 'declined' | 'withdrawn';

/** `/transfer/ACCESSION`: its owner offers a study to a new one, who accepts or declines it. */
export function TransferPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { accession = '' } = usePageLocation().params;
  const [done, setDone] = useState<Decision | undefined>();
  useTitle(`${text('transfer.title')} · ${accession}`);
  const queryKey = ['transfer', accession];
  const isOver = done === 'accepted' || done === 'declined';
  const found = useAnswer({
    queryKey,
    enabled: Boolean(me) && !isOver,
    staleTime: 0,
    queryFn: () => load(accession),
  });
  if (!me) return <SignInFirst pending={me === undefined} />;
  const { data } = found;
  return (
    <PageOfStudy
      heading={text('transfer.title')}
      accession={accession}
      found={isOver ? { error: null, refetch: found.refetch } : found}
      said={
        done ? (
          <p className="st ok" role="status">
            {text(`transfer.done.${done}`)}
          </p>
        ) : null
      }
    >
      {data && !isOver ? (
        <>
          <p className="prose m2">
            {data.owner === '' ? text('transfer.noOwner') : text('transfer.owner', { name: data.owner })}
          </p>
          {data.offer ? (
            <Offer
              accession={accession}
              offer={data.offer}
              canOffer={data.canOffer}
              onDone={(state) => {
                setDone(state);
                return answers.invalidateQueries({ queryKey });
              }}
            />
          ) : data.canOffer ? (
            <OfferForm
              accession={accession}
              onOffered={() => {
                setDone(undefined);
                return answers.invalidateQueries({ queryKey });
              }}
            />
          ) : null}
        </>
      ) : null}
    </PageOfStudy>
  );
}

function Offer(props: {
  accession: string;
  offer: NonNullable<Answer['offer']>;
  canOffer: boolean;
  onDone(state: Decision): Promise<void>;
}): JSX.Element {
  const { accession, offer, canOffer, onDone } = props;
  const text = useText();
  const decide = useChange({
    mutationFn: async (state: Decision) => {
      await api.call(routes.answerTransfer, { params: { accession, id: offer.id }, body: { state } });
      return state;
    },
    onSuccess: (state) => onDone(state),
  });
  const button = (state: Decision, look: string) => (
    <button type="button" className={look} disabled={decide.isPending} onClick={() => decide.mutate(state)}>
      {text(`transfer.do.${state}`)}
    </button>
  );
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('transfer.offer')}</h2>
      </div>
      <p className="prose">
        {text('transfer.offered', { by: offer.by, to: offer.to, day: writtenDate(offer.offeredAt) })}
      </p>
      {offer.text === '' ? null : (
        <div className="readers">
          <div className="answer">
            <p className="words">{offer.text}</p>
          </div>
        </div>
      )}
      <p className="prose m2">{text(offer.keepsEditing ? 'transfer.keeps' : 'transfer.keepsNot')}</p>
      {offer.isMine ? <p className="prose m2">{text('transfer.means')}</p> : null}
      <p className="row w">
        {offer.isMine ? (
          <>
            {button('accepted', 'btn primary')}
            {button('declined', 'btn')}
          </>
        ) : null}
        {canOffer ? button('withdrawn', 'btn') : null}
      </p>
      {decide.error ? <AnswerFailed error={decide.error} /> : null}
    </section>
  );
}

function OfferForm({ accession, onOffered }: { accession: string; onOffered(): Promise<void> }): JSX.Element {
  const text = useText();
  const [email, setEmail] = useState('');
  const [words, setWords] = useState('');
  const [keepsEditing, setKeepsEditing] = useState(true);
  const offer = useChange({
    mutationFn: () =>
      api.call(routes.offerTransfer, {
        params: { accession },
        body: { email: email.trim(), text: words, keepsEditing },
      }),
    onSuccess: onOffered,
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('transfer.new')}</h2>
        <span className="s m2">{text('transfer.help')}</span>
      </div>
      <form
        className="rform"
        onSubmit={(event) => {
          event.preventDefault();
          offer.mutate();
        }}
      >
        <LabelledInput label={text('transfer.email')} type="email" required value={email} onValue={setEmail} />
        <WordsInput label={text('transfer.words')} value={words} onValue={setWords} />
        <Tick label={text('transfer.keep')} checked={keepsEditing} onChecked={setKeepsEditing} />
        <button type="submit" className="btn primary" disabled={offer.isPending}>
          {text('transfer.send')}
        </button>
        {offer.error ? <AnswerFailed error={offer.error} /> : null}
      </form>
    </section>
  );
}
