import { parseCommand } from '../arguments.ts';
import { type Terminal, UsageError, exitCode } from '../terminal.ts';

/** What the server takes from the command line; the environment says the rest. */
interface ServeOptions {
  data?: string;
  host?: string;
  port?: number;
}

/** The one function of the server this command calls; it answers when the server has stopped. */
interface ServerPackage {
  startServer?(options: ServeOptions): Promise<unknown>;
}

/** `serve`: starts the repository. */
export async function serve(args: string[], _terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    data: { type: 'string' },
    host: { type: 'string' },
    port: { type: 'string' },
  });
  if (paths.length > 0) throw new UsageError(`serve takes no path ("${paths[0]}"); the data folder is --data FOLDER`);
  const server = (await import('@micrarium/server')) as unknown as ServerPackage;
  if (!server.startServer) throw new UsageError('this build has no server');
  await server.startServer({
    ...(typeof values.data === 'string' ? { data: values.data } : {}),
    ...(typeof values.host === 'string' ? { host: values.host } : {}),
    ...(typeof values.port === 'string' ? { port: portOf(values.port) } : {}),
  });
  return exitCode.good;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError(`--port "${text}" is no port number`);
  return port;
}
