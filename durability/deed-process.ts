/**
 * `node durability/deed-process.ts SCENARIO FOLDER`: does one deed in a process of its own, so that tools which change what the system answers
 * can be put around it. Each promise is a line on standard output; ends with 1 where the deed failed.
 */
import { writeSync } from 'node:fs';
import { scenarios, startOn } from './scenarios.ts';

const [name, folder] = process.argv.slice(2);
const scenario = scenarios.find((one) => one.name === name);
if (scenario === undefined || folder === undefined) {
  console.error('node durability/deed-process.ts SCENARIO FOLDER');
  process.exit(2);
}
try {
  await scenario.act(await startOn(folder), (fact) => void writeSync(1, `${fact}\n`));
} catch (fault) {
  console.error(String(fault));
  process.exit(1);
}
process.exit(0);
