import { type JSX, useId } from 'react';

/** Room for a few sentences, with its label. @param props.least fewest characters that the server takes: the browser says so before it is sent */
export function WordsInput(props: {
  label: string;
  value: string;
  onValue(value: string): void;
  required?: boolean;
  least?: number;
  most?: number;
}): JSX.Element {
  const id = useId();
  const { label, value, onValue, required = false, least, most = 5000 } = props;
  return (
    <div className="lf">
      <label htmlFor={id}>{label}</label>
      <span className="field-in">
        <textarea
          id={id}
          required={required}
          minLength={least}
          maxLength={most}
          value={value}
          onChange={(event) => onValue(event.target.value)}
        />
      </span>
    </div>
  );
}

/** A box to tick, with its sentence. */
export function Tick(props: { label: string; checked: boolean; onChecked(checked: boolean): void }): JSX.Element {
  return (
    <label className="box tick">
      <input type="checkbox" checked={props.checked} onChange={(event) => props.onChecked(event.target.checked)} />
      <span>{props.label}</span>
    </label>
  );
}
