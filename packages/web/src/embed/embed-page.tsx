import type { JSX } from 'react';
import '../styles/embed.css';
import { ViewerPage } from '../viewer/viewer-page.tsx';

/** `/embed/$accession/$version/$item`: the viewer for a frame in another site's page: stage, sliders, and a way here. */
export function EmbedPage(): JSX.Element {
  return (
    <div className="embedded">
      <ViewerPage isEmbedded />
    </div>
  );
}
