import { type InsideNode, membersAtOnce } from '@micrarium/formats';
import { type JSX, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { Icon, type IconName } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { kindWords, writtenShape } from './inside-details.tsx';
import type { OpenedInside } from './inside-view.tsx';
import { foldersAbove, stepInTree } from './tree-keys.ts';

interface Props extends OpenedInside {
  at: string;
  go: (path: string) => void;
}

const icons: Record<InsideNode['kind'], IconName> = {
  group: 'list',
  array: 'wall',
  table: 'table',
  type: 'code',
  link: 'link',
  unreadable: 'bad',
};

/**
 * The tree, read a branch at a time. Keys as in any tree: arrows up and down walk, right opens, left closes or goes up,
 * Home and End go to the ends, Enter chooses.
 */
export function InsideTree({ file, fileKey, at, go }: Props): JSX.Element {
  const text = useText();
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(['/', ...foldersAbove(at)]));
  const [focused, setFocused] = useState(at);
  const setOpened = (path: string, isOpen: boolean) => {
    const next = new Set(open);
    if (isOpen) next.add(path);
    else next.delete(path);
    setOpen(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>) => {
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="treeitem"]')];
    const step = stepInTree(event.key, rows, document.activeElement);
    if (!step) return;
    event.preventDefault();
    if (step.open !== undefined) setOpened(step.open, true);
    if (step.close !== undefined) setOpened(step.close, false);
    step.focus?.focus();
  };
  const root: InsideNode = { path: '/', name: '/', kind: 'group' };
  return (
    <ul role="tree" className="inside-tree" aria-label={text('inside.tree')} onKeyDown={onKeyDown}>
      <Branch {...{ file, fileKey, at, go, open, setOpened, focused, setFocused }} node={root} level={1} />
    </ul>
  );
}

interface BranchProps extends Props {
  node: InsideNode;
  level: number;
  open: ReadonlySet<string>;
  setOpened: (path: string, isOpen: boolean) => void;
  focused: string;
  setFocused: (path: string) => void;
}

function Branch(props: BranchProps): JSX.Element {
  const text = useText();
  const { node, level, at, go, open, setOpened, focused, setFocused } = props;
  const isGroup = node.kind === 'group';
  const isOpen = isGroup && open.has(node.path);
  const row = useRef<HTMLDivElement>(null);
  const isChosen = at === node.path;
  // The address may name something far down.
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  const choose = () => {
    setFocused(node.path);
    go(node.path);
    if (isGroup && !isOpen) setOpened(node.path, true);
  };
  return (
    <li role="none">
      <div
        ref={row}
        role="treeitem"
        className="inside-row"
        aria-level={level}
        aria-selected={isChosen}
        {...(isGroup ? { 'aria-expanded': isOpen } : {})}
        data-path={node.path}
        tabIndex={focused === node.path ? 0 : -1}
        style={{ paddingInlineStart: (level - 1) * 16 }}
        onClick={choose}
        onFocus={() => setFocused(node.path)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          choose();
        }}
      >
        {isGroup ? (
          // The row's own key and click open as well; this is a place for the pointer.
          <span
            className={`inside-fold ${isOpen ? 'on' : ''}`}
            aria-hidden="true"
            onClick={(event) => {
              event.stopPropagation();
              setOpened(node.path, !isOpen);
            }}
          >
            <Icon name="chevron" />
          </span>
        ) : (
          <span className="inside-fold" aria-hidden="true" />
        )}
        <Icon name={icons[node.kind]} />
        <span className="inside-name">
          {node.name}
          <span className="sr">{`, ${text(kindWords[node.kind])}`}</span>
        </span>
        <span className="xs m2 nw">{sideWords(node)}</span>
      </div>
      {isOpen ? <Members {...props} /> : null}
    </li>
  );
}

function sideWords({ shape, note }: InsideNode): string {
  if (shape !== undefined) return shape.length === 0 ? '' : writtenShape(shape);
  return note === undefined ? '' : `→ ${note}`;
}

/** Members of an open group, some hundred at a time. */
function Members(props: BranchProps): JSX.Element {
  const text = useText();
  const { file, fileKey, node, level, focused, setFocused } = props;
  const [most, setMost] = useState(membersAtOnce);
  const answer = useAnswer({
    queryKey: ['inside', fileKey, 'members', node.path, most],
    queryFn: ({ signal }) => file.members(node.path, 0, most, signal),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  });
  const left = (answer.data?.total ?? 0) - (answer.data?.nodes.length ?? 0);
  const morePath = `${node.path}\0more`;
  const indent = { paddingInlineStart: level * 16 + 20 };
  return (
    <ul role="group" className="inside-group">
      {answer.error ? (
        <li role="none" className="s problem" style={indent}>
          {answer.error.message}
        </li>
      ) : null}
      {answer.isLoading ? (
        <li role="none" className="s m2" style={indent}>
          {text('inside.reading')}
        </li>
      ) : null}
      {answer.data?.total === 0 ? (
        <li role="none" className="s m2" style={indent}>
          {text('inside.empty')}
        </li>
      ) : null}
      {answer.data?.nodes.map((member) => (
        <Branch key={member.path} {...props} node={member} level={level + 1} />
      ))}
      {left > 0 ? (
        <li role="none">
          <div
            role="treeitem"
            className="inside-row more"
            aria-level={level + 1}
            aria-selected={false}
            tabIndex={focused === morePath ? 0 : -1}
            style={indent}
            onFocus={() => setFocused(morePath)}
            onClick={() => setMost(most + 5 * membersAtOnce)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              setMost(most + 5 * membersAtOnce);
            }}
          >
            {text('inside.more', { count: left })}
          </div>
        </li>
      ) : null}
    </ul>
  );
}
