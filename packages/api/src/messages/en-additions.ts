/** English texts of the study page about annotations and re-analyses of others. */
export const additionsEn = {
  'additions.title': 'Annotations and re-analyses',
  'additions.add': 'Add an annotation or re-analysis',
  'additions.of': 'Made of',
  'additions.annotates': 'Annotates',
  'additions.re-analyses': 'Re-analyses',
  'additions.derived': 'Derived from',
  'additions.is.annotates': 'Annotation',
  'additions.is.re-analyses': 'Re-analysis',
  'additions.is.derived': 'Derived data',
  'additions.ofVersion': 'of version {version}',
  'additions.comment': 'The authors of this study, {date}:',
} as const;
