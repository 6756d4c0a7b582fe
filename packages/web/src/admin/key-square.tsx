import type { JSX } from 'react';
import { encode } from 'uqr';

/** Modules of quiet around a code, which cameras need. */
const quiet = 4;

/** A text as a QR code; dark on white whatever the colours of the page are, as cameras expect. @param props.label what is read in place of it */
export function KeySquare({ text, label }: { text: string; label: string }): JSX.Element {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const dark = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x + quiet} ${y + quiet}h1v1h-1z` : '')))
    .join('');
  const side = size + 2 * quiet;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${side} ${side}`}
      width={4 * side}
      height={4 * side}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={dark} fill="#000" />
    </svg>
  );
}
