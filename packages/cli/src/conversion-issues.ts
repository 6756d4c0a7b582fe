import { defineIssues } from '@micrarium/model';

/** What can stop a conversion before the target's own losses are asked. */
export const conversionIssue = defineIssues({
  'target-exists': {
    severity: 'error',
    meaning: 'Something exists at the target, and it may not be replaced.',
    hint: 'Name another target, or give --force to replace it.',
  },
  'nothing-to-convert': {
    severity: 'error',
    meaning: 'The input holds nothing that the target format can take: no tracks or objects, or no images.',
    hint: 'Ask `micrarium inspect` what the input holds.',
  },
  'converter-read': {
    severity: 'info',
    meaning: 'The pixels were read by another program (bioformats2raw), because we do not decode the format.',
  },
  'converter-gave-nothing': {
    severity: 'warning',
    meaning: 'The program of --bioformats2raw was tried on the input and gave no usable image.',
    hint: 'Read the message of the program; give the path of bioformats2raw itself.',
  },
  'target-not-written': {
    severity: 'error',
    meaning: 'Writing the target failed; nothing was left behind.',
    hint: 'Check the free space and the rights of the folder.',
  },
});
