/**
 * `npm run sbom [-- --dev]`: the packages this program is made of, by the lock file, as CycloneDX 1.6 in JSON on standard output; with `--dev`
 * those for building and testing too. Asks nobody: names, versions, digests and licences stand in the lock file.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  dev?: boolean;
  link?: boolean;
  name?: string;
}

/** A component of the list, as far as it is filled. */
export interface Component {
  type: 'library';
  'bom-ref': string;
  name: string;
  version: string;
  purl: string;
  scope: 'required' | 'excluded';
  hashes: { alg: 'SHA-512'; content: string }[];
  licenses: { expression: string }[];
}

function componentOf(path: string, { version = '', integrity, license, dev, name: given }: Locked): Component {
  const name = given ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const digest = /^sha512-(\S+)/.exec(integrity ?? '')?.[1];
  return {
    type: 'library',
    // One package may lie at several places, in several versions.
    'bom-ref': path,
    name,
    version,
    purl,
    scope: dev === true ? 'excluded' : 'required',
    hashes: digest === undefined ? [] : [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }],
    licenses: license === undefined ? [] : [{ expression: license }],
  };
}

/** A bill of materials as CycloneDX 1.6 has it. */
interface BillOfMaterials {
  bomFormat: 'CycloneDX';
  specVersion: '1.6';
  version: 1;
  metadata: { component: { type: 'application'; 'bom-ref': string; name: string; version: string } };
  components: Component[];
}

/** The bill of materials of a lock file (version 3). @param withDev also what is for building and testing only */
export function billOfMaterials(lock: string, withDev = false): BillOfMaterials {
  const { name, version, packages } = JSON.parse(lock) as {
    name: string;
    version: string;
    packages: Record<string, Locked>;
  };
  const components = Object.entries(packages)
    .filter(([path, one]) => path.includes('node_modules/') && one.link !== true && (withDev || one.dev !== true))
    .map(([path, one]) => componentOf(path, one));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': name, name, version } },
    components,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
  process.stdout.write(`${JSON.stringify(billOfMaterials(lock, process.argv.includes('--dev')), undefined, 2)}\n`);
}
