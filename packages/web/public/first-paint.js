// Runs before the first paint, so that a chosen theme and language never flash. A file of its own, because the
// content security policy allows no inline scripts.
(() => {
  try {
    const theme = localStorage.getItem('micrarium.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
    const language = localStorage.getItem('micrarium.language');
    document.documentElement.lang = language ?? (navigator.language.startsWith('ja') ? 'ja' : 'en');
  } catch {
    // Storage may be closed to us; the defaults stand.
  }
})();
