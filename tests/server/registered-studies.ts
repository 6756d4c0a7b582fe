import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StudyDois } from '../../packages/server/src/dois/study-dois.ts';
import { type Harness, openHarness } from './harness.ts';
import { type LocalRegistrar, openLocalRegistrar } from './local-registrar.ts';

/** A server that registers DOIs at a registrar of ours, with a depositor. */
export interface RegisteringHarness {
  registrar: LocalRegistrar;
  harness: Harness;
  /** The settings of the registrar, as the operator gives them. */
  environment: Record<string, string>;
  dora: Awaited<ReturnType<Harness['member']>>;
  dois: StudyDois;
  close(): Promise<void>;
}

/** Starts both. */
export async function openRegisteringHarness(): Promise<RegisteringHarness> {
  const registrar = await openLocalRegistrar({
    repository: 'MIC.TEST',
    password: 'open sesame',
    prefix: '10.5072',
    domain: 'localhost',
  });
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-doi-'));
  writeFileSync(join(folder, 'password'), 'open sesame\n');
  const environment = {
    MICRARIUM_URL: 'http://localhost',
    MICRARIUM_DATACITE_URL: `${registrar.url}/`,
    MICRARIUM_DATACITE_REPOSITORY: 'MIC.TEST',
    MICRARIUM_DATACITE_PASSWORD_FILE: join(folder, 'password'),
    MICRARIUM_DATACITE_PREFIX: '10.5072',
  };
  const harness = await openHarness(true, { environment });
  return {
    registrar,
    harness,
    environment,
    dora: await harness.member('dora'),
    dois: harness.services.dois!,
    async close() {
      await harness.close();
      await registrar.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A moment from now on, for what is due then. */
export const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);

/** The registered study that was made first: its row. */
export async function firstRegistered({ services }: Harness) {
  return await services.db
    .selectFrom('doi')
    .selectAll()
    .where('state', '=', 'findable')
    .orderBy('accession')
    .executeTakeFirstOrThrow();
}
