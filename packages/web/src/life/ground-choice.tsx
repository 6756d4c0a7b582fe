import type { JSX } from 'react';
import { LabelledChoice } from '../account/labelled-choice.tsx';
import { useText } from '../messages/text.ts';

/** Why the files of a study are closed, or its bytes deleted. */
export type Ground = (typeof grounds)[number];
const grounds = ['privacy', 'ethics', 'legal'] as const;

/** Choice of a ground. */
export function GroundChoice({ value, onValue }: { value: Ground; onValue(value: Ground): void }): JSX.Element {
  const text = useText();
  return (
    <LabelledChoice
      label={text('life.ground')}
      value={value}
      choices={grounds.map((one) => [one, text(`life.ground.${one}`)])}
      onValue={onValue}
    />
  );
}
