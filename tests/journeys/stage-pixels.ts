import type { Page } from 'playwright-core';

/** What the viewer's stage shows, as the screen has it, without the words and numbers that stand over the film. */
export interface StagePixels {
  width: number;
  height: number;
  /** Brightest of red, green and blue, row by row. */
  brightness: Uint8Array;
}

/** A picture of the stage without what stands over it; hidden piece by piece, for the policy of our pages takes no style sheet from a test either. */
async function pictureOfStage(page: Page): Promise<Buffer> {
  const show = (visibility: 'hidden' | '') =>
    page.locator('.hud').evaluateAll((found, value) => {
      for (const one of found) (one as HTMLElement).style.visibility = value;
    }, visibility);
  await show('hidden');
  try {
    return await page.getByTestId('stage').screenshot();
  } finally {
    await show('');
  }
}

/** Takes a picture of the stage. */
export async function stagePixels(page: Page): Promise<StagePixels> {
  const png = await pictureOfStage(page);
  const { width, height, text } = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const brightest = new Uint8Array(data.length / 4);
    for (let at = 0; at < brightest.length; at++)
      brightest[at] = Math.max(data[4 * at]!, data[4 * at + 1]!, data[4 * at + 2]!);
    let text = '';
    for (let at = 0; at < brightest.length; at += 8192)
      text += String.fromCharCode(...brightest.subarray(at, at + 8192));
    return { width: bitmap.width, height: bitmap.height, text: btoa(text) };
  }, png.toString('base64'));
  return { width, height, brightness: new Uint8Array(Buffer.from(text, 'base64')) };
}

/** Red, green and blue of points of the stage, as the screen has them. */
export async function stageColours(page: Page, points: readonly { x: number; y: number }[]): Promise<number[][]> {
  const png = await pictureOfStage(page);
  return page.evaluate(
    async ({ base64, at }) => {
      const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      return at.map(({ x, y }) => [...context.getImageData(Math.round(x), Math.round(y), 1, 1).data].slice(0, 3));
    },
    { base64: png.toString('base64'), at: [...points] },
  );
}

/** Share of the pixels of two pictures that differ clearly. */
export function differingShare(one: StagePixels, other: StagePixels): number {
  let different = 0;
  for (let at = 0; at < one.brightness.length; at++)
    if (Math.abs(one.brightness[at]! - (other.brightness[at] ?? 0)) > 24) different++;
  return different / one.brightness.length;
}

/** Where a position of the image (0 = centre of the first pixel) lies on the stage while the whole film is shown. */
export function onStage(
  stage: { width: number; height: number },
  image: { width: number; height: number },
  position: { x: number; y: number },
): { x: number; y: number } {
  const zoom = Math.min(stage.width / image.width, stage.height / image.height) * 0.96;
  return {
    x: stage.width / 2 + (position.x - (image.width / 2 - 0.5)) * zoom,
    y: stage.height / 2 + (position.y - (image.height / 2 - 0.5)) * zoom,
  };
}

/** Mean brightness of a square around a point of the stage. */
export function brightnessAround({ width, height, brightness }: StagePixels, x: number, y: number, reach = 4): number {
  let [sum, count] = [0, 0];
  for (let row = Math.max(0, Math.round(y) - reach); row <= Math.min(height - 1, Math.round(y) + reach); row++)
    for (
      let column = Math.max(0, Math.round(x) - reach);
      column <= Math.min(width - 1, Math.round(x) + reach);
      column++
    ) {
      sum += brightness[row * width + column]!;
      count++;
    }
  return sum / count;
}
