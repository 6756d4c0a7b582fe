import type { CallInput, routes } from '@micrarium/api';
import { UsageError } from '../terminal.ts';
import { readSecretFile } from './access.ts';

/** Where the server brings files from, as it takes it. */
export type ImportPlace = CallInput<typeof routes.listImport>['body'];

/** What goes with `--from`. */
export interface PlaceAccess {
  /** Name, or access key of a bucket. */
  user?: string | undefined;
  /** Password, or secret key of a bucket. */
  password?: string | undefined;
  /** Of a bucket. */
  region?: string | undefined;
}

const forms =
  '--from takes https://HOST/FILE-OR-LIST, webdav:https://HOST/FOLDER/ (or the link of a share), s3:https://ENDPOINT/BUCKET/PREFIX, or drop-folder';

/**
 * The place that `--from` names: an address (a file, or a text with one address in each line), a WebDAV or Nextcloud folder, objects of an
 * S3-compatible bucket whose keys begin with a prefix, or my drop folder on the server.
 * @throws UsageError where it names none
 */
export function readPlace(from: string, { user, password, region }: PlaceAccess): ImportPlace {
  if (from === 'drop-folder') return { kind: 'drop-folder' };
  const [, kind = 'url', address = ''] = /^(?:(webdav|s3):)?(https?:\/\/.+)$/i.exec(from) ?? [];
  if (!URL.canParse(address)) throw new UsageError(`"${from}" is no place: ${forms}`);
  const url = new URL(address);
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      '--from takes no name or password: the name is --from-user, the password comes from MICRARIUM_FROM_PASSWORD or --from-password-file',
    );
  if (kind.toLowerCase() === 's3') {
    const [, bucket = '', ...prefix] = url.pathname.split('/').map((part) => decoded(part, from));
    if (bucket === '') throw new UsageError(`"${from}" names no bucket: ${forms}`);
    return {
      kind: 's3',
      endpoint: url.origin,
      bucket,
      prefix: prefix.join('/'),
      ...(region === undefined ? {} : { region }),
      ...(user === undefined ? {} : { accessKeyId: user }),
      ...(password === undefined ? {} : { secretAccessKey: password }),
    };
  }
  if (kind.toLowerCase() === 'webdav')
    return {
      kind: 'webdav',
      address,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
    };
  if (user !== undefined || password !== undefined)
    throw new UsageError('an address is asked for without a name: use webdav: for a share, or s3: for a bucket');
  return { kind: 'url', address };
}

function decoded(part: string, from: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new UsageError(`"${from}" holds a % that stands for nothing: ${forms}`, { cause });
  }
}

/** The password or secret key of a place: from a file that nobody else may read, else from the environment; never an argument. @throws UsageError */
export async function readPlacePassword(
  file: string | boolean | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  if (typeof file === 'string') return (await readSecretFile(file, '--from-password-file')).replace(/\r?\n$/, '');
  return environment.MICRARIUM_FROM_PASSWORD || undefined;
}
