/** The column of a table that names classes; `undefined` where none does. Floating-point numbers name nothing. */
export function classColumnOf(columns: readonly { name: string; type: string }[]): string | undefined {
  const named = columns.filter(
    ({ name, type }) => type !== 'float' && /class|phenotype|categor|cell[ _-]?type|^type$/i.test(name),
  );
  return (named.find(({ type }) => type === 'string') ?? named[0])?.name;
}
