import { findDataUse, termAddress } from '@micrarium/standards';
import type { Permission } from './access-requests.ts';

/** What a grant is for, and where it is told. */
export interface PermittedStudy {
  accession: string;
  title: string;
  /** Public address of this server, without a trailing slash. */
  origin: string;
}

/**
 * A grant as a document for programs (schema `AccessPermission` of the interface): who may read which files, under which terms of data use
 * (Data Use Ontology), until when. `ga4gh_visa_v1` says the same as a visa of GA4GH Passports 1.2 (`ControlledAccessGrants`) does. Nothing is
 * signed: a program that must be sure asks its address, where a grant that ended is no longer.
 */
export function permissionDocument(permission: Permission, { accession, title, origin }: PermittedStudy) {
  const { id, name, institution, purpose, team, askedAt, grantedAt, until, terms } = permission;
  const study = `${origin}/studies/${accession}`;
  return {
    id: `urn:uuid:${id}`,
    url: `${origin}/api/v1/studies/${accession}/access/requests/${id}/permission`,
    issuer: { name: 'Micrarium', url: origin },
    study: { accession, title, url: study },
    holder: { name, institution },
    team: [...team],
    purpose,
    askedAt,
    grantedAt,
    until,
    terms: { version: terms.version, text: terms.text, agreedAt: askedAt },
    dataUse: terms.dataUse.map((use) => {
      const known = findDataUse(use.code);
      return {
        ...use,
        iri: termAddress(use.code) ?? use.code,
        short: known?.short ?? '',
        label: known?.label ?? use.code,
      };
    }),
    ga4gh_visa_v1: {
      type: 'ControlledAccessGrants' as const,
      asserted: Math.floor(new Date(grantedAt).getTime() / 1000),
      value: study,
      source: origin,
      by: 'dac' as const,
    },
  };
}
