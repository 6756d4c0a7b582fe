import type { FieldValue } from '@micrarium/model';
import {
  readRelations,
  relationKinds,
  relationsKey,
  relationsText,
  type StudyRelation,
  relationTarget,
  relationUrl,
} from '@micrarium/standards';
import { type JSX, useMemo, useState } from 'react';
import { LabelledChoice } from '../account/labelled-choice.tsx';
import { LabelledInput } from '../account/labelled-input.tsx';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import type { DraftEditor } from './draft-editor.ts';
import type { Draft } from './draft.ts';
import type { Slots, ValueSlot } from './slots.ts';

const slot = `value:${relationsKey}`;
/** Relations of one study that are read. */
const mostRelations = 50;

/** What the study is to other studies: here, or anywhere with a DOI or an address. Those an addition began with stand here too. */
export function RelationsSection({
  draft,
  slots,
  editor,
}: {
  draft: Draft;
  slots: Slots;
  editor: DraftEditor;
}): JSX.Element {
  const text = useText();
  const value = (slots[slot] as ValueSlot | undefined)?.value as FieldValue | undefined;
  const relations = useMemo(() => readRelations(value), [value]);
  const save = (next: readonly StudyRelation[]): void =>
    editor.edit({
      [slot]: next.length === 0 ? undefined : { value: relationsText(next), origin: { kind: 'person' } },
    });
  const isOpen = draft.state === 'editing';
  return (
    <section id="relations" tabIndex={-1}>
      <div className="hd">
        <h2>{text('relations.title')}</h2>
        <span className="s m2">{text('relations.help')}</span>
      </div>
      <ul className="plain">
        {relations.map((one, at) => (
          <li key={`${one.kind} ${one.target}`} className="row w">
            <span>{text(`relations.kind.${one.kind}`)}</span>
            <a className="l mono" href={relationUrl(one)}>
              {one.target}
              {one.version === undefined ? '' : `, ${text('drafts.version', { version: one.version })}`}
            </a>
            {one.note === undefined ? null : <span className="s m2">{one.note}</span>}
            {isOpen ? (
              <button
                type="button"
                className="btn sm quiet"
                aria-label={text('relations.removeOf', { target: one.target })}
                onClick={() => save(relations.filter((_one, place) => place !== at))}
              >
                {text('relations.remove')}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {isOpen && relations.length < mostRelations ? (
        <NewRelation
          isKnown={(kind, target) => relations.some((one) => one.kind === kind && one.target === target)}
          isOwn={(target) => target === draft.accession}
          add={(one) => save([...relations, one])}
        />
      ) : null}
    </section>
  );
}

function NewRelation({
  isKnown,
  isOwn,
  add,
}: {
  isKnown(kind: StudyRelation['kind'], target: string): boolean;
  isOwn(target: string): boolean;
  add(one: StudyRelation): void;
}): JSX.Element {
  const text = useText();
  const [kind, setKind] = useState<StudyRelation['kind']>('derived');
  const [typed, setTyped] = useState('');
  const [note, setNote] = useState('');
  const [fault, setFault] = useState<'unknown' | 'own' | 'known' | undefined>();
  const put = (): void => {
    // An address of a study of this site names the study, wherever the site moves.
    const target = relationTarget(studyIn(typed.trim()) ?? typed);
    if (target === undefined) return setFault('unknown');
    if (isOwn(target)) return setFault('own');
    if (isKnown(kind, target)) return setFault('known');
    add({ kind, target, ...(note.trim() === '' ? {} : { note: note.trim() }) });
    setTyped('');
    setNote('');
    setFault(undefined);
  };
  return (
    <div className="figures">
      <fieldset>
        <legend className="sr">{text('relations.add')}</legend>
        <div className="two">
          <LabelledChoice
            label={text('relations.what')}
            value={kind}
            choices={relationKinds.map((one) => [one, text(`relations.kind.${one}`)] as const)}
            onValue={setKind}
          />
          <LabelledInput
            label={text('relations.target')}
            help={text('relations.targetHelp')}
            maxLength={500}
            value={typed}
            onValue={(next) => {
              setTyped(next);
              setFault(undefined);
            }}
          />
        </div>
        <LabelledInput label={text('relations.note')} maxLength={2000} value={note} onValue={setNote} />
        {fault === undefined ? null : (
          <p className="or warn" role="alert">
            <Icon name="warn" />
            {text(`relations.fault.${fault}`)}
          </p>
        )}
        <button type="button" className="btn sm" disabled={typed.trim() === ''} onClick={put}>
          {text('relations.add')}
        </button>
      </fieldset>
    </div>
  );
}

/** Accession of a study of this site whose page is named. */
export function studyIn(address: string, origin = location.origin): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.origin === origin ? /^\/studies\/([A-Z]{2,8}-\d{3,12})(?=\/|$)/.exec(url.pathname)?.[1] : undefined;
}
