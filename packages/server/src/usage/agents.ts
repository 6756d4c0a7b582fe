import { readFileSync } from 'node:fs';
import { isRobot } from './robots.ts';

/** Who sends a request, by its word: a person's browser, a program somebody runs, or a program that collects pages. */
export type AgentKind = 'regular' | 'machine' | 'robot';

/** A list of robots cannot be read. */
export class RobotsUnreadable extends Error {
  override readonly name = 'RobotsUnreadable';
}

/**
 * Programs people run to work with data. COUNTER's list of robots names many of them too; for data they are uses like any other, counted apart
 * (Code of Practice for Research Data: access method "Machine").
 */
const program =
  /python|^curl\/|libcurl|pycurl|^wget|axios\/|okhttp|libwww|^java\/|^node\b|^undici|go-http-client|httr|^r \(|^rcurl|julia|^ruby|guzzle|postman|insomnia|aria2|httpie|matlab|fiji|imagej|napari|^micrarium\/|rclone|^dart\/|restsharp|urllib|http.?client|reactornetty|jersey\/|typhoeus|gvfs\//i;

/** Browsers say which engine they are. */
const browser = /^(?:Mozilla|Opera)\/\d.*(?:Gecko\/|AppleWebKit\/|Trident\/|Presto\/)/;

/** Longest name that is looked at. */
const longestName = 1_000;
const mostKnown = 5_000;

/** Tells who sends requests, by their `User-Agent`. */
export class Agents {
  private readonly further: readonly RegExp[];
  private readonly known = new Map<string, AgentKind>();

  /** @param further patterns of robots besides those that are known here, without regard to capitals */
  constructor(further: readonly string[] = []) {
    this.further = further.map((pattern) => new RegExp(pattern, 'i'));
  }

  /** Takes the patterns of a newer list of COUNTER's (`COUNTER_Robots_list.json`) besides. @throws RobotsUnreadable */
  static read(file: string): Agents {
    try {
      const list = JSON.parse(readFileSync(file, 'utf8')) as { pattern: string }[];
      return new Agents(list.map(({ pattern }) => pattern));
    } catch (cause) {
      throw new RobotsUnreadable(`${file} is no list of robots as COUNTER has it: JSON, [{"pattern": "…"}]`, { cause });
    }
  }

  /** Judges the `User-Agent` of a request; one without a name is a robot. A token says that somebody runs it. */
  kindOf(agent: string | undefined, hasToken: boolean): AgentKind {
    if (hasToken) return 'machine';
    const name = (agent ?? '').trim().slice(0, longestName);
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const kind = this.judge(name);
    if (this.known.size >= mostKnown) this.known.clear();
    this.known.set(name, kind);
    return kind;
  }

  private judge(name: string): AgentKind {
    if (program.test(name)) return 'machine';
    if (isRobot(name) || this.further.some((one) => one.test(name))) return 'robot';
    // What is neither a browser nor known as a robot is a program that somebody runs.
    return browser.test(name) ? 'regular' : 'machine';
  }
}
