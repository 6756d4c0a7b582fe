// Only what starts a server: whatever else is exported here is loaded before it listens.
export { readConfig, describeConfig, type ServerConfig, type ServerFlags } from './config.ts';
export { launchServer, startServer, type RunningServer } from './start/start-server.ts';
export { StartRefused } from './start/start-refused.ts';
