//! The logo of the company.

use cmes_types::Method;
use url::Url;

use crate::facts::{Finding, Site, names, snippet};
use crate::fold::key;
use crate::page::{HeadLink, Image, Page, Region};
use crate::structured::{Item, Value};

/// Addresses of images that may be the logo, best first.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<Url>> {
    let brands = names::brand_words(site.pages, site.domain);
    let mut found: Vec<Finding<Url>> = Vec::new();
    for (at, page) in site.pages.iter().enumerate().take(10) {
        let later = if at == 0 { 0.0 } else { 0.03 };
        let mut add = |url: Url, method: Method, around: &str, confidence: f32| {
            found.push(Finding {
                snippet: snippet(around, url.as_str()),
                value: url,
                page: u16::try_from(at).ok(),
                method,
                confidence: confidence - later,
            });
        };
        for (url, text) in schema(page) {
            add(url, Method::SchemaOrg, &text, 0.9);
        }
        for image in &page.images {
            if let Some(confidence) = judge(image, page, site.domain, &brands) {
                add(image.src.clone(), Method::Markup, &image.alt, confidence);
            }
        }
        for head in &page.heads {
            if let Some(confidence) = icon(head) {
                add(head.href.clone(), Method::Meta, &head.rel, confidence);
            }
        }
        if let Some(url) = page.meta("og:image").and_then(|image| page.url.join(image).ok()).filter(is_web) {
            let says_logo = url.path().to_lowercase().contains("logo");
            add(url, Method::Meta, page.meta("og:image").unwrap_or_default(), if says_logo { 0.5 } else { 0.2 });
        }
    }
    best_first(found)
}

/// Each address once, with its best confidence, raised where places agree.
fn best_first(found: Vec<Finding<Url>>) -> Vec<Finding<Url>> {
    let mut best: Vec<Finding<Url>> = Vec::new();
    for one in found {
        match best.iter().position(|known| known.value == one.value) {
            Some(place) => {
                let Some(known) = best.get_mut(place) else { continue };
                let agreed = if known.method == one.method { 0.0 } else { 0.06 };
                let highest = (known.confidence.max(one.confidence) + agreed).min(0.99);
                if one.confidence > known.confidence {
                    *known = one;
                }
                known.confidence = highest;
            }
            None if best.len() < 100 => best.push(one),
            None => {}
        }
    }
    best.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    best.truncate(8);
    best
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// The logos of the organisations that a page describes as its own.
fn schema(page: &Page) -> Vec<(Url, String)> {
    let publishers = page.items.iter().flat_map(|item| item.items("publisher"));
    let own = page.items.iter().chain(publishers).filter(|item| item.is_organization() || item.is_a(&["WebSite"]));
    let mut logos = Vec::new();
    for value in own.flat_map(|item| item.values("logo")).take(5) {
        let address = match value {
            Value::Text(text) => Some(text.as_str()),
            Value::Item(image) => image_address(image),
        };
        if let Some(url) = address.and_then(|address| page.url.join(address).ok()).filter(is_web) {
            logos.push((url, address.unwrap_or_default().to_owned()));
        }
    }
    logos
}

fn image_address(image: &Item) -> Option<&str> {
    let own = Some(image.id.as_str()).filter(|id| id.starts_with("http") && !id.contains('#'));
    ["url", "contentUrl"].iter().find_map(|name| image.text(name)).or(own)
}

/// Words in a place or address that mean another's logo, or none.
const OTHERS: &[&str] = &[
    "partner",
    "client",
    "customer",
    "kunde",
    "referen",
    "payment",
    "zahlung",
    "award",
    "badge",
    "certif",
    "zertif",
    "sponsor",
    "member",
    "trust",
    "seal",
    "review",
    "rating",
    "flag",
    "lang-",
    "social",
    "facebook",
    "instagram",
    "linkedin",
    "twitter",
    "youtube",
    "whatsapp",
    "paypal",
    "visa",
    "mastercard",
    "klarna",
    "cookie",
    "consent",
    "press",
    "testimonial",
    "carousel",
    "slider",
    "gallery",
    "marque",
    "brands",
    "marken",
    "captcha",
    "avatar",
    "placeholder",
    "pixel",
    "tracking",
    "spinner",
    "loader",
    "iso-",
    "iso9",
    "tuev",
    "appstore",
    "app-store",
    "googleplay",
    "google-play",
];

fn judge(image: &Image, page: &Page, domain: &str, brands: &[String]) -> Option<f32> {
    let file = image.src.path().to_lowercase();
    let leads_out = image
        .link
        .as_ref()
        .and_then(Url::host_str)
        .is_some_and(|host| !(host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))));
    let name = file.rsplit('/').next().unwrap_or_default();
    if leads_out || OTHERS.iter().any(|word| image.hints.contains(word) || name.contains(word)) {
        return None;
    }
    let is_home = image.link.as_ref().is_some_and(is_home);
    let says_logo = file.contains("logo") || image.hints.contains("logo") || image.hints.contains("brand");
    let alt_says_logo = image.alt.to_lowercase().contains("logo");
    let alt = key(&image.alt);
    let names_brand = brands.iter().any(|brand| alt.contains(brand.as_str()) || key(name).contains(brand.as_str()));
    let mut confidence: f32 = 0.0;
    for (holds, points) in [
        (is_home, 0.25),
        (says_logo, 0.3),
        (alt_says_logo, 0.1),
        (names_brand, 0.2),
        (matches!(image.region, Region::Header | Region::Nav), 0.2),
        (is_vector_or_drawing(name), 0.05),
    ] {
        confidence += if holds { points } else { 0.0 };
    }
    if image.region == Region::Footer || is_variant(name) {
        confidence -= 0.1;
    }
    let is_first = page.images.first().is_some_and(|first| first.element == image.element);
    if is_first && (is_home || says_logo) {
        confidence += 0.1;
    }
    let is_sign = says_logo || alt_says_logo || is_home && (names_brand || is_first);
    (is_sign && confidence >= 0.4).then_some(confidence.min(0.95))
}

fn is_home(link: &Url) -> bool {
    let path = link.path().trim_end_matches('/');
    path.is_empty() || path.len() <= 6 && path.matches('/').count() == 1 || path.starts_with("/index.")
}

fn is_vector_or_drawing(file: &str) -> bool {
    [".svg", ".png", ".webp"].iter().any(|ending| file.contains(ending))
}

/// White, small or footer versions are of less use than the main one.
fn is_variant(file: &str) -> bool {
    ["white", "weiss", "footer", "mobile", "small", "negativ", "inverse", "light", "favicon", "blanc", "icon"]
        .iter()
        .any(|word| file.contains(word))
}

fn icon(head: &HeadLink) -> Option<f32> {
    if !is_web(&head.href) {
        return None;
    }
    if head.rel.contains("apple-touch-icon") {
        return Some(0.3);
    }
    let is_icon = head.rel.split_whitespace().any(|rel| rel == "icon");
    let is_drawing = head.href.path().to_lowercase().ends_with(".svg");
    is_icon.then_some(if is_drawing { 0.25 } else { 0.1 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{RawPage, read};

    fn check(html: &str, expected: Option<&str>) {
        let url = Url::parse("https://www.nordwind.com/").expect("a URL");
        let pages = [read(&RawPage { url: &url, headers: &[], html })];
        let site = Site { pages: &pages, domain: "nordwind.com", language: None, country: None };
        let logos = find(&site);
        let expected = expected.map(|path| url.join(path).expect("a URL"));
        assert_eq!(logos.first().map(|logo| &logo.value), expected.as_ref(), "{html}");
    }

    #[test]
    fn the_company_s_own_logo_is_found() {
        check(
            r#"<script type="application/ld+json">{"@type":"Organization","logo":{"@type":"ImageObject","url":"/l.svg"}}</script>"#,
            Some("/l.svg"),
        );
        check(
            "<header><a href=/><img src=/a/nw.svg alt=Nordwind></a></header><div class=partners><img src=/logo-acme.png alt=Acme></div>",
            Some("/a/nw.svg"),
        );
        check("<header><img src=data:image/png;base64,xx data-src=/img/logo.png></header>", Some("/img/logo.png"));
        check("<a href='https://agency.com/'><img class=logo src=/agency.svg></a>", None);
        check(
            "<link rel=apple-touch-icon href=/touch.png><meta property=og:image content=/photo.jpg>",
            Some("/touch.png"),
        );
        check("<img src=/photo.jpg alt='our plant'>", None);
    }
}
