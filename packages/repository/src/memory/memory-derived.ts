import { type ByteSource, type FileSink, memorySource } from '@micrarium/formats';
import type { DerivedStore } from '../ports/derived-store.ts';

/** Derived forms in memory, for tests of use cases. */
export class MemoryDerived implements DerivedStore {
  private readonly forms = new Map<string, Map<string, Uint8Array>>();
  private readonly running = new Map<string, Promise<void>>();

  async build(key: string, make: (sink: FileSink, workFolder: string) => Promise<void>): Promise<void> {
    if (!/^[a-z0-9][a-z0-9-]{3,127}$/.test(key)) throw new Error(`Not a key: ${key}`);
    if (this.forms.has(key)) return;
    const run = this.running.get(key) ?? this.buildOnce(key, make).finally(() => this.running.delete(key));
    this.running.set(key, run);
    await run;
  }

  async pathOf(key: string, path: string): Promise<string | undefined> {
    checkPath(path);
    return this.forms.get(key)?.has(path) ? `memory:${key}/${path}` : undefined;
  }

  async open(key: string, path: string): Promise<(ByteSource & { close(): Promise<void> }) | undefined> {
    const bytes = this.forms.get(key)?.get(path);
    return bytes && { ...memorySource(path, bytes), async close() {} };
  }

  async list(key: string): Promise<{ path: string; size: number }[] | undefined> {
    const form = this.forms.get(key);
    return (
      form &&
      [...form].map(([path, bytes]) => ({ path, size: bytes.length })).sort((a, b) => (a.path < b.path ? -1 : 1))
    );
  }

  async drop(key: string): Promise<void> {
    this.forms.delete(key);
  }

  private async buildOnce(key: string, make: (sink: FileSink, workFolder: string) => Promise<void>): Promise<void> {
    const files = new Map<string, Uint8Array>();
    await make(new MemorySink(files), '');
    this.forms.set(key, files);
  }
}

/** Writes files into a map. */
export class MemorySink implements FileSink {
  private readonly files: Map<string, Uint8Array>;

  constructor(files: Map<string, Uint8Array>) {
    this.files = files;
  }

  async create(path: string): Promise<{ write(bytes: Uint8Array): Promise<void>; close(): Promise<void> }> {
    checkPath(path);
    const parts: Uint8Array[] = [];
    return {
      write: async (bytes) => void parts.push(bytes.slice()),
      close: async () => void this.files.set(path, new Uint8Array(Buffer.concat(parts))),
    };
  }
}

function checkPath(path: string): void {
  if (path.includes('\\') || path.split('/').some((part) => part === '' || part === '.' || part === '..'))
    throw new Error(`Not a path of a form: ${path}`);
}
