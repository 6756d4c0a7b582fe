#!/usr/bin/env node
import { startServer } from './start/start-server.ts';

// For a machine that runs only the server; everything is set by the environment.
process.exitCode = await startServer();
