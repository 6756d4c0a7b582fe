import { BlockList, isIP } from 'node:net';

/** A list of proxies has something that is neither an address nor a network. */
export class ProxiesUnreadable extends Error {
  override readonly name = 'ProxiesUnreadable';
}

/** An address as proxies write it, without port and brackets; `undefined` for what is none. */
function plainAddress(text: string): string | undefined {
  const trimmed = text.trim();
  const inside = /^\[([^\]]+)\](?::\d+)?$/.exec(trimmed)?.[1] ?? trimmed.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
  const plain = inside.replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(plain) === 0 ? undefined : plain;
}

/**
 * The proxies between people and the server whose word about where a request comes from is believed. Without them all requests come from the
 * proxy: its limits would be everybody's, and all visitors one.
 */
export class Proxies {
  private readonly believed = new BlockList();

  /** @param list addresses and networks (`127.0.0.1`, `10.0.0.0/8`, `fd00::/8`) @throws ProxiesUnreadable */
  constructor(list: readonly string[]) {
    for (const one of list) {
      const [address = '', length, ...more] = one.split('/');
      const version = isIP(address);
      const most = version === 6 ? 128 : 32;
      const prefix = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : NaN;
      if (version === 0 || more.length > 0 || !(prefix <= most))
        throw new ProxiesUnreadable(`"${one}" is neither an address nor a network such as 10.0.0.0/8`);
      this.believed.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4');
    }
  }

  /**
   * Where a request comes from: the last address of the chain that is no believed proxy. What stands before it anybody can write.
   * @param near address of the connection
   * @param forwarded header `X-Forwarded-For`
   */
  origin(near: string, forwarded: string | undefined): string {
    let origin = plainAddress(near);
    if (origin === undefined || forwarded === undefined) return near;
    for (const one of forwarded.split(',').toReversed()) {
      if (!this.believed.check(origin, isIP(origin) === 6 ? 'ipv6' : 'ipv4')) break;
      const before = plainAddress(one);
      if (before === undefined) break;
      origin = before;
    }
    return origin;
  }
}
