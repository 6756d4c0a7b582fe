import { chosenNoticeKinds, routes, unchosenWay } from '@micrarium/api';
import { discardDraft } from '@micrarium/repository';
import { eraseAccount } from '../auth/erase-account.ts';
import { makeReset, useReset } from '../auth/password-reset.ts';
import { mailOf } from '../notices/mail-words.ts';
import { signedIn } from './account-routes.ts';
import { operator } from './admin-routes.ts';
import type { Application } from './app.ts';
import { remoteAddress } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { inPerson, limiter } from './people-routes.ts';
import { Problem } from './problems.ts';
import { mounted, originOf } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** What people are told, by page and mail. */
export function noticeRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const choicesOf = async (userId: string) => {
    const { notices } = services();
    const chosen = await notices.choices(userId);
    const choices = chosenNoticeKinds.map((kind) => ({ kind, choice: chosen.get(kind) ?? unchosenWay(kind) }));
    return { choices, sendsMail: notices.sendsMail };
  };
  app.openapi(mounted(routes.listNotices), async (c) => {
    const userId = inPerson(c);
    const { before, limit = 50 } = c.req.valid('query');
    const { notices } = services();
    const list = await notices.list(userId, limit, before);
    const next = limit > 0 && list.length === limit ? list.at(-1)!.id : null;
    return c.json({ notices: list, unread: await notices.unread(userId), before: next }, 200, unstored);
  });
  app.openapi(mounted(routes.readNotices), async (c) => {
    const userId = inPerson(c);
    const { ids, isRead } = c.req.valid('json');
    await services().notices.mark(userId, isRead, ids);
    return c.body(null, 204);
  });
  app.openapi(mounted(routes.getNoticeChoices), async (c) => c.json(await choicesOf(inPerson(c)), 200, unstored));
  app.openapi(mounted(routes.chooseNotices), async (c) => {
    const userId = inPerson(c);
    const { kind, choice } = c.req.valid('json');
    await services().notices.choose(userId, kind, choice);
    return c.json(await choicesOf(userId), 200, unstored);
  });
  mailRoutes(app, kernel, services);
}

/** Passwords that were forgotten, and how the mail goes. */
function mailRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const limitAddress = limiter(5);
  const limitAccount = limiter(2);
  const limitSetting = limiter(10);
  app.openapi(mounted(routes.askPasswordReset), async (c) => {
    const { notices, accounts, db } = services();
    if (!notices.sendsMail)
      throw new Problem('state-conflict', 'This installation sends no mail. Ask its owner for a new invitation.');
    limitAddress(remoteAddress(c));
    const email = c.req.valid('json').email.toLowerCase();
    limitAccount(email);
    const user = await accounts.byEmail(email);
    if (user && (await accounts.hasPassword(user.id))) {
      const secret = await makeReset(db, user.id);
      // Behind `#`: it never reaches a log.
      const link = `${originOf(c, kernel.config.publicUrl)}/new-password#token=${secret}`;
      await notices.send(user.email, mailOf('password-reset', {}, link));
    }
    return c.json({ asked: true as const }, 202, unstored);
  });
  app.openapi(mounted(routes.resetPassword), async (c) => {
    limitSetting(remoteAddress(c));
    const { accounts, db, notices } = services();
    const { token, password } = c.req.valid('json');
    await accounts.demandUncommon(password);
    if (!(await useReset(db, notices, token, await accounts.passwordHash(password))))
      throw new Problem('welcome-gone', 'Ask for another link on the page to sign in.');
    return c.body(null, 204);
  });
  app.openapi(mounted(routes.eraseMe), async (c) => {
    const userId = inPerson(c);
    limitSetting(userId);
    const { accounts, db, studies } = services();
    const { email, password } = c.req.valid('json');
    const isMine = email.trim().toLowerCase() === signedIn(c).caller.user.email.toLowerCase();
    const isProved = !(await accounts.hasPassword(userId)) || (await accounts.isPassword(userId, password ?? ''));
    if (!isMine || !isProved)
      throw new Problem('state-conflict', 'Type the address and the password of this account to erase it.');
    if (!(await eraseAccount(db, userId)))
      throw new Problem(
        'state-conflict',
        'This is the only owner of the installation. Make somebody else owner first.',
      );
    for (;;) {
      const drafts = (await studies.listDrafts(userId, { limit: 100 })).filter(({ state }) => state === 'editing');
      if (drafts.length === 0) break;
      for (const { id } of drafts) await discardDraft(services(), id);
    }
    return c.body(null, 204);
  });
  app.openapi(mounted(routes.getMail), async (c) => {
    operator(c);
    return c.json(await services().outbox.state(), 200, unstored);
  });
  app.openapi(mounted(routes.tryMail), async (c) => {
    operator(c);
    const { notices, outbox } = services();
    if (!notices.sendsMail) throw new Problem('state-conflict', 'Name a mail server in MICRARIUM_SMTP_URL first.');
    const home = originOf(c, kernel.config.publicUrl);
    await notices.send(signedIn(c).caller.user.email, mailOf('trial', {}, `${home}/admin`));
    // The page looks again in a moment: no request waits for a mail server.
    void outbox.drain().catch((fault: unknown) => kernel.noteFault(fault, 'mail'));
    return c.json(await outbox.state(), 202, unstored);
  });
}
