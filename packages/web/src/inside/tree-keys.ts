/** What a key does in a tree. */
export interface TreeStep {
  focus?: HTMLElement;
  /** Path of a branch to open or to close. */
  open?: string;
  close?: string;
}

/** Paths of the groups above a path, the root first. */
export function foldersAbove(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, n) => (n === 0 ? '/' : `/${parts.slice(0, n).join('/')}`));
}

/**
 * What a key does among the shown rows of a tree; `undefined` where it is none of the tree's keys. After the pattern
 * "tree view" of the ARIA Authoring Practices.
 */
export function stepInTree(key: string, rows: readonly HTMLElement[], active: Element | null): TreeStep | undefined {
  const at = rows.findIndex((row) => row === active);
  const row = rows[at];
  if (!row) return undefined;
  const toward = (next: HTMLElement | undefined): TreeStep => (next ? { focus: next } : {});
  const expanded = row.getAttribute('aria-expanded');
  const levelOf = (one: HTMLElement | undefined): number => Number(one?.getAttribute('aria-level') ?? 0);
  const path = row.dataset['path'] ?? '';
  switch (key) {
    case 'ArrowDown':
      return toward(rows[at + 1]);
    case 'ArrowUp':
      return toward(rows[at - 1]);
    case 'Home':
      return toward(rows[0]);
    case 'End':
      return toward(rows.at(-1));
    case 'ArrowRight':
      if (expanded === 'false') return { open: path };
      return expanded === 'true' && levelOf(rows[at + 1]) > levelOf(row) ? toward(rows[at + 1]) : {};
    case 'ArrowLeft':
      if (expanded === 'true') return { close: path };
      return toward(rows.slice(0, at).findLast((one) => levelOf(one) < levelOf(row)));
    default:
      return undefined;
  }
}
