/** What is wrong with the bytes of an SQLite file, or stored in a way that is not read; readers turn it into an issue. */
export class SqliteFault extends Error {
  override readonly name = 'SqliteFault';
}
