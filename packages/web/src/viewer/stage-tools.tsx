import type { StageTool } from '@micrarium/viewer';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';

/** What a hand does on the stage: move, measure, choose the place of the sections. */
export function StageTools({
  tool,
  hasSections,
  onChange,
}: {
  tool: StageTool;
  /** Has the image slices to cut through? */
  hasSections: boolean;
  onChange(tool: StageTool): void;
}): JSX.Element {
  const text = useText();
  const tools: StageTool[] = hasSections ? ['move', 'line', 'place'] : ['move', 'line'];
  return (
    <div className="hud tl vzoom" role="group" aria-label={text('viewer.tools')}>
      {tools.map((one) => (
        <button key={one} type="button" aria-pressed={tool === one} onClick={() => onChange(one)}>
          {text(`tool.${one}`)}
        </button>
      ))}
    </div>
  );
}
