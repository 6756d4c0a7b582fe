import { type BetterAuthPlugin, betterAuth } from 'better-auth';
import type { Database } from '../database/connect.ts';

/** What the library is made for. */
export interface AuthSettings {
  db: Database;
  secret: string;
  /** Is every page reached by https? */
  isSecure: boolean;
}

/** Longest password anybody may have; new ones are shorter (`longestNewPassword` of the interface). */
const longestPassword = 200;

/** A session lasts a week at most, counted from the sign-in. */
const sessionSeconds = 7 * 86_400;

/** Passwords and sessions by better-auth, over our tables. @param plugins its further parts */
export function makeAuth({ db, secret, isSecure }: AuthSettings, plugins: BetterAuthPlugin[] = []) {
  return betterAuth({
    appName: 'Micrarium',
    secret,
    basePath: '/api/auth',
    baseURL: 'http://micrarium.invalid',
    database: { db, type: 'postgres' },
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: longestPassword },
    user: {
      modelName: 'auth_user',
      additionalFields: { role: { type: 'string', required: true, defaultValue: 'member', input: false } },
    },
    // Never made longer by being used: that is noted, and judged, by `Accounts`, which saw every session as used just now where this had renewed it.
    session: { modelName: 'auth_session', expiresIn: sessionSeconds, updateAge: sessionSeconds },
    account: { modelName: 'auth_account' },
    verification: { modelName: 'auth_verification' },
    plugins,
    // Sign-in is limited and the origin of every write checked in front of this (http/security.ts), with the real
    // address of the connection, which this library would take from a header anybody can send.
    rateLimit: { enabled: false },
    advanced: {
      // `__Host-`: a browser takes it by https alone, for the whole of this host and for no other. The library knows `__Secure-` only.
      cookiePrefix: isSecure ? '__Host-micrarium' : 'micrarium',
      useSecureCookies: false,
      disableOriginCheck: true,
      disableCSRFCheck: true,
      ipAddress: { disableIpTracking: true },
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure },
    },
  });
}

/** The library over our tables. */
export type AuthLibrary = ReturnType<typeof makeAuth>;
