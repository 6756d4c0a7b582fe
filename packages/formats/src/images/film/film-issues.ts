import { defineIssues } from '@micrarium/model';

/** What is worth saying about a film made for showing. */
export const filmIssue = defineIssues({
  'film-codec-unknown': {
    severity: 'warning',
    meaning: 'The frames of the film are packed by a codec that neither browsers nor this program decode.',
    hint: 'The film is kept and can be downloaded. To have it played here, save it as MP4 (H.264), or as AVI with JPEG, PNG or without compression.',
  },
  'film-without-index': {
    severity: 'info',
    meaning:
      'The film has no index of its frames, as films of a recording that was interrupted. They were found one after the other.',
    hint: 'Nothing need be done; frames at the end may be missing.',
  },
  'film-damaged': {
    severity: 'warning',
    meaning: 'The headers or the frames of the film cannot be found in the file.',
    hint: 'The file may be cut off: compare its size with the original and deposit it again.',
  },
});
