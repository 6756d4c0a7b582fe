import { type JSX, type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { api, routes } from '../app/api.ts';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { type Branch, type TreeRow, rowsOf, withTerms } from './tree-rows.ts';

interface Props {
  /** Prefix of the vocabulary: `CL`. */
  vocabulary: string;
  /** Id of the term to open the tree at. */
  at: string | undefined;
  /** Says which term is under the cursor of keys and clicks. */
  look: (id: string) => void;
  /** Enter and double click. */
  choose?: ((id: string) => void) | undefined;
}

/** The taxonomy is forty steps deep: after the first steps each is drawn narrower, so that names keep their room. */
const indent = (level: number) => 4 + Math.min(level - 1, 6) * 16 + Math.max(0, level - 7) * 4;

/** A vocabulary as a tree that is fetched as it is opened: arrow keys move, open and close; Enter takes a term. */
export function TermTree({ vocabulary, at, look, choose }: Props): JSX.Element {
  const text = useText();
  const [branches, setBranches] = useState<ReadonlyMap<string, Branch>>(new Map());
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState('');
  const [failed, setFailed] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const fetched = useRef(new Map<string, Promise<Branch>>());

  /** Terms below one (the vocabulary's first ones below nothing), fetched once; more of them from a cursor on. */
  const below = useCallback(
    async (id: string, cursor?: string): Promise<Branch> => {
      const key = `${id}\n${cursor ?? ''}`;
      const before = fetched.current.get(key);
      if (before) return await before;
      const asked = api
        .call(routes.listTermsBelow, {
          query: { ...(id === '' ? { prefix: vocabulary } : { of: id }), ...(cursor === undefined ? {} : { cursor }) },
        })
        .then(({ terms, nextCursor }) => ({ terms, next: nextCursor }));
      fetched.current.set(key, asked);
      try {
        const branch = await asked;
        setBranches((now) => withTerms(now, id, branch));
        setFailed(false);
        return branch;
      } catch (fault) {
        fetched.current.delete(key);
        setFailed(true);
        throw fault;
      }
    },
    [vocabulary],
  );

  useEffect(() => {
    let stopped = false;
    const openAt = async () => {
      await below('');
      if (at === undefined) return;
      const { term, way } = await api.call(routes.getTerm, { params: { id: at } });
      let key = '';
      for (const step of [...way, { id: term.id, label: term.label }]) {
        const branch = await below(key === '' ? '' : key.slice(key.lastIndexOf('/') + 1));
        if (stopped) return;
        const parent = key;
        key = `${key}/${step.id}`;
        // A term that stands further down a long list is put at its end.
        if (!branch.terms.some(({ id }) => id === step.id))
          setBranches((now) =>
            withTerms(now, parent.slice(parent.lastIndexOf('/') + 1), {
              terms: [{ ...step, hasBelow: true }],
              next: branch.next,
            }),
          );
        if (parent !== '') setOpen((now) => new Set([...now, parent]));
      }
      setActive(key);
      requestAnimationFrame(() => {
        // Only the tree is scrolled, not the page around it.
        const row = list.current?.querySelector<HTMLElement>('[aria-selected="true"]');
        if (row && list.current) list.current.scrollTop = row.offsetTop - list.current.clientHeight / 2;
      });
    };
    // A failure is told beside the tree.
    openAt().catch(() => {});
    return () => {
      stopped = true;
    };
  }, [at, below]);

  const rows = rowsOf(branches, open);
  const current = rows.some(({ key }) => key === active) ? active : (rows[0]?.key ?? '');
  const go = (row: TreeRow | undefined) => {
    if (!row) return;
    setActive(row.key);
    if (row.kind === 'term') look(row.term.id);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus());
  };
  const toggle = (row: TreeRow, isOpen: boolean) => {
    if (row.kind !== 'term' || !row.term.hasBelow) return;
    setOpen((now) => {
      const next = new Set(now);
      if (isOpen) next.add(row.key);
      else next.delete(row.key);
      return next;
    });
    if (isOpen) below(row.term.id).catch(() => {});
  };
  const press = (row: TreeRow) => {
    if (row.kind === 'more') below(row.of, row.next).catch(() => {});
    else choose?.(row.term.id);
  };
  const onKey = (event: KeyboardEvent) => {
    const index = rows.findIndex(({ key }) => key === current);
    const row = rows[index];
    if (!row) return;
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(rows[index + 1]),
      ArrowUp: () => go(rows[index - 1]),
      Home: () => go(rows[0]),
      End: () => go(rows.at(-1)),
      ArrowRight: () => (open.has(row.key) ? go(rows[index + 1]) : toggle(row, true)),
      ArrowLeft: () =>
        open.has(row.key)
          ? toggle(row, false)
          : go(rows.find(({ key }) => key === row.key.slice(0, row.key.lastIndexOf('/')))),
      Enter: () => press(row),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };
  if (failed && rows.length === 0) return <p className="or warn">{text('terms.failed')}</p>;
  if (branches.has('') && rows.length === 0)
    return <p className="s m2">{text('terms.notInstalled', { vocabulary })}</p>;
  return (
    <div ref={list} role="tree" className="termtree" aria-label={text('terms.tree', { vocabulary })} onKeyDown={onKey}>
      {rows.map((row) => {
        const isTerm = row.kind === 'term';
        return (
          // Keys are handled by the tree as a whole.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={row.key}
            role="treeitem"
            aria-level={row.level}
            aria-selected={row.key === current}
            aria-expanded={isTerm && row.term.hasBelow ? open.has(row.key) : undefined}
            tabIndex={row.key === current ? 0 : -1}
            style={{ paddingInlineStart: `${indent(row.level)}px` }}
            onClick={() => {
              go(row);
              if (!isTerm) press(row);
            }}
            onDoubleClick={() => press(row)}
          >
            {isTerm && row.term.hasBelow ? (
              <button
                type="button"
                className={`twist ${open.has(row.key) ? 'open' : ''}`}
                tabIndex={-1}
                aria-hidden="true"
                onClick={(event) => {
                  event.stopPropagation();
                  go(row);
                  toggle(row, !open.has(row.key));
                }}
              >
                <Icon name="chevron" />
              </button>
            ) : (
              <span className="twist" />
            )}
            {isTerm ? (
              <>
                <span className="grow">{row.term.label}</span>
                <span className="mono xs m3">{row.term.id}</span>
              </>
            ) : (
              <span className="m2">{text('terms.more')}</span>
            )}
          </div>
        );
      })}
    </div>
  );
}
