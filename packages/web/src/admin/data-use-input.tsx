import { type DataUse, type DataUseTerm, dataUseTerms, dataUseWords } from '@micrarium/standards';
import { type JSX, useId } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { language, useText } from '../messages/text.ts';

const permissions = dataUseTerms.filter(({ kind }) => kind === 'permission');
const modifiers = dataUseTerms.filter(({ kind }) => kind === 'modifier');
/** “No restriction” stands alone. */
const noRestriction = permissions.find(({ short }) => short === 'NRES')!.code;
const inputTypes = { months: 'number', day: 'date', words: 'text', disease: 'text' } as const;

/** For what the data may be used: one permission of the Data Use Ontology, and conditions beside it. */
export function DataUseInput(props: { value: readonly DataUse[]; onValue(value: DataUse[]): void }): JSX.Element {
  const { value, onValue } = props;
  const text = useText();
  const id = useId();
  const of = (terms: readonly DataUseTerm[]) => value.filter(({ code }) => terms.some((one) => one.code === code));
  const permission = of(permissions)[0]?.code ?? '';
  const choose = (code: string) =>
    onValue(code === '' ? [] : [{ code }, ...(code === noRestriction ? [] : of(modifiers))]);
  const change = (use: DataUse, said: Partial<DataUse>) =>
    onValue(value.map((one) => (one === use ? withoutEmpty({ ...one, ...said }) : one)));
  const detailsOf = (code: string) => value.filter((one) => one.code === code);
  return (
    <>
      <div className="lf">
        <label htmlFor={id}>{text('declare.dataUse')}</label>
        <select
          id={id}
          className="field-in"
          value={permission}
          aria-describedby={`${id}-help`}
          onChange={({ target }) => choose(target.value)}
        >
          <option value="">{text('declare.dataUse.none')}</option>
          {permissions.map(({ code }) => (
            <option key={code} value={code}>
              {dataUseWords({ code }, language())}
            </option>
          ))}
        </select>
        <p className="or" id={`${id}-help`}>
          {text('declare.dataUse.help')}
        </p>
      </div>
      {detailsOf(permission).map((use, at) => (
        <Details key={`${use.code} ${at}`} use={use} onChange={(said) => change(use, said)} />
      ))}
      {permission === '' || permission === noRestriction ? null : (
        <fieldset>
          <legend>{text('declare.dataUse.conditions')}</legend>
          {modifiers.map(({ code }) => (
            <div key={code}>
              <label className="row">
                <input
                  type="checkbox"
                  checked={detailsOf(code).length > 0}
                  onChange={({ target }) =>
                    onValue(target.checked ? [...value, { code }] : value.filter((one) => one.code !== code))
                  }
                />
                <span>{dataUseWords({ code }, language())}</span>
              </label>
              {detailsOf(code).map((use, at) => (
                <Details key={`${use.code} ${at}`} use={use} onChange={(said) => change(use, said)} />
              ))}
            </div>
          ))}
        </fieldset>
      )}
    </>
  );
}

/** A field that was emptied is not said. */
const withoutEmpty = (use: DataUse): DataUse =>
  Object.fromEntries(Object.entries(use).filter(([, said]) => said !== '')) as unknown as DataUse;

/** Which disease, region, project…, where a term asks for it. */
function Details({ use, onChange }: { use: DataUse; onChange(said: Partial<DataUse>): void }): JSX.Element | null {
  const text = useText();
  const detail = dataUseTerms.find(({ code }) => code === use.code)?.detail;
  if (detail === undefined) return null;
  return (
    <div className="row w">
      <LabelledInput
        label={text(`declare.dataUse.${detail}`)}
        type={inputTypes[detail]}
        {...(detail === 'months' ? { min: 1, max: 1200 } : {})}
        required
        maxLength={300}
        value={use.of ?? ''}
        onValue={(of) => onChange({ of })}
      />
      {detail === 'disease' ? (
        <LabelledInput
          label={text('declare.dataUse.id')}
          maxLength={60}
          value={use.id ?? ''}
          onValue={(id) => onChange({ id })}
        />
      ) : null}
    </div>
  );
}
