import { httpSource, openParquet } from '@micrarium/formats';
import { api, routes } from '../app/api.ts';
import { type FilmPlace, notReady } from '../viewer/open-film.ts';

/** The measures of every path of a set, as they are stored. NaN stands for undefined. */
export interface PathTable {
  rows: number;
  names: readonly string[];
  column(name: string): Promise<Float64Array>;
}

/** Opens the table of a set's paths by ranges. @throws FormNotReady while it is being made */
export async function openPathTable(place: FilmPlace, part: number, signal: AbortSignal): Promise<PathTable> {
  const name = 'paths.parquet';
  const url = pathTableUrl(place, part);
  const answer = await fetch(url, { method: 'HEAD', signal });
  if (answer.status === 503) throw notReady(name, answer);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}: the measures of set ${part} are not there`);
  const table = await openParquet(httpSource(name, url, Number(answer.headers.get('content-length') ?? 0)));
  const read = new Map<string, Promise<Float64Array>>();
  const whole = async (column: string) => {
    const all = new Float64Array(table.rows);
    for (const { start, end } of table.runs) {
      const { values, missing } = await table.read(column, start, end);
      for (let row = start; row < end; row++)
        all[row] = missing?.[row - start] === 1 ? Number.NaN : Number(values[row - start]);
    }
    return all;
  };
  return {
    rows: table.rows,
    names: table.columns.map((column) => column.name),
    column(wanted) {
      const found = read.get(wanted) ?? whole(wanted);
      read.set(wanted, found);
      return found;
    },
  };
}

/** Address of a stored table: of paths, of steps, or of lives from division to division. */
export function pathTableUrl(place: FilmPlace, part: number, table: 'paths' | 'steps' | 'lives' = 'paths'): string {
  return api.url(routes.getItemContent, { params: { ...place, path: `motion-${part}/${table}.parquet` } });
}
