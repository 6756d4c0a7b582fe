import { apiBase, routes } from '@micrarium/api';
import { expect, test } from 'vitest';
import { readConfig } from '../../packages/server/src/config.ts';
import { DiskReserve } from '../../packages/server/src/storage/disk-reserve.ts';
import { openHarness } from './harness.ts';
import { publishStudy } from './publish-study.ts';

test('uploads leave room on the disk: told so, nothing else is touched, and they go on when there is room again', async () => {
  const harness = await openHarness();
  try {
    const ada = await harness.member('ada');
    const accession = await publishStudy(harness, ada.token, 'Before the disk was full');
    const client = harness.client(ada.token);
    const { id: draft } = await client.call(routes.createDraft, {});
    let free = 6e9;
    const look = async () => ({ bavail: free / 4096, blocks: 1e12 / 4096, bsize: 4096 });
    // As the server's own reserve, with what is free said here.
    Object.assign(harness.services.uploads, { reserve: new DiskReserve(harness.data, undefined, look as never) });
    const put = (path: string) =>
      harness.request(`${apiBase}/drafts/${draft}/files/${path}`, { method: 'PUT', body: 'x,y\n1,2\n', as: ada.token });
    expect((await put('a.csv')).status).toBe(200);
    free = 4.9e9;
    await new Promise((resolve) => setTimeout(resolve, 300));
    const refused = await put('b.csv');
    expect([refused.status, await refused.json()]).toMatchObject([507, { code: 'storage-full' }]);
    const of = (text: string) => Buffer.from(text).toString('base64');
    const tus = {
      'tus-resumable': '1.0.0',
      'upload-length': '8',
      'upload-metadata': `draft ${of(draft)},path ${of('b.csv')}`,
    };
    const made = await harness.request(`${apiBase}/uploads`, { method: 'POST', headers: tus, as: ada.token });
    const piece = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
    const send = () =>
      harness.request(made.headers.get('location')!, {
        method: 'PATCH',
        headers: piece,
        body: 'x,y\n1,2\n',
        as: ada.token,
      });
    expect((await send()).status).toBe(507);
    // Reading, describing and what is small go on.
    expect((await harness.request(`${apiBase}/studies/${accession}/versions/1/files/tracks.csv`)).status).toBe(200);
    expect((await client.call(routes.getDraft, { params: { draft } })).files.verified).toBeGreaterThanOrEqual(0);
    free = 5.1e9;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await send()).status).toBe(204);
    expect(harness.faults).toEqual([]);
  } finally {
    await harness.close();
  }
});

test('a twentieth of a small disk is kept, 5 GB of a large one, or what the operator says', async () => {
  const kept = async (size: number, free: number, bytes?: number) => {
    const look = async () => ({ bavail: free, blocks: size, bsize: 1 });
    return await new DiskReserve('/', bytes, look as never).demand().then(
      () => 'room',
      (fault: Error) => fault.name,
    );
  };
  expect([await kept(10e9, 0.6e9), await kept(10e9, 0.4e9)]).toEqual(['room', 'ReserveReached']);
  expect([await kept(1e12, 5.1e9), await kept(1e12, 4.9e9)]).toEqual(['room', 'ReserveReached']);
  expect([await kept(1e12, 100, 0), await kept(1e12, 9e9, 10e9)]).toEqual(['room', 'ReserveReached']);
  expect(readConfig({}, {}).diskReserve).toBeUndefined();
  expect(readConfig({}, { MICRARIUM_DISK_RESERVE_GB: '0.5' }).diskReserve).toBe(5e8);
});
