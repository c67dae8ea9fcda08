//! `Exceptions` of a request: words that no string of the answer may contain.

use std::collections::HashMap;

use cmes_types::{CompanyData, Evidence, Extended};
use serde::Serialize;

use crate::fold::{fold, is_unspaced};
use crate::sentences;

/// The words and phrases of a request's `Exceptions`.
#[derive(Clone, Debug, Default)]
pub struct Exceptions {
    phrases: Vec<Phrase>,
}

/// One word or phrase, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Phrase {
    /// Words that follow one another, whatever stands between them.
    Words(Vec<String>),
    /// Text with signs in it (`C++`, `AT&T`), compared as it stands.
    Signs(String),
    /// Text of a script without blanks between words: found anywhere.
    Part(String),
}

impl Exceptions {
    /// Reads the comma-separated list; quotes hold a phrase with commas together.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut phrases: Vec<Phrase> = Vec::new();
        let mut phrase = String::new();
        let mut closing = None;
        for (at, c) in text.char_indices() {
            match (closing, c) {
                (Some(mark), c) if c == mark => closing = None,
                (Some(_), c) => phrase.push(c),
                (None, ',' | ';' | '、' | '，' | '؛' | '،' | '\n') => {
                    phrases.extend(Phrase::new(&phrase));
                    phrase.clear();
                }
                // A quote within a word is an apostrophe or an inch.
                (None, c) if phrase.trim().is_empty() && closing_of(c).is_some() => {
                    // One that nothing closes is part of the word.
                    let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
                    closing = closing_of(c).filter(|mark| rest.contains(*mark));
                    phrase.extend(closing.is_none().then_some(c));
                }
                (None, c) => phrase.push(c),
            }
        }
        phrases.extend(Phrase::new(&phrase));
        Self { phrases }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }

    /// Whether a text mentions one of them.
    #[must_use]
    pub fn mentions(&self, text: &str) -> bool {
        if self.phrases.is_empty() || text.is_empty() {
            return false;
        }
        let folded = fold(text).split_whitespace().collect::<Vec<_>>().join(" ");
        let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        self.phrases.iter().any(|phrase| phrase.is_in(&folded, &words))
    }

    /// The text without the sentences that mention one of them.
    #[must_use]
    pub fn without(&self, text: &str) -> String {
        if !self.mentions(text) {
            return text.to_owned();
        }
        let mut kept = String::new();
        for sentence in sentences::split(text) {
            let longer = if kept.is_empty() { sentence.to_owned() } else { format!("{kept} {sentence}") };
            // Judged together: a phrase may reach over the end of a sentence.
            if !self.mentions(&longer) {
                kept = longer;
            }
        }
        kept
    }

    /// Removes what mentions one of them: array elements are dropped,
    /// sentences left out, name and address fields emptied. Evidence follows.
    pub fn apply(&self, data: &mut CompanyData) {
        if self.is_empty() {
            return;
        }
        let address = &mut data.address;
        for field in [
            &mut data.company_name,
            &mut data.logo_link,
            &mut data.language,
            &mut address.country,
            &mut address.state,
            &mut address.zip,
            &mut address.city,
            &mut address.street1,
            &mut address.street2,
        ] {
            if self.mentions(field) {
                field.clear();
            }
        }
        for text in [&mut data.business, &mut data.company_size, &mut data.recommendations] {
            *text = self.without(text);
        }
        let mut moved = HashMap::new();
        self.retain("Phones", &mut data.phones, &mut moved);
        self.retain("Emails", &mut data.emails, &mut moved);
        self.retain("Webs", &mut data.webs, &mut moved);
        self.retain("Contacts", &mut data.contacts, &mut moved);
        self.retain("Technologies", &mut data.technologies, &mut moved);
        self.retain("AdditionalLinks", &mut data.additional_links, &mut moved);
        self.retain("SocialNetsLinks", &mut data.social_nets_links, &mut moved);
        if let Some(extended) = &mut data.extended {
            self.apply_to_extended(extended, &mut moved);
        }
        if !data.phones.iter().any(|phone| phone.primary)
            && let Some(first) = data.phones.first_mut()
        {
            first.primary = true;
        }
        if !data.emails.iter().any(|email| email.primary)
            && let Some(first) = data.emails.first_mut()
        {
            first.primary = true;
        }
        if let Some(evidence) = data.evidence.take() {
            data.evidence = Some(self.evidence(data, evidence, &moved));
        }
    }

    fn apply_to_extended(&self, extended: &mut Extended, moved: &mut Moved) {
        for field in [&mut extended.legal_name, &mut extended.industry] {
            if self.mentions(field) {
                field.clear();
            }
        }
        self.retain("Extended.OtherNames", &mut extended.other_names, moved);
        self.retain("Extended.Domains", &mut extended.domains, moved);
        self.retain("Extended.Identifiers", &mut extended.identifiers, moved);
        self.retain("Extended.Certifications", &mut extended.certifications, moved);
        self.retain("Extended.Languages", &mut extended.languages, moved);
        self.retain("Extended.Locations", &mut extended.locations, moved);
        self.retain("Extended.OpeningHours", &mut extended.opening_hours, moved);
        self.retain("Extended.OpenPositions", &mut extended.open_positions, moved);
        self.retain("Extended.Keywords", &mut extended.keywords, moved);
    }

    /// Keeps the elements without a mention and notes where they stand now.
    fn retain<T: Serialize>(&self, list: &'static str, elements: &mut Vec<T>, moved: &mut Moved) {
        let mut to = Vec::new();
        let mut kept = 0;
        elements.retain(|element| {
            let keep = serde_json::to_value(element).is_ok_and(|value| !self.is_in_value(&value));
            to.push(keep.then_some(kept));
            kept += usize::from(keep);
            keep
        });
        moved.insert(list, to);
    }

    fn is_in_value(&self, value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::String(text) => self.mentions(text),
            serde_json::Value::Array(values) => values.iter().any(|value| self.is_in_value(value)),
            serde_json::Value::Object(fields) => fields.values().any(|value| self.is_in_value(value)),
            _ => false,
        }
    }

    /// The evidence for what is left.
    fn evidence(&self, data: &CompanyData, evidence: Vec<Evidence>, moved: &Moved) -> Vec<Evidence> {
        let values = serde_json::to_value(data).unwrap_or_default();
        let mut kept = Vec::new();
        for mut one in evidence {
            match one.field.as_str() {
                "Business" => one.value.clone_from(&data.business),
                "CompanySize" => one.value.clone_from(&data.company_size),
                "Recommendations" => one.value.clone_from(&data.recommendations),
                _ => {}
            }
            let Some(field) = renumbered(&one.field, moved) else { continue };
            let pointer = format!("/{}", field.replace('.', "/"));
            let is_emptied = values.pointer(&pointer).and_then(|value| value.as_str()).is_some_and(str::is_empty);
            one.field = field;
            if !is_emptied && serde_json::to_value(&one).is_ok_and(|value| !self.is_in_value(&value)) {
                kept.push(one);
            }
        }
        kept
    }
}

/// For each list, where its elements have gone.
type Moved = HashMap<&'static str, Vec<Option<usize>>>;

/// The path after elements were dropped; `None` when its own was.
fn renumbered(field: &str, moved: &Moved) -> Option<String> {
    let Some((list, rest)) = field.split_once('[') else { return Some(field.to_owned()) };
    let (Some(to), Some((index, rest))) = (moved.get(list), rest.split_once(']')) else {
        return Some(field.to_owned());
    };
    let index = to.get(index.parse::<usize>().ok()?).copied().flatten()?;
    Some(format!("{list}[{index}]{rest}"))
}

/// The mark that closes a quotation.
fn closing_of(opening: char) -> Option<char> {
    Some(match opening {
        '"' => '"',
        '\'' => '\'',
        '“' => '”',
        '„' => '“',
        '‘' => '’',
        '‚' => '‘',
        '«' => '»',
        '»' => '«',
        '「' => '」',
        '『' => '』',
        '《' => '》',
        '＂' => '＂',
        _ => return None,
    })
}

impl Phrase {
    fn new(text: &str) -> Option<Self> {
        let folded = fold(text.trim()).split_whitespace().collect::<Vec<_>>().join(" ");
        if folded.is_empty() {
            return None;
        }
        Some(if folded.chars().any(is_unspaced) {
            Self::Part(folded)
        } else if folded.chars().all(|c| c.is_alphanumeric() || c == ' ') {
            Self::Words(folded.split(' ').map(str::to_owned).collect())
        } else {
            Self::Signs(folded)
        })
    }

    fn is_in(&self, folded: &str, words: &[&str]) -> bool {
        match self {
            Self::Words(own) => {
                words.windows(own.len()).any(|window| window.iter().zip(own).all(|(a, b)| is_word(a, b)))
            }
            Self::Part(part) => folded.contains(part.as_str()),
            Self::Signs(signs) => folded.match_indices(signs.as_str()).any(|(at, found)| {
                let before = folded.get(..at).and_then(|text| text.chars().next_back());
                let after = folded.get(at + found.len()..).and_then(|text| text.chars().next());
                !joined(before, found.chars().next()) && !joined(found.chars().next_back(), after)
            }),
        }
    }
}

/// Whether a word of a text is the one that is excepted. In Korean, particles
/// and other nouns are joined to it.
fn is_word(word: &str, excepted: &str) -> bool {
    let is_korean = excepted.ends_with(|c| matches!(c, '\u{ac00}'..='\u{d7a3}'));
    word == excepted || is_korean && word.starts_with(excepted)
}

/// Whether two neighbours are letters of one word.
fn joined(left: Option<char>, right: Option<char>) -> bool {
    left.is_some_and(char::is_alphanumeric) && right.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use cmes_types::{AdditionalLink, Contact, Identifier, LinkKind, Phone};
    use proptest::prelude::*;

    use super::*;

    fn check(exceptions: &str, text: &str, expected: bool) {
        assert_eq!(Exceptions::parse(exceptions).mentions(text), expected, "{exceptions} in {text}");
    }

    #[test]
    fn whole_words_count_without_case_and_accents() {
        check("muller", "Herr Müller.", true);
        check("MÜLLER", "Muller", true);
        check("art", "Artisan party", false);
        check("red hat", "the Red-Hat people", true);
        check("\"Smith, Jones\", x", "Smith, Jones & Co", true);
        check("\"Smith, Jones\"", "Smith and Jones", false);
        check("C++", "in C++ and Rust", true);
        check("C++", "Vitamin C", false);
        check("AT&T", "at&t mobile", true);
        check("精密", "青空精密機械", true);
        check("facebook", "https://www.facebook.com/x", true);
        check("", "anything", false);
        check(" , ,", "anything", false);
    }

    #[test]
    fn elements_sentences_and_fields_go() {
        let mut data = CompanyData {
            company_name: "Acme Ltd".to_owned(),
            business: "We make pumps. Acme sells them. Since 1988.".to_owned(),
            phones: vec![
                Phone { phone_number: "+1 1".to_owned(), primary: true },
                Phone { phone_number: "+2 2".to_owned(), primary: false },
            ],
            contacts: vec![
                Contact { name: "Acme Al".to_owned(), ..Contact::default() },
                Contact { name: "Bo".to_owned(), ..Contact::default() },
            ],
            additional_links: vec![AdditionalLink {
                host: "a.com".to_owned(),
                link: "/".to_owned(),
                description: LinkKind::Legal,
            }],
            evidence: Some(vec![
                Evidence { field: "CompanyName".to_owned(), value: "Acme Ltd".to_owned(), ..Evidence::default() },
                Evidence { field: "Phones[1]".to_owned(), value: "+2 2".to_owned(), ..Evidence::default() },
                Evidence { field: "Contacts[1].Name".to_owned(), value: "Bo".to_owned(), ..Evidence::default() },
            ]),
            ..CompanyData::default()
        };
        Exceptions::parse("acme, \"1 1\", legal").apply(&mut data);
        assert_eq!((data.company_name.as_str(), data.business.as_str()), ("", "We make pumps. Since 1988."));
        assert_eq!(data.phones, [Phone { phone_number: "+2 2".to_owned(), primary: true }]);
        assert_eq!((data.contacts.len(), data.additional_links.len()), (1, 0));
        let fields: Vec<_> = data.evidence.expect("kept").into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["Phones[0]", "Contacts[0].Name"]);
    }

    #[test]
    fn what_goes_beyond_the_reference_is_searched_too() {
        let number = |number: &str| Identifier { number: number.to_owned(), ..Identifier::default() };
        let said =
            |field: &str, value: &str| Evidence { field: field.into(), value: value.into(), ..Evidence::default() };
        let mut data = CompanyData {
            extended: Some(Extended {
                legal_name: "Acme Ltd".to_owned(),
                industry: "Hardware store".to_owned(),
                identifiers: vec![number("GB1"), number("GB2")],
                keywords: vec!["pumps".to_owned(), "acme pumps".to_owned()],
                ..Extended::default()
            }),
            evidence: Some(vec![
                said("Extended.LegalName", "Acme Ltd"),
                said("Extended.Identifiers[0]", "GB1"),
                said("Extended.Identifiers[1]", "GB2"),
            ]),
            ..CompanyData::default()
        };
        Exceptions::parse("acme, gb1").apply(&mut data);
        let extended = data.extended.expect("kept");
        assert_eq!((extended.legal_name.as_str(), extended.industry.as_str()), ("", "Hardware store"));
        assert_eq!((extended.identifiers, extended.keywords), (vec![number("GB2")], vec!["pumps".to_owned()]));
        assert_eq!(data.evidence.expect("kept"), [said("Extended.Identifiers[0]", "GB2")]);
    }

    #[test]
    fn words_and_quotes_of_many_scripts() {
        check("한빛", "큰한빛", false);
        check("‘red hat’, x", "Red Hat", true);
        check("'red, hat'", "Red, hat", true);
        check("'n sync, other", "the other one", true);
        check("»Müller, Söhne«", "Muller, Sohne", true);
        check("『株式会社青空』", "株式会社青空精機", true);
        check("l'oreal", "L’Oréal Paris", true);
        check("o'neill", "O’Neill", true);
        check("Ёлка", "елка", true);
        check("ООО Кедр", "ООО «Кедр»", true);
        check("кедр", "кедровый", false);
        check("ISTANBUL", "İstanbul", true);
        check("istanbul", "ISTANBUL", true);
        check("strasse", "Straße", true);
        check("ปั๊ม", "โรงงานปั๊มน้ำ", true);
        check("センサー", "圧力センサー", true);
        check("カード", "ｶｰﾄﾞ", true);
        check("한빛", "주식회사 한빛", true);
        check("한빛", "한빛센서", true);
        check("واحة", "واحة النخيل", true);
        check("نخل", "النخيل", false);
        check("10,5", "10", true);
        check("a.b", "a.b", true);
        check(".com", "example.com", true);
        check("R&D", "our R & D", false);
        check("e-mail", "e-mails", false);
    }

    fn strings(value: &serde_json::Value) -> Vec<&str> {
        match value {
            serde_json::Value::String(text) => vec![text],
            serde_json::Value::Array(values) => values.iter().flat_map(strings).collect(),
            serde_json::Value::Object(fields) => fields.values().flat_map(strings).collect(),
            _ => Vec::new(),
        }
    }

    proptest! {
        #[test]
        fn no_string_of_the_answer_is_left_with_one(
            exceptions in "[ab ,\"]{0,9}",
            texts in proptest::collection::vec("[abc .,äÁ]{0,12}", 8),
        ) {
            let exceptions = Exceptions::parse(&exceptions);
            let text = |n: usize| texts.get(n).cloned().unwrap_or_default();
            let mut data = CompanyData {
                company_name: text(0),
                business: text(1) + ". " + &text(2) + "! " + &text(3),
                technologies: vec![text(4), text(5)],
                contacts: vec![Contact { name: text(6), job_position: text(7), ..Contact::default() }],
                evidence: Some(vec![
                    Evidence { field: "Business".to_owned(), value: text(1), snippet: text(2), ..Evidence::default() },
                ]),
                ..CompanyData::default()
            };
            exceptions.apply(&mut data);
            let answer = serde_json::to_value(&data).expect("plain data serialises");
            for left in strings(&answer) {
                prop_assert!(!exceptions.mentions(left), "{left}");
            }
        }

        #[test]
        fn no_list_panics(list in "\\PC*", text in "\\PC*") {
            let _ = Exceptions::parse(&list).mentions(&text);
        }
    }
}
