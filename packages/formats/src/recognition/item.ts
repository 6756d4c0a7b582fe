import type { Issue } from '@micrarium/model';
import type { FileEntry, FileTree } from '../bytes/file-tree.ts';
import type { FormatDescriptor, Recognition } from './descriptor.ts';
import type { FormatId } from './format-id.ts';

/**
 * One thing a person would name: a file, a set of files, or a folder that belongs together. Readers get an item,
 * never a path.
 */
export interface Item {
  /** Path of the file or folder in the tree. */
  readonly path: string;
  /** Members, sorted by path; one for a single file. For a zip that holds the item: the archive. */
  readonly files: readonly FileEntry[];
  /**
   * The files as the reader shall see them, with paths relative to the item: the folder's content, the zip's entries,
   * or the one file.
   */
  readonly tree: FileTree;
  readonly format: FormatId;
  readonly recognition: Recognition;
  readonly descriptor?: FormatDescriptor;
  /** What was found wrong before any reader was asked: a damaged archive, an empty file. */
  readonly issues?: readonly Issue[];
  /** For an archive: reads every entry and checks sizes and check sums. */
  verifyArchive?(signal?: AbortSignal): Promise<Issue[]>;
}
