import { type FileTree, baseName, folderOf } from '../bytes/file-tree.ts';
import type { FormatDescriptor, Probe, Recognition } from '../recognition/descriptor.ts';
import type { FormatId } from '../recognition/format-id.ts';
import { type JsonOutline, jsonOutline, outlineHas } from '../recognition/json-outline.ts';
import { xmlRoot } from '../recognition/xml-root.ts';

/** Documents about studies: recognised by content and kept as deposited; their importers come later. */

function json(
  id: FormatId,
  name: string,
  decide: (outline: JsonOutline, probe: Probe) => Recognition | undefined,
): FormatDescriptor {
  return {
    id,
    name,
    kind: 'metadata',
    extensions: ['.json', '.jsonld'],
    mediaTypes: ['application/json'],
    recognise(probe) {
      const outline = probe.text === undefined ? undefined : jsonOutline(probe.text);
      return outline?.root === 'object' ? decide(outline, probe) : undefined;
    },
  };
}

const any = (outline: JsonOutline, ...paths: string[]) => paths.some((path) => outline.paths.has(path));
const every = (outline: JsonOutline, ...paths: string[]) => paths.every((path) => outline.paths.has(path));

const isaJson = json('isa-json', 'ISA-JSON', (outline) => {
  if (any(outline, '$schema', 'properties')) return undefined;
  // A context of JSON-LD has members of the same names, with addresses in them.
  if (outlineHas(outline, 'studies', /./) || outlineHas(outline, 'ontologySourceReferences', /./)) return undefined;
  const about = any(outline, 'ontologySourceReferences', 'studies', 'processSequence', 'studyDesignDescriptors');
  const dated = any(outline, 'submissionDate', 'publicReleaseDate', 'materials', 'studies[].submissionDate');
  return about && dated && any(outline, 'people', 'studies', 'protocols', 'identifier')
    ? { score: 0.95, reason: 'fields of an ISA investigation' }
    : undefined;
});

const crateName = /(^|-)ro-crate-metadata\.json(ld)?$/;

const roCrateJson = json('ro-crate', 'RO-Crate', (outline, probe) => {
  if (!outline.paths.has('@graph')) return undefined;
  const named = crateName.test(baseName(probe.entry.path));
  const version = /w3id\.org\/ro\/crate\/([\d.]+(?:-DRAFT)?)/.exec(probe.text!)?.[1];
  if (!named && version === undefined) return undefined;
  return {
    score: 1,
    reason: named ? 'ro-crate-metadata.json with @graph' : 'JSON-LD graph with the RO-Crate context',
    ...(version === undefined ? {} : { version }),
  };
});

const roCrate: FormatDescriptor = {
  ...roCrateJson,
  recognise(probe) {
    // The name is the specification's own: a document that is broken, or no JSON, is a crate at fault, not some text.
    const named = crateName.test(baseName(probe.entry.path));
    return roCrateJson.recognise?.(probe) ?? (named ? { score: 0.6, reason: 'its name alone' } : undefined);
  },
};

const pageTabJson = json('pagetab', 'PageTab (BioStudies)', (outline) =>
  outline.paths.has('accno') && any(outline, 'section', 'attributes', 'type')
    ? { score: 0.95, reason: 'accno with section or attributes' }
    : undefined,
);

const pageTab: FormatDescriptor = {
  ...pageTabJson,
  extensions: ['.json', '.tsv', '.pagetab.tsv'],
  mediaTypes: ['application/json', 'text/tab-separated-values'],
  recognise(probe) {
    const text = probe.text ?? '';
    if (/^"?Submission"?\t"?S-[A-Z]/.test(text)) return { score: 1, reason: 'first line Submission and accession' };
    // The accession may be of any archive, or left out for a new submission; comments may stand before.
    return /^(#[^\n]*\n|\s*\n)*"?Submission"?[\t\r\n]/i.test(text) &&
      /\n"?(ReleaseDate|Title|AttachTo)"?\t[\s\S]*\n\r?\n"?Study"?[\t\r\n]/i.test(text)
      ? { score: 0.95, reason: 'blocks Submission and Study' }
      : pageTabJson.recognise?.(probe);
  },
};

const maDmp = json('madmp', 'maDMP', (outline) =>
  every(outline, 'dmp', 'dmp.title') || every(outline, 'dmp', 'dmp.dmp_id')
    ? { score: 1, reason: 'object dmp' }
    : undefined,
);

const dataCiteJson = json('datacite', 'DataCite', (outline) => {
  if (any(outline, '$schema', 'properties', '@context', '@graph')) return undefined;
  const kind = any(outline, 'types.resourceTypeGeneral', 'data.attributes.types', 'types.resourceType');
  const shape = every(outline, 'creators', 'titles') || any(outline, 'data.attributes.creators');
  const schema = outlineHas(outline, 'schemaVersion', /datacite\.org\/schema\/kernel/);
  const cut = any(outline, 'doi', 'identifiers') && any(outline, 'creators[].nameType', 'creators[].name');
  return schema || (kind && shape) || (cut && any(outline, 'titles', 'prefix'))
    ? { score: 0.95, reason: 'creators, titles and resource type' }
    : undefined;
});

const dataCite: FormatDescriptor = {
  ...dataCiteJson,
  extensions: ['.json', '.xml'],
  mediaTypes: ['application/vnd.datacite.datacite+json', 'application/vnd.datacite.datacite+xml'],
  recognise(probe) {
    const root = probe.text === undefined ? undefined : xmlRoot(probe.text);
    if (!root) return dataCiteJson.recognise?.(probe);
    const space = Object.values(root.attributes).join(' ');
    const version = /datacite\.org\/schema\/kernel-([\d.]+)/.exec(space)?.[1];
    return root.localName === 'resource' && version !== undefined
      ? { score: 1, reason: 'root element resource of the DataCite kernel', version }
      : undefined;
  },
};

/** A JSON Schema names the members of a standard's documents without being one. */
const isSchema = (outline: JsonOutline) => any(outline, 'properties', '$defs', 'definitions');

const rembi = json('rembi', 'REMBI', (outline) => {
  if (isSchema(outline) || any(outline, '@graph', 'section', 'dmp', 'ontologySourceReferences')) return undefined;
  if (outline.paths.has('rembi_version')) return { score: 1, reason: 'rembi_version' };
  const modules = ['biosample', 'specimen', 'image_acquisition'].filter((name) => any(outline, name, `${name}s`));
  return outline.paths.has('study') && modules.length > 0
    ? { score: 0.9, reason: `modules of REMBI: study, ${modules.join(', ')}` }
    : undefined;
});

const mifaJson = json('mifa', 'MIFA', (outline) => {
  if (isSchema(outline) || any(outline, '@graph', 'rembi_version')) return undefined;
  if (any(outline, 'annotation_overview', 'annotation_method')) return { score: 0.95, reason: 'annotations of MIFA' };
  if (any(outline, 'authors[].author_last_name', 'authors[].author_first_name'))
    return { score: 0.95, reason: 'study of MIFA' };
  return every(outline, 'version', 'timestamp', 'changes') || every(outline, 'version', 'timestamp', 'previous_version')
    ? { score: 0.9, reason: 'version of MIFA' }
    : undefined;
});

const mifa: FormatDescriptor = {
  ...mifaJson,
  extensions: ['.yaml', '.yml', '.json'],
  mediaTypes: ['application/yaml', 'application/json'],
  recognise(probe) {
    const text = probe.text ?? '';
    if (/^\s*[{[<]/.test(text)) return mifaJson.recognise?.(probe);
    const has = (name: string) => new RegExp(`^${name}[ \\t]*:(\\s|$)`, 'm').test(text);
    if (has('annotation_overview') || has('annotation_method')) return { score: 0.95, reason: 'annotations of MIFA' };
    if (has('authors') && /^[ \t]+(-[ \t]+)?author_(first|last)_name[ \t]*:/m.test(text))
      return { score: 0.95, reason: 'study of MIFA' };
    return has('version') && has('timestamp') && (has('changes') || has('previous_version'))
      ? { score: 0.9, reason: 'version of MIFA' }
      : undefined;
  },
};

const miacme = json('miacme', 'MIACME', (outline) =>
  !isSchema(outline) && any(outline, 'MIACMEversion', 'miacmeVersion', 'studies[].MIACMEversion')
    ? { score: 1, reason: 'MIACMEversion' }
    : undefined,
);

const microMeta = json('micro-meta', 'Micro-Meta App (4DN-BINA-OME)', (outline) => {
  if (isSchema(outline)) return undefined;
  const schemas = ['Schema_ID', 'schema_id', 'microscope.Schema_ID', 'microscope.schema_id'];
  const named = schemas.find((path) => outlineHas(outline, path, /^(Instrument|Microscope|Image)(\.json)?$/));
  if (named !== undefined) return { score: 1, reason: `${named} of the Micro-Meta App` };
  return every(outline, 'MicroscopeStand', 'components') ? { score: 0.9, reason: 'stand and components' } : undefined;
});

const dataPackage = json('data-package', 'Data Package', (outline, probe) => {
  if (isSchema(outline) || any(outline, '@graph', 'dmp')) return undefined;
  if (!any(outline, 'resources[].path', 'resources[].data', 'resources[].url')) return undefined;
  if (outlineHas(outline, '$schema', /datapackage/))
    return { score: 1, reason: 'resources and the profile of Data Packages' };
  const isNamed = baseName(probe.entry.path) === 'datapackage.json';
  return isNamed || outline.paths.has('resources[].name')
    ? { score: isNamed ? 0.95 : 0.7, reason: 'resources with their paths' }
    : undefined;
});

const idrStudy: FormatDescriptor = {
  id: 'idr-study',
  name: 'IDR study file',
  kind: 'metadata',
  extensions: ['-study.txt'],
  mediaTypes: ['text/tab-separated-values'],
  recognise({ text }) {
    if (text === undefined || !/^\s*"?(#|Comment|Study)/.test(text) || isaRoles[0].first.test(text)) return undefined;
    const line = /(^|[\r\n])"?(Comment\[IDR Study Accession\]|Study Title)"?\t/;
    const more =
      /(^|[\r\n])"?(Study Type|Study Description|Study Organism|Study Screens Number|Study Experiments Number)"?\t/;
    return line.test(text) && more.test(text) ? { score: 0.95, reason: 'lines of an IDR study file' } : undefined;
  },
};

const isaRoles = [
  { name: /^i_.*\.txt$/i, first: /^("?#[^\r\n]*[\r\n]+)*"?ONTOLOGY SOURCE REFERENCE"?/ },
  { name: /^s_.*\.txt$/i, first: /^"?Source Name"?\t/ },
  { name: /^a_.*\.txt$/i, first: /^"?(Sample|Extract) Name"?\t/ },
] as const;

async function isaTabIn(tree: FileTree, folder: string): Promise<Recognition | undefined> {
  const files = tree.entries.filter(({ path }) => folderOf(path) === folder);
  const members = files.filter(({ path }) => isaRoles.some(({ name }) => name.test(baseName(path))));
  const investigation = members.find(({ path }) => isaRoles[0].name.test(baseName(path)));
  if (!investigation) return undefined;
  const head = await (await investigation.open()).read(0, Math.min(investigation.size, 4096));
  const isWide = head[0] === 0xff && head[1] === 0xfe;
  const text = new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(head);
  if (!isaRoles[0].first.test(text)) return undefined;
  return {
    score: 1,
    reason: `${baseName(investigation.path)} with ${members.length - 1} study and assay files`,
    members: members.map(({ path }) => path),
  };
}

const isaTab: FormatDescriptor = {
  id: 'isa-tab',
  name: 'ISA-Tab',
  kind: 'metadata',
  extensions: ['.txt'],
  mediaTypes: ['text/tab-separated-values'],
  async recognise(probe) {
    const role = isaRoles.find(({ first }) => first.test(probe.text ?? ''));
    if (!role || !(role === isaRoles[0] || role.name.test(baseName(probe.entry.path)))) return undefined;
    const set = await isaTabIn(probe.tree, folderOf(probe.entry.path));
    return set?.members?.includes(probe.entry.path)
      ? set
      : { score: 0.9, reason: 'first line of an ISA-Tab file', members: [probe.entry.path] };
  },
  recogniseFolder: isaTabIn,
};

/** The probe with its text, where a spreadsheet program saved it as “Unicode text”, which is UTF-16. */
function withWideText(probe: Probe): Probe {
  const [first, second] = probe.head;
  const mark =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
  if (probe.text !== undefined || mark === undefined) return probe;
  return { ...probe, text: new TextDecoder(mark).decode(probe.head) };
}

/** A descriptor that reads texts in UTF-16 as well. */
function wide(descriptor: FormatDescriptor): FormatDescriptor {
  const { recognise } = descriptor;
  return recognise
    ? { ...descriptor, recognise: (probe) => recognise.call(descriptor, withWideText(probe)) }
    : descriptor;
}

/** Every recognise-only descriptor of the metadata room. */
export const recognisedMetadataFormats: readonly FormatDescriptor[] = [
  isaTab,
  isaJson,
  roCrate,
  pageTab,
  idrStudy,
  maDmp,
  dataCite,
  rembi,
  mifa,
  miacme,
  microMeta,
  dataPackage,
].map(wide);
