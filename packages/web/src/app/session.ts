import { useEffect, useSyncExternalStore } from 'react';
import { api, pageTokenHeaders, routes } from './api.ts';

/** Who is signed in. */
export interface SignedIn {
  id: string;
  name: string;
  email: string;
  role: 'owner' | 'curator' | 'member';
}

/** `undefined` until the server has answered, `null` for a visitor. */
type Session = SignedIn | null | undefined;

let session: Session;
let needsFactor = false;
let asked = false;
const listeners = new Set<() => void>();

/** Asks the server who is signed in; a failed question leaves a visitor. */
export async function refreshSession(): Promise<void> {
  asked = true;
  const answer = await api.call(routes.me, {}).catch(() => undefined);
  session = answer?.user ?? null;
  needsFactor = answer?.needsSecondFactor === true;
  for (const listener of listeners) listener();
}

/** The signed-in user; `null` for a visitor, `undefined` until the server has answered. */
export function useMe(): Session {
  useEffect(() => {
    if (!asked) void refreshSession();
  }, []);
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => session,
    () => session,
  );
}

/** Has whoever is signed in a role that counts with a second factor only, and has shown none? */
export function useNeedsFactor(): boolean {
  useMe();
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => needsFactor,
    () => needsFactor,
  );
}

/** Signing in was refused. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function post(path: string, body: unknown): Promise<void> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...pageTokenHeaders() },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new SignInRefused(answer.status, await answer.text());
}

/**
 * Signs in; the session lies in an HttpOnly cookie.
 * @throws SignInRefused where the server does not accept it
 */
export async function signIn(email: string, password: string, code?: string): Promise<void> {
  await post('/api/auth/sign-in/email', { email, password, ...(code ? { code } : {}) });
  await refreshSession();
}

/** Ends the session. */
export async function signOut(): Promise<void> {
  await post('/api/auth/sign-out', {});
  await refreshSession();
}
