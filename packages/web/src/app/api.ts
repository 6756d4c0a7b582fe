import { ApiError, createClient, type Client, pageTokenHeaders, routes } from '@micrarium/api';

/** The server these pages came from. */
export const api: Client = createClient({ server: '' });

export { ApiError, pageTokenHeaders, routes };
