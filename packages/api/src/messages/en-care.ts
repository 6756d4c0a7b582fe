/** English texts about how studies are kept: checks of the bytes, states, tombstones. */
export const careEn = {
  'care.verified': 'Bytes checked',
  'care.verifiedOn': '{date}, all as deposited',
  'care.damagedOn': '{date}: damage was found and is being mended',
  'care.notYet': 'not yet',
  'care.title': 'Are the stored bytes whole?',
  'care.text':
    'Every published file is read again at least every {days} days and compared with the digests (SHA-512 and SHA-256) that were noted when it arrived. A difference is named, mended from a second copy where there is one, and kept in the records.',
  'care.studies': 'Published studies',
  'care.read': 'Read in full at least once',
  'care.damaged': 'With damage that is not mended',
  'care.files': 'Files',
  'care.bytes': 'Bytes',
  'care.oldest': 'Longest ago',
  'care.newest': 'Last',
  'care.withdrawn': 'This study was withdrawn',
  'care.withdrawnOn': 'Withdrawn on {date}.',
  'care.withdrawnWhy': 'Reason: {reason}',
  'care.withdrawnFiles': 'Its files are closed. The accession and this page stay.',
  'care.replacedBy': 'It is replaced by',
  'care.closedUntil': 'The files of this study are closed until {date}. Its metadata are public.',
  'care.privateLinks': 'Private links for reviewers',
  'care.private':
    'This is not published. You see it by a private link that is valid until {date}; please neither cite nor pass it on.',
  'care.linkGone': 'This link is closed',
  'care.linkGoneText':
    'It was revoked, has expired, or what it hid is public now. Ask whoever gave it to you for a new one.',
} as const;
