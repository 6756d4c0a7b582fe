import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const webFolder = fileURLToPath(new URL('../../../web', import.meta.url));

/** The built pages, or the making of them. */
export interface WebBundle {
  /** Folder with `index.html`, once there is one. */
  folder(): string | undefined;
  isBeingMade(): boolean;
  /** Resolves when nothing is being made any more. */
  settled: Promise<void>;
  /** Ends the making. */
  stop(): void;
}

function run(script: string, args: string[], onChild: (stop: () => void) => void): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: webFolder,
      stdio: ['ignore', 'ignore', 'inherit'],
      // Whatever the environment is called: pages built for developers note the way to every element, and are slow.
      env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    });
    onChild(() => child.kill());
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * The bundle in `packages/web/dist`, if it was made of the sources as they are; else one is made in a child process, while
 * an older one, if there is one, is not served: pages and server must speak of the same things.
 */
export function prepareWebBundle(say: (line: string) => void): WebBundle {
  const dist = join(webFolder, 'dist');
  const stamp = join(webFolder, 'build/stamp.ts');
  const vite = fileURLToPath(new URL('../../../../node_modules/vite/bin/vite.js', import.meta.url));
  let isReady = false;
  let isBeingMade = true;
  let stop = () => {};
  const take = (stopChild: () => void) => {
    stop = stopChild;
  };
  const make = async () => {
    const isFresh = existsSync(join(dist, 'index.html')) && (!existsSync(stamp) || (await run(stamp, [], take)) === 0);
    if (!isFresh) {
      say('Building the pages (once; about half a minute)');
      if ((await run(vite, ['build', '--logLevel', 'error'], take)) !== 0) {
        say('The pages could not be built; the interface at /api/v1 works without them. Try: npm run build');
      }
    }
    isReady = existsSync(join(dist, 'index.html'));
    isBeingMade = false;
  };
  return {
    folder: () => (isReady ? dist : undefined),
    isBeingMade: () => isBeingMade,
    settled: make(),
    stop: () => stop(),
  };
}
