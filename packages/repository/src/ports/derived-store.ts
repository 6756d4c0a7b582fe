import type { ByteSource, FileSink } from '@micrarium/formats';

/**
 * Forms made from deposited files: droppable and rebuildable. A form is a folder under a key derived from content and
 * recipe, so making it twice gives the same thing; it appears complete or not at all.
 */
export interface DerivedStore {
  /** The bytes do not lie on this machine: they are read by `open`, and `pathOf` fetches a copy of the whole file. */
  readonly isElsewhere?: boolean;
  /**
   * Makes a form: `make` writes into a work folder which then takes its place at once. Two makers of one key: one result.
   * Where the process is killed or the signal ends it, archives (`.ozx`) that were begun stay, and the next maker of the
   * key finds them by `left` of its sink; what failed otherwise is removed.
   */
  build(
    key: string,
    make: (sink: FileSink, workFolder: string) => Promise<void>,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<void>;
  /** Path on this machine of a file of a form; `undefined` where it is not there (dropped, or never made). */
  pathOf(key: string, path: string): Promise<string | undefined>;
  /** Bytes of a file of a form, by range; `undefined` where it is not there. */
  open(key: string, path: string): Promise<(ByteSource & { close(): Promise<void> }) | undefined>;
  /** Files of a form with sizes; `undefined` where it is not there. */
  list(key: string): Promise<{ path: string; size: number }[] | undefined>;
  drop(key: string): Promise<void>;
}
