import type { Layer } from '@deck.gl/core';
import { VivLayerExtension } from '@hms-dbmi/viv';
import type { Texture } from '@luma.gl/core';
import type { Model } from '@luma.gl/engine';
import type { ChannelLook } from './channel-look.ts';
import { tableSteps } from './look-up-tables.ts';

const channelIndex = 'VIV_CHANNEL_INDEX';

/**
 * Viv's own way to colour knows one colour a channel, or one map for all, no gamma, and windows no narrower than 0.0005. This
 * one looks brightness up in a table of every channel. The table has the kind of numbers of the pixels (floats, unsigned or
 * signed integers): luma.gl validates a program before its textures are bound, when samplers of two kinds share one unit.
 */
const lookModule = {
  name: 'channelLook',
  uniformTypes: { scale: 'f32', [`gamma${channelIndex}`]: 'f32' },
  fs: `uniform channelLookUniforms {
  float scale;
  float gamma${channelIndex};
} channelLook;
uniform highp SAMPLER_TYPE lookTable;

void look_up(inout vec3 rgb, float[NUM_CHANNELS] intensity) {
  float gammas[NUM_CHANNELS] = float[NUM_CHANNELS](
    channelLook.gamma${channelIndex},
  );
  for (int i = 0; i < NUM_CHANNELS; i++) {
    float brightness = clamp(intensity[i], 0., 1.);
    if (gammas[i] != 1.) brightness = pow(brightness, gammas[i]);
    rgb += vec3(texelFetch(lookTable, ivec2(int(brightness * ${tableSteps - 1}. + 0.5), i), 0).rgb) * channelLook.scale;
  }
}
`,
  inject: {
    'fs:DECKGL_PROCESS_INTENSITY':
      'intensity = (intensity - contrastLimits[0]) / max(contrastLimits[1] - contrastLimits[0], 1e-30);',
    'fs:DECKGL_MUTATE_COLOR': 'vec3 rgb = vec3(0.); look_up(rgb, intensity); rgba = vec4(min(rgb, vec3(1.)), 1.);',
  },
};

/** Texture formats of the table by kind of numbers, and what makes a value in it a share of 1. */
const tableFormats = {
  float: { format: 'rgba8unorm', scale: 1 },
  unsigned: { format: 'rgba8uint', scale: 1 / 255 },
  signed: { format: 'rgba16sint', scale: 1 / 255 },
} as const;

/** Which numbers the layer samples: Viv turns all into floats where it interpolates. */
function kindOfNumbers({ dtype, interpolation }: LookLayer['props']): keyof typeof tableFormats {
  if (interpolation === 'linear' || !dtype || dtype.startsWith('Float')) return 'float';
  return dtype.startsWith('Uint') ? 'unsigned' : 'signed';
}

interface LookLayer extends Layer {
  props: Layer['props'] & { channelLook?: ChannelLook; dtype?: string; interpolation?: string };
  state: { lookTexture?: Texture | undefined; lookMade?: ChannelLook };
  getModels(): Model[];
}

/** Colours an image layer of Viv by its property `channelLook`. */
export class LookExtension extends (VivLayerExtension as unknown as new () => object) {
  static extensionName = 'LookExtension';

  getVivShaderTemplates(): object {
    return { modules: [lookModule] };
  }

  /** Called by deck.gl with the layer as `this`. */
  updateState(this: LookLayer): void {
    const look = this.props.channelLook;
    if (!look) return;
    const { format, scale } = tableFormats[kindOfNumbers(this.props)];
    if (this.state.lookMade !== look) {
      this.state.lookTexture?.destroy();
      this.state.lookTexture = this.context.device.createTexture({
        width: tableSteps,
        height: look.gammas.length,
        data: format === 'rgba16sint' ? Int16Array.from(look.table) : look.table,
        format,
        sampler: { minFilter: 'nearest', magFilter: 'nearest' },
      });
      this.state.lookMade = look;
    }
    const uniforms = Object.fromEntries(look.gammas.map((gamma, index) => [`gamma${index}`, gamma]));
    for (const model of this.getModels()) {
      model.shaderInputs.setProps({ channelLook: { scale, ...uniforms } });
      model.setBindings({ lookTable: this.state.lookTexture! });
    }
  }

  /** Called by deck.gl with the layer as `this`. */
  finalizeState(this: LookLayer): void {
    this.state.lookTexture?.destroy();
  }
}
