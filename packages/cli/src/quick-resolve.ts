/**
 * Finds modules that are named by their place (`./name.ts`) without asking the disk what they are: a start names ten thousand, and Node's own
 * way (links followed, every `package.json` above read) took a third of it. Also loaded into the processes started from here.
 */
import * as nodeModule from 'node:module';

/** What a specifier that was found before leads to: the packages of this house ask for the same ones again and again. */
const found = new Map<string, nodeModule.ResolveFnOutput>();

const resolve: nodeModule.ResolveHookSync = (specifier, context, next) => {
  const parent = context.parentURL;
  if (!parent?.startsWith('file:') || !context.conditions.includes('import')) return next(specifier, context);
  const isInstalled = parent.includes('/node_modules/');
  if (specifier.startsWith('./') || specifier.startsWith('../')) {
    // Ours are modules without exception, and names end as files do; so do the names in modules that npm installed.
    if (!isInstalled && specifier.endsWith('.ts'))
      return { url: new URL(specifier, parent).href, format: 'module-typescript', shortCircuit: true };
    if (isInstalled && /\.m?js$/.test(specifier)) return { url: new URL(specifier, parent).href, shortCircuit: true };
    return next(specifier, context);
  }
  // What npm laid below one package of ours is found from there alone.
  const key = `${/^.*\/packages\/[^/]+\//.exec(parent)?.[0]} ${specifier}`;
  if (isInstalled || specifier.startsWith('node:')) return next(specifier, context);
  const known = found.get(key) ?? { ...next(specifier, context), shortCircuit: true };
  found.set(key, known);
  return known;
};

// Older Node has no such hooks, and starts slower.
(nodeModule as Partial<typeof nodeModule>).registerHooks?.({ resolve });
