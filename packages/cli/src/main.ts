#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import './quick-resolve.ts';
import { run } from './run.ts';

const args = process.argv.slice(2);

// What readers throw away dies young: room for it need not grow, which would take a hundred megabytes. What a server loads stays; what one
// publication of a hundred thousand files leaves behind is to be collected before it has doubled the server.
setFlagsFromString(args[0] === 'serve' ? '--heap-growing-percent=30' : '--semi-space-growth-factor=1');

// Sources without their types are kept from run to run (in the folder for temporary files, for this user), also for the
// processes started from here: a start takes a third of the time. Where that cannot be, it takes what it took before.
const { directory } = enableCompileCache();
if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] ??= directory;

process.execArgv.push('--import', new URL('./quick-resolve.ts', import.meta.url).href);

// A reader that closes early (`micrarium inspect … | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const code = await run(args, { out: process.stdout, err: process.stderr, environment: process.env });
// Everything written has been taken by now; threads that readers keep warm must not hold the program. A server goes on.
if (args[0] === 'serve') process.exitCode = code;
else process.exit(code);
