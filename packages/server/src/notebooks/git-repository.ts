import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** The only branch of a repository made here. */
export const gitBranch = 'main';

/**
 * A git repository with one commit, as the files that git clients fetch one by one over plain HTTP ("dumb" protocol:
 * https://git-scm.com/docs/http-protocol#_dumb_clients; objects as in https://git-scm.com/book/en/v2/Git-Internals-Git-Objects).
 * The same files, words and time make the same commit.
 * @param files by name, all in the top folder
 * @returns bytes by path: `HEAD`, `info/refs` and loose objects
 */
export function gitRepository(
  files: Readonly<Record<string, string>>,
  { message, time }: { message: string; time: Date },
): Map<string, Uint8Array> {
  const repository = new Map<string, Uint8Array>();
  const keep = (type: 'blob' | 'tree' | 'commit', content: Buffer): string => {
    const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
    const id = createHash('sha1').update(whole).digest('hex');
    repository.set(`objects/${id.slice(0, 2)}/${id.slice(2)}`, deflateSync(whole));
    return id;
  };
  // Git sorts the names of a folder by their bytes.
  const names = Object.keys(files).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const entries = names.map((name) => {
    const id = keep('blob', Buffer.from(files[name]!));
    return Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(id, 'hex')]);
  });
  const tree = keep('tree', Buffer.concat(entries));
  const who = `Micrarium <> ${Math.floor(time.getTime() / 1000)} +0000`;
  const commit = keep('commit', Buffer.from(`tree ${tree}\nauthor ${who}\ncommitter ${who}\n\n${message}\n`));
  repository.set('HEAD', Buffer.from(`ref: refs/heads/${gitBranch}\n`));
  repository.set('info/refs', Buffer.from(`${commit}\trefs/heads/${gitBranch}\n`));
  return repository;
}
