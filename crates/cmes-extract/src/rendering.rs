//! Whether a page only gets its content by script.
//!
//! A browser is slow and dear, so it is asked only where the page as it was
//! sent says next to nothing and something in it could say more.

use crate::facts::Site;
use crate::identity::{self, Verdict};
use crate::page::{Page, Region, Script};

/// Text, in bytes (so that a Chinese character counts as a word does), below
/// which a page with scripts says nothing: a loader's words, a sentence for
/// those without script. The second is for what stands outside of menus, links,
/// header and footer.
const NOTHING: usize = 300;
const NOTHING_OF_ITS_OWN: usize = 100;
/// The same where a place for the content stands empty.
const AROUND_A_PLACE: usize = 1_500;
const BESIDE_A_PLACE: usize = 300;

/// Whether scripts have yet to make the content of this page.
#[must_use]
pub fn is_needed(page: &Page) -> bool {
    let (all, own) = (visible(page), own_text_length(page));
    let says_nothing = all.len() < NOTHING && own < NOTHING_OF_ITS_OWN && !identity::has_contact(&all);
    let is_around_a_place = || all.len() < AROUND_A_PLACE && own < BESIDE_A_PLACE && awaits_content(page);
    runs_scripts(page) && (says_nothing || is_around_a_place()) && !is_nobodys(page)
}

/// How much a visitor reads on it, in bytes.
#[must_use]
pub fn text_length(page: &Page) -> usize {
    visible(page).len()
}

/// What a visitor reads, consent banners left out.
fn visible(page: &Page) -> String {
    let mut text = String::new();
    for line in page.lines.iter().filter(|line| !line.hidden && line.region != Region::Overlay) {
        text.push_str(&line.text);
        text.push('\n');
    }
    text
}

/// Length of the text that is this page's own: what leads to others, and what
/// stands on all of them, is no content.
fn own_text_length(page: &Page) -> usize {
    let is_own = |region| matches!(region, Region::Body | Region::Main | Region::Aside);
    let lines = page.lines.iter().filter(|line| !line.hidden && is_own(line.region)).map(|line| line.text.len());
    let links = page.links.iter().filter(|link| is_own(link.region)).map(|link| link.text.len());
    lines.sum::<usize>().saturating_sub(links.sum())
}

/// Frames of old sites are pages of their own, whatever scripts stand beside
/// them. Data in a script element is no script.
fn runs_scripts(page: &Page) -> bool {
    let has = |name| page.elements.iter().any(|element| element.name == name);
    let is_code = |script: &Script| {
        let text = script.text.trim_start();
        !script.src.is_empty() || !(text.is_empty() || text.starts_with(['{', '[']))
    };
    has("script") && !has("frame") && page.scripts.iter().any(is_code)
}

/// An empty `<main>` or, on pages without one, an empty block with a name right
/// below `<body>`: where applications are put.
fn awaits_content(page: &Page) -> bool {
    let mut mains = page.elements.iter().filter(|element| element.name == "main").peekable();
    if mains.peek().is_some() {
        return mains.all(|main| main.lines.is_empty());
    }
    page.elements.iter().filter(|element| element.lines.is_empty() && !element.id.is_empty()).any(|element| {
        let parent = page.elements.get(element.parent as usize).map_or("", |parent| parent.name);
        parent == "body" && matches!(element.name, "div" | "section" | "other")
    })
}

/// Parked pages lead to advertisements by script.
fn is_nobodys(page: &Page) -> bool {
    let pages = std::slice::from_ref(page);
    let domain = crate::profile::domain_of(&page.url);
    let site = Site { pages, domain: &domain, language: None, country: None };
    matches!(identity::judge(&site), Verdict::NotACompany(_))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::page::{RawPage, read};

    fn check(html: &str, needed: bool) {
        let url = Url::parse("https://pumpen.example/").expect("a URL");
        assert_eq!(is_needed(&read(&RawPage { url: &url, headers: &[], html })), needed, "{html}");
    }

    #[test]
    fn pages_that_scripts_have_yet_to_make() {
        for html in [
            "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div><script src=/a.js></script>",
            "<body><app-root></app-root><script type=module src=/main.js></script>",
            "<body><div id=app><p>Bitte warten, die Seite wird geladen.</div><script>start()</script>",
            "<script>location.href = '/en/'</script>",
            "<p>Your browser has to run JavaScript for this page.</p><script src=a.js></script>",
        ] {
            check(html, true);
        }
        let menu = "<a href=/p>Pumpen und Zubehör</a><br>".repeat(20);
        check(&format!("<nav>{menu}</nav><main></main><script src=/a.js></script>"), true);
        check(&format!("<body><nav>{menu}</nav><div id=content></div><script src=/a.js></script>"), true);
    }

    #[test]
    fn pages_that_have_their_content() {
        let text = "<p>Wir bauen seit 1962 Pumpen für Kläranlagen und Brauereien.</p>".repeat(30);
        check(&format!("<main>{text}</main><div id=overlay></div><script src=/a.js></script>"), false);
        let chinese = "<p>我们自一九六二年以来为污水处理厂和啤酒厂制造水泵。</p>".repeat(5);
        check(&format!("<main>{chinese}</main><script src=/a.js></script>"), false);
        for html in [
            "",
            "<p>We make pumps.",
            "<p>We make pumps.<script type=application/ld+json>{}</script>",
            "<body><main><h1>Danke!</h1><p>Wir haben Ihre Nachricht erhalten und melden uns innerhalb eines Werktages.\
             <p>Pumpenstraße 5, 20457 Hamburg</main><div id=preloader></div><script src=/a.js></script>",
            "<p>Pumpen GmbH, Tel. 040 123456-0<script src=/analytics.js></script>",
            "<frameset><frame src=/menu.html><frame src=/start.html></frameset><script src=/a.js></script>",
            "<script src='https://img1.sedoparking.com/js.js'></script><div id=root></div>",
            "<title>pumpen.example is for sale</title><p>This domain is for sale!<script src=/a.js></script>",
            "<script>window.location.href=\"/lander\"</script>",
        ] {
            check(html, false);
        }
    }
}
