//! General advice for a proposal, from what was found and nothing else.

use cmes_types::{CompanyData, Contact, LanguageCode};

use super::phrases;
use crate::facts::{offered, technologies};

/// Whom to write to, how, in which language, and what to build on; empty when
/// nothing is known.
pub(super) fn general(language: LanguageCode, data: &CompanyData) -> String {
    if data.company_name.is_empty() && data.phones.is_empty() && data.emails.is_empty() && data.contacts.is_empty() {
        return String::new();
    }
    let phrases = phrases::of(language);
    let mut sentences = Vec::new();
    let person = data.contacts.iter().max_by_key(|contact| reach(contact)).filter(|contact| !contact.name.is_empty());
    match person {
        Some(person) => sentences.push(phrases.person.replace("{x}", &described(person))),
        None => match (data.emails.first(), data.phones.first()) {
            (Some(email), _) => sentences.push(phrases.email.replace("{x}", &email.email)),
            (None, Some(phone)) => sentences.push(phrases.phone.replace("{x}", &phone.phone_number)),
            (None, None) => sentences.push(phrases.form.clone()),
        },
    }
    if !data.language.is_empty() && data.language != language.as_str() {
        sentences.push(phrases.tongue.replace("{x}", offered::own_name(&data.language)));
    }
    let systems: Vec<&str> =
        data.technologies.iter().map(String::as_str).filter(|name| is_chosen_by_business(name)).take(3).collect();
    if !systems.is_empty() {
        sentences.push(phrases.systems.replace("{x}", &systems.join(", ")));
    }
    let is_dense = matches!(language.as_str(), "ja" | "zh");
    sentences.join(if is_dense { "" } else { " " })
}

/// Whether a product is of a kind that the company has decided for and works
/// with, unlike a web server or a font, of which its sales people know nothing.
fn is_chosen_by_business(technology: &str) -> bool {
    matches!(
        technologies::category(technology),
        Some(
            "CMS"
                | "CRM"
                | "ERP"
                | "Online shop"
                | "Site builder"
                | "Marketing automation"
                | "E-mail marketing"
                | "Helpdesk"
                | "Chat"
                | "Payment"
                | "Recruiting"
                | "Scheduling"
                | "Analytics"
        )
    )
}

/// How well a person can be reached; one with a position before one without.
fn reach(contact: &Contact) -> (bool, bool, bool) {
    (!contact.email.is_empty(), !contact.phone.is_empty(), !contact.job_position.is_empty())
}

fn described(person: &Contact) -> String {
    let more: Vec<&str> =
        [&person.job_position, &person.email].into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
    if more.is_empty() { person.name.clone() } else { format!("{} ({})", person.name, more.join(", ")) }
}
