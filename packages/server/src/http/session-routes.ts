import { routes } from '@micrarium/api';
import { exportOwned } from '@micrarium/repository';
import { noteEvent } from '../audit/audit-log.ts';
import { ownedStudies, ownRecords } from '../auth/own-records.ts';
import { makeAddressCheck, useAddressCheck } from '../auth/address-check.ts';
import { endOtherSessions, endSession, sessionsOf } from '../auth/sessions.ts';
import { mailOf } from '../notices/mail-words.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import { remoteAddress } from './context.ts';
import { exportResponse } from './item-data-routes.ts';
import type { Kernel, Services } from './kernel.ts';
import { inPerson, limiter } from './people-routes.ts';
import { Problem } from './problems.ts';
import { mounted, originOf } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };
/** Milliseconds after a sign-in in which a first password can be set without naming one. */
const freshFor = 3_600_000;

/** Devices somebody is signed in on, their password, and the address they are reached at. */
export function sessionRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const limitPassword = limiter(5);

  app.openapi(mounted(routes.exportOwned), async (c) => {
    const ownerId = inPerson(c);
    const { db } = services();
    const [owned, records] = await Promise.all([ownedStudies(db, ownerId), ownRecords(db, ownerId)]);
    await db.transaction().execute((tx) => noteEvent(tx, 'account.export', ownerId, { studies: owned.length }));
    const made = exportOwned(services(), { ownerId, owned, records }, c.req.raw.signal);
    const answer = exportResponse(made, c.req.method === 'HEAD');
    answer.headers.set('cache-control', 'private, no-store');
    return answer as never;
  });
  app.openapi(mounted(routes.listSessions), async (c) => {
    inPerson(c);
    const { user, session } = signedIn(c).caller;
    return c.json({ sessions: await sessionsOf(services().db, user, session?.id) }, 200, unstored);
  });
  app.openapi(mounted(routes.endSession), async (c) => {
    const userId = inPerson(c);
    if (!(await endSession(services().db, userId, c.req.valid('param').id))) throw new Problem('not-found');
    return c.body(null, 204);
  });
  app.openapi(mounted(routes.endOtherSessions), async (c) => {
    const userId = inPerson(c);
    await endOtherSessions(services().db, userId, signedIn(c).caller.session?.id);
    return c.body(null, 204);
  });

  app.openapi(mounted(routes.changePassword), async (c) => {
    const userId = inPerson(c);
    limitPassword(userId);
    const { accounts, notices } = services();
    const { user, session } = signedIn(c).caller;
    const { current, password } = c.req.valid('json');
    if (await accounts.hasPassword(userId)) {
      if (!(await accounts.isPassword(userId, current ?? '')))
        throw new Problem('state-conflict', 'The password so far is another one.');
    } else if (!session || Date.now() - session.begunAt.getTime() > freshFor)
      throw new Problem('state-conflict', 'Sign out and in again first: a first password is set soon after.');
    await accounts.demandUncommon(password, user);
    await accounts.setPassword(userId, password, notices);
    for (const cookie of (await accounts.beginSession(userId, c.req.raw.headers, session?.factor)) ?? [])
      c.header('set-cookie', cookie, { append: true });
    return c.body(null, 204);
  });

  addressRoutes(app, kernel, services);
}

/** Addresses that somebody typed are confirmed by a link that was sent there. */
function addressRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const limitAsking = limiter(2);
  const limitTries = limiter(10);

  app.openapi(mounted(routes.askAddressCheck), async (c) => {
    const userId = inPerson(c);
    const { accounts, db, notices } = services();
    const { email } = signedIn(c).caller.user;
    if (!notices.sendsMail) throw new Problem('state-conflict', 'This installation sends no mail.');
    if (await accounts.isConfirmed(userId)) throw new Problem('state-conflict', 'This address is confirmed already.');
    limitAsking(userId);
    const secret = await makeAddressCheck(db, userId, email);
    // Behind `#`: it never reaches a log.
    const link = `${originOf(c, kernel.config.publicUrl)}/confirm-address#token=${secret}`;
    await notices.send(email, mailOf('address-check', {}, link));
    return c.json({ asked: true as const }, 202, unstored);
  });
  app.openapi(mounted(routes.confirmAddress), async (c) => {
    limitTries(remoteAddress(c));
    if (!(await useAddressCheck(services().db, c.req.valid('json').token)))
      throw new Problem('welcome-gone', 'Ask for another link on your account page.');
    return c.body(null, 204);
  });
}
