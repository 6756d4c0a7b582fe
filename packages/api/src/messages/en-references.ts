/** English texts about files that stay where they are. */
export const referencesEn = {
  'references.title': 'Files that stay where they are',
  'references.text':
    'These files belong to the study and are not held here: each link leads to the server that has it. Their size and digest were noted when the study was published. They are asked for again every week, and their bytes are compared with the digest as far as the operator allows.',
  'references.count': '{count} files, {size}, not held here',
  'references.stays': 'stays at {host}',
  'references.state': 'Last found',
  'references.closed': 'Their addresses are told when the files are open.',
  'references.state.none': 'not asked for yet',
  'references.state.there': 'there, with this size',
  'references.state.verified': 'there; all bytes compared on {date}',
  'references.state.missing': 'missing',
  'references.state.changed': 'changed: these are other bytes',
  'references.elsewhere': 'Kept elsewhere',
  'references.wrong.missing': 'Missing: {count}',
  'references.wrong.changed': 'Changed: {count}',
  'references.state.unreachable': 'its server did not answer',
  'references.more': 'All of them, for programs',
  'references.integrity':
    'Of these files a study holds address, size and digest only; their bytes lie elsewhere and are counted nowhere above. Each is asked for at least every {days} days.',
  'references.counted.looked': 'Asked for at least once',
  'references.counted.verified': 'Read in full, as stated',
  'references.counted.missing': 'Missing',
  'references.counted.changed': 'Changed',
  'references.counted.unreachable': 'Without an answer',
} as const;
