/**
 * Parts of the names of programs that COUNTER counts as robots, wherever they stand in a `User-Agent`, in small letters, blanks as `_`: what the
 * list of COUNTER-Robots (github.com/atmire/COUNTER-Robots, MIT, state of 2026) says in patterns; `usage.test.ts` holds them to each of these.
 */
const named = `
  7siters a6-indexer addthis admantx alexa allentrack almaden appie arachmo arachni architext archiveteam arks asterias atomz baidu
  bdfetch betsie biglotron bingpreview binlar bjaaland blaiz-bee bloglines blogpulse boitho.com-dc bookmark-manager bot brutus/aet
  bubing bwh3_user_agent cakephp celestial centuryb cfnetwork checklink checkprivacy china_local_browse_2.6 citoid cloakdetect
  coccoc/1.0 code_sample_web_client coldfusion collection@infegy.com com.plumanalytics combine contentmatch contentsmartz convera
  core cortana coverscout crawl curl/ cursor custo datacha0s/2.0 deusu/ docoloc docomo drupal dsurf dts_agent easydl
  ebsco_ejs_content_server ecosearch elinks/ emailsiphon emailwolf embedly facebookexternalhit/ favorg feedbin feedburner
  feedfetcher feedreader ferret findlinks findthatfile fulltext funnelback g-i-g-a-b-o-t genieo getright geturl gigablastopensource
  glmslinkanalysis google grammarly grub gulliver gvfs/ harvest headlesschrome heritrix holmes htdig htmlparser httpcomponents/1.1
  httpfetcher httpget httpx httrack ia_archiver ichiro iktomi ilse indy_library insomnia internetseer intute isilox iskanie jeeves
  jobo koha kyluka larbin libcurl libhttp libwww lilina linklint-checkonly linkscan linktiger linkwalker lipperhey livejournal.com
  lockss longurl.api ltx71 lwp macocu mail.ru marcedit megite metainspector microsoft_office_existence_discovery
  microsoft_office_protocol_discovery microsoft-webdav-miniredir mimas mnogosearch moget motor muscatferre myweb nagios netcraft
  netluchs nettle ng/2. no_user_agent nomad nutch ocelli ogscrper okhttp onetszukaj ourbrowser panscient parsijoo pear.php.net
  perman php/ pidcheck pioneer playmusic.com playstarmusic.com proximic pycurl python qwantify rambler readpaper redalert restsharp
  riddler robozilla rss scan4mail scientificcommons scirus scooter scoutjet searchbloxintra shoutcast site24x7 skypeuripreview slurp
  sogou speedy spider sqlmap srcedamp strider summify sunrise sysomos t-h-u-n-d-e-r-s-t-o-n-e tailrank teoma titan trello trove
  turnitin twiceler typhoeus ucsd ultraseek unpaywall url2file urlaliasbuilder urllib validator virus.detector voila voyager/
  w3af.org wanadoo webcloner webcollage webcopier webinator weblayers webmetrics webmirror webmon weborama-fetcher webreaper
  webstripper webzip wget whatsapp wordpress worm www-mechanize www.gnip.com xenu y!j yacy yahoo yandex zabbix zeus
  zoterotranslationserver zyborg
`;

/** Patterns of the list that are more than a part of a name. */
const patterns = [
  /^.?$|^buck\/\d|[^a]fish|^ida$|^ruby$|^@ozilla\/\d|^脝脝陆芒潞贸碌脛$|^破解后的$|^array$|^%?default%?$|^filedown$|^filter$|^firefox$|^foca/,
  /alexandria[ +]prototype[ +]project|api[ +]scraper|aria2\/\d|axios\/\d|blackboard[ +]safeassign|crusty\/\d|daum|dispatch\/\d/,
  /download\+master|easybib[ +]autocite|ethos\+\(british|faveeo\/\d|fdm[ +]\d|fetch[ +]api[ +]request|goldfire[ +]server|grouphigh\/\d/,
  /http.?client|^integrity\/\d|^java\/\d|jersey\/\d|^linkanalyser|link.?check|^linkparser\/|^linksaver\/|lycos[_+]|metauri[ +]api/,
  /microsoft[ +]url[ +]control|^mozilla$|^mozilla.[45]\.0$|^mozilla\/4\.0\+\(compatible;(\+ics)?\)$|^mozilla\/4\.5\+\[en\]\+\(win98;\+i\)$/,
  /^mozilla\/5.0\+\(compatible;\+msie\+6\.0;\+windows\+nt\+5\.0\)$|^mozilla\/5\.0\+like\+gecko$|^mozilla\/5.0[ +]gecko\/20100115[ +]firefox\/3.6$/,
  /^msie|^netants\/\d|newspaper\/\d|^ning\/\d|^oadoi$|offline[ +]navigator|^opera\/4$|^pattern\/\d|^postgenomic[ +]v2|reactornetty\/\d/,
  /scrapy\/\d|^scrutiny\/\d|teleport[ +]pro|the[ +]knowledge[ +]ai|^traackr\.com$|^undefined$|^unknown$|^user.?agent|^voltron$|web[ +]downloader|yeti\/\d/,
];

/** Programs that watch, scan or render pages and are not in the list. */
const further =
  /phantomjs|selenium|puppeteer|playwright|lighthouse|pagespeed|pingdom|statuscake|uptime|nmap|nikto|masscan|zgrab|censys|shodan|semrush|ahrefs|chatgpt-user|anthropic|perplexity|bytespider|prometheus|blackbox|kube-probe|haproxy|^micrarium health/;

const parts = named
  .trim()
  .split(/\s+/)
  .flatMap((part) => (part.includes('_') ? [part, part.replaceAll('_', ' ')] : [part]));

/** Does a program say that it collects, watches or translates pages? @param agent the `User-Agent` */
export function isRobot(agent: string): boolean {
  const name = agent.trim().toLowerCase();
  const spaced = name.replaceAll('+', ' ');
  return (
    parts.some((part) => name.includes(part) || spaced.includes(part)) ||
    patterns.some((one) => one.test(name)) ||
    further.test(name)
  );
}
