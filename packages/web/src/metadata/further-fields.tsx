import type { Issue } from '@micrarium/model';
import { fieldInTier, furtherMetadataFields } from '@micrarium/standards';
import { type JSX, memo, useEffect, useState } from 'react';
import type { DraftEditor } from '../deposit/draft-editor.ts';
import { FieldRow } from '../deposit/field-row.tsx';
import { goTo } from '../deposit/missing-list.tsx';
import type { Slots, ValueSlot } from '../deposit/slots.ts';
import { inTrainingTable } from './training-columns.ts';
import { useText } from '../messages/text.ts';
import { onOpenFold } from './open-fold.ts';

/** Fields of neither tier that REMBI, MIACME, the BioImage Archive or IDR ask for; folded until somebody wants them. */
export const FurtherFields = memo(function FurtherFields({
  editor,
  slots,
  issues,
}: {
  editor: DraftEditor;
  slots: Slots;
  issues: ReadonlyMap<string, Issue[]>;
}): JSX.Element {
  const text = useText();
  const fields = furtherMetadataFields().filter(({ id }) => !inTrainingTable.has(id));
  const filled = fields.filter(({ id }) => slots[`value:${id}`] !== undefined).length;
  const [open, setOpen] = useState(filled > 0);
  useEffect(
    () =>
      onOpenFold((element) => {
        if (inTrainingTable.has(element.replace(/^field-/, ''))) return false;
        if (!furtherMetadataFields().some(({ id }) => element === `field-${id}`)) return false;
        setOpen(true);
        requestAnimationFrame(() => requestAnimationFrame(() => goTo(element)));
        return true;
      }),
    [],
  );
  return (
    <section id="group-further" tabIndex={-1}>
      <details className="dataset" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <h2 className="grow">{text('meta.further')}</h2>
          <span className="s m2 num">{text('side.of', { done: filled, of: fields.length })}</span>
        </summary>
        <p className="s m2">{text('meta.furtherAbout')}</p>
        {open ? (
          <div className="fg">
            {fields.map((field) => (
              <FieldRow
                key={field.id}
                field={fieldInTier(field, 'archive')}
                slot={slots[`value:${field.id}`] as ValueSlot | undefined}
                issues={issues.get(field.id) ?? []}
                showMissing={false}
                change={(value) =>
                  editor.edit({
                    [`value:${field.id}`]: value === undefined ? undefined : { value, origin: { kind: 'person' } },
                  })
                }
              />
            ))}
          </div>
        ) : null}
      </details>
    </section>
  );
});
