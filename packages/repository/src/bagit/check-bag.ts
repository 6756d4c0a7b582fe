import { createHash } from 'node:crypto';
import type { FileEntry, FileTree } from '@micrarium/formats';
import { hasErrors, type Issue } from '@micrarium/model';
import { type BagIssueCode, bagIssue } from './bag-issues.ts';
import {
  isInside,
  isOld,
  knownDigests,
  type ManifestLine,
  readDeclaration,
  readFetch,
  readManifest,
  readOxum,
} from './bag-texts.ts';

/** What a bag is worth. */
export interface CheckedBag {
  /** `incomplete` where files are named that lie elsewhere and all else is right. */
  state: 'valid' | 'incomplete' | 'invalid';
  version?: string;
  /** Payload files and bytes that were found. */
  files: number;
  bytes: number;
  issues: Issue[];
}

type Digest = (typeof knownDigests)[number];

/** Longest tag file that is read: a manifest of a million files is about 150 MB. */
const longestTagFile = 2 ** 29;
const windowBytes = 2 ** 22;
const systemFiles = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/i;

/**
 * Checks a BagIt bag (RFC 8493; 0.93 to 0.97 as well) without changing or fetching anything: declaration, manifests, every
 * digest of every file, the payload's size. Files are read in windows.
 */
export async function checkBag(
  tree: FileTree,
  options: { signal?: AbortSignal; onProgress?(done: number): void } = {},
): Promise<CheckedBag> {
  return new BagCheck(tree, options).run();
}

class BagCheck {
  private readonly files: ReadonlyMap<string, FileEntry>;
  private readonly payload: readonly FileEntry[];
  private readonly options: { signal?: AbortSignal; onProgress?(done: number): void };
  private readonly issues: Issue[] = [];
  private version = '';
  private encoding = 'utf-8';
  private elsewhere = new Set<string>();
  private readBytes = 0;

  constructor(tree: FileTree, options: BagCheck['options']) {
    this.files = new Map(tree.entries.map((entry) => [entry.path, entry]));
    this.payload = tree.entries.filter(({ path }) => path.startsWith('data/'));
    this.options = options;
  }

  async run(): Promise<CheckedBag> {
    const bytes = this.payload.reduce((sum, { size }) => sum + size, 0);
    const about = { files: this.payload.length, bytes };
    if (await this.declare()) {
      this.checkClashes(this.payload.map(({ path }) => path));
      await this.readHoles();
      const lines = await this.readManifests('manifest');
      if (lines.size === 0) this.note('bag-manifest-missing', 'There is no payload manifest with a digest we know.');
      this.checkListing(lines);
      await this.checkDigests([...lines, ...(await this.readManifests('tagmanifest'))]);
      await this.checkOxum(about);
    }
    const state = hasErrors(this.issues) ? 'invalid' : this.elsewhere.size > 0 ? 'incomplete' : 'valid';
    return { state, ...(this.version === '' ? {} : { version: this.version }), ...about, issues: this.issues };
  }

  private note(code: BagIssueCode, message: string, where: Issue['where'] = {}): void {
    this.issues.push(bagIssue(code, message, { where }));
  }

  private async text(path: string): Promise<string | undefined> {
    const entry = this.files.get(path);
    if (!entry || entry.size > longestTagFile) return undefined;
    const bytes = await (await entry.open()).read(0, entry.size, this.options.signal);
    await entry.close?.();
    // The mark of byte order is kept: bagit.txt must not have one. In UTF-16 it says what follows.
    if (this.encoding !== 'utf-16') return new TextDecoder(this.encoding, { ignoreBOM: true }).decode(bytes);
    // Without a mark the larger byte comes first (RFC 2781).
    const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
    return new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(bytes);
  }

  private async declare(): Promise<boolean> {
    const text = await this.text('bagit.txt');
    const found = text === undefined ? undefined : readDeclaration(text);
    if (!found) {
      const reason = text === undefined ? 'bagit.txt is missing' : 'bagit.txt is not the two lines it must be';
      this.note('bag-declaration-wrong', `${reason}, so this is no bag.`, { file: 'bagit.txt' });
      return false;
    }
    this.version = found.version;
    try {
      // To a decoder "UTF-16" means that the smaller byte comes first.
      const isUtf16 = /^utf-?16$/i.test(found.encoding.trim());
      this.encoding = isUtf16 ? 'utf-16' : new TextDecoder(found.encoding).encoding;
    } catch {
      this.note('bag-declaration-wrong', `The encoding "${found.encoding}" is not known.`, {
        file: 'bagit.txt',
        line: 2,
      });
      return false;
    }
    return true;
  }

  private async readHoles(): Promise<void> {
    const text = await this.text('fetch.txt');
    if (text === undefined) return;
    for (const path of readFetch(text, this.version)) {
      if (isInside(path)) this.elsewhere.add(path);
      else
        this.note('bag-path-outside', `fetch.txt names "${path.slice(0, 200)}", which lies outside the bag.`, {
          file: 'fetch.txt',
        });
    }
    const absent = [...this.elsewhere].filter((path) => !this.files.has(path)).length;
    if (this.elsewhere.size > 0)
      this.note(
        'bag-files-elsewhere',
        `fetch.txt names ${this.elsewhere.size} files to be fetched; ${absent} of them are not here.`,
        { file: 'fetch.txt' },
      );
  }

  /** Lines of all manifests of a kind, by the name of the file. */
  private async readManifests(kind: 'manifest' | 'tagmanifest'): Promise<Map<string, ManifestLine[]>> {
    const found = new Map<string, ManifestLine[]>();
    for (const digest of knownDigests) {
      const file = `${kind}-${digest}.txt`;
      const text = await this.text(file);
      if (text !== undefined) found.set(file, this.linesOf(file, text));
    }
    return found;
  }

  private linesOf(file: string, text: string): ManifestLine[] {
    const lines = new Map<string, ManifestLine>();
    const marked = new Set<string>();
    for (const line of readManifest(text, this.version)) {
      if (typeof line === 'number')
        this.note('bag-manifest-malformed', `Line ${line} is no digest and path.`, { file, line });
      else if (!isInside(line.path))
        this.note(
          'bag-path-outside',
          `Line ${line.line} names "${line.path.slice(0, 200)}", which lies outside the bag.`,
          { file, line: line.line },
        );
      else {
        for (const mark of line.marks) marked.add(mark);
        const before = lines.get(line.path);
        if (before) this.noteTwice(file, before, line);
        else lines.set(line.path, line);
      }
    }
    if (marked.has('asterisk')) this.note('bag-made-by-md5sum', 'Paths begin with an asterisk.', { file });
    if (marked.has('dot-slash')) this.note('bag-path-relative', 'Paths begin with "./".', { file });
    this.checkClashes([...lines.keys()], file);
    return [...lines.values()];
  }

  private noteTwice(file: string, before: ManifestLine, line: ManifestLine): void {
    const where = { file, line: line.line };
    if (isOld(this.version) && before.digest === line.digest)
      this.note('bag-path-twice', `"${line.path}" is listed twice.`, where);
    else this.note('bag-manifest-malformed', `"${line.path}" is listed twice.`, where);
  }

  private checkClashes(paths: readonly string[], file?: string): void {
    const seen = new Map<string, string>();
    for (const path of paths) {
      const folded = path.normalize('NFC').toLowerCase();
      const other = seen.get(folded);
      if (other !== undefined && other !== path)
        this.note(
          'bag-names-clash',
          `"${other}" and "${path}" differ only in case or in how accents are written.`,
          file ? { file } : {},
        );
      seen.set(folded, path);
    }
  }

  /** Every payload file in every manifest; before 1.0 in one of them. */
  private checkListing(manifests: ReadonlyMap<string, ManifestLine[]>): void {
    const sets = [...manifests].map(([file, lines]) => ({
      file,
      paths: new Set(lines.map(({ path }) => path.normalize('NFC'))),
    }));
    for (const { path } of this.payload) {
      const without = sets.filter(({ paths }) => !paths.has(path.normalize('NFC')));
      const isMissing = isOld(this.version) ? without.length === sets.length && sets.length > 0 : without.length > 0;
      if (isMissing) this.note('bag-file-extra', `"${path}" is not listed in ${without[0]!.file}.`, { file: path });
    }
  }

  private async checkDigests(manifests: readonly (readonly [string, ManifestLine[]])[]): Promise<void> {
    const wanted = new Map<string, { digest: Digest; value: string; file: string; line: number }[]>();
    for (const [file, lines] of manifests) {
      const digest = /-(\w+)\.txt$/.exec(file)![1] as Digest;
      for (const { path, digest: value, line } of lines)
        wanted.set(path, [...(wanted.get(path) ?? []), { digest, value, file, line }]);
    }
    const byName = new Map([...this.files].map(([path, entry]) => [path.normalize('NFC').toLowerCase(), entry]));
    for (const [path, checks] of wanted) {
      const { file, line } = checks[0]!;
      const isSystemFile = systemFiles.test(path);
      if (isSystemFile) this.note('bag-system-file', `"${path}" was made by an operating system.`, { file, line });
      // On systems that fold case two listed paths may be one file.
      const entry = this.files.get(path) ?? byName.get(path.normalize('NFC').toLowerCase());
      if (entry) await this.compare(path, entry, checks);
      else if (!isSystemFile && !this.elsewhere.has(path))
        this.note('bag-file-missing', `"${path}" is listed and not there.`, { file, line });
    }
  }

  private async compare(
    path: string,
    entry: FileEntry,
    checks: readonly { digest: Digest; value: string; file: string; line: number }[],
  ): Promise<void> {
    const hashes = new Map(checks.map(({ digest }) => [digest, createHash(digest)]));
    const source = await entry.open();
    for (let at = 0; at < entry.size; at += windowBytes) {
      this.options.signal?.throwIfAborted();
      const bytes = await source.read(at, Math.min(windowBytes, entry.size - at), this.options.signal);
      for (const hash of hashes.values()) hash.update(bytes);
      this.readBytes += bytes.length;
      this.options.onProgress?.(this.readBytes);
    }
    await entry.close?.();
    const found = new Map([...hashes].map(([digest, hash]) => [digest, hash.digest('hex')]));
    for (const { digest, value, file, line } of checks)
      if (found.get(digest) !== value)
        this.note('bag-digest-differs', `"${path}" does not have the ${digest} that ${file} says.`, { file, line });
  }

  private async checkOxum({ files, bytes }: { files: number; bytes: number }): Promise<void> {
    const oxum = readOxum((await this.text('bag-info.txt')) ?? '');
    if (!oxum || (oxum.files === files && oxum.bytes === bytes) || this.elsewhere.size > 0) return;
    // Files of operating systems come and go on their own.
    if (this.issues.some(({ code }) => code === 'bag-system-file') && oxum.bytes === bytes) return;
    this.note(
      'bag-oxum-differs',
      `bag-info.txt says ${oxum.files} files of ${oxum.bytes} bytes; there are ${files} of ${bytes}.`,
      { file: 'bag-info.txt' },
    );
  }
}
