//! The demo sites, read from their saved pages and compared with what a careful
//! human would read from them.

use cmes_extract::content::Content;
use cmes_extract::profile::{Material, Reading, assemble};
use cmes_extract::{Page, RawPage, page, rendering};
use cmes_testkit::{Expected, Outcome, Site, expected, sites};
use cmes_types::{CompanyData, Evidence, Extended, LanguageCode};
use serde_json::Value;
use url::Url;

/// The pages of a site that a polite reader sees, home first.
fn pages(site: &Site) -> Vec<Page> {
    let saved = site.visited_pages();
    saved.iter().map(|(url, page)| page::read(&RawPage { url, headers: &page.headers, html: &page.html })).collect()
}

fn read(site: &Site) -> Reading {
    read_in(site, LanguageCode::ENGLISH)
}

fn read_in(site: &Site, language: LanguageCode) -> Reading {
    let pages = pages(site);
    assemble(&Material { pages: &pages, content: &Content::default(), language, extended: true })
}

/// Every difference between a profile and the labels, in words.
fn differences(data: &CompanyData, expected: &Expected) -> Vec<String> {
    let mut found = Vec::new();
    let mut same = |what: &str, got: &str, wanted: &str| {
        if got != wanted {
            found.push(format!("{what}: got {got:?}, wanted {wanted:?}"));
        }
    };
    same("CompanyName", &data.company_name, &expected.company_name);
    same("Language", &data.language, &expected.language);
    let logo = Url::parse(&data.logo_link).map(|url| url.path().to_owned()).unwrap_or_default();
    same("LogoLink", &logo, &expected.logo_link);
    let (address, wanted) = (&data.address, &expected.address);
    same("Country", &address.country, &wanted.country);
    same("State", &address.state, &wanted.state);
    same("ZIP", &address.zip, &wanted.zip);
    same("City", &address.city, &wanted.city);
    same("Street1", &address.street1, &wanted.street1);
    same("Street2", &address.street2, &wanted.street2);
    let primary = |n: usize, list: &[String]| list.get(n).cloned().unwrap_or_default();
    let phones: Vec<String> = data.phones.iter().map(|phone| phone.phone_number.clone()).collect();
    let emails: Vec<String> = data.emails.iter().map(|email| email.email.clone()).collect();
    same("primary phone", &primary(0, &phones), &primary(0, &expected.phones));
    same("primary e-mail", &primary(0, &emails), &primary(0, &expected.emails));
    let social: Vec<String> =
        data.social_nets_links.iter().map(|link| format!("{}{}", link.host, link.link.trim_end_matches('/'))).collect();
    let wanted_social: Vec<String> =
        expected.social_nets_links.iter().map(|link| link.trim_end_matches('/').to_owned()).collect();
    sets("Phones", &phones, &expected.phones, &mut found);
    sets("Emails", &emails, &expected.emails, &mut found);
    sets("SocialNetsLinks", &social, &wanted_social, &mut found);
    sets("Technologies", &data.technologies, &expected.technologies, &mut found);
    let describe = |contacts: &[cmes_types::Contact]| -> Vec<String> {
        contacts.iter().map(|c| format!("{} | {} | {} | {}", c.name, c.job_position, c.email, c.phone)).collect()
    };
    sets("Contacts", &describe(&data.contacts), &describe(&expected.contacts), &mut found);
    let links: Vec<String> = data.additional_links.iter().map(|l| format!("{} {:?}", l.link, l.description)).collect();
    let wanted_links: Vec<String> =
        expected.additional_links.iter().map(|l| format!("{} {:?}", l.link, l.description)).collect();
    sets("AdditionalLinks", &links, &wanted_links, &mut found);
    found
}

fn sets(what: &str, got: &[String], wanted: &[String], found: &mut Vec<String>) {
    for missing in wanted.iter().filter(|one| !got.contains(one)) {
        found.push(format!("{what}: missing {missing:?}"));
    }
    for extra in got.iter().filter(|one| !wanted.contains(one)) {
        found.push(format!("{what}: extra {extra:?}"));
    }
}

#[test]
fn demo_sites_are_read_as_labelled() {
    let mut report = String::new();
    for site in sites() {
        let expected = expected(&site.name);
        match (expected.outcome, read(&site)) {
            (Outcome::Ok, Reading::Profile(mut data, _)) => {
                // The labels have the positions as the site writes them.
                let own = expected.language.parse().unwrap_or(LanguageCode::ENGLISH);
                if let Reading::Profile(own, _) = read_in(&site, own) {
                    data.contacts = own.contacts;
                }
                for difference in differences(&data, &expected) {
                    report.push_str(&format!("{}: {difference}\n", site.name));
                }
            }
            (Outcome::Ok, Reading::NotACompany(words)) => {
                report.push_str(&format!("{}: taken for nobody's site: {words}\n", site.name));
            }
            (Outcome::Parked, Reading::Profile(data, _)) => {
                report.push_str(&format!("{}: parked, but read as {:?}\n", site.name, data.company_name));
            }
            (Outcome::Parked | Outcome::ScriptOnly, _) => {}
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// The paths of all texts and numbers that are known.
fn values(path: &str, value: &Value, paths: &mut Vec<String>) {
    match value {
        Value::String(text) if !text.is_empty() => paths.push(path.to_owned()),
        Value::Number(number) if number.as_f64() != Some(0.0) => paths.push(path.to_owned()),
        Value::Array(elements) => {
            elements.iter().enumerate().for_each(|(at, element)| values(&format!("{path}[{at}]"), element, paths));
        }
        Value::Object(fields) => {
            let dot = if path.is_empty() { "" } else { "." };
            fields.iter().for_each(|(name, value)| values(&format!("{path}{dot}{name}"), value, paths));
        }
        _ => {}
    }
}

#[test]
fn every_value_has_evidence_on_a_page_of_the_site() {
    for site in sites() {
        let Reading::Profile(data, evidence) = read(&site) else { continue };
        assert!(evidence.iter().all(|one| one.url.starts_with(&site.origin())), "{}", site.name);
        let mut fields = Vec::new();
        values("", &serde_json::to_value(&data).expect("plain data serialises"), &mut fields);
        for field in fields {
            let borne_out = |one: &Evidence| field == one.field || field.starts_with(&format!("{}.", one.field));
            assert!(evidence.iter().any(borne_out), "{}: {field} has no evidence", site.name);
        }
        assert!(data.phones.iter().filter(|phone| phone.primary).count() <= 1);
        assert!(data.emails.iter().filter(|email| email.primary).count() <= 1);
    }
}

/// What a site says beyond the reference's fields.
fn extended(site: &str) -> (Extended, Vec<Evidence>) {
    let site = sites().into_iter().find(|known| known.name == site).unwrap_or_else(|| panic!("no site {site}"));
    match read(&site) {
        Reading::Profile(data, evidence) => (data.extended.expect("it was asked for"), evidence),
        Reading::NotACompany(words) => panic!("taken for nobody's site: {words}"),
    }
}

#[test]
fn more_than_the_reference_has_is_read_with_evidence() {
    let (nordwind, evidence) = extended("nordwind-pumpen.example");
    assert_eq!((nordwind.legal_name.as_str(), nordwind.founded), ("Nordwind Pumpen GmbH", 1962));
    assert_eq!((nordwind.employees.from, nordwind.employees.to), (85, 85));
    let numbers: Vec<_> =
        nordwind.identifiers.iter().map(|one| (one.number.as_str(), one.authority.as_str())).collect();
    assert_eq!(numbers, [("HRB 987654", "Amtsgericht Hamburg"), ("DE999876543", "")]);
    let hours: Vec<_> = nordwind.opening_hours.iter().map(|one| (one.days.as_str(), one.closes.as_str())).collect();
    assert_eq!(hours, [("Mo-Th", "17:00"), ("Fr", "14:30")]);
    assert_eq!((nordwind.open_positions.len(), nordwind.locations.len()), (3, 1));
    assert!(nordwind.keywords.iter().any(|word| word == "Kreiselpumpen"));
    for field in [
        "LegalName",
        "Founded",
        "Employees",
        "Identifiers[1]",
        "OpeningHours[0]",
        "OpenPositions[2]",
        "Locations[0]",
        "Keywords[0]",
    ] {
        let field = format!("Extended.{field}");
        assert!(evidence.iter().any(|one| one.field == field && !one.snippet.is_empty()), "{field}");
    }
    let (aozora, _) = extended("aozora-seiki.example");
    assert_eq!((aozora.founded, aozora.certifications.join(", ").as_str()), (1968, "ISO 9001, ISO 13485"));
    let (thornfield, _) = extended("thornfield-fasteners.example");
    assert_eq!((thornfield.other_names, thornfield.locations.len()), (vec!["Thornfield Fasteners".to_owned()], 3));
    let (waha, _) = extended("waha-catering.example");
    assert_eq!(waha.languages, ["ar", "en"]);
}

#[test]
fn only_pages_made_by_script_are_to_be_rendered() {
    for site in sites() {
        let is_made_by_script = expected(&site.name).outcome == Outcome::ScriptOnly;
        for page in pages(&site) {
            assert_eq!(rendering::is_needed(&page), is_made_by_script, "{}", page.url);
        }
    }
}
