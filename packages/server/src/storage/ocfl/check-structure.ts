import type { CheckedInventory } from './check-inventory.ts';
import type { FileArea } from './file-area.ts';
import { type Finding, finding } from './findings.ts';

/** Checks the file that declares an object (OCFL 1.1, 3.2). Only 1.0 and 1.1 declarations are known. */
export async function checkDeclaration(object: FileArea, names: readonly string[]): Promise<Finding[]> {
  const declarations = names.filter((name) => name.startsWith('0=ocfl_object_'));
  if (declarations.length === 0)
    return [finding('E003', '0=ocfl_object_1.1', 'nothing declares this folder an OCFL object')];
  if (declarations.length > 1) return [finding('E003', declarations[1]!, 'more than one declaration')];
  const name = declarations[0]!;
  const isFile = (await object.entries(''))?.some((entry) => entry.name === name && entry.kind !== 'folder');
  if (!isFile) return [finding('E003', name, 'the declaration is no file')];
  if (!/^0=ocfl_object_1\.[01]$/.test(name)) return [finding('E004', name, 'not a version of OCFL we know')];
  const text = (await object.read(name)).toString('utf8');
  return text === `${name.slice(2)}\n`
    ? []
    : [finding('E007', name, 'the declaration does not say what its name says')];
}

const versionName = /^v(0[0-9]+|[1-9][0-9]*)$/;

/** Checks what lies in the object root against the versions the inventory names (OCFL 1.1, 3.1 to 3.3). */
export async function checkObjectRoot(object: FileArea, root: CheckedInventory): Promise<Finding[]> {
  const { inventory } = root;
  const findings: Finding[] = [];
  const expected = new Set(['inventory.json', `inventory.json.${inventory.digestAlgorithm}`]);
  const folders = new Set<string>();
  for (const entry of (await object.entries('')) ?? []) {
    const { name } = entry;
    if (entry.kind === 'link') findings.push(finding('E090', name, 'a link'));
    else if (entry.kind === 'folder' && versionName.test(name)) folders.add(name);
    else if (entry.kind === 'folder' && name === 'extensions') findings.push(...(await checkExtensions(object)));
    else if (entry.kind === 'folder' && name === 'logs') continue;
    else if (entry.kind === 'file' && (expected.has(name) || name.startsWith('0=ocfl_object_'))) continue;
    else
      findings.push(
        finding('E001', name, `a ${entry.kind === 'folder' ? 'folder' : 'file'} that has no place in an object root`),
      );
  }
  const named = Object.keys(inventory.versions);
  const versionOnDisk = (name: string) => folders.has(name);
  for (const name of named)
    if (!versionOnDisk(name))
      findings.push(finding('E010', name, 'the inventory names this version, its folder is not there'));
  for (const name of folders)
    if (!named.includes(name))
      findings.push(finding('E046', name, 'a version folder that the root inventory does not name'));
  findings.push(...checkSequence([...new Set([...named, ...folders])]));
  return findings;
}

/** Versions run from 1 without a gap, all padded to one width or none (OCFL 1.1, 3.3.1). */
function checkSequence(names: readonly string[]): Finding[] {
  const valid = names.filter((name) => versionName.test(name));
  if (valid.length === 0) return [finding('E008', '', 'the object has no version')];
  const findings: Finding[] = [];
  const numbers = valid.map((name) => Number(name.slice(1))).sort((a, b) => a - b);
  if (numbers[0] !== 1) findings.push(finding('E009', valid[0]!, 'the first version is not 1'));
  else if (numbers.some((number, index) => number !== index + 1))
    findings.push(finding('E010', '', `versions ${numbers.join(', ')} are not without gaps`));
  const padded = valid.filter((name) => name.startsWith('v0'));
  if (padded.length === 0) return findings;
  const isMixed = padded.length < valid.length;
  if (!isMixed && new Set(valid.map((name) => name.length)).size === 1)
    findings.push(finding('W001', padded[0]!, 'version names are padded with zeros'));
  else findings.push(finding('E012', '', 'version names are padded differently'));
  // Padded to a width that later versions have outgrown: v01 to v09, and then v10.
  if (isMixed)
    findings.push(
      finding('E011', '', 'version names are padded, and some do not begin with a zero'),
      finding('E013', '', 'later versions are not named as the first ones are'),
    );
  return findings;
}

/** Extension folders registered when OCFL 1.1 was published; others are only warned of. */
const registered = new Set([
  '0001-digest-algorithms',
  '0002-flat-direct-storage-layout',
  '0003-hash-and-id-n-tuple-storage-layout',
  '0004-hashed-n-tuple-storage-layout',
  '0005-mutable-head',
  '0006-flat-omit-prefix-storage-layout',
  '0007-n-tuple-omit-prefix-storage-layout',
  '0008-schema-registry',
  '0009-digest-algorithms',
  '0010-differential-n-tuple-omit-prefix-storage-layout',
  '0011-direct-clean-path-layout',
]);

async function checkExtensions(object: FileArea): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const entry of (await object.entries('extensions')) ?? []) {
    const path = `extensions/${entry.name}`;
    if (entry.kind !== 'folder') findings.push(finding('E067', path, 'only folders may lie in extensions'));
    else if (!registered.has(entry.name)) findings.push(finding('W013', path, 'an extension that is not registered'));
  }
  return findings;
}

/** Checks what lies in a version folder beside its content (OCFL 1.1, 3.3). */
export async function checkVersionFolder(
  object: FileArea,
  version: string,
  names: readonly string[],
  { contentDirectory, digestAlgorithm }: { contentDirectory: string; digestAlgorithm: string | undefined },
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const entry of (await object.entries(version)) ?? []) {
    const path = `${version}/${entry.name}`;
    if (entry.kind === 'link') findings.push(finding('E090', path, 'a link'));
    else if (entry.kind === 'folder' && entry.name !== contentDirectory) {
      findings.push(finding('W002', path, 'a folder beside the content folder'));
      if ((await object.entries(path))?.length === 0) findings.push(finding('E073', path, 'an empty folder'));
    } else if (entry.kind !== 'folder' && !isOfInventory(entry.name, digestAlgorithm))
      findings.push(finding('E015', path, 'a file beside the content folder'));
  }
  if (!names.includes('inventory.json') && names.some((name) => name.startsWith('inventory.json.')))
    findings.push(finding('E058', version, 'a digest file without its inventory'));
  return findings;
}

/** An inventory, or its digest file; of an inventory that cannot be read any algorithm may be meant. */
function isOfInventory(name: string, algorithm: string | undefined): boolean {
  if (name === 'inventory.json') return true;
  return algorithm === undefined ? /^inventory\.json\.[\w-]+$/.test(name) : name === `inventory.json.${algorithm}`;
}
