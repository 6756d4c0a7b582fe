import type { JSX } from 'react';
import { useText } from '../messages/text.ts';

/** Everything one owns, to take along. */
export function TakeAlongSection(): JSX.Element {
  const text = useText();
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('takeAlong.title')}</h2>
        <span className="s m2">{text('takeAlong.help')}</span>
      </div>
      <a className="btn" href="/api/v1/me/export.zip" download>
        {text('takeAlong.download')}
      </a>
    </section>
  );
}
