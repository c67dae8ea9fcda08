//! What is said without a model, in the language of the question.

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_extract::fold::fold;
use cmes_types::LanguageCode;

/// What a message that asks nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SmallTalk {
    Hello,
    Thanks,
    Bye,
}

/// The fixed phrases of a language, in the order of `phrases.txt`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrases {
    /// That nothing is known about it.
    pub(super) unknown: &'static str,
    contact: &'static str,
    quote: &'static str,
    hello: &'static str,
    thanks: &'static str,
    bye: &'static str,
}

static PHRASES: LazyLock<Vec<(&str, Phrases)>> = LazyLock::new(|| {
    let lines = include_str!("phrases.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| match line.split('|').collect::<Vec<_>>()[..] {
            [code, unknown, contact, quote, hello, thanks, bye] => {
                Some((code, Phrases { unknown, contact, quote, hello, thanks, bye }))
            }
            _ => None,
        })
        .collect()
});

/// By the letters of a message: what it is, and in which language.
static SMALL_TALK: LazyLock<HashMap<String, (SmallTalk, &str)>> = LazyLock::new(|| {
    let lines = include_str!("small_talk.txt").lines().filter(|line| !line.starts_with('#'));
    let mut all = HashMap::new();
    for line in lines {
        let mut parts = line.splitn(3, '|');
        let (Some(kind), Some(code), Some(words)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let kind = match kind {
            "hello" => SmallTalk::Hello,
            "thanks" => SmallTalk::Thanks,
            _ => SmallTalk::Bye,
        };
        for words in words.split(';') {
            all.entry(letters(words)).or_insert((kind, code));
        }
    }
    all
});

/// Longer messages ask something.
const LONGEST: usize = 60;

/// Those of a language; of English where there are none.
pub(super) fn of(language: LanguageCode) -> Phrases {
    const NONE: Phrases = Phrases {
        unknown: "I have no information about that.",
        contact: "{}",
        quote: "{}:",
        hello: "Hello!",
        thanks: "You are welcome!",
        bye: "Goodbye!",
    };
    let find = |code: &str| PHRASES.iter().find(|(known, _)| *known == code).map(|(_, phrases)| *phrases);
    find(language.as_str()).or_else(|| find("en")).unwrap_or(NONE)
}

impl Phrases {
    /// Where to ask.
    pub(super) fn contact(&self, contacts: &str) -> String {
        self.contact.replace("{}", contacts)
    }

    /// From which article a quotation is.
    pub(super) fn quote(&self, article: &str) -> String {
        self.quote.replace("{}", article)
    }

    /// The reply to a message that asks nothing.
    pub(super) fn reply(&self, to: SmallTalk) -> &'static str {
        match to {
            SmallTalk::Hello => self.hello,
            SmallTalk::Thanks => self.thanks,
            SmallTalk::Bye => self.bye,
        }
    }
}

/// What a message is that asks nothing, with its language where the words tell.
pub(super) fn small_talk(message: &str) -> Option<(SmallTalk, Option<&'static str>)> {
    if message.len() > 4 * LONGEST {
        return None;
    }
    SMALL_TALK.get(&letters(message)).map(|(kind, code)| (*kind, Some(*code)))
}

fn letters(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric() || ('\u{900}'..='\u{97f}').contains(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_all_phrases() {
        assert!(PHRASES.len() >= 30, "{}", PHRASES.len());
        for (code, phrases) in PHRASES.iter() {
            assert!(code.parse::<LanguageCode>().is_ok(), "{code}");
            assert!(phrases.contact.contains("{}") && phrases.quote.contains("{}"), "{code}");
        }
        let lines = include_str!("phrases.txt").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(lines, PHRASES.len());
    }

    #[test]
    fn small_talk_is_known_and_questions_are_not() {
        for (text, kind) in [
            ("Hello!", SmallTalk::Hello),
            ("Guten Tag.", SmallTalk::Hello),
            ("Merci beaucoup !", SmallTalk::Thanks),
            ("谢谢！", SmallTalk::Thanks),
            ("Спасибо :)", SmallTalk::Thanks),
            ("¡Adiós!", SmallTalk::Bye),
        ] {
            let found = small_talk(text).map(|(kind, _)| kind);
            assert_eq!(found, Some(kind), "{text}");
        }
        for text in ["Hello, what does it cost?", "Thanks, and the price?", "price", ""] {
            assert_eq!(small_talk(text), None, "{text}");
        }
    }
}
