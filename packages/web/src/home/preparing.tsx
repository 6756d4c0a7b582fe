import { type JSX, useEffect } from 'react';
import { api, routes } from '../app/api.ts';
import { answers, useAnswer } from '../app/answers.ts';
import { type MessageKey, useText } from '../messages/text.ts';

type Prepared = 'database' | 'web bundle' | 'demonstration study';

const names: Record<Prepared, MessageKey> = {
  database: 'preparing.database',
  'web bundle': 'preparing.webBundle',
  'demonstration study': 'preparing.demonstration',
};

/** While the server is still making something after its start, says what and how far. */
export function Preparing(): JSX.Element | null {
  const text = useText();
  const status = useAnswer({
    queryKey: ['status'],
    queryFn: () => api.call(routes.status, {}),
    refetchInterval: (query) => (query.state.data?.state === 'ready' ? false : 2000),
    staleTime: 0,
  });
  const left = status.data?.state === 'preparing' ? status.data.preparing : [];
  const wasBusy = left.length > 0;
  // When the last thing is ready, the lists of the page have new content.
  useEffect(() => {
    if (!wasBusy) return;
    return () => void answers.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'status' });
  }, [wasBusy]);
  if (left.length === 0) return null;
  return (
    <div className="preparing" role="status">
      <p className="s m2">{text('preparing.title')}</p>
      {left.map(({ what, progress }) => (
        <div key={what} className="s">
          <span>{text(names[what])}</span>
          <div
            className="meter"
            role="progressbar"
            aria-label={text(names[what])}
            aria-valuenow={Math.round(progress * 100)}
          >
            <i style={{ width: `${progress * 100}%` }} />
          </div>
        </div>
      ))}
    </div>
  );
}
