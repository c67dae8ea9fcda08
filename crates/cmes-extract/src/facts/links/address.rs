//! Addresses of a site's pages: which are pages at all, which are the same
//! page, and in which language they are.

use std::collections::HashSet;

use cmes_types::LanguageCode;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::facts::Site;

/// Addresses that end so are files, not pages.
const FILES: &[&str] = &[
    "7z", "apk", "avi", "bmp", "bz2", "css", "csv", "dmg", "doc", "docx", "dwg", "dxf", "eps", "epub", "exe", "gif",
    "gz", "ico", "ics", "jpeg", "jpg", "js", "json", "key", "m4a", "mov", "mp3", "mp4", "msi", "odt", "ogg", "pdf",
    "png", "ppt", "pptx", "ps", "rar", "rss", "rtf", "step", "stp", "svg", "swf", "tar", "tgz", "tif", "tiff", "txt",
    "vcf", "wav", "webm", "webp", "wmv", "woff", "woff2", "xls", "xlsx", "xml", "zip", "avif", "hwp",
];

/// First or later segments of what is no page to list.
const SKIP_SEGMENTS: &[&str] = &[
    "wp-admin",
    "wp-login.php",
    "wp-json",
    "wp-content",
    "cdn-cgi",
    "feed",
    "tag",
    "tags",
    "category",
    "categories",
    "author",
    "login",
    "logout",
    "signin",
    "signup",
    "register",
    "cart",
    "checkout",
    "basket",
    "my-account",
    "customer",
    "account",
    "search",
    "search-results",
    "suche",
    "recherche",
    "buscar",
    "warenkorb",
    "panier",
    "share",
    "print",
    "page",
    "trackback",
    "amp",
    "schlagwort",
    "etiqueta",
    "kategorie",
    "xmlrpc.php",
    "rss",
    "oauth",
    "auth",
    "comments",
    "taxonomy",
    "user",
    "users",
    "members",
];

/// Parameters that say where a visitor came from, or nothing.
fn is_tracking(name: &str) -> bool {
    name.starts_with("utm_")
        || name.starts_with("pk_")
        || name.starts_with("mtm_")
        || name.starts_with("hsa_")
        || name.starts_with("_hs")
        || matches!(
            name,
            "gclid"
                | "fbclid"
                | "msclkid"
                | "yclid"
                | "mc_cid"
                | "mc_eid"
                | "_ga"
                | "_gl"
                | "ref"
                | "source"
                | "hsctatracking"
                | "igshid"
                | "wbraid"
                | "gbraid"
                | "dclid"
                | "twclid"
                | "ttclid"
                | "li_fat_id"
                | "trk"
                | "cmpid"
                | "sid"
                | "phpsessid"
                | "jsessionid"
                | "s_cid"
                | "icid"
                | "spm"
                | "from"
                | "hl"
                | "cn-reloaded"
                | "nocache"
                | "v"
        )
}

/// Parameters of lists, searches, actions and switches.
fn is_action(name: &str) -> bool {
    matches!(
        name,
        "s" | "q"
            | "query"
            | "search"
            | "page"
            | "paged"
            | "p"
            | "sort"
            | "order"
            | "orderby"
            | "filter"
            | "add-to-cart"
            | "replytocom"
            | "print"
            | "lang"
            | "language"
            | "locale"
            | "lng"
            | "l"
            | "share"
            | "action"
            | "redirect"
            | "return"
            | "returnurl"
            | "returnto"
            | "next"
            | "currency"
            | "limit"
            | "offset"
            | "start"
            | "view"
            | "cat"
            | "tag"
    )
}

/// A page's address as the site writes it, and by what it is the same.
#[derive(Clone, Debug)]
pub(super) struct Address {
    /// Host without `www.`.
    pub host: String,
    /// Path with query.
    pub link: String,
    /// Equal for addresses of one page.
    pub key: String,
    /// The last words of the path, decoded: first the last segment.
    pub segments: Vec<String>,
    /// The link led to a place within the page.
    pub fragment: bool,
}

impl Address {
    /// `None` for what is no page of the site.
    pub(super) fn of(url: &Url, domain: &str) -> Option<Self> {
        let host = url.host_str()?;
        let full = host.trim_end_matches('.');
        if !(full == domain || full.strip_suffix(domain).is_some_and(|front| front.ends_with('.'))) {
            return None;
        }
        let path = url.path();
        if path.len() > 300 || url.query().is_some_and(|query| query.len() > 300) {
            return None;
        }
        let file = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        if file.rsplit_once('.').is_some_and(|(_, ending)| FILES.contains(&ending)) {
            return None;
        }
        let segments: Vec<String> = path.split('/').filter(|s| !s.is_empty()).map(decode).collect();
        let lower = |s: &String| s.to_lowercase();
        if segments.iter().map(lower).any(|s| SKIP_SEGMENTS.contains(&s.as_str())) {
            return None;
        }
        let query = kept_query(url)?;
        let host = full.strip_prefix("www.").unwrap_or(full).to_owned();
        let link = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        let mut names: Vec<String> = segments.iter().map(lower).collect();
        if names.last().is_some_and(|last| is_index(last)) {
            names.pop();
        }
        let key = format!("{host}/{}?{query}", names.join("/"));
        Some(Self { host, link, key, segments: names, fragment: url.fragment().is_some_and(|f| !f.is_empty()) })
    }

    /// Home of the site or of one of its languages.
    pub(super) fn is_home(&self) -> bool {
        self.key.ends_with('?')
            && match self.segments.as_slice() {
                [] => true,
                [one] => {
                    is_language_tag(one)
                        || matches!(one.as_str(), "home" | "start" | "startseite" | "accueil" | "inicio")
                }
                [region, language] => region.len() == 2 && language.len() == 2 && is_language_tag(language),
                _ => false,
            }
    }
}

fn decode(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

fn is_index(name: &str) -> bool {
    let name = name.split('.').next().unwrap_or_default();
    matches!(name, "index" | "default")
}

/// The query without tracking; `None` when it makes the page a list or an action.
fn kept_query(url: &Url) -> Option<String> {
    let mut kept = Vec::new();
    for part in url.query().unwrap_or_default().split('&').filter(|part| !part.is_empty()) {
        let name = part.split('=').next().unwrap_or_default().to_ascii_lowercase();
        if is_action(&name) {
            return None;
        }
        if !is_tracking(&name) {
            kept.push(part);
        }
    }
    Some(kept.join("&"))
}

/// `de`, `de-at`, `en_us`.
fn is_language_tag(text: &str) -> bool {
    let (language, region) = text.split_once(['-', '_']).map_or((text, None), |(a, b)| (a, Some(b)));
    // `/om` is about the company in the north, not Oromo.
    let is_word = region.is_none() && matches!(language, "om");
    language.len() == 2
        && !is_word
        && language.parse::<LanguageCode>().is_ok()
        && region.is_none_or(|r| matches!(r.len(), 2 | 4) && r.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// In which languages the site keeps its pages, and under which first segments.
#[derive(Debug)]
pub(super) struct Languages {
    /// First segments that name a language.
    prefixes: HashSet<String>,
    /// The first segment of the pages read.
    own: Option<String>,
    language: Option<LanguageCode>,
}

/// Codes that are hardly ever anything but languages in addresses.
const PLAIN: &[&str] = &[
    "en", "de", "fr", "es", "nl", "pl", "ru", "cs", "zh", "ja", "jp", "ko", "sv", "da", "fi", "hu", "ro", "bg", "el",
    "tr", "uk", "ar", "he", "cn", "sk", "sl", "et", "lv", "lt", "vi", "th", "fa", "pt", "nb",
];

impl Languages {
    pub(super) fn of(site: &Site<'_>) -> Self {
        let mut prefixes: HashSet<String> = PLAIN.iter().map(|s| (*s).to_owned()).collect();
        for page in site.pages {
            let alternates = page.heads.iter().filter(|head| !head.hreflang.is_empty()).map(|head| &head.href);
            // A link to nothing but `/it` leads to a language, and not to a department.
            let bare = page.links.iter().take(5_000).filter_map(|link| link.url.as_ref());
            let bare = bare.filter(|url| url.path().trim_matches('/').len() <= 5);
            for url in alternates.chain(bare) {
                let first = url.path().split('/').find(|s| !s.is_empty()).unwrap_or_default().to_ascii_lowercase();
                let is_bare = url.path().trim_matches('/').eq_ignore_ascii_case(&first);
                if is_language_tag(&first) && (is_bare || PLAIN.contains(&first.as_str()) || first.len() == 5) {
                    prefixes.insert(first);
                }
            }
        }
        let first = |url: &Url| url.path().split('/').find(|s| !s.is_empty()).map(str::to_ascii_lowercase);
        let own =
            site.pages.first().and_then(|page| first(&page.url)).filter(|s| prefixes.contains(s) || is_long_tag(s));
        Self { prefixes, own, language: site.language }
    }

    /// The segment of an address that names its language.
    fn prefix<'a>(&self, address: &'a Address) -> Option<&'a str> {
        let first = address.segments.first()?;
        (self.prefixes.contains(first) || is_long_tag(first)).then_some(first.as_str())
    }

    /// Whether the page is in another language than the site is read in.
    pub(super) fn is_foreign(&self, address: &Address) -> bool {
        if let Some(label) = address.host.split('.').next()
            && PLAIN.contains(&label)
            && let Some(language) = self.language
        {
            return !speaks(label, language);
        }
        let Some(prefix) = self.prefix(address) else { return false };
        match (&self.own, self.language) {
            (Some(own), _) if own == prefix => false,
            (_, Some(language)) => {
                !speaks(prefix, language) || self.own.as_deref().is_some_and(|own| speaks(own, language))
            }
            (Some(_), None) => true,
            (None, None) => false,
        }
    }

    /// The path under which the site's own language is kept.
    pub(super) fn base(&self) -> String {
        self.own.as_ref().map_or_else(String::new, |own| format!("/{own}"))
    }
}

fn is_long_tag(text: &str) -> bool {
    text.len() == 5 && is_language_tag(text) && text.contains(['-', '_'])
}

/// Whether a tag such as `de-at` or a country's code used as one is of the language.
fn speaks(tag: &str, language: LanguageCode) -> bool {
    let code = match tag {
        "jp" => "ja",
        "cn" => "zh",
        _ => tag,
    };
    code.parse::<LanguageCode>().is_ok_and(|found| found == language)
        || matches!((tag, language.as_str()), ("nb", "no") | ("no", "nb"))
}
