/**
 * Puts the focus on the heading of a page that was gone to, so that keyboard and screen reader go on there and not at
 * the top of the window. A page that took the focus itself, for a field, keeps it. Waits for what React draws.
 */
export function focusPage(): void {
  requestAnimationFrame(() => {
    const page = document.getElementById('content');
    const { activeElement: now } = document;
    // A dialog lies beside the page, and the viewer has no page around it: its keys work from anywhere.
    if (!page || (now !== page && page.contains(now)) || document.querySelector('dialog[open]')) return;
    const heading = page.querySelector('h1');
    // Focus without a place in the order of the tab key.
    if (heading && !heading.hasAttribute('tabindex')) heading.tabIndex = -1;
    (heading ?? page).focus({ preventScroll: true });
  });
}
