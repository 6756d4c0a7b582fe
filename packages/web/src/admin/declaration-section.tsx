import { type JSX, useState } from 'react';
import { LabelledChoice } from '../account/labelled-choice.tsx';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { WordsInput } from '../readers/words-input.tsx';
import { DataUseInput } from './data-use-input.tsx';
import { OpenPartsInput } from './open-parts-input.tsx';

const load = (draft: string) => api.call(routes.getDeclaration, { params: { draft } });
type Declaration = NonNullable<Awaited<ReturnType<typeof load>>['declaration']>;
const nothing: Declaration = {
  access: 'open',
  human: false,
  identifiable: false,
  consent: 'open',
  ethics: '',
  terms: '',
};
const consents = ['open', 'research', 'disease', 'none'] as const;
const ways = ['open', 'registered', 'controlled', 'closed'] as const;
type Way = (typeof ways)[number];

/** How one who declares chooses who reads the files: files that are not open have a level. */
const wayOf = ({ access, level }: Declaration): Way => (access === 'open' ? 'open' : (level ?? 'controlled'));
const ofWay = (way: Way): Pick<Declaration, 'access' | 'level'> => ({
  access: way === 'open' ? 'open' : 'controlled',
  level: way === 'registered' || way === 'closed' ? way : undefined,
});

/** What is declared of people in the data of a draft, and who may read its files. */
export function DeclarationSection({
  draft,
  accession,
}: {
  draft: string;
  /** Of its study, once it is known: plans are asked by it. */
  accession: string | undefined;
}): JSX.Element {
  const text = useText();
  const queryKey = ['declaration', draft];
  const found = useAnswer({ queryKey, queryFn: () => load(draft) });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('declare.title')}</h2>
        <span className="s m2">{text('declare.help')}</span>
      </div>
      {found.error ? <AnswerFailed error={found.error} again={() => void found.refetch()} /> : null}
      {found.data && !found.data.declaration ? <p className="s m2">{text('declare.none')}</p> : null}
      {found.data ? (
        <DeclarationForm
          draft={draft}
          given={found.data.declaration ?? nothing}
          accession={accession}
          onSaved={() => answers.invalidateQueries({ queryKey })}
        />
      ) : null}
    </section>
  );
}

const loadPlans = (accession: string) => api.call(routes.listPlans, { query: { accession } });
type Plan = Awaited<ReturnType<typeof loadPlans>>['plans'][number];
type Answer = NonNullable<Plan['studies'][number]['declaration']>[number];

const filledBy = ({ field, value }: Answer): Partial<Declaration> =>
  field === 'access' || field === 'ethics' ? { [field]: value } : { [field]: value === 'yes' };

/** What plans of the study answer about people: each answer with where it stands, filled in with one press and not before. */
function FromPlans(props: {
  accession: string | undefined;
  now: Declaration;
  fill(change: Partial<Declaration>): void;
}): JSX.Element | null {
  const { accession, now, fill } = props;
  const text = useText();
  const found = useAnswer({
    queryKey: ['plans', accession],
    enabled: accession !== undefined,
    queryFn: () => loadPlans(accession!),
  });
  const plans = (found.data?.plans ?? []).flatMap((plan) => {
    const said = plan.studies.flatMap((study) => (study.accession === accession ? (study.declaration ?? []) : []));
    const news = said.filter((one) =>
      Object.entries(filledBy(one)).some(([field, value]) => now[field as keyof Declaration] !== value),
    );
    return news.length > 0 ? [{ ...plan, news }] : [];
  });
  return (
    <>
      {plans.map(({ id, title, news }) => (
        <div key={id} className="finding info" role="note">
          <Icon name="info" />
          <div>
            {text('declare.plan', { title })}
            <ul>
              {news.map((one) => (
                <li key={one.field}>
                  {text(`declare.${one.field}`)}
                  {one.field === 'access' ? `: ${text('declare.access.controlled')}` : null}
                  {one.field === 'ethics' ? `: ${one.value}` : null}{' '}
                  <span className="m2">
                    {text('declare.planPlace', { member: one.member, dataset: one.dataset ?? title })}
                  </span>
                </li>
              ))}
            </ul>
            <button
              type="button"
              className="btn sm"
              onClick={() => fill(Object.fromEntries(news.flatMap((one) => Object.entries(filledBy(one)))))}
            >
              {text('declare.fillIn')}
            </button>
          </div>
        </div>
      ))}
    </>
  );
}

function DeclarationForm(props: {
  draft: string;
  given: Declaration;
  accession: string | undefined;
  onSaved(): Promise<void>;
}): JSX.Element {
  const { draft, given, onSaved } = props;
  const text = useText();
  const [now, setNow] = useState(given);
  const set = (change: Partial<Declaration>) => setNow({ ...now, ...change });
  const save = useChange({
    // What was chosen before and is no longer asked for goes: conditions of open files, open parts of what people agreed to less of.
    mutationFn: () =>
      api.call(routes.setDeclaration, {
        params: { draft },
        body: {
          ...now,
          ...(now.access === 'open' || now.level === 'closed' ? { dataUse: [] } : {}),
          ...(now.level === 'closed' ? {} : { contact: undefined }),
          ...(now.human ? {} : { jurisdiction: undefined, controller: undefined }),
          ...(now.access === 'open' || (now.human && now.consent !== 'open') ? { openItems: [] } : {}),
        },
      }),
    onSuccess: onSaved,
  });
  return (
    <form
      className="declare"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <FromPlans accession={props.accession} now={now} fill={set} />
      {(['human', 'identifiable'] as const).map((name) =>
        name === 'identifiable' && !now.human ? null : (
          <label key={name} className="row">
            <input
              type="checkbox"
              checked={now[name]}
              onChange={({ target }) =>
                set(
                  name === 'human' && !target.checked
                    ? { human: false, identifiable: false }
                    : { [name]: target.checked },
                )
              }
            />
            <span>{text(`declare.${name}`)}</span>
          </label>
        ),
      )}
      {now.human ? (
        <>
          <LabelledChoice
            label={text('declare.consent')}
            value={now.consent}
            choices={consents.map((one) => [one, text(`declare.consent.${one}`)])}
            onValue={(consent) => set({ consent: consent as Declaration['consent'] })}
          />
          <LabelledInput
            label={text('declare.ethics')}
            required
            value={now.ethics}
            maxLength={2000}
            onValue={(ethics) => set({ ethics })}
          />
          <LabelledInput
            label={text('declare.jurisdiction')}
            value={now.jurisdiction ?? ''}
            maxLength={200}
            onValue={(jurisdiction) => set({ jurisdiction })}
          />
          <LabelledInput
            label={text('declare.controller')}
            value={now.controller ?? ''}
            maxLength={500}
            onValue={(controller) => set({ controller })}
          />
        </>
      ) : null}
      <LabelledChoice
        label={text('declare.access')}
        value={wayOf(now)}
        choices={ways.map((one) => [one, text(`declare.access.${one}`)])}
        onValue={(way) => set(ofWay(way))}
      />
      {now.access === 'controlled' ? (
        <>
          {now.level === 'closed' ? (
            <LabelledInput
              label={text('declare.contact')}
              help={text('declare.contact.help')}
              required
              maxLength={500}
              value={now.contact ?? ''}
              onValue={(contact) => set({ contact })}
            />
          ) : (
            <DataUseInput value={now.dataUse ?? []} onValue={(dataUse) => set({ dataUse })} />
          )}
          {now.human && now.consent !== 'open' ? null : (
            <OpenPartsInput draft={draft} value={now.openItems ?? []} onValue={(openItems) => set({ openItems })} />
          )}
          {now.level === 'closed' ? null : (
            <WordsInput label={text('declare.terms')} value={now.terms} onValue={(terms) => set({ terms })} />
          )}
        </>
      ) : null}
      <button type="submit" className="btn" disabled={save.isPending}>
        {text('declare.save')}
      </button>
      {save.data ? (
        <p className="st ok" role="status">
          {text('declare.saved')}
        </p>
      ) : null}
      {save.error ? <AnswerFailed error={save.error} /> : null}
    </form>
  );
}
