import { createHash } from 'node:crypto';
import {
  type FileSink,
  type FormatId,
  type Item,
  type MaskChoices,
  type ReadOptions,
  type TrackReader,
  type TrackWriter,
  type TrackWriterChoices,
  type WriteOptions,
  describeReport,
  findingsOfSet,
  inspectItem,
  maskReader,
  needsConverter,
  readTrackSets,
  recognitionIssue,
  withFindings,
} from '@micrarium/formats';
import { TargetExists, type WrittenFile, writeCompletely, writeResumably } from '@micrarium/formats/node';
import { type Issue, type TrackSet, hasErrors } from '@micrarium/model';
import { conversionIssue } from './conversion-issues.ts';
import { itemsOfPath } from './items-of-path.ts';
import { removeWhenKilled } from './leftovers.ts';
import { progressOn } from './progress.ts';
import { readByConverter } from './read-by-converter.ts';
import { writeToStream } from './standard-output.ts';
import type { Target } from './target.ts';
import { type Terminal, UsageError, exitCode, writeLine } from './terminal.ts';

/** What `convert --json` answers. */
interface Answer {
  input: string;
  output: string;
  format: FormatId;
  bytes: number;
  sha256: string;
  loss: Issue[];
  issues: Issue[];
}

/** Something that can be written once its losses are accepted. */
interface Prepared {
  loss: Issue[];
  issues: Issue[];
  layout: 'file' | 'folder';
  write(sink: FileSink, options: WriteOptions): Promise<void>;
  /** Removes what was made on the way. */
  dispose?(): Promise<void>;
}

/** How images are to be written, and which program reads those that we do not. */
export interface ImageChoices {
  version?: '0.4' | '0.5';
  layout?: 'bioformats2raw';
  /** Path of `bioformats2raw`. */
  converter?: string;
}

/** What was computed from a mask without the words of how: these were in no file, so leaving them out loses nothing. */
function asMeasured(set: TrackSet): TrackSet {
  const { pixelSize, imageSizes, frameInterval } = set.provenance;
  return {
    ...set,
    provenance: {
      ...(pixelSize ? { pixelSize } : {}),
      ...(imageSizes ? { imageSizes } : {}),
      ...(frameInterval === undefined ? {} : { frameInterval }),
    },
  };
}

/** Files of so many bytes are gathered for the writer without sets in between, where it can. */
const largeBytes = 32 << 20;

/** One run of `convert`: finds the input, reads it, says what will be lost, and writes. */
export class Conversion {
  private readonly result: Answer;
  private readonly target: Target;
  private readonly writing: TrackWriterChoices;
  private readonly terminal: Terminal;
  private readonly isJson: boolean;

  constructor(
    input: string,
    output: string,
    target: Target,
    writing: TrackWriterChoices,
    terminal: Terminal,
    isJson: boolean,
  ) {
    this.result = { input, output, format: target.id, bytes: 0, sha256: '', loss: [], issues: [] };
    this.target = target;
    this.writing = writing;
    this.terminal = terminal;
    this.isJson = isJson;
  }

  async refuseToReplace(): Promise<number> {
    const { output } = this.result;
    this.result.issues.push(conversionIssue('target-exists', `${output} exists already.`, { where: { file: output } }));
    return this.answer(exitCode.usage);
  }

  /** The one item of the input; `undefined` (with an issue) where the path is missing or not recognised. */
  async findItem(): Promise<Item | undefined> {
    const { input } = this.result;
    const { items, missing } = await itemsOfPath(input);
    if (missing === undefined && items.length > 1)
      throw new UsageError(`${input} holds ${items.length} items; name one of them, such as ${items[0]!.path}`);
    const found = items[0];
    const where = { where: { file: input } };
    if (found && found.item.format !== 'unknown') return found.item;
    this.result.issues.push(
      found
        ? recognitionIssue('not-recognised', `${input} is of no format we know.`, { ...where, severity: 'error' })
        : recognitionIssue('path-missing', `${input}: ${missing ?? 'the folder holds no files'}.`, where),
    );
    return undefined;
  }

  /** Reads the input; `undefined` (with an issue) where it holds nothing the target takes. */
  async prepare(
    item: Item,
    options: ReadOptions,
    choices: ImageChoices,
    masks?: MaskChoices,
  ): Promise<Prepared | undefined> {
    const progress = progressOn(this.terminal);
    const reading: ReadOptions = {
      ...options,
      onProgress: (fraction) => progress.show(fraction, `reading ${this.result.input}`),
    };
    try {
      const ofMasks = masks && item.descriptor?.images ? maskReader(masks) : undefined;
      const prepared =
        (ofMasks && (await this.prepareTracks(item, reading, ofMasks))) ||
        (this.target.tracks?.writer && item.descriptor?.tracks && (await this.prepareTracks(item, reading))) ||
        (this.target.images?.writer && item.descriptor?.images && (await this.prepareImages(item, reading, choices)));
      if (!prepared) return void (await this.reportNothing(item, options));
      this.result.issues.push(...prepared.issues.map((issue) => this.placed(issue, item)));
      this.result.loss.push(...prepared.loss.map((issue) => this.placed(issue, item)));
      return prepared;
    } finally {
      progress.clear();
    }
  }

  private async prepareTracks(item: Item, options: ReadOptions, given?: TrackReader): Promise<Prepared | undefined> {
    const reader = given ?? (await item.descriptor!.tracks!.reader());
    const writer = await this.trackWriter();
    const bytes = item.files.reduce((sum, file) => sum + file.size, 0);
    if (!given && writer.gather && bytes >= largeBytes) return this.prepareLarge(reader, writer, item, options);
    const { sets, issues } = await readTrackSets(reader, item, options);
    if (sets.every((set) => set.objects.count === 0)) {
      // What a mask lacks nobody else says.
      if (given) this.result.issues.push(...issues.map((issue) => this.placed(issue, item)));
      return undefined;
    }
    const losses = writer.losses(given ? sets.map(asMeasured) : sets);
    // What is only written in other words is no loss of what was computed a moment ago.
    const changes = given ? losses.filter(({ severity }) => severity === 'info') : [];
    return {
      loss: losses.filter((issue) => !changes.includes(issue)),
      issues: [
        ...changes,
        ...withFindings(
          issues,
          sets.flatMap((set) => findingsOfSet(set, item.path)),
        ),
      ],
      layout: writer.layout,
      write: (sink, writeOptions) => writer.write(sets, sink, writeOptions),
    };
  }

  private async trackWriter(): Promise<TrackWriter> {
    const isFile = this.result.output === '-' || /\.[ct]sv$/i.test(this.result.output);
    return this.target.tracks!.writer!({ container: isFile ? 'file' : 'folder', ...this.writing });
  }

  /** As `prepareTracks`, in less memory: the writer takes what the reader gives. */
  private async prepareLarge(
    reader: TrackReader,
    writer: TrackWriter,
    item: Item,
    options: ReadOptions,
  ): Promise<Prepared | undefined> {
    const gathering = writer.gather!(item.path);
    const { issues } = await reader.stream(item, gathering.sink, options);
    const gathered = gathering.finish();
    if (gathered.objects === 0) return undefined;
    const findings = gathered.sets.flatMap((set) => findingsOfSet(set, item.path));
    return {
      loss: gathered.losses(),
      issues: withFindings([...issues, ...gathered.issues], findings),
      layout: writer.layout,
      write: (sink, writeOptions) => gathered.write(sink, writeOptions),
    };
  }

  private async prepareImages(item: Item, options: ReadOptions, choices: ImageChoices): Promise<Prepared | undefined> {
    const reader = await item.descriptor!.images!.reader();
    const opened = await reader.open(item, options);
    const { converter, version, layout } = choices;
    const run =
      converter !== undefined && needsConverter(opened)
        ? await readByConverter(converter, this.result.input, opened.images)
        : undefined;
    if (run && 'issue' in run) this.result.issues.push(this.placed(run.issue, item));
    const converted = run && 'images' in run ? run : undefined;
    const images = converted?.images ?? opened.images;
    if (images.length === 0) return undefined;
    const isZip = this.result.output === '-' || /\.(ozx|zip)$/i.test(this.result.output);
    const writer = await this.target.images!.writer!({
      container: isZip ? 'zip' : 'folder',
      ...(version === undefined ? {} : { version }),
      ...(layout === undefined ? {} : { layout }),
    });
    return {
      loss: writer.losses(images),
      issues: converted ? converted.issues(opened.issues) : opened.issues,
      layout: writer.layout,
      write: (sink, writeOptions) => writer.write(images, sink, writeOptions),
      ...(converted ? { dispose: converted.dispose } : {}),
    };
  }

  private async reportNothing(item: Item, options: ReadOptions): Promise<void> {
    const report = await inspectItem(item, { path: this.result.input, ...options });
    const message = `${this.target.name} cannot take anything of this input (${describeReport(report)}).`;
    this.result.issues.push(
      ...report.issues,
      conversionIssue('nothing-to-convert', message, { where: { file: this.result.input } }),
    );
  }

  private placed(issue: Issue, item: Item): Issue {
    const { file } = issue.where;
    const isItem = file === undefined || file === item.path;
    return isItem ? { ...issue, where: { ...issue.where, file: this.result.input } } : issue;
  }

  /** @param resume what a run that goes on with an earlier one is known by; `false` to leave nothing behind */
  async write(prepared: Prepared, replace: boolean, resume: string | false = false): Promise<number> {
    const progress = progressOn(this.terminal);
    const { input, output } = this.result;
    const options: WriteOptions = {
      onProgress: (fraction) => progress.show(fraction, `writing ${output}`),
      title: input.slice(input.replace(/\/+$/, '').lastIndexOf('/') + 1),
    };
    const fill = (sink: FileSink) => prepared.write(sink, options);
    if (output === '-' && prepared.layout === 'folder')
      throw new UsageError(`${this.target.name} is a folder of files and cannot go to standard output`);
    try {
      const written =
        output === '-'
          ? await writeToStream(this.terminal.out, fill)
          : resume === false
            ? await writeCompletely(output, fill, { replace, onTemporary: removeWhenKilled })
            : await writeResumably(
                output,
                (sink, left) => prepared.write(sink, left ? { ...options, left } : options),
                { identity: resume, replace },
              );
      this.result.bytes = written.reduce((sum, file) => sum + file.bytes, 0);
      this.result.sha256 = digestOf(written);
    } catch (error) {
      if (error instanceof TargetExists) return this.refuseToReplace();
      const message = `Writing ${output} failed: ${error instanceof Error ? error.message : String(error)}`;
      this.result.issues.push(conversionIssue('target-not-written', message, { where: { file: output } }));
    } finally {
      progress.clear();
    }
    return this.answer(hasErrors(this.result.issues) ? exitCode.faulty : exitCode.good);
  }

  /** Says the result: the JSON line to standard output (or to standard error where that carries the file). */
  async answer(code: number): Promise<number> {
    const { out, err } = this.terminal;
    const { input, output, bytes, loss, issues } = this.result;
    if (this.isJson) await writeLine(output === '-' ? err : out, JSON.stringify(this.result));
    else {
      for (const issue of issues) await writeLine(err, `${issue.severity}: ${issue.message} [${issue.code}]`);
      for (const issue of loss) await writeLine(err, `loss: ${issue.message} [${issue.code}]`);
      if (code === exitCode.loss)
        await writeLine(
          err,
          `Nothing was written: ${this.target.name} cannot hold everything. Give --accept-loss to go on.`,
        );
      else if (bytes > 0) await writeLine(err, `${input} → ${output}: ${this.target.name}, ${bytes} bytes`);
    }
    return code;
  }
}

/** Digest of the one file; for a folder, of the list "DIGEST  PATH" of its files, sorted by path. */
function digestOf(written: readonly WrittenFile[]): string {
  if (written.length === 1 && written[0]!.path === '') return written[0]!.sha256;
  const list = written.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
  return createHash('sha256').update(list).digest('hex');
}
