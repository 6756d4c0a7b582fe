import { type MetadataTier, metadataFields, tierKey } from '@micrarium/standards';
import type { JSX } from 'react';
import type { DraftEditor } from '../deposit/draft-editor.ts';
import { type MessageKey, useText } from '../messages/text.ts';

const tiers: readonly { tier: MetadataTier; name: MessageKey; about: MessageKey }[] = [
  { tier: 'archive', name: 'meta.archiveTier', about: 'meta.archiveAbout' },
  { tier: 'database', name: 'meta.databaseTier', about: 'meta.databaseAbout' },
];

const count = (tier: MetadataTier, obligation: string) =>
  metadataFields.filter((field) => field[tier] === obligation).length;

/** The choice between the tiers: few fields once, or rich ones for each data set. */
export function TierChoice({ editor, tier }: { editor: DraftEditor; tier: MetadataTier }): JSX.Element {
  const text = useText();
  return (
    <fieldset className="tiers">
      <legend>{text('meta.tier')}</legend>
      {tiers.map((one) => (
        <label key={one.tier}>
          <input
            type="radio"
            name="tier"
            checked={tier === one.tier}
            onChange={() =>
              editor.edit({
                [`value:${tierKey}`]:
                  one.tier === 'archive' ? undefined : { value: one.tier, origin: { kind: 'person' } },
              })
            }
          />
          <span>
            <b>{text(one.name)}</b>
            <small>
              {text(one.about, {
                required: count(one.tier, 'required'),
                other: count(one.tier, 'recommended') + count(one.tier, 'optional'),
              })}
            </small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
