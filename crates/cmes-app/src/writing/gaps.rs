//! What a model is asked for beside the texts: positions and an address that
//! the extractors did not find, and titles that the catalogue cannot translate.
//!
//! All of it goes into the one question about a profile, and only when there is
//! a gap. What the model says counts when the pages bear it out
//! ([`cmes_extract::gaps`]); else the profile is as it would be without.

use cmes_extract::fold::fold;
use cmes_extract::titles::{self, Given};
use cmes_types::{Contact, Evidence, LanguageCode, Method};

use super::{Draft, prompt};

/// Most titles that are asked about.
const MOST_TITLES: usize = 5;
/// Most tokens of all that is asked for beside the texts.
const TOKENS: usize = 220;

/// An address in the words of the model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    pub street: String,
    pub zip: String,
    pub city: String,
}

/// The positions, with their place among the contacts, that are in another language and not known.
pub(super) fn untranslated(draft: &Draft, language: LanguageCode) -> Vec<(usize, String)> {
    let spoken = draft.brief.language;
    if spoken == Some(language) {
        return Vec::new();
    }
    let held = draft.data.contacts.iter().map(|contact| contact.job_position.as_str()).enumerate();
    let unknown = held
        .filter(|(_, title)| !title.is_empty() && titles::translate(title, spoken, language, &[]) == Given::Unknown);
    unknown.take(MOST_TITLES).map(|(index, title)| (index, title.to_owned())).collect()
}

/// The part of the question that asks for it; empty when nothing is lacking.
pub(super) fn asked(draft: &Draft, untranslated: &[(usize, String)]) -> String {
    let mut room = TOKENS;
    let gaps = &draft.brief.gaps;
    let people = gaps.people.iter().map(|person| format!("{}: {}", person.name, person.passage.lines.join(" / ")));
    let lines = gaps.address.iter().flat_map(|passage| passage.lines.iter().cloned());
    let titles = untranslated.iter().map(|(_, title)| title.clone());
    [
        block(
            "people",
            "\"roles\": the job title of each one in <people>, word for word as it stands there, or \"\"",
            people,
            &mut room,
        ),
        block("titles", "\"titles\": each job title in <titles> in the language asked for", titles, &mut room),
        block("place", "\"address\": the company's address in <place>, word for word, or \"\"", lines, &mut room),
    ]
    .concat()
}

fn block(name: &str, task: &str, lines: impl Iterator<Item = String>, room: &mut usize) -> String {
    let frame = prompt::tokens(task) + 2 * prompt::tokens(name) + 12;
    let mut left = room.saturating_sub(frame);
    let mut text = String::new();
    for line in lines.map(|line| prompt::plain(&line)) {
        let needed = prompt::tokens(&line) + 1;
        if needed > left {
            break;
        }
        left -= needed;
        text.push_str(&line);
        text.push('\n');
    }
    if text.is_empty() {
        return text;
    }
    *room = left;
    format!("Answer {task}.\n<{name}>\n{text}</{name}>\n")
}

impl Draft {
    /// Takes over what the pages bear out of a model's proposals.
    pub(super) fn fill(
        &mut self,
        answer: &prompt::Answer,
        untranslated: &[(usize, String)],
        language: LanguageCode,
        model: &str,
    ) {
        self.take_titles(&answer.titles, untranslated, model);
        self.take_roles(&answer.roles, language, model);
        self.take_address(&answer.address, model);
    }

    fn take_roles(&mut self, roles: &[String], language: LanguageCode, model: &str) {
        for (person, role) in self.brief.gaps.people.clone().iter().zip(roles) {
            let Some((position, line)) = person.position(role) else { continue };
            let is_lacking = |contact: &&mut Contact| contact.name == person.name && contact.job_position.is_empty();
            let Some(contact) = self.data.contacts.get_mut(person.contact).filter(is_lacking) else { continue };
            let given = match titles::translate(&position, self.brief.language, language, &[]) {
                Given::Translated(text, _) => text,
                Given::AsIs | Given::Unknown => position,
            };
            contact.job_position.clone_from(&given);
            let said = format!("{line} (found by {model})");
            self.found(format!("Contacts[{}].JobPosition", person.contact), &given, &person.passage.url, &said);
        }
    }

    fn take_titles(&mut self, written: &[String], untranslated: &[(usize, String)], model: &str) {
        let address = &self.data.address;
        let people = self.data.contacts.iter().map(|contact| &contact.name);
        let names: Vec<String> = people.chain([&self.data.company_name, &address.city]).cloned().collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for ((index, original), text) in untranslated.iter().zip(written) {
            let text = text.trim();
            if fold(text) == fold(original) || !titles::is_rendering(text, original, &names) {
                continue;
            }
            let Some(contact) = self.data.contacts.get_mut(*index) else { continue };
            text.clone_into(&mut contact.job_position);
            let field = format!("Contacts[{index}].JobPosition");
            let mut url = String::new();
            for one in self.evidence.iter_mut().filter(|one| one.field == field) {
                text.clone_into(&mut one.value);
                url.clone_from(&one.url);
            }
            self.found(field, text, &url, &format!("translated by {model}: {original}"));
        }
    }

    fn take_address(&mut self, proposal: &Address, model: &str) {
        let Some(passage) = self.brief.gaps.address.clone() else { return };
        let Some(found) = passage.address(&proposal.street, &proposal.zip, &proposal.city) else { return };
        let country = std::mem::take(&mut self.data.address.country);
        self.data.address = cmes_types::Address { country, ..found.clone() };
        let said = format!("{} (found by {model})", passage.lines.join(" / "));
        for (field, value) in [
            ("Address.State", &found.state),
            ("Address.ZIP", &found.zip),
            ("Address.City", &found.city),
            ("Address.Street1", &found.street1),
            ("Address.Street2", &found.street2),
        ] {
            if !value.is_empty() {
                self.found(field.to_owned(), value, &passage.url, &said);
            }
        }
    }

    fn found(&mut self, field: String, value: &str, url: &str, said: &str) {
        self.evidence.push(Evidence {
            field,
            value: value.to_owned(),
            url: url.to_owned(),
            snippet: said.chars().take(200).collect(),
            method: Method::Model,
            confidence: 0.5,
        });
    }
}
