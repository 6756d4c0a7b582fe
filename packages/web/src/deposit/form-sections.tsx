import type { Issue, StudyMetadata } from '@micrarium/model';
import { offeredStart } from '@micrarium/standards';
import { type JSX, memo, useMemo } from 'react';
import { useText } from '../messages/text.ts';
import { DatasetFields } from '../metadata/dataset-fields.tsx';
import { FurtherFields } from '../metadata/further-fields.tsx';
import { GivenRows } from '../metadata/given-rows.tsx';
import { type StudyAbout, valuesOf } from '../metadata/study-state.ts';
import type { DraftEditor } from './draft-editor.ts';
import { FieldRow } from './field-row.tsx';
import { fieldsOf, filled, groups, metadataIssues } from './field-state.ts';
import type { Slots, ValueSlot } from './slots.ts';
import { groupNames } from './steps.tsx';

/** The form, drawn from the field table: one section a group. Files that come in do not draw it again. */
export const FormSections = memo(function FormSections({
  editor,
  slots,
  about,
  showMissing,
}: {
  editor: DraftEditor;
  slots: Slots;
  about: StudyAbout;
  showMissing: boolean;
}): JSX.Element {
  const text = useText();
  const issues = useMemo(() => {
    const byField = new Map<string, Issue[]>();
    for (const issue of metadataIssues(slots, about)) {
      const field = issue.where.field ?? '';
      const others = byField.get(field);
      if (others) others.push(issue);
      else byField.set(field, [issue]);
    }
    return byField;
  }, [slots, about]);
  // Made only where an empty field asks: there may be the values of a thousand data sets.
  const values = useMemo(() => {
    let made: StudyMetadata['values'] | undefined;
    return () => (made ??= valuesOf(slots));
  }, [slots]);
  return (
    <>
      {groups.map((group) => {
        const fields = fieldsOf(group, about.tier, slots);
        const { done, of } = filled(slots, fields);
        const isRequired = fields.some((field) => field.archive === 'required');
        return (
          <section key={group} id={`group-${group}`} tabIndex={-1}>
            <div className="hd">
              <h2>{text(groupNames[group])}</h2>
              {isRequired ? (
                <span className="s m2 num">
                  {done === of ? text('form.complete') : text('form.requiredOf', { done, of })}
                </span>
              ) : (
                <span className="s m2">{text('form.allOptional')}</span>
              )}
            </div>
            <div className="fg">
              {group === 'study' && about.tier === 'database' ? <GivenRows about={about} /> : null}
              {fields.map((field) => (
                <FieldRow
                  key={field.id}
                  field={field}
                  slot={slots[`value:${field.id}`] as ValueSlot | undefined}
                  issues={issues.get(field.id) ?? []}
                  showMissing={showMissing}
                  start={() => offeredStart(field.id, values(), about.datasets)}
                  mend={(fix) =>
                    editor.edit(
                      Object.fromEntries(
                        Object.entries(fix).map(([key, value]) => [
                          `value:${key}`,
                          value === undefined ? undefined : { value, origin: { kind: 'person' } },
                        ]),
                      ),
                    )
                  }
                  change={(value) =>
                    editor.edit({
                      [`value:${field.id}`]: value === undefined ? undefined : { value, origin: { kind: 'person' } },
                    })
                  }
                />
              ))}
            </div>
          </section>
        );
      })}
      {about.tier === 'database' ? (
        <DatasetFields editor={editor} slots={slots} about={about} issues={issues} showMissing={showMissing} />
      ) : null}
      <FurtherFields editor={editor} slots={slots} issues={issues} />
    </>
  );
});
