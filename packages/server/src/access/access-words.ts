/** What those who decide and who asked for access say to one another before it is decided. */
export interface AccessWords {
  by: 'asker' | 'deciders';
  text: string;
  /** ISO 8601. */
  at: string;
}
