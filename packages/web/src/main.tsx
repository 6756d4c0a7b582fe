import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startRouter } from './app/router.tsx';
import { Shell } from './app/shell.tsx';
import { startTexts } from './messages/text.ts';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no element #app');

await Promise.all([startTexts(), startRouter()]);
createRoot(root).render(
  <StrictMode>
    <Shell />
  </StrictMode>,
);

// Japanese glyphs and the typewriter face are wanted on every page, but by nobody before the page is there.
void import('./styles/later-fonts.ts');
