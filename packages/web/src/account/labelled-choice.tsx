import { type JSX, useId } from 'react';

/** One of several values with its label. @param props.choices values in the order they are offered, each with its words */
export function LabelledChoice<Value extends string>(props: {
  label: string;
  value: NoInfer<Value>;
  choices: readonly (readonly [value: Value, words: string])[];
  onValue: (value: NoInfer<Value>) => void;
}): JSX.Element {
  const id = useId();
  return (
    <div className="lf">
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        className="field-in"
        value={props.value}
        onChange={(event) => props.onValue(event.target.value as Value)}
      >
        {props.choices.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
