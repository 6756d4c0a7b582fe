import assert from 'node:assert/strict';
import { pieces, type SuiteCase } from './suite-case.ts';
import { type UploadArea, UploadMissing, UploadOffsetWrong } from './upload-area.ts';

async function contentOf(uploads: UploadArea, id: string, from?: number): Promise<string> {
  let text = '';
  for await (const piece of uploads.read(id, from)) text += new TextDecoder().decode(piece);
  return text;
}

/** What every upload area must do. */
export function uploadAreaSuite(open: () => Promise<UploadArea>): SuiteCase[] {
  return [
    {
      name: 'keeps bytes in order over several requests and tells the size',
      async run() {
        const uploads = await open();
        await uploads.create('a');
        assert.equal(await uploads.append('a', 0, pieces('one ', 'two ')), 8);
        assert.equal(await uploads.append('a', 8, pieces('three')), 13);
        assert.equal((await uploads.get('a'))?.size, 13);
        assert.equal(await contentOf(uploads, 'a'), 'one two three');
      },
    },
    {
      name: 'gives the bytes from any place on',
      async run() {
        const uploads = await open();
        await uploads.create('a');
        for (const [at, text] of ['one ', 'two ', 'three'].entries()) await uploads.append('a', at * 4, pieces(text));
        for (const [from, expected] of [
          [0, 'one two three'],
          [2, 'e two three'],
          [4, 'two three'],
          [12, 'e'],
          [13, ''],
        ] as const)
          assert.equal(await contentOf(uploads, 'a', from), expected);
      },
    },
    {
      name: 'keeps what arrived before the connection broke, and says that it broke',
      async run() {
        const uploads = await open();
        await uploads.create('a');
        await assert.rejects(uploads.append('a', 0, pieces('arrived', new Error('gone'))), /gone/);
        assert.equal((await uploads.get('a'))?.size, 7);
        assert.equal(await uploads.append('a', 7, pieces('.')), 8);
      },
    },
    {
      name: 'refuses bytes for another offset and writes nothing of them',
      async run() {
        const uploads = await open();
        await uploads.create('a');
        await uploads.append('a', 0, pieces('1234'));
        await assert.rejects(uploads.append('a', 2, pieces('xx')), UploadOffsetWrong);
        await assert.rejects(uploads.append('a', 9, pieces('xx')), UploadOffsetWrong);
        assert.equal(await contentOf(uploads, 'a'), '1234');
      },
    },
    {
      name: 'lets one of several writers of one offset win',
      async run() {
        const uploads = await open();
        await uploads.create('a');
        const writers = ['aaaa', 'bbbb', 'cccc'].map((text) => uploads.append('a', 0, pieces(text)));
        const outcomes = await Promise.allSettled(writers);
        assert.equal(outcomes.filter((one) => one.status === 'fulfilled').length, 1);
        assert.match(await contentOf(uploads, 'a'), /^(a{4}|b{4}|c{4})$/);
      },
    },
    {
      name: 'does not empty an upload that is created again',
      async run() {
        const uploads = await open();
        await uploads.create('a');
        await uploads.append('a', 0, pieces('kept'));
        await uploads.create('a');
        assert.equal(await contentOf(uploads, 'a'), 'kept');
      },
    },
    {
      name: 'knows no upload that was never begun or is removed, and refuses names that are paths',
      async run() {
        const uploads = await open();
        assert.equal(await uploads.get('nothing'), undefined);
        await assert.rejects(uploads.append('nothing', 0, pieces('x')), UploadMissing);
        await assert.rejects(contentOf(uploads, 'nothing'), UploadMissing);
        await uploads.create('a');
        await uploads.remove('a');
        await uploads.remove('a');
        assert.equal(await uploads.get('a'), undefined);
        for (const name of ['../a', 'a/b', '', 'a.b', 'x'.repeat(65)])
          await assert.rejects(uploads.create(name), UploadMissing);
      },
    },
    {
      name: 'lists every upload',
      async run() {
        const uploads = await open();
        for (const id of ['a', 'b']) await uploads.create(id);
        const ids: string[] = [];
        for await (const upload of uploads.list()) ids.push(upload.uploadId);
        assert.deepEqual(ids.sort(), ['a', 'b']);
      },
    },
  ];
}
