import type { TrackingMethod } from '@micrarium/model';
import { type JSX, useState } from 'react';
import { useText } from '../messages/text.ts';
import { type StepText, methodOfText, parametersAsText } from './method-text.ts';

/** Asks how objects were found and linked, where the file does not say it (MIAPTE). */
export function MethodForm({
  method,
  change,
}: {
  method: TrackingMethod | undefined;
  change: (method: TrackingMethod | undefined) => void;
}): JSX.Element {
  const text = useText();
  const textOf = (step: TrackingMethod['detector']): StepText => ({
    name: step?.name ?? '',
    parameters: parametersAsText(step?.parameters),
  });
  const [steps, setSteps] = useState({ detector: textOf(method?.detector), linker: textOf(method?.linker) });
  // A question nobody has answered stands open.
  const [isAsked] = useState(method === undefined);
  const set = (step: 'detector' | 'linker', part: Partial<StepText>) => {
    const changed = { ...steps, [step]: { ...steps[step], ...part } };
    setSteps(changed);
    change(methodOfText(changed.detector, changed.linker));
  };
  return (
    <details className="block" open={isAsked}>
      <summary>{text('method.question')}</summary>
      <p className="s m2">{text('method.why')}</p>
      {(['detector', 'linker'] as const).map((step) => (
        <fieldset key={step}>
          <legend>{text(`method.${step}`)}</legend>
          <label>
            <span>{text('method.name')}</span>
            <span className="field-in">
              <input
                type="text"
                maxLength={500}
                value={steps[step].name}
                onChange={(event) => set(step, { name: event.target.value })}
              />
            </span>
          </label>
          <label>
            <span>{text('method.parameters')}</span>
            <span className="field-in">
              <textarea
                className="mono"
                rows={3}
                maxLength={20_000}
                value={steps[step].parameters}
                onChange={(event) => set(step, { parameters: event.target.value })}
              />
            </span>
          </label>
        </fieldset>
      ))}
    </details>
  );
}
