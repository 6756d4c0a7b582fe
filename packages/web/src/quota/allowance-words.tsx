import type { JSX } from 'react';
import type { api, routes } from '../app/api.ts';
import { useText } from '../messages/text.ts';
import { writtenBytes } from '../messages/written.ts';

/** How much a person or group may deposit, and how much they have. */
export type Allowance = Awaited<ReturnType<typeof api.call<typeof routes.listAllowances>>>['allowances'][number];

/** What is used and left, in words. */
export function AllowanceWords({ allowance }: { allowance: Allowance }): JSX.Element {
  const text = useText();
  const { usedBytes, limitBytes, reservedBytes } = allowance;
  const used = writtenBytes(usedBytes);
  if (limitBytes === null) return <span>{text('quota.unlimited', { used })}</span>;
  const limit = writtenBytes(limitBytes);
  const left = limitBytes - usedBytes;
  return (
    <span className={left <= 0 ? 'st bad' : left < 0.1 * limitBytes ? 'st warn' : undefined}>
      {left <= 0 ? text('quota.over', { used, limit }) : text('quota.used', { used, limit, left: writtenBytes(left) })}
      {reservedBytes > 0 ? ` (${text('quota.reserved', { bytes: writtenBytes(reservedBytes) })})` : ''}
    </span>
  );
}
