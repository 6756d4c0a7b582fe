import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { accountOfIdentity, createForIdentity, linkIdentity } from '../auth/identities.ts';
import { beginOidc, endOidc, OidcRefused, type OidcProvider, type OidcState } from '../auth/oidc.ts';
import { sessionSecret } from '../auth/secrets.ts';
import { sealed, unsealed } from '../auth/totp.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { originOf } from './route.ts';

/** Sign-in by other providers (OpenID Connect): begin, and what the provider sends back. */
export function oidcRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const { config } = kernel;
  const secret = () => sessionSecret(config);
  const isSecure = config.publicUrl?.startsWith('https:') ?? false;
  const cookie = `${isSecure ? '__Host-' : ''}micrarium.oidc`;
  const providerOf = (id: string): OidcProvider => {
    const found = config.oidc.find((one) => one.id === id);
    if (!found) throw new Problem('not-found');
    return found;
  };
  const returnAddress = (c: HttpContext, id: string) => `${originOf(c, config.publicUrl)}/api/auth/oidc/${id}/callback`;

  app.get('/api/auth/oidc/:provider', async (c) => {
    services();
    const provider = providerOf(c.req.param('provider'));
    const asked = c.req.query('to') ?? '';
    const to = /^\/(?![/\\])/.test(asked) ? asked : '/drafts';
    const { location, kept } = await beginOidc(provider, returnAddress(c, provider.id), to).catch(refused());
    setCookie(c, cookie, sealed(Buffer.from(JSON.stringify(kept)), secret()), {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      maxAge: 600,
      secure: isSecure,
    });
    return c.redirect(location);
  });

  app.get('/api/auth/oidc/:provider/callback', async (c) => {
    const provider = providerOf(c.req.param('provider'));
    const kept = readKept(getCookie(c, cookie), secret());
    deleteCookie(c, cookie, { path: '/', secure: isSecure });
    const [code, state] = [c.req.query('code'), c.req.query('state')];
    // Said no at the provider: back to where it began.
    if (!kept || !code || !state) return c.redirect('/sign-in?refused=provider');
    const identity = await endOidc(provider, returnAddress(c, provider.id), kept, { code, state }).catch(refused());
    const { accounts, db, notices } = services();
    const caller = c.var.caller;
    if (caller?.via === 'session') {
      const isLinked = await linkIdentity(
        db,
        caller.user.id,
        { provider: provider.id, subject: identity.subject },
        notices,
      );
      return c.redirect(isLinked ? '/account' : '/account?refused=taken');
    }
    const user =
      (await accountOfIdentity(db, provider.id, identity.subject)) ??
      (config.oidcSignUp ? await createForIdentity(db, accounts, provider.id, identity) : undefined);
    const cookies =
      user && (await accounts.beginSession(user.id, c.req.raw.headers, identity.hasFactors ? 'provider' : undefined));
    if (!cookies) return c.redirect('/sign-in?refused=unknown');
    for (const one of cookies) c.header('set-cookie', one, { append: true });
    return c.redirect(kept.to);
  });
}

function readKept(text: string | undefined, secret: string): OidcState | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(unsealed(text, secret).toString('utf8')) as OidcState;
  } catch {
    return undefined;
  }
}

/** What a provider did wrong is for the operator; who signs in is told that it did not work. */
function refused(): (fault: unknown) => never {
  return (fault) => {
    if (!(fault instanceof OidcRefused)) throw fault;
    throw new Problem(
      'sign-in-refused',
      'The provider could not confirm who you are. Try again, or sign in with your password.',
      {
        cause: fault,
      },
    );
  };
}
