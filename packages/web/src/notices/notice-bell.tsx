import '../styles/notices.css';
import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { Icon } from '../app/icons.tsx';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';

/** A bell that counts what was not read; asked for once a minute while the page is seen. */
export function NoticeBell(): JSX.Element {
  const text = useText();
  const { data } = useAnswer({
    queryKey: ['notices', 'unread'],
    queryFn: () => api.call(routes.listNotices, { query: { limit: 0 } }),
    refetchInterval: 60_000,
  });
  const unread = data?.unread ?? 0;
  const label = text('nav.notices', { count: unread });
  return (
    <Link to="/notices" className="bell" aria-label={label} title={label}>
      <Icon name="bell" />
      {unread > 0 ? <span aria-hidden="true">{unread}</span> : null}
    </Link>
  );
}
