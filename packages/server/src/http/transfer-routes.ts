import { routes } from '@micrarium/api';
import { can } from '@micrarium/repository';
import { depositorOf, titleOf } from '../questions/authors.ts';
import { acceptTransfer, closeOffer, offerTransfer, openOffer } from '../states/transfers.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Services } from './kernel.ts';
import { inPerson, limiter } from './people-routes.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** A study goes to a new owner, who accepts it. */
export function transferRoutes(app: Application, services: () => Services): void {
  const limitTries = limiter(10);

  /** What the sender has to do with the ownership of a study. @throws Problem where that is nothing */
  const standing = async (c: HttpContext, accession: string) => {
    const userId = inPerson(c);
    const { db, studies, accounts } = services();
    const ownerId = await depositorOf(db, accession);
    const isThere = await db
      .selectFrom('study')
      .select('accession')
      .where('accession', '=', accession)
      .executeTakeFirst();
    const canOffer =
      isThere !== undefined && can(c.var.subject, 'study.transfer', { kind: 'study', accession, ownerId });
    const offer = isThere && (await openOffer(db, accession));
    const isMine = offer?.toUser === userId;
    if (!canOffer && !isMine) {
      // That there is a draft is nobody else's business.
      const isPublic = (await studies.getVersion(accession, 'newest')) !== undefined;
      throw isPublic
        ? new Problem('not-allowed', 'This is for the owner of the study and whom it is offered to.')
        : new Problem('not-found');
    }
    const owner = ownerId === undefined ? '' : ((await accounts.byId(ownerId))?.name ?? '');
    return { ownerId, owner, canOffer, offer, isMine };
  };

  const answer = async (c: HttpContext, accession: string) => {
    const { owner, canOffer, offer, isMine } = await standing(c, accession);
    const title = await titleOf(services().db, accession);
    if (!offer) return { accession, title, owner, canOffer };
    const { toUser: _toUser, ...shown } = offer;
    return { accession, title, owner, canOffer, offer: { ...shown, isMine } };
  };

  /**
   * Files that are given on request are read by their owner: owning them must not be a way around a decision, nor must the day for which
   * they are opened in an emergency. @throws Problem
   */
  const demandReader = async (accession: string, userId: string): Promise<void> => {
    const { states, access } = services();
    if ((await states.of(accession)).state !== 'controlled') return;
    const requests = await access.list(accession, userId);
    if (requests.some(({ kind, state }) => kind === 'request' && state === 'granted')) return;
    throw new Problem(
      'state-conflict',
      'The files of this study are given on request: its new owner must first be granted access to them.',
    );
  };

  const openAccount = async (email: string): Promise<string | undefined> => {
    const other = await services().accounts.byEmail(email);
    if (!other) return undefined;
    const row = await services()
      .db.selectFrom('auth_user')
      .select('id')
      .where('id', '=', other.id)
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
    return row?.id;
  };

  app.openapi(mounted(routes.getTransfer), async (c) =>
    c.json(await answer(c, c.req.valid('param').accession), 200, unstored),
  );

  app.openapi(mounted(routes.offerTransfer), async (c) => {
    const { accession } = c.req.valid('param');
    const { canOffer, ownerId } = await standing(c, accession);
    const { caller } = signedIn(c);
    if (!canOffer) throw new Problem('not-allowed', 'Only its owner may offer a study.');
    limitTries(caller.user.id);
    const { email, text, keepsEditing } = c.req.valid('json');
    const other = await openAccount(email);
    if (!other) throw new Problem('not-found', 'Nobody here has this address. Ask the owner for an invitation.');
    if (other === ownerId) throw new Problem('state-conflict', 'The study is theirs already.');
    await demandReader(accession, other);
    const offer = { toUser: other, text, keepsEditing };
    if (!(await offerTransfer(services(), accession, offer, caller.user)))
      throw new Problem('state-conflict', 'The study is offered to somebody already. Withdraw that offer first.');
    return c.json(await answer(c, accession), 201, unstored);
  });

  app.openapi(mounted(routes.answerTransfer), async (c) => {
    const { accession, id } = c.req.valid('param');
    const { canOffer, isMine, offer } = await standing(c, accession);
    if (offer?.id !== id) throw new Problem('not-found', 'This offer is not open any more.');
    const { state } = c.req.valid('json');
    if (state === 'withdrawn' ? !canOffer : !isMine)
      throw new Problem('not-allowed', 'Whom it is offered to accepts or declines; who offers it withdraws.');
    const { user } = signedIn(c).caller;
    if (state === 'accepted') await demandReader(accession, user.id);
    const isDone =
      state === 'accepted'
        ? await acceptTransfer(services(), accession, id, user)
        : await closeOffer(services(), accession, id, state, user);
    if (!isDone) throw new Problem('not-found', 'This offer is not open any more.');
    return c.body(null, 204);
  });
}
