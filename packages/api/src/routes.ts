import { peopleRoutes } from './routes/people.ts';
import { promotionRoutes } from './routes/promotion.ts';
import { privateLinkRoutes } from './routes/private-link.ts';
import { reviewRoutes } from './routes/review.ts';
import { adminRoutes } from './routes/admin.ts';
import { assessmentRoutes } from './routes/assessment.ts';
import { accountRoutes } from './routes/account.ts';
import { doiRoutes } from './routes/doi.ts';
import { challengeRoutes } from './routes/challenge.ts';
import { additionRoutes } from './routes/addition.ts';
import { collectionRoutes } from './routes/collection.ts';
import { communityRoutes } from './routes/community.ts';
import { descriptionRoutes } from './routes/description.ts';
import { draftRoutes } from './routes/draft.ts';
import { sqlRoutes } from './routes/sql.ts';
import { savedQueryRoutes } from './routes/saved-query.ts';
import { exploreRoutes } from './routes/explore.ts';
import { importRoutes } from './routes/import.ts';
import { lifeRoutes } from './routes/life.ts';
import { imageRoutes } from './routes/image.ts';
import { planRoutes } from './routes/plan.ts';
import { notebookRoutes } from './routes/notebook.ts';
import { noticeRoutes } from './routes/notice.ts';
import { changeRoutes } from './routes/change.ts';
import { accessRoutes } from './routes/access.ts';
import { questionRoutes } from './routes/question.ts';
import { referenceRoutes } from './routes/references.ts';
import { requestRoutes } from './routes/request.ts';
import { quotaRoutes } from './routes/quota.ts';
import { reuseRoutes } from './routes/reuse.ts';
import { transferRoutes } from './routes/transfer.ts';
import { usageRoutes } from './routes/usage.ts';
import { serviceRoutes } from './routes/service.ts';
import { similarRoutes } from './routes/similar.ts';
import { trainingRoutes } from './routes/training.ts';
import { studyRoutes } from './routes/study.ts';
import { vocabularyRoutes } from './routes/vocabulary.ts';
import { webhookRoutes } from './routes/webhook.ts';

export { searchQuery } from './routes/study.ts';

/** The table as one type by the names of its parts: written out it is longer than the compiler writes. */
type AllRoutes = typeof serviceRoutes &
  typeof accountRoutes &
  typeof studyRoutes &
  typeof challengeRoutes &
  typeof similarRoutes &
  typeof trainingRoutes &
  typeof exploreRoutes &
  typeof sqlRoutes &
  typeof savedQueryRoutes &
  typeof imageRoutes &
  typeof notebookRoutes &
  typeof draftRoutes &
  typeof importRoutes &
  typeof referenceRoutes &
  typeof vocabularyRoutes &
  typeof descriptionRoutes &
  typeof adminRoutes &
  typeof peopleRoutes &
  typeof reviewRoutes &
  typeof lifeRoutes &
  typeof promotionRoutes &
  typeof privateLinkRoutes &
  typeof doiRoutes &
  typeof usageRoutes &
  typeof assessmentRoutes &
  typeof noticeRoutes &
  typeof changeRoutes &
  typeof accessRoutes &
  typeof questionRoutes &
  typeof requestRoutes &
  typeof reuseRoutes &
  typeof transferRoutes &
  typeof collectionRoutes &
  typeof communityRoutes &
  typeof additionRoutes &
  typeof planRoutes &
  typeof quotaRoutes &
  typeof webhookRoutes;

/** All paths of the REST interface, below `/api/v1`. Server, client and documentation are made from this table. */
export const routes: AllRoutes = {
  ...serviceRoutes,
  ...accountRoutes,
  ...studyRoutes,
  ...challengeRoutes,
  ...similarRoutes,
  ...trainingRoutes,
  ...exploreRoutes,
  ...sqlRoutes,
  ...savedQueryRoutes,
  ...imageRoutes,
  ...notebookRoutes,
  ...draftRoutes,
  ...importRoutes,
  ...referenceRoutes,
  ...vocabularyRoutes,
  ...descriptionRoutes,
  ...adminRoutes,
  ...peopleRoutes,
  ...reviewRoutes,
  ...lifeRoutes,
  ...promotionRoutes,
  ...privateLinkRoutes,
  ...doiRoutes,
  ...usageRoutes,
  ...assessmentRoutes,
  ...noticeRoutes,
  ...changeRoutes,
  ...accessRoutes,
  ...questionRoutes,
  ...requestRoutes,
  ...reuseRoutes,
  ...transferRoutes,
  ...collectionRoutes,
  ...communityRoutes,
  ...additionRoutes,
  ...planRoutes,
  ...quotaRoutes,
  ...webhookRoutes,
};

/** Where the interface lies on a server. */
export const apiBase = '/api/v1';
