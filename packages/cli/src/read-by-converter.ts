import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ImagePixels, completedFrom } from '@micrarium/formats';
import { ConverterFailed, convertByBioformats2raw } from '@micrarium/formats/node';
import type { Issue } from '@micrarium/model';
import { conversionIssue } from './conversion-issues.ts';
import { removeWhenKilled } from './leftovers.ts';

/** Images that another program read, in a temporary folder. */
export interface ReadByConverter {
  images: ImagePixels[];
  /** What our reader found, without what no longer holds, and who read the pixels. */
  issues(found: readonly Issue[]): Issue[];
  dispose(): Promise<void>;
}

/** At the command line a person can stop a run: only a runaway one is stopped by us. */
const longest = 24 * 3600_000;
const largest = 2e12;

/**
 * Has `bioformats2raw` read an input that we do not decode.
 * @param own images as our reader described them
 * @returns the images, or why there are none
 */
export async function readByConverter(
  program: string,
  input: string,
  own: ImagePixels[],
): Promise<ReadByConverter | { issue: Issue }> {
  const where = { where: { file: input } };
  const folder = await mkdtemp(join(tmpdir(), 'micrarium-converter-'));
  const isGone = removeWhenKilled(folder);
  const dispose = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    isGone();
  };
  try {
    const limits = { program: resolve(program), timeLimit: longest, diskLimit: largest };
    const made = await convertByBioformats2raw(resolve(input), folder, limits);
    completedFrom(made.images, own);
    const message = `The pixels of ${input} were read by ${made.program} (${made.version}).`;
    return {
      images: made.images,
      issues: (found) => [
        ...found.filter(({ code }) => code !== 'needs-converter' && code !== 'compression-not-read'),
        ...made.issues,
        conversionIssue('converter-read', message, where),
      ],
      dispose,
    };
  } catch (error) {
    await dispose();
    if (!(error instanceof ConverterFailed)) throw error;
    return { issue: conversionIssue('converter-gave-nothing', `${input}: ${error.message}`, where) };
  }
}
