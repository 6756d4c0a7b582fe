import { type JSX, useState } from 'react';
import { Icon, type IconName } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';

/** Words of a button in the head; on small screens its drawing, with the words for those who listen. */
export function HeadLabel({ icon, words }: { icon: IconName; words: string }): JSX.Element {
  return (
    <>
      <Icon name={icon} />
      <span className="words">{words}</span>
    </>
  );
}

/** Copies the address, which holds the whole view. */
export function CopyLink(): JSX.Element {
  const text = useText();
  const [isCopied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className="btn quiet sm"
      title={text('viewer.kept')}
      onClick={() => {
        void navigator.clipboard.writeText(location.href).then(() => setCopied(true));
        setTimeout(() => setCopied(false), 2000);
      }}
    >
      <HeadLabel
        icon={isCopied ? 'check' : 'link'}
        words={isCopied ? text('viewer.copied') : text('viewer.copyView')}
      />
    </button>
  );
}

const planeKeys = [
  'viewer.keyTime',
  'viewer.keyFocus',
  'viewer.keyPlay',
  'viewer.keySpeed',
  'viewer.keyChannels',
  'viewer.keyAuto',
  'viewer.keyProject',
  'viewer.keyZoom',
  'viewer.keyFit',
  'viewer.keyFurther',
  'viewer.keyTools',
  'viewer.keyMarks',
  'viewer.keyMove',
  'viewer.keyPoint',
  'viewer.keyTracks',
  'volume.keyShow',
  'viewer.keyEscape',
] as const;

const volumeKeys = [
  'viewer.keyTime',
  'viewer.keyPlay',
  'viewer.keySpeed',
  'viewer.keyChannels',
  'viewer.keyAuto',
  'volume.keyTurn',
  'volume.keyZoom',
  'viewer.keyFit',
  'volume.keyFront',
  'volume.keyMode',
  'volume.keyPerspective',
  'volume.keyShow',
  'viewer.keyEscape',
] as const;

/** The keys of the viewer, of planes or of the volume. */
export function Keys({ isVolume }: { isVolume: boolean }): JSX.Element {
  const text = useText();
  const lines = isVolume ? volumeKeys : planeKeys;
  return (
    <div className="keys" role="dialog" aria-label={text('viewer.keys')}>
      <h2>{text('viewer.keys')}</h2>
      <ul>
        {lines.map((key) => (
          <li key={key}>{text(key)}</li>
        ))}
      </ul>
    </div>
  );
}
