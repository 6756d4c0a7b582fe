import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { Link, usePageLocation } from './router.tsx';
import { useNeedsFactor } from './session.ts';

/** Above every page, while a role does not count for want of a second factor: what to do, and where. */
export function FactorReminder(): JSX.Element | null {
  const text = useText();
  const { path } = usePageLocation();
  if (!useNeedsFactor()) return null;
  return (
    <div className="wrap">
      <div className="finding warn" role="status">
        <span className="mark">{'!'}</span>
        <span>{text(path === '/account' ? 'safety.needed' : 'safety.neededElsewhere')}</span>
        {path === '/account' ? null : (
          <Link className="btn sm act" to="/account">
            {text('safety.neededGo')}
          </Link>
        )}
      </div>
    </div>
  );
}
