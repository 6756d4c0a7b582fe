import { type JSX, useState } from 'react';
import { api, routes } from '../app/api.ts';
import { Icon } from '../app/icons.tsx';
import { type MessageKey, useText } from '../messages/text.ts';
import type { Draft, DraftItem } from './draft.ts';

type Privacy = NonNullable<DraftItem['privacy']>;
type Decision = Pick<Privacy, 'rawText' | 'originals'>;

const kinds: Record<Privacy['details'][number]['kind'], MessageKey> = {
  'user name': 'privacy.userName',
  path: 'privacy.path',
  'e-mail address': 'privacy.email',
  'date of birth': 'privacy.birth',
  'phone number': 'privacy.phone',
  'national id': 'privacy.nationalId',
  patient: 'privacy.patient',
  'place of recording': 'privacy.place',
  'slide label': 'privacy.slideLabel',
  'serial number': 'privacy.serial',
};

/** Details shown before the rest is asked for. */
const fewDetails = 6;

/** What the files tell of persons, item by item, to be accepted or withheld before the study is published. */
export function PrivacySection({ draft, refresh }: { draft: Draft; refresh: () => void }): JSX.Element | null {
  const text = useText();
  const items = draft.items.filter(({ privacy }) => privacy !== undefined && privacy.details.length > 0);
  if (items.length === 0) return null;
  return (
    <section id="privacy" tabIndex={-1}>
      <div className="hd">
        <h2>{text('privacy.title')}</h2>
        <span className="s m2">{text('privacy.help')}</span>
      </div>
      <ul className="pairs">
        {items.map((item) => (
          <li key={item.id}>
            <ItemPrivacy
              item={item}
              privacy={item.privacy!}
              editable={draft.state === 'editing'}
              decide={async (decision) => {
                await api.call(routes.decidePrivacy, { params: { draft: draft.id, item: item.id }, body: decision });
                refresh();
              }}
              strip={async () => {
                await api.call(routes.stripItem, { params: { draft: draft.id, item: item.id } });
                refresh();
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ItemPrivacy({
  item,
  privacy,
  editable,
  decide,
  strip,
}: {
  item: DraftItem;
  privacy: Privacy;
  editable: boolean;
  decide: (decision: Decision) => Promise<void>;
  strip: () => Promise<void>;
}): JSX.Element {
  const text = useText();
  const [all, setAll] = useState(false);
  const [state, setState] = useState<'ready' | 'saving' | 'failed' | 'notStripped'>('ready');
  const shown = all ? privacy.details : privacy.details.slice(0, fewDetails);
  // Serial numbers of devices are good to know and ask for no decision.
  const has = (place: 'raw text' | 'original'): boolean =>
    privacy.details.some((detail) => detail.place === place && detail.kind !== 'serial number');
  const choose = (change: Decision | 'strip'): void => {
    if (state === 'saving') return;
    setState('saving');
    (change === 'strip' ? strip() : decide(change)).then(
      () => setState('ready'),
      () => setState(change === 'strip' ? 'notStripped' : 'failed'),
    );
  };
  return (
    <div className="privacy">
      <p className="b">{item.path}</p>
      <table className="t private">
        <thead>
          <tr>
            <th>{text('privacy.what')}</th>
            <th>{text('privacy.value')}</th>
            <th>{text('privacy.where')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ kind, value, place, file, field }) => (
            <tr key={`${kind} ${place} ${file ?? ''} ${value}`}>
              <td>{text(kinds[kind])}</td>
              <td className="mono">{value}</td>
              <td className="m2">
                {place === 'raw text' ? text('privacy.inText') : (file ?? item.path)}
                {field === undefined ? '' : ` (${field})`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {privacy.details.length > fewDetails ? (
        <button type="button" className="btn quiet sm" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? text('privacy.fewer') : text('privacy.all', { count: privacy.details.length })}
        </button>
      ) : null}
      {has('original') ? (
        <fieldset className="question" disabled={!editable || state === 'saving'}>
          <legend>{text('privacy.originals')}</legend>
          <div className="row w">
            <Choice
              label={text('privacy.acceptOriginals')}
              chosen={privacy.originals === 'accepted'}
              choose={() => choose({ originals: 'accepted' })}
            />
            {privacy.mayBeStripped ? (
              <button type="button" className="btn sm" onClick={() => choose('strip')}>
                {text('privacy.strip')}
              </button>
            ) : null}
            <span className="s m2">{text('privacy.orTakeOut')}</span>
          </div>
          {privacy.mayBeStripped ? <p className="s m2">{text('privacy.stripHelp')}</p> : null}
        </fieldset>
      ) : null}
      {has('raw text') ? (
        <fieldset className="question" disabled={!editable || state === 'saving'}>
          <legend>{text('privacy.rawText')}</legend>
          <div className="row w">
            <Choice
              label={text('privacy.accept')}
              chosen={privacy.rawText === 'accepted'}
              choose={() => choose({ rawText: 'accepted' })}
            />
            <Choice
              label={text('privacy.withhold')}
              chosen={privacy.rawText === 'withheld'}
              choose={() => choose({ rawText: 'withheld' })}
            />
          </div>
        </fieldset>
      ) : null}
      {state === 'failed' || state === 'notStripped' ? (
        <p className="finding error" role="alert">
          <Icon name="warn" />
          <span>{text(state === 'failed' ? 'privacy.failed' : 'privacy.notStripped')}</span>
        </p>
      ) : null}
    </div>
  );
}

function Choice({ label, chosen, choose }: { label: string; chosen: boolean; choose: () => void }): JSX.Element {
  return (
    <button type="button" className={chosen ? 'btn sm primary' : 'btn sm'} aria-pressed={chosen} onClick={choose}>
      {label}
    </button>
  );
}
