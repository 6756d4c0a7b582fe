/**
 * Finds studies by words and prints the speed of each of their tracks, with its unit.
 * Usage: npx node examples/find-and-measure.ts SERVER WORDS
 */
import { createClient, routes } from '@micrarium/api';

const [server = 'http://127.0.0.1:8080', q = ''] = process.argv.slice(2);
const client = createClient({ server: server.replace(/\/+$/, '') });

const { studies, total } = await client.call(routes.searchStudies, { query: { q } });
console.log(`${total} studies for "${q}"`);
for (const { accession, version, title } of studies) {
  const study = await client.call(routes.getVersion, { params: { accession, version } });
  for (const item of study.items) {
    for (const { part, name } of item.trackSets) {
      const at = { params: { accession, version, item: item.id }, query: { part } };
      const { tracks, units } = await client.call(routes.getMeasures, at);
      console.log(`${accession} ${title}: ${item.path}, ${name || 'tracks'}`);
      for (const { track, objects, meanSpeed } of tracks) {
        const speed = meanSpeed === null ? 'unknown' : `${meanSpeed.toFixed(3)} ${units.speed}`;
        console.log(`  track ${track}: ${objects} objects, mean speed ${speed}`);
      }
    }
  }
}
