/** A name in double quotes, as SQL writes it. */
export const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text in single quotes. */
export const quotedText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
