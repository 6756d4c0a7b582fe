import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finding, finding } from './findings.ts';

/** What lies in the hierarchy of a storage root: where objects are, and what is wrong with everything that is no object. */
export interface RootLaidOut {
  /** Folders of objects, relative to the root, by name. */
  objects: string[];
  /** Findings about the root itself; paths are relative to it. */
  findings: Finding[];
}

/** Does a folder declare itself a storage root, or try to? */
export function looksLikeRoot(names: readonly string[]): boolean {
  return names.some((name) => /^0=ocfl_(?!object_)/.test(name) || name === 'ocfl_layout.json');
}

/**
 * Checks an OCFL 1.1 storage root without its objects (section 4): its declaration and layout, and that nothing but objects lies in the
 * hierarchy. Files in the root itself that OCFL does not know are passed over (E087). Objects are for `validateObject`.
 */
export async function layOutRoot(root: string): Promise<RootLaidOut> {
  const entries = await readdir(root, { withFileTypes: true });
  const names = entries.map(({ name }) => name);
  const findings = [...(await checkRootDeclaration(root, names)), ...(await checkLayout(root, names))];
  const found: RootLaidOut = { objects: [], findings };
  for (const entry of entries.sort(byName)) {
    if (entry.isSymbolicLink()) findings.push(finding('E090', entry.name, 'a link'));
    else if (entry.isDirectory() && entry.name === 'extensions') await checkExtensions(root, findings);
    else if (entry.isDirectory()) await walk(root, entry.name, found);
  }
  return found;
}

async function checkRootDeclaration(root: string, names: readonly string[]): Promise<Finding[]> {
  const declarations = names.filter((name) => /^\d=ocfl_/.test(name));
  if (declarations.length === 0) return [finding('E069', '0=ocfl_1.1', 'nothing declares this folder a storage root')];
  if (declarations.length > 1) return [finding('E076', declarations[1]!, 'more than one declaration')];
  const name = declarations[0]!;
  if (!name.startsWith('0=')) return [finding('E078', name, 'the name of the declaration does not begin with "0="')];
  if (!/^0=ocfl_1\.[01]$/.test(name)) return [finding('E079', name, 'not a version of OCFL we know')];
  const text = await readFile(join(root, name), 'utf8');
  return text === `${name.slice(2)}\n`
    ? []
    : [finding('E080', name, 'the declaration does not say what its name says')];
}

async function checkLayout(root: string, names: readonly string[]): Promise<Finding[]> {
  const name = 'ocfl_layout.json';
  if (!names.includes(name)) return [];
  let layout: unknown;
  try {
    layout = JSON.parse(await readFile(join(root, name), 'utf8'));
  } catch {
    return [finding('E070', name, 'the layout is not JSON')];
  }
  const { extension, description } = (typeof layout === 'object' && layout !== null ? layout : {}) as Record<
    string,
    unknown
  >;
  if (typeof extension !== 'string' || typeof description !== 'string')
    return [finding('E070', name, 'the layout does not have the keys extension and description')];
  return /^\d{4}-[a-z0-9-]+$/.test(extension)
    ? []
    : [finding('E071', name, `${extension} is not the name of a registered extension`)];
}

async function checkExtensions(root: string, findings: Finding[]): Promise<void> {
  for (const entry of (await readdir(join(root, 'extensions'), { withFileTypes: true })).sort(byName)) {
    const path = `extensions/${entry.name}`;
    if (!entry.isDirectory()) findings.push(finding('E086', path, 'only folders may lie in extensions'));
  }
}

/** Goes down the hierarchy until objects begin. */
async function walk(root: string, folder: string, found: RootLaidOut): Promise<void> {
  const entries = (await readdir(join(root, folder), { withFileTypes: true })).sort(byName);
  if (entries.length === 0) return void found.findings.push(finding('E073', folder, 'an empty folder'));
  const isObject = entries.some(({ name }) => name.startsWith('0=ocfl_object_') || name === 'inventory.json');
  if (isObject) return void found.objects.push(folder);
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isSymbolicLink()) found.findings.push(finding('E090', path, 'a link'));
    else if (entry.isDirectory()) await walk(root, path, found);
    else found.findings.push(finding('E072', path, 'a file in the hierarchy that belongs to no object'));
  }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}
