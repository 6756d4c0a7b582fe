import { readFile, stat } from 'node:fs/promises';
import { UsageError } from '../terminal.ts';

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** The address of a server as a client needs it: no slash at the end. @throws UsageError */
export function serverAddress(text: string | boolean | undefined): { server: string; isOpenHttp: boolean } {
  if (typeof text !== 'string')
    throw new UsageError('--server URL says where to deposit, such as http://127.0.0.1:8080');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError(`--server "${text}" is no http or https address`);
  if (url.username !== '' || url.password !== '')
    throw new UsageError('--server takes no name or password; the token comes from MICRARIUM_TOKEN or --token-file');
  const isOpenHttp = url.protocol === 'http:' && !loopback.test(url.hostname);
  return { server: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, isOpenHttp };
}

/**
 * The API token: from `--token-file`, which nobody else may read, else from `MICRARIUM_TOKEN`. Never an argument, which
 * every process of the machine could see.
 * @throws UsageError where there is none, or the file is open to others
 */
export async function readToken(
  file: string | boolean | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const text =
    typeof file === 'string' ? await readSecretFile(file, '--token-file') : (environment.MICRARIUM_TOKEN ?? '');
  const token = text.trim();
  if (token === '')
    throw new UsageError(
      typeof file === 'string'
        ? `${file} holds no token`
        : 'a token is needed: make one on the account page and put it into MICRARIUM_TOKEN, or name a file with --token-file',
    );
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UsageError('the token holds characters that no token has');
  return token;
}

/** The text of a file that an option names, and that nobody else may read. @throws UsageError */
export async function readSecretFile(file: string, option: string): Promise<string> {
  const about = await stat(file).catch((cause: unknown) => {
    throw new UsageError(`${option} names ${file}, which cannot be read`, { cause });
  });
  if (process.platform !== 'win32' && (about.mode & 0o077) !== 0)
    throw new UsageError(`${file} can be read by others; make it yours alone: chmod 600 ${file}`);
  if (about.size > 10_000) throw new UsageError(`${file} is too large for what ${option} names`);
  return await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${option} names ${file}, which cannot be read`, { cause });
  });
}
