//! Job positions in the language of the answer.

use cmes_types::Method;

use super::Builder;
use crate::page::prefix;
use crate::titles::{self, Given};

impl Builder<'_> {
    /// Puts the people's positions into the language of the answer. The evidence keeps the words of
    /// the site as the snippet, and says that they were translated.
    pub(super) fn positions(&mut self) {
        let address = self.data.address.clone();
        let places: Vec<&str> =
            [&address.city, &address.state].into_iter().map(String::as_str).filter(|place| !place.is_empty()).collect();
        for index in 0..self.data.contacts.len() {
            let Some(position) = self.data.contacts.get(index).map(|contact| contact.job_position.clone()) else {
                break;
            };
            let given = titles::translate(&position, self.site.language, self.material.language, &places);
            let Given::Translated(text, from) = given else { continue };
            let field = format!("Contacts[{index}].JobPosition");
            let mut read = None;
            for one in self.evidence.iter_mut().filter(|one| one.field == field) {
                one.value.clone_from(&text);
                if !one.snippet.contains(&position) {
                    one.snippet = prefix(&format!("{position}: {}", one.snippet), 200).to_owned();
                }
                read = Some((one.url.clone(), one.confidence));
            }
            if let Some((url, confidence)) = read {
                self.evidence.push(cmes_types::Evidence {
                    field,
                    value: text.clone(),
                    url,
                    snippet: prefix(&format!("translated from {from} by the catalogue of positions: {position}"), 200)
                        .to_owned(),
                    method: Method::Inferred,
                    confidence,
                });
            }
            if let Some(contact) = self.data.contacts.get_mut(index) {
                contact.job_position = text;
            }
        }
    }
}
