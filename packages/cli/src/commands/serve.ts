import { parseCommand } from '../arguments.ts';
import { type Terminal, UsageError } from '../terminal.ts';

/** `serve`: starts the repository. Ends when it is stopped; a start that is refused gives exit code 1. */
export async function serve(args: string[], _terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    data: { type: 'string' },
    host: { type: 'string' },
    port: { type: 'string' },
  });
  if (paths.length > 0) throw new UsageError(`serve takes no path ("${paths[0]}"); the data folder is --data FOLDER`);
  const { startServer } = await import('@micrarium/server');
  return await startServer({
    ...(typeof values.data === 'string' ? { data: values.data } : {}),
    ...(typeof values.host === 'string' ? { host: values.host } : {}),
    ...(typeof values.port === 'string' ? { port: portOf(values.port) } : {}),
  });
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError(`--port "${text}" is no port number`);
  return port;
}
