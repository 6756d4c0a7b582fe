import type { CheckedInventory } from './check-inventory.ts';
import { type Finding, finding } from './findings.ts';

/**
 * Compares the inventory of one version folder with the root's: the newest is the same bytes, older ones describe the same
 * earlier states under the same id (OCFL 1.1, 3.7).
 */
export function checkAgainstRoot(root: CheckedInventory, own: CheckedInventory, version: string): Finding[] {
  const path = `${version}/inventory.json`;
  const { inventory } = root;
  if (version === inventory.head)
    return Buffer.compare(root.bytes ?? Buffer.alloc(0), own.bytes ?? Buffer.alloc(0)) === 0
      ? []
      : [finding('E064', path, 'the newest version has another inventory than the object root')];
  const findings: Finding[] = [];
  if (own.inventory.head !== version)
    findings.push(finding('E040', path, `its head is ${own.inventory.head}, not the version it lies in`));
  if (own.inventory.id !== inventory.id)
    findings.push(
      finding('E037', path, 'an id that is not that of the object'),
      finding('E110', path, 'another id than the object root'),
    );
  if (own.inventory.contentDirectory !== inventory.contentDirectory)
    findings.push(finding('E019', path, 'another content folder than the object root'));
  if (own.typeVersion > root.typeVersion)
    findings.push(finding('E103', path, 'a newer specification than the version after it'));
  const sameDigests = own.inventory.digestAlgorithm === inventory.digestAlgorithm;
  const picture = (of: CheckedInventory, name: string) => statePicture(of, name, sameDigests);
  for (const [name, block] of Object.entries(own.inventory.versions)) {
    const later = inventory.versions[name];
    if (!later) findings.push(finding('E066', path, `names ${name}, which the root inventory does not`));
    else if (picture(own, name) !== picture(root, name))
      findings.push(finding('E066', path, `describes the state of ${name} otherwise than the root inventory`));
    else if (later.created !== block.created || later.message !== block.message)
      findings.push(finding('W011', path, `describes ${name} with another date or message than the root inventory`));
  }
  return findings;
}

/** The specification that inventories follow never becomes an older one from version to version. @param older by version */
export function checkSpecificationOrder(older: ReadonlyMap<string, CheckedInventory>): Finding[] {
  const findings: Finding[] = [];
  const inOrder = [...older].sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)));
  for (const [index, [version, { typeVersion }]] of inOrder.entries())
    if (index > 0 && typeVersion < inOrder[index - 1]![1].typeVersion)
      findings.push(finding('E103', `${version}/inventory.json`, 'an older specification than the version before it'));
  return findings;
}

/** The state of a version as logical path to content paths, which does not depend on the digest algorithm; with digests where both have one. */
function statePicture({ inventory }: CheckedInventory, version: string, withDigests: boolean): string {
  const lines: string[] = [];
  for (const [digest, paths] of Object.entries(inventory.versions[version]?.state ?? {})) {
    const content = inventory.manifestLower.get(digest.toLowerCase()) ?? [];
    const stored = [...content].filter((one) => isUpTo(one, version)).sort();
    for (const path of paths) lines.push([path, withDigests ? digest.toLowerCase() : '', ...stored].join('\0'));
  }
  return lines.sort().join('\n');
}

/** Was the content path there when the version was made? A later version may add further copies of the same bytes. */
function isUpTo(contentPath: string, version: string): boolean {
  return Number(contentPath.slice(1, contentPath.indexOf('/'))) <= Number(version.slice(1));
}
