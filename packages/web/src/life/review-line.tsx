import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { Icon } from '../app/icons.tsx';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import type { Review } from './review-answer.ts';

/** Where the draft stands with curators; asked for again now and then, for they may take it on meanwhile. */
export function useReview(draft: string): Review | undefined {
  return useAnswer({
    queryKey: ['review', draft],
    queryFn: () => api.call(routes.getReview, { params: { draft } }),
    refetchInterval: 30_000,
  }).data;
}

/** Can nothing in the draft be changed by who looks at it, because curators have it, or have approved it? */
export function isHeld(review: Review | undefined): boolean {
  return review !== undefined && ['submitted', 'in_review', 'approved'].includes(review.state) && !review.mayEdit;
}

/** Says above the form of a draft that curators have it, or what they want. */
export function ReviewLine({ draft, review }: { draft: string; review: Review | undefined }): JSX.Element | null {
  const text = useText();
  if (!review || review.state === 'editing') return null;
  const said = review.mayEdit
    ? text('life.writesInPlace')
    : review.state === 'approved'
      ? text('life.isApproved')
      : text(review.state === 'changes_requested' ? 'life.changesWanted' : 'life.withCurators');
  return (
    <p className={review.state === 'changes_requested' ? 'finding warn' : 'finding info'} role="status">
      <Icon name="info" />
      <span>
        {said}{' '}
        <Link className="l" to={`/review/${draft}`}>
          {text('life.toReview')}
        </Link>
      </span>
    </p>
  );
}
