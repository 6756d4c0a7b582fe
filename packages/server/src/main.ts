#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { startServer } from './start/start-server.ts';

// As in the command line: sources without their types are kept from run to run, also for the processes started from here.
const { directory } = enableCompileCache();
if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] ??= directory;

// For a machine that runs only the server; everything is set by the environment.
process.exitCode = await startServer();
