import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to a server that can be cut, like a network that fails. */
export interface CuttableLine {
  /** Address of the server over this line. */
  url: string;
  /** Breaks every connection and accepts none until `mend`. */
  cut(): void;
  mend(): void;
  close(): void;
}

/** Lays a line to a server of this machine. */
export async function layLine(serverUrl: string): Promise<CuttableLine> {
  const port = Number(new URL(serverUrl).port);
  const sockets = new Set<Socket>();
  let isCut = false;
  const line = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((done) => line.listen(0, '127.0.0.1', done));
  const drop = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    cut() {
      isCut = true;
      drop();
    },
    mend() {
      isCut = false;
    },
    close() {
      drop();
      line.close();
    },
  };
}
