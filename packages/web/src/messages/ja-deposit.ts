import type { depositEn } from './en-deposit.ts';

/** Japanese texts of the deposit page. */
export const depositJa: Readonly<Record<keyof typeof depositEn, string>> = {};
