//! In which language a question is asked.

use cmes_extract::facts::language::detect_if_plain;
use cmes_extract::fold::fold;
use cmes_types::{LanguageCode, Speaker};

use super::words::{FUNCTION_WORDS, telling, tokens};
use super::{Material, phrases};

/// The language to answer in: the question's, or, when it is too short to tell, that of the dialogue, or of what was found.
pub(super) fn of_question(material: &Material) -> LanguageCode {
    let turns = material.turns.iter().rev().filter(|turn| turn.speaker == Speaker::User);
    let said = std::iter::once(material.question.as_str()).chain(turns.map(|turn| turn.text.as_str()).take(6));
    let found = material.passages.iter().map(|passage| passage.text.as_str()).take(1);
    said.chain(found).find_map(of).unwrap_or(LanguageCode::ENGLISH)
}

/// The language of a text, even of a short one; none when nothing tells.
pub(super) fn of(text: &str) -> Option<LanguageCode> {
    by_script(text)
        .map(str::to_owned)
        .or_else(|| detect_if_plain(text).map(|code| code.to_string()))
        .or_else(|| by_words(text).map(str::to_owned))
        .or_else(|| phrases::small_talk(text).and_then(|(_, code)| code).map(str::to_owned))
        .and_then(|code| code.parse().ok())
}

/// By letters that one language alone has, of those in which questions come.
fn by_script(text: &str) -> Option<&'static str> {
    let count = |test: &dyn Fn(char) -> bool| text.chars().filter(|c| test(*c)).count();
    let latin = count(&|c| c.is_ascii_alphabetic());
    let most = |number: usize| number > 0 && number * 2 > latin;
    if most(count(&|c| matches!(c, '\u{3040}'..='\u{30ff}')) * 3) {
        return Some("ja");
    }
    if most(count(&|c| matches!(c, '\u{ac00}'..='\u{d7a3}')) * 3) {
        return Some("ko");
    }
    if most(count(&|c| matches!(c, '\u{3400}'..='\u{9fff}')) * 3) {
        return Some("zh");
    }
    if most(count(&|c| matches!(c, '\u{400}'..='\u{52f}'))) {
        let has = |letters: &str| text.to_lowercase().chars().any(|c| letters.contains(c));
        return Some(match () {
            () if has("іїєґ") => "uk",
            () if has("ыэё") => "ru",
            () => by_words(text).filter(|code| matches!(*code, "ru" | "uk" | "bg")).unwrap_or("ru"),
        });
    }
    if most(count(&|c| matches!(c, '\u{600}'..='\u{6ff}'))) {
        return Some(if text.contains(['پ', 'چ', 'ژ', 'گ']) { "fa" } else { "ar" });
    }
    let single = [
        ("el", '\u{370}'..='\u{3ff}'),
        ("he", '\u{590}'..='\u{5ff}'),
        ("th", '\u{e00}'..='\u{e7f}'),
        ("hi", '\u{900}'..='\u{97f}'),
    ];
    single.into_iter().find(|(_, range)| most(count(&|c| range.contains(&c)))).map(|(code, _)| code)
}

/// By function words and the letters of some languages; none when two are as likely.
fn by_words(text: &str) -> Option<&'static str> {
    let folded = fold(text);
    let words: Vec<&str> = tokens(&folded).flat_map(|word| word.split('\'')).filter(|word| !word.is_empty()).collect();
    let lower = text.to_lowercase();
    let mut best: Option<(&str, usize)> = None;
    let mut is_tie = false;
    for (code, known) in FUNCTION_WORDS.iter() {
        let mut count = words.iter().filter(|word| known.contains(**word)).count() * 2;
        count +=
            LETTERS.iter().filter(|(other, letters)| other == code && lower.contains(|c| letters.contains(c))).count();
        match best {
            Some((_, most)) if count < most => {}
            Some((_, most)) if count == most => is_tie = true,
            _ if count == 0 => {}
            _ => {
                best = Some((code, count));
                is_tie = false;
            }
        }
    }
    let (code, count) = best?;
    // A word or two may be the same in several languages.
    (!is_tie && (count >= 3 || telling(text).len() <= 3)).then_some(code)
}

const LETTERS: &[(&str, &str)] = &[
    ("de", "äöüß"),
    ("fr", "éèêçàùâîôœ"),
    ("es", "ñ¿¡áíóú"),
    ("it", "èòàùì"),
    ("pt", "ãõçâê"),
    ("pl", "ąęłńśźż"),
    ("cs", "ěřů"),
    ("sk", "ľĺŕ"),
    ("sv", "åäö"),
    ("no", "åøæ"),
    ("da", "åøæ"),
    ("fi", "äö"),
    ("hu", "őű"),
    ("ro", "ăâîșț"),
    ("tr", "ğışç"),
    ("vi", "ăđơư"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_questions_have_a_language() {
        for (text, expected) in [
            ("How much is the shipping?", "en"),
            ("And the price?", "en"),
            ("Was kostet die Pumpe?", "de"),
            ("und wie lange dauert das?", "de"),
            ("Quel est le prix ?", "fr"),
            ("¿Cuánto cuesta?", "es"),
            ("Quanto costa la spedizione?", "it"),
            ("Qual é o prazo de entrega?", "pt"),
            ("Wat kost de verzending?", "nl"),
            ("Ile kosztuje wysyłka?", "pl"),
            ("Сколько стоит доставка?", "ru"),
            ("Скільки коштує доставка?", "uk"),
            ("Kargo ücreti ne kadar?", "tr"),
            ("运费是多少？", "zh"),
            ("送料はいくらですか？", "ja"),
            ("كم تكلفة الشحن؟", "ar"),
            ("Thank you!", "en"),
            ("Danke", "de"),
        ] {
            assert_eq!(of(text).map(|code| code.to_string()).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(of("NP 200?"), None);
    }
}
