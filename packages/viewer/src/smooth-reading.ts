/**
 * Reads between pixels in the shader, as graphics cards do with floats: for cards that cannot do it with floats of 32 bits, many
 * telephones among them, which would draw black.
 */
const smoothly = `
float smoothly(highp SAMPLER_TYPE plane, vec2 at) {
  ivec2 last = textureSize(plane, 0) - 1;
  vec2 place = at * vec2(last + 1) - 0.5;
  vec2 below = floor(place);
  vec2 share = place - below;
  ivec2 low = clamp(ivec2(below), ivec2(0), last);
  ivec2 high = clamp(ivec2(below) + 1, ivec2(0), last);
  float upper = mix(float(texelFetch(plane, low, 0).r), float(texelFetch(plane, ivec2(high.x, low.y), 0).r), share.x);
  float lower = mix(float(texelFetch(plane, ivec2(low.x, high.y), 0).r), float(texelFetch(plane, high, 0).r), share.x);
  return mix(upper, lower, share.y);
}

void main() {`;

/** Viv's fragment shader of a plane, reading each channel between its pixels. */
export function readingSmoothly(fragmentShader: string): string {
  return fragmentShader
    .replace('void main() {', smoothly)
    .replaceAll(/float\(texture\((channel[^,]+), vTexCoord\)\.r\)/g, 'smoothly($1, vTexCoord)');
}

let filtersFloats: boolean | undefined;

/** Do graphics cards read between floats of 32 bits here? Asked once a page. */
export function canFilterFloats(): boolean {
  if (filtersFloats === undefined) {
    const context = document.createElement('canvas').getContext('webgl2');
    filtersFloats = context?.getExtension('OES_texture_float_linear') != null;
    context?.getExtension('WEBGL_lose_context')?.loseContext();
  }
  return filtersFloats;
}
