import { Fragment, type JSX } from 'react';
import { useText } from '../messages/text.ts';
import { HeadedTable } from '../app/headed-table.tsx';
import type { RegisteredFormat } from './format-filter.ts';

const marks = { preferred: 'st ok', accepted: 'st', bits: 'st warn' } as const;

/** The register as a table; a row opens to everything that is known of its format. */
export function FormatRows(props: {
  formats: readonly RegisteredFormat[];
  /** Id of the format whose row is open. */
  open: string;
  onOpen(format: string): void;
}): JSX.Element {
  const text = useText();
  const { formats, open, onOpen } = props;
  return (
    <HeadedTable
      heads={[
        text('register.format'),
        text('register.levelOf'),
        text('register.holds'),
        text('register.openness'),
        text('register.read'),
        text('register.written'),
      ]}
    >
      {formats.map((format) => (
        <Fragment key={format.id}>
          <tr>
            <td>
              <button
                type="button"
                className="opens b"
                aria-expanded={format.id === open}
                onClick={() => onOpen(format.id)}
              >
                {format.name}
              </button>
            </td>
            <td className="nw">
              <span className={marks[format.level]}>{text(`register.level.${format.level}`)}</span>
            </td>
            <td>{format.data.map((one) => text(`register.data.${one}`)).join(', ')}</td>
            <td>{text(`register.open.${format.openness}`)}</td>
            <td>{text(`register.reads.${format.reads}`)}</td>
            <td>{text(format.writes ? 'register.yes' : 'register.no')}</td>
          </tr>
          {format.id === open ? (
            <tr>
              <td colSpan={6}>
                <OneFormat format={format} />
              </td>
            </tr>
          ) : null}
        </Fragment>
      ))}
    </HeadedTable>
  );
}

function OneFormat({ format }: { format: RegisteredFormat }): JSX.Element {
  const text = useText();
  const { specification, others, example, extensions, mediaTypes, isSeen, reads } = format;
  const lines: [string, string][] = [
    [text('register.usedBy'), text(`register.adoption.${format.adoption}`)],
    [text('register.keeper'), text(`register.keeper.${format.keeper}`, { by: format.by })],
    [text('register.licence'), format.licence ?? text(`register.terms.${format.terms}`)],
    [text('register.others'), others.length > 0 ? others.join(', ') : text('register.otherUnknown')],
    [text('register.example'), example ?? text('register.noExample')],
    [text('register.endings'), extensions.length > 0 ? extensions.join(' ') : '-'],
    [text('register.mediaTypes'), mediaTypes.length > 0 ? mediaTypes.join(', ') : '-'],
  ];
  return (
    <>
      <dl className="more">
        <dt>{text('register.specification')}</dt>
        <dd>
          {specification === null ? (
            text(`register.open.${format.openness}`)
          ) : (
            <a href={specification} rel="noreferrer">
              {specification}
            </a>
          )}
        </dd>
        {lines.map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
      {reads !== 'nothing' && !isSeen ? <p className="st warn">{text('register.unseen')}</p> : null}
    </>
  );
}
