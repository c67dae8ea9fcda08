//! Numbers as texts write them, in digits and in words.

/// A number in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// As it stands there.
    pub text: String,
    /// What it may mean: `1.250` is 1250 or 1.25, by the writer's country.
    pub readings: Vec<String>,
}

/// Numbers as words, with their values. Below three they are articles and
/// ordinary words in too many languages.
const WORDS: &[(&str, &str)] = &[
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("eleven", "11"),
    ("twelve", "12"),
    ("dozen", "12"),
    ("twenty", "20"),
    ("thirty", "30"),
    ("forty", "40"),
    ("fifty", "50"),
    ("hundred", "100"),
    ("thousand", "1000"),
    ("drei", "3"),
    ("vier", "4"),
    ("funf", "5"),
    ("sechs", "6"),
    ("sieben", "7"),
    ("acht", "8"),
    ("neun", "9"),
    ("zehn", "10"),
    ("elf", "11"),
    ("zwolf", "12"),
    ("zwanzig", "20"),
    ("dreissig", "30"),
    ("funfzig", "50"),
    ("hundert", "100"),
    ("tausend", "1000"),
    ("trois", "3"),
    ("quatre", "4"),
    ("cinq", "5"),
    ("sept", "7"),
    ("huit", "8"),
    ("neuf", "9"),
    ("dix", "10"),
    ("douze", "12"),
    ("vingt", "20"),
    ("trente", "30"),
    ("cinquante", "50"),
    ("cent", "100"),
    ("mille", "1000"),
    ("tres", "3"),
    ("cuatro", "4"),
    ("cinco", "5"),
    ("seis", "6"),
    ("siete", "7"),
    ("ocho", "8"),
    ("nueve", "9"),
    ("diez", "10"),
    ("doce", "12"),
    ("veinte", "20"),
    ("treinta", "30"),
    ("cincuenta", "50"),
    ("tre", "3"),
    ("quattro", "4"),
    ("cinque", "5"),
    ("sei", "6"),
    ("sette", "7"),
    ("otto", "8"),
    ("dieci", "10"),
    ("dodici", "12"),
    ("venti", "20"),
    ("trenta", "30"),
    ("cinquanta", "50"),
    ("cento", "100"),
    ("quatro", "4"),
    ("sete", "7"),
    ("oito", "8"),
    ("nove", "9"),
    ("dez", "10"),
    ("doze", "12"),
    ("vinte", "20"),
    ("drie", "3"),
    ("vijf", "5"),
    ("zes", "6"),
    ("zeven", "7"),
    ("negen", "9"),
    ("tien", "10"),
    ("twaalf", "12"),
    ("twintig", "20"),
    ("dertig", "30"),
    ("vijftig", "50"),
    ("honderd", "100"),
    ("duizend", "1000"),
    ("три", "3"),
    ("четыре", "4"),
    ("пять", "5"),
    ("шесть", "6"),
    ("семь", "7"),
    ("восемь", "8"),
    ("девять", "9"),
    ("десять", "10"),
    ("двадцать", "20"),
    ("тридцать", "30"),
    ("пятьдесят", "50"),
    ("сто", "100"),
    ("trzy", "3"),
    ("cztery", "4"),
    ("piec", "5"),
    ("szesc", "6"),
    ("siedem", "7"),
    ("osiem", "8"),
    ("dziewiec", "9"),
    ("dziesiec", "10"),
    ("dwadziescia", "20"),
    ("trzydziesci", "30"),
];

/// Every number of a text. Digits within a word (`TYPO3`) belong to the word.
pub(super) fn of(text: &str) -> Vec<Number> {
    let mut numbers = in_digits(text);
    let folded = crate::fold::fold(text);
    let words = folded.split(|c: char| !c.is_alphabetic());
    numbers.extend(words.filter_map(|word| {
        let value = number_word(word)?;
        Some(Number { text: word.to_owned(), readings: vec![value.to_owned()] })
    }));
    numbers
}

/// The value of a folded word that is a number from three on, in the commonest languages.
#[must_use]
pub fn number_word(folded: &str) -> Option<&'static str> {
    WORDS.iter().find(|(known, _)| *known == folded).map(|(_, value)| *value)
}

fn in_digits(text: &str) -> Vec<Number> {
    let mut numbers = Vec::new();
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut at = 0;
    while let Some((start, c)) = chars.get(at).copied() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).map(|(_, c)| *c);
        if c.to_digit(10).is_none()
            || before.is_some_and(char::is_alphabetic) && !before.is_some_and(crate::fold::is_unspaced)
        {
            at += 1;
            continue;
        }
        let mut end = at;
        while let Some((_, c)) = chars.get(end) {
            let next_is_digit = chars.get(end + 1).is_some_and(|(_, c)| c.is_ascii_digit());
            let joins = matches!(c, '.' | ',' | '\'' | '’' | '\u{a0}' | '\u{202f}') && next_is_digit
                || *c == ' ' && is_group(&chars, end + 1) && end - at <= 3;
            if !c.is_ascii_digit() && !joins {
                break;
            }
            end += 1;
        }
        let stop = chars.get(end).map_or(text.len(), |(at, _)| *at);
        if let Some(written) = text.get(start..stop).filter(|written| !written.is_empty()) {
            numbers.push(Number { text: written.to_owned(), readings: readings(written) });
        }
        at = end.max(at + 1);
    }
    numbers
}

/// Whether three digits and no more stand here, as in `25 000`.
fn is_group(chars: &[(usize, char)], at: usize) -> bool {
    let digit = |at: usize| chars.get(at).is_some_and(|(_, c)| c.is_ascii_digit());
    digit(at) && digit(at + 1) && digit(at + 2) && !digit(at + 3)
}

fn readings(written: &str) -> Vec<String> {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let whole = digits.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let mut readings = vec![whole.to_owned()];
    // A group that is no thousand makes a decimal, a date or a version.
    let groups: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).collect();
    let are_thousands = groups.iter().skip(1).all(|group| group.len() == 3);
    if groups.len() > 1 {
        let decimal = groups.join(".");
        if !are_thousands {
            readings.clear();
        }
        readings.push(decimal);
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_their_writers_mean_them() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<String> = of(text).into_iter().flat_map(|number| number.readings).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("since 1987", &["1987"]);
        check("25,000 pumps, 25 000 Pumpen, 25.000", &["25000", "25.000", "25000", "25.000", "25000", "25.000"]);
        check("2,5 Mio.", &["2.5"]);
        check("2.5 million", &["2.5"]);
        check("TYPO3 and H2O", &[]);
        check("ISO 9001:2015", &["9001", "2015"]);
        check("Three plants and zwölf Standorte", &["3", "12"]);
        check("成立于1987年，员工120人", &["1987", "120"]);
        check("in 2019 120 people", &["2019", "120"]);
    }
}
