import {
  type DefaultError,
  QueryClient,
  type UseMutationOptions,
  type UseMutationResult,
  type UseQueryOptions,
  type UseQueryResult,
  useMutation,
  useQuery,
} from '@tanstack/react-query';
import { ApiError } from './api.ts';

/** Answers of the server, kept for half a minute; only network faults are tried again. Loaded with the pages, not with the shell. */
export const answers = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError),
    },
  },
});

/** `useQuery` on our answers. */
export function useAnswer<Answer, Shown = Answer>(
  options: UseQueryOptions<Answer, DefaultError, Shown>,
): UseQueryResult<Shown> {
  return useQuery(options, answers);
}

/** `useMutation` on our answers. */
export function useChange<Answer, Input = void>(
  options: UseMutationOptions<Answer, DefaultError, Input>,
): UseMutationResult<Answer, DefaultError, Input> {
  return useMutation(options, answers);
}
