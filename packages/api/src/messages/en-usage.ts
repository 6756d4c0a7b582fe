/** English texts about how much is used. */
export const usageEn = {
  'usage.used': 'Used',
  'usage.sum': 'views {views}, downloads {downloads}',
  'usage.machine': 'by programs: views {views}, downloads {downloads}',
  'usage.title': 'How much is used',
  'usage.text':
    'Counted by the rules of COUNTER for research data: a double click is one use, views and downloads are counted once per visitor and hour, robots are left out, and programs that people run are counted apart. Nothing is kept that tells who it was.',
  'usage.month': 'Month',
  'usage.views': 'Views',
  'usage.downloads': 'Downloads',
  'usage.machineViews': 'Views by programs',
  'usage.machineDownloads': 'Downloads by programs',
  'usage.bytes': 'Sent',
  'usage.months': 'By month',
  'usage.most': 'Used most in the last twelve months',
  'usage.study': 'Study',
  'usage.none': 'Nothing has been counted yet.',
  'usage.asJson': 'The same figures for programs',
} as const;
