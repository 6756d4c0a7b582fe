import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { DepositDraft } from '@micrarium/api';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../terminal.ts';
import { readToken, serverAddress } from './access.ts';
import { openMemory, uploadKey } from './deposit-memory.ts';
import { collectFiles, digestFiles } from './local-files.ts';
import { fromFiles, readMetadata, withMetadata, withPairsAccepted } from './study-metadata.ts';

const folder = mkdtempSync(join(tmpdir(), 'micrarium-deposit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('the way to the server', () => {
  it('takes http and https addresses without names and passwords', () => {
    expect(serverAddress('https://example.org/')).toEqual({ server: 'https://example.org', isOpenHttp: false });
    expect(serverAddress('http://127.0.0.1:8080')).toEqual({ server: 'http://127.0.0.1:8080', isOpenHttp: false });
    expect(serverAddress('http://example.org/micrarium/')).toEqual({
      server: 'http://example.org/micrarium',
      isOpenHttp: true,
    });
    for (const wrong of [undefined, true, 'example.org', 'ftp://example.org', 'http://a:b@example.org'])
      expect(() => serverAddress(wrong), String(wrong)).toThrow(UsageError);
  });

  it('reads the token from a file nobody else may read, else from the environment', async () => {
    const file = write('token', ' mic_secret\n');
    chmodSync(file, 0o640);
    await expect(readToken(file, {})).rejects.toThrow(/chmod 600/);
    chmodSync(file, 0o600);
    expect(await readToken(file, { MICRARIUM_TOKEN: 'other' })).toBe('mic_secret');
    expect(await readToken(undefined, { MICRARIUM_TOKEN: 'other' })).toBe('other');
    await expect(readToken(undefined, {})).rejects.toThrow(/MICRARIUM_TOKEN/);
    await expect(readToken(undefined, { MICRARIUM_TOKEN: 'a\nb: c' })).rejects.toThrow(UsageError);
  });
});

describe('the files of a deposit', () => {
  it('keep the name and tree of their folder, without links and litter, with their digests', async () => {
    const root = join(folder, 'experiment');
    mkdirSync(join(root, 'plate/.hidden'), { recursive: true });
    writeFileSync(join(root, 'plate/a.txt'), 'abc');
    writeFileSync(join(root, 'plate/.hidden/b.txt'), '');
    writeFileSync(join(root, 'cafe\u0301.txt'), 'é');
    writeFileSync(join(root, 'Thumbs.db'), 'litter');
    symlinkSync(join(root, 'plate/a.txt'), join(root, 'link.txt'));
    const found = await collectFiles([`${root}/`, join(root, 'plate/a.txt'), join(folder, 'nowhere')]);
    expect(found.files.map(({ path, size }) => [path, size])).toEqual([
      ['a.txt', 3],
      ['experiment/café.txt', 2],
      ['experiment/plate/.hidden/b.txt', 0],
      ['experiment/plate/a.txt', 3],
    ]);
    expect(found.skipped.map(({ path }) => basename(path)).sort()).toEqual(['Thumbs.db', 'link.txt']);
    expect(found.missing).toEqual([{ path: join(folder, 'nowhere'), reason: 'there is no such file or folder' }]);
    writeFileSync(join(root, 'caf\u00e9.txt'), 'another');
    writeFileSync(Buffer.concat([Buffer.from(`${root}/latin-`), Buffer.from([0xe9])]), 'x');
    const { missing } = await collectFiles([root]);
    expect(missing.map(({ reason }) => reason).sort()).toEqual([
      'cannot be found by its name, which may be no UTF-8',
      'has the same name as another file once accents are normalised',
    ]);
    const digested = await digestFiles(found.files, () => undefined, new AbortController().signal);
    expect(digested.map(({ sha256 }) => sha256)).toEqual(
      ['abc', 'é', '', 'abc'].map((text) => createHash('sha256').update(text).digest('hex')),
    );
    await expect(collectFiles([join(root, 'plate/a.txt'), join(root, 'plate/a.txt')])).rejects.toThrow(UsageError);
  });
});

describe('the memory of a deposit', () => {
  it('is of the same paths and server, and keeps drafts and uploads', async () => {
    const environment = { XDG_STATE_HOME: join(folder, 'state') };
    const memory = await openMemory('http://a', ['/x', '/y'], environment);
    expect(memory.draft()).toBeUndefined();
    const key = uploadKey('d1', { path: 'x', size: 1, sha256: 'ab' });
    await Promise.all([memory.note({ draft: 'd1' }), memory.note({ upload: [key, 'http://a/uploads/1'] })]);
    const again = await openMemory('http://a', ['/y', '/x'], environment);
    expect([again.draft(), again.upload(key)]).toEqual(['d1', 'http://a/uploads/1']);
    expect((await openMemory('http://b', ['/x', '/y'], environment)).draft()).toBeUndefined();
    await again.note({ upload: [key, undefined] });
    expect((await openMemory('http://a', ['/x', '/y'], environment)).upload(key)).toBeUndefined();
    expect(statSync(join(folder, 'state/micrarium/deposits')).mode & 0o077).toBe(0);
  });
});

const draft = (change: object): DepositDraft =>
  ({
    metadata: { values: {}, origins: {} },
    pairs: [],
    proposals: [],
    items: [],
    itemCounts: { count: 0, files: 0, unread: 0, read: 0, failed: 0 },
    files: { count: 0, bytes: 0, verified: 0, receivedBytes: 0 },
    ...change,
  }) as unknown as DepositDraft;

describe('the metadata of a deposit', () => {
  it('come as values or with origins, and name their mistakes', async () => {
    const plain = await readMetadata(write('plain.json', '{"title":"A","organism":[{"label":"NA"}]}'));
    expect(plain).toEqual({ values: { title: 'A', organism: [{ label: 'NA' }] }, origins: {} });
    const full = write('full.json', '{"values":{"title":"A"},"origins":{"title":{"kind":"file","file":"a.txt"}}}');
    expect((await readMetadata(full)).origins).toEqual({ title: { kind: 'file', file: 'a.txt' } });
    await expect(readMetadata(write('odd.json', '{"titel":"A"}'))).rejects.toThrow(/no field titel/);
    await expect(readMetadata(write('list.json', '[]'))).rejects.toThrow(/JSON object/);
    await expect(readMetadata(write('wrong.json', '{"title":5}'))).rejects.toThrow(/title/);
    await expect(readMetadata(write('no.json', '{'))).rejects.toThrow(/no JSON/);
  });

  it('change only what is given, and only when it differs', () => {
    const now = draft({ metadata: { values: { title: 'Old', licence: 'CC0-1.0' }, origins: {} } });
    const changes = withMetadata(now, { values: { title: 'New' }, origins: {} });
    expect(changes).toEqual({
      metadata: { values: { title: 'New', licence: 'CC0-1.0' }, origins: { title: { kind: 'person' } } },
    });
    expect(withMetadata(draft(changes!), { values: { title: 'New' }, origins: {} })).toBeUndefined();
  });

  it('are filled in from the files where they are empty, and pairs are confirmed as they stand', () => {
    const items = [
      { path: 'a.tif', format: 'imagej-tiff', files: ['a.tif'] },
      { path: 'r.txt', format: 'text', files: ['r.txt'] },
    ];
    const files = { count: 2, bytes: 825_571, verified: 2, receivedBytes: 825_571 };
    expect(fromFiles(draft({ items, files }))?.values).toEqual({ dataFormats: ['ImageJ TIFF'], dataSize: '826 kB' });
    const filled = { values: { dataFormats: ['x'], dataSize: '1 B' }, origins: {} };
    expect(fromFiles(draft({ items, files, metadata: filled }))).toBeUndefined();
    const pair = { imageItem: 'i', trackItem: 't', confirmed: false };
    expect(withPairsAccepted(draft({ proposals: [pair] }))).toEqual({ pairs: [{ ...pair, confirmed: true }] });
    expect(withPairsAccepted(draft({ pairs: [{ ...pair, confirmed: true }] }))).toBeUndefined();
  });
});
