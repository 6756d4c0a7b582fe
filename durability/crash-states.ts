import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { DiskOperation } from './disk-log.ts';

/** What a name can lead to. Folders hold no names themselves: those are changes, each of which may be lost. */
type Node =
  | { kind: 'folder' }
  | { kind: 'link'; target: string }
  | { kind: 'file'; base: Uint8Array; changes: DataChange[] };

interface DataChange {
  index: number;
  at: number;
  /** `undefined`: the file is cut at `at`. */
  bytes: Uint8Array | undefined;
  /** Index of the operation that made it durable. */
  durableAt: number;
}

/** A change of names: atomic, as file systems with a journal do it. */
interface NameChange {
  index: number;
  sets: { folder: number; name: string; node: number }[];
  clears: { folder: number; name: string }[];
  durableAt: number;
}

/** Which of the changes that no sync has made durable a power cut left on the disk; of a data change perhaps a part. */
export interface Loss {
  /** Operations that had begun when the power went. */
  after: number;
  names: ReadonlySet<number>;
  data: ReadonlySet<number>;
  /** Data change of which only the first half (at most; in sectors of 512 bytes) was kept. */
  torn?: number;
}

const never = Number.POSITIVE_INFINITY;

/**
 * What a disk may hold after a power cut, by the rules of POSIX: contents are certain after a sync of the file, names after a sync of their
 * folder, and of everything else any part may be lost, in any order. A rename is lost or kept as a whole.
 */
export class DiskModel {
  private readonly root: string;
  private readonly nodes: Node[] = [{ kind: 'folder' }];
  private readonly names: NameChange[] = [];
  /** Names as readers see them while the machine runs. */
  private readonly live = new Map<number, Map<string, number>>([[0, new Map()]]);
  private count = 0;

  /** Takes a folder as it lies there; all of it counts as durable. */
  constructor(root: string) {
    this.root = root;
    this.load(root);
    for (const change of this.names) change.durableAt = -1;
    for (const node of this.nodes) if (node.kind === 'file') for (const one of node.changes) one.durableAt = -1;
  }

  /** Number of operations applied. */
  get length(): number {
    return this.count;
  }

  apply(operation: DiskOperation): void {
    const index = this.count++;
    switch (operation.op) {
      case 'promise':
        return;
      case 'mkdir':
        if (this.find(operation.path) === undefined) this.add(operation.path, index, { kind: 'folder' });
        return;
      case 'create':
        this.add(operation.path, index, { kind: 'file', base: new Uint8Array(), changes: [] });
        return;
      case 'symlink':
        this.add(operation.path, index, { kind: 'link', target: operation.target });
        return;
      case 'link':
        this.change(index, [{ path: operation.to, node: this.need(operation.from) }], []);
        return;
      case 'rename':
        this.change(index, [{ path: operation.to, node: this.need(operation.from) }], [operation.from]);
        return;
      case 'unlink':
      case 'rmdir':
        this.change(index, [], [operation.path]);
        return;
      case 'write':
      case 'truncate': {
        const node = this.nodes[this.need(operation.path)]!;
        if (node.kind !== 'file') return;
        const isWrite = operation.op === 'write';
        const at = isWrite ? operation.at : operation.size;
        node.changes.push({ index, at, bytes: isWrite ? operation.bytes : undefined, durableAt: never });
        return;
      }
      case 'sync':
        this.sync(this.need(operation.path), operation.began, index);
        return;
      case 'sync-failed': {
        // The kernel may mark the pages as written although they are not: no later sync helps, only writing again.
        const node = this.nodes[this.need(operation.path)]!;
        if (node.kind === 'file')
          for (const one of node.changes) if (one.durableAt === never) one.durableAt = Number.NaN;
      }
    }
  }

  /** Losses worth trying after `after` operations: everything, nothing, each alone, each alone kept, in order, torn; and some at random. */
  *losses(after: number, random: () => number, atRandom = 4): Generator<Loss> {
    const isOpen = (one: { index: number; durableAt: number }) => one.index < after && !(one.durableAt < after);
    const names = this.names.filter(isOpen).map(({ index }) => index);
    const data = this.nodes.flatMap((node) => (node.kind === 'file' ? node.changes.filter(isOpen) : []));
    const written = data.map(({ index }) => index);
    const all = [...names, ...written];
    const keep = (kept: (index: number) => boolean, torn?: number): Loss => ({
      after,
      names: new Set(names.filter(kept)),
      data: new Set(written.filter(kept)),
      ...(torn === undefined ? {} : { torn }),
    });
    yield keep(() => true);
    if (all.length === 0) return;
    yield keep(() => false);
    yield keep((index) => names.includes(index));
    for (const one of all) {
      yield keep((index) => index !== one);
      yield keep((index) => index === one);
      yield keep((index) => index <= one);
    }
    for (const one of written) yield keep(() => true, one);
    for (let tries = 0; tries < atRandom; tries++) yield keep(() => random() < 0.5);
  }

  /** Lays a state down in an empty folder. */
  lay(loss: Loss, folder: string): void {
    const entries = this.namesAfter(loss);
    const placed = new Map<number, string>();
    const write = (id: number, path: string) => {
      const node = this.nodes[id]!;
      const there = placed.get(id);
      if (node.kind === 'folder') {
        mkdirSync(path, { recursive: true });
        for (const [name, child] of entries.get(id) ?? []) write(child, join(path, name));
      } else if (node.kind === 'link') symlinkSync(node.target, path);
      else if (there !== undefined) linkSync(there, path);
      else {
        writeFileSync(path, this.contentAfter(node, loss));
        placed.set(id, path);
      }
    };
    write(0, folder);
  }

  /** Tells two states apart without laying them down. */
  signature(loss: Loss): string {
    const entries = this.namesAfter(loss);
    const hash = createHash('sha1');
    const visit = (id: number, path: string) => {
      const node = this.nodes[id]!;
      hash.update(`${path}\0${node.kind}\0${id}\0`);
      if (node.kind === 'file') hash.update(this.contentAfter(node, loss));
      const children = [...(entries.get(id) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [name, child] of children) visit(child, `${path}/${name}`);
    };
    visit(0, '');
    return hash.digest('hex');
  }

  private namesAfter({ after, names }: Loss): Map<number, Map<string, number>> {
    const entries = new Map<number, Map<string, number>>();
    const of = (folder: number) => entries.get(folder) ?? entries.set(folder, new Map()).get(folder)!;
    for (const change of this.names) {
      if (change.index >= after || !(change.durableAt < after || names.has(change.index))) continue;
      for (const { folder, name } of change.clears) of(folder).delete(name);
      for (const { folder, name, node } of change.sets) of(folder).set(name, node);
    }
    return entries;
  }

  private contentAfter(node: Extract<Node, { kind: 'file' }>, { after, data, torn }: Loss): Uint8Array {
    let content = node.base;
    for (const { index, at, bytes, durableAt } of node.changes) {
      if (index >= after || !(durableAt < after || data.has(index))) continue;
      if (bytes === undefined) {
        content = resized(content, at);
        continue;
      }
      const kept = index === torn ? bytes.subarray(0, Math.floor(bytes.length / 1024) * 512) : bytes;
      content = resized(content, Math.max(content.length, at + kept.length));
      content.set(kept, at);
    }
    return content;
  }

  private sync(id: number, before: number, now: number): void {
    const node = this.nodes[id]!;
    if (node.kind === 'file') {
      for (const one of node.changes) if (one.index < before && one.durableAt === never) one.durableAt = now;
      return;
    }
    for (const change of this.names) {
      const touches = [...change.sets, ...change.clears].some(({ folder }) => folder === id);
      if (touches && change.index < before && change.durableAt === never) change.durableAt = now;
    }
  }

  private add(path: string, index: number, node: Node): void {
    const id = this.nodes.push(node) - 1;
    if (node.kind === 'folder') this.live.set(id, new Map());
    this.change(index, [{ path, node: id }], []);
  }

  private change(index: number, sets: { path: string; node: number }[], clears: string[]): void {
    const place = (path: string) => {
      const parts = this.parts(path);
      const name = parts.pop()!;
      return { folder: this.folderAt(parts, index), name };
    };
    const change: NameChange = {
      index,
      sets: sets.map(({ path, node }) => ({ ...place(path), node })),
      clears: clears.map(place),
      durableAt: never,
    };
    for (const { folder, name } of change.clears) this.live.get(folder)!.delete(name);
    for (const { folder, name, node } of change.sets) this.live.get(folder)!.set(name, node);
    this.names.push(change);
  }

  private parts(path: string): string[] {
    const parts = relative(this.root, path).split(sep);
    return parts[0] === '' ? [] : parts;
  }

  private walk(parts: readonly string[]): number | undefined {
    let id: number | undefined = 0;
    for (const part of parts) id = id === undefined ? undefined : this.live.get(id)?.get(part);
    return id;
  }

  /** A folder; made where the call that made it has not answered yet, as happens when two ask for it at once. */
  private folderAt(parts: readonly string[], index: number): number {
    const found = this.walk(parts);
    if (found !== undefined) return found;
    this.add(join(this.root, ...parts), index, { kind: 'folder' });
    return this.walk(parts)!;
  }

  private find(path: string): number | undefined {
    return this.walk(this.parts(path));
  }

  private need(path: string): number {
    const found = this.find(path);
    if (found === undefined) throw new Error(`The log names ${path}, which the model does not know`);
    return found;
  }

  private load(folder: string): void {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        this.add(path, -1, { kind: 'folder' });
        this.load(path);
      } else if (entry.isSymbolicLink()) this.add(path, -1, { kind: 'link', target: readlinkSync(path) });
      else this.add(path, -1, { kind: 'file', base: new Uint8Array(readFileSync(path)), changes: [] });
    }
  }
}

function resized(content: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  out.set(content.subarray(0, size));
  return out;
}
