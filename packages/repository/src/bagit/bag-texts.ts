/** One line of a manifest. */
export interface ManifestLine {
  digest: string;
  path: string;
  /** One-based. */
  line: number;
  marks: ('asterisk' | 'dot-slash')[];
}

/** Digests of manifests that are checked, best first (RFC 8493, section 2.4). */
export const knownDigests = ['sha512', 'sha384', 'sha256', 'sha224', 'sha1', 'md5'] as const;

/** The two lines of `bagit.txt`; `undefined` where it says something else. RFC 8493, section 2.1.1. */
export function readDeclaration(text: string): { version: string; encoding: string } | undefined {
  // Before 1.0 spaces around the colon were left open; since then there is exactly one after it.
  const found = /^BagIt-Version\s*:\s*(\d+\.\d+)[ \t]*\r?\n\s*Tag-File-Character-Encoding\s*:\s*([\w.:-]+)\s*$/.exec(
    text,
  );
  if (!found) return undefined;
  const [, version, encoding] = found as unknown as [string, string, string];
  const isStrict = /^BagIt-Version: \d+\.\d+\r?\nTag-File-Character-Encoding: [\w.:-]+(\r?\n)?$/.test(text);
  if (!isOld(version) && (version !== '1.0' || !isStrict)) return undefined;
  return { version, encoding };
}

/** Versions before 1.0 that are read. */
export function isOld(version: string): boolean {
  return /^0\.9[3-7]$/.test(version);
}

/** Undoes the escaping of CR, LF and % in paths (RFC 8493, section 2.1.3); 0.97 escapes only CR and LF. */
export function decodePath(path: string, version: string): string {
  const lines = path.replace(/%0D/gi, '\r').replace(/%0A/gi, '\n');
  return isOld(version) ? lines : lines.replace(/%25/g, '%');
}

/** Escapes what a manifest of version 1.0 cannot hold in a path. */
export function encodePath(path: string): string {
  return path.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Does a path stay in the bag on every system? */
export function isInside(path: string): boolean {
  return (
    path !== '' &&
    !/^[/\\~]|^[A-Za-z]:|\0/.test(path) &&
    !path.split(/[/\\]/).some((part) => part === '..') &&
    !/^%[A-Za-z]+%/.test(path)
  );
}

/** Lines of a manifest; a number for a line that is none. */
export function readManifest(text: string, version: string): (ManifestLine | number)[] {
  const found: (ManifestLine | number)[] = [];
  text.split(/\r\n|\n|\r/).forEach((line, index) => {
    if (line.trim() === '') return;
    const parts = /^([0-9A-Fa-f]+)[ \t]+(\*?)((?:\.\/)*)(.+)$/.exec(line);
    if (!parts) return void found.push(index + 1);
    const [, digest, asterisk, dots, path] = parts as unknown as [string, string, string, string, string];
    const marks: ManifestLine['marks'] = [];
    if (asterisk !== '') marks.push('asterisk');
    if (dots !== '') marks.push('dot-slash');
    found.push({ digest: digest.toLowerCase(), path: decodePath(path, version), line: index + 1, marks });
  });
  return found;
}

/** Paths that `fetch.txt` names. */
export function readFetch(text: string, version: string): string[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => /^\S+\s+(?:\d+|-)\s+(.+)$/.exec(line)?.[1])
    .filter((path) => path !== undefined)
    .map((path) => decodePath(path, version));
}

/** `Payload-Oxum` of `bag-info.txt`: bytes and files. */
export function readOxum(text: string): { bytes: number; files: number } | undefined {
  const found = /^Payload-Oxum\s*:\s*(\d+)\.(\d+)\s*$/im.exec(text);
  return found ? { bytes: Number(found[1]), files: Number(found[2]) } : undefined;
}
