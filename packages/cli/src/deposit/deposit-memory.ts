import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** What is remembered of one deposit: the same paths to the same server. */
interface Remembered {
  draft?: string;
  /** Addresses of uploads under way, by `uploadKey`. */
  uploads: Record<string, string>;
}

/** Remembers which draft a deposit went to and which uploads were under way, so that running it again goes on. */
export interface DepositMemory {
  draft(): string | undefined;
  upload(key: string): string | undefined;
  /** Notes and writes to disk. A disk that cannot be written costs only the resuming. */
  note(change: { draft?: string; upload?: readonly [key: string, url: string | undefined] }): Promise<void>;
}

/** Key of an upload: other bytes at the same path are another upload. */
export function uploadKey(draft: string, file: { path: string; size: number; sha256: string }): string {
  return `${draft}\n${file.path}\n${file.size}\n${file.sha256}`;
}

/** Folder of what is remembered: `XDG_STATE_HOME`, else `~/.local/state`. Nothing in it is secret. */
function stateFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return join(environment.XDG_STATE_HOME || join(homedir(), '.local/state'), 'micrarium/deposits');
}

/** Opens what is remembered of depositing these paths to this server. */
export async function openMemory(
  server: string,
  paths: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<DepositMemory> {
  const folder = stateFolder(environment);
  const about = [server, ...paths.map((path) => resolve(path)).sort()].join('\n');
  const file = join(folder, `${createHash('sha256').update(about).digest('hex').slice(0, 32)}.json`);
  const state: Remembered = await readFile(file, 'utf8').then(
    (text) => ({ uploads: {}, ...(JSON.parse(text) as Partial<Remembered>) }),
    () => ({ uploads: {} }),
  );
  let writing: Promise<void> = Promise.resolve();
  const write = async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const part = `${file}.${process.pid}.part`;
    await writeFile(part, JSON.stringify(state), { mode: 0o600 });
    await rename(part, file);
  };
  return {
    draft: () => state.draft,
    upload: (key) => state.uploads[key],
    async note({ draft, upload }) {
      if (draft !== undefined) state.draft = draft;
      if (upload?.[1] !== undefined) state.uploads[upload[0]] = upload[1];
      else if (upload) delete state.uploads[upload[0]];
      writing = writing.then(write).catch(() => undefined);
      await writing;
    },
  };
}
