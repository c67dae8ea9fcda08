//! What a reader sees of a site, prepared for comparing labels with it. This is
//! deliberately not the extraction that the labels measure.

use std::sync::LazyLock;

use cmes_testkit::{SavedPage, Site};
use regex::{Captures, Regex};
use scraper::node::Element;
use scraper::{Html, Node};

/// All pages that a polite reader may read, as one text.
pub fn readable_text(site: &Site) -> String {
    let pages = site.saved_pages().into_iter();
    let allowed = pages.filter(|page| !site.forbidden(&path_of(page)));
    allowed.map(|page| page_text(&page.html)).collect::<Vec<_>>().join(" \u{2016} ")
}

pub fn path_of(page: &SavedPage) -> String {
    url::Url::parse(&page.url).expect("saved pages have absolute URLs").path().to_owned()
}

/// Text, attributes that carry contact values, JSON-LD; white space folded.
pub fn page_text(html: &str) -> String {
    let mut words = String::new();
    for node in Html::parse_document(html).tree.nodes() {
        match node.value() {
            Node::Text(text) if is_shown_or_data(node.parent().and_then(|parent| parent.value().as_element())) => {
                words.push_str(&text.replace("\\/", "/"));
            }
            Node::Element(element) => {
                for (name, value) in element.attrs() {
                    words.push_str(&attribute_text(name, value));
                    words.push(' ');
                }
            }
            _ => {}
        }
        words.push(' ');
    }
    ascii_digits(&words).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Neither style sheets nor programs; JSON-LD is read.
fn is_shown_or_data(parent: Option<&Element>) -> bool {
    match parent.map_or("", Element::name) {
        "style" => false,
        "script" => parent.and_then(|script| script.attr("type")) == Some("application/ld+json"),
        _ => true,
    }
}

fn attribute_text(name: &str, value: &str) -> String {
    match (name, value.split_once("email-protection#")) {
        ("data-cfemail", _) => cloudflare(value),
        ("href", Some((_, code))) => cloudflare(code),
        ("href" | "content", None) => value.to_owned(),
        _ => String::new(),
    }
}

/// Cloudflare's address protection: the first byte is the key of all others.
fn cloudflare(code: &str) -> String {
    let bytes: Vec<u8> = (0..code.len() / 2)
        .map(|at| u8::from_str_radix(&code[2 * at..2 * at + 2], 16).expect("two hexadecimal digits"))
        .collect();
    let (key, rest) = bytes.split_first().expect("a key");
    format!(" {} ", String::from_utf8(rest.iter().map(|byte| byte ^ key).collect()).expect("an address"))
}

fn ascii_digits(text: &str) -> String {
    let digit = |letter: char| match letter {
        '\u{660}'..='\u{669}' => char::from_digit(u32::from(letter) - 0x660, 10).unwrap_or(letter),
        _ => letter,
    };
    text.chars().map(digit).collect()
}

/// The text with every way of hiding an address undone.
pub fn with_plain_addresses(text: &str) -> String {
    static AT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\s*(?:[\[({](?:at|ät|et|małpa|arroba|собака)[\])}]|＠|@)\s*|\s+собака\s+")
            .expect("a valid pattern")
    });
    static DOT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\s*[\[({](?:dot|nokta|punkt|ponto|точка)[\])}]\s*").expect("a valid pattern")
    });
    DOT.replace_all(&AT.replace_all(&text.to_lowercase(), "@"), ".").into_owned()
}

/// Every run of digits as they are grouped in numbers, without the grouping.
pub fn digit_runs(text: &str) -> Vec<String> {
    static RUN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[0-9+][0-9 ()./\-]*").expect("a valid pattern"));
    RUN.find_iter(text).map(|run| only_digits(run.as_str())).collect()
}

/// Every number that stands behind a word for "fax".
pub fn fax_numbers(text: &str) -> Vec<String> {
    static FAX: LazyLock<Regex> = LazyLock::new(|| {
        let words = "fax|faks|факс|télécopie|传真|فاكس";
        Regex::new(&format!("(?i)(?:{words})[^0-9]{{0,14}}([0-9][0-9 ()./-]+)")).expect("a valid pattern")
    });
    let number = |found: Captures<'_>| only_digits(&found[1]);
    FAX.captures_iter(text).map(number).collect()
}

pub fn only_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
