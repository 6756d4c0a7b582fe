import fc from 'fast-check';

/**
 * Property tests of `npm test` begin from one seed, so that a change is judged by what it changes; `MICRARIUM_SEED=random`
 * (or a number) tries others, and the long sweeps of `npm run test:slow` always do.
 */
const asked = process.env.MICRARIUM_SEED ?? '20261121';
const seed = asked === 'random' ? Date.now() % 2 ** 31 : Number(asked);
if (!Number.isSafeInteger(seed)) throw new RangeError(`MICRARIUM_SEED is a whole number or "random", not "${asked}"`);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
