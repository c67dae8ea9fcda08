//! How well e-mails are read: what their text alone gives, no site looked at.

use cmes_extract::content;
use cmes_extract::profile::{Material, Reading, assemble};
use cmes_testkit::{Message, MessageExpected};
use cmes_types::{CompanyData, LanguageCode};

use super::{Collected, Score, Values, compare_fields, digits};

/// Fields in the order of the table.
pub(super) const FIELDS: [&str; 15] = [
    "site",
    "person",
    "position",
    "person's e-mail",
    "person's phone",
    "CompanyName",
    "Phones",
    "Emails",
    "Country",
    "State",
    "ZIP",
    "City",
    "Street1",
    "Street2",
    "Language",
];

/// The figures of one set of messages.
pub(super) fn score(messages: &[Message]) -> Score {
    let mut score = Score { sites: messages.len(), ..Score::default() };
    for message in messages {
        let labels = labels(&message.expected);
        let data = profile(&message.content, LanguageCode::ENGLISH);
        // In the message's own language positions stay as the labels have them.
        let own = message.expected.language.as_deref().unwrap_or(&data.language).parse().unwrap_or_default();
        let contacts = profile(&message.content, own).contacts;
        let mut found = found(&CompanyData { contacts, ..data });
        // What is not labelled is not measured.
        found.retain(|field, _| is_labelled(&message.expected, field));
        compare_fields(&FIELDS, &message.name, &found, &labels, &mut score);
    }
    score
}

fn profile(text: &str, language: LanguageCode) -> CompanyData {
    let content = content::read(text);
    match assemble(&Material { pages: &[], content: &content, language, extended: false }) {
        Reading::Profile(data, _) => *data,
        Reading::NotACompany(_) => CompanyData::default(),
    }
}

fn is_labelled(labels: &MessageExpected, field: &str) -> bool {
    match field {
        "CompanyName" => labels.company_name.is_some(),
        "Phones" => labels.phones.is_some(),
        "Emails" => labels.emails.is_some(),
        "Language" => labels.language.is_some(),
        "Country" | "State" | "ZIP" | "City" | "Street1" | "Street2" => labels.address.is_some(),
        _ => true,
    }
}

fn found(data: &CompanyData) -> Values {
    let mut values = Collected(Values::new());
    values.put("site", data.webs.first().map_or("", |web| web.host.as_str()));
    let person = data.contacts.first().cloned().unwrap_or_default();
    put_person(&mut values, &person);
    values.put("CompanyName", &data.company_name);
    // The labels hold every number and address of the message; in a profile a
    // person's own stand with the person.
    data.phones.iter().for_each(|phone| values.put("Phones", &digits(&phone.phone_number)));
    data.emails.iter().for_each(|email| values.put("Emails", &email.email));
    values.put("Phones", &digits(&person.phone));
    values.put("Emails", &person.email);
    put_address(&mut values, &data.address);
    values.put("Language", &data.language);
    values.0
}

fn labels(expected: &MessageExpected) -> Values {
    let mut values = Collected(Values::new());
    values.put("site", &expected.site);
    put_person(&mut values, &expected.person);
    values.put("CompanyName", expected.company_name.as_deref().unwrap_or_default());
    expected.phones.iter().flatten().for_each(|phone| values.put("Phones", &digits(phone)));
    expected.emails.iter().flatten().for_each(|email| values.put("Emails", email));
    expected.address.iter().for_each(|address| put_address(&mut values, address));
    values.put("Language", expected.language.as_deref().unwrap_or_default());
    values.0
}

fn put_person(values: &mut Collected, person: &cmes_types::Contact) {
    values.put("person", &person.name);
    values.put("position", &person.job_position);
    values.put("person's e-mail", &person.email);
    values.put("person's phone", &digits(&person.phone));
}

fn put_address(values: &mut Collected, a: &cmes_types::Address) {
    let parts = [&a.country, &a.state, &a.zip, &a.city, &a.street1, &a.street2];
    FIELDS[8..14].iter().zip(parts).for_each(|(field, part)| values.put(field, part));
}
