import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConverterFailed, convertByBioformats2raw } from '@micrarium/formats/node';
import {
  type BlobStore,
  ConversionRefused,
  type ConversionRun,
  type ImageConverter,
  type StoredFile,
} from '@micrarium/repository';

/** Limits of a run, and where it may work. */
export interface ConverterSettings {
  program: string;
  minutes: number;
  gigabytes: number;
  /** Folder for the runs. */
  folder: string;
}

/**
 * Runs `bioformats2raw` on stored files: they are copied under their own names into a work folder of the run (through a
 * link the program could write into what was deposited), which is removed when its images were stored.
 */
export class Bioformats2RawConverter implements ImageConverter {
  private readonly blobs: Pick<BlobStore, 'pathOf'>;
  private readonly settings: ConverterSettings;
  private cleared: Promise<void> | undefined;

  constructor(blobs: Pick<BlobStore, 'pathOf'>, settings: ConverterSettings) {
    this.blobs = blobs;
    this.settings = settings;
  }

  async convert(files: readonly StoredFile[], main: string, signal?: AbortSignal): Promise<ConversionRun> {
    const { program, minutes, gigabytes, folder } = this.settings;
    await (this.cleared ??= this.clear());
    const work = join(folder, `${process.pid}-${randomUUID()}`);
    const dispose = (): Promise<void> => rm(work, { recursive: true, force: true });
    try {
      const bytes = files.reduce((sum, { size }) => sum + size, 0);
      if (bytes > gigabytes * 1e9)
        throw new ConversionRefused(`The files are larger than the ${gigabytes} GB a conversion may take`);
      const input = await this.layOut(files, main, join(work, 'input'));
      const made = await convertByBioformats2raw(input, work, {
        program,
        timeLimit: minutes * 60_000,
        diskLimit: gigabytes * 1e9,
        ...(signal ? { signal } : {}),
      });
      return { ...made, dispose };
    } catch (error) {
      await dispose();
      if (error instanceof ConverterFailed) throw new ConversionRefused(error.message, { cause: error });
      throw error;
    }
  }

  /** Files under their own names; the rules of drafts allow no path that leaves its folder, and neither do we. */
  private async layOut(files: readonly StoredFile[], main: string, folder: string): Promise<string> {
    for (const { path, sha256 } of files) {
      const target = join(folder, path);
      if (!target.startsWith(join(folder, '/'))) throw new ConversionRefused(`"${path}" is no path below a folder`);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(await this.blobs.pathOf(sha256), target, constants.COPYFILE_FICLONE);
    }
    return join(folder, files.find(({ path }) => path === main)?.path ?? files[0]!.path);
  }

  /** Removes what processes that are gone left behind. */
  private async clear(): Promise<void> {
    for (const name of await readdir(this.settings.folder).catch(() => [])) {
      const pid = Number(name.split('-')[0]);
      if (pid === process.pid || isAlive(pid)) continue;
      await rm(join(this.settings.folder, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
