//! What texts about the sites' companies have to say, and which of two companies
//! an offer suits better.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::site::read_text;

/// What an English text about a company has to say and must not say; see `business.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusinessLabel {
    /// Each group is met by any one of its words.
    pub must: Vec<Vec<String>>,
    /// The same groups in German.
    #[serde(default)]
    pub de: Vec<Vec<String>>,
    /// The same groups in the language of the site, where that is another.
    #[serde(default)]
    pub own: Vec<Vec<String>>,
    /// Words of an invention.
    pub never: Vec<String>,
    /// The year in which the business began, where the pages state one.
    pub founded: Option<u32>,
    /// The number of employees, where the pages state one.
    pub employees: Option<u32>,
    /// Places that may be named.
    #[serde(default)]
    pub places: Vec<String>,
}

/// The labels of all companies, by site.
///
/// # Panics
///
/// When the file cannot be read.
#[must_use]
pub fn business_labels() -> BTreeMap<String, BusinessLabel> {
    read("business.toml")
}

/// The labels of the companies of [`crate::world`], by activity, in English alone.
///
/// # Panics
///
/// When the file cannot be read.
#[must_use]
pub fn world_business_labels() -> BTreeMap<String, BusinessLabel> {
    read("world/texts.toml")
}

/// One offer and two companies.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferPair {
    /// What is sold.
    pub offer: String,
    /// The site of the company that it suits better.
    pub better: String,
    /// The other one.
    pub worse: String,
    /// `probability` or `budget`.
    pub by: String,
    /// What decides.
    pub why: String,
}

/// All pairs.
///
/// # Panics
///
/// When the file cannot be read.
#[must_use]
pub fn offer_pairs() -> Vec<OfferPair> {
    #[derive(Deserialize)]
    struct File {
        pair: Vec<OfferPair>,
    }
    read::<File>("offers.toml").pair
}

fn read<T: for<'a> Deserialize<'a>>(file: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    toml::from_str(&read_text(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What is wrong with a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// What it does not say though it has to.
    pub lacking: Vec<String>,
    /// What it says though it is wrong.
    pub invented: Vec<String>,
}

impl BusinessLabel {
    /// Holds a text in English against the label.
    #[must_use]
    pub fn judge(&self, text: &str) -> Judgement {
        self.held(&self.must, text)
    }

    /// Holds a text against the label that is in German, or in the language of the site (`own`) if that is
    /// asked for; `None` where there are no words for it.
    #[must_use]
    pub fn judge_in(&self, language: &str, own: &str, text: &str) -> Option<Judgement> {
        let must = match language {
            "en" => &self.must,
            "de" => &self.de,
            _ if language == own && !self.own.is_empty() => &self.own,
            _ => return None,
        };
        Some(self.held(must, text))
    }

    fn held(&self, must: &[Vec<String>], text: &str) -> Judgement {
        let lower = text.to_lowercase();
        let has = |word: &String| lower.contains(&word.to_lowercase());
        let mut judgement = Judgement {
            lacking: must.iter().filter(|group| !group.iter().any(has)).map(|group| group.join("|")).collect(),
            invented: self.never.iter().filter(|word| has(word)).cloned().collect(),
        };
        for (number, words) in numbers(&lower) {
            let is_year = (1700..=2100).contains(&number);
            let is_begin = ["founded", "established", "since", "began", "started", "gegründet", "seit"]
                .iter()
                .any(|word| words.contains(word));
            let is_staff =
                ["employ", "people", "staff", "beschäftigte", "mitarbeit"].iter().any(|word| words.contains(word));
            if is_year && is_begin && self.founded.is_some_and(|founded| founded != number) {
                judgement.invented.push(format!("begun in {number}"));
            }
            let is_range = words.contains(" to ") || words.contains(" bis ");
            if !is_year && !is_range && is_staff && self.employees.is_some_and(|employees| employees != number) {
                judgement.invented.push(format!("{number} employees"));
            }
        }
        judgement
    }
}

/// Numbers with the words near them.
fn numbers(text: &str) -> Vec<(u32, String)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let digits = word.trim_matches(|c: char| !c.is_ascii_digit()).replace([',', '.'], "");
        if let Ok(number) = digits.parse() {
            found.push((number, words[at.saturating_sub(3)..(at + 3).min(words.len())].join(" ")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::all_sites;

    #[test]
    fn labels_are_of_sites_that_there_are() {
        let names: Vec<String> = all_sites().into_iter().map(|site| site.name).collect();
        let labels = business_labels();
        assert!(labels.len() >= 50);
        for (name, label) in &labels {
            assert!(names.contains(name), "{name}");
            assert!(!label.must.is_empty() && !label.never.is_empty(), "{name}");
            assert!(label.de.len() == label.must.len() && [0, label.must.len()].contains(&label.own.len()), "{name}");
        }
        let pairs = offer_pairs();
        assert!(pairs.len() >= 30);
        for pair in pairs {
            assert!(labels.contains_key(&pair.better) && labels.contains_key(&pair.worse), "{pair:?}");
            assert!(pair.better != pair.worse && ["probability", "budget"].contains(&pair.by.as_str()), "{pair:?}");
            assert!(!pair.offer.is_empty() && !pair.why.is_empty());
        }
    }

    #[test]
    fn texts_are_judged_by_what_they_say() {
        let label = BusinessLabel {
            must: vec![vec!["pump".into()], vec!["ship".into(), "marine".into()]],
            de: vec![vec!["pumpe".into()]],
            own: Vec::new(),
            never: vec!["award".into()],
            founded: Some(1987),
            employees: Some(140),
            places: Vec::new(),
        };
        let judge = |text: &str| label.judge(text);
        assert_eq!(judge("Pumps for ships since 1987, made by 140 people."), Judgement::default());
        assert_eq!(judge("Award-winning pumps.").lacking, ["ship|marine"]);
        assert_eq!(judge("Award-winning marine pumps.").invented, ["award"]);
        assert_eq!(
            judge("Marine pumps, founded in 1978, 1,400 employees.").invented,
            ["begun in 1978", "1400 employees"]
        );
        assert_eq!(judge("Marine pumps for 30 bar, a fair in 2024.").invented, Vec::<String>::new());
        let german = label.judge_in("de", "en", "Pumpen, gegründet 1978.").expect("words in German");
        assert_eq!((german.lacking.len(), german.invented), (0, vec!["begun in 1978".to_owned()]));
        assert_eq!(label.judge_in("fr", "en", "Pompes."), None);
    }
}
