//! Answers that are kept, by provider and question.

use std::time::Duration;

use cmes_types::{CompanySearch, Timestamp};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Found;
use crate::words::folded;

/// An answer with remarks may be a poor one: it is kept for so long at most.
const LONGEST_WITH_REMARKS: Duration = Duration::from_secs(3_600);

/// Changes when answers are kept in another form.
const FORM: u8 = 1;

/// Keeps texts by key, such as in the database. A failure of its own is its own
/// to log: the search goes on without it.
pub trait AnswerCache: Send + Sync {
    /// The text of this key that was put last.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<String>>;

    /// Keeps a text, in the place of the one before it.
    fn put<'a>(&'a self, key: &'a str, answer: String) -> BoxFuture<'a, ()>;
}

#[derive(Serialize, Deserialize)]
struct Kept {
    /// Milliseconds since 1970.
    at: i64,
    found: Found,
}

/// The key of a question: alike for questions that differ in case, accents and space alone.
pub(crate) fn key(provider: &str, search: &CompanySearch) -> String {
    let normal = |text: &str| folded(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let optional = |text: &Option<String>| text.as_deref().map(normal);
    let parts = (
        FORM,
        provider,
        normal(&search.text),
        search.language,
        normal(&search.activity),
        optional(&search.country),
        optional(&search.locality),
        search.most,
    );
    // Plain data cannot fail to become JSON.
    let digest = Sha256::digest(serde_json::to_vec(&parts).unwrap_or_default());
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("search:{provider}:{digits}")
}

/// The text that keeps an answer.
pub(crate) fn written(found: &Found, now: Timestamp) -> String {
    serde_json::to_string(&Kept { at: now.milliseconds(), found: found.clone() }).unwrap_or_default()
}

/// The answer that a text keeps, if it is not too old.
pub(crate) fn read(text: &str, now: Timestamp, age_limit: Duration) -> Option<Found> {
    let kept: Kept = serde_json::from_str(text).ok()?;
    let limit = if kept.found.remarks.is_empty() { age_limit } else { age_limit.min(LONGEST_WITH_REMARKS) };
    let at = Timestamp::from_milliseconds(kept.at);
    // A clock that was set back makes no answer young for ever.
    (at <= now && now < at.plus(limit)).then_some(kept.found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(text: &str) -> CompanySearch {
        CompanySearch { text: text.to_owned(), most: 10, ..CompanySearch::default() }
    }

    #[test]
    fn questions_that_mean_the_same_have_one_key() {
        let known = key("brave", &search("Müller Röhren, USA"));
        for text in ["müller röhren, usa", " MULLER  RÖHREN,\n USA ", "Mu\u{308}ller Rohren, USA"] {
            assert_eq!(key("brave", &search(text)), known, "{text}");
        }
        let base = search("Müller Röhren, USA");
        let others = [
            CompanySearch { language: "de".parse().expect("a language"), ..base.clone() },
            CompanySearch { country: Some("US".to_owned()), ..base.clone() },
            CompanySearch { locality: Some("US".to_owned()), ..base.clone() },
            CompanySearch { activity: "Röhren".to_owned(), ..base.clone() },
            CompanySearch { most: 20, ..base.clone() },
        ];
        let mut keys: Vec<String> = others.iter().map(|other| key("brave", other)).collect();
        keys.extend([known, key("serper", &base)]);
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 7);
    }

    #[test]
    fn answers_age_and_those_with_remarks_faster() {
        let hour = Duration::from_secs(3_600);
        let now = Timestamp::from_milliseconds(1_800_000_000_000);
        let check = |remarks: &[&str], age: Duration, is_young: bool| {
            let remarks = remarks.iter().map(|text| (*text).to_owned()).collect();
            let found = Found { hits: Vec::new(), remarks };
            let text = written(&found, now);
            assert_eq!(read(&text, now.plus(age), 24 * hour), is_young.then_some(found), "{age:?}");
        };
        check(&[], Duration::ZERO, true);
        check(&[], 23 * hour, true);
        check(&[], 24 * hour, false);
        check(&["searxng: an engine is silent"], hour / 2, true);
        check(&["searxng: an engine is silent"], hour, false);
        assert_eq!(read(&written(&Found::default(), now.plus(hour)), now, hour), None);
        assert_eq!(read("nonsense", now, hour), None);
    }
}
