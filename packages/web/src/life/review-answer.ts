import { type api, routes } from '../app/api.ts';

/** A review as the server answers it. */
export type Review = Awaited<ReturnType<typeof api.call<typeof routes.getReview>>>;
