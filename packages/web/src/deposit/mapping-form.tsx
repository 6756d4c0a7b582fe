import type { CoordinateMapping, ImageDescription } from '@micrarium/model';
import { type JSX, useState } from 'react';
import { useText } from '../messages/text.ts';

const axes = ['x', 'y', 'z'] as const;

/** Everything that turns object coordinates into pixels, editable. */
export function MappingForm({
  mapping,
  image,
  hasZ,
  change,
  editable,
}: {
  mapping: CoordinateMapping;
  image: ImageDescription;
  hasZ: boolean;
  change: (mapping: CoordinateMapping) => void;
  editable: boolean;
}): JSX.Element {
  const text = useText();
  const shown = hasZ || image.sizes.z > 1 ? axes : (['x', 'y'] as const);
  const isSwapped = mapping.axes.x === 'y';
  return (
    <fieldset className="mapping" disabled={!editable}>
      <legend className="sr">{text('mapping.title')}</legend>
      <table className="t">
        <thead>
          <tr>
            <th>{text('mapping.axis')}</th>
            <th>{text('mapping.scale')}</th>
            <th>{text('mapping.offset')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((axis) => (
            <tr key={axis}>
              <td className="mono">{axis}</td>
              <td>
                <NumberBox
                  label={`${text('mapping.scale')} ${axis}`}
                  value={mapping.scale[axis]}
                  change={(value) => change({ ...mapping, scale: { ...mapping.scale, [axis]: value } })}
                />
              </td>
              <td>
                <NumberBox
                  label={`${text('mapping.offset')} ${axis}`}
                  value={mapping.offset[axis]}
                  change={(value) => change({ ...mapping, offset: { ...mapping.offset, [axis]: value } })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row w">
        <label className="tick">
          <input
            type="checkbox"
            checked={isSwapped}
            onChange={(event) =>
              change({
                ...mapping,
                axes: event.target.checked ? { x: 'y', y: 'x', z: 'z' } : { x: 'x', y: 'y', z: 'z' },
              })
            }
          />
          {text('mapping.swap')}
        </label>
        <label className="row">
          {text('mapping.firstFrame')}
          <NumberBox
            label={text('mapping.firstFrame')}
            whole
            value={mapping.firstFrame}
            change={(firstFrame) => change({ ...mapping, firstFrame })}
          />
        </label>
        {image.sizes.z > 1 ? (
          <label className="row">
            {text('mapping.firstSlice')}
            <NumberBox
              label={text('mapping.firstSlice')}
              whole
              value={mapping.firstSlice}
              change={(firstSlice) => change({ ...mapping, firstSlice })}
            />
          </label>
        ) : null}
        {image.sizes.c > 1 ? (
          <label className="row">
            {text('mapping.channel')}
            <select
              className="sel sm"
              value={mapping.channel ?? ''}
              onChange={(event) => {
                const { channel: _channel, ...rest } = mapping;
                change(event.target.value === '' ? rest : { ...rest, channel: Number(event.target.value) });
              }}
            >
              <option value="">{text('column.unknown')}</option>
              {Array.from({ length: image.sizes.c }, (_, channel) => (
                <option key={channel} value={channel}>
                  {image.channels[channel]?.name || channel + 1}
                </option>
              ))}
            </select>
          </label>
        ) : null}
      </div>
    </fieldset>
  );
}

function NumberBox({
  label,
  value,
  change,
  whole = false,
}: {
  label: string;
  value: number;
  change: (value: number) => void;
  whole?: boolean;
}): JSX.Element {
  // What is typed may be no number yet ("0.", "-"); only numbers are passed on.
  const [typed, setTyped] = useState<string | undefined>();
  const read = (words: string) => {
    const number = Number(words.replace(',', '.'));
    return words.trim() !== '' && Number.isFinite(number) && (!whole || Number.isInteger(number)) ? number : undefined;
  };
  return (
    <span className={`field-in num ${typed !== undefined && read(typed) === undefined ? 'wrong' : ''}`}>
      <input
        type="text"
        inputMode="decimal"
        aria-label={label}
        size={8}
        value={typed ?? String(Number(value.toPrecision(9)))}
        onChange={(event) => {
          setTyped(event.target.value);
          const number = read(event.target.value);
          if (number !== undefined) change(number);
        }}
        onBlur={() => setTyped(undefined)}
      />
    </span>
  );
}
