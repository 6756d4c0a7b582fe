import { spawn } from 'node:child_process';

/**
 * Has a file or folder removed should this program end without doing so, even when it is killed: a shell waits for the
 * end of a pipe that closes with us. Where there is no such shell, what is left has a name that says so (`.partial`).
 * @returns what tells that it is gone, after which the shell ends and removes nothing
 */
export function removeWhenKilled(path: string): () => void {
  if (process.platform === 'win32') return () => undefined;
  const script = 'if ! read -r done; then rm -rf -- "$1"; fi';
  const watch = spawn('/bin/sh', ['-c', script, 'sh', path], {
    // In a group of its own, so that what ends us does not end it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watch.on('error', () => undefined);
  watch.stdin.on('error', () => undefined);
  watch.unref();
  return () => void watch.stdin.end('done\n');
}
