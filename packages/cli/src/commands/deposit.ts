import { readFile } from 'node:fs/promises';
import { ApiError, createClient } from '@micrarium/api';
import { changeKinds, earlierResults, type Issue, mostFilesOfStudy, type VersionNote } from '@micrarium/model';
import { type Parsed, parseCommand } from '../arguments.ts';
import { readToken, serverAddress } from '../deposit/access.ts';
import { depositFrom } from '../deposit/deposit-from.ts';
import { depositInto, type Wishes } from '../deposit/deposit-into.ts';
import { openMemory } from '../deposit/deposit-memory.ts';
import { type ImportPlace, readPlace, readPlacePassword } from '../deposit/import-place.ts';
import { collectFiles, type LocalFile } from '../deposit/local-files.ts';
import { patientFetch } from '../deposit/patient-fetch.ts';
import { readMetadata } from '../deposit/study-metadata.ts';
import { progressOn } from '../progress.ts';
import { type Terminal, UsageError, exitCode, writeLine } from '../terminal.ts';

const commandOptions = {
  study: { type: 'string' },
  metadata: { type: 'string' },
  note: { type: 'string' },
  change: { type: 'string' },
  'earlier-results': { type: 'string' },
  references: { type: 'string' },
  checksums: { type: 'string' },
  from: { type: 'string' },
  'from-user': { type: 'string' },
  'from-password-file': { type: 'string' },
  'from-region': { type: 'string' },
  yes: { type: 'boolean' },
  'accept-pairs': { type: 'boolean' },
  'accept-private': { type: 'boolean' },
  publish: { type: 'boolean' },
  server: { type: 'string' },
  'token-file': { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** Exit code of a run that was stopped by Ctrl-C, as shells have it. */
const interrupted = 130;

/**
 * `deposit PATH… --server URL`: sends files into a draft, waits until they are read, and publishes if asked. With `--from` the server brings
 * them itself, once what it found is confirmed.
 */
export async function deposit(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, commandOptions);
  const place = await placeOf(values, terminal);
  if (paths.length === 0 && !place) throw new UsageError('deposit needs the path of a file or folder, or --from');
  if (paths.length > 0 && place) throw new UsageError('deposit takes paths or --from, not both at once');
  const { server, isOpenHttp } = serverAddress(values.server);
  const token = await readToken(values['token-file'], terminal.environment);
  const wishes = await wishesOf(values);
  const progress = progressOn(terminal);
  const say = async (line: string) => {
    progress.clear();
    await writeLine(terminal.err, line);
  };
  if (isOpenHttp)
    await say(
      `${server} is plain http: others on the way can read token and files. Use https outside your own network.`,
    );
  const files = place ? [] : await readableFiles(paths, say);
  if (files === undefined) return exitCode.faulty;
  const remembered = place ? [`/from/${String(values.from)}`] : paths;
  const memory = await openMemory(server, remembered, terminal.environment);
  const control = new AbortController();
  const stop = () => control.abort(new Error('stopped'));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const { signal } = control;
  const patient = patientFetch(signal, (reason) => progress.show(0, `${reason}; trying again`));
  const client = createClient({ server, token, fetch: patient });
  try {
    const run = { client, server, token, progress, memory, signal, say };
    const { answer, isGood } = place
      ? await depositFrom(run, place, wishes, values.yes === true)
      : await depositInto(run, files, wishes);
    progress.clear();
    if (values.json || !terminal.out.isTTY) await writeLine(terminal.out, JSON.stringify(answer));
    return isGood ? exitCode.good : exitCode.faulty;
  } catch (fault) {
    const words = signal.aborted
      ? 'Stopped. Nothing is lost: the same command goes on where this one ended.'
      : faultInWords(fault, server);
    if (words === undefined) throw fault;
    await say(words);
    return signal.aborted ? interrupted : exitCode.faulty;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** What else the command line asks for. @throws UsageError */
async function wishesOf(values: Parsed['values']): Promise<Wishes> {
  return {
    ...(typeof values.study === 'string' ? { study: values.study } : {}),
    said: versionNote(values),
    ...(typeof values.references === 'string' ? { references: await readTable(values.references) } : {}),
    ...(typeof values.checksums === 'string' ? { checksums: values.checksums } : {}),
    ...(typeof values.metadata === 'string' ? { given: await readMetadata(values.metadata) } : {}),
    acceptPairs: values['accept-pairs'] === true,
    acceptPrivate: values['accept-private'] === true,
    publish: values.publish === true,
  };
}

/** What the command line says of a further version. @throws UsageError */
function versionNote({ note, change, 'earlier-results': results }: Parsed['values']): VersionNote {
  const kinds = typeof change === 'string' ? change.split(',').map((kind) => kind.trim()) : [];
  const unknown = kinds.find((kind) => !changeKinds.some((one) => one === kind));
  if (unknown !== undefined)
    throw new UsageError(
      `--change takes ${changeKinds.join(', ')}, several with commas, not ${JSON.stringify(unknown)}`,
    );
  const told = earlierResults.find((one) => one === results);
  if (results !== undefined && told === undefined)
    throw new UsageError(`--earlier-results takes ${earlierResults.join(', ')}, not ${JSON.stringify(results)}`);
  return {
    ...(typeof note === 'string' ? { note } : {}),
    ...(kinds.length > 0 ? { changeKinds: changeKinds.filter((kind) => kinds.includes(kind)) } : {}),
    ...(told === undefined ? {} : { earlierResults: told }),
  };
}

/** The place that the server shall bring files from, if one is named. @throws UsageError */
async function placeOf(
  { from, 'from-user': user, 'from-password-file': file, 'from-region': region }: Parsed['values'],
  { environment }: Terminal,
): Promise<ImportPlace | undefined> {
  if (typeof from !== 'string') return undefined;
  // An address alone is asked without a name, so what stands in the environment is not for it.
  const isOpen = from === 'drop-folder' || /^https?:/i.test(from);
  const password = isOpen && file === undefined ? undefined : await readPlacePassword(file, environment);
  return readPlace(from, {
    password,
    ...(typeof user === 'string' ? { user } : {}),
    ...(typeof region === 'string' ? { region } : {}),
  });
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`--references names the file ${path}, which cannot be read`, { cause });
  }
}

/** The files of the paths; `undefined`, with the reasons said, where a path cannot be read or there are none. */
async function readableFiles(
  paths: readonly string[],
  say: (line: string) => Promise<void>,
): Promise<LocalFile[] | undefined> {
  const found = await collectFiles(paths);
  for (const { path, reason } of found.skipped) await say(`${path}: left out, ${reason}`);
  for (const { path, reason } of found.missing) await say(`${path}: ${reason}`);
  if (found.missing.length > 0) return undefined;
  if (found.files.length === 0) await say('There are no files to deposit.');
  if (found.files.length > mostFilesOfStudy) {
    await say(
      `These are ${found.files.length} files, and a study takes ${mostFilesOfStudy}: pack folders of many small files (such as Zarr) ` +
        'into one uncompressed zip each, or deposit them as several studies.',
    );
    return undefined;
  }
  return found.files.length > 0 ? found.files : undefined;
}

/** A fault of the server or the way to it, for the person; `undefined` for faults of ours. */
function faultInWords(fault: unknown, server: string): string | undefined {
  if (fault instanceof ApiError) {
    if (fault.status === 401) return `${server} does not take this token: ${fault.message}`;
    if (fault.status === 403) return `${server} does not allow it: ${fault.message}`;
    const { issues = [] } = (fault.body ?? {}) as { issues?: Issue[] };
    return [
      `${server} refused (HTTP ${fault.status}): ${fault.message}`,
      ...issues.slice(0, 50).map(({ message }) => `  ${message}`),
    ].join('\n');
  }
  const cause = (fault as { cause?: unknown }).cause;
  if (fault instanceof TypeError && cause instanceof Error) return `${server} cannot be reached: ${cause.message}`;
  if (fault instanceof Error && (fault.name === 'ByteSourceError' || fault.name === 'CheckSumDiffers'))
    return fault.message;
  return undefined;
}
