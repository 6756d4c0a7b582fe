import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A secret of this installation: made once, kept beside the data in a file only its owner may read. */
export function installationSecret(dataFolder: string, name: string): string {
  const file = join(dataFolder, name);
  if (!existsSync(file)) {
    const work = `${file}.${process.pid}`;
    writeFileSync(work, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
    renameSync(work, file);
  }
  return readFileSync(file, 'utf8').trim();
}

/** The secret that sessions of an installation are signed with: named for all of its processes, or that of the data folder. */
export function sessionSecret(config: { data: string; secret?: string }): string {
  return config.secret ?? installationSecret(config.data, 'session-secret');
}

/** A new random secret of 256 bits, as text that fits in a header and a URL. */
export function newSecret(prefix = ''): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a random secret. Secrets of 256 bits need no salt and no slow hash. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
