import { givenFields, metadataFields } from '@micrarium/standards';
import type { JSX } from 'react';
import { GivenRow } from './dataset-fields.tsx';
import type { StudyAbout } from './study-state.ts';

/** Fields of the study that the archive gives: name, address, version, date of the last change. */
export function GivenRows({ about }: { about: StudyAbout }): JSX.Element {
  return (
    <>
      {metadataFields
        .filter(({ id, level }) => givenFields.has(id) && level === 'study')
        .map((field) => (
          <GivenRow key={field.id} field={field} about={about} />
        ))}
    </>
  );
}
