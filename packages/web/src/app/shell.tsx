import { type JSX, lazy, Suspense, useEffect, useState } from 'react';
import { chooseLanguage, language, useText } from '../messages/text.ts';
import { SearchBox } from '../search/search-box.tsx';
import { Brand, Icon } from './icons.tsx';
import { FactorReminder } from './factor-reminder.tsx';
import { Page } from './page.tsx';
import { Link, usePageLocation } from './router.tsx';
import { useMe } from './session.ts';
import { ThemeSwitch } from './theme-switch.tsx';

const NoticeBell = lazy(async () => ({ default: (await import('../notices/notice-bell.tsx')).NoticeBell }));

/** What stands around every page: header with search, language and sign-in, and the footer. */
export function Shell(): JSX.Element {
  const text = useText();
  const isViewer = /^\/(viewer\/|space\/|embed\/|compare$)/.test(usePageLocation().path);
  useSearchKey();
  // The viewer fills the window and has a head of its own.
  if (isViewer) return <Page />;
  return (
    <>
      <a className="skip btn" href="#content">
        {text('nav.skip')}
      </a>
      <Header />
      <div id="content" tabIndex={-1}>
        <FactorReminder />
        <Page />
      </div>
      <footer className="foot">
        <div className="wrap">
          <a href="/api">{text('nav.api')}</a>
          <a href="/open">{text('nav.open')}</a>
          <a href="/api/v1/openapi.json">{text('nav.openapi')}</a>
          <a href="/formats">{text('nav.formats')}</a>
          <a href="/self-assessment">{text('nav.assessment')}</a>
          <span className="end">
            <ThemeSwitch />
          </span>
        </div>
      </footer>
    </>
  );
}

/** `/` puts the cursor into the page's search box, unless one is typing. */
function useSearchKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.closest('input, textarea, select, [contenteditable]')) return;
      const boxes = [...document.querySelectorAll<HTMLInputElement>('input[data-search]')];
      const box = boxes.find((one) => one.offsetParent !== null);
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function Header(): JSX.Element {
  const text = useText();
  const { path } = usePageLocation();
  // The menu of small screens is open on the page where it was opened: following a link closes it.
  const [openAt, setOpenAt] = useState('');
  const open = openAt === path;
  const hasOwnSearch = path === '/' || path === '/search';
  const deposit = path.startsWith('/drafts') || path.startsWith('/deposit');
  return (
    <header className={`top ${open ? 'open' : ''}`}>
      <div className="wrap">
        <Link className="brand" to="/">
          <Brand />
          {'Micrarium'}
        </Link>
        <nav className="nav" aria-label={text('nav.main')}>
          <Link to="/search" aria-current={path === '/search' ? 'page' : undefined}>
            {text('nav.search')}
          </Link>
          <Link to="/explore" aria-current={path === '/explore' ? 'page' : undefined}>
            {text('nav.explore')}
          </Link>
          <Link to="/drafts" aria-current={deposit ? 'page' : undefined}>
            {text('nav.deposit')}
          </Link>
        </nav>
        {hasOwnSearch ? null : <SearchBox look="find" placeholder={text('nav.searchPlaceholder')} />}
        <div className="end">
          <LanguageSwitch />
          <SignInState />
          <button
            type="button"
            className="menu btn quiet icon"
            aria-label={text('nav.menu')}
            aria-expanded={open}
            onClick={() => setOpenAt(open ? '' : path)}
          >
            <Icon name="menu" />
          </button>
        </div>
      </div>
    </header>
  );
}

/** Changes to the other language. */
export function LanguageSwitch(): JSX.Element {
  useText();
  const other = language() === 'ja' ? 'en' : 'ja';
  return (
    <button type="button" className="plainlink" lang={other} onClick={() => void chooseLanguage(other)}>
      {other === 'ja' ? '日本語' : 'English'}
    </button>
  );
}

function SignInState(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { path } = usePageLocation();
  if (me)
    return (
      <>
        <Suspense fallback={null}>
          <NoticeBell />
        </Suspense>
        <Link to="/account" className="who" title={me.email}>
          {me.name}
        </Link>
      </>
    );
  // Keeps its place while the server has not answered, so that nothing jumps.
  return (
    <Link
      to="/sign-in"
      search={path === '/sign-in' || path === '/' ? {} : { to: path }}
      style={me === undefined ? { visibility: 'hidden' } : {}}
    >
      {text('nav.signIn')}
    </Link>
  );
}
