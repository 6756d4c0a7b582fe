import type { JSX, ReactNode } from 'react';

/** Words over a column; `number`: of numbers, which stand on the right, `unseen`: read out only, as over buttons. */
type Head = string | { words: string; as: 'number' | 'unseen' };

/** A table under its heads that scrolls by itself where it is wider than the page. @param props.children its rows */
export function HeadedTable({ heads, children }: { heads: readonly Head[]; children: ReactNode }): JSX.Element {
  return (
    <div className="scrollx">
      <table className="t">
        <thead>
          <tr>
            {heads.map((head) => {
              const { words, as } = typeof head === 'string' ? { words: head, as: 'words' } : head;
              return (
                <th key={words} scope="col" className={as === 'number' ? 'r' : undefined}>
                  {as === 'unseen' ? <span className="sr">{words}</span> : words}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
