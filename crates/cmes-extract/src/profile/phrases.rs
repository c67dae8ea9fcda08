//! The few phrases that are written and not found, one row for each language.

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_types::LanguageCode;
use serde::Deserialize;

use crate::facts::size::Employees;

/// The phrases of one language. `{n}` and `{m}` stand for numbers, `{x}` for names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phrases {
    /// Below 10, 50, 250 people, and above (the bands of the European Union).
    bands: [String; 4],
    about: String,
    between: String,
    /// No number is stated: people `{n}` and places `{m}` that the site names.
    unstated: String,
    /// Write to a person with a position.
    pub person: String,
    /// Write to the company's general address.
    pub email: String,
    /// Call.
    pub phone: String,
    /// Neither: use the form on the site.
    pub form: String,
    /// In which language to write; the language's own name follows.
    pub tongue: String,
    /// Build on the products in use.
    pub systems: String,
}

static TABLE: LazyLock<HashMap<String, Phrases>> =
    LazyLock::new(|| toml::from_str(include_str!("phrases.toml")).expect("the file is fixed and read by the tests"));

/// Whether there are phrases in this language.
pub(super) fn knows(language: LanguageCode) -> bool {
    TABLE.contains_key(language.as_str()) || is_norwegian(language)
}

pub(super) fn is_norwegian(language: LanguageCode) -> bool {
    matches!(language.as_str(), "nb" | "nn" | "no")
}

/// The phrases of a language, English ones where there are none.
pub(super) fn of(language: LanguageCode) -> &'static Phrases {
    let code = if is_norwegian(language) { "no" } else { language.as_str() };
    TABLE.get(code).unwrap_or_else(|| &TABLE["en"])
}

/// The size in words: a band of the European Union with the number stated, or
/// what the site lets one count, or nothing.
pub(super) fn company_size(language: LanguageCode, stated: Option<Employees>, people: usize, places: usize) -> String {
    let phrases = of(language);
    let Some(Employees { from, to }) = stated else {
        if people == 0 && places < 2 {
            return String::new();
        }
        return phrases.unstated.replace("{n}", &people.to_string()).replace("{m}", &places.to_string());
    };
    let middle = from.midpoint(to);
    let band = match middle {
        0..10 => &phrases.bands[0],
        10..50 => &phrases.bands[1],
        50..250 => &phrases.bands[2],
        _ => &phrases.bands[3],
    };
    let number = if from == to { &phrases.about } else { &phrases.between };
    let number = number.replace("{n}", &from.to_string()).replace("{m}", &to.to_string());
    match language.as_str() {
        "ja" => format!("{band}、{number}。"),
        "zh" => format!("{band}，{number}。"),
        "ar" | "fa" => format!("{band}، {number}."),
        "th" => format!("{band} {number}"),
        _ => format!("{band}, {number}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: &str, stated: Option<(u32, u32)>, expected: &str) {
        let language = language.parse().expect("a language");
        let stated = stated.map(|(from, to)| Employees { from, to });
        assert_eq!(company_size(language, stated, 0, 1), expected);
    }

    #[test]
    fn the_size_is_a_band_with_the_number_stated() {
        check("en", Some((140, 140)), "Medium-sized enterprise, about 140 employees.");
        check("de", Some((8, 8)), "Kleinstunternehmen, etwa 8 Beschäftigte.");
        check("fr", Some((20, 40)), "Petite entreprise, de 20 à 40 salariés.");
        check("ja", Some((250, 250)), "大企業、従業員約250名。");
        check("zh", Some((260, 260)), "大型企业，员工约260人。");
        check("fi", Some((49, 49)), "Pieni yritys, noin 49 työntekijää.");
        check("nb", Some((49, 49)), "Liten bedrift, omtrent 49 ansatte.");
        check("ar", Some((420, 420)), "منشأة كبيرة، عدد الموظفين: نحو 420.");
        check("eu", Some((49, 49)), "Small enterprise, about 49 employees.");
        check("en", None, "");
    }

    #[test]
    fn every_phrase_has_its_places() {
        assert!(TABLE.len() >= 36);
        for (language, phrases) in TABLE.iter() {
            assert!(language.parse::<LanguageCode>().is_ok());
            assert!(
                phrases.about.contains("{n}") && phrases.between.contains("{m}") && phrases.unstated.contains("{n}")
            );
            for text in [&phrases.person, &phrases.email, &phrases.phone, &phrases.tongue, &phrases.systems] {
                assert!(text.contains("{x}"), "{text}");
            }
        }
    }
}
