//! People described by structured data and hCards.

use cmes_types::{Contact, Method};

use super::{Card, lines, name};
use crate::facts::emails::scan;
use crate::page::Page;
use crate::structured::{Item, Value};

/// The people of a page.
pub(crate) fn read(page: &Page, at: u16) -> Vec<Card> {
    let mut out = items(page, at);
    out.extend(hcards(page, at));
    out
}

/// Properties under which an organisation's own people stand.
const OWN: &[&str] = &[
    "employee",
    "employees",
    "founder",
    "founders",
    "member",
    "members",
    "contactpoint",
    "director",
    "owner",
    "legalrepresentative",
    "performer",
];
/// Properties under which other people stand.
const OTHERS: &[&str] = &[
    "author",
    "creator",
    "review",
    "reviews",
    "editor",
    "actor",
    "reviewedby",
    "contributor",
    "commentator",
    "comment",
    "sponsor",
    "publisher",
    "alumni",
    "instructor",
    "speaker",
    "subjectof",
    "image",
    "video",
];
/// Things whose people are not the company's.
const OTHER_THINGS: &[&str] = &[
    "Review",
    "Article",
    "NewsArticle",
    "BlogPosting",
    "Blog",
    "Product",
    "Event",
    "Book",
    "Recipe",
    "VideoObject",
    "Comment",
    "UserReview",
    "CreativeWork",
    "Podcast",
    "Movie",
];

fn items(page: &Page, at: u16) -> Vec<Card> {
    let mut out = Vec::new();
    let mut open: Vec<(&Item, bool)> = page.items.iter().rev().map(|item| (item, false)).collect();
    let mut seen = 0;
    while let Some((item, own)) = open.pop() {
        seen += 1;
        if seen > 2_000 {
            break;
        }
        if item.types.iter().any(|kind| OTHER_THINGS.contains(&kind.as_str())) {
            continue;
        }
        let is_person = item.types.iter().any(|kind| kind == "Person");
        if is_person || own && item.types.iter().any(|kind| kind == "ContactPoint") {
            out.extend(person(item, page, at, own));
        }
        for (property, value) in item.properties.iter().rev() {
            let property = property.to_lowercase();
            if let Value::Item(inner) = value
                && !OTHERS.contains(&property.as_str())
                && !(is_person
                    && matches!(
                        property.as_str(),
                        "knows" | "colleague" | "spouse" | "worksfor" | "children" | "parent"
                    ))
            {
                open.push((inner, OWN.contains(&property.as_str())));
            }
        }
    }
    out
}

fn text<'a>(item: &'a Item, names: &[&str]) -> Option<&'a str> {
    item.properties.iter().find_map(|(property, value)| match value {
        Value::Text(text) if names.contains(&property.as_str()) && !text.trim().is_empty() => Some(text.trim()),
        _ => None,
    })
}

fn person(item: &Item, page: &Page, at: u16, own: bool) -> Option<Card> {
    let both =
        text(item, &["givenName"]).zip(text(item, &["familyName"])).map(|(given, family)| format!("{given} {family}"));
    let written = text(item, &["name"]).map(str::to_owned).or(both)?;
    let name = name::read(&written)?;
    let title = text(item, &["jobTitle", "roleName", "contactType"]).map(lines::clean).unwrap_or_default();
    let works = item
        .properties
        .iter()
        .any(|(property, _)| matches!(property.as_str(), "worksFor" | "affiliation" | "memberOf"));
    if title.is_empty() && !own && !works {
        return None;
    }
    let email =
        text(item, &["email"]).and_then(|text| scan::addresses(text.trim_start_matches("mailto:")).into_iter().next());
    let country: Vec<String> = super::regions::by_domain(page.url.host_str().unwrap_or_default()).into_iter().collect();
    let regions: Vec<&str> = country.iter().map(String::as_str).collect();
    let phone =
        text(item, &["telephone", "phone"]).and_then(|text| super::whole(text, &regions)).map(|number| number.text);
    let snippet = crate::facts::snippet(&format!("{written} {title}"), &written);
    Some(Card {
        page: at,
        lines: 0..0,
        contact: Contact {
            name,
            job_position: title,
            email: email.unwrap_or_default(),
            phone: phone.unwrap_or_default(),
        },
        method: Method::SchemaOrg,
        snippet,
        confidence: 0.95,
    })
}

/// hCard (`vcard`, `h-card`) of a person: a formatted name that is one, with a title.
fn hcards(page: &Page, at: u16) -> Vec<Card> {
    let mut out = Vec::new();
    let has = |class: &str, words: &[&str]| class.split_ascii_whitespace().any(|word| words.contains(&word));
    for (index, element) in (0u32..).zip(&page.elements) {
        let size = element.lines.end.saturating_sub(element.lines.start);
        if !has(&element.class, &["vcard", "h-card"]) || size > 15 || out.len() >= 100 {
            continue;
        }
        let part = |names: &[&str]| {
            let children = page.elements.iter().skip(index as usize + 1).take(200);
            children
                .take_while(|child| child.parent >= index && child.lines.start < element.lines.end.max(1))
                .find(|child| has(&child.class, names) && child.lines.end.saturating_sub(child.lines.start) == 1)
                .and_then(|child| page.lines.get(child.lines.start as usize))
                .map(|line| line.text.as_str())
        };
        let Some(name) = part(&["fn", "p-name"]).and_then(name::read) else { continue };
        let Some(title) = part(&["title", "role", "p-job-title", "p-role"]) else { continue };
        let mut contact = Contact { job_position: lines::clean(title), ..Contact::default() };
        let link = page.links_in(index).iter().flat_map(|link| scan::mailto(&link.href)).next();
        let written = || page.lines_in(index).iter().flat_map(|line| scan::addresses(&line.text)).next();
        contact.email = link.or_else(written).unwrap_or_default();
        let tel = page.links_in(index).iter().find_map(|link| link.href.strip_prefix("tel:"));
        contact.phone = tel.and_then(|tel| super::whole(tel, &[])).map(|number| number.text).unwrap_or_default();
        let snippet = crate::facts::snippet(&format!("{name} {title}"), &name);
        contact.name = name;
        out.push(Card {
            page: at,
            lines: element.lines.clone(),
            contact,
            method: Method::SchemaOrg,
            snippet,
            confidence: 0.95,
        });
    }
    out
}
