import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { z } from 'zod';
import { tracedCall } from '../tracing/tracing.ts';

/** A provider of identities, as the operator named it. */
export interface OidcProvider {
  /** Name in addresses: letters, digits, `-`. */
  id: string;
  /** What the button says. */
  label: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
}

/** The provider said no, or something that does not fit. The message is for the log. */
export class OidcRefused extends Error {
  override readonly name = 'OidcRefused';
}

/** What is kept in the browser between the two halves of a sign-in. */
export interface OidcState {
  provider: string;
  state: string;
  nonce: string;
  verifier: string;
  /** Path to return to. */
  to: string;
  /** Milliseconds; a sign-in takes ten minutes at most. */
  at: number;
}

/** Who somebody is, as a provider vouches for. */
export interface OidcIdentity {
  subject: string;
  name?: string;
  email?: string;
  /** Does the provider vouch that the address is theirs? */
  isConfirmed?: boolean;
  /** Does the provider say that more than one factor was shown (`mfa` of RFC 8176)? */
  hasFactors?: boolean;
}

const metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
});
const keys = z.object({ keys: z.array(z.looseObject({ kid: z.string().optional(), kty: z.string() })) });
const claims = z.looseObject({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  azp: z.string().optional(),
  nonce: z.string().optional(),
  amr: z.array(z.string()).optional(),
  name: z.string().max(200).optional(),
  given_name: z.string().max(200).optional(),
  family_name: z.string().max(200).optional(),
  email: z.string().max(320).optional(),
  email_verified: z.union([z.boolean(), z.enum(['true', 'false'])]).optional(),
});
/** Signature algorithms taken; `none` and those with a shared secret are not. */
const algorithms: Readonly<Record<string, { hash: string; ieee?: true }>> = {
  RS256: { hash: 'sha256' },
  RS384: { hash: 'sha384' },
  RS512: { hash: 'sha512' },
  ES256: { hash: 'sha256', ieee: true },
  ES384: { hash: 'sha384', ieee: true },
};
const most = 1_000_000;

/** Reads JSON of a provider: five seconds, a megabyte, no redirects. @throws OidcRefused */
async function readJson<Schema extends z.ZodType>(
  url: string,
  schema: Schema,
  init: RequestInit = {},
): Promise<z.output<Schema>> {
  try {
    return await tracedCall('sign-in provider', init.method ?? 'GET', async (place, span) => {
      const headers = new Headers(init.headers);
      for (const [name, value] of Object.entries(place)) headers.set(name, value);
      const answer = await fetch(url, { ...init, headers, redirect: 'error', signal: AbortSignal.timeout(5_000) });
      span.add({ 'http.response.status_code': answer.status });
      const text = await answer.text();
      if (!answer.ok || text.length > most) throw new OidcRefused(`${url} answered ${answer.status}`);
      return schema.parse(JSON.parse(text));
    });
  } catch (cause) {
    if (cause instanceof OidcRefused) throw cause;
    throw new OidcRefused(`${url} could not be read`, { cause });
  }
}

const discover = async (provider: OidcProvider) => {
  const found = await readJson(`${provider.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, metadata);
  if (found.issuer.replace(/\/$/, '') !== provider.issuer.replace(/\/$/, ''))
    throw new OidcRefused(`${provider.issuer} calls itself ${found.issuer}`);
  return found;
};

const random = () => randomBytes(32).toString('base64url');

/** Begins a sign-in: where to send the browser, and what it keeps meanwhile (authorization code flow with PKCE). */
export async function beginOidc(
  provider: OidcProvider,
  redirectUri: string,
  to: string,
  now = Date.now(),
): Promise<{ location: string; kept: OidcState }> {
  const { authorization_endpoint } = await discover(provider);
  const kept: OidcState = { provider: provider.id, state: random(), nonce: random(), verifier: random(), to, at: now };
  const location = new URL(authorization_endpoint);
  const query = {
    response_type: 'code',
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    state: kept.state,
    nonce: kept.nonce,
    code_challenge: createHash('sha256').update(kept.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) location.searchParams.set(name, value);
  return { location: location.href, kept };
}

/** Ends a sign-in: exchanges the code and checks the identity token. @throws OidcRefused */
export async function endOidc(
  provider: OidcProvider,
  redirectUri: string,
  kept: OidcState,
  answer: { code: string; state: string },
  now = Date.now(),
): Promise<OidcIdentity> {
  if (answer.state !== kept.state || kept.provider !== provider.id || now - kept.at > 600_000)
    throw new OidcRefused('The answer belongs to no sign-in begun here');
  const found = await discover(provider);
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: answer.code,
    redirect_uri: redirectUri,
    code_verifier: kept.verifier,
    client_id: provider.clientId,
    client_secret: provider.clientSecret,
  });
  const { id_token } = await readJson(found.token_endpoint, z.looseObject({ id_token: z.string() }), {
    method: 'POST',
    body,
  });
  const token = await checkedToken(id_token, found.jwks_uri);
  const audience = [token.aud].flat();
  if (token.iss !== found.issuer) throw new OidcRefused('The token is of another issuer');
  if (!audience.includes(provider.clientId) || (audience.length > 1 && token.azp !== provider.clientId))
    throw new OidcRefused('The token is for another client');
  if (token.exp * 1000 < now - 60_000) throw new OidcRefused('The token has expired');
  if (token.nonce !== kept.nonce) throw new OidcRefused('The token belongs to another sign-in');
  const name = token.name ?? [token.given_name, token.family_name].filter(Boolean).join(' ');
  return {
    subject: token.sub,
    ...(name === '' ? {} : { name }),
    ...(token.amr?.includes('mfa') ? { hasFactors: true } : {}),
    ...(token.email === undefined ? {} : { email: token.email, isConfirmed: String(token.email_verified) === 'true' }),
  };
}

/** The claims of a token whose signature fits a key of the provider. @throws OidcRefused */
async function checkedToken(token: string, jwksUri: string): Promise<z.output<typeof claims>> {
  const parts = token.split('.');
  const [head = '', body = '', signature = ''] = parts;
  const read = (part: string): unknown => {
    try {
      return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    } catch (cause) {
      throw new OidcRefused('The token cannot be read', { cause });
    }
  };
  const header = z.looseObject({ alg: z.string(), kid: z.string().optional() }).safeParse(read(head));
  const algorithm = header.success ? algorithms[header.data.alg] : undefined;
  if (parts.length !== 3 || !header.success || !algorithm)
    throw new OidcRefused('The token is signed in a way that is not taken');
  const { keys: all } = await readJson(jwksUri, keys);
  const { kid } = header.data;
  const fitting = all.filter((key) => kid === undefined || key.kid === kid);
  const isSigned = fitting.some((jwk) => {
    try {
      const key = createPublicKey({ key: jwk as never, format: 'jwk' });
      const options = algorithm.ieee ? { key, dsaEncoding: 'ieee-p1363' as const } : key;
      return verify(algorithm.hash, Buffer.from(`${head}.${body}`), options, Buffer.from(signature, 'base64url'));
    } catch {
      return false;
    }
  });
  if (!isSigned) throw new OidcRefused('The signature of the token fits no key of the provider');
  const found = claims.safeParse(read(body));
  if (!found.success) throw new OidcRefused('The token lacks what an identity needs', { cause: found.error });
  return found.data;
}

/**
 * Providers named in the environment: `MICRARIUM_OIDC_<NAME>_ISSUER`, `_CLIENT_ID`, `_CLIENT_SECRET`, `_LABEL`; for ORCID
 * `MICRARIUM_ORCID_CLIENT_ID` and `MICRARIUM_ORCID_CLIENT_SECRET` are enough.
 * @returns providers that are complete, and for the others what is missing
 */
export function oidcProviders(env: Readonly<Record<string, string | undefined>>): {
  providers: OidcProvider[];
  missing: string[];
} {
  const providers: OidcProvider[] = [];
  const missing: string[] = [];
  const names = new Set(
    Object.keys(env).flatMap((name) => /^MICRARIUM_OIDC_([A-Z0-9]+)_ISSUER$/.exec(name)?.[1] ?? []),
  );
  const add = (id: string, label: string, issuer: string, prefix: string) => {
    const [clientId, clientSecret] = [env[`${prefix}_CLIENT_ID`], env[`${prefix}_CLIENT_SECRET`]];
    if (clientId && clientSecret) providers.push({ id, label, issuer, clientId, clientSecret });
    else missing.push(`${prefix}_CLIENT_ID and ${prefix}_CLIENT_SECRET`);
  };
  if (env['MICRARIUM_ORCID_CLIENT_ID']) add('orcid', 'ORCID', 'https://orcid.org', 'MICRARIUM_ORCID');
  for (const name of names) {
    const prefix = `MICRARIUM_OIDC_${name}`;
    add(name.toLowerCase(), env[`${prefix}_LABEL`] ?? name, env[`${prefix}_ISSUER`]!, prefix);
  }
  return { providers, missing };
}
