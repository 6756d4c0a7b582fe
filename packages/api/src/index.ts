export * from './messages/messages.ts';
export type { MessageKey } from './messages/en.ts';
export * from './client.ts';
export * from './deposit-client.ts';
export * from './routes.ts';
export * from './schemas.ts';
export * from './snippets.ts';
export * from './messages/issues/issue-texts.ts';
