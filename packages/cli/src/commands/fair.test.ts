import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { FairReport } from '@micrarium/standards';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../terminal.ts';
import { fair } from './fair.ts';

let server: Server;
let origin: string;

/** A page that says who and what, and leads by a redirect; nothing else is there. */
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/studies/S-1') response.writeHead(302, { location: '/studies/S-1/v/1' }).end();
    else if (request.url === '/studies/S-1/v/1')
      response
        .writeHead(200, { 'content-type': 'text/html', link: `<${origin}/studies/S-1/v/1>; rel="cite-as"` })
        .end('<meta name="DC.title" content="Worms"><meta name="DC.creator" content="Ada">');
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const code = await fair(args, { out, err, environment: {} });
  out.end();
  err.end();
  return { code, out: await text(out), err: await text(err) };
}

test('judges what the web shows of a study, says what to do, and ends with 1 where points are missing', async () => {
  const { code, out, err } = await run('S-1', '--server', `${origin}/`);
  expect([code, err]).toEqual([1, '']);
  expect(out).toContain(`${origin}/studies/S-1/v/1\n`);
  expect(out).toMatch(/^2\/2 +FsF-F4-01M /m);
  expect(out).toMatch(/^0\/1 +FsF-R1\.1-01M .*\n +- no licence is stated\n +To do: State the licence/m);
  const json = JSON.parse((await run(`${origin}/studies/S-1`, '--json')).out) as FairReport;
  expect([json.address, json.possible, json.metrics.length]).toEqual([`${origin}/studies/S-1/v/1`, 26, 17]);
  expect(out).toContain(`\n${json.earned} of 26 points\n`);
});

test('a page that is not there, a resolver of one’s own, and wrong usage', async () => {
  const gone = await run('10.5072/nothing', '--resolver', `${origin}/`);
  expect([gone.code, gone.err]).toEqual([1, `micrarium: ${origin}/10.5072/nothing cannot be read: it answers 404\n`]);
  expect((await run('http://127.0.0.1:1/')).err).toContain('cannot be read');
  for (const args of [[], ['a', 'b'], ['S-1'], ['no words'], [origin, '--resolver', 'x']])
    await expect(fair(args, { out: new PassThrough(), err: new PassThrough(), environment: {} })).rejects.toThrow(
      UsageError,
    );
});
