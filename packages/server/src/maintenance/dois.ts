import { actAs } from '../audit/acting.ts';
import type { ServerConfig } from '../config.ts';
import type { DoiCheck, DoiCheckOptions } from '../dois/check-dois.ts';
import { StudyDois } from '../dois/study-dois.ts';
import { StartRefused } from '../start/start-refused.ts';
import { openData } from './open-data.ts';

/**
 * Compares the DOIs of an installation with what the registrar holds; with `repair` the server tells it again of what differs. May run beside
 * the server.
 * @throws StartRefused where no registrar is named
 */
export async function doisCheck(
  config: ServerConfig,
  options: Pick<DoiCheckOptions, 'accession' | 'repair' | 'signal' | 'onDoi'>,
): Promise<DoiCheck> {
  const { datacite, publicUrl } = config;
  if (!datacite || publicUrl === undefined)
    throw new StartRefused(
      'No registrar of DOIs is named: set MICRARIUM_DATACITE_URL and what belongs to it as for the server.',
    );
  const open = await openData(config, 'shared');
  try {
    const dois = new StudyDois(open.db, open.studies, open.archive, datacite, publicUrl);
    return await actAs({ actor: 'micrarium', via: 'operator' }, () => dois.check(options));
  } finally {
    await open.close();
  }
}
