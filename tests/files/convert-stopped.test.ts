import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'micrarium-stopped-'));
const input = join(folder, 'in.bdml0.18.xml');
const small = join(folder, 'full-disk');
mkdirSync(small);
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', small]).status === 0;
if (!isMounted) console.warn('skipped: no small disk can be mounted here, so nobody fills one');
afterAll(() => {
  if (isMounted) spawnSync('umount', [small]);
  rmSync(folder, { recursive: true });
});

const count = 40_000;

beforeAll(() => {
  const xyz = (i: number) => `<xyz><x>${i % 997}.25</x><y>${i % 661}</y><z>${i % 31}.5</z></xyz>`;
  const one = (i: number) =>
    `<component><componentID>c${i}</componentID><time>${Math.floor(i / 100)}</time><measurement><objectRef>cell</objectRef><sphere>${xyz(i)}<radius>2.5</radius></sphere></measurement></component>\n`;
  const head =
    '<?xml version="1.0"?>\n<bdml version="0.18" xmlns="http://ssbd.qbic.riken.jp/bdml"><data><scaleUnit><xScale>1</xScale><yScale>1</yScale><zScale>1</zScale><xyzUnit>micrometer</xyzUnit><tScale>1</tScale><tUnit>minute</tUnit></scaleUnit><object><objectName>cell</objectName></object>\n';
  writeFileSync(input, `${head}${Array.from({ length: count }, (_, i) => one(i)).join('')}</data></bdml>\n`);
});

async function until(isSo: () => boolean, seconds: number): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise((go) => setTimeout(go, 2)))
    if (isSo()) return true;
  return isSo();
}

/** Sizes of what lies in a folder besides, by name. */
function contents(of: string): Record<string, number> {
  return Object.fromEntries(readdirSync(of).map((name) => [name, statSync(join(of, name)).size]));
}

describe('a conversion that does not come to its end', () => {
  it.each([
    ['out.xml', ['--to', 'bdml', '--bdml-version', '3.0']],
    ['out.h5', ['--to', 'bd5']],
    ['package', ['--to', 'cmso']],
  ])('killed while it writes %s leaves nothing', { timeout: 120_000 }, async (name, options) => {
    const target = join(folder, `target-${name}`);
    mkdirSync(target);
    const child = spawn(
      process.execPath,
      [program, 'convert', input, join(target, name), '--accept-loss', ...options],
      {
        stdio: 'ignore',
      },
    );
    const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    expect(await until(() => readdirSync(target).length > 0 || child.exitCode !== null, 60)).toBe(true);
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    await until(() => readdirSync(target).length === 0, 20);
    expect(readdirSync(target)).toEqual([]);
  });

  it.skipIf(!isMounted)('a full disk gives an issue and leaves no file', { timeout: 120_000 }, () => {
    for (const [name, options] of [
      ['out.h5', ['--to', 'bd5']],
      ['out.xml', ['--to', 'bdml']],
      ['tables', ['--to', 'delimited']],
    ] as const) {
      const before = contents(small);
      const done = spawnSync(
        process.execPath,
        [program, 'convert', input, join(small, name), '--accept-loss', '--json', ...options],
        { encoding: 'utf8' },
      );
      const answer = JSON.parse(done.stdout) as { bytes: number; issues: { code: string; message: string }[] };
      expect(done.status).toBe(1);
      expect(answer.bytes).toBe(0);
      expect(answer.issues.map(({ code }) => code)).toContain('target-not-written');
      expect(answer.issues.map(({ message }) => message).join()).toMatch(/ENOSPC|no space/);
      expect(contents(small)).toEqual(before);
    }
  });
});
