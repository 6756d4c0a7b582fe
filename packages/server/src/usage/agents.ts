/** Who sends a request, by its word: a person's browser, a program somebody runs, or a program that collects pages. */
export type AgentKind = 'regular' | 'machine' | 'robot';

/**
 * Programs people run to work with data. COUNTER's list of robots names them too; for data they are uses like any other, counted apart
 * (Code of Practice for Research Data: access method "Machine").
 */
const machine =
  /python|^curl\/|libcurl|pycurl|wget|axios\/|okhttp|libwww|java\/|^node|undici|go-http-client|httr|^r \(|julia|^ruby|guzzle|postman|insomnia|aria2|httpie|matlab|fiji|imagej|napari|micrarium|rclone|dart\//i;

/** Programs that collect, watch, preview or translate pages. */
const robot =
  /bot\b|bot[/;)_-]|bots|crawl|spider|slurp|archiver|scrap|harvest|fetcher|indexer|validator|checker|monitor|uptime|pingdom|statuscake|nagios|zabbix|lighthouse|pagespeed|preview|facebookexternalhit|whatsapp|telegram|skypeuripreview|slack|discord|embedly|mediapartners|adsbot|google-read-aloud|googleother|google-inspectiontool|bingpreview|yandex|baidu|sogou|duckduck|qwant|mojeek|seznam|ia_archiver|heritrix|nutch|httrack|teleport|webcopier|offline|sitesucker|feed|rss|newsreader|headless|phantomjs|selenium|puppeteer|playwright|nmap|nikto|sqlmap|masscan|zgrab|censys|shodan|netcraft|semrush|ahrefs|dotbot|petalbot|gptbot|chatgpt|claudebot|anthropic|ccbot|perplexity|bytespider|amazonbot|turnitin|scopus|crossref|datacite|openaire|citeseer|oai|mendeley|zotero|translat|wordpress|drupal|joomla|perl|lwp|mechanize|winhttp|msxml|urllib|link|w3c|dataprovider|findlink|search|sniffer|scan|probe|ltx71|mj12|exabot|gigabot|voyager|webinator|t-h-u-n-d-e-r|htdig|larbin|ezooms|grapeshot|proximic|trendiction|domain|site24x7|hubspot|daum|naver|yeti|applebot|siteimprove|seo/i;

/** Browsers say which engine they are; what does not is no browser. */
const browser = /^(?:Mozilla|Opera)\/\d.*(?:Gecko\/|AppleWebKit\/|Trident\/|Presto\/)/;

/** Judges the `User-Agent` of a request; one without a name is a robot. A token says that somebody runs it. */
export function agentKind(agent: string | undefined, hasToken: boolean): AgentKind {
  const name = (agent ?? '').trim();
  if (hasToken || machine.test(name)) return 'machine';
  return browser.test(name) && !robot.test(name) ? 'regular' : 'robot';
}
