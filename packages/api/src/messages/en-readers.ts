/** English texts of the study page about those who read it: questions to its authors, and where it was used again. */
export const readersEn = {
  'readers.reuse': 'Used again in',
  'readers.primary': 'Papers of these data',
  'readers.foundBy': 'found by {source}, {date}',
  'readers.paper': 'Paper',
  'readers.study': 'Study',
  'readers.analysis': 'Analysis',
  'readers.report': 'I used these data',
  'readers.ask': 'Ask the authors',
  'readers.questions': 'Questions to the authors',
  'readers.asked': '{name} asked on {date}',
  'readers.askedNameless': 'Asked on {date}',
  'readers.answered': 'The authors on {date}',
  'readers.more': '{count} more',
} as const;
