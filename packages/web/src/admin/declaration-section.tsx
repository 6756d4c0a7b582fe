import { type JSX, useState } from 'react';
import { LabelledChoice } from '../account/labelled-choice.tsx';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { writtenMoment } from '../messages/written.ts';
import { WordsInput } from '../readers/words-input.tsx';
import { DataUseInput } from './data-use-input.tsx';
import { OpenPartsInput, type PartLevel } from './open-parts-input.tsx';

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
          filesGoAt={found.data.filesGoAt}
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

/** Levels that an item may have of its own: wider than that of the study, and no wider than people agreed to. */
function partLevels(now: Declaration): PartLevel[] {
  if (now.access === 'open') return [];
  const all = ['open', 'registered', 'controlled'] as const;
  const wider = all.slice(0, now.level === 'registered' ? 1 : now.level === 'closed' ? 3 : 2);
  return now.human && now.consent !== 'open' ? wider.filter((level) => level === 'controlled') : wider;
}

const partsOf = ({ openItems = [], parts = [] }: Declaration): Map<string, PartLevel> =>
  new Map([...openItems.map((id) => [id, 'open'] as const), ...parts.map(({ item, level }) => [item, level] as const)]);

const ofParts = (parts: ReadonlyMap<string, PartLevel>): Pick<Declaration, 'openItems' | 'parts'> => ({
  openItems: [...parts].flatMap(([id, level]) => (level === 'open' ? [id] : [])),
  parts: [...parts].flatMap(([item, level]) => (level === 'open' ? [] : [{ item, level }])),
});

/** What was chosen before and is no longer asked for goes: conditions of open files, parts wider than people agreed to. */
function asDeclared(now: Declaration): Declaration {
  const levels = partLevels(now);
  const parts = ofParts(new Map([...partsOf(now)].filter(([, level]) => levels.includes(level))));
  const isAgreedTo = now.access === 'controlled' && (now.level !== 'closed' || (parts.parts ?? []).length > 0);
  return {
    ...now,
    ...parts,
    ...(isAgreedTo ? {} : { dataUse: [] }),
    ...(now.level === 'closed' ? {} : { contact: undefined }),
    ...(now.human ? {} : { jurisdiction: undefined, controller: undefined }),
  };
}

/** Are these answers of data that no repository may keep? */
const isWithoutConsent = ({ human, identifiable, consent }: Declaration): boolean =>
  human && identifiable && consent === 'none';

/** That the files of the draft go, and when, unless the answers are corrected. */
function FilesGo({ at }: { at: string }): JSX.Element {
  const text = useText();
  return (
    <div className="finding error" role="alert">
      <Icon name="warn" />
      <div>
        <b>{text('declare.filesGo', { moment: writtenMoment(at) })}</b> {text('declare.filesGo.how')}
      </div>
    </div>
  );
}

function DeclarationForm(props: {
  draft: string;
  given: Declaration;
  filesGoAt: string | undefined;
  accession: string | undefined;
  onSaved(): Promise<void>;
}): JSX.Element {
  const { draft, given, filesGoAt, onSaved } = props;
  const text = useText();
  const [now, setNow] = useState(given);
  const set = (change: Partial<Declaration>) => setNow({ ...now, ...change });
  const save = useChange({
    mutationFn: () =>
      api.call(routes.setDeclaration, {
        params: { draft },
        body: asDeclared(now),
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
      {filesGoAt === undefined ? null : <FilesGo at={filesGoAt} />}
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
            required={!isWithoutConsent(now)}
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
          ) : null}
          {now.level === 'closed' && (now.parts ?? []).length === 0 ? null : (
            <DataUseInput value={now.dataUse ?? []} onValue={(dataUse) => set({ dataUse })} />
          )}
          {partLevels(now).length === 0 ? null : (
            <OpenPartsInput
              draft={draft}
              levels={partLevels(now)}
              value={partsOf(now)}
              onValue={(parts) => set(ofParts(parts))}
            />
          )}
          {now.level === 'closed' && (now.parts ?? []).length === 0 ? null : (
            <WordsInput label={text('declare.terms')} value={now.terms} onValue={(terms) => set({ terms })} />
          )}
        </>
      ) : null}
      {isWithoutConsent(now) && filesGoAt === undefined ? (
        <div className="finding error" role="alert">
          <Icon name="warn" />
          <div>{text('declare.noConsent')}</div>
        </div>
      ) : null}
      <button
        type="submit"
        className={isWithoutConsent(now) && filesGoAt === undefined ? 'btn danger' : 'btn'}
        disabled={save.isPending}
      >
        {text(isWithoutConsent(now) && filesGoAt === undefined ? 'declare.saveAndDelete' : 'declare.save')}
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
