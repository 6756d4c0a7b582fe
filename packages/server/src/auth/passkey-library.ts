import { passkey } from '@better-auth/passkey';
import type { BetterAuthPlugin } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { type AuthSettings, makeAuth } from './auth-library.ts';

/** Signing in with a passkey, as a part of the library. @param host name by which the pages are reached */
function passkeys(host: string) {
  return passkey({
    rpID: host,
    rpName: 'Micrarium',
    schema: { passkey: { modelName: 'auth_passkey' } },
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    // A passkey counts for password and code together: the device must have asked for finger, face or PIN.
    registration: {
      afterVerification: ({ verification }) => demandVerified(verification.registrationInfo?.userVerified),
    },
    authentication: {
      afterVerification: ({ verification }) => demandVerified(verification.authenticationInfo.userVerified),
    },
  });
}

/** What is called of it. */
export interface PasskeyCalls {
  generatePasskeyRegistrationOptions(asked: { headers: Headers; query: object; asResponse: true }): Promise<Response>;
  verifyPasskeyRegistration(asked: {
    headers: Headers;
    body: { response: unknown; name: string };
    asResponse: true;
  }): Promise<Response>;
  generatePasskeyAuthenticationOptions(asked: { headers: Headers; asResponse: true }): Promise<Response>;
  verifyPasskeyAuthentication(asked: {
    headers: Headers;
    body: { response: object };
    asResponse: true;
  }): Promise<Response>;
}

function demandVerified(isVerified: boolean | undefined): void {
  if (isVerified !== true) throw new Error('The device did not ask who uses it');
}

/** The library with passkeys: the same accounts and sessions as without. @param host name by which the pages are reached */
export function openPasskeys(
  settings: AuthSettings,
  host: string,
): { calls: PasskeyCalls; missingTables(): Promise<string[]> } {
  // Its types and the library's differ by what may be undefined; `PasskeyCalls` names what of it is called.
  const auth = makeAuth(settings, [passkeys(host) as unknown as BetterAuthPlugin]);
  return {
    calls: auth.api as unknown as PasskeyCalls,
    async missingTables() {
      const { toBeCreated, toBeAdded } = await getMigrations(auth.options);
      return [...toBeCreated, ...toBeAdded].map(({ table, fields }) => `${table}: ${Object.keys(fields).join(', ')}`);
    },
  };
}
