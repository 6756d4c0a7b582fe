import { tableSteps } from '../look-up-tables.ts';
import { brickSide } from './brick-maxima.ts';

/** Where a channel is hidden, no voxel is bright enough. */
export const hiddenFloor = 1e9;
/** Samples of one ray at most. */
const mostSamples = 8192;
/** Opacity after which nothing behind is seen. */
const opaque = 0.99;

const channels = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

/** Uniforms of a volume of some channels, as luma.gl packs them. */
export function volumeModule(count: number): {
  name: string;
  uniformTypes: Record<string, string>;
  fs: string;
  vs: string;
} {
  const uniforms = {
    fromClip: 'mat4x4<f32>',
    bounds: 'vec4<f32>',
    size: 'vec4<f32>',
    low: 'vec4<f32>',
    high: 'vec4<f32>',
    extent: 'vec4<f32>',
    transfer: 'vec4<f32>',
    ...Object.fromEntries(Array.from({ length: count }, (_, index) => [`channel${index}`, 'vec4<f32>'])),
  };
  const block = `uniform volumeUniforms {
  // From clip space to the volume, whose corners are 0 and 1.
  mat4 fromClip;
  // Part of the screen the volume covers, in clip space.
  vec4 bounds;
  // Voxels; then voxels from one sample to the next along the axis on which a ray passes most of them.
  vec4 size;
  // Corners of the part that is not cut off; then whether rays are parallel, and whether the largest value is shown.
  vec4 low;
  vec4 high;
  // Lengths of the sides in the unit of space; then the length in which the density is reached.
  vec4 extent;
  // Opacity of full brightness, brightness from which on anything is opaque.
  vec4 transfer;
  // Per channel: stored value of no brightness, brightness of a step of stored values, gamma, stored value that is passed over.
${channels(count, (index) => `  vec4 channel${index};`)}
} volume;
`;
  return { name: 'volume', uniformTypes: uniforms, fs: block, vs: block };
}

/** A rectangle over the part of the screen in which the volume lies. */
export const volumeVertices = `#version 300 es
#define SHADER_NAME volume-vertices
out vec2 ndc;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  ndc = mix(volume.bounds.xy, volume.bounds.zw, corner);
  gl_Position = vec4(ndc, 0., 1.);
}
`;

/**
 * Follows a ray through each pixel. Samples lie on the planes of voxel centres across the axis on which the ray passes most
 * voxels, so that a ray along an axis meets each voxel once, at its centre, and the largest value is exactly the largest
 * voxel. Blocks of voxels in which nothing can change the pixel are passed over.
 * @param count channels
 * @param bytes bytes of a stored value
 */
export function volumeFragments(count: number, bytes: 1 | 2): string {
  const unpack = bytes === 1 ? 'texel.r * 255.' : 'dot(texel.rg, vec2(255., 65280.))';
  return `#version 300 es
#define SHADER_NAME volume-fragments
precision highp float;
precision highp int;
precision highp sampler3D;
${channels(count, (index) => `uniform sampler3D voxels${index};`)}
uniform sampler3D bricks;
uniform sampler3D lookTable;
in vec2 ndc;
out vec4 fragColor;

float unpack(vec4 texel) {
  return ${unpack};
}

vec3 look_up(float brightness, int channel) {
  float at = brightness * ${tableSteps - 1}.;
  int lower = min(int(at), ${tableSteps - 2});
  vec3 below = texelFetch(lookTable, ivec3(lower, channel, 0), 0).rgb;
  vec3 above = texelFetch(lookTable, ivec3(lower + 1, channel, 0), 0).rgb;
  return mix(below, above, at - float(lower));
}

float brightness_of(float stored, vec4 channel) {
  return pow(clamp((stored - channel.x) * channel.y, 0., 1.), channel.z);
}

// Opacity a step of full length has at a brightness.
float opacity_of(float brightness) {
  return volume.transfer.x * clamp((brightness - volume.transfer.y) / max(1. - volume.transfer.y, 1e-3), 0., 1.);
}

void main() {
  vec4 near = volume.fromClip * vec4(ndc, -1., 1.);
  vec4 far = volume.fromClip * vec4(ndc, 1., 1.);
  vec3 start = near.xyz / near.w;
  vec3 along = normalize(far.xyz / far.w - start);
  along = mix(along, vec3(1e-9), lessThan(abs(along), vec3(1e-9)));
  vec3 inverse = 1. / along;
  vec3 lowEnd = (volume.low.xyz - start) * inverse;
  vec3 highEnd = (volume.high.xyz - start) * inverse;
  vec3 entries = min(lowEnd, highEnd);
  vec3 leaves = max(lowEnd, highEnd);
  float from = max(max(entries.x, entries.y), entries.z);
  float to = min(min(leaves.x, leaves.y), leaves.z);
  // Parallel rays come from everywhere, others from the eye.
  if (volume.low.w < 0.5) from = max(from, 0.);
  if (to <= from) discard;

  vec3 size = volume.size.xyz;
  vec3 speed = along * size;
  vec3 fast = abs(speed);
  int axis = fast.x >= fast.y && fast.x >= fast.z ? 0 : (fast.y >= fast.z ? 1 : 2);
  float stride = volume.size.w;
  float step = stride / fast[axis];
  float entry = (start[axis] + along[axis] * from) * size[axis] / stride - 0.5;
  float plane = speed[axis] > 0. ? ceil(entry - 1e-3) : floor(entry + 1e-3);
  bool isMax = volume.high.w > 0.5;
  // Light begins at the edge: from plane to plane, a cut would have stripes.
  float first = from + (isMax ? abs(plane - entry) : 0.5) * step;
  int count = min(int(floor((to - first) / step + 1e-3)) + 1, ${mostSamples});
  // A part thinner than a voxel is seen too.
  if (count < 1) {
    count = 1;
    first = 0.5 * (from + to);
  }

  ivec3 blocks = ivec3(ceil(size / ${brickSide}.));
  ivec3 known = ivec3(-1);
  vec3 color = vec3(0.);
  float alpha = 0.;
  float share = length(along * volume.extent.xyz) * step / volume.extent.w;
${channels(count, (index) => `  float best${index} = volume.channel${index}.w;`)}
  for (int i = 0; i < count; ) {
    vec3 place = clamp(start + along * (first + float(i) * step), volume.low.xyz, volume.high.xyz);
    ivec3 block = clamp(ivec3(place * size / ${brickSide}.), ivec3(0), blocks - 1);
    if (block != known) {
      known = block;
      bool isWanted = false;
${channels(
  count,
  (index) =>
    `      isWanted = isWanted || unpack(texelFetch(bricks, block + ivec3(0, 0, ${index} * blocks.z), 0)) > best${index};`,
)}
      if (!isWanted) {
        vec3 edge = (vec3(block) + vec3(greaterThan(along, vec3(0.)))) * ${brickSide}. / size;
        vec3 ends = (edge - start) * inverse;
        i = max(i + 1, int(ceil((min(min(ends.x, ends.y), ends.z) - first) / step)));
        continue;
      }
    }
    i++;
    if (isMax) {
${channels(count, (index) => `      best${index} = max(best${index}, unpack(textureLod(voxels${index}, place, 0.)));`)}
      bool isFull = true;
${channels(count, (index) => `      isFull = isFull && (best${index} - volume.channel${index}.x) * volume.channel${index}.y >= 1.;`)}
      if (isFull) break;
    } else {
      vec3 light = vec3(0.);
      float dense = 0.;
${channels(
  count,
  (index) => `      if (volume.channel${index}.w < ${hiddenFloor.toExponential()}) {
        float brightness = brightness_of(unpack(textureLod(voxels${index}, place, 0.)), volume.channel${index});
        light += look_up(brightness, ${index});
        dense = max(dense, opacity_of(brightness));
      }`,
)}
      float part = (1. - alpha) * (1. - pow(1. - min(dense, 0.999), share));
      color += part * min(light, vec3(1.));
      alpha += part;
      if (alpha > ${opaque}) break;
    }
  }
  if (isMax) {
${channels(count, (index) => `    color += look_up(brightness_of(best${index}, volume.channel${index}), ${index});`)}
    color = min(color, vec3(1.));
    alpha = max(max(color.r, color.g), color.b);
  }
  // Colours come multiplied by their opacity.
  fragColor = vec4(color, alpha);
}
`;
}
