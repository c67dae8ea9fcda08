//! How much a name resembles the domain under which it stands.

use super::forms;
use crate::fold::{fold, key};

/// The part of a registrable domain that its owner chose: `example` of
/// `example.co.uk`.
pub(crate) fn label(domain: &str) -> &str {
    let suffix = psl::suffix_str(domain).unwrap_or_default();
    let name = domain.strip_suffix(suffix).unwrap_or(domain).trim_end_matches('.');
    let name = name.rsplit('.').next().unwrap_or_default();
    if name.is_empty() { domain } else { name }
}

/// 0 (nothing in common) to 1 (the same); `None` where name and domain are of
/// different scripts, so that nothing follows.
pub(crate) fn resemblance(name: &str, domain: &str) -> Option<f32> {
    let label: String = key(label(domain));
    let brand = forms::without(name);
    let plain = key(brand);
    if plain.is_empty() || label.is_empty() || label.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let plain = if plain.is_ascii() { plain } else { transliterated(brand)? };
    let german = key(&german(brand));
    let whole = key(name);
    [plain.as_str(), german.as_str(), whole.as_str()]
        .into_iter()
        .map(|spelling| alike(spelling, &label).max(words_within(brand, &label)))
        .reduce(f32::max)
}

fn alike(name: &str, label: &str) -> f32 {
    if name == label {
        return 1.0;
    }
    let (short, long) = if name.len() < label.len() { (name, label) } else { (label, name) };
    if short.len() >= 4 && long.starts_with(short) {
        return 0.9;
    }
    if short.len() >= 5 && long.contains(short) { 0.75 } else { 0.0 }
}

/// How much of the label the words of the name cover, or their initials.
fn words_within(name: &str, label: &str) -> f32 {
    let mut covered = 0;
    let mut initials = String::new();
    for word in name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(12) {
        let (plain, german) = (latin(word), key(&german(word)));
        initials.extend(plain.chars().next());
        // Domains shorten words: `serra` and `serraazul`, `poestl`.
        if let Some(found) = [german, plain].iter().find(|word| word.len() >= 3 && label.contains(word.as_str())) {
            covered += found.len();
        }
    }
    let share =
        f32::from(u8::try_from(covered).unwrap_or(255)) / f32::from(u8::try_from(label.len().max(1)).unwrap_or(255));
    let by_initials = if initials.len() >= 2 && initials == label { 0.8 } else { 0.0 };
    let by_words = if share >= 0.75 {
        0.9
    } else if share >= 0.4 {
        0.6
    } else if share > 0.2 {
        0.4
    } else {
        0.0
    };
    f32::max(by_initials, by_words)
}

/// Umlauts as domains write them.
fn german(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' => out.push_str("ae"),
            'ö' | 'ø' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'å' => out.push_str("aa"),
            c => out.push(c),
        }
    }
    out
}

fn latin(word: &str) -> String {
    transliterated(word).unwrap_or_else(|| key(word))
}

/// Cyrillic and Greek in Latin letters; `None` for scripts that have no letters
/// to match one by one.
fn transliterated(text: &str) -> Option<String> {
    let mut out = String::new();
    for c in fold(text).chars().filter(|c| c.is_alphanumeric()) {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        // One sound of two letters: `Παπαδόπουλος` is Papadopoulos.
        if c == 'υ' && out.ends_with('o') {
            out.push('u');
            continue;
        }
        let place = CYRILLIC_AND_GREEK.iter().find(|(letter, _)| *letter == c)?;
        out.push_str(place.1);
    }
    Some(out)
}

const CYRILLIC_AND_GREEK: &[(char, &str)] = &[
    ('а', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "g"),
    ('д', "d"),
    ('е', "e"),
    ('ж', "zh"),
    ('з', "z"),
    ('и', "i"),
    ('й', "y"),
    ('к', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('о', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ф', "f"),
    ('х', "h"),
    ('ц', "ts"),
    ('ч', "ch"),
    ('ш', "sh"),
    ('щ', "sch"),
    ('ъ', ""),
    ('ы', "y"),
    ('ь', ""),
    ('э', "e"),
    ('ю', "yu"),
    ('я', "ya"),
    ('і', "i"),
    ('ї', "yi"),
    ('є', "ye"),
    ('ґ', "g"),
    ('α', "a"),
    ('β', "v"),
    ('γ', "g"),
    ('δ', "d"),
    ('ε', "e"),
    ('ζ', "z"),
    ('η', "i"),
    ('θ', "th"),
    ('ι', "i"),
    ('κ', "k"),
    ('λ', "l"),
    ('μ', "m"),
    ('ν', "n"),
    ('ξ', "x"),
    ('ο', "o"),
    ('π', "p"),
    ('ρ', "r"),
    ('σ', "s"),
    ('ς', "s"),
    ('τ', "t"),
    ('υ', "y"),
    ('φ', "f"),
    ('χ', "ch"),
    ('ψ', "ps"),
    ('ω', "o"),
];

/// The label as a name, for sites that give none: `nordwind-pumpen` is
/// `Nordwind Pumpen`.
pub(super) fn spoken(domain: &str) -> Option<String> {
    let label = label(domain);
    if label.starts_with("xn--") || !label.bytes().any(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    Some(label.split(['-', '_']).filter(|part| !part.is_empty()).map(word).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_resemble_their_domains() {
        for (name, domain) in [
            ("Nordwind Pumpen GmbH", "nordwind-pumpen.de"),
            ("Drechslerei Pöstl e.U.", "drechslerei-poestl.at"),
            ("Studio Legale Ferrantini & Associati", "studioferrantini.it"),
            ("ООО «Северный Кедр Станко»", "kedr-stanko.ru"),
            ("Bayerische Motoren Werke AG", "bmw.com"),
            ("Acme Ltd", "acme.co.uk"),
        ] {
            assert!(resemblance(name, domain).is_some_and(|r| r >= 0.5), "{name} {:?}", resemblance(name, domain));
        }
        for (name, domain) in [("Webdesign Krause GmbH", "nordwind-pumpen.de"), ("Google Ireland Limited", "acme.com")]
        {
            assert!(resemblance(name, domain).is_some_and(|r| r < 0.3), "{name}");
        }
        assert_eq!(resemblance("株式会社青空精機", "aozora-seiki.co.jp"), None);
        assert_eq!(label("example.co.uk"), "example");
        assert_eq!(spoken("nordwind-pumpen.de").as_deref(), Some("Nordwind Pumpen"));
    }
}
