import type { TrackReader } from '../track-reader.ts';
import { trackmateIssue } from './issues.ts';
import { readTrackmate } from './read.ts';
import { TrackmateModel } from './to-model.ts';
import { lineAt } from './windows.ts';

const batchRows = 8192;
const windowBytes = 1 << 19;

/**
 * Reads TrackMate XML of every version, and MaMuT's, which is the same with another image reference. All tracks are
 * read, also those a filter hides; columns say which are visible.
 */
export const trackmateReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const entry = item.files[0];
    if (!entry) return { issues: [] };
    const source = await entry.open();
    const model = new TrackmateModel(sink, item.path, options.graphOnly === true);
    const fault = await readTrackmate(source, model, {
      batchRows,
      windowBytes,
      graphOnly: options.graphOnly === true,
      surveyKey: entry,
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    });
    await model.end();
    const issues = model.issues();
    if (fault) {
      const line = await lineAt(source, fault.offset, options.signal);
      issues.unshift(
        trackmateIssue(fault.code, `${fault.message} (line ${line}, byte ${fault.offset})`, {
          where: { file: item.path, line, offset: fault.offset },
        }),
      );
    }
    return { issues, ...(model.version === undefined ? {} : { formatVersion: model.version }) };
  },
};
