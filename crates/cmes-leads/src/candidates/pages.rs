//! What a page is, by what stands on it.

use std::collections::HashSet;

use cmes_extract::facts::Site;
use cmes_extract::fold::fold;
use cmes_extract::identity::{self, Verdict};
use cmes_extract::page::{Page, Region, prefix};
use cmes_extract::profile::domain_of;
use cmes_extract::structured;

use super::{Kind, hosts, items, lists, words};

/// Companies that a list names at least, when its title says that it is one, and when only its build does.
const FEW: usize = 3;
const MANY: usize = 10;
/// Words of a newspaper's menu, folded, of which so many make one.
const SECTIONS: usize = 4;

/// What a page is.
pub(super) fn kind(page: &Page) -> Kind {
    let domain = domain_of(&page.url);
    let site = Site { pages: std::slice::from_ref(page), domain: &domain, language: None, country: None };
    if let Verdict::NotACompany(_) = identity::judge(&site) {
        return Kind::Useless("parked");
    }
    if let Some(kind) = hosts::kind(&page.url) {
        return kind;
    }
    if let Some(kind) = by_program(page).or_else(|| by_jobs(page)) {
        return kind;
    }
    if newspaper_sections(page) >= SECTIONS && !has_own_contact(page, &domain) {
        return Kind::Useless("news");
    }
    if marketplace_entries(page) >= 5 {
        return Kind::Listing;
    }
    let heading =
        page.lines.iter().find(|line| line.heading == 1 && !line.hidden).map_or("", |line| line.text.as_str());
    let titled = lists::titles(&fold(prefix(&page.title, 300))) > 0 || lists::titles(&fold(prefix(heading, 300))) > 0;
    let found = items::gathered(page);
    if titled && found.len() >= FEW {
        return Kind::Listing;
    }
    if is_about_members(page, heading) && found.iter().filter(|item| item.is_telling).count() >= MANY / 2 {
        return Kind::Listing;
    }
    if found.len() >= FEW && (words::ends_as_list(&page.title) || words::ends_as_list(heading)) {
        return Kind::Listing;
    }
    if is_mostly_sites(page, &found) && !is_about_partners(page, heading) && !has_own_contact(page, &domain) {
        return Kind::Listing;
    }
    let is_home = page.url.path().trim_matches('/').is_empty();
    if found.iter().filter(|item| item.is_telling).count() < MANY || is_about_partners(page, heading) {
        return Kind::Company;
    }
    // So many companies, and nobody who would be "us".
    let is_own = describes_itself(page, &domain) || has_own_contact(page, &domain) && is_home;
    if is_own { Kind::Company } else { Kind::Listing }
}

/// Whether a page names hardly anything but companies with sites of their own.
fn is_mostly_sites(page: &Page, found: &[items::Found]) -> bool {
    // Of customers and partners a company gives the names, a list says something of each.
    let told = found.iter().filter(|item| !item.named.about.trim().is_empty());
    let sites: HashSet<String> = told.filter_map(|item| item.named.site.as_ref()).map(domain_of).collect();
    let lines = page.lines.iter().filter(|line| !line.hidden && matches!(line.region, Region::Main | Region::Body));
    sites.len() >= MANY / 2 && sites.len() * 4 >= lines.take(3_000).count()
}

/// Programs that make forums and encyclopedias.
fn by_program(page: &Page) -> Option<Kind> {
    let generator = fold(page.meta("generator").unwrap_or_default());
    let says = |names: &[&str]| names.iter().any(|name| generator.contains(name));
    if says(&["mediawiki", "dokuwiki"]) {
        return Some(Kind::Useless("encyclopedia"));
    }
    if says(&["discourse", "phpbb", "vbulletin", "xenforo", "mybb", "simple machines"]) {
        return Some(Kind::Useless("forum"));
    }
    let is_forum = structured::all(&page.items).any(|(_, item)| item.is_a(&["DiscussionForumPosting", "QAPage"]));
    is_forum.then_some(Kind::Useless("forum"))
}

/// Vacancies of many employers.
fn by_jobs(page: &Page) -> Option<Kind> {
    let postings = structured::all(&page.items).map(|(_, item)| item).filter(|item| item.is_a(&["JobPosting"]));
    let employers: HashSet<String> = postings
        .flat_map(|item| {
            item.items("hiringOrganization").filter_map(|one| one.text("name")).map(fold).collect::<Vec<_>>()
        })
        .take(50)
        .collect();
    (employers.len() >= 3).then_some(Kind::Useless("jobs"))
}

fn newspaper_sections(page: &Page) -> usize {
    let menu =
        page.links.iter().filter(|link| matches!(link.region, Region::Nav | Region::Header) && link.text.len() <= 40);
    let words: HashSet<String> =
        menu.map(|link| fold(link.text.trim())).filter(|word| words::is_one("news", word)).take(40).collect();
    words.len()
}

fn marketplace_entries(page: &Page) -> usize {
    let lines = page.lines.iter().filter(|line| !line.hidden && line.text.len() <= 80);
    lines.filter(|line| words::has_one("sellers", &fold(&line.text))).take(10).count()
}

/// Whether a page is where a company names its customers, partners or dealers.
fn is_about_partners(page: &Page, heading: &str) -> bool {
    let path = fold(page.url.path());
    let texts = [path, fold(prefix(&page.title, 300)), fold(prefix(heading, 300))];
    // Those who exist for their members list them too.
    texts.iter().any(|text| words::has_one("partners", text))
}

/// Whether a page lists the members of those who exist for them.
fn is_about_members(page: &Page, heading: &str) -> bool {
    let path = fold(page.url.path());
    let last = path.trim_matches('/').rsplit('/').next().unwrap_or_default().replace(['-', '_'], " ");
    let heading = fold(prefix(heading, 100));
    words::is_one("members", &last) || words::is_one("members", &heading)
}

/// Whether structured data or the text describes the owner of the page: "we make".
fn describes_itself(page: &Page, domain: &str) -> bool {
    let is_owner = page.items.iter().filter(|item| item.is_organization()).any(|item| {
        item.text("url").is_none_or(|url| url.contains(domain))
            && ["address", "telephone", "email", "legalName", "vatID"]
                .iter()
                .any(|name| item.values(name).next().is_some())
    });
    if is_owner {
        return true;
    }
    let lines = page.lines.iter().filter(|line| !line.hidden).take(3_000);
    lines.map(|line| format!(" {} ", fold(prefix(&line.text, 600)))).any(|text| words::has_one("we", &text))
}

/// Whether an e-mail address of the own domain, or a telephone link, stands outside the list.
fn has_own_contact(page: &Page, domain: &str) -> bool {
    let address = format!("@{domain}");
    let links = page.links.iter().any(|link| {
        link.href.to_ascii_lowercase().contains(&address)
            || link.href.starts_with("tel:") && matches!(link.region, Region::Header | Region::Footer)
    });
    links
        || page
            .lines
            .iter()
            .any(|line| line.region == Region::Footer && line.text.to_ascii_lowercase().contains(&address))
}
