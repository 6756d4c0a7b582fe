import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { demandOwner } from './open-data.ts';

const isRoot = process.getuid?.() === 0;
if (!isRoot)
  console.warn('Not root on this machine: commands of root on the data folder of another user are not tried.');

test.runIf(isRoot)('root is sent to the user whose server wrote the data folder, and works on its own', () => {
  const data = mkdtempSync(join(tmpdir(), 'micrarium-owner-'));
  try {
    expect(() => demandOwner(data)).not.toThrow();
    expect(() => demandOwner(join(data, 'not-there'))).not.toThrow();
    chownSync(data, 1, 1);
    expect(() => demandOwner(data)).toThrow('runs as the user daemon');
    expect(() => demandOwner(data, 1)).not.toThrow();
    // A server of root in a folder that somebody else made.
    writeFileSync(join(data, 'session-secret'), 'x');
    expect(() => demandOwner(data)).not.toThrow();
    chownSync(join(data, 'session-secret'), 54_321, 1);
    expect(() => demandOwner(data)).toThrow('runs as the user 54321');
  } finally {
    rmSync(data, { recursive: true });
  }
});
