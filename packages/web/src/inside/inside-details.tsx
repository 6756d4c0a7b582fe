import type { InsideAttribute, InsideDetails as Details, InsideFile, InsideKind } from '@micrarium/formats';
import type { JSX } from 'react';
import { type MessageKey, text, useText } from '../messages/text.ts';
import { writtenBytes, writtenNumber } from '../messages/written.ts';

/** Word for what something is. */
export const kindWords: Record<InsideKind, MessageKey> = {
  group: 'inside.kindGroup',
  array: 'inside.kindArray',
  table: 'inside.kindTable',
  type: 'inside.kindType',
  link: 'inside.kindLink',
  unreadable: 'inside.kindUnreadable',
};

const storageWords: Readonly<Record<string, MessageKey>> = {
  compact: 'inside.storedCompact',
  contiguous: 'inside.storedContiguous',
  chunked: 'inside.storedChunked',
  virtual: 'inside.storedVirtual',
};

/** A type in the reader's language, as far as it is words and no name such as `uint16`. */
export function writtenType(type: string): string {
  const bytes = /^text of (\d+) bytes$/.exec(type)?.[1];
  if (bytes !== undefined) return text('inside.typeText', { bytes: Number(bytes) });
  if (type === 'text' || type === 'string') return text('inside.typeAnyText');
  return type === 'reference' ? text('inside.typeReference') : type;
}

/** Lengths of axes as people write them: `3 × 128 × 128`; endless ones as `∞`. */
export function writtenShape(shape: readonly number[]): string {
  return shape.map((length) => (Number.isFinite(length) ? writtenNumber(length, 15) : '∞')).join(' × ');
}

/** Everything about the chosen thing but its values. */
export function InsideDetails({ details, file }: { details: Details; file: InsideFile }): JSX.Element {
  const text = useText();
  const facts: [label: string, value: string | undefined][] = [
    [text('inside.what'), text(kindWords[details.kind])],
    [text('inside.format'), details.path === '/' ? formatName(file) : undefined],
    [text('inside.members'), details.members === undefined ? undefined : writtenNumber(details.members, 15)],
    [text('inside.shape'), shapeWords(details, text('inside.oneValue'))],
    [text('inside.grows'), details.maxShape && writtenShape(details.maxShape)],
    [text('inside.type'), details.kind === 'table' ? undefined : details.type && writtenType(details.type)],
    [text('inside.size'), details.bytes === undefined ? undefined : writtenBytes(details.bytes)],
    [text('inside.storage'), details.storage && text(storageWords[details.storage] ?? 'inside.storedChunked')],
    [text('inside.chunks'), details.chunk && writtenShape(details.chunk)],
    [text('inside.filters'), details.filters && details.filters.length > 0 ? details.filters.join(', ') : undefined],
    [text('inside.leads'), details.note],
  ];
  return (
    <>
      <h3 className="mono inside-path">
        <bdi>{details.path}</bdi>
      </h3>
      <dl className="inside-facts">
        {facts.map(([label, value]) =>
          value === undefined ? null : (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {details.columns ? <Columns columns={details.columns} /> : null}
      {details.attributes.length > 0 ? <Attributes attributes={details.attributes} /> : null}
    </>
  );
}

const formatName = ({ format, version }: InsideFile): string => `${format === 'hdf5' ? 'HDF5' : 'Zarr'}, ${version}`;

function shapeWords({ shape }: Details, oneValue: string): string | undefined {
  if (shape === undefined) return undefined;
  return shape.length === 0 ? oneValue : writtenShape(shape);
}

function Columns({ columns }: { columns: NonNullable<Details['columns']> }): JSX.Element {
  const text = useText();
  return (
    <details className="s">
      <summary>{text('inside.columns', { count: columns.length })}</summary>
      <ul className="inside-columns mono xs">
        {columns.map(({ name, type }) => (
          <li key={name}>
            <b>{name}</b> {writtenType(type)}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Attributes({ attributes }: { attributes: readonly InsideAttribute[] }): JSX.Element {
  const text = useText();
  return (
    <div className="scrollx">
      <table className="t inside-attributes">
        <caption className="s">{text('inside.attributes', { count: attributes.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{text('inside.name')}</th>
            <th scope="col">{text('inside.value')}</th>
            <th scope="col">{text('inside.type')}</th>
          </tr>
        </thead>
        <tbody>
          {attributes.map(({ name, value, type, shape }) => (
            <tr key={name}>
              <th scope="row" className="mono xs">
                {name}
              </th>
              <td className="inside-value">{value}</td>
              <td className="xs m2 nw">
                {writtenType(type)}
                {shape.length > 0 ? ` [${writtenShape(shape)}]` : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
