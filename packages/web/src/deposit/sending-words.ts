import { ApiError } from '../app/api.ts';
import { useFaultWords } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';
import { FileChanged } from './taken-files.ts';
import { SendingRefused } from './upload-queue.ts';

/** Why a file was not sent, in the reader's language. */
export function useSendingWords(): (fault: unknown) => string {
  const text = useText();
  const faultWords = useFaultWords();
  return (fault) => {
    const cause = fault instanceof SendingRefused ? fault.cause : fault;
    if (cause instanceof FileChanged) return text(cause.isGone ? 'upload.fileGone' : 'upload.fileChanged');
    return faultWords(cause ?? fault);
  };
}

/** What sending waits for: the server's own reason where it gave one, else that it cannot be reached. */
export function useWaitingWords(): (fault: unknown) => string {
  const text = useText();
  const faultWords = useFaultWords();
  return (fault) =>
    fault instanceof ApiError
      ? text('upload.waitsFor', { reason: faultWords(fault).replace(/[.。]$/, '') })
      : text('upload.waits');
}
