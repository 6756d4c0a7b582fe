/** How nodes that schema.org has no type for stand in a crate: `additionalType` names the kind. */
export const crateKinds = [
  ['biosamples', 'Biosample', 'BioChemEntity', 'title'],
  ['specimens', 'Specimen', 'BioChemEntity', 'title'],
  ['acquisitions', 'Image acquisition', 'CreateAction', 'title'],
  ['correlations', 'Image correlation', 'Action', 'title'],
  ['analyses', 'Image analysis', 'Action', 'title'],
  ['images', 'Image', 'ImageObject', 'name'],
] as const;

/** Prefix of PropertyValues' `propertyID` for fields of ours that schema.org has no name for. */
export const ownProperty = 'micrarium:';

/** A relative path as an `@id`: letters of every script stay, what a URI may not hold is percent-encoded. */
export function idOfPath(path: string): string {
  return path.replace(/[\s<>"{}|\\^`%#?[\]]/gu, (character) => encodeURIComponent(character));
}

/** The path an `@id` means. */
export function pathOfId(id: string): string {
  try {
    return decodeURIComponent(id.replace(/^\.\//, ''));
  } catch {
    return id;
  }
}
