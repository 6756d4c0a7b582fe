import type { StageTool } from '@micrarium/viewer';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';

/** What a hand does on the stage: move, measure a line, an angle or an area, choose the place of the sections. */
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
  const tools: StageTool[] = ['move', 'line', 'angle', 'area', ...(hasSections ? (['place'] as const) : [])];
  return (
    <>
      <div className="hud tl vzoom" role="group" aria-label={text('viewer.tools')}>
        {tools.map((one) => (
          <button key={one} type="button" aria-pressed={tool === one} onClick={() => onChange(one)}>
            {text(`tool.${one}`)}
          </button>
        ))}
      </div>
      {tool === 'move' ? null : (
        <span className="hud tl vhint" role="status">
          {text(`toolHint.${tool}`)}
        </span>
      )}
    </>
  );
}
