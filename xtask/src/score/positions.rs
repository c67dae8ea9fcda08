//! Job positions given in another language than the site's, against labels by hand.

use cmes_extract::titles::{self, Given};
use cmes_types::LanguageCode;

/// A title a line: its language, the title, what is right in English and in German.
const LABELS: &str = include_str!("../../data/titles.tsv");

struct Label {
    language: Option<LanguageCode>,
    title: &'static str,
    right: [&'static str; 2],
}

fn labels() -> impl Iterator<Item = Label> {
    LABELS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        let language = cells.next()?.parse().ok();
        Some(Label { language, title: cells.next()?, right: [cells.next()?, cells.next()?] })
    })
}

/// The title as it is given in a language, when it is given.
fn given(label: &Label, to: LanguageCode) -> Option<String> {
    match titles::translate(label.title, label.language, to, &[]) {
        Given::Translated(text, _) => Some(text),
        Given::AsIs => Some(label.title.to_owned()),
        Given::Unknown => None,
    }
}

fn is_right(right: &str, text: &str) -> bool {
    right.split(" | ").any(|right| right == text)
}

fn targets() -> [(usize, &'static str, LanguageCode); 2] {
    [(0, "English", LanguageCode::ENGLISH), (1, "German", "de".parse().unwrap_or_default())]
}

/// What is wrong or stays as it is.
pub(super) fn differences() -> Vec<String> {
    let mut lines = Vec::new();
    for (column, name, to) in targets() {
        for label in labels().filter(|label| label.right[column] != "=") {
            let text = given(&label, to);
            if !text.as_deref().is_some_and(|text| is_right(label.right[column], text)) {
                let text = text.unwrap_or_else(|| "stays".to_owned());
                lines.push(format!("{name}: {}: {text}, right is {}", label.title, label.right[column]));
            }
        }
    }
    lines
}

pub(super) fn table() -> String {
    let mut text = "## Job positions in another language\n\n\
        Each title of the labels that is in another language, against what is right for it by hand (`xtask/data/titles.tsv`).\n\n\
        | given in | titles | given | right | wrong | stay as the site writes them |\n|---|---|---|---|---|---|\n"
        .to_owned();
    for (column, name, to) in targets() {
        let wanted: Vec<Label> = labels().filter(|label| label.right[column] != "=").collect();
        let all: Vec<(&Label, String)> =
            wanted.iter().filter_map(|label| given(label, to).map(|text| (label, text))).collect();
        let right = all.iter().filter(|(label, text)| is_right(label.right[column], text)).count();
        text.push_str(&format!(
            "| {name} | {} | {} | {right} | {} | {} |\n",
            wanted.len(),
            all.len(),
            all.len() - right,
            wanted.len() - all.len(),
        ));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cmes_testkit::{expected, measured_messages, measured_sites, messages, sites};

    use super::*;

    #[test]
    fn every_labelled_position_has_its_translations() {
        let known: BTreeSet<&str> = labels().map(|label| label.title).collect();
        let sites = sites().into_iter().chain(measured_sites());
        let of_sites = sites.flat_map(|site| expected(&site.name).contacts).map(|contact| contact.job_position);
        let messages = messages().into_iter().chain(measured_messages());
        let of_messages = messages.map(|message| message.expected.person.job_position);
        let missing: BTreeSet<String> =
            of_sites.chain(of_messages).filter(|title| !title.is_empty() && !known.contains(title.as_str())).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
