//! Every label stands in the pages or message that it describes.

use cmes_testkit::{Expected, Outcome, Site, all_sites, expected, messages};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat};

use crate::text::{digit_runs, fax_numbers, page_text, readable_text, with_plain_addresses};

/// Runs a check over every site that shows a company.
fn for_companies(check: impl Fn(&Site, &Expected, &str)) {
    for site in all_sites() {
        let labels = expected(&site.name);
        if labels.outcome == Outcome::Ok {
            check(&site, &labels, &readable_text(&site));
        }
    }
}

fn check_stands_in(place: &str, text: &str, what: &str, label: &str) {
    assert!(text.contains(label), "{place}: {what} {label:?} is not in the text");
}

fn parse_phone(place: &str, label: &str) -> PhoneNumber {
    PHONE_NUMBER_UTIL.parse(label, None).unwrap_or_else(|error| panic!("{place}: {label}: {error}"))
}

fn check_phone(place: &str, digit_runs: &[String], label: &str) {
    let number = parse_phone(place, label);
    assert!(PHONE_NUMBER_UTIL.is_valid_number(&number), "{place}: {label} is no valid number");
    assert_eq!(
        PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::International),
        label,
        "{place}: form of the number"
    );
    let national = number.national_number.to_string();
    let found = digit_runs.iter().any(|run| run.contains(&national));
    assert!(found, "{place}: {label} ({national}) is not in the text");
}

#[test]
fn names_and_addresses_stand_in_the_pages() {
    for_companies(|site, labels, text| {
        check_stands_in(&site.name, text, "company", &labels.company_name);
        assert!(!labels.company_name.is_empty(), "{}: a company has a name", site.name);
        let address = &labels.address;
        assert!(!address.country.is_empty() && !address.city.is_empty(), "{}: a place", site.name);
        // Labels join with commas what a page may part with dashes.
        let commas = |text: &str| text.replace(" - ", ", ");
        let text = commas(text);
        for part in [&address.zip, &address.city, &address.state, &address.street1, &address.street2] {
            check_stands_in(&site.name, &text, "address part", &commas(&page_text(part)));
        }
    });
}

#[test]
fn phones_are_valid_written_in_international_form_and_stand_in_the_pages() {
    for_companies(|site, labels, text| {
        assert!(!labels.phones.is_empty(), "{}: no phone", site.name);
        let personal = labels.contacts.iter().map(|contact| &contact.phone).filter(|phone| !phone.is_empty());
        let runs = digit_runs(text);
        labels.phones.iter().chain(personal).for_each(|label| check_phone(&site.name, &runs, label));
    });
}

#[test]
fn no_fax_number_is_labelled_a_phone() {
    for_companies(|site, labels, text| {
        let faxes = fax_numbers(text);
        for label in &labels.phones {
            let national = parse_phone(&site.name, label).national_number.to_string();
            assert!(!faxes.iter().any(|fax| fax.ends_with(&national)), "{}: {label} is a fax number", site.name);
        }
    });
}

#[test]
fn email_addresses_stand_in_the_pages_once_deciphered() {
    for_companies(|site, labels, text| {
        assert!(!labels.emails.is_empty(), "{}: no e-mail address", site.name);
        let text = with_plain_addresses(text);
        let personal = labels.contacts.iter().map(|contact| &contact.email).filter(|email| !email.is_empty());
        labels.emails.iter().chain(personal).for_each(|label| check_stands_in(&site.name, &text, "address", label));
    });
}

#[test]
fn people_stand_in_the_pages_with_their_positions() {
    for_companies(|site, labels, text| {
        for person in &labels.contacts {
            check_stands_in(&site.name, text, "person", &person.name);
            check_stands_in(&site.name, text, "position", &person.job_position);
        }
    });
}

#[test]
fn labelled_links_are_linked_and_answer() {
    for_companies(|site, labels, text| {
        for link in &labels.additional_links {
            assert!(site.file(&link.link).is_some(), "{}: {} does not exist", site.name, link.link);
            let name = link.link.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            check_stands_in(&site.name, text, "link", name);
        }
        for profile in &labels.social_nets_links {
            check_stands_in(&site.name, text, "profile", profile);
        }
    });
}

#[test]
fn logos_are_images_of_the_site() {
    for site in all_sites() {
        let logo = expected(&site.name).logo_link;
        if !logo.is_empty() {
            let file = site.file(&logo).unwrap_or_else(|| panic!("{}: {logo} does not exist", site.name));
            assert!(file.media_type().starts_with("image/"), "{}: {logo} is no image", site.name);
        }
    }
}

#[test]
fn every_outcome_has_a_site() {
    for outcome in [Outcome::Ok, Outcome::Parked, Outcome::ScriptOnly] {
        assert!(all_sites().iter().any(|site| expected(&site.name).outcome == outcome), "{outcome:?}");
    }
}

#[test]
fn people_who_write_stand_in_their_messages() {
    let messages = messages();
    assert!(messages.len() >= 8);
    for message in messages {
        let text = without_quoted_printable(&message.content);
        let person = &message.expected.person;
        assert!(cmes_testkit::site(&message.expected.site).is_some(), "{}: unknown site", message.name);
        let parts = [&message.expected.site, &person.name, &person.job_position, &person.email];
        parts.iter().for_each(|label| check_stands_in(&message.name, &text, "label", label));
        check_phone(&message.name, &digit_runs(&text), &person.phone);
    }
}

/// Undoes the only transfer encoding that the messages use.
fn without_quoted_printable(text: &str) -> String {
    let joined = text.replace("=\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'=').and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
