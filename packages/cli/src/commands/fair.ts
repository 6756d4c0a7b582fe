import {
  doiResolver,
  type FairMetricResult,
  type FairReport,
  harvestForFair,
  judgeFair,
  readPersistent,
} from '@micrarium/standards';
import { parseCommand } from '../arguments.ts';
import { askOnce } from '../ask-once.ts';
import { serverAddress } from '../deposit/access.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';

/** `fair URL|DOI|ACCESSION`: a published study judged by the metrics of F-UJI, by nothing but what the web shows of it. */
export async function fair(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    server: { type: 'string' },
    resolver: { type: 'string' },
    json: { type: 'boolean' },
  });
  if (paths.length !== 1) throw new UsageError('fair needs one address, DOI or accession');
  const resolver = resolverOf(values.resolver);
  const address = addressOf(paths[0]!.trim(), values.server, resolver);
  const harvest = await harvestForFair(address, askOnce, resolver);
  const report = judgeFair(harvest);
  await writeLine(terminal.out, values.json === true ? JSON.stringify(report) : drawn(report));
  if (harvest.page.status !== 200) {
    const why = harvest.page.status === 0 ? harvest.page.text : `it answers ${harvest.page.status}`;
    await writeLine(terminal.err, `micrarium: ${harvest.page.address} cannot be read: ${why}`);
  }
  return report.earned === report.possible ? exitCode.good : exitCode.faulty;
}

function resolverOf(given: string | boolean | undefined): string {
  if (typeof given !== 'string') return doiResolver;
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol))
    throw new UsageError(`--resolver "${given}" is no http or https address`);
  return given.replace(/\/+$/, '');
}

function addressOf(text: string, server: string | boolean | undefined, resolver: string): string {
  const persistent = readPersistent(text, resolver);
  if (persistent) return persistent.address;
  if (/^https?:\/\//i.test(text)) {
    if (!URL.canParse(text)) throw new UsageError(`"${text}" is no address`);
    return new URL(text).href;
  }
  if (!/^[A-Za-z][\w-]*$/.test(text)) throw new UsageError(`"${text}" is no address, DOI or accession`);
  if (server === undefined)
    throw new UsageError(`${text} is an accession: --server URL says whose, such as http://127.0.0.1:8080`);
  return `${serverAddress(server).server}/studies/${text}`;
}

const shortest = (text: string) => (text.length > 100 ? `${text.slice(0, 99)}…` : text).replaceAll(/\s+/g, ' ');

function lineOf({ id, name, earned, possible, tests, advice }: FairMetricResult): string {
  const head = `${`${earned}/${possible}`.padEnd(6)} ${id.padEnd(14)} ${name}`;
  const best = tests.filter((test) => test.earned > 0);
  // Where another test gave the points, what it did not need is no news.
  const told = advice === undefined ? best.slice(0, 1) : tests;
  const words = told.map((test) => `       ${test.earned > 0 ? '+' : '-'} ${shortest(test.why)}`);
  return [head, ...words, ...(advice === undefined ? [] : [`       To do: ${advice}`])].join('\n');
}

function drawn({ address, earned, possible, metrics }: FairReport): string {
  return [address, ...metrics.map(lineOf), `${earned} of ${possible} points`].join('\n');
}
