import { describe, expect, it } from 'vitest';
import { clearAbandonedUploads, expectFiles, fileArrived, noteReceived, removeFiles } from './deposit.ts';
import { createDraft, discardDraft, findDraft, saveDraft, viewDraft } from './drafts.ts';
import { depositFiles, openWorkbench, type Workbench } from './memory/workbench.ts';
import { RevisionConflict } from './ports/study-store.ts';
import { pieces } from './ports/suite-case.ts';
import { verifyFile } from './verify-files.ts';
import { DraftNotEditable, NotThere, Refused } from './refusals.ts';

const hello = { size: 5, sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' };

async function begin(): Promise<{ bench: Workbench; draftId: string }> {
  const bench = await openWorkbench();
  const { id } = await createDraft(bench, 'hanako');
  return { bench, draftId: id };
}

async function send(bench: Workbench, draftId: string, path: string, text: string, uploadId = 'u1'): Promise<void> {
  await bench.uploads.create(uploadId);
  await bench.uploads.append(uploadId, 0, pieces(text));
  await fileArrived(bench, draftId, path, uploadId);
}

const stateOf = async (bench: Workbench, draftId: string, path: string) =>
  (await bench.studies.getFile(draftId, path))?.state;

describe('depositing files', () => {
  it('goes from expected over sending and sent to verified, with the digest computed here', async () => {
    const { bench, draftId } = await begin();
    const [row] = await expectFiles(bench, draftId, [{ path: 'a/hello.txt', size: 5 }]);
    expect(row).toMatchObject({ state: 'expected', received: 0, mediaType: 'text/plain' });
    await noteReceived(bench, draftId, 'a/hello.txt', 3);
    expect(await bench.studies.getFile(draftId, 'a/hello.txt')).toMatchObject({ state: 'sending', received: 3 });
    await send(bench, draftId, 'a/hello.txt', 'hello');
    expect(await stateOf(bench, draftId, 'a/hello.txt')).toBe('sent');
    await bench.jobs.runAll();
    expect(await bench.studies.getFile(draftId, 'a/hello.txt')).toMatchObject({
      state: 'verified',
      sha256: hello.sha256,
    });
    expect(await bench.uploads.get('u1')).toBeUndefined();
  });

  it('refuses bad paths with a reason each, and takes none of the files', async () => {
    const { bench, draftId } = await begin();
    const files = ['ok.txt', '../x', 'OK.TXT'].map((path) => ({ path, size: 1 }));
    const refusal = await expectFiles(bench, draftId, files).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refused);
    expect((refusal as Refused).issues.map((one) => one.code)).toEqual(['path-leaves-study', 'path-collides']);
    expect(await bench.studies.listFiles(draftId, { limit: 9 })).toEqual([]);
  });

  it('marks bytes that are not those announced, drops them, and lets them be sent again', async () => {
    const { bench, draftId } = await begin();
    const announced = [{ path: 'x', ...hello }];
    await expectFiles(bench, draftId, announced);
    await send(bench, draftId, 'x', 'hullo');
    await bench.jobs.runAll();
    expect(await stateOf(bench, draftId, 'x')).toBe('mismatch');
    expect(await bench.uploads.get('u1')).toBeUndefined();
    expect((await expectFiles(bench, draftId, announced))[0]!.state).toBe('expected');
    await send(bench, draftId, 'x', 'hello', 'u2');
    await bench.jobs.runAll();
    expect(await stateOf(bench, draftId, 'x')).toBe('verified');
  });

  it('marks a file that is shorter than announced', async () => {
    const { bench, draftId } = await begin();
    await expectFiles(bench, draftId, [{ path: 'x', size: 500 }]);
    await send(bench, draftId, 'x', 'hello');
    await bench.jobs.runAll();
    expect(await stateOf(bench, draftId, 'x')).toBe('mismatch');
  });

  it('asks only for what is missing when it is announced again', async () => {
    const { bench, draftId } = await begin();
    await depositFiles(bench, draftId, { 'a.txt': 'hello' });
    await bench.jobs.runAll();
    const rows = await expectFiles(bench, draftId, [
      { path: 'a.txt', ...hello },
      { path: 'copy.txt', ...hello },
      { path: 'b.txt', size: 7 },
    ]);
    expect(rows.map((row) => row.state)).toEqual(['verified', 'verified', 'expected']);
  });

  it('does not tell of bytes that only somebody else has deposited', async () => {
    const { bench, draftId } = await begin();
    await depositFiles(bench, draftId, { 'a.txt': 'hello' });
    await bench.jobs.runAll();
    const other = await createDraft(bench, 'somebody else');
    expect((await expectFiles(bench, other.id, [{ path: 'b.txt', ...hello }]))[0]!.state).toBe('expected');
  });

  it('takes two uploads of one file in once', async () => {
    const { bench, draftId } = await begin();
    await expectFiles(bench, draftId, [{ path: 'x', ...hello }]);
    await send(bench, draftId, 'x', 'hello', 'u1');
    await send(bench, draftId, 'x', 'hello', 'u2');
    const jobs = bench.jobs.waiting.splice(0).map((job) => job.data as Parameters<typeof verifyFile>[1]);
    await Promise.all(jobs.map((job) => verifyFile(bench, job)));
    expect(jobs).toHaveLength(2);
    expect(await stateOf(bench, draftId, 'x')).toBe('verified');
    for (const id of ['u1', 'u2']) expect(await bench.uploads.get(id)).toBeUndefined();
  });

  it('finds bytes that a killed run had taken in, and asks again for bytes that are lost', async () => {
    const { bench, draftId } = await begin();
    const job = { draftId, path: 'x', uploadId: 'u1' };
    await expectFiles(bench, draftId, [{ path: 'x', ...hello }]);
    await send(bench, draftId, 'x', 'hello');
    await verifyFile(bench, job);
    await bench.studies.updateFile(draftId, 'x', { state: 'sent' });
    await verifyFile(bench, job);
    expect(await stateOf(bench, draftId, 'x')).toBe('verified');
    await bench.studies.updateFile(draftId, 'x', { state: 'sent' });
    await bench.blobs.remove(hello.sha256);
    await verifyFile(bench, job);
    expect(await stateOf(bench, draftId, 'x')).toBe('expected');
  });

  it('has a file read whose digest a run had noted that was killed before it asked for that', async () => {
    const { bench, draftId } = await begin();
    await expectFiles(bench, draftId, [{ path: 'notes.txt', size: 5 }]);
    await send(bench, draftId, 'notes.txt', 'hello');
    const kill = new Error('killed');
    const dying = { ...bench, jobs: { ...bench.jobs, send: () => Promise.reject(kill) } } as unknown as Workbench;
    await expect(verifyFile(dying, { draftId, path: 'notes.txt', uploadId: 'u1' })).rejects.toBe(kill);
    expect(await stateOf(bench, draftId, 'notes.txt')).toBe('verified');
    await bench.jobs.runAll();
    expect((await viewDraft(bench, await findDraft(bench, draftId))).items).toHaveLength(1);
  });

  it('frees the bytes of removed and replaced files and of discarded drafts, but not those others use', async () => {
    const { bench, draftId } = await begin();
    await depositFiles(bench, draftId, { 'a.txt': 'hello', 'b.txt': 'hello', 'c.txt': 'own' });
    await bench.jobs.runAll();
    const own = (await bench.studies.getFile(draftId, 'c.txt'))!.sha256!;
    await removeFiles(bench, draftId, ['a.txt', 'not there']);
    expect(await bench.blobs.has(hello.sha256)).toBe(true);
    await expectFiles(bench, draftId, [{ path: 'b.txt', size: 9 }]);
    expect(await bench.blobs.has(hello.sha256)).toBe(false);
    await discardDraft(bench, draftId);
    expect(await bench.blobs.has(own)).toBe(false);
    await expect(viewOf(bench, draftId)).rejects.toBeInstanceOf(NotThere);
  });

  it('changes nothing in a draft that is being published', async () => {
    const { bench, draftId } = await begin();
    await bench.studies.moveDraft(draftId, 'editing', 'publishing');
    const attempts = [
      expectFiles(bench, draftId, [{ path: 'x', size: 1 }]),
      removeFiles(bench, draftId, ['x']),
      fileArrived(bench, draftId, 'x', 'u1'),
      saveDraft(bench, draftId, 1, { note: 'x' }),
      discardDraft(bench, draftId),
    ];
    for (const one of await Promise.allSettled(attempts))
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(DraftNotEditable) as Error });
  });

  it('lets the first of two people save, and tells the second', async () => {
    const { bench, draftId } = await begin();
    await saveDraft(bench, draftId, 1, { note: 'first' });
    await expect(saveDraft(bench, draftId, 1, { note: 'second' })).rejects.toBeInstanceOf(RevisionConflict);
  });

  it('clears uploads nobody continued for a week', async () => {
    const { bench } = await begin();
    await bench.uploads.create('old');
    expect(await clearAbandonedUploads(bench, new Date('1970-01-07T23:00:00Z'))).toBe(0);
    expect(await clearAbandonedUploads(bench, new Date('1970-01-08T01:00:00Z'))).toBe(1);
    expect(await bench.uploads.get('old')).toBeUndefined();
  });
});

async function viewOf(bench: Workbench, draftId: string) {
  const { findDraft } = await import('./drafts.ts');
  return await viewDraft(bench, await findDraft(bench, draftId));
}
