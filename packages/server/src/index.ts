// Only what starts a server: whatever else is exported here is loaded before it listens.
export { readConfig, describeConfig, type ServerConfig, type ServerFlags } from './config.ts';
export { launchServer, startServer, type RunningServer } from './start/start-server.ts';
export { StartRefused } from './start/start-refused.ts';
export type { BackupReport } from './maintenance/backup.ts';
export type { FixityReport } from './maintenance/fixity.ts';
export type { RebuildReport } from './maintenance/rebuild.ts';
export type { RestoreReport } from './maintenance/restore.ts';

/** What operators run beside or instead of a server; loaded when it is asked for. */
export const loadMaintenance = async () => await import('./maintenance/index.ts');
