import { type JSX, useState } from 'react';
import { type MessageKey, useText } from '../messages/text.ts';

type Theme = 'system' | 'light' | 'dark';
const themes: readonly Theme[] = ['system', 'light', 'dark'];
const names: Record<Theme, MessageKey> = { system: 'theme.system', light: 'theme.light', dark: 'theme.dark' };

function chosen(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

function apply(theme: Theme): void {
  if (theme === 'system') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.setAttribute('data-theme', theme);
  try {
    localStorage.setItem('micrarium.theme', theme);
  } catch {
    // Lasts until the page is closed.
  }
}

/** Light, dark, or as the system has it; remembered. */
export function ThemeSwitch(): JSX.Element {
  const text = useText();
  const [theme, setTheme] = useState(chosen);
  const choose = (next: Theme) => {
    setTheme(next);
    apply(next);
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
