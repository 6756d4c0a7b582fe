import { isUnreachable } from '../database/reach.ts';
import { unreachableAnswer, withoutDatabase } from './without-database.ts';
import { OpenAPIHono, type z } from '@hono/zod-openapi';
import { apiBase, pageTokenHeader } from '@micrarium/api';
import { HTTPException } from 'hono/http-exception';
import { actAs, networkOf } from '../audit/acting.ts';
import { requestIdFor, withRequestId } from '../audit/request-id.ts';
import { accessRoutes } from './access-routes.ts';
import { answeredOnce } from './answered-once.ts';
import { accountRoutes } from './account-routes.ts';
import { adminRoutes } from './admin-routes.ts';
import { assessmentRoutes } from './assessment-routes.ts';
import { bagRoute } from './bag-route.ts';
import { type HttpContext, type HttpEnvironment, remoteAddress, subjectOf } from './context.ts';
import { trainingRoutes } from './training-routes.ts';
import { similarRoutes } from './similar-routes.ts';
import { challengeRoutes } from './challenge-routes.ts';
import { discoveryRoutes } from './discovery-routes.ts';
import { documentationRoutes } from './documentation-routes.ts';
import { exploreRoutes } from './explore/explore-routes.ts';
import { sqlRoutes } from './sql/sql-routes.ts';
import { draftFileRoutes } from './draft-file-routes.ts';
import { importRoutes } from './import-routes.ts';
import { draftItemRoutes } from './draft-item-routes.ts';
import { draftRoutes } from './draft-routes.ts';
import { itemDataRoutes } from './item-data-routes.ts';
import { imageRoutes } from './image-routes.ts';
import { doiRoutes } from './doi-routes.ts';
import { filesOnly } from './files-origin.ts';
import { frameRoutes } from './frame/page-frame.ts';
import { signCursors } from './cursors.ts';
import { deprecations } from './deprecations.ts';
import { nextLinks } from './next-links.ts';
import { sessionSecret } from '../auth/secrets.ts';
import { healthRoutes } from './health-routes.ts';
import { integrityPage } from './integrity-page.ts';
import type { Kernel, Services } from './kernel.ts';
import { keptUnderKnownHosts } from './known-host.ts';
import { lifeRoutes } from './life-routes.ts';
import { landingRoutes } from './landing/landing-routes.ts';
import { notebookRoutes } from './notebook-routes.ts';
import { changeRoutes } from './change-routes.ts';
import { noticeRoutes } from './notice-routes.ts';
import { oaiRoutes } from './oai-routes.ts';
import { omeroRoutes } from './omero/omero-routes.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { oidcRoutes } from './oidc-routes.ts';
import { pageRoutes } from './page-routes.ts';
import { planRoutes } from './plan-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { promotionRoutes } from './promotion-routes.ts';
import { quarantineRoutes } from './quarantine-routes.ts';
import { questionRoutes } from './question-routes.ts';
import { referenceRoutes } from './reference-routes.ts';
import { requestRate } from './request-rate.ts';
import { requestRoutes } from './request-routes.ts';
import { additionRoutes } from './addition-routes.ts';
import { collectionRoutes } from './collection-routes.ts';
import { communityRoutes } from './community-routes.ts';
import { quotaRoutes } from './quota-routes.ts';
import { reuseRoutes } from './reuse-routes.ts';
import { transferRoutes } from './transfer-routes.ts';
import { privateLinkRoutes } from './private-link-routes.ts';
import { bearerOfLink, privateLinkPage, privateReading, servicesOfReading } from './private-reading.ts';
import { Problem, problemOf, problemResponse } from './problems.ts';
import { publishRoutes } from './publish-routes.ts';
import { isWrite, jsonBodies, originCheck, readableAddress, securityHeaders } from './security.ts';
import { sendOnRoutes } from './send-on-routes.ts';
import { serviceRoutes } from './service-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { studyLogRoutes } from './study-log-routes.ts';
import { shortLinkRoutes } from './short-links.ts';
import { ssbdRoutes } from './ssbd/ssbd-routes.ts';
import { reviewRoutes } from './review-routes.ts';
import { stateRoutes } from './state-routes.ts';
import { studyGate } from './study-gate.ts';
import { studyRoutes } from './study-routes.ts';
import { descriptionRoutes } from './description-routes.ts';
import { vocabularyRoutes } from './vocabulary-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';
import { countUsage } from './count-usage.ts';
import { tracedRequest } from './traced-request.ts';
import { usageRoutes } from './usage-routes.ts';
import { tusRoutes } from './tus-routes.ts';

/** The application: routes below `/api`, pages everywhere else. Works without a socket. */
export type Application = OpenAPIHono<HttpEnvironment>;

const secondFactorHint =
  'Set up an authenticator app or a passkey on your account page, or sign in again with the one you have; then do it once more.';

/** Did the client go away before it had its answer? */
const isGone = (c: HttpContext) => c.env?.incoming?.destroyed === true || c.req.raw.signal.aborted;

function answerToFault(kernel: Kernel, fault: unknown, c: HttpContext): Response {
  if (fault instanceof HTTPException) {
    const code =
      fault.status === 415 ? 'media-type-refused' : fault.status < 500 ? 'request-invalid' : 'internal-fault';
    return problemResponse(new Problem(code, undefined, { cause: fault }), c.req.path);
  }
  if (isUnreachable(fault)) {
    kernel.noteFault(fault, `${c.req.method} ${c.req.path}`);
    return unreachableAnswer(c, fault);
  }
  const found = problemOf(fault);
  const isForFactor = c.var.isForFactor === true && (found.code === 'not-allowed' || found.code === 'not-found');
  const problem = isForFactor ? new Problem('second-factor-needed', secondFactorHint, { cause: fault }) : found;
  if (problem.code === 'internal-fault' && !isGone(c)) kernel.noteFault(fault, `${c.req.method} ${c.req.path}`);
  return problemResponse(problem, c.req.path);
}

/** What kind of fault an issue of a schema is: our own checks name it. */
function issueKind(issue: z.core.$ZodIssue): string {
  const named: unknown = issue.code === 'custom' ? issue.params?.['kind'] : undefined;
  return typeof named === 'string' ? named : issue.code;
}

/** Makes the application around a kernel. */
export function createApplication(kernel: Kernel): Application {
  const app: Application = new OpenAPIHono<HttpEnvironment>({
    defaultHook: (result) => {
      if (result.success) return;
      const issues = result.error.issues.map((issue) => ({
        code: `request-${issueKind(issue).replaceAll('_', '-')}`,
        severity: 'error' as const,
        message: issue.message,
        where: { field: issue.path.map(String).join('.') },
      }));
      throw new Problem('request-invalid', issues[0]?.message, { issues });
    },
  });
  signCursors(() => sessionSecret(kernel.config));
  const services = (): Services => {
    const ready = kernel.services();
    if (!ready) throw new Problem('preparing', 'The database is being started.', { headers: { 'retry-after': '2' } });
    return servicesOfReading(ready);
  };
  app.onError((fault, c) => answerToFault(kernel, fault, c));
  app.notFound((c) => problemResponse(new Problem('not-found'), c.req.path));
  app.use(async (c, next) => {
    const id = requestIdFor(c.req.header('x-request-id'));
    await withRequestId(id, () => tracedRequest(c, id, next));
    c.res.headers.set('x-request-id', id);
  });
  app.use(async (c, next) => {
    c.set('address', kernel.config.proxies.origin(remoteAddress(c), c.req.header('x-forwarded-for')));
    await next();
  });
  if (kernel.config.publicUrl === undefined) app.use(keptUnderKnownHosts(kernel.config.host));
  app.use(securityHeaders(kernel.config.publicUrl, kernel.config.filesOrigin));
  app.use(filesOnly(kernel.config.filesOrigin));
  healthRoutes(app, kernel);
  app.use(readableAddress);
  app.use(withoutDatabase(kernel));
  app.use('/api/*', originCheck(kernel.config.publicUrl));
  app.use('/api/*', async (c, next) => {
    const { headers } = c.req.raw;
    const isSomebody = headers.has('authorization') || headers.has('cookie');
    // Before the database is there nobody is known: somebody must not be answered as nobody, or an upload would give up.
    const isReady = kernel.services() !== undefined || c.req.path === `${apiBase}/status`;
    const accounts = kernel.services()?.accounts;
    const caller = isSomebody && isReady ? await accounts?.whoAsks(headers) : undefined;
    if (isSomebody && !isReady) services();
    // A token that is not valid is said so, rather than answered as nobody: its owner would look for the fault elsewhere.
    if (headers.has('authorization') && !caller && kernel.services() && bearerOfLink(headers) === undefined)
      throw new Problem('not-signed-in', 'This token is unknown, revoked or expired.');
    // The right one goes with the refusal: whoever signed in before there was such a token has it with the next click.
    if (
      caller?.session &&
      isWrite(c.req.raw) &&
      !accounts!.isPageToken(caller.session.id, headers.get(pageTokenHeader))
    )
      throw new Problem('page-token-wrong', 'Do it once more, or load the page anew; programs send a token.', {
        headers: { 'set-cookie': accounts!.pageTokenCookie(caller.session.id) },
      });
    c.set('caller', caller);
    const lacksFactor = kernel.config.secondFactor === 'required' && caller?.hasFactor === false;
    c.set('lacksFactor', lacksFactor);
    c.set('subject', subjectOf(caller, lacksFactor ? () => c.set('isForFactor', true) : undefined));
    const network = networkOf(remoteAddress(c));
    const acting = {
      actor: caller?.user.id ?? 'visitor',
      via: caller?.via ?? ('visitor' as const),
      ...(network === undefined ? {} : { network }),
    };
    await actAs(acting, next);
  });
  app.use('/api/*', requestRate());
  app.use('/api/*', jsonBodies);
  app.use('/api/*', deprecations());
  app.use('/api/*', nextLinks());
  answeredOnce(app, kernel);
  countUsage(app, kernel);
  privateReading(app, kernel);
  studyGate(app, kernel);
  serviceRoutes(app, kernel, services);
  accountRoutes(app, services);
  studyRoutes(app, kernel, services);
  itemDataRoutes(app, services);
  bagRoute(app, kernel, services);
  imageRoutes(app, services);
  notebookRoutes(app, kernel, services);
  draftRoutes(app, services);
  vocabularyRoutes(app, kernel, services);
  descriptionRoutes(app, services);
  draftFileRoutes(app, services);
  draftItemRoutes(app, services);
  importRoutes(app, kernel, services);
  referenceRoutes(app, services);
  publishRoutes(app, kernel, services);
  tusRoutes(app, kernel, services);
  documentationRoutes(app, kernel);
  discoveryRoutes(app, kernel, services);
  challengeRoutes(app, services);
  similarRoutes(app, services);
  trainingRoutes(app, kernel, services);
  exploreRoutes(app, services);
  sqlRoutes(app, kernel, services);
  ssbdRoutes(app, services);
  omeroRoutes(app, services, kernel.config.publicUrl);
  oaiRoutes(app, kernel, services);
  adminRoutes(app, kernel, services);
  assessmentRoutes(app, kernel, services);
  integrityPage(app, kernel, services);
  peopleRoutes(app, kernel, services);
  stateRoutes(app, services);
  quarantineRoutes(app, services);
  lifeRoutes(app, services);
  reviewRoutes(app, kernel, services);
  promotionRoutes(app, services);
  accessRoutes(app, kernel, services);
  questionRoutes(app, kernel, services);
  requestRoutes(app, services);
  reuseRoutes(app, services);
  transferRoutes(app, services);
  collectionRoutes(app, kernel, services);
  communityRoutes(app, kernel, services);
  additionRoutes(app, kernel, services);
  privateLinkRoutes(app, kernel, services);
  doiRoutes(app, kernel, services);
  usageRoutes(app, kernel, services);
  noticeRoutes(app, kernel, services);
  changeRoutes(app, services);
  planRoutes(app, kernel, services);
  quotaRoutes(app, services);
  webhookRoutes(app, kernel, services);
  sendOnRoutes(app, kernel, services);
  oidcRoutes(app, kernel, services);
  sessionRoutes(app, kernel, services);
  studyLogRoutes(app, services);
  passkeyRoutes(app, services);
  frameRoutes(app);
  privateLinkPage(app, kernel, services);
  landingRoutes(app, kernel, services);
  shortLinkRoutes(app, kernel, services);
  pageRoutes(app, kernel);
  return app;
}
