import { routes } from '@micrarium/api';
import { z } from 'zod';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import { type HttpContext, remoteAddress } from './context.ts';
import type { Services } from './kernel.ts';
import { inPerson, limiter } from './people-routes.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const made = z.strictObject({
  response: z.record(z.string(), z.unknown()),
  name: z.string().trim().max(100).default(''),
});
const used = z.strictObject({ response: z.record(z.string(), z.unknown()) });

/** Body of a request whose form the browser's standard sets. @throws Problem */
async function bodyOf<Schema extends z.ZodType>(c: HttpContext, schema: Schema): Promise<z.output<Schema>> {
  const read = schema.safeParse(await c.req.json().catch(() => undefined));
  if (!read.success) throw new Problem('request-invalid', 'Send what the browser made of the options, as JSON.');
  return read.data;
}

/** Signing in with a passkey, which takes the place of password and code; making and removing one. */
export function passkeyRoutes(app: Application, services: () => Services): void {
  const limitAddress = limiter(30);

  app.get('/api/auth/passkey/register', async (c) => {
    inPerson(c);
    limitAddress(remoteAddress(c));
    const answer = await services().accounts.passkeys.begin(c.req.raw.headers);
    if (!answer.ok) throw new Problem('not-allowed', 'Sign out and in again first: passkeys are made soon after.');
    return answer;
  });

  app.post('/api/auth/passkey/register', async (c) => {
    inPerson(c);
    limitAddress(remoteAddress(c));
    const read = await bodyOf(c, made);
    const { accounts, notices } = services();
    if (!(await accounts.passkeys.keep(c.req.raw.headers, signedIn(c).caller, read, notices)))
      throw new Problem('state-conflict', 'This passkey does not count. Begin again.');
    return c.body(null, 204);
  });

  app.get('/api/auth/passkey/sign-in', async (c) => {
    limitAddress(remoteAddress(c));
    return await services().accounts.passkeys.beginSignIn(c.req.raw.headers);
  });

  app.post('/api/auth/passkey/sign-in', async (c) => {
    limitAddress(remoteAddress(c));
    const { response } = await bodyOf(c, used);
    const signed = await services().accounts.passkeys.signIn(c.req.raw.headers, response);
    if (!signed) throw new Problem('sign-in-refused', 'This passkey does not count here.');
    for (const cookie of signed.cookies) c.header('set-cookie', cookie, { append: true });
    return c.json({ user: signed.user });
  });

  app.openapi(mounted(routes.listPasskeys), async (c) => {
    const userId = inPerson(c);
    return c.json({ passkeys: await services().accounts.passkeys.of(userId) }, 200, { 'cache-control': 'no-store' });
  });

  app.openapi(mounted(routes.removePasskey), async (c) => {
    inPerson(c);
    const { id } = c.req.valid('param');
    const { accounts, notices } = services();
    if (!(await accounts.passkeys.remove(signedIn(c).caller.user.id, id, notices))) throw new Problem('not-found');
    return c.body(null, 204);
  });
}
