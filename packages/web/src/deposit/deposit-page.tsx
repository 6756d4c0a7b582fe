import type { JSX } from 'react';
/** placeholder until later in this session */
export function DepositPage(): JSX.Element {
  return <main />;
}
