//! The networks: which addresses are profiles, and whose.

use std::collections::HashMap;
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use url::Url;

/// A profile on a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Profile {
    /// The network, whatever its host is at present.
    pub network: &'static str,
    /// Host without `www.` and the like.
    pub host: String,
    /// Path, with query only where it names the profile.
    pub link: String,
    /// The name that its owner chose, or a number.
    pub handle: String,
    /// A person's by its form.
    pub personal: bool,
    /// Taken from the address of something below the profile.
    pub derived: bool,
}

/// How a network writes its profiles; words are separated by blanks.
enum Form {
    /// `/name`; these first segments are something else.
    Name(&'static str),
    /// `/kind/name` with one of these kinds.
    Below(&'static str),
    /// Either; kinds first, then what is no name.
    Both(&'static str, &'static str),
    /// `/@name`.
    At,
}

struct Network {
    name: &'static str,
    /// Hosts; a leading dot stands for any host below.
    hosts: &'static [&'static str],
    form: Form,
}

const fn network(name: &'static str, hosts: &'static [&'static str], form: Form) -> Network {
    Network { name, hosts, form }
}

const NETWORKS: &[Network] = &[
    network(
        "linkedin",
        &["linkedin.com", "linkedin.cn"],
        Form::Below("company school showcase in company-beta organization-guest/company pub"),
    ),
    network("youtube", &["youtube.com"], Form::Both("channel c user", YOUTUBE)),
    network("xing", &["xing.com"], Form::Below("pages companies company profile net profiles")),
    network("x", &["twitter.com", "x.com"], Form::Name(X)),
    network("instagram", &["instagram.com", "instagr.am"], Form::Name(INSTAGRAM)),
    network("tiktok", &["tiktok.com"], Form::At),
    network("pinterest", &["pinterest.com", "pinterest."], Form::Name(PINTEREST)),
    network("vk", &["vk.com", "vk.ru", "vkontakte.ru"], Form::Name(VK)),
    network("ok", &["ok.ru", "odnoklassniki.ru"], Form::Both("group profile", OK)),
    network("telegram", &["t.me", "telegram.me", "telegram.dog"], Form::Both("s", TELEGRAM)),
    network("weibo", &["weibo.com", "weibo.cn", "e.weibo.com"], Form::Both("u p n", WEIBO)),
    network("bilibili", &["space.bilibili.com"], Form::Name("")),
    network("zhihu", &["zhihu.com"], Form::Below("org people column")),
    network("douyin", &["douyin.com"], Form::Below("user")),
    network("xiaohongshu", &["xiaohongshu.com"], Form::Below("user/profile")),
    network("line", &["page.line.me", "lin.ee"], Form::Name("msg")),
    network("line", &["line.me"], Form::Below("r/ti/p ti/p")),
    network("note", &["note.com", "note.mu"], Form::Name("n info topics login signup intent terms")),
    network("ameblo", &["ameblo.jp", "ameba.jp"], Form::Both("profile/general", "profile")),
    network("wantedly", &["wantedly.com"], Form::Below("companies")),
    network("github", &["github.com"], Form::Both("orgs", GITHUB)),
    network("gitlab", &["gitlab.com"], Form::Both("groups", "explore users help - dashboard")),
    network("codeberg", &["codeberg.org"], Form::Name("explore user")),
    network("threads", &["threads.net", "threads.com"], Form::At),
    network("bluesky", &["bsky.app"], Form::Below("profile")),
    network("snapchat", &["snapchat.com"], Form::Both("add", "scan share discover spotlight p t @")),
    network("reddit", &["reddit.com"], Form::Below("r user u")),
    network("discord", &["discord.gg"], Form::Name("")),
    network("discord", &["discord.com", "discordapp.com"], Form::Below("invite servers")),
    network("medium", &["medium.com"], Form::Name("m p tag search about policy me plans feed new-story")),
    network("vimeo", &["vimeo.com"], Form::Both("channels user", VIMEO)),
    network("behance", &["behance.net"], Form::Name("gallery search joblist assets galleries hire")),
    network("dribbble", &["dribbble.com"], Form::Name("shots jobs search tags designers pro signup")),
    network(
        "houzz",
        &["houzz.com", "houzz."],
        Form::Below("pro user professionals profis professionnels hznb/professionals"),
    ),
    network(
        "naver",
        &["blog.naver.com", "cafe.naver.com", "post.naver.com", "smartstore.naver.com", "m.blog.naver.com"],
        Form::Name(NAVER),
    ),
    network("kakao", &["pf.kakao.com", "plus.kakao.com"], Form::Both("home", "talk policy")),
    network("kakaostory", &["story.kakao.com"], Form::Both("ch", "s share")),
    network("tistory", &[".tistory.com"], Form::Name("")),
    network(
        "viadeo",
        &["viadeo.com", "viadeo.journaldunet.com"],
        Form::Below("company profile p fr/company fr/profile"),
    ),
    network("slideshare", &["slideshare.net"], Form::Name("slideshow search explore login about featured")),
    network("flickr", &["flickr.com"], Form::Below("photos people")),
    network("twitch", &["twitch.tv"], Form::Name("directory videos p login downloads jobs")),
    network("soundcloud", &["soundcloud.com"], Form::Name("discover search upload you pages player")),
    network("tumblr", &["tumblr.com"], Form::Both("blog", "share widgets login explore search policy tagged")),
    network("issuu", &["issuu.com"], Form::Name("search home explore embed oembed")),
    network("band", &["band.us"], Form::Below("band page")),
    network("brunch", &["brunch.co.kr"], Form::At),
    network("navertv", &["tv.naver.com"], Form::Name("v l t embed")),
    network("kuaishou", &["kuaishou.com"], Form::Below("profile")),
    network("toutiao", &["toutiao.com"], Form::Below("c/user")),
    network("viber", &["chats.viber.com", "invite.viber.com"], Form::Name("")),
    network("strava", &["strava.com"], Form::Below("clubs")),
    network("500px", &["500px.com"], Form::Below("p")),
    network("artstation", &["artstation.com"], Form::Name("search artwork jobs learning marketplace")),
    network("mixcloud", &["mixcloud.com"], Form::Name("discover upload search")),
    network("tenchat", &["tenchat.ru"], Form::Name("media auth search")),
    network("aparat", &["aparat.com"], Form::Name("v video search")),
    network("linktree", &["linktr.ee"], Form::Name("login register s")),
    network("whatsapp", &["whatsapp.com"], Form::Below("channel")),
    network("rutube", &["rutube.ru"], Form::Below("channel u")),
    network("dzen", &["dzen.ru", "zen.yandex.ru"], Form::Both("id", "a video media news search t b")),
    network("mastodon", MASTODON, Form::At),
];

const YOUTUBE: &str = "watch embed results playlist shorts feed live t about redirect hashtag premium ads howyoutubeworks v \
    intl yt creators kids music gaming post clip subscription_center iframe_api account attribution_link \
    static oembed share trends channel c user tv";
const X: &str = "intent share home search hashtag i login privacy tos about signup settings widgets explore statuses \
    download compose account en rules status messages notifications logout";
const INSTAGRAM: &str = "p reel reels explore stories tv accounts about legal developer direct web share privacy terms \
    embed.js api static s";
const PINTEREST: &str = "pin search ideas _ today business about login explore settings categories topics policy privacy \
    sharer js v3 ct.html repin widgets";
const VK: &str = "share share.php wall video videos photo widget_community.php away.php js doc docs feed search login \
    about terms privacy support dev app im market clips album audio images rtrg video_ext.php write \
    topic board poll story widget_comments.php clip";
const OK: &str = "dk offer video live music game games help share widget search promo";
const TELEGRAM: &str = "share joinchat proxy socks addstickers iv c login setlanguage addtheme addlist bg confirmphone \
    invoice addemoji s";
const WEIBO: &str = "login login.php share signup ajax tv hot search status detail ttarticle";
const GITHUB: &str = "features pricing about topics login sponsors marketplace join explore search settings security \
    enterprise site contact apps collections trending team readme signup customer-stories orgs \
    notifications issues pulls new organizations resources solutions";
const VIMEO: &str = "watch categories upgrade about login join blog search features help album showcase groups ondemand \
    event manage privacy terms api video ott stock solutions";
const NAVER: &str = "postview.naver postview.nhn openapi sharescript common api";
const MASTODON: &[&str] = &[
    "mastodon.social",
    "mastodon.online",
    "mastodon.world",
    "mastodon.cloud",
    "mstdn.jp",
    "mstdn.social",
    "fosstodon.org",
    "hachyderm.io",
    "mas.to",
    "pawoo.net",
    "troet.cafe",
    "norden.social",
    "ruhr.social",
    "social.tchncs.de",
    "chaos.social",
    "infosec.exchange",
    "techhub.social",
    "mastodon.nl",
    "mastodon.green",
    "piaille.fr",
    "bonn.social",
    "openbiblio.social",
    "muenchen.social",
    "social.bund.de",
    "floss.social",
    "mastodon.scot",
    "mastodon.uno",
    "tooot.im",
    "swiss.social",
];

/// The profile at an address. `me`: the page says that it is its own
/// (`rel=me`), which is the only way to know most hosts of Mastodon.
pub(super) fn profile(url: &Url, me: bool) -> Option<Profile> {
    let host = short_host(url.host_str()?);
    let segments: Vec<&str> = url.path().split('/').filter(|s| !s.is_empty()).take(8).collect();
    let shown = shown_host(url.host_str()?, &host);
    let at = Address { url, host: &host, shown, segments: &segments };
    if matches!(host.as_str(), "facebook.com" | "fb.com" | "fb.me") {
        return facebook(&at);
    }
    if let Some(network) = network_of(&host) {
        return at.network(network);
    }
    if let Some(name) = ["tumblr.com", "medium.com"].iter().find_map(|h| host.strip_suffix(h)?.strip_suffix('.'))
        && !matches!(name, "help" | "blog" | "www" | "policy" | "assets" | "embed" | "cdn-images-1" | "platform")
        && segments.is_empty()
    {
        let network = if host.ends_with("medium.com") { "medium" } else { "tumblr" };
        return Some(at.profile(network, url.path().to_owned(), name, false));
    }
    let handle = segments.first()?.strip_prefix('@')?;
    (me && segments.len() == 1 && !handle.is_empty())
        .then(|| at.profile("mastodon", url.path().to_owned(), handle, false))
}

/// Host without `www.`, `m.`, and the country or language in front.
fn short_host(host: &str) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let mut rest = host.as_str();
    for network in [
        "facebook.com",
        "linkedin.com",
        "pinterest.com",
        "instagram.com",
        "twitter.com",
        "youtube.com",
        "xing.com",
        "tiktok.com",
        "reddit.com",
        "houzz.com",
        "viadeo.com",
        "slideshare.net",
        "weibo.cn",
        "vk.com",
        "ok.ru",
        "bilibili.com",
        "snapchat.com",
    ] {
        if let Some(front) = rest.strip_suffix(network).and_then(|front| front.strip_suffix('.')) {
            // `de.`, `de-de.`, `m.`, `web.`, but not what is another service.
            let is_plain =
                front.len() <= 3 || front.contains('-') && front.len() <= 5 || matches!(front, "mobile" | "touch");
            let other = matches!(front, "l" | "lm" | "ads" | "api" | "pin" | "i" | "apps" | "dev");
            return if is_plain && !other { network.to_owned() } else { host };
        }
    }
    for prefix in ["www.", "m.", "mobile."] {
        rest = rest.strip_prefix(prefix).unwrap_or(rest);
    }
    rest.to_owned()
}

/// The host of a profile in a country, where the network gives each country its
/// own (`mx.linkedin.com`); for interface languages, as Facebook has them, the
/// network's.
fn shown_host(host: &str, short: &str) -> String {
    let front = host.strip_suffix(short).and_then(|front| front.strip_suffix('.')).unwrap_or_default();
    let is_country = front.len() == 2 && matches!(short, "linkedin.com" | "pinterest.com");
    if is_country { host.to_ascii_lowercase() } else { short.to_owned() }
}

/// The networks by host.
static BY_HOST: LazyLock<HashMap<&str, &Network>> = LazyLock::new(|| hosts().collect());

/// Those hosts that stand for many.
static PATTERNS: LazyLock<Vec<(&str, &Network)>> =
    LazyLock::new(|| hosts().filter(|(host, _)| host.starts_with('.') || host.ends_with('.')).collect());

fn hosts() -> impl Iterator<Item = (&'static str, &'static Network)> {
    NETWORKS.iter().flat_map(|network| network.hosts.iter().map(move |host| (*host, network)))
}

fn network_of(host: &str) -> Option<&'static Network> {
    let by_pattern = || PATTERNS.iter().find(|(pattern, _)| is_host(host, pattern)).map(|(_, network)| *network);
    BY_HOST.get(host).copied().or_else(by_pattern)
}

fn is_host(host: &str, pattern: &str) -> bool {
    if let Some(parent) = pattern.strip_prefix('.') {
        return host.strip_suffix(parent).is_some_and(|front| front.ends_with('.'));
    }
    match pattern.strip_suffix('.') {
        // `pinterest.de`, `pinterest.co.uk`
        Some(name) => host.strip_prefix(name).and_then(|r| r.strip_prefix('.')).is_some_and(|tld| tld.len() <= 6),
        None => host == pattern,
    }
}

/// Whether the word is one of a list.
fn has(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|one| one == word)
}

struct Address<'a> {
    url: &'a Url,
    /// Host by which the network is known.
    host: &'a str,
    /// Host by which the profile is given.
    shown: String,
    segments: &'a [&'a str],
}

impl Address<'_> {
    fn profile(&self, network: &'static str, link: String, handle: &str, personal: bool) -> Profile {
        let handle = percent_decode_str(handle).decode_utf8_lossy().into_owned();
        Profile { network, host: self.shown.clone(), link, handle, personal, derived: false }
    }

    /// The path of the first `count` segments; with the slash at its end when
    /// the site writes it so.
    fn path(&self, count: usize) -> String {
        let mut path: String = self.segments.iter().take(count).flat_map(|s| ["/", s]).collect();
        if self.segments.len() == count && self.url.path().ends_with('/') {
            path.push('/');
        }
        path
    }

    fn first(&self) -> String {
        self.segments.first().map(|s| s.to_ascii_lowercase()).unwrap_or_default()
    }

    fn network(&self, network: &Network) -> Option<Profile> {
        match network.form {
            Form::At => {
                let handle = self.segments.first()?.strip_prefix('@').filter(|h| !h.is_empty())?;
                self.below(1).then(|| self.profile(network.name, self.path(1), handle, false))
            }
            Form::Below(kinds) => self.kind(network.name, kinds),
            Form::Name(denied) => self.name(network.name, denied),
            Form::Both(kinds, denied) => self
                .kind(network.name, kinds)
                .or_else(|| (!has(kinds, &self.first())).then(|| self.name(network.name, denied))?),
        }
    }

    /// `/kind/name`.
    fn kind(&self, network: &'static str, kinds: &str) -> Option<Profile> {
        let lower: Vec<String> = self.segments.iter().take(4).map(|s| s.to_ascii_lowercase()).collect();
        let count = kinds.split(' ').find_map(|kind| {
            let words: Vec<&str> = kind.split('/').collect();
            (lower.len() > words.len() && lower.iter().zip(&words).all(|(a, b)| a == b)).then_some(words.len() + 1)
        })?;
        if network == "houzz" {
            // `/professionals/trade/name-pfvwde-pf~123`
            let handle = self.segments.iter().rev().find(|s| **s != "__public")?;
            return Some(self.profile(network, self.path(self.segments.len()), handle, false));
        }
        let handle = self.segments.get(count - 1)?;
        let personal = matches!(self.first().as_str(), "in" | "pub" | "profile" | "profiles" | "people")
            && !matches!(network, "ok" | "bluesky" | "flickr");
        let share = matches!(handle.to_ascii_lowercase().as_str(), "share" | "login" | "unavailable" | "setup");
        (!share && self.below(count)).then(|| self.profile(network, self.path(count), handle, personal))
    }

    /// `/name`.
    fn name(&self, network: &'static str, denied: &str) -> Option<Profile> {
        let name = *self.segments.first()?;
        let first = self.first();
        let bare = name.trim_start_matches('@');
        let numbered = |word: &str| {
            first.strip_prefix(word).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit() || c == '-'))
        };
        if has(denied, &first) || bare.is_empty() || first.starts_with('+') && network == "telegram" {
            return None;
        }
        let number = first.bytes().all(|b| b.is_ascii_digit());
        match network {
            // Posts, documents and films of VKontakte and Vimeo are numbered.
            "vk" if ["wall", "photo", "video", "album", "doc", "clip", "topic", "market", "audio", "app", "poll"]
                .iter()
                .any(|w| numbered(w)) =>
            {
                return None;
            }
            "vimeo" if number => return None,
            "github" | "gitlab" | "codeberg" if self.segments.len() > 1 => {
                let mut profile = self.profile(network, self.path(1), bare, false);
                profile.derived = true;
                return Some(profile);
            }
            "naver" if first.ends_with(".naver") || first.ends_with(".nhn") => return self.naver(),
            "line" if self.host == "lin.ee" && self.segments.len() > 1 => return None,
            _ => {}
        }
        self.below(1).then(|| self.profile(network, self.path(1), bare, false))
    }

    /// Whether what stands below the profile still is the profile, and not a
    /// single post.
    fn below(&self, count: usize) -> bool {
        const SECTIONS: &str = "about videos featured playlists posts photos events community streams shorts jobs life people \
    mycompany home reviews products info likes media with_replies tagged reels channels timeline feed \
    all en de fr es friend chat _created _saved boards pins shop services groups albums sets work \
    projects docs activity admin followers mentions news updates employees join recent-activity \
    discussions live general";
        match self.segments.get(count..) {
            None | Some([]) => true,
            Some([section]) => has(SECTIONS, &section.to_ascii_lowercase()),
            Some(_) => false,
        }
    }

    /// `PostList.naver?blogId=name`.
    fn naver(&self) -> Option<Profile> {
        let (_, id) = self.url.query_pairs().find(|(name, _)| name == "blogId")?;
        let link = format!("{}?blogId={id}", self.path(1));
        (!self.url.query_pairs().any(|(name, _)| name == "logNo")).then(|| self.profile("naver", link, &id, false))
    }
}

fn facebook(at: &Address<'_>) -> Option<Profile> {
    const DENIED: &str = "sharer sharer.php share share.php dialog plugins tr login login.php l.php policy.php policies \
    privacy legal terms terms.php help about business ads hashtag watch photo photo.php photos events \
    marketplace story.php permalink.php video.php videos reel search home.php settings notes media \
    places v2.0 recover reg r.php full_data_use_policy posts cookies policies_center messages gaming \
    2008 stories adpreferences fr de en pages_reaction_units rsrc.php";
    let first = at.first();
    let query = |name: &str| at.url.query_pairs().find(|(n, _)| n == name).map(|(_, v)| v.into_owned());
    match (first.as_str(), at.segments) {
        ("profile.php", _) => {
            let id = query("id").filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))?;
            Some(at.profile("facebook", format!("{}?id={id}", at.path(1)), &id, false))
        }
        ("pages" | "people", [_, name, _id]) => Some(at.profile("facebook", at.path(3), name, false)),
        ("pages", [_, "category", _, name]) => Some(at.profile("facebook", at.path(4), name, false)),
        ("p", [_, name]) => Some(at.profile("facebook", at.path(2), name, false)),
        ("pg" | "groups", [_, name]) => Some(at.profile("facebook", at.path(2), name, false)),
        ("pg", [_, name, _]) => Some(at.profile("facebook", at.path(2), name, false)),
        ("pages" | "people" | "pg" | "groups" | "p", _) | ("", _) => None,
        (name, _) if has(DENIED, name) => None,
        (_, [name, ..]) => at.below(1).then(|| at.profile("facebook", at.path(1), name, false)),
        _ => None,
    }
}
