import { ScatterplotLayer } from '@deck.gl/layers';

/**
 * Spheres drawn as discs that face the eye, shaded and with the depth of a ball at every pixel: a square for each instead of
 * hundreds of triangles, and round at any zoom. Spheres that touch cut each other as they would in space.
 */
const ballShader = {
  'vs:#decl': `
out float ballDepth;
out float ballFront;
`,
  'vs:#main-end': `
  mat4 toClip = project.viewProjectionMatrix;
  vec3 away = normalize(vec3(toClip[0][2], toClip[1][2], toClip[2][2]));
  vec4 front = gl_Position - toClip * vec4(away * outerRadiusPixels / project.scale, 0.0);
  vec4 middle = gl_Position;
  ballDepth = middle.z / middle.w;
  ballFront = front.w > 0.0 ? front.z / front.w : ballDepth;
`,
  'fs:#decl': `
in float ballDepth;
in float ballFront;
`,
  'fs:#main-end': `
  float height = sqrt(max(0.0, 1.0 - dot(unitPosition, unitPosition)));
  vec3 normal = vec3(unitPosition, height);
  float light = 0.34 + 0.62 * max(0.0, dot(normal, normalize(vec3(-0.35, 0.45, 0.82))));
  float shine = pow(max(0.0, dot(normal, normalize(vec3(-0.3, 0.4, 0.87)))), 24.0) * 0.22;
  fragColor = vec4(fragColor.rgb * light + shine * fragColor.a, fragColor.a);
  gl_FragDepth = clamp(mix(ballDepth, ballFront, height) * 0.5 + 0.5, 0.0, 1.0);
`,
};

/** Balls of true size in space. Takes what a `ScatterplotLayer` takes. */
export class SphereLayer extends ScatterplotLayer {
  static override layerName = 'SphereLayer';

  override getShaders(): ReturnType<ScatterplotLayer['getShaders']> {
    const shaders = super.getShaders();
    return { ...shaders, inject: { ...shaders.inject, ...ballShader } };
  }
}
