import { createServer, type Socket } from 'node:net';

/** What the scanner of tests takes for malicious. */
export const signature = 'MICRARIUM-TEST-SIGNATURE';

/** A scanner that speaks as clamd does (clamd(8), INSTREAM), with one signature. */
export interface FakeClamd {
  /** As it stands in the settings. */
  address: string;
  /** Its StreamMaxLength: of what is larger it says so, and closes. */
  limit: number;
  /**
   * `breaks`: goes away in the middle of a file; `fails`: says a fault of its own; `mute`: never answers; `swallows`: what it says of the next
   * file that is too large is lost with the connection.
   */
  manner: 'answers' | 'breaks' | 'fails' | 'mute' | 'swallows';
  /** Number of its list of signatures. */
  signatures: number;
  /** Further texts it knows by that list. */
  known: string[];
  /** What came: of each file its bytes, and the largest piece. */
  seen: { bytes: number; largest: number }[];
  close(): Promise<void>;
}

/** @param at port or path of the socket; 0: any port */
export async function openFakeClamd(at: number | string = 0): Promise<FakeClamd> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    converse(socket, daemon);
  });
  const daemon: FakeClamd = {
    address: '',
    limit: 1_000_000,
    manner: 'answers',
    signatures: 27_450,
    known: [],
    seen: [],
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
  await new Promise<void>((resolve) => {
    if (typeof at === 'string') server.listen(at, resolve);
    else server.listen(at, '127.0.0.1', resolve);
  });
  const bound = server.address();
  daemon.address = typeof bound === 'string' ? bound : `127.0.0.1:${bound!.port}`;
  return daemon;
}

function converse(socket: Socket, daemon: FakeClamd): void {
  let rest = Buffer.alloc(0);
  let state: 'command' | 'pieces' | 'over' = 'command';
  const pieces: Buffer[] = [];
  const seen = { bytes: 0, largest: 0 };
  const answer = (text: string) => {
    state = 'over';
    // As clamd does: what is still on its way is not waited for.
    socket.end(`${text}\0`, () => socket.destroy());
  };
  socket.on('data', (part: Buffer) => {
    if (state === 'over') return;
    rest = Buffer.concat([rest, part]);
    if (state === 'command') {
      const end = rest.indexOf(0);
      if (end < 0) return;
      const command = rest.toString('utf8', 0, end);
      if (command === 'zVERSION') return answer(`ClamAV 1.4.1/${daemon.signatures}/Sun Nov 22 08:00:00 2026`);
      if (command !== 'zINSTREAM') return answer('UNKNOWN COMMAND');
      rest = rest.subarray(end + 1);
      state = 'pieces';
      daemon.seen.push(seen);
    }
    while (rest.length >= 4) {
      const length = rest.readUInt32BE(0);
      if (length === 0) return finish();
      if (seen.bytes + length > daemon.limit && daemon.manner === 'swallows') {
        daemon.manner = 'answers';
        return void socket.resetAndDestroy();
      }
      if (seen.bytes + length > daemon.limit) return answer('INSTREAM size limit exceeded. ERROR');
      if (rest.length < 4 + length) return;
      pieces.push(rest.subarray(4, 4 + length));
      rest = rest.subarray(4 + length);
      seen.bytes += length;
      seen.largest = Math.max(seen.largest, length);
      if (daemon.manner === 'breaks') return void socket.destroy();
    }
  });
  const finish = () => {
    if (daemon.manner === 'mute') return;
    if (daemon.manner === 'fails') return answer("stream: Can't allocate memory ERROR");
    const all = Buffer.concat(pieces);
    const isFound = [signature, ...daemon.known].some((text) => all.includes(text));
    answer(isFound ? 'stream: Test.Signature-1 FOUND' : 'stream: OK');
  };
}
