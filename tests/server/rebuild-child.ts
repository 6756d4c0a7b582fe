import { readConfig } from '../../packages/server/src/config.ts';
import { rebuild } from '../../packages/server/src/maintenance/rebuild.ts';

/** Makes a catalogue anew and dies when the given number of studies is entered: `rebuild-child.ts DATA DATABASE_URL COUNT`. */
const [data, databaseUrl, count] = process.argv.slice(2) as [string, string, string];
await rebuild(readConfig({ data, databaseUrl }, {}), ({ studies }) => {
  if (studies === Number(count)) process.kill(process.pid, 'SIGKILL');
});
