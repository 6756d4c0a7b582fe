import { pageTokenHeaders } from '../app/api.ts';
import { refreshSession } from '../app/session.ts';

/** Do browser and address know passkeys? They count for one host only. */
export function knowsPasskeys(host: string | undefined): boolean {
  return (
    host !== undefined &&
    (location.hostname === host || location.hostname.endsWith(`.${host}`)) &&
    typeof PublicKeyCredential !== 'undefined' &&
    'parseCreationOptionsFromJSON' in PublicKeyCredential
  );
}

/** The server did not take a passkey, or the person turned away. */
export class PasskeyRefused extends Error {
  override readonly name = 'PasskeyRefused';
}

async function ask<Answer>(path: string): Promise<Answer> {
  const answer = await fetch(path);
  if (!answer.ok) throw new PasskeyRefused(String(answer.status));
  return (await answer.json()) as Answer;
}

async function send(path: string, body: unknown): Promise<void> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...pageTokenHeaders() },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new PasskeyRefused(String(answer.status));
}

/** What the device made, as JSON; a person who closes its window is no fault. @throws PasskeyRefused */
async function madeBy(asked: Promise<Credential | null>): Promise<ReturnType<PublicKeyCredential['toJSON']>> {
  const credential = await asked.catch((cause: unknown) => {
    throw new PasskeyRefused('closed', { cause });
  });
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyRefused('none');
  return credential.toJSON();
}

/** Makes a passkey for the account that is signed in. @throws PasskeyRefused */
export async function makePasskey(name: string): Promise<void> {
  const options = await ask<PublicKeyCredentialCreationOptionsJSON>('/api/auth/passkey/register');
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const response = await madeBy(navigator.credentials.create({ publicKey }));
  await send('/api/auth/passkey/register', { response, name });
}

/** Signs in with a passkey. @throws PasskeyRefused */
export async function signInByPasskey(): Promise<void> {
  const options = await ask<PublicKeyCredentialRequestOptionsJSON>('/api/auth/passkey/sign-in');
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const response = await madeBy(navigator.credentials.get({ publicKey }));
  await send('/api/auth/passkey/sign-in', { response });
  await refreshSession();
}
