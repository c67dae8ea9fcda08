//! Whether the local part of an e-mail address is made from a person's name.

use unicode_normalization::UnicodeNormalization;

/// The name without academic titles, case and accents, by which people are compared.
pub(crate) fn key(name: &str) -> String {
    words(name, false).join(" ")
}

/// Whether `local` (before the `@`) is made from the name: `ann.lee`, `a.lee`, `lee`.
pub(crate) fn matches(local: &str, name: &str) -> bool {
    let local: String = local.to_lowercase().chars().filter(|c| c.is_ascii_alphabetic()).collect();
    local.len() >= 2 && [false, true].into_iter().any(|umlauts| made_from(&local, &words(name, umlauts)))
}

/// Whether `local` shows the family name, so that another's name is ruled out.
pub(crate) fn is_whole(local: &str, name: &str) -> bool {
    let plain: String = local.to_lowercase().chars().filter(|c| c.is_ascii_alphabetic()).collect();
    [false, true].into_iter().any(|umlauts| {
        let words = words(name, umlauts);
        words.len() > 1 && words.last().is_some_and(|family| plain.contains(&family.replace('-', "")))
    }) && matches(local, name)
}

fn made_from(local: &str, words: &[String]) -> bool {
    let plain = |word: &String| word.replace('-', "");
    let given: Vec<String> = words.iter().take(2).map(plain).chain(first_part(words)).collect();
    let family: Vec<String> = words.iter().skip(1).map(plain).collect();
    let joined: Vec<String> = (1..words.len()).map(|at| words.iter().skip(at).map(plain).collect()).collect();
    let alone = given.iter().chain(&family).chain(&joined).any(|part| part.len() > 2 && part == local);
    let initial = |word: &str| word.chars().next().map(String::from).unwrap_or_default();
    alone
        || given.iter().any(|given| {
            family.iter().chain(&joined).filter(|family| *family != given && family.len() > 1).any(|family| {
                let first = initial(given);
                [
                    format!("{given}{family}"),
                    format!("{family}{given}"),
                    format!("{first}{family}"),
                    format!("{family}{first}"),
                    format!("{given}{}", initial(family)),
                ]
                .iter()
                .any(|made| made == local)
            })
        })
}

/// `jens` of `jens-uwe`.
fn first_part(words: &[String]) -> Option<String> {
    words.first().and_then(|word| word.split_once('-')).map(|(first, _)| first.to_owned())
}

fn words(name: &str, umlauts: bool) -> Vec<String> {
    let lower = name.to_lowercase();
    lower
        .split_whitespace()
        .filter(|word| !word.ends_with('.') || word.chars().count() > 8)
        .map(|word| fold(word, umlauts))
        .filter(|word| !word.is_empty())
        .collect()
}

/// Letters without accents; with `umlauts`, `ü` becomes `ue` and so on.
fn fold(word: &str, umlauts: bool) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            'ä' | 'æ' if umlauts => out.push_str("ae"),
            'ö' | 'ø' | 'œ' if umlauts => out.push_str("oe"),
            'ü' if umlauts => out.push_str("ue"),
            'å' if umlauts => out.push_str("aa"),
            'ß' => out.push_str("ss"),
            'æ' => out.push('a'),
            'ø' => out.push('o'),
            'œ' => out.push('o'),
            'ı' => out.push('i'),
            'ł' => out.push('l'),
            'đ' => out.push('d'),
            'ñ' => out.push('n'),
            '-' => out.push('-'),
            '\'' | '’' | '.' | ',' => {}
            c => out.extend(c.nfd().filter(|c| c.is_alphabetic())),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_parts_are_matched_to_names() {
        let check =
            |local: &str, name: &str, expected: bool| assert_eq!(matches(local, name), expected, "{local} {name}");
        check("a.lee", "Ann Lee", true);
        check("ann.lee", "Ann Lee", true);
        check("lee", "Ann Lee", true);
        check("ann", "Ann Lee", true);
        check("m.lueders", "Mareike Lüders", true);
        check("asa.furulund", "Åsa Furulund", true);
        check("bjorn.ohman", "Björn Öhman", true);
        check("f.yildiz", "Fatma Yıldız", true);
        check("sebnem", "Şebnem Karasu", true);
        check("j.petersen", "Jens-Uwe Petersen", true);
        check("a.brodersen", "Dr. Annika Brodersen", true);
        check("roos.vandenheuvel", "Roos van den Heuvel", true);
        check("info", "Ingo Fo", false);
        check("sales", "Ann Lee", false);
        check("b.lee", "Ann Lee", false);
    }
}
