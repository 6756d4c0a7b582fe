import { spawn } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
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

function run(cwd: string, script: string, args: string[], onChild: (stop: () => void) => void): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
      // Whatever the environment is called: pages built for developers note the way to every element, and are slow.
      env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    });
    onChild(() => child.kill());
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Where bundles are made and looked for. */
export interface BundlePlace {
  /** Folder of the web package; `dist` below it holds the bundle. */
  folder: string;
  /** Ends with 0 where the bundle is of the sources as they are. */
  stamp: string;
  /** Vite's command. */
  vite: string;
}

const ours: BundlePlace = {
  folder: webFolder,
  stamp: join(webFolder, 'build/stamp.ts'),
  vite: fileURLToPath(new URL('../../../../node_modules/vite/bin/vite.js', import.meta.url)),
};

/**
 * The bundle in `packages/web/dist`, if it was made of the sources as they are; else one is made in a child process, while
 * an older one, if there is one, is not served: pages and server must speak of the same things. It is made beside `dist` and takes its
 * place whole, for another server of this checkout may be serving it, or making one too.
 */
export function prepareWebBundle(say: (line: string) => void, place: BundlePlace = ours): WebBundle {
  const dist = join(place.folder, 'dist');
  const making = join(place.folder, `dist-${process.pid}`);
  let isBeingMade = true;
  let stop = () => {};
  const take = (stopChild: () => void) => {
    stop = stopChild;
  };
  const isThere = () => existsSync(join(dist, 'index.html'));
  const start = (script: string, args: string[]) => run(place.folder, script, args, take);
  const isFresh = async () => isThere() && (!existsSync(place.stamp) || (await start(place.stamp, [])) === 0);
  const make = async () => {
    if (!(await isFresh())) {
      clearLeft(place.folder);
      say('Building the pages (once; about half a minute)');
      const code = await start(place.vite, ['build', '--logLevel', 'error', '--outDir', making]);
      if (code === 0) takePlace(making, dist);
      // Another process may have made them meanwhile.
      else if (!(await isFresh()))
        say('The pages could not be built; the interface at /api/v1 works without them. Try: npm run build');
      rmSync(making, { recursive: true, force: true });
    }
    isBeingMade = false;
  };
  return {
    // Asked anew each time: `npm run build` empties the folder and fills it again while servers run.
    folder: () => (!isBeingMade && isThere() ? dist : undefined),
    isBeingMade: () => isBeingMade,
    settled: make(),
    stop: () => stop(),
  };
}

/** Takes away what makings left whose process was killed. */
function clearLeft(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^dist-(\d+)(-old)?$/.exec(name)?.[1]);
    if (pid > 0 && !isRunning(pid)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    // Somebody else's process.
    return (fault as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Puts a made bundle in the place of an older one. Where another process was quicker, its bundle stays: it is of the same sources. */
function takePlace(made: string, dist: string): void {
  const old = `${made}-old`;
  try {
    renameSync(dist, old);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ENOENT') throw fault;
  }
  try {
    renameSync(made, dist);
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw fault;
  }
  rmSync(old, { recursive: true, force: true });
}
