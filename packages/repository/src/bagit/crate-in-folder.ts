import type { StudyGraph } from '@micrarium/standards';

/** The graph of a study whose files lie in a folder below the crate that tells of it, rather than beside its metadata. */
export function crateInFolder(graph: StudyGraph, folder: string): StudyGraph {
  const paths = new Set(graph.files.map(({ path }) => path));
  const items = new Set(graph.images.flatMap(({ file }) => file ?? []));
  const below = (path: string) => (paths.has(path) || items.has(path) ? folder + path : path);
  const moved = <Node extends object, Key extends keyof Node>(node: Node, ...keys: Key[]): Node => {
    const copy = { ...node };
    for (const key of keys) if (typeof node[key] === 'string') copy[key] = below(node[key]) as Node[Key];
    return copy;
  };
  return {
    ...graph,
    files: graph.files.map((one) => moved(one, 'path')),
    images: graph.images.map((one) => moved(one, 'file')),
    ...(graph.figures ? { figures: graph.figures.map((one) => moved(one, 'image', 'table', 'analysis')) } : {}),
  };
}
