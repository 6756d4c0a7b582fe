import { type JSX, useRef } from 'react';
import { Icon } from '../app/icons.tsx';
import { navigate } from '../app/router.tsx';
import { useText } from '../messages/text.ts';

/** The line that searches all studies; the key `/` leads into it. */
export function SearchBox({ look, placeholder }: { look: 'find' | 'big'; placeholder: string }): JSX.Element {
  const text = useText();
  const box = useRef<HTMLInputElement>(null);
  return (
    <form
      className={`field-in ${look}`}
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        void navigate('/search', { search: { q: box.current?.value ?? '' } });
      }}
    >
      <Icon name="search" />
      <input
        ref={box}
        data-search=""
        name="q"
        type="text"
        autoComplete="off"
        aria-label={text('nav.searchLabel')}
        placeholder={placeholder}
      />
      <kbd aria-hidden="true">{'/'}</kbd>
    </form>
  );
}
