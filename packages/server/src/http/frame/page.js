// For the pages that the server writes. They work without it; it adds the chosen appearance, and who is signed in.
(() => {
  const root = document.documentElement;
  const stored = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const store = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      // Lasts until the page is closed.
    }
  };
  // At once, before the first paint, so that nothing flashes.
  const theme = stored('micrarium.theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  // A language chosen here holds for the pages drawn in the browser too.
  const asked = new URLSearchParams(location.search).get('lang');
  if (asked === 'en' || asked === 'ja') store('micrarium.language', asked);

  // The sheet of the interactive description of the interface knows dark by a class.
  const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
  const markDark = () => {
    const isDark = root.dataset.theme === undefined ? systemIsDark.matches : root.dataset.theme === 'dark';
    root.classList.toggle('dark-mode', isDark);
  };
  systemIsDark.addEventListener('change', markDark);
  markDark();

  function switchTheme() {
    const group = document.querySelector('[data-themes]');
    if (!group) return;
    const show = () => {
      const now = root.dataset.theme ?? 'system';
      for (const one of group.querySelectorAll('button'))
        one.setAttribute('aria-pressed', String(one.dataset.choose === now));
    };
    group.addEventListener('click', (event) => {
      const chosen = event.target.closest('button')?.dataset.choose;
      if (chosen === undefined) return;
      if (chosen === 'system') delete root.dataset.theme;
      else root.dataset.theme = chosen;
      store('micrarium.theme', chosen);
      markDark();
      show();
    });
    show();
    group.hidden = false;
  }

  async function showWhoIsSignedIn() {
    const link = document.querySelector('[data-sign-in]');
    const answer = await fetch('/api/v1/me');
    if (!link || !answer.ok) return;
    const { user } = await answer.json();
    if (!user) return;
    link.textContent = user.name;
    link.title = user.email;
    link.href = '/account';
    link.className = 'who';
    for (const one of document.querySelectorAll('[data-account]')) one.hidden = one.dataset.account !== user.id;
    if (user.role === 'curator' || user.role === 'owner')
      for (const one of document.querySelectorAll('[data-curators]')) one.hidden = false;
  }

  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest('input, textarea, select, [contenteditable]')) return;
    const box = document.querySelector('input[data-search]');
    if (!box || box.offsetParent === null) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
  document.addEventListener('DOMContentLoaded', () => {
    switchTheme();
    showWhoIsSignedIn().catch(() => {
      // The link to sign in stays.
    });
  });
})();
