import { availableParallelism } from 'node:os';
import type { ServerConfig } from '../config.ts';
import { checkFixity, type FixityOptions, type FixityRun } from '../fixity/check-fixity.ts';
import { fixityFindings, type FixityFindingRow } from '../fixity/fixity-report.ts';
import { openData } from './open-data.ts';

/** What the command `fixity` found. */
export interface FixityReport extends FixityRun {
  /** Everything that is not mended, of this check and earlier ones. */
  open: FixityFindingRow[];
}

/**
 * Reads all stored bytes, or those not read for some days, and compares digests. May run beside the server.
 * @throws StartRefused
 */
export async function fixity(
  config: ServerConfig,
  asked: Pick<FixityOptions, 'accession' | 'onUnit' | 'signal' | 'bytesPerSecond'> & { olderThanDays?: number },
): Promise<FixityReport> {
  const open = await openData(config, 'shared');
  try {
    const { olderThanDays = 0, ...options } = asked;
    const dueBefore = new Date(Date.now() - olderThanDays * 86_400_000 + (olderThanDays === 0 ? 1000 : 0));
    const done = await checkFixity(open.db, {
      ...options,
      data: config.data,
      elsewhere: open.elsewhere,
      copy: config.copy,
      cause: 'command',
      unitsAtOnce: Math.min(8, availableParallelism()),
      dueBefore,
    });
    const findings = await fixityFindings(open.db, 10_000);
    return { ...done, open: findings.filter((one) => one.mendedAt === undefined) };
  } finally {
    await open.close();
  }
}
