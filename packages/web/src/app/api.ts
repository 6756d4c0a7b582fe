import { ApiError, createClient, type Client, routes } from '@micrarium/api';

/** The server these pages came from. */
export const api: Client = createClient({ server: '' });

export { ApiError, routes };
