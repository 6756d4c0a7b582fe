import { allEvents, type AuditEvent } from '../audit/audit-log.ts';
import { type AuditChecked, verifyAudit } from '../audit/verify-audit.ts';
import type { ServerConfig } from '../config.ts';
import { openData } from './open-data.ts';

/** Checks the audit log: every hash, no gap, and the heads written down day by day. May run beside the server. @throws StartRefused */
export async function auditVerify(config: ServerConfig): Promise<AuditChecked> {
  const open = await openData(config, 'shared');
  try {
    return await verifyAudit(open.db, config.data);
  } finally {
    await open.close();
  }
}

/** Gives every event to `take`, oldest first. @throws StartRefused */
export async function auditExport(config: ServerConfig, take: (event: AuditEvent) => Promise<void>): Promise<number> {
  const open = await openData(config, 'shared');
  try {
    let count = 0;
    for await (const event of allEvents(open.db)) {
      await take(event);
      count++;
    }
    return count;
  } finally {
    await open.close();
  }
}
