import { type InputHTMLAttributes, type JSX, type ReactNode, useId } from 'react';

/** An input with its label, and a sentence of help or complaint that is read with it. */
export function LabelledInput({
  label,
  help,
  onValue,
  ...input
}: {
  label: string;
  help?: ReactNode;
  onValue: (value: string) => void;
} & InputHTMLAttributes<HTMLInputElement>): JSX.Element {
  const id = useId();
  return (
    <div className="lf">
      <label htmlFor={id}>{label}</label>
      <span className="field-in">
        <input
          {...input}
          id={id}
          onChange={(event) => onValue(event.target.value)}
          {...(help === undefined ? {} : { 'aria-describedby': `${id}-help` })}
        />
      </span>
      {help === undefined ? null : (
        <p className="or" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  );
}
