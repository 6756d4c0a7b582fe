import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { depositCorpus } from './simulated-corpus.ts';

const usage = `node tools/deposit-corpus.ts --server URL [--studies 50] [--first 1] [--token-file FILE]

Deposits and publishes a corpus of simulated studies with known speed and persistence, one for each of so many cell types. The API
token (scope: deposit) is read from the file, else from MICRARIUM_TOKEN. --first goes on with study number N after a break.`;

const { values } = parseArgs({
  options: {
    server: { type: 'string' },
    studies: { type: 'string', default: '50' },
    first: { type: 'string', default: '1' },
    'token-file': { type: 'string' },
  },
});
const token = (values['token-file'] ? readFileSync(values['token-file'], 'utf8') : process.env.MICRARIUM_TOKEN)?.trim();
const [studies, first] = [Number(values.studies), Number(values.first)];
const isWhole = [studies, first].every((value) => Number.isInteger(value) && value >= 1 && value <= 1000);
if (!values.server || !token || !isWhole) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}
let next = first;
try {
  await depositCorpus({
    server: values.server.replace(/\/+$/, ''),
    token,
    studies,
    first,
    onPublished({ number, cellType }, accession) {
      next = number + 1;
      process.stdout.write(`${accession}\t${cellType}\n`);
    },
  });
} catch (fault) {
  process.stderr.write(`${fault instanceof Error ? fault.message : String(fault)}\nGo on with --first ${next}.\n`);
  process.exitCode = 1;
}
