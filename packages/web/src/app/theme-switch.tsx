import { type JSX, useState } from 'react';
import { type MessageKey, useText } from '../messages/text.ts';

type Theme = 'system' | 'light' | 'dark';
const themes: readonly Theme[] = ['system', 'light', 'dark'];
const names: Record<Theme, MessageKey> = { system: 'theme.system', light: 'theme.light', dark: 'theme.dark' };

function chosen(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Light, dark, or as the system has it; remembered. */
export function ThemeSwitch(): JSX.Element {
  const text = useText();
  const [theme, setTheme] = useState(chosen);
  const choose = (next: Theme) => {
    setTheme(next);
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem('micrarium.theme', next);
    } catch {
      // Lasts until the page is closed.
    }
  };
  return (
    <span className="seg" role="group" aria-label={text('theme.label')}>
      {themes.map((one) => (
        <button key={one} type="button" aria-pressed={theme === one} onClick={() => choose(one)}>
          {text(names[one])}
        </button>
      ))}
    </span>
  );
}
