/** Standards that a study's metadata are written in, or read from. */
export type Standard =
  | 'rembi'
  | 'ssbd'
  | 'pagetab'
  | 'bia-ro-crate'
  | 'idr'
  | 'isa'
  | 'miacme'
  | 'datacite'
  | 'ro-crate'
  | 'schema-org'
  | 'madmp'
  | 'micro-meta'
  | 'ome-xml'
  | 'data-package';

/** Their names, as their communities write them. */
export const standardNames: Readonly<Record<Standard, string>> = {
  rembi: 'REMBI',
  ssbd: 'SSBD template',
  pagetab: 'BioImage Archive PageTab',
  'bia-ro-crate': 'BioImage Archive RO-Crate',
  idr: 'IDR study file',
  isa: 'ISA',
  miacme: 'MIACME 1.1',
  datacite: 'DataCite 4.6',
  'ro-crate': 'RO-Crate',
  'schema-org': 'schema.org',
  madmp: 'maDMP',
  'micro-meta': '4DN-BINA-OME',
  'ome-xml': 'OME-XML',
  'data-package': 'Data Package v2',
};
