import { routes } from '@micrarium/api';
import { can, demand } from '@micrarium/repository';
import { identitiesOf, unlinkIdentity } from '../auth/identities.ts';
import { claimInvitation, invite, openInvitations, settleInvitation, takeBackInvitation } from '../auth/invitations.ts';
import { passkeyHost } from '../auth/passkey-host.ts';
import { changePerson, everyAccount } from '../auth/people.ts';
import { RateLimit } from '../auth/rate-limit.ts';
import { forgetFactor, noteFactor } from '../auth/sessions.ts';
import * as sharing from '../auth/sharing.ts';
import { mailOf } from '../notices/mail-words.ts';
import { signedIn } from './account-routes.ts';
import { operator } from './admin-routes.ts';
import type { Application } from './app.ts';
import { type HttpContext, remoteAddress } from './context.ts';
import { draftFor } from './draft-access.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted, originOf } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** Counts tries of one thing by somebody. @throws Problem */
export function limiter(tries: number) {
  const limit = new RateLimit([{ milliseconds: 60_000, tries }]);
  return (key: string) => {
    const wait = limit.take(key);
    if (wait > 0)
      throw new Problem('too-many-tries', `Try again in ${wait} seconds.`, {
        headers: { 'retry-after': String(wait) },
      });
  };
}

/** Somebody with a session: what changes an account or who sees what is never done with a token. @throws Problem */
export function inPerson(c: HttpContext): string {
  const { caller, subject } = signedIn(c);
  if (caller.via !== 'session') throw new Problem('not-allowed', 'This is done with a session, never with a token.');
  demand(subject, 'account.read', { kind: 'account', userId: caller.user.id });
  return caller.user.id;
}

/** People beyond the owner: invitations, roles, second factors, groups, sharing. */
export function peopleRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  invitationRoutes(app, kernel, services);
  secondFactorRoutes(app, kernel, services);
  teamRoutes(app, services);
  sharingRoutes(app, services);
}

function invitationRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const limitTries = limiter(10);
  app.openapi(mounted(routes.listPeople), async (c) => {
    operator(c);
    const { db } = services();
    return c.json({ people: await everyAccount(db), invitations: await openInvitations(db) }, 200, unstored);
  });
  app.openapi(mounted(routes.invite), async (c) => {
    operator(c);
    // A token that makes accounts would be one that mints tokens.
    inPerson(c);
    const { invitation, secret } = await invite(services().db, signedIn(c).caller.user.id, c.req.valid('json'));
    // The secret stands behind `#`: it never reaches a log.
    const { email } = c.req.valid('json');
    const address = email === undefined ? '' : `&email=${encodeURIComponent(email)}`;
    const link = `${originOf(c, kernel.config.publicUrl)}/invitation#token=${secret}${address}`;
    const { notices } = services();
    const isSent = email !== undefined && notices.sendsMail;
    if (isSent) await notices.send(email, mailOf('invitation', {}, link));
    return c.json({ id: invitation.id, link, expiresAt: invitation.expiresAt, isSent }, 201, unstored);
  });
  app.openapi(mounted(routes.takeBackInvitation), async (c) => {
    operator(c);
    if (!(await takeBackInvitation(services().db, c.req.valid('param').id))) throw new Problem('not-found');
    return c.body(null, 204);
  });
  app.openapi(mounted(routes.changePerson), async (c) => {
    operator(c);
    inPerson(c);
    const { accounts, db, notices, secondFactor } = services();
    const { id } = c.req.valid('param');
    const { secondFactor: factor, ...change } = c.req.valid('json');
    if (!(await accounts.byId(id))) throw new Problem('not-found');
    if (!(await changePerson(db, id, change, notices)))
      throw new Problem('state-conflict', 'This is the only owner. Make somebody else owner first.');
    if (factor === 'off') await secondFactor.off(id);
    return c.body(null, 204);
  });
  app.openapi(mounted(routes.acceptInvitation), async (c) => {
    limitTries(remoteAddress(c));
    const { accounts, db } = services();
    const { token, ...account } = c.req.valid('json');
    await accounts.demandUncommon(account.password, account);
    const claimed = await claimInvitation(db, token, account.email);
    if (!claimed) throw new Problem('welcome-gone', 'Ask for a new invitation, or use the address it was made for.');
    try {
      const user = await accounts.create({ ...account, role: claimed.role, isConfirmed: claimed.isForAddress });
      await settleInvitation(db, claimed.id, user.id);
      const signed = await accounts.signIn(account.email, account.password, c.req.raw.headers);
      for (const cookie of signed?.cookies ?? []) c.header('set-cookie', cookie, { append: true });
      return c.json({ user }, 200);
    } catch (fault) {
      await settleInvitation(db, claimed.id);
      throw fault;
    }
  });
}

function secondFactorRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const limitTries = limiter(5);
  app.openapi(mounted(routes.signInWays), (c) =>
    c.json(
      {
        providers: kernel.config.oidc.map(({ id, label }) => ({ id, label })),
        canReset: kernel.config.mail !== undefined,
        passkeyHost: passkeyHost(kernel.config.publicUrl),
      },
      200,
    ),
  );
  app.openapi(mounted(routes.getSecondFactor), async (c) => {
    const userId = inPerson(c);
    const { accounts, db, secondFactor } = services();
    const answer = {
      isOn: await secondFactor.isOn(userId),
      recoveryCodes: await secondFactor.codesLeft(userId),
      identities: await identitiesOf(db, userId),
      hasPassword: await accounts.hasPassword(userId),
      isConfirmed: await accounts.isConfirmed(userId),
    };
    return c.json(answer, 200, unstored);
  });
  app.openapi(mounted(routes.unlinkIdentity), async (c) => {
    const userId = inPerson(c);
    const { db, notices } = services();
    const gone = await unlinkIdentity(db, notices, userId, c.req.valid('param').provider);
    if (gone === false) throw new Problem('not-found');
    if (gone === 'last')
      throw new Problem(
        'state-conflict',
        'Nothing else would be left to sign in with. Set a password or make a passkey first.',
      );
    return c.body(null, 204);
  });
  app.openapi(mounted(routes.beginSecondFactor), async (c) => {
    const userId = inPerson(c);
    const begun = await services().secondFactor.begin(userId);
    if (!begun) throw new Problem('state-conflict', 'There is a second factor already. Switch it off first.');
    const host = new URL(originOf(c, kernel.config.publicUrl)).host;
    const label = encodeURIComponent(`Micrarium ${host}:${signedIn(c).caller.user.email}`);
    const uri = `otpauth://totp/${label}?secret=${begun.key}&issuer=${encodeURIComponent(`Micrarium ${host}`)}`;
    return c.json({ key: begun.key, uri }, 201, unstored);
  });
  app.openapi(mounted(routes.confirmSecondFactor), async (c) => {
    const userId = inPerson(c);
    limitTries(userId);
    const recoveryCodes = await services().secondFactor.confirm(userId, c.req.valid('json').code);
    if (!recoveryCodes)
      throw new Problem('state-conflict', 'This code does not count. Look at the clock of the device.');
    const { session } = signedIn(c).caller;
    if (session) await noteFactor(services().db, session.id, 'code');
    return c.json({ recoveryCodes }, 200, unstored);
  });
  app.openapi(mounted(routes.endSecondFactor), async (c) => {
    const userId = inPerson(c);
    limitTries(userId);
    const { secondFactor } = services();
    if (!(await secondFactor.check(userId, c.req.valid('json').code)))
      throw new Problem('state-conflict', 'This code does not count.');
    await secondFactor.off(userId);
    await forgetFactor(services().db, userId, 'code');
    return c.body(null, 204);
  });
}

function teamRoutes(app: Application, services: () => Services): void {
  const limitTries = limiter(30);
  /** Goes on for who leads a group; curators of the installation manage the members of a community too (section 12). @throws Problem */
  const demandManager = async (c: HttpContext, id: string): Promise<void> => {
    const { db } = services();
    if (await sharing.leads(db, id, inPerson(c))) return;
    const isCurator = can(c.var.subject, 'collection.edit', { kind: 'collection' });
    if (!isCurator || !(await sharing.hasCommunity(db, id))) throw new Problem('not-found');
  };
  app.openapi(mounted(routes.listTeams), async (c) => {
    const userId = inPerson(c);
    return c.json({ teams: await sharing.teamsOf(services().db, userId) }, 200, unstored);
  });
  app.openapi(mounted(routes.makeTeam), async (c) => {
    const userId = inPerson(c);
    limitTries(userId);
    return c.json({ id: await sharing.makeTeam(services().db, userId, c.req.valid('json').name) }, 201, unstored);
  });
  app.openapi(mounted(routes.addTeamMember), async (c) => {
    const userId = inPerson(c);
    limitTries(userId);
    const { db, accounts } = services();
    const { id } = c.req.valid('param');
    await demandManager(c, id);
    const other = await accounts.byEmail(c.req.valid('json').email);
    if (!other) throw new Problem('not-found', 'Nobody here has this address. Ask the owner for an invitation.');
    await sharing.addMember(db, id, other.id);
    return c.body(null, 204);
  });
  app.openapi(mounted(routes.removeTeamMember), async (c) => {
    const userId = inPerson(c);
    const { db } = services();
    const { id, user } = c.req.valid('param');
    const team = await sharing.teamOf(db, id);
    if (!team?.members.some((one) => one.id === user)) throw new Problem('not-found');
    if (user !== userId) await demandManager(c, id);
    await sharing.removeMember(db, id, user);
    return c.body(null, 204);
  });
  app.openapi(mounted(routes.leadTeam), async (c) => {
    limitTries(inPerson(c));
    const { id, user } = c.req.valid('param');
    await demandManager(c, id);
    if (!(await sharing.setLeader(services().db, id, user, c.req.valid('json').leads))) throw new Problem('not-found');
    return c.body(null, 204);
  });
}

function sharingRoutes(app: Application, services: () => Services): void {
  const limitTries = limiter(30);
  app.openapi(mounted(routes.listShares), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    const { accession } = draft;
    return c.json({ accession, shares: await sharing.listShares(services().db, accession) }, 200, unstored);
  });
  app.openapi(mounted(routes.shareDraft), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.share');
    limitTries(draft.ownerId);
    const { db, accounts } = services();
    const { email, group, access } = c.req.valid('json');
    if ((email === undefined) === (group === undefined))
      throw new Problem('request-invalid', 'Name a person by e-mail address, or a group.');
    if (group !== undefined) {
      const mine = await sharing.teamsOf(db, draft.ownerId);
      if (!mine.some((team) => team.id === group)) throw new Problem('not-found', 'You are in no such group.');
      await sharing.share(db, draft.accession, { teamId: group }, access);
    } else {
      const other = await accounts.byEmail(email ?? '');
      if (!other) throw new Problem('not-found', 'Nobody here has this address. Ask the owner for an invitation.');
      if (other.id !== draft.ownerId) await sharing.share(db, draft.accession, { userId: other.id }, access);
    }
    const { accession } = draft;
    return c.json({ accession, shares: await sharing.listShares(db, accession) }, 200, unstored);
  });
  app.openapi(mounted(routes.unshareDraft), async (c) => {
    const { draft: id, id: shareId } = c.req.valid('param');
    const draft = await draftFor(c, services(), id, 'draft.share');
    if (!(await sharing.unshare(services().db, draft.accession, shareId))) throw new Problem('not-found');
    return c.body(null, 204);
  });
}
