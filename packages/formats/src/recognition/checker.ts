import type { Issue } from '@micrarium/model';
import type { FileSink } from '../tracks/track-reader.ts';
import type { Item } from './item.ts';

/** Holds items to all rules of their format, beyond what a reader meets, and mends what can be mended. */
export interface FormatChecker {
  /**
   * What departs from the format and is not said by its reader, or said less exactly: under codes of the reader it takes
   * their place. Nothing is thrown for what the data say.
   */
  check(item: Item, options?: { signal?: AbortSignal }): Promise<Issue[]>;
  /**
   * Writes the item again, mended, as one file at the path `''`. Values are not changed; what cannot be known stays.
   * @returns what was changed; empty where nothing had to be
   * @throws what the sink throws; for data that cannot be read at all, the issue is in `unreadable` and nothing is written
   */
  fix?(
    item: Item,
    sink: FileSink,
    options?: { signal?: AbortSignal },
  ): Promise<{ changes: Issue[]; unreadable?: Issue }>;
}
