//! The company's own profiles on social networks.
//!
//! Whose profile a link is shows in where it stands (header, footer, cards of
//! people or partners), in structured data, and in whether the handle
//! resembles the site's domain.

use std::collections::{HashMap, HashSet};

use cmes_types::{Method, WebLink};
use url::Url;

use crate::facts::{Finding, Site, names, snippet};
use crate::page::{Link, Page, Region, prefix};
use crate::structured::{Item, Value};

mod networks;
#[cfg(test)]
mod tests;

use networks::{Profile, profile};

/// A link that may be the company's own profile.
struct Candidate {
    profile: Profile,
    page: Option<u16>,
    method: Method,
    snippet: String,
    /// How much speaks for it; negative is somebody else's.
    score: i32,
}

/// Most candidates looked at; a page with more is no company's.
const MOST: usize = 2_000;
/// Most links looked at per page.
const LINKS: usize = 20_000;

/// Profiles, one per network.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<WebLink>> {
    let mut candidates = Vec::new();
    let repeated = repeated(site.pages);
    for (index, page) in site.pages.iter().enumerate() {
        let at = u16::try_from(index).ok();
        structured(site, page, at, &mut candidates);
        heads(site, page, at, &mut candidates);
        links(site, page, at, &repeated, &mut candidates);
        candidates.truncate(MOST);
    }
    best(candidates)
}

/// Per network the candidate for which most speaks, in order of appearance.
fn best(candidates: Vec<Candidate>) -> Vec<Finding<WebLink>> {
    let mut chosen: Vec<Candidate> = Vec::new();
    for candidate in candidates.into_iter().filter(|c| c.score > 0) {
        match chosen.iter_mut().find(|c| c.profile.network == candidate.profile.network) {
            Some(other) if other.score < candidate.score => *other = candidate,
            Some(_) => {}
            None => chosen.push(candidate),
        }
    }
    chosen
        .into_iter()
        .map(|c| Finding {
            value: WebLink { host: c.profile.host, link: c.profile.link },
            page: c.page,
            method: c.method,
            snippet: c.snippet,
            confidence: if c.score >= 6 { 0.95 } else { 0.8 },
        })
        .collect()
}

/// `sameAs` of what is not a person.
fn structured(site: &Site<'_>, page: &Page, at: Option<u16>, candidates: &mut Vec<Candidate>) {
    let mut open: Vec<&Item> = page.items.iter().collect();
    while let Some(item) = open.pop() {
        // A person's, an article's or a customer's profiles are not the site's.
        let other = ["Person", "Review", "Article", "BlogPosting", "NewsArticle", "Product", "Event", "JobPosting"];
        if item.types.iter().any(|t| other.contains(&t.as_str())) {
            continue;
        }
        let is_other = is_other(item, site.domain);
        for (name, value) in &item.properties {
            match value {
                Value::Text(text) if name == "sameAs" => {
                    if let Some(profile) = Url::parse(text).ok().and_then(|url| profile(&url, false)) {
                        let alike = resemblance(&profile, site.domain);
                        let score = if is_other && alike <= 0 { -1 } else { 5 + alike };
                        let snippet = format!("sameAs: {}", prefix(text, 190));
                        candidates.push(Candidate { profile, page: at, method: Method::SchemaOrg, snippet, score });
                    }
                }
                Value::Text(_) => {}
                Value::Item(inner) => open.push(inner),
            }
        }
    }
}

/// Whether structured data is of a company whose name has nothing of the
/// domain, as templates leave it.
fn is_other(item: &Item, domain: &str) -> bool {
    let name = item.properties.iter().find_map(|(name, value)| match value {
        Value::Text(text) if name == "name" => Some(text),
        _ => None,
    });
    name.and_then(|name| names::resemblance(name, domain)).is_some_and(|alike| alike <= 0.0)
}

/// `<link rel=me>` and the publisher that Open Graph names.
fn heads(site: &Site<'_>, page: &Page, at: Option<u16>, candidates: &mut Vec<Candidate>) {
    let me = page.heads.iter().filter(|head| head.rel.split(' ').any(|rel| rel == "me"));
    let me = me.map(|head| (head.href.clone(), true));
    let publisher = page.meta("article:publisher").and_then(|content| Url::parse(content).ok()).map(|url| (url, false));
    for (url, is_me) in me.chain(publisher) {
        if let Some(profile) = profile(&url, is_me) {
            let score = 4 + resemblance(&profile, site.domain);
            let snippet = prefix(url.as_str(), 200).to_owned();
            candidates.push(Candidate { profile, page: at, method: Method::Meta, snippet, score });
        }
    }
}

/// The links that stand on more than one page, or on the only one: what belongs
/// to the site rather than to a page's matter.
fn repeated(pages: &[Page]) -> HashSet<&str> {
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut repeated = HashSet::new();
    for (index, page) in pages.iter().enumerate() {
        for link in page.links.iter().take(LINKS) {
            if *first.entry(&link.href).or_insert(index) != index || pages.len() == 1 {
                repeated.insert(link.href.as_str());
            }
        }
    }
    repeated
}

fn links(site: &Site<'_>, page: &Page, at: Option<u16>, repeated: &HashSet<&str>, candidates: &mut Vec<Candidate>) {
    for link in page.links.iter().take(LINKS) {
        let me = link.rel.split(' ').any(|rel| rel == "me");
        let Some(profile) = link.url.as_ref().and_then(|url| profile(url, me)) else { continue };
        if candidates.len() >= MOST {
            return;
        }
        let row = if repeated.contains(link.href.as_str()) && is_in_row(page, link) { 3 } else { 0 };
        let score = row + place(page, link) + resemblance(&profile, site.domain) + i32::from(me) * 2;
        let snippet = match link.text.is_empty() {
            true => prefix(&link.href, 200).to_owned(),
            false => snippet(&format!("{}: {}", prefix(&link.text, 80), link.href), &link.href),
        };
        candidates.push(Candidate { profile, page: at, method: Method::Link, snippet, score });
    }
}

/// What the place of a link says about whose profile it is.
fn place(page: &Page, link: &Link) -> i32 {
    let mut score = match link.region {
        Region::Footer | Region::Header | Region::Nav => 4,
        Region::Aside => 1,
        Region::Body | Region::Main | Region::Overlay => 0,
    };
    let icon = |class: &str| {
        ["social", "follow", "icon", "fa-", "share", "sns", "soc-"].iter().any(|word| class.contains(word))
    };
    let mut stranger = false;
    for (_, element) in page.ancestors(link.element).take(7) {
        let names = [&*element.class, &*element.id];
        if names.iter().any(|name| icon(name)) {
            score += 2;
            break;
        }
        stranger |= names.iter().any(|name| is_strangers(name));
    }
    stranger |= page.ancestors(link.element).take(10).any(|(_, e)| is_strangers(&e.class) || is_strangers(&e.id));
    if icon(&link.class) {
        score += 1;
    }
    if is_network_name(&link.text) {
        score += 1;
    }
    if stranger {
        score -= 8;
    }
    if is_credit(page, link) {
        score -= 12;
    }
    score
}

/// Whether a link stands in a row of profiles on several networks, none of them
/// a person's: nobody shows those of somebody else so.
fn is_in_row(page: &Page, link: &Link) -> bool {
    const LONGEST: usize = 12;
    let rows = page
        .ancestors(link.element)
        .take(4)
        .map(|(_, element)| element.links.start as usize..element.links.end as usize);
    let Some(row) = rows.take_while(|row| row.len() <= LONGEST).last().and_then(|row| page.links.get(row)) else {
        return false;
    };
    let profiles: Vec<Profile> = row.iter().filter_map(|link| profile(link.url.as_ref()?, false)).collect();
    let networks: HashSet<&str> = profiles.iter().map(|profile| profile.network).collect();
    networks.len() >= 2 && profiles.len() * 2 >= row.len() && !profiles.iter().any(|profile| profile.personal)
}

/// Cards of people, partners and customers, posts and comments.
fn is_strangers(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "team",
        "member",
        "testimonial",
        "partner",
        "customer",
        "client",
        "person",
        "people",
        "staff",
        "author",
        "speaker",
        "employee",
        "review",
        "quote",
        "reference",
        "sponsor",
        "comment",
        "mitarbeiter",
        "vcard",
        "credit",
        "tweet",
        "instagram-feed",
        "sbi_",
    ];
    !name.is_empty() && !name.contains("team-follow") && WORDS.iter().any(|word| name.contains(word))
}

/// The line says who made the site.
fn is_credit(page: &Page, link: &Link) -> bool {
    const WORDS: &[&str] = &[
        "powered by",
        "designed by",
        "design by",
        "website by",
        "site by",
        "made by",
        "created by",
        "developed by",
        "webdesign",
        "web design",
        "umsetzung",
        "realisierung",
        "réalisation",
        "conception",
        "realizzato da",
        "diseño web",
        "desarrollado por",
        "desenvolvido por",
        "разработка сайта",
        "создание сайта",
        "realizacja",
        "made with",
        "theme by",
    ];
    let Some(line) = page.lines.get(link.line as usize) else { return false };
    let text = prefix(&line.text, 300).to_lowercase();
    line.element == parent_block(page, link.element) && WORDS.iter().any(|word| text.contains(word))
}

/// The block around an element; lines belong to blocks.
fn parent_block(page: &Page, element: u32) -> u32 {
    page.ancestors(element).find(|(_, e)| crate::tag::is_block(e.name)).map_or(0, |(index, _)| index)
}

/// Whether a link is called after its network, alone or in few words
/// (`Follow us on Facebook`).
fn is_network_name(text: &str) -> bool {
    const NAMES: &[&str] = &[
        "facebook",
        "linkedin",
        "instagram",
        "twitter",
        "youtube",
        "xing",
        "tiktok",
        "pinterest",
        "telegram",
        "github",
        "vk",
        "вконтакте",
        "вк",
        "фейсбук",
        "фейсбуці",
        "инстаграм",
        "телеграм",
        "ютуб",
        "одноклассники",
        "페이스북",
        "인스타그램",
        "유튜브",
        "블로그",
        "카카오톡",
        "카카오채널",
        "フェイスブック",
        "インスタグラム",
        "ツイッター",
        "ユーチューブ",
        "微博",
        "抖音",
        "小红书",
        "知乎",
        "فيسبوك",
        "انستغرام",
        "إنستغرام",
        "تويتر",
        "يوتيوب",
        "لينكدإن",
        "לפייסבוק",
        "בפייסבוק",
        "פייסבוק",
        "אינסטגרם",
        "zalo",
    ];
    let text = text.trim().to_lowercase();
    if text.is_empty() || text == "x" {
        return true;
    }
    let is_name = |word: &str| NAMES.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()));
    text.len() <= 60 && text.split_whitespace().any(is_name)
}

/// Site builders and agencies' tools, whose profiles stand in templates.
const BUILDERS: &[&str] = &[
    "wix",
    "wixcom",
    "squarespace",
    "shopify",
    "wordpress",
    "wordpresscom",
    "jimdo",
    "weebly",
    "tilda",
    "tildaru",
    "tildapublishing",
    "godaddy",
    "elementor",
    "elemntor",
    "elegantthemes",
    "strikingly",
    "webflow",
    "webnode",
    "hubspot",
    "drupal",
    "joomla",
    "typo3",
    "odoo",
    "prestashop",
    "themeforest",
    "envato",
    "yourpage",
    "yourprofile",
    "username",
    "yourusername",
    "example",
    "google",
    "facebook",
    "twitter",
    "instagram",
    "youtube",
    "linkedin",
    "pinterest",
    "platform",
    "bootstrap",
    "getbootstrap",
    "framer",
    "canva",
    "yourcompany",
    "yourname",
    "yourbrand",
];

/// Whether the handle is the domain's name or has much of it: 6 for plainly,
/// 3 for partly, 0 for not, less for what is a builder's or a person's.
fn resemblance(profile: &Profile, domain: &str) -> i32 {
    let domain = plain(domain.split('.').next().unwrap_or_default());
    let handle = plain(&profile.handle);
    let mut score = similarity(&handle, &domain);
    if score < 6 && BUILDERS.contains(&handle.as_str()) {
        score -= 20;
    }
    if profile.personal {
        score -= 3;
    }
    if profile.derived && score < 3 {
        score -= 20;
    }
    score
}

fn similarity(handle: &str, domain: &str) -> i32 {
    if handle.is_empty() || domain.len() < 2 {
        return 0;
    }
    if handle == domain {
        return 7;
    }
    let (short, long) = if handle.len() < domain.len() { (handle, domain) } else { (domain, handle) };
    if short.len() >= 4 && long.contains(short) {
        return 6;
    }
    let common = handle.bytes().zip(domain.bytes()).take_while(|(a, b)| a == b).count();
    if common >= 5 || (common >= 3 && common * 2 >= domain.len()) { 3 } else { 0 }
}

/// Letters and digits only, lower case.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(100).collect()
}
