import type { LogEvent } from 'kysely';
import { statementName, statementText } from './statement-text.ts';
import { noteStep } from './tracing.ts';

/** Notes a statement that is over in the span it was made for: its text, never its values. */
export function noteQuery({ query, queryDurationMillis: milliseconds, ...event }: LogEvent): void {
  noteStep(
    'database',
    () => statementName(query.sql),
    () => ({ 'db.system.name': 'postgresql', 'db.query.text': statementText(query.sql) }),
    milliseconds,
    event.level === 'error' ? event.error : undefined,
  );
}
