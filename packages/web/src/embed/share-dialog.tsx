import { api, routes } from '../app/api.ts';
import { binderAddress, isPublicHost, shortLink } from '@micrarium/api';
import { type JSX, useEffect, useRef, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { language, useText } from '../messages/text.ts';
import { saveText } from '../viewer/save.ts';
import '../styles/embed.css';
import {
  cellOf,
  emptyColab,
  fijiLine,
  iframeLine,
  napariLine,
  neuroglancerAddress,
  notebookOf,
  type SharedView,
  zarrAddress,
} from './share-lines.ts';

interface ShareProps {
  accession: string;
  version: number;
  item: string;
  image: number;
  title: string;
  /** The data set that the image is of; left out where it is of none. */
  dataset?: string | undefined;
  /** Ids of all items of the version. */
  items: readonly string[];
  /** Is there an image, or only objects on an empty stage? */
  hasImage: boolean;
}

/** The button that opens the ways to show this view to others, and to open its image in other programs. */
export function ShareButton(props: ShareProps): JSX.Element {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="btn quiet sm later" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="code" />
        <span className="words">{text('share.open')}</span>
      </button>
      {isOpen ? <ShareDialog {...props} close={() => setOpen(false)} /> : null}
    </>
  );
}

/** A line to be taken along: shown whole, chosen at a click, copied by a button. */
function Line({ name, hint, value }: { name: string; hint?: string; value: string }): JSX.Element {
  const text = useText();
  const [isCopied, setCopied] = useState(false);
  return (
    <div className="shline">
      <label>
        <span className="b">{name}</span>
        <input readOnly type="text" value={value} onFocus={(event) => event.target.select()} />
      </label>
      <button
        type="button"
        className="btn sm"
        aria-label={`${text('share.copy')}: ${name}`}
        onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
      >
        {text(isCopied ? 'share.copied' : 'share.copy')}
      </button>
      {hint === undefined ? null : <p className="m2 xs">{hint}</p>}
    </div>
  );
}

/** The data set in the interface, as others reach it. */
function datasetAddress({ origin, accession, version }: SharedView, dataset: string): string {
  const notebook = api.url(routes.getNotebook, { params: { accession, version, dataset } });
  return origin + notebook.slice(0, notebook.lastIndexOf('/'));
}

function ShareDialog({ close, items, hasImage, dataset, ...place }: ShareProps & { close(): void }): JSX.Element {
  const text = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const [hasCopiedCell, setCopiedCell] = useState(false);
  // The view as it is when the window opens: it does not move behind it.
  const [view] = useState<SharedView>(() => ({ ...place, origin: location.origin, search: location.search }));
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  const zarr = zarrAddress(view);
  const isPublic = isPublicHost(location.hostname);
  const page = `${view.origin}/studies/${view.accession}/v/${view.version}`;
  return (
    <dialog
      ref={dialog}
      className="share"
      aria-labelledby="share-title"
      onClose={close}
      // Keys of the viewer mean nothing in here.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div className="shhead">
        <h2 id="share-title">{text('share.title')}</h2>
        <button
          type="button"
          className="btn quiet icon"
          aria-label={text('share.close')}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
      <Line
        name={text('share.short')}
        value={view.origin + shortLink(view, items, view.search)}
        hint={text('share.shortHint')}
      />
      <Line name={text('share.iframe')} value={iframeLine(view)} hint={text('share.iframeHint')} />
      {hasImage ? (
        <>
          <h3>{text('share.openIn')}</h3>
          {isPublic ? null : <p className="m2 xs">{text('share.notPublic')}</p>}
          <Line name={text('share.napari')} value={napariLine(zarr)} hint={text('share.napariHint')} />
          <Line name={text('share.fiji')} value={fijiLine(zarr)} hint={text('share.fijiHint')} />
          <div className="row shways">
            {isPublic ? (
              <a
                className="btn sm"
                href={neuroglancerAddress(zarr, place.title)}
                target="_blank"
                rel="noopener noreferrer"
              >
                {text('share.neuroglancer')}
              </a>
            ) : null}
            <button
              type="button"
              className="btn sm"
              onClick={() =>
                saveText(`${view.accession}.ipynb`, 'application/x-ipynb+json', notebookOf(zarr, place.title, page))
              }
            >
              {text('share.notebook')}
            </button>
            {isPublic && dataset !== undefined ? (
              <a
                className="btn sm"
                href={binderAddress(datasetAddress(view, dataset), language())}
                target="_blank"
                rel="noopener noreferrer"
              >
                {text('share.binder')}
              </a>
            ) : null}
            {isPublic ? (
              <a
                className="btn sm"
                href={emptyColab}
                target="_blank"
                rel="noopener noreferrer"
                title={text('share.colabHint')}
                onClick={() => void navigator.clipboard.writeText(cellOf(zarr, page)).then(() => setCopiedCell(true))}
              >
                {text(hasCopiedCell ? 'share.colabCopied' : 'share.colab')}
              </a>
            ) : null}
          </div>
          <p className="m2 xs">{text(isPublic ? 'share.notebookHint' : 'share.notebookLocal')}</p>
          {isPublic ? <p className="m2 xs">{text('share.colabHint')}</p> : null}
        </>
      ) : null}
    </dialog>
  );
}
