import { type NamingTemplate, checkNames, planRenaming } from '@micrarium/formats';
import { type JSX, useMemo } from 'react';
import { useText } from '../messages/text.ts';
import { FindingList } from './finding-list.tsx';
import { PlanFiles, PlanRows } from './names-plan.tsx';

/** Rules for names, what breaks them, and a plan of names that keep them. */
export function RulesPart({
  paths,
  template,
  change,
}: {
  paths: readonly string[];
  template: NamingTemplate;
  change: (part: Partial<NamingTemplate>) => void;
}): JSX.Element {
  const text = useText();
  const { rules } = template;
  const found = useMemo(() => checkNames(paths, rules), [paths, rules]);
  const plan = useMemo(() => planRenaming(paths, rules), [paths, rules]);
  return (
    <fieldset className="block">
      <legend>{text('names.rules')}</legend>
      <div className="row w">
        <label className="row">
          <input
            type="checkbox"
            checked={!rules.spaces}
            onChange={(event) => change({ rules: { ...rules, spaces: !event.target.checked } })}
          />
          <span>{text('names.noSpaces')}</span>
        </label>
        <label className="row">
          <span>{text('names.illegal')}</span>
          <span className="field-in">
            <input
              type="text"
              className="mono"
              size={18}
              spellCheck={false}
              value={rules.illegal}
              onChange={(event) => change({ rules: { ...rules, illegal: event.target.value } })}
            />
          </span>
        </label>
        <label className="row">
          <span>{text('names.longest')}</span>
          <span className="field-in">
            <input
              type="number"
              min={8}
              max={255}
              value={rules.longest}
              onChange={(event) => {
                const longest = Math.round(Number(event.target.value));
                if (longest >= 8 && longest <= 255) change({ rules: { ...rules, longest } });
              }}
            />
          </span>
        </label>
      </div>
      {found.length === 0 ? <p className="st ok">{text('names.good')}</p> : null}
      <FindingList issues={found} />
      {plan.length > 0 ? (
        <>
          <p className="s m2">{text('names.plan', { count: plan.length })}</p>
          <PlanRows plan={plan} />
          <div className="row w">
            <PlanFiles plan={plan} />
          </div>
        </>
      ) : null}
    </fieldset>
  );
}
