import { describe, expect, it } from 'vitest';
import { type TakenFile, takenFile } from './taken-files.ts';
import { SendingRefused, type SendingWorld, type ServerFile, UploadQueue } from './upload-queue.ts';

/** A server in memory that remembers announcements and digests, and can be made to fail. */
class World implements SendingWorld {
  files = new Map<string, ServerFile>();
  sends: string[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  faults = 0;
  refuse = '';
  batches: number[] = [];

  async announce(files: Parameters<SendingWorld['announce']>[0]) {
    this.batches.push(files.length);
    return files.map((file) => {
      const known = this.files.get(file.path);
      if (known && known.sha256 === file.sha256) return known;
      const made: ServerFile = { ...file, state: 'expected', received: 0 };
      this.files.set(file.path, made);
      return made;
    });
  }
  async digest(file: TakenFile) {
    return `sha-${await (await file.open()).text()}`;
  }
  async send(...[sending, , progress]: Parameters<SendingWorld['send']>) {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    await new Promise((done) => setTimeout(done, 1));
    this.atOnce--;
    if (this.refuse === sending.path) throw new SendingRefused('the name is not allowed');
    if (this.faults-- > 0) throw new TypeError('network is gone');
    this.sends.push(sending.path);
    progress(sending.size, sending.size);
    this.files.set(sending.path, { ...this.files.get(sending.path)!, state: 'sent', received: sending.size });
  }
  /** A server that takes no parcels, but for the files that a test says it takes. */
  takesTogether: (path: string) => boolean = () => false;
  parcels: string[][] = [];
  async sendTogether(parcel: Parameters<SendingWorld['sendTogether']>[0]) {
    await new Promise((done) => setTimeout(done, 1));
    if (this.faults-- > 0) throw new TypeError('network is gone');
    this.parcels.push(parcel.map(({ path }) => path));
    return parcel.map(({ path, size }) => {
      if (!this.takesTogether(path)) return undefined;
      const stand: ServerFile = { ...this.files.get(path)!, state: 'verified', received: size };
      this.files.set(path, stand);
      return stand;
    });
  }
  async pause() {
    await new Promise((done) => setTimeout(done, 1));
  }
}

const fileOf = (path: string, text = path) => takenFile(new File([text], path), path);

async function settled(queue: UploadQueue): Promise<void> {
  for (let round = 0; queue.totals().isBusy; round++) {
    if (round > 2000) throw new Error('the queue does not end');
    await new Promise((done) => setTimeout(done, 2));
  }
}

describe('the upload queue', () => {
  it('sends small files in parcels, and alone what is not taken so', async () => {
    const world = new World();
    Object.assign(world, { faults: 3, refuse: 'f7', takesTogether: (path: string) => path !== 'f7' && path !== 'f9' });
    const queue = new UploadQueue(world, () => {});
    const large = fileOf('large', 'x'.repeat(300_000));
    queue.add([...Array.from({ length: 700 }, (_, index) => fileOf(`f${index}`)), large]);
    await settled(queue);
    const together = world.parcels.flat();
    expect(new Set(together).size).toBe(together.length);
    expect(world.parcels.length).toBeLessThan(350);
    expect(world.sends).toEqual(expect.arrayContaining(['f9', 'large']));
    expect(world.sends.filter((path) => together.includes(path))).toEqual(['f9']);
    expect(queue.totals()).toMatchObject({ files: 701, storedFiles: 700, failedFiles: 1 });
    expect(queue.files.get('f7')).toMatchObject({ phase: 'failed', fault: { message: 'the name is not allowed' } });
    expect(queue.failed(5).map(({ path }) => path)).toEqual(['f7']);
    expect(queue.failed(0)).toEqual([]);
  });

  it('brings every file over, three at a time, and announces in batches', async () => {
    const world = new World();
    const queue = new UploadQueue(world, () => {});
    queue.add(Array.from({ length: 40 }, (_, index) => fileOf(`f${index}`)));
    await settled(queue);
    expect(new Set(world.sends).size).toBe(40);
    expect(world.mostAtOnce).toBeLessThanOrEqual(3);
    expect(queue.totals()).toMatchObject({ files: 40, storedFiles: 40, verifiedFiles: 0, failedFiles: 0 });
  });

  it('waits out network faults, and says why a refused file is refused', async () => {
    const world = new World();
    world.faults = 5;
    world.refuse = 'b';
    const queue = new UploadQueue(world, () => {});
    queue.add([fileOf('a'), fileOf('b'), fileOf('c')]);
    await settled(queue);
    expect(world.sends.sort()).toEqual(['a', 'c']);
    expect(queue.files.get('b')).toMatchObject({ phase: 'failed', fault: { message: 'the name is not allowed' } });
    world.refuse = '';
    queue.retry();
    await settled(queue);
    expect(queue.totals().storedFiles).toBe(3);
  });

  it('says what it waits for until bytes move again', async () => {
    const world = new World();
    let goOn = () => {};
    let end = () => {};
    let stored = () => {};
    world.pause = () => new Promise((done) => (goOn = done));
    const queue = new UploadQueue(world, () => {});
    const waits = async (what: boolean) => {
      for (let round = 0; 'waitsFor' in queue.totals() !== what; round++) {
        if (round > 1000) throw new Error(`it ${what ? 'waits for nothing' : 'still waits'}`);
        await new Promise((done) => setTimeout(done, 1));
      }
      return queue.totals().waitsFor;
    };
    let tries = 0;
    world.send = async (...[sending, , progress]: Parameters<SendingWorld['send']>) => {
      if (tries++ === 0) throw new TypeError('network is gone');
      if (tries === 2) throw Object.assign(new Error('no space'), { status: 507 });
      progress(1, 0);
      await new Promise<void>((done) => (stored = done));
      progress(1, 1);
      await new Promise<void>((done) => (end = done));
      progress(sending.size, sending.size);
    };
    queue.add([fileOf('a')]);
    expect(await waits(true)).toBeInstanceOf(TypeError);
    goOn();
    while (!((await waits(true)) as { status?: number }).status) await new Promise((done) => setTimeout(done, 1));
    goOn();
    for (let round = 0; tries < 3 && round < 1000; round++) await new Promise((done) => setTimeout(done, 1));
    // Bytes on their way are no answer to it, stored ones are.
    expect(queue.totals().waitsFor).toMatchObject({ status: 507 });
    stored();
    await waits(false);
    // Far from its end, but on its way.
    expect(queue.totals()).toMatchObject({ isBusy: true, storedFiles: 0 });
    end();
    await settled(queue);
    expect(queue.totals()).toMatchObject({ storedFiles: 1, failedFiles: 0 });
  });

  it('leaves a file alone that is dropped again as it was, and sends one anew that changed at the same size', async () => {
    const world = new World();
    const queue = new UploadQueue(world, () => {});
    const at = (text: string, lastModified: number) => takenFile(new File([text], 'a', { lastModified }), 'a');
    queue.add([at('one', 1000)]);
    await settled(queue);
    queue.add([at('one', 1000)]);
    await settled(queue);
    expect(world.sends).toEqual(['a']);
    queue.add([at('two', 2000)]);
    await settled(queue);
    expect(world.sends).toEqual(['a', 'a']);
    expect(queue.files.get('a')).toMatchObject({ phase: 'stored', sha256: 'sha-two' });
  });

  it('does not take back that a file was sent by a list that was asked for before', async () => {
    const world = new World();
    const queue = new UploadQueue(world, () => {});
    const askedAt = performance.now();
    queue.add([fileOf('a')]);
    await settled(queue);
    const before: ServerFile = { path: 'a', size: 1, state: 'expected', received: 0 };
    queue.hear([before], askedAt);
    expect(queue.totals().storedFiles).toBe(1);
    // Asked afterwards it is true: another page announced it anew.
    queue.hear([before], performance.now() + 1);
    expect(queue.totals().storedFiles).toBe(0);
  });

  it('sends nothing the server has, and sends again what has changed', async () => {
    const world = new World();
    const first = new UploadQueue(world, () => {});
    first.add([fileOf('a'), fileOf('b')]);
    await settled(first);
    const afterReload = new UploadQueue(world, () => {});
    afterReload.hear([...world.files.values()]);
    afterReload.add([fileOf('a'), fileOf('b', 'new content')]);
    await settled(afterReload);
    expect(world.sends).toEqual(['a', 'b', 'b']);
  });

  it('believes the server about verified and wrong files', async () => {
    const world = new World();
    const queue = new UploadQueue(world, () => {});
    queue.add([fileOf('a'), fileOf('b')]);
    await settled(queue);
    const [a, b] = [...world.files.values()];
    queue.hear([
      { ...a!, state: 'verified' },
      { ...b!, state: 'mismatch' },
    ]);
    expect(queue.totals()).toMatchObject({ verifiedFiles: 1, failedFiles: 1 });
  });

  it('stops the digest of a file that is taken out, and goes on with the others', async () => {
    const world = new World();
    let stopped = false;
    const digest = world.digest.bind(world);
    world.digest = (file: TakenFile, signal?: AbortSignal) =>
      file.path === 'huge'
        ? new Promise((_, reject) =>
            signal?.addEventListener('abort', () => {
              stopped = true;
              reject(signal.reason as Error);
            }),
          )
        : digest(file);
    const queue = new UploadQueue(world, () => {});
    queue.add([fileOf('huge'), fileOf('small')]);
    await new Promise((done) => setTimeout(done, 20));
    queue.remove(['huge']);
    await settled(queue);
    expect(stopped).toBe(true);
    expect(world.sends).toEqual(['small']);
    expect(queue.totals()).toMatchObject({ files: 1, storedFiles: 1, failedFiles: 0 });
  });

  it('holds with forty thousand files: no more than a few are open at a time', async () => {
    const world = new World();
    let open = 0;
    let mostOpen = 0;
    let opened = 0;
    world.digest = async ({ path }) => {
      mostOpen = Math.max(mostOpen, ++open);
      opened++;
      await Promise.resolve();
      open--;
      return `sha-${path}`;
    };
    world.send = async ({ path, size }) => {
      mostOpen = Math.max(mostOpen, ++open);
      await Promise.resolve();
      open--;
      world.files.set(path, { ...world.files.get(path)!, state: 'sent', received: size });
    };
    const queue = new UploadQueue(world, () => {});
    const started = performance.now();
    queue.add(
      Array.from({ length: 40_000 }, (_, at) => ({
        path: `many/f${at}`,
        size: 10,
        modifiedAt: 0,
        open: () => Promise.reject(new Error('nobody opens a file before its turn')),
      })),
    );
    await settled(queue);
    expect(queue.totals()).toMatchObject({ files: 40_000, storedFiles: 40_000, failedFiles: 0 });
    expect(opened).toBe(40_000);
    expect(mostOpen).toBeLessThanOrEqual(5);
    expect(Math.max(...world.batches)).toBe(1000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('believes the server of what a request before a reload still brought, and sends what is still to come after all', async () => {
    const world = new World();
    const queue = new UploadQueue(world, () => {});
    const file = { path: 'a', size: 1, state: 'expected' as const, received: 0 };
    queue.hear([file]);
    queue.hear([{ ...file, state: 'verified', received: 1 }]);
    expect(queue.totals()).toMatchObject({ verifiedFiles: 1, storedFiles: 1 });
    // Parcels were taken in, and their files announced anew by another page meanwhile.
    world.takesTogether = () => true;
    const take = world.sendTogether.bind(world);
    world.sendTogether = async (parcel) =>
      (await take(parcel)).map((one) => one && { ...one, state: 'expected' as const, received: 0 });
    const names = Array.from({ length: 20 }, (_, at) => `f${at}`);
    queue.add(names.map((name) => fileOf(name)));
    await settled(queue);
    expect(world.parcels.length).toBeGreaterThan(0);
    expect([...world.sends].sort()).toEqual([...names].sort());
    expect(queue.totals()).toMatchObject({ storedFiles: 21, failedFiles: 0 });
  });
});
