import { type Renaming, renamingCsv, renamingScript } from '@micrarium/formats';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { saveText } from '../viewer/save.ts';
import { fewRows } from './names-pattern.tsx';

/** A plan of new names: its first rows. */
export function PlanRows({ plan }: { plan: readonly Renaming[] }): JSX.Element {
  return (
    <table className="t plan">
      <tbody>
        {plan.slice(0, fewRows).map(({ from, to }) => (
          <tr key={from}>
            <td className="mono">{from}</td>
            <td className="mono">{to}</td>
          </tr>
        ))}
        {plan.length > fewRows ? (
          <tr>
            <td colSpan={2}>…</td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

/** Buttons that save a plan of new names for one's own copy. */
export function PlanFiles({ plan }: { plan: readonly Renaming[] }): JSX.Element {
  const text = useText();
  return (
    <>
      <button
        type="button"
        className="btn sm"
        onClick={() => saveText('new-names.csv', 'text/csv;charset=utf-8', renamingCsv(plan))}
      >
        {text('names.planTable')}
      </button>
      <button
        type="button"
        className="btn sm"
        onClick={() => saveText('copy-under-new-names.sh', 'text/x-shellscript', renamingScript(plan))}
      >
        {text('names.planScript')}
      </button>
    </>
  );
}

/** Names no repository takes, said before anything is sent, with names that it takes. */
export function RefusedNames({ plan, take }: { plan: readonly Renaming[]; take: () => void }): JSX.Element {
  const text = useText();
  return (
    <div className="refused">
      <p className="problem" role="alert">
        {text('names.refused', { count: plan.length })}
      </p>
      <PlanRows plan={plan} />
      <p className="s m2">{text('names.refusedHelp')}</p>
      <div className="row w">
        <button type="button" className="btn sm" onClick={take}>
          {text('names.takeRenamed', { count: plan.length })}
        </button>
        <PlanFiles plan={plan} />
      </div>
    </div>
  );
}
