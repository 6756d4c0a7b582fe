import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Client, pageTokenHeader, pageTokenIn } from '@micrarium/api';
import type { JobName } from '@micrarium/repository';
import { makeToken, type Scope } from '../../packages/server/src/auth/api-tokens.ts';
import type { AccountUser } from '../../packages/server/src/auth/accounts.ts';
import { readConfig } from '../../packages/server/src/config.ts';
import { type Application, createApplication } from '../../packages/server/src/http/app.ts';
import type { Kernel } from '../../packages/server/src/http/kernel.ts';
import { serverJobs, workerJobs, workOnJobs } from '../../packages/server/src/jobs/handlers.ts';
import { openServices, type OpenServices } from '../../packages/server/src/start/services.ts';
import { makeDatabase } from './make-database.ts';

export const password = 'correct horse battery';
export const origin = 'http://localhost';

/** An application with real adapters, a database of its own and no socket. */
export interface Harness {
  app: Application;
  services: OpenServices;
  kernel: Kernel;
  /** Its data folder. */
  data: string;
  databaseUrl: string;
  /** Faults of the program noted so far; a test that provokes none expects none. */
  faults: { fault: unknown; where: string }[];
  /** Sends a request; `as` is a token, or cookies, and then the token of the page goes with them as from our pages. */
  request(path: string, init?: RequestInit & { as?: string }): Promise<Response>;
  member(name: string, role?: AccountUser['role']): Promise<{ user: AccountUser; token: string; cookie: string }>;
  token(userId: string, scopes: Scope[], limits?: { studies?: string[]; communities?: string[] }): Promise<string>;
  client(token?: string): Client;
  close(): Promise<void>;
}

/** What a harness may take over instead of making its own. */
export interface HarnessParts {
  /** A data folder; it is left when the harness closes. */
  data?: string;
  /** A database; it is left too. */
  databaseUrl?: string;
  environment?: Record<string, string>;
}

/** Opens a harness. @param works run jobs in this process? */
export async function openHarness(works = true, parts: HarnessParts = {}): Promise<Harness> {
  const database = parts.databaseUrl === undefined ? await makeDatabase() : undefined;
  const databaseUrl = parts.databaseUrl ?? database!.url;
  const data = parts.data ?? mkdtempSync(join(tmpdir(), 'micrarium-http-'));
  const faults: Harness['faults'] = [];
  const config = readConfig(
    { data, databaseUrl, demo: false },
    {
      // What roles do is tried without codes, but where the codes are what is tried.
      MICRARIUM_SECOND_FACTOR: 'offered',
      ...parts.environment,
    },
  );
  const noteFault = (fault: unknown, where: string) => void faults.push({ fault, where });
  const services = await openServices(config, databaseUrl, { isOnlyWorker: true, connections: 5, noteFault });
  const names: readonly JobName[] = [...workerJobs, ...serverJobs];
  if (works) await workOnJobs(services, names);
  const kernel: Kernel = {
    config,
    version: '0.0.0-test',
    services: () => services,
    preparing: () => [],
    webBundle: () => undefined,
    noteFault,
  };
  const app = createApplication(kernel);
  const request: Harness['request'] = async (path, init = {}) => {
    const { as, ...rest } = init;
    const headers = new Headers(rest.headers);
    if (as?.startsWith('mic_') || as?.startsWith('micl_')) headers.set('authorization', `Bearer ${as}`);
    else if (as !== undefined) {
      headers.set('cookie', as);
      if (!headers.has('origin')) headers.set('origin', origin);
    }
    const pageToken = pageTokenIn(headers.get('cookie') ?? '');
    if (pageToken !== undefined && !headers.has(pageTokenHeader)) headers.set(pageTokenHeader, pageToken);
    return await app.request(`${origin}${path}`, { ...rest, headers });
  };
  const token: Harness['token'] = async (userId, scopes, limits = {}) =>
    (await makeToken(services.db, userId, { name: 'test', scopes, expiresInDays: 1, ...limits })).secret;
  return {
    app,
    services,
    kernel,
    data,
    databaseUrl,
    faults,
    request,
    token,
    async member(name, role = 'member') {
      const email = `${name}@example.org`;
      const user = await services.accounts.create({ name, email, password, role });
      const signed = await services.accounts.signIn(email, password);
      const cookie = signed!.cookies.map((one) => one.split(';')[0]).join('; ');
      return { user, token: await token(user.id, ['read', 'deposit']), cookie };
    },
    client: (secret) =>
      createClient({
        server: origin,
        ...(secret ? { token: secret } : {}),
        fetch: ((url: string, init: RequestInit) => app.request(url, init)) as typeof fetch,
      }),
    async close() {
      await services.close();
      await database?.drop();
      if (parts.data === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Waits until a condition holds. */
export async function eventually<Value>(
  look: () => Promise<Value | undefined | false>,
  milliseconds = 30_000,
): Promise<Value> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error('It did not come to pass in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
