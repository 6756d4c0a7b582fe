import { routes } from '@micrarium/api';
import { can, demand } from '@micrarium/repository';
import { RateLimit } from '../auth/rate-limit.ts';
import { authoredStudy, titleOf } from '../questions/authors.ts';
import type { Reader } from '../questions/questions.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import { type HttpContext, remoteAddress } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { inPerson, limiter } from './people-routes.ts';
import { Problem } from './problems.ts';
import { mounted, originOf } from './route.ts';
import { versionFor } from './study-access.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** Who looks at what readers say of a study. @throws Problem `not-found` where there is no such study */
export async function readerOf(
  c: HttpContext,
  services: Services,
  accession: string,
): Promise<{ reader: Reader; version: number }> {
  const { version } = await versionFor(c, services, accession, 'newest');
  const { subject } = c.var;
  const isAuthor = can(subject, 'study.answer', await authoredStudy(services.db, accession, subject));
  const userId = subject.kind === 'user' || subject.kind === 'token' ? subject.userId : undefined;
  return { reader: { isAuthor, ...(userId === undefined ? {} : { userId }) }, version };
}

/** Goes on for those who answer for the study, with a session. @throws Problem */
export async function demandAuthor(c: HttpContext, services: Services, accession: string): Promise<Reader> {
  signedIn(c);
  const { reader } = await readerOf(c, services, accession);
  demand(c.var.subject, 'study.answer', await authoredStudy(services.db, accession, c.var.subject));
  return reader;
}

/** @throws Problem that says when to come back */
export function tooMany(seconds: number): never {
  throw new Problem('too-many-tries', `Try again in ${Math.ceil(seconds / 60)} minutes.`, {
    headers: { 'retry-after': String(seconds) },
  });
}

/** Questions to the authors of a study. */
export function questionRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const limitOpening = limiter(20);
  const perAddress = new RateLimit([
    { milliseconds: 3_600_000, tries: 5 },
    { milliseconds: 86_400_000, tries: 20 },
  ]);
  const pageOf = (c: HttpContext, accession: string) =>
    `${originOf(c, kernel.config.publicUrl)}/questions/${accession}`;

  app.openapi(mounted(routes.listQuestions), async (c) => {
    const { accession } = c.req.valid('param');
    const { reader } = await readerOf(c, services(), accession);
    const { questions, notices, db } = services();
    const answer = {
      accession,
      title: await titleOf(db, accession),
      questions: await questions.list(accession, reader),
      isAuthor: reader.isAuthor,
      visitorsAsk: notices.sendsMail,
    };
    return c.json(answer, 200, unstored);
  });

  app.openapi(mounted(routes.askQuestion), async (c) => {
    const { accession } = c.req.valid('param');
    const { version } = await versionFor(c, services(), accession, 'newest');
    const { text, agrees: askerAgrees, name, email } = c.req.valid('json');
    const { questions, notices } = services();
    const question = { accession, version, text, askerAgrees };
    if (c.var.caller) {
      const id = inPerson(c);
      const wait = await questions.waitOf({ userId: id });
      if (wait > 0) tooMany(wait);
      await questions.ask({ ...question, asker: { id, name: c.var.caller.user.name } });
      return c.json({ state: 'sent' as const }, 201, unstored);
    }
    if (!notices.sendsMail)
      throw new Problem('state-conflict', 'This installation sends no mail: sign in to ask the authors.');
    if (name === undefined || email === undefined)
      throw new Problem('request-invalid', 'Say your name and an e-mail address, or sign in.');
    const address = email.toLowerCase();
    const wait = Math.max(perAddress.take(remoteAddress(c)), await questions.waitOf({ email: address }));
    if (wait > 0) tooMany(wait);
    await questions.askByMail({ ...question, name, email: address }, pageOf(c, accession));
    return c.json({ state: 'to-confirm' as const }, 201, unstored);
  });

  app.openapi(mounted(routes.openQuestion), async (c) => {
    limitOpening(remoteAddress(c));
    const { token, agrees } = c.req.valid('json');
    const question = await services().questions.open(token, agrees);
    if (!question) throw new Problem('welcome-gone', 'The question was taken away, or the link is incomplete.');
    await services().keepNotes();
    return c.json(question, 200, unstored);
  });

  app.openapi(mounted(routes.answerQuestion), async (c) => {
    const { accession, id } = c.req.valid('param');
    await demandAuthor(c, services(), accession);
    const { text, agrees: authorAgrees } = c.req.valid('json');
    const { id: by, name } = signedIn(c).caller.user;
    const answer = { text, authorAgrees, by: { id: by, name } };
    if (!(await services().questions.answer(accession, id, answer, pageOf(c, accession))))
      throw new Problem('not-found');
    await services().keepNotes();
    return c.body(null, 204);
  });

  app.openapi(mounted(routes.agreeToQuestion), async (c) => {
    const { accession, id } = c.req.valid('param');
    inPerson(c);
    const { reader } = await readerOf(c, services(), accession);
    if (!(await services().questions.agree(accession, id, reader, c.req.valid('json').agrees)))
      throw new Problem('not-found');
    await services().keepNotes();
    return c.body(null, 204);
  });

  app.openapi(mounted(routes.removeQuestion), async (c) => {
    const { accession, id } = c.req.valid('param');
    inPerson(c);
    const { reader } = await readerOf(c, services(), accession);
    const isCurator = can(c.var.subject, 'study.curate', { kind: 'study', accession });
    if (!(await services().questions.remove(accession, id, { ...reader, isAuthor: reader.isAuthor || isCurator })))
      throw new Problem('not-found');
    await services().keepNotes();
    return c.body(null, 204);
  });
}
