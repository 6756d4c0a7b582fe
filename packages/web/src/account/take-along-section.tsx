import type { JSX } from 'react';
import { useText } from '../messages/text.ts';

/** Everything one owns, to take along. */
export function TakeAlongSection(): JSX.Element {
  const text = useText();
  return (
    <section className="sec">
      <h2>{text('takeAlong.title')}</h2>
      <p className="prose s m2">{text('takeAlong.help')}</p>
      <a className="btn" href="/api/v1/me/export.zip" download>
        {text('takeAlong.download')}
      </a>
    </section>
  );
}
