import { _Tileset2D as Tileset2D } from '@deck.gl/geo-layers';

interface Tile {
  isVisible: boolean;
  isSelected: boolean;
  isLoading: boolean;
  needsReload: boolean;
  setNeedsReload(): void;
  abort(): void;
}

/** What deck.gl's tileset keeps for itself. */
interface TilesetParts {
  _cache: Map<string, Tile>;
  _dirty: boolean;
  _rebuildTree(): void;
}

/**
 * Tiles of a film whose planes follow each other. deck.gl's own forgets, when another plane is asked for, the tiles that
 * stand in for others (coarser or finer ones, while those of this zoom are on their way), but goes on drawing them: finer
 * ones of a plane that is passed stay on top until the film is moved. Here they stand in until the new ones are there, and
 * all others leave at once, with their textures.
 */
export class PlaneTileset extends Tileset2D {
  /** Looks which tiles are wanted; those that were left behind are given up, and forgotten where they are of another plane. */
  override update(...asked: Parameters<Tileset2D['update']>): number {
    const frame = super.update(...asked);
    this.leave((tile) => tile.needsReload);
    return frame;
  }

  /** Another plane is wanted. */
  override reloadAll(): void {
    for (const tile of this.parts._cache.values()) if (tile.isSelected || tile.isVisible) tile.setNeedsReload();
    this.leave(() => true);
  }

  private get parts(): TilesetParts {
    return this as unknown as TilesetParts;
  }

  /** Gives up what is on its way to tiles that are not on the screen, and forgets those of them that are to leave. */
  private leave(isLeaving: (tile: Tile) => boolean): void {
    const { parts } = this;
    const before = parts._cache.size;
    for (const [id, tile] of parts._cache) {
      if (tile.isSelected || tile.isVisible) continue;
      if (tile.isLoading) tile.abort();
      if (isLeaving(tile)) parts._cache.delete(id);
    }
    if (parts._cache.size === before) return;
    parts._rebuildTree();
    // Says that the list of tiles to be drawn is to be made anew.
    parts._dirty = true;
  }
}
