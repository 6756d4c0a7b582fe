import type { SourceFile } from './source-files.ts';
import { sourceFiles, target } from './source-files.ts';

/** Names that the entry file of a package exports, types among them, sorted. Read from the sources, nothing is loaded. */
export function publicNames(entry: string): string[] {
  const files = new Map(sourceFiles().map((file) => [file.path, file]));
  return [...namesOf(entry, files, new Set())].sort();
}

function namesOf(path: string, files: ReadonlyMap<string, SourceFile>, seen: Set<string>): Set<string> {
  const file = files.get(path);
  const names = new Set<string>();
  if (!file || seen.has(path)) return names;
  seen.add(path);
  const text = file.text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const declared =
    /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type)\s+(\w+)/gm;
  for (const [, name] of text.matchAll(declared)) names.add(name!);
  for (const [, list] of text.matchAll(/^export (?:type )?\{([^}]*)\}/gm))
    for (const part of list!.split(',')) {
      const name = part
        .trim()
        .replace(/^type /, '')
        .split(/\s+as\s+/)
        .at(-1)!;
      if (name !== '') names.add(name);
    }
  for (const [, specifier] of text.matchAll(/^export \* from '([^']+)'/gm)) {
    const next = target(file, specifier!);
    if (next !== undefined) for (const name of namesOf(next, files, seen)) names.add(name);
  }
  return names;
}
