import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { gitRepository } from './git-repository.ts';

const files = { 'notebook.ipynb': '{"cells": []}\n', 'notebook-ja.ipynb': '{"cells": ["細胞"]}\n', 'a.txt': '' };
const about = { message: 'A notebook', time: new Date('2026-11-21T00:00:00Z') };
const hasGit = ['/usr/bin/git', '/usr/local/bin/git'].some((path) => existsSync(path));
if (!hasGit) console.warn('git is not installed: cloning is not tested');

test('the same files make the same commit', () => {
  const refs = (of: Record<string, string>) => String(Buffer.from(gitRepository(of, about).get('info/refs')!));
  expect(refs(files)).toBe(refs({ ...files }));
  expect(refs(files)).toMatch(/^[0-9a-f]{40}\trefs\/heads\/main\n$/);
  expect(refs({ ...files, 'a.txt': 'b' })).not.toBe(refs(files));
});

test.runIf(hasGit)('git clones it over plain HTTP, and finds nothing wrong with it', async () => {
  const repository = gitRepository(files, about);
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://here').pathname.replace('/x.git/', '');
    const body = repository.get(path);
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/octet-stream' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-git-'));
  const git = async (...args: string[]) =>
    await promisify(execFile)('git', args, {
      env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' },
    });
  try {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`;
    const clone = join(folder, 'clone');
    await git('clone', '--recursive', address, clone);
    for (const [name, content] of Object.entries(files)) expect(readFileSync(join(clone, name), 'utf8')).toBe(content);
    await git('-C', clone, 'fsck', '--strict');
    const { stdout } = await git('ls-remote', address, 'main');
    expect(stdout).toBe(String(Buffer.from(repository.get('info/refs')!)));
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
